//! Texts as words that are compared: without case, accents and other marks that people leave out.
//!
//! A word is a run of letters and digits. What is written without spaces (Chinese, Japanese, Thai …; Korean too, whose
//! endings stick to the words) is cut into pairs of neighbouring characters, so that any part of a run is found as a row
//! of pairs. `ß` is `ss`; `ü` is `u`, not `ue`.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Characters of a word that count. Longer ones are no words: they differ in what comes first.
const LONGEST: usize = 64;

/// A word and where it stands in its text, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) folded: String,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// The words of a text. A run of unspaced characters is its pairs, and then its last character alone.
pub(crate) fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut run: Vec<(usize, char)> = Vec::new();
    let mut skip_to = 0;
    for (at, c) in text.char_indices() {
        if at < skip_to {
            continue;
        }
        let belongs = c.is_alphanumeric() || (is_combining_mark(c) && !run.is_empty());
        let joins = run.last().is_none_or(|(_, last)| is_unspaced(*last) == is_unspaced(c));
        if !belongs || !joins {
            finish(&mut words, &mut run);
        }
        if belongs {
            run.push((at, c));
        } else if c == '<' {
            skip_to = at + mention_length(&text[at..]);
        }
    }
    finish(&mut words, &mut run);
    words
}

/// What is written into the index: the words with spaces between them.
pub(crate) fn indexed(text: &str) -> String {
    let mut all = String::with_capacity(text.len());
    for word in words(text) {
        if !all.is_empty() {
            all.push(' ');
        }
        all.push_str(&word.folded);
    }
    all
}

/// A name, to be compared with another.
pub(crate) fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    text.chars().for_each(|c| fold(c, &mut folded));
    folded
}

/// Whether words of this script stand beside each other without spaces.
pub(crate) fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{0E00}'..='\u{0EFF}' // Thai, Lao
        | '\u{1000}'..='\u{109F}' // Myanmar
        | '\u{1780}'..='\u{17FF}' // Khmer
        | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}' // Kana
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' // Han
        | '\u{AC00}'..='\u{D7AF}' // Hangul
        | '\u{20000}'..='\u{3FFFF}') // Han
}

/// The length of a mention of a person by their id, which is no text that anybody reads; 0 when there is none here.
fn mention_length(text: &str) -> usize {
    let Some(id) = text.strip_prefix("<@") else { return 0 };
    let length = id
        .bytes()
        .take_while(|b| b.is_ascii_alphanumeric() || *b == b'_')
        .count();
    match id.as_bytes().get(length) {
        Some(b'>') if length > 0 => length + "<@>".len(),
        _ => 0,
    }
}

fn finish(words: &mut Vec<Word>, run: &mut Vec<(usize, char)>) {
    let end = |at: usize, c: char| at + c.len_utf8();
    let Some(&(start, first)) = run.first() else { return };
    if is_unspaced(first) {
        for (place, &(at, c)) in run.iter().enumerate() {
            let mut folded = c.to_string();
            let mut last = end(at, c);
            if let Some(&(next, pair)) = run.get(place + 1) {
                folded.push(pair);
                last = end(next, pair);
            }
            words.push(Word {
                folded,
                start: at,
                end: last,
            });
        }
    } else {
        let mut folded = String::new();
        for (_, c) in run.iter().take(LONGEST) {
            fold(*c, &mut folded);
        }
        let last = run.last().map_or(start, |&(at, c)| end(at, c));
        if !folded.is_empty() {
            words.push(Word {
                folded,
                start,
                end: last,
            });
        }
    }
    run.clear();
}

/// Writes a character as it is compared.
fn fold(c: char, into: &mut String) {
    match c {
        _ if c.is_ascii() => into.push(c.to_ascii_lowercase()),
        _ if is_unspaced(c) => into.push(c),
        'ß' | 'ẞ' => into.push_str("ss"),
        'æ' | 'Æ' => into.push_str("ae"),
        'œ' | 'Œ' => into.push_str("oe"),
        'ø' | 'Ø' => into.push('o'),
        'ł' | 'Ł' => into.push('l'),
        'đ' | 'Đ' | 'ð' | 'Ð' => into.push('d'),
        'þ' | 'Þ' => into.push_str("th"),
        'ı' => into.push('i'),
        // Final and other sigma are one letter.
        'ς' => into.push('σ'),
        _ => {
            let plain = std::iter::once(c).nfkd().flat_map(char::to_lowercase);
            into.extend(plain.filter(|c| !is_accent(*c) && (c.is_alphanumeric() || is_combining_mark(*c))));
        }
    }
}

/// Marks on letters that people leave out when they type: accents, and the vowels of Hebrew and Arabic.
fn is_accent(c: char) -> bool {
    matches!(c,
        '\u{0300}'..='\u{036F}' | '\u{0483}'..='\u{0487}' | '\u{0591}'..='\u{05C7}' | '\u{0610}'..='\u{061A}'
        | '\u{064B}'..='\u{065F}' | '\u{0670}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}'
        | '\u{20D0}'..='\u{20FF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_accents_do_not_count() {
        assert_eq!(
            indexed("Überraschung in der STRAẞE, Straße!"),
            "uberraschung in der strasse strasse"
        );
        assert_eq!(indexed("Café cafe\u{301} naïve Łódź Ærø"), "cafe cafe naive lodz aero");
        assert_eq!(
            indexed("ΟΔΥΣΣΕΎΣ ὀδυσσεύς ёлка ＦＵＬＬ ﬁnd"),
            "οδυσσευσ οδυσσευσ елка full find"
        );
    }

    #[test]
    fn words_end_at_what_is_no_letter_or_digit() {
        assert_eq!(
            indexed("don't e-mail foo_bar@example.org v2.1.0 `a=b`"),
            "don t e mail foo bar example org v2 1 0 a b"
        );
    }

    #[test]
    fn what_is_written_without_spaces_is_pairs() {
        assert_eq!(indexed("東京都 iPhone東京"), "東京 京都 都 iphone 東京 京");
        assert_eq!(indexed("안녕하세요"), "안녕 녕하 하세 세요 요");
        let word = &words("ab 東京")[1];
        assert_eq!((word.start, word.end), (3, 9));
    }

    #[test]
    fn a_mention_is_no_text_and_what_looks_like_one_is() {
        assert_eq!(
            indexed("hello <@u_abc> there <!here> <@> <@x y>"),
            "hello there here x y"
        );
    }

    #[test]
    fn positions_are_those_of_the_text() {
        let text = "„Größe“: 10 €";
        let found: Vec<&str> = words(text).iter().map(|word| &text[word.start..word.end]).collect();
        assert_eq!(found, ["Größe", "10"]);
    }

    #[test]
    fn a_word_without_an_end_is_cut() {
        let long = "x".repeat(10_000);
        assert_eq!(indexed(&long).len(), LONGEST);
    }
}
