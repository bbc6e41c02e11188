//! The page as text, sections and marked examples.
//!
//! The first line of a code block says what it is, so that a reader and a program see the same:
//! `http` is a request that is sent; `json answer STATUS TYPE` is the answer to the request before it;
//! `json send` and `json receive` are frames on the socket that was opened last; `json frame` and `json TYPE`
//! only show what something looks like; blocks in other languages are not examples.

use std::path::PathBuf;

use anyhow::{Context as _, bail};

/// One code block that is an example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Example {
    /// Where it begins, for messages.
    pub line: usize,
    pub kind: ExampleKind,
    pub text: String,
}

/// What an example is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ExampleKind {
    /// A request, sent.
    Http,
    /// What the request before it is answered with.
    Answer { status: u16, type_name: String },
    /// A frame a client sends, sent.
    Send,
    /// A frame the server sends, awaited.
    Receive,
    /// A frame or a body, only shown.
    Shown { type_name: String },
}

/// Where the page lies.
pub(crate) fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/reference/protocol.md")
}

/// The page as it lies in the repository.
pub(crate) fn read() -> anyhow::Result<String> {
    std::fs::read_to_string(path()).with_context(|| format!("cannot read {}", path().display()))
}

/// Every example, in order; an error for a `json` or `http` block that does not say what it is.
pub(crate) fn examples(page: &str) -> anyhow::Result<Vec<Example>> {
    let mut examples = Vec::new();
    let mut lines = page.lines().enumerate();
    while let Some((index, line)) = lines.next() {
        let Some(info) = line.strip_prefix("```") else { continue };
        let text: Vec<&str> = lines
            .by_ref()
            .map(|(_, line)| line)
            .take_while(|line| !line.starts_with("```"))
            .collect();
        if let Some(kind) = kind_of(info).with_context(|| format!("line {}", index + 1))? {
            examples.push(Example {
                line: index + 1,
                kind,
                text: text.join("\n"),
            });
        }
    }
    Ok(examples)
}

fn kind_of(info: &str) -> anyhow::Result<Option<ExampleKind>> {
    let words: Vec<&str> = info.split_whitespace().collect();
    Ok(Some(match words.as_slice() {
        ["http"] => ExampleKind::Http,
        ["json", "answer", status, type_name] => ExampleKind::Answer {
            status: status.parse()?,
            type_name: (*type_name).to_owned(),
        },
        ["json", "send"] => ExampleKind::Send,
        ["json", "receive"] => ExampleKind::Receive,
        ["json", type_name] => ExampleKind::Shown {
            type_name: (*type_name).to_owned(),
        },
        ["json" | "http", ..] => bail!("a block that does not say what it is: {info:?}"),
        _ => return Ok(None),
    }))
}

/// The part of the page below a heading, up to the next heading of its level or above.
#[cfg(test)]
pub(crate) fn section<'a>(page: &'a str, heading: &str) -> Option<&'a str> {
    let start = page.find(&format!("\n{heading}\n"))? + 1;
    let level = heading.chars().take_while(|character| *character == '#').count();
    let body = &page[start + heading.len()..];
    let mut fenced = false;
    let mut end = 0;
    for line in body.split_inclusive('\n') {
        fenced ^= line.starts_with("```");
        let depth = line.chars().take_while(|character| *character == '#').count();
        if !fenced && (1..=level).contains(&depth) {
            break;
        }
        end += line.len();
    }
    Some(&body[..end])
}
