//! The files a rule looks at, and what a rule has to say about one of them.

use std::fmt;
use std::fs;
use std::process::Command;

use anyhow::Context;

use crate::checkout::Checkout;
use crate::processes;

/// Files written by a program; they are as long and as undocumented as their program makes them.
const GENERATED: [&str; 4] = [
    "desktop-ui/src/bridge/device/",
    "desktop-ui/src/bridge/generated/",
    "Cargo.lock",
    "desktop-ui/package-lock.json",
];

/// One text file of the repository.
#[derive(Debug)]
pub(super) struct SourceFile {
    /// From the root of the repository, with forward slashes.
    pub(super) path: String,
    pub(super) text: String,
}

/// All text files of the repository that a person wrote.
#[derive(Debug)]
pub(super) struct Tree {
    pub(super) files: Vec<SourceFile>,
}

/// Something out of place.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Finding {
    pub(super) path: String,
    pub(super) line: usize,
    pub(super) text: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.text)
    }
}

impl Tree {
    /// Every file that git knows or would take.
    pub(super) fn read(checkout: &Checkout) -> anyhow::Result<Self> {
        let mut list = Command::new("git");
        list.args(["ls-files", "--cached", "--others", "--exclude-standard"])
            .current_dir(checkout.root());
        let list = processes::answer(list).context("asking git for the files")?;
        let written = list
            .lines()
            .filter(|path| !GENERATED.iter().any(|generated| path.starts_with(generated)));
        // A file that is deleted but not yet committed, and one that is no text, cannot be read; neither has rules.
        let read = |path: &str| {
            let text = fs::read_to_string(checkout.root().join(path)).ok()?;
            Some(SourceFile {
                path: path.to_owned(),
                text,
            })
        };
        Ok(Self {
            files: written.filter_map(read).collect(),
        })
    }

    #[cfg(test)]
    pub(super) fn of(files: &[(&str, &str)]) -> Self {
        let file = |(path, text): &(&str, &str)| SourceFile {
            path: (*path).to_owned(),
            text: (*text).to_owned(),
        };
        Self {
            files: files.iter().map(file).collect(),
        }
    }

    pub(super) fn find(&self, path: &str) -> Option<&SourceFile> {
        self.files.iter().find(|file| file.path == path)
    }

    /// The files with one of these endings.
    pub(super) fn with_ending<'a>(&'a self, endings: &'a [&str]) -> impl Iterator<Item = &'a SourceFile> {
        self.files.iter().filter(|file| {
            file.path
                .rsplit_once('.')
                .is_some_and(|(_, ending)| endings.contains(&ending))
        })
    }

    pub(super) fn rust(&self) -> impl Iterator<Item = &SourceFile> {
        self.with_ending(&["rs"])
    }

    pub(super) fn manifests(&self) -> impl Iterator<Item = &SourceFile> {
        self.files.iter().filter(|file| file.path.ends_with("/Cargo.toml"))
    }
}

impl SourceFile {
    pub(super) fn finding(&self, line: usize, text: impl Into<String>) -> Finding {
        Finding {
            path: self.path.clone(),
            line,
            text: text.into(),
        }
    }

    /// The lines with their numbers, from 1.
    pub(super) fn numbered(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(index, line)| (index + 1, line))
    }

    /// The lines without comments and without what stands between quotes, with their numbers.
    pub(super) fn code(&self) -> impl Iterator<Item = (usize, String)> {
        self.numbered().map(|(number, line)| (number, code_of(line)))
    }
}

/// A line without its comment and with empty strings. A string over several lines is not understood; it is
/// looked at like code, which is the safe side.
fn code_of(line: &str) -> String {
    let line = line.replace("'\"'", "' '").replace("\\\"", "");
    let mut code = String::with_capacity(line.len());
    for (index, part) in line.split('"').enumerate() {
        let is_outside = index % 2 == 0;
        match part.split_once("//").filter(|_| is_outside) {
            Some((before, _)) => return code + before,
            None if is_outside => code.push_str(part),
            None => code.push_str("\"\""),
        }
    }
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_strings_are_no_code() {
        assert_eq!(
            code_of(r#"call("http://a \" b", '"'); // says "x""#),
            r#"call("", ' '); "#
        );
    }

    #[test]
    fn a_line_of_comment_has_no_code() {
        assert_eq!(code_of("    // use axum::Router;"), "    ");
    }
}
