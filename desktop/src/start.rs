//! What the program is started with.

use std::ffi::OsString;

/// How the program is used, for who asks.
pub(crate) const USAGE: &str = "usage: loquat [--hidden] [loquat://LINK]

  --hidden   start without a window, as at log-in
  LINK       open this message or invitation

Settings from the environment: LOQUAT_SERVER, LOQUAT_PROFILE, LOQUAT_DATA_DIR, LOQUAT_LOG, LOQUAT_UNLOAD_AFTER_S,
LOQUAT_CA_FILE.";

/// The longest link that is looked at, in bytes.
const LONGEST_LINK: usize = 4096;

/// What this start is for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Start {
    /// The link to open.
    pub(crate) link: Option<String>,
    /// No window is asked for.
    pub(crate) hidden: bool,
}

/// What cannot be understood.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not understood\n\n{USAGE}")]
pub(crate) struct NotUnderstood(OsString);

impl Start {
    /// Reads the arguments, without the program's name.
    pub(crate) fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, NotUnderstood> {
        let mut start = Self::default();
        for argument in arguments {
            match argument.to_str() {
                Some("--hidden") => start.hidden = true,
                Some(link) if is_link(link) => start.link = Some(link.to_owned()),
                _ => return Err(NotUnderstood(argument)),
            }
        }
        Ok(start)
    }
}

/// Whether this is for us. What it means is read by the interface, which trusts it as little.
fn is_link(text: &str) -> bool {
    let scheme = text
        .get(..9)
        .is_some_and(|start| start.eq_ignore_ascii_case("loquat://"));
    scheme && text.len() <= LONGEST_LINK && !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: &[&str]) -> Result<Start, NotUnderstood> {
        Start::read(arguments.iter().map(OsString::from))
    }

    #[test]
    fn a_link_and_a_hidden_start_are_understood() {
        assert_eq!(read(&[]), Ok(Start::default()));
        assert!(read(&["--hidden"]).unwrap().hidden);
        let start = read(&["LOQUAT://open?server=x"]).unwrap();
        assert_eq!(start.link.as_deref(), Some("LOQUAT://open?server=x"));
    }

    #[test]
    fn anything_else_is_refused_by_its_name() {
        let too_long = format!("loquat://{}", "a".repeat(LONGEST_LINK));
        for argument in ["--hide", "https://example.org", "loquat:", "loquat://a\nb", &too_long] {
            let refused = read(&[argument]).unwrap_err();
            assert!(refused.to_string().contains("is not understood"), "{argument}");
        }
    }
}
