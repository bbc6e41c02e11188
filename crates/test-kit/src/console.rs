//! What a server printed, and the sign-in codes in it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::wait::{self, TimedOut};

/// The file that takes what a process prints, over all its restarts.
#[derive(Debug, Clone)]
pub struct Console {
    path: PathBuf,
}

/// A place in the output: only what was printed after it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark(usize);

impl Console {
    /// The output that lies in this file, which need not exist yet.
    pub fn in_file(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Where the output lies, for a program that reads it itself.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The end of what is printed by now.
    pub fn mark(&self) -> Mark {
        Mark(std::fs::metadata(&self.path).map_or(0, |file| usize::try_from(file.len()).unwrap_or(usize::MAX)))
    }

    /// What was printed after the mark.
    pub fn since(&self, mark: Mark) -> String {
        let bytes = std::fs::read(&self.path).unwrap_or_default();
        String::from_utf8_lossy(bytes.get(mark.0..).unwrap_or_default()).into_owned()
    }

    /// The last lines, for a failure message.
    pub fn tail(&self) -> String {
        let text = self.since(Mark(0));
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(30)..].join("\n")
    }

    /// The sign-in code of the mail to `address` that is printed after the mark.
    pub async fn code_for(&self, address: &str, after: Mark, deadline: Duration) -> Result<String, TimedOut> {
        let look = || std::future::ready(code_in(&self.since(after), address));
        wait::until(&format!("a printed code for {address}"), deadline, look).await
    }
}

/// The first six-digit number after the last mention of the address as recipient.
fn code_in(printed: &str, address: &str) -> Option<String> {
    let mail = &printed[printed.rfind(&format!("To: {address}"))?..];
    six_digits(mail.split_once("\n\n")?.1)
}

/// The first number of exactly six digits that stands alone, which is the code in a code mail's text.
pub fn six_digits(text: &str) -> Option<String> {
    let is_word = |character: char| character.is_alphanumeric() || character == '_' || character == '#';
    text.split(|character| !is_word(character))
        .find(|word| word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit()))
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINTED: &str = "\
listening on http://127.0.0.1:8080
From: Loquat <loquat@localhost>
To: ben@example.org
Date: 654321

Your code: 111111

From: Loquat <loquat@localhost>
To: ada@example.org

Colour #222222, part 7654321. Your code: 333333
";

    #[test]
    fn the_code_of_the_right_mail_is_found() {
        assert_eq!(code_in(PRINTED, "ada@example.org").as_deref(), Some("333333"));
        assert_eq!(code_in(PRINTED, "ben@example.org").as_deref(), Some("111111"));
        assert_eq!(code_in(PRINTED, "cleo@example.org"), None);
    }

    #[tokio::test]
    async fn a_code_from_before_the_mark_does_not_count() {
        let folder = tempfile::tempdir().unwrap();
        let console = Console::in_file(folder.path().join("console.txt"));
        std::fs::write(console.path(), PRINTED).unwrap();
        let none = console
            .code_for("ada@example.org", console.mark(), Duration::from_millis(20))
            .await;
        assert!(none.is_err(), "got {none:?}");
    }
}
