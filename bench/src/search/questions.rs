//! What people look for: a rare word, a frequent one, the beginning of one, and all that can be asked beside it.

use client::search::{SearchOrder, SearchRequest};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use super::talk::{Talk, ideograph};

/// One search, and what must come of it.
pub(super) struct Question {
    pub(super) kind: &'static str,
    pub(super) request: SearchRequest,
    /// It has to find something.
    pub(super) finds: bool,
    /// Everything it finds has a marked place.
    pub(super) marks: bool,
}

type Draw = fn(&Talk, &mut StdRng) -> (String, bool);

/// The kinds of questions; each is asked as often as every other.
const KINDS: [(&str, Draw); 15] = [
    ("a frequent word", |talk, chance| {
        (format!("{} ", frequent(talk, chance)), true)
    }),
    ("a rare word", |talk, chance| {
        (format!("{} ", rare(talk, chance)), false)
    }),
    ("a word as it is used", |talk, chance| {
        (format!("{} ", talk.word(chance)), false)
    }),
    ("two letters", |talk, chance| (letters(talk, chance, 2), true)),
    ("three letters", |talk, chance| (letters(talk, chance, 3), false)),
    ("five letters", |talk, chance| (letters(talk, chance, 5), false)),
    ("two frequent words", |talk, chance| {
        (format!("{} {} ", frequent(talk, chance), frequent(talk, chance)), true)
    }),
    ("a frequent and a rare one", |talk, chance| {
        (format!("{} {} ", frequent(talk, chance), rare(talk, chance)), false)
    }),
    ("a phrase", |talk, chance| {
        (
            format!("\"{} {}\" ", frequent(talk, chance), frequent(talk, chance)),
            false,
        )
    }),
    ("without a word", |talk, chance| {
        (
            format!("{} -{} ", frequent(talk, chance), frequent(talk, chance)),
            false,
        )
    }),
    ("from somebody", |talk, chance| {
        let who = &talk.people[chance.random_range(0..talk.people.len())].email;
        (format!("{} from:{who} ", frequent(talk, chance)), false)
    }),
    ("in a channel", |talk, chance| {
        (
            format!("in:#{} {} ", channel(talk, chance), frequent(talk, chance)),
            true,
        )
    }),
    ("in a week", |talk, chance| {
        let day = chance.random_range(1..22);
        let week = format!("after:2026-02-{day:02} before:2026-02-{:02}", day + 7);
        (format!("{week} {} ", frequent(talk, chance)), false)
    }),
    ("Japanese", |_, chance| {
        (format!("{}{} ", ideograph(chance), ideograph(chance)), false)
    }),
    ("what somebody said there", |talk, chance| {
        (
            format!(
                "from:me in:#{} after:2026-01-15 {}",
                channel(talk, chance),
                letters(talk, chance, 2)
            ),
            false,
        )
    }),
];

/// So many questions of all kinds, one of ten with the best first.
pub(super) fn draw(talk: &Talk, count: usize, seed: u64) -> Vec<Question> {
    let mut chance = StdRng::seed_from_u64(seed.wrapping_add(2));
    (0..count)
        .map(|number| {
            let (kind, draw) = KINDS[number % KINDS.len()];
            let (text, finds) = draw(talk, &mut chance);
            let order = if chance.random_range(0..10) == 0 {
                SearchOrder::Relevance
            } else {
                SearchOrder::Newest
            };
            Question {
                kind,
                request: SearchRequest {
                    text,
                    within: None,
                    order,
                    after: None,
                    limit: 50,
                    utc_offset_minutes: 60,
                },
                finds,
                marks: true,
            }
        })
        .collect()
}

/// One of the thirty words that are in every third message.
fn frequent<'a>(talk: &'a Talk, chance: &mut StdRng) -> &'a str {
    &talk.words[chance.random_range(0..30)]
}

fn rare<'a>(talk: &'a Talk, chance: &mut StdRng) -> &'a str {
    &talk.words[chance.random_range(talk.words.len() / 2..talk.words.len())]
}

/// How a word begins, as while it is being typed.
fn letters(talk: &Talk, chance: &mut StdRng, count: usize) -> String {
    talk.word(chance)
        .chars()
        .filter(|c| c.is_alphanumeric())
        .take(count)
        .collect()
}

fn channel<'a>(talk: &'a Talk, chance: &mut StdRng) -> &'a str {
    let names: Vec<&str> = talk
        .conversations
        .iter()
        .filter_map(|channel| channel.name.as_deref())
        .collect();
    names[chance.random_range(0..names.len())]
}
