//! A value as it was found, before anybody asked whether it is right.

use std::collections::BTreeMap;

/// How much of a value is repeated when it is wrong.
const MOST_SHOWN: usize = 60;

/// A value of JSON, of the Windows registry or of a property list.
#[cfg_attr(not(test), expect(dead_code, reason = "no system has them all"))]
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Raw {
    Flag(bool),
    Number(i64),
    /// A number of the registry, which has no switches of its own: 0 and 1 stand for off and on there.
    Word(u64),
    Text(String),
    List(Vec<Raw>),
    /// Something that no setting can be, in words.
    Odd(&'static str),
}

/// The values of one place by their keys.
pub(crate) type Table = BTreeMap<String, Raw>;

impl Raw {
    /// The value as a sentence about it repeats it: short, and without a password that somebody wrote into an address.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Flag(value) => value.to_string(),
            Self::Number(value) => value.to_string(),
            Self::Word(value) => value.to_string(),
            Self::Text(text) => format!("{:?}", short(&without_password(text))),
            Self::List(items) if items.is_empty() => "an empty list".to_owned(),
            Self::List(items) => format!("a list of {}", items.len()),
            Self::Odd(kind) => (*kind).to_owned(),
        }
    }
}

fn short(text: &str) -> String {
    if text.chars().count() <= MOST_SHOWN {
        return text.to_owned();
    }
    text.chars().take(MOST_SHOWN - 1).chain(['…']).collect()
}

/// `http://ada:secret@proxy` becomes `http://…@proxy`, with or without a scheme.
fn without_password(text: &str) -> String {
    let Some((before, host)) = text.rsplit_once('@') else {
        return text.to_owned();
    };
    let scheme = before
        .split_once("://")
        .map_or(String::new(), |(scheme, _)| format!("{scheme}://"));
    format!("{scheme}…@{host}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_repeated() {
        let shown = |text: &str| Raw::Text(text.to_owned()).shown();

        assert_eq!(shown("http://ada:se@cret@proxy:3128"), "\"http://…@proxy:3128\"");
        assert_eq!(shown("ada:secret@proxy"), "\"…@proxy\"");
    }

    #[test]
    fn a_long_text_is_cut() {
        let shown = Raw::Text("x".repeat(5000)).shown();

        assert!(shown.chars().count() < 70, "{shown}");
    }
}
