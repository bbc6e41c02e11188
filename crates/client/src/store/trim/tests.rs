//! What goes, and what stays whatever its age.

use protocol::{ClientId, Conversation, Entry, EntryKind, ReadMark, UserId};

use super::*;
use crate::search::find::find;
use crate::search::{SearchOrder, SearchRequest};
use crate::store::testing::{OpenFile, every_entry};
use crate::store::tests::conversation;
use crate::store::{Writing, conversations, folds, gaps, outbox};
use crate::timeline;
use crate::view::PendingMessage;

const COUNT: u64 = 500;

/// A conversation of 500 messages, the N-th of the time N, all of them held and read.
fn filled(number: u128) -> (OpenFile, ConversationId) {
    let mut file = OpenFile::new();
    let id = add(&mut file, number, 1);
    (file, id)
}

/// `every` is the time between two messages.
fn add(file: &mut OpenFile, number: u128, every: i64) -> ConversationId {
    let said = Conversation {
        head: COUNT,
        ordinal: COUNT,
        ..conversation(number)
    };
    let write = |writing: &mut Writing<'_>| {
        conversations::put(writing, &said)?;
        for seq in 1..=COUNT {
            let entry = Entry {
                conversation: said.id.clone(),
                seq,
                ordinal: seq,
                at: i64::try_from(seq).unwrap() * every,
                author: UserId::from_random(2),
                client_id: ClientId::from_random((number << 32) + u128::from(seq)),
                kind: EntryKind::message(format!("message {seq}"), None),
            };
            entries::keep(writing, &entry, seq)?;
        }
        entries::add_stretch(writing.disk, &said.id, 1, COUNT)?;
        conversations::set_edge(writing.disk, &said.id, COUNT)
    };
    file.write(write).unwrap();
    read_to(file, &said.id, COUNT);
    said.id
}

fn read_to(file: &mut OpenFile, id: &ConversationId, ordinal: u64) {
    let mark = ReadMark {
        generation: (1 + COUNT - ordinal).try_into().unwrap(),
        ordinal,
    };
    file.write(|writing| conversations::raise_read(writing, id, mark))
        .unwrap();
}

fn since(since: UnixMs) -> Keep {
    Keep {
        since,
        bytes: u64::MAX,
        looked_at: HashMap::new(),
    }
}

/// Trims until there is nothing more to trim; returns the first entry that is left.
fn trimmed(file: &mut OpenFile, id: &ConversationId, keep: &Keep) -> u64 {
    while file.write(|writing| step(writing, keep)).unwrap().0 {}
    let left = every_entry(file.connection(), id);
    let seqs: Vec<u64> = left.iter().map(|entry| entry.seq).collect();
    assert_eq!(
        seqs,
        (seqs[0]..=COUNT).collect::<Vec<_>>(),
        "a hole only at the beginning"
    );
    let stretch = entries::stretch_of(file.connection(), id, COUNT).unwrap();
    assert_eq!(stretch, Some((seqs[0], COUNT)));
    seqs[0]
}

#[test]
fn what_is_too_old_goes_but_for_one_entry_that_says_so() {
    let (mut file, id) = filled(1);
    assert_eq!(trimmed(&mut file, &id, &since(200)), 199);
    assert_eq!(trimmed(&mut file, &id, &since(200)), 199, "nothing more to do");
    let gap = gaps::newest(file.connection(), 200, u64::MAX).unwrap();
    assert_eq!(gap, None, "and nothing to fetch again");
    let gap = gaps::newest(file.connection(), 100, u64::MAX).unwrap();
    assert_eq!(gap, Some((id, 199)));
}

#[test]
fn a_step_is_small() {
    let (mut file, id) = filled(1);
    file.write(|writing| step(writing, &since(400))).unwrap();
    assert_eq!(
        every_entry(file.connection(), &id).len() as u64,
        COUNT - u64::from(STEP)
    );
}

#[test]
fn the_newest_page_stays() {
    let (mut file, id) = filled(1);
    assert_eq!(trimmed(&mut file, &id, &since(10_000)), COUNT - u64::from(PAGE) + 1);
    let page = timeline::newest(file.connection(), &id).unwrap();
    assert_eq!((page.items.len(), page.has_earlier), (PAGE as usize, true));
}

#[test]
fn what_is_unread_stays() {
    let (mut file, id) = filled(1);
    read_to(&mut file, &id, 50);
    assert_eq!(trimmed(&mut file, &id, &since(10_000)), 51);
}

#[test]
fn what_is_looked_at_stays() {
    let (mut file, id) = filled(1);
    let keep = Keep {
        looked_at: HashMap::from([(id.clone(), 70)]),
        ..since(10_000)
    };
    assert_eq!(trimmed(&mut file, &id, &keep), 70);
}

#[test]
fn what_a_waiting_message_answers_stays() {
    let (mut file, id) = filled(1);
    let reply = PendingMessage {
        client_id: ClientId::from_random(9).into(),
        conversation: id.clone(),
        body: "an answer".to_owned(),
        reply: Some(crate::view::ReplyView {
            seq: 90,
            author: None,
            excerpt: None,
            deleted: false,
        }),
        written_at: 1,
        failure: None,
    };
    file.write(|writing| outbox::add(writing, &reply)).unwrap();
    assert_eq!(trimmed(&mut file, &id, &since(10_000)), 90);
}

#[test]
fn the_oldest_of_all_conversations_goes_when_there_is_too_much() {
    let (mut file, first) = filled(1);
    // As many messages, five times as far apart.
    let second = add(&mut file, 2, 5);
    let keep = Keep {
        bytes: used(file.connection()).unwrap() * 8 / 10,
        ..since(0)
    };
    let first = trimmed(&mut file, &first, &keep);
    let second = trimmed(&mut file, &second, &keep);
    assert!(used(file.connection()).unwrap() <= keep.bytes);
    // Both reach back to the same time, as near as steps are.
    assert!(
        first > 200 && second.abs_diff(first / 5) <= u64::from(STEP),
        "{first} {second}"
    );
    assert_eq!(gaps::newest(file.connection(), 0, keep.bytes).unwrap(), None, "no room");
}

#[test]
fn nothing_of_what_went_is_left_or_found() {
    let (mut file, id) = filled(1);
    let edit = Entry {
        seq: 3,
        kind: EntryKind::edit(2, "edited".to_owned()),
        ..every_entry(file.connection(), &id)[0].clone()
    };
    file.write(|writing| folds::apply(writing, &edit)).unwrap();
    trimmed(&mut file, &id, &since(200));
    assert!(folds::of(file.connection(), &id, 2).unwrap().is_untouched());
    let request = |text: &str| SearchRequest {
        text: text.to_owned(),
        within: None,
        order: SearchOrder::Newest,
        after: None,
        limit: 10,
        utc_offset_minutes: 0,
    };
    let mut hits = |text: &str| find(file.connection(), &request(text), 0).unwrap().hits.len();
    assert_eq!((hits("edited "), hits("198 "), hits("199 ")), (0, 0, 1));
}
