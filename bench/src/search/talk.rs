//! What a company said in three months: who, where, when and in which words. Made by chance, the same for a seed.

use client::search::SearchHit;
use protocol::rest::chat::Entries;
use protocol::rest::identity::Person;
use protocol::{
    ChosenLevel, ClientId, Conversation, ConversationId, ConversationKind, Entry, EntryKind, Membership, ReadMark,
    Role, UnixMs, UserId, Visibility,
};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

pub(super) const EPOCH: &str = "one";
/// When the last message was written: 2026-04-01 00:00 UTC.
pub(super) const END: UnixMs = 1_775_001_600_000;
const SPAN_MS: UnixMs = 90 * 24 * 60 * 60 * 1000;

/// Words that people use all the time, the most frequent first.
const FREQUENT: &str = "the to and a of in is it for that on we this with be have not are you can but if at will or \
    as from so do what one by there about out up just time how now when like all they more some then I'll no yes \
    please meeting today tomorrow team customer thanks great next week could should update release review fix issue \
    build test server deploy plan budget invoice office lunch coffee morning Monday Friday project design feature \
    die der und das ist nicht ich wir für mit auf den von zu sie ein eine auch noch nur wenn aber schon können heute \
    morgen Übersicht Größe Straße Prüfung Kunde Rechnung Angebot Besprechung Grüße Änderung Lösung bitte danke";
const CHANNELS: [&str; 8] = [
    "general",
    "random",
    "engineering",
    "design",
    "sales",
    "support",
    "küche",
    "releases",
];
const FIRST: [&str; 12] = [
    "Ada", "Ben", "Mei", "Tom", "Zoë", "Jürgen", "Søren", "Aylin", "Chidi", "Inés", "Olga", "Yuki",
];
const LAST: [&str; 10] = [
    "Winter", "Müller", "Tan", "Okafor", "Lind", "Kaya", "Núñez", "Petrov", "Sato", "Ott",
];
const IDEOGRAPHS: &str = "東京都会議資料確認今日明日予定変更連絡部長新製品発売計画";
/// Words there are.
const VOCABULARY: usize = 30_000;

pub(super) struct Talk {
    pub(super) people: Vec<Person>,
    pub(super) conversations: Vec<Conversation>,
    /// From the most frequent to the rarest.
    pub(super) words: Vec<String>,
    /// The sum of the shares of all words up to each.
    shares: Vec<f64>,
    messages: usize,
    seed: u64,
}

impl Talk {
    pub(super) fn new(messages: usize, seed: u64) -> Self {
        let mut chance = StdRng::seed_from_u64(seed);
        let people: Vec<Person> = (1..=60).map(person).collect();
        let conversations = conversations(&people);
        let words = vocabulary(&mut chance);
        let mut sum = 0.0;
        let shares = (0_u32..)
            .take(words.len())
            .map(|rank| {
                // As in any language: the second word half as often as the first, and so on.
                sum += 1.0 / (f64::from(rank) + 2.7);
                sum
            })
            .collect();
        Self {
            people,
            conversations,
            words,
            shares,
            messages,
            seed,
        }
    }

    /// Each conversation with its first entry, as at the first sign-in.
    pub(super) fn beginnings(&self) -> Vec<(Conversation, Entries)> {
        let first = |conversation: &Conversation| Entries {
            epoch: EPOCH.to_owned(),
            head: 1,
            messages: Vec::new(),
            entries: vec![Entry {
                conversation: conversation.id.clone(),
                seq: 1,
                ordinal: 0,
                at: END - SPAN_MS,
                author: self.people[0].id.clone(),
                client_id: ClientId::from_random(number_of(&conversation.id)),
                kind: EntryKind::Joined {
                    person: self.people[0].id.clone(),
                },
            }],
        };
        self.conversations
            .iter()
            .map(|conversation| (conversation.clone(), first(conversation)))
            .collect()
    }

    /// Everything that was said, in the order of time. One of 25 messages is edited, one of 100 deleted.
    pub(super) fn entries(&self) -> impl Iterator<Item = Entry> {
        let mut chance = StdRng::seed_from_u64(self.seed.wrapping_add(1));
        let mut ends = vec![(1_u64, 0_u64); self.conversations.len()];
        let mut due: Option<(usize, EntryKind)> = None;
        let mut written = 0;
        let mut number = 1_u128 << 64;
        std::iter::from_fn(move || {
            let (place, kind) = if let Some(due) = due.take() {
                due
            } else {
                if written == self.messages {
                    return None;
                }
                written += 1;
                // The first conversations have most of the talk.
                let place = chance
                    .random_range(0..ends.len())
                    .min(chance.random_range(0..ends.len()));
                let target = ends[place].0 + 1;
                due = match chance.random_range(0..100) {
                    0 => Some((place, EntryKind::Delete { target })),
                    1..=4 => Some((place, EntryKind::edit(target, self.body(&mut chance)))),
                    _ => None,
                };
                (place, EntryKind::message(self.body(&mut chance), None))
            };
            number += 1;
            ends[place].0 += 1;
            ends[place].1 += u64::from(kind.is_message());
            let passed = SPAN_MS / UnixMs::try_from(self.messages).unwrap_or(1).max(1);
            Some(Entry {
                conversation: self.conversations[place].id.clone(),
                seq: ends[place].0,
                ordinal: ends[place].1,
                at: END - SPAN_MS + passed * UnixMs::try_from(written).unwrap_or(0),
                author: self.author(place, &mut chance),
                client_id: ClientId::from_random(number),
                kind,
            })
        })
    }

