//! What of a Markdown text is no code.

use std::collections::BTreeMap;

/// The pieces of a text between what is code, in order.
pub(super) fn pieces(body: &str) -> Vec<&str> {
    let mut found = Pieces {
        body,
        paragraph: None,
        prose: Vec::new(),
    };
    let mut fence: Option<Fence<'_>> = None;
    let mut start = 0;
    for line in body.split_inclusive('\n') {
        let end = start + line.len();
        fence = match fence {
            Some(open) if open.goes_on(line) => Some(open).filter(|open| !open.ends_with(line)),
            _ => {
                let begun = Fence::beginning_with(line);
                if begun.is_none() {
                    found.add_line(line, (start, end));
                } else {
                    found.end_paragraph();
                }
                begun
            }
        };
        start = end;
    }
    found.end_paragraph();
    found.prose
}

/// A block of code that has begun.
#[derive(Debug, Clone, Copy)]
struct Fence<'a> {
    /// The run of backticks or tildes that began it.
    mark: &'a str,
    /// How many quotes it lies in.
    depth: usize,
}

impl<'a> Fence<'a> {
    fn beginning_with(line: &'a str) -> Option<Self> {
        let (depth, text) = unquoted(line, usize::MAX);
        let sign = text.chars().next().filter(|sign| matches!(sign, '`' | '~'))?;
        let (mark, info) = text.split_at(text.len() - text.trim_start_matches(sign).len());
        let is_fence = mark.len() >= 3 && (sign == '~' || !info.contains('`'));
        is_fence.then_some(Self { mark, depth })
    }

    /// Whether this line is still in the same quotes.
    fn goes_on(&self, line: &str) -> bool {
        unquoted(line, self.depth).0 == self.depth
    }

    fn ends_with(&self, line: &str) -> bool {
        let (_, text) = unquoted(line, self.depth);
        let text = text.trim_end();
        text.starts_with(self.mark) && text.trim_start_matches(&self.mark[..1]).is_empty()
    }
}

/// A line without the marks of at most so many quotes, how many there were, and without the white space before its text.
fn unquoted(line: &str, most: usize) -> (usize, &str) {
    let (mut depth, mut text) = (0, line.trim_start());
    while depth < most
        && let Some(inner) = text.strip_prefix('>')
    {
        (depth, text) = (depth + 1, inner.trim_start());
    }
    (depth, text)
}

/// What was found so far.
struct Pieces<'a> {
    body: &'a str,
    /// Where the paragraph begins and ends that has begun.
    paragraph: Option<(usize, usize)>,
    prose: Vec<&'a str>,
}

impl Pieces<'_> {
    fn add_line(&mut self, line: &str, (start, end): (usize, usize)) {
        let (_, text) = unquoted(line, usize::MAX);
        if text.is_empty() || begins_anew(text) {
            self.end_paragraph();
        }
        if !text.is_empty() {
            let first = self.paragraph.map_or(start, |(first, _)| first);
            self.paragraph = Some((first, end));
        }
    }

    /// Takes the spans of code out of the paragraph.
    fn end_paragraph(&mut self) {
        let Some((first, end)) = self.paragraph.take() else {
            return;
        };
        let text = &self.body[first..end];
        let runs = runs_of_backticks(text);
        let (mut from, mut at) = (0, 0);
        while let Some(place) = text[at..].find(['`', '\\']).map(|place| at + place) {
            if text[place..].starts_with('\\') {
                // What it takes its meaning from is one sign, of which only a backtick matters here.
                at = place + 1 + usize::from(text[place + 1..].starts_with('`'));
                continue;
            }
            let length = text[place..].len() - text[place..].trim_start_matches('`').len();
            at = place + length;
            if let Some(closing) = next_run(&runs, length, at) {
                self.prose.push(&text[from..place]);
                at = closing + length;
                from = at;
            }
        }
        self.prose.push(&text[from..]);
    }
}

/// Whether a line of this text is no continuation of the paragraph before it: a heading, or an item of a list.
fn begins_anew(text: &str) -> bool {
    let behind_number = text.trim_start_matches(|sign: char| sign.is_ascii_digit());
    let is_numbered = behind_number.len() < text.len() && behind_number.starts_with(['.', ')']);
    is_numbered || text.starts_with('#') || ["- ", "* ", "+ "].iter().any(|mark| text.starts_with(mark))
}

/// Where the runs of backticks begin, by their length. A text is walked over once, however many there are.
fn runs_of_backticks(text: &str) -> BTreeMap<usize, Vec<usize>> {
    let mut runs: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut at = 0;
    while let Some(place) = text[at..].find('`').map(|place| at + place) {
        let length = text[place..].len() - text[place..].trim_start_matches('`').len();
        runs.entry(length).or_default().push(place);
        at = place + length;
    }
    runs
}

/// The first run of this length at or behind a place.
fn next_run(runs: &BTreeMap<usize, Vec<usize>>, length: usize, from: usize) -> Option<usize> {
    let places = runs.get(&length)?;
    places.get(places.partition_point(|place| *place < from)).copied()
}
