//! What the resident app starts this program with.

use std::ffi::OsString;
use std::path::PathBuf;

/// Where to come in, and where this window keeps what is its own.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Start {
    /// The resident's door.
    pub(crate) door: PathBuf,
    /// The folder of the profile: the webview's own data and the place of the window lie in it.
    pub(crate) data: PathBuf,
}

/// This program was not started by the resident app.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is only the window of Loquat, which `loquat` opens; start `loquat`")]
pub(crate) struct NotStartedByLoquat;

impl Start {
    /// Reads `--door PATH --data FOLDER`.
    pub(crate) fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, NotStartedByLoquat> {
        let mut door = None;
        let mut data = None;
        let mut arguments = arguments.into_iter();
        while let Some(name) = arguments.next() {
            let value = arguments.next().map(PathBuf::from);
            match name.to_str() {
                Some("--door") => door = value,
                Some("--data") => data = value,
                _ => return Err(NotStartedByLoquat),
            }
        }
        Ok(Self {
            door: door.ok_or(NotStartedByLoquat)?,
            data: data.ok_or(NotStartedByLoquat)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: &[&str]) -> Result<Start, NotStartedByLoquat> {
        Start::read(arguments.iter().map(OsString::from))
    }

    #[test]
    fn door_and_data_are_taken_in_any_order() {
        let start = read(&["--data", "/d", "--door", "/d/window.sock"]).unwrap();
        assert_eq!(start.door, PathBuf::from("/d/window.sock"));
        assert_eq!(start.data, PathBuf::from("/d"));
    }

    #[test]
    fn somebody_who_starts_the_window_by_hand_is_told_what_to_start() {
        for arguments in [&[][..], &["--door"], &["--door", "/d"], &["loquat://open"]] {
            assert_eq!(read(arguments), Err(NotStartedByLoquat), "{arguments:?}");
        }
    }
}
