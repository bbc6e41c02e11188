//! What a person typed, as what it means. Anything may be typed: what is no filter is a word.

use super::words::{self, is_unspaced, words};
use super::{SearchProblem, SearchProblemKind};

/// Longer than this and nobody has typed it.
const MOST_CHARS: usize = 1_000;
/// Words, phrases and filters together.
const MOST_PARTS: usize = 32;
/// The shortest beginning of a word that is looked for as one: a single letter begins too many.
const SHORTEST_PREFIX: usize = 2;

/// Words that stand beside each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Term {
    /// Folded, at least one.
    pub(crate) words: Vec<String>,
    /// The last word may be the beginning of one.
    pub(crate) is_prefix: bool,
}

/// What is known beside the text of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Filter {
    From,
    In,
    Before,
    After,
    On,
}

impl Filter {
    /// In English and in German, because people type what the window says.
    fn named(name: &str) -> Option<Self> {
        match name.to_lowercase().as_str() {
            "from" | "von" => Some(Self::From),
            "in" => Some(Self::In),
            "before" | "vor" => Some(Self::Before),
            "after" | "nach" => Some(Self::After),
            "on" | "am" => Some(Self::On),
            _ => None,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::From => "from",
            Self::In => "in",
            Self::Before => "before",
            Self::After => "after",
            Self::On => "on",
        }
    }
}

/// A filter and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Filtered {
    pub(crate) by: Filter,
    pub(crate) value: String,
    /// What it names is left out.
    pub(crate) is_excluded: bool,
}

/// Everything that was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Parsed {
    pub(crate) wanted: Vec<Term>,
    pub(crate) unwanted: Vec<Term>,
    pub(crate) filters: Vec<Filtered>,
}

impl Parsed {
    /// Whether nothing is asked for.
    pub(crate) fn is_empty(&self) -> bool {
        self.wanted.is_empty() && self.unwanted.is_empty() && self.filters.is_empty()
    }
}

/// Reads what was typed.
pub(crate) fn parse(text: &str) -> Result<Parsed, SearchProblem> {
    let mut parsed = Parsed::default();
    let mut parts = Parts { rest: text };
    let mut count = 0;
    let is_too_long = text.chars().nth(MOST_CHARS).is_some();
    while let Some(part) = parts.next().filter(|_| !is_too_long) {
        count += 1;
        take(part, &mut parsed);
    }
    if is_too_long || count > MOST_PARTS {
        return Err(SearchProblem {
            filter: String::new(),
            value: text.chars().take(100).collect(),
            kind: SearchProblemKind::TooLong,
        });
    }
    Ok(parsed)
}

fn take(part: Part<'_>, parsed: &mut Parsed) {
    if let Some(by) = part.filter {
        let value = part.value.trim();
        // A filter without a value is one that is just being typed.
        if !value.is_empty() {
            parsed.filters.push(Filtered {
                by,
                value: value.to_owned(),
                is_excluded: part.is_excluded,
            });
        }
        return;
    }
    if let Some(term) = term(part.value, part.is_open) {
        let list = if part.is_excluded {
            &mut parsed.unwanted
        } else {
            &mut parsed.wanted
        };
        list.push(term);
    }
}

/// The words of a part; none when there is no word in it.
fn term(text: &str, is_open: bool) -> Option<Term> {
    let mut cut = words(text);
    let last = cut.last()?;
    let first = last.folded.chars().next()?;
    let is_run_end = is_unspaced(first) && last.folded.chars().nth(1).is_none();
    let is_in_a_pair = is_run_end && cut.len() > 1 && cut[cut.len() - 2].end == last.end;
    let length = last.folded.chars().count();
    let is_prefix = if is_in_a_pair {
        // The last character of a run is in the pair before it already.
        cut.pop();
        false
    } else {
        is_run_end || (is_open && length >= SHORTEST_PREFIX) || text.ends_with('*')
    };
    let words = cut.into_iter().map(|word: words::Word| word.folded).collect();
    Some(Term { words, is_prefix })
}

/// One thing between spaces, or between quotes.
struct Part<'a> {
    filter: Option<Filter>,
    value: &'a str,
    is_excluded: bool,
    /// Nothing stands behind it: it may not be typed to its end.
    is_open: bool,
}

struct Parts<'a> {
    rest: &'a str,
}

impl<'a> Parts<'a> {
    fn next(&mut self) -> Option<Part<'a>> {
        self.rest = self.rest.trim_start();
        let mut is_excluded = false;
        if let Some(behind) = self.rest.strip_prefix('-')
            && behind.starts_with(|c: char| !c.is_whitespace())
        {
            is_excluded = true;
            self.rest = behind;
        }
        if self.rest.is_empty() {
            return None;
        }
        let named = self
            .rest
            .split_once(':')
            .and_then(|(name, rest)| Some((Filter::named(name)?, rest)));
        let filter = named.map(|(filter, rest)| {
            self.rest = rest;
            filter
        });
        let (value, is_open) = self.value();
        Some(Part {
            filter,
            value,
            is_excluded,
            is_open,
        })
    }

    /// Up to the next space, or the next quote where it begins with one.
    fn value(&mut self) -> (&'a str, bool) {
        let quoted = self.rest.strip_prefix(is_quote);
        let text = quoted.unwrap_or(self.rest);
        let end = match quoted {
            Some(_) => text.find(is_quote),
            // A quote ends a word as well: a"b c" is a and "b c".
            None => text.find(|c: char| c.is_whitespace() || is_quote(c)),
        };
        let value = &text[..end.unwrap_or(text.len())];
        let mut behind = text[value.len()..].chars();
        if quoted.is_some() {
            behind.next();
        }
        self.rest = behind.as_str();
        (value, end.is_none())
    }
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '«' | '»')
}

#[cfg(test)]
mod tests;