    /// Whether what was found is of a conversation that there is.
    pub(super) fn is_known(&self, hit: &SearchHit) -> bool {
        self.conversations
            .iter()
            .any(|conversation| conversation.id == hit.conversation)
    }

    fn author(&self, place: usize, chance: &mut StdRng) -> UserId {
        let members = &self.conversations[place].members;
        if members.is_empty() {
            let some = chance.random_range(0..self.people.len());
            return self.people[some.min(chance.random_range(0..self.people.len()))]
                .id
                .clone();
        }
        members[chance.random_range(0..members.len())].clone()
    }

    /// Mostly a sentence, sometimes a page; now and then a link, a piece of code, or Japanese.
    fn body(&self, chance: &mut StdRng) -> String {
        let count = match chance.random_range(0..20) {
            0 => chance.random_range(60..200),
            1..=4 => chance.random_range(20..45),
            _ => chance.random_range(2..16),
        };
        let mut body: Vec<&str> = (0..count).map(|_| self.word(chance)).collect();
        let link = format!(
            "https://example.org/{}/{}",
            self.word(chance),
            chance.random_range(0..10_000)
        );
        let japanese: String = (0..12).map(|_| ideograph(chance)).collect();
        match chance.random_range(0..30) {
            0 => body.push(&link),
            1 => body.push("`let answer = 42;`"),
            2 => body.push(&japanese),
            _ => {}
        }
        body.join(" ")
    }

    pub(super) fn word(&self, chance: &mut StdRng) -> &str {
        let most = self.shares.last().copied().unwrap_or_default();
        let at = chance.random_range(0.0..most);
        let rank = self.shares.partition_point(|share| *share < at);
        &self.words[rank.min(self.words.len() - 1)]
    }
}

pub(super) fn ideograph(chance: &mut StdRng) -> char {
    let count = IDEOGRAPHS.chars().count();
    IDEOGRAPHS.chars().nth(chance.random_range(0..count)).unwrap_or('東')
}

fn number_of(id: &ConversationId) -> u128 {
    id.as_str().bytes().fold(7, |number: u128, byte| {
        number.wrapping_mul(131).wrapping_add(u128::from(byte))
    })
}

fn person(number: usize) -> Person {
    let (first, last) = (FIRST[number % FIRST.len()], LAST[number % LAST.len()]);
    Person {
        id: UserId::from_random(number as u128),
        name: format!("{first} {last}"),
        title: String::new(),
        time_zone: String::new(),
        email: format!("person{number}@example.org"),
        active: true,
        role: Role::Member,
        picture: None,
        version: 1,
    }
}

/// Eight channels, a group, and direct conversations with the first six people.
fn conversations(people: &[Person]) -> Vec<Conversation> {
    let ids = |members: &[usize]| {
        members
            .iter()
            .map(|index| people[*index].id.clone())
            .collect::<Vec<_>>()
    };
    let channel = |(number, name): (usize, &&str)| Conversation {
        name: Some((*name).to_owned()),
        visibility: Visibility::Public,
        ..conversation(number, ConversationKind::Channel, Vec::new())
    };
    let mut all: Vec<Conversation> = CHANNELS.iter().enumerate().map(channel).collect();
    all.push(conversation(100, ConversationKind::Group, ids(&[0, 1, 2, 3])));
    all.extend((1..=6).map(|with| conversation(200 + with, ConversationKind::Direct, ids(&[0, with]))));
    all
}

fn conversation(number: usize, kind: ConversationKind, members: Vec<UserId>) -> Conversation {
    Conversation {
        id: ConversationId::from_random(number as u128),
        kind,
        visibility: Visibility::Private,
        name: None,
        topic: String::new(),
        archived: false,
        member_count: 60,
        members,
        membership: Membership::Member,
        epoch: EPOCH.to_owned(),
        head: 1,
        ordinal: 0,
        last_at: END - SPAN_MS,
        read: ReadMark::default(),
        created_by: UserId::from_random(1),
        member_since: 0,
        mentions: Vec::new(),
        level: ChosenLevel::default(),
    }
}

/// The frequent words, then names that nobody has thought of.
fn vocabulary(chance: &mut StdRng) -> Vec<String> {
    let mut words: Vec<String> = FREQUENT.split_whitespace().map(str::to_owned).collect();
    let mut known: std::collections::HashSet<String> = words.iter().cloned().collect();
    while words.len() < VOCABULARY {
        let syllables = chance.random_range(1..6);
        let word: String = (0..syllables).flat_map(|_| syllable(chance)).collect();
        if known.insert(word.clone()) {
            words.push(word);
        }
    }
    words
}

fn syllable(chance: &mut StdRng) -> [char; 2] {
    let pick = |letters: &[char], chance: &mut StdRng| letters[chance.random_range(0..letters.len())];
    let consonants: Vec<char> = "bcdfghklmnprstvwz".chars().collect();
    let vowels: Vec<char> = "aeiouäü".chars().collect();
    [pick(&consonants, chance), pick(&vowels, chance)]
}
