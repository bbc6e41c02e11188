//! What was found, as it is shown: the places to mark, and the part of a long message around them.

use super::words::{Word, is_unspaced, words};
use super::{Term, TextRange};

/// Characters of a snippet, and how many of them stand before the first place.
const SNIPPET: usize = 240;
const BEFORE: usize = 60;

/// The places of these words in a text, in bytes, in order; places that touch are one.
pub(crate) fn places(text: &str, wanted: &[Term]) -> Vec<(usize, usize)> {
    let words = words(text);
    let mut places: Vec<(usize, usize)> = (0..words.len())
        .flat_map(|at| wanted.iter().map(move |term| (at, term)))
        .filter_map(|(at, term)| place_at(text, &words[at..], term))
        .collect();
    places.sort_unstable();
    let mut joined: Vec<(usize, usize)> = Vec::new();
    for (start, end) in places {
        match joined.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => joined.push((start, end)),
        }
    }
    joined
}

fn place_at(text: &str, words: &[Word], term: &Term) -> Option<(usize, usize)> {
    let (last, before) = term.words.split_last()?;
    let (last_word, words_before) = words.get(..term.words.len())?.split_last()?;
    let is_same = words_before
        .iter()
        .zip(before)
        .all(|(word, wanted)| word.folded == *wanted);
    let ends_so = last_word.folded == *last || (term.is_prefix && last_word.folded.starts_with(last.as_str()));
    if !is_same || !ends_so {
        return None;
    }
    let start = words_before.first().unwrap_or(last_word).start;
    let end = if last.starts_with(is_unspaced) {
        // Of a pair, as much as was looked for.
        let found = &text[last_word.start..last_word.end];
        last_word.start
            + found
                .chars()
                .take(last.chars().count())
                .map(char::len_utf8)
                .sum::<usize>()
    } else {
        last_word.end
    };
    Some((start, end))
}

/// Places counted as JavaScript counts.
pub(crate) fn in_utf16(text: &str, places: &[(usize, usize)]) -> Vec<TextRange> {
    let (mut bytes, mut units) = (0, 0);
    let mut units_at = |at: usize| {
        units += text[bytes..at].encode_utf16().count();
        bytes = at;
        u32::try_from(units).unwrap_or(u32::MAX)
    };
    let range = |&(start, end): &(usize, usize)| TextRange {
        start: units_at(start),
        end: units_at(end),
    };
    places.iter().map(range).collect()
}

/// The part of a text around its first place, on one line, and where the places are in it.
pub(crate) fn snippet(text: &str, places: &[(usize, usize)]) -> (String, Vec<TextRange>) {
    let first = places.first().map_or(0, |place| place.0);
    let start = if text.chars().nth(SNIPPET).is_none() {
        0
    } else {
        begin(text, first)
    };
    let end = text[start..]
        .char_indices()
        .nth(SNIPPET)
        .map_or(text.len(), |(at, _)| start + at);
    let mut snippet = String::new();
    if start > 0 {
        snippet.push('…');
    }
    let shift = |at: usize| at - start + if start > 0 { '…'.len_utf8() } else { 0 };
    let shown = places.iter().filter(|place| place.0 < end);
    let shown: Vec<_> = shown.map(|place| (shift(place.0), shift(place.1.min(end)))).collect();
    snippet.push_str(&text[start..end]);
    let ranges = in_utf16(&snippet, &shown);
    if end < text.len() {
        snippet.push('…');
    }
    (on_one_line(&snippet), ranges)
}

/// Where a snippet begins whose first place is at `first`: a little before it, behind a space where there is one.
fn begin(text: &str, first: usize) -> usize {
    let Some((start, _)) = text[..first].char_indices().rev().nth(BEFORE - 1) else {
        return 0;
    };
    let space = text[start..first].find(char::is_whitespace);
    space.map_or(start, |space| {
        start + space + text[start + space..].chars().next().map_or(0, char::len_utf8)
    })
}

/// Breaks become spaces, one for one, so that places stay where they are.
fn on_one_line(text: &str) -> String {
    let plain = |c: char| {
        if matches!(c, '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}') {
            ' '
        } else {
            c
        }
    };
    text.chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    /// What is marked of a text, cut out as JavaScript would.
    fn marked(text: &str, typed: &str) -> Vec<String> {
        let places = places(text, &parse(typed).unwrap().wanted);
        cut(text, &in_utf16(text, &places))
    }

    fn cut(text: &str, ranges: &[TextRange]) -> Vec<String> {
        let units: Vec<u16> = text.encode_utf16().collect();
        let cut = |range: &TextRange| String::from_utf16(&units[range.start as usize..range.end as usize]).unwrap();
        ranges.iter().map(cut).collect()
    }

    #[test]
    fn words_are_marked_as_they_were_written() {
        assert_eq!(marked("🍐 Größe, GROSSE! groß", "grosse "), ["Größe", "GROSSE"]);
        assert_eq!(marked("🍐🍐 Größe, groß", "gro"), ["Größe", "groß"]);
        assert_eq!(marked("green pie, green apple", "\"green apple\""), ["green apple"]);
        assert_eq!(marked("one two three", "two three one"), ["one", "two", "three"]);
    }

    #[test]
    fn of_a_run_without_spaces_only_what_was_looked_for_is_marked() {
        assert_eq!(marked("私は東京都に住む", "東京都 "), ["東京都"]);
        assert_eq!(marked("私は東京都に住む", "京 "), ["京"]);
        assert_eq!(marked("私は東京都に住む", "東京 "), ["東京"]);
        assert_eq!(marked("山", "山"), ["山"]);
    }

    #[test]
    fn a_snippet_is_around_the_first_place() {
        let text = format!("{} here\nit is {}", "before ".repeat(100), "behind ".repeat(100));
        let places = places(&text, &parse("here is ").unwrap().wanted);
        let (snippet, ranges) = snippet(&text, &places);
        assert!(snippet.starts_with("…before") && snippet.ends_with('…'), "{snippet}");
        assert!(snippet.chars().count() <= SNIPPET + 2 && !snippet.contains('\n'));
        assert_eq!(cut(&snippet, &ranges), ["here", "is"]);
    }

    #[test]
    fn a_short_text_is_its_own_snippet() {
        let (snippet, ranges) = snippet("hello\nthere", &[(6, 11)]);
        assert_eq!(
            (snippet.as_str(), ranges),
            ("hello there", vec![TextRange { start: 6, end: 11 }])
        );
    }

    #[test]
    fn a_snippet_without_a_place_is_the_beginning() {
        let (snippet, ranges) = snippet(&"word ".repeat(100), &[]);
        assert!(snippet.starts_with("word") && snippet.ends_with('…') && ranges.is_empty());
    }
}
