//! The fold of a conversation: the same whatever order its entries come in, and however often.

use std::collections::BTreeMap;

use protocol::timeline::{ConversationFold, MessageFold};
use protocol::{ClientId, ConversationId, Entry, EntryKind, UserId};

/// Entries of one run; more make it slow without reaching anything new.
const MOST_ENTRIES: usize = 64;
const EMOJI: [&str; 3] = ["👍", "🎉", "❤️"];

/// Makes a log of the input's first half and an order of its second, and folds it every way.
///
/// # Panics
///
/// When two ways end differently.
pub fn fold(input: &[u8]) {
    let (script, order) = input.split_at(input.len() / 2);
    let entries: Vec<Entry> = script.chunks_exact(2).take(MOST_ENTRIES).zip(1..).map(entry).collect();
    let forward = Folded::of(&entries);

    // Some twice, in the order the second half tells, and every one at least once.
    let mut shuffled: Vec<Entry> = Vec::new();
    for byte in order {
        shuffled.extend(entries.get(usize::from(*byte)).cloned());
    }
    shuffled.extend(entries.iter().rev().cloned());
    assert_eq!(
        Folded::of(&shuffled),
        forward,
        "the order of the entries changed the fold"
    );

    let cut = order.first().map_or(0, |byte| usize::from(*byte)).min(entries.len());
    let mut merged = Folded::of(&entries[cut..]);
    merged.merge(&Folded::of(&entries[..cut]));
    merged.merge(&Folded::of(&entries[cut / 2..]));
    assert_eq!(
        merged.messages, forward.messages,
        "two halves did not merge into the whole"
    );

    for fold in forward.messages.values() {
        let json = serde_json::to_vec(fold).expect("a fold can be written");
        let again: MessageFold = serde_json::from_slice(&json).expect("what was written can be read");
        assert_eq!(&again, fold, "a fold changed on its way");
        if fold.is_deleted() {
            assert!(fold.edit.is_none() && !fold.is_pinned() && fold.current_reactions().is_empty());
        }
    }
}

/// A conversation and its messages, folded.
#[derive(Debug, Default, PartialEq, Eq)]
struct Folded {
    conversation: ConversationFold,
    messages: BTreeMap<u64, MessageFold>,
}

impl Folded {
    fn of(entries: &[Entry]) -> Self {
        let mut folded = Self::default();
        for entry in entries {
            folded.conversation.apply(entry);
            if let Some(target) = entry.kind.target() {
                folded.messages.entry(target).or_default().apply(entry);
            }
        }
        folded
    }

    fn merge(&mut self, other: &Self) {
        for (seq, fold) in &other.messages {
            self.messages.entry(*seq).or_default().merge(fold);
        }
    }
}

/// One entry of two bytes: what it does, and to what by whom.
fn entry((bytes, seq): (&[u8], u64)) -> Entry {
    let (what, whom) = (bytes[0], bytes[1]);
    let target = u64::from(whom & 7);
    let on = whom & 8 != 0;
    let person = UserId::from_random(u128::from(whom >> 4));
    let text = whom.to_string();
    let kind = match what % 10 {
        0 => EntryKind::message(text, None),
        1 => EntryKind::edit(target, text),
        2 => EntryKind::Delete { target },
        3 | 4 => EntryKind::React {
            target,
            emoji: EMOJI[usize::from(what / 10) % EMOJI.len()].to_owned(),
            on,
        },
        5 => EntryKind::Pin { target, on },
        6 => EntryKind::Joined { person },
        7 => EntryKind::Left { person },
        8 => EntryKind::Renamed { name: text },
        _ if on => EntryKind::Topic { topic: text },
        _ => EntryKind::Archived { on: whom & 1 == 0 },
    };
    Entry {
        conversation: ConversationId::from_random(1),
        seq,
        ordinal: 0,
        at: i64::from(what),
        author: UserId::from_random(u128::from(whom >> 4)),
        client_id: ClientId::from_random(u128::from(seq)),
        kind,
    }
}
