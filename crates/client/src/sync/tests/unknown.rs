//! Entries of a newer server, whose kind is not known here.

use protocol::{Entry, EntryKind, UserId};

use super::log::me;
use super::rules::{answer, caught_up, entry_by, id, live, page, take, truncated};
use crate::originals::Original;
use crate::store::people;
use crate::store::testing::every_entry;
use crate::sync::{Anchor, Event, Outcome, keep_history};

fn unknown(seq: u64) -> Entry {
    Entry {
        kind: EntryKind::Unknown,
        ..entry_by(2, seq)
    }
}

/// How an entry came whose kind a later version knows: here one that this version knows as well.
fn came_as_message(seq: u64) -> Event {
    let mut json = serde_json::to_value(entry_by(2, seq)).unwrap();
    json["colour"] = "red".into();
    Event::Original(Original {
        conversation: id(),
        seq,
        json: json.to_string(),
    })
}

#[test]
fn an_entry_of_an_unknown_kind_is_no_hole() {
    let mut file = caught_up(3);
    let (outcome, _) = take(&mut file, vec![live(unknown(4)), live(entry_by(2, 5))]);

    assert_eq!(outcome.resume, None);
    let mut expected = page(1..=5);
    expected[3].kind = EntryKind::Unknown;
    assert_eq!(every_entry(file.connection(), &id()), expected);
}

#[test]
fn a_version_that_knows_the_kind_shows_what_came_before_it() {
    let mut file = caught_up(3);
    let (outcome, _) = take(&mut file, vec![came_as_message(4), live(unknown(4))]);
    assert_eq!(outcome.resume, None);
    assert_eq!(every_entry(file.connection(), &id()), page(1..=4));

    let newest = truncated(vec![entry_by(2, 8), unknown(9)]);
    take(&mut file, vec![came_as_message(9), newest]);
    assert_eq!(every_entry(file.connection(), &id())[4..], page(8..=9));
}

#[test]
fn an_unknown_entry_changes_nothing_else() {
    let mut file = caught_up(3);
    let before = crate::store::conversations::row(file.connection(), &id())
        .unwrap()
        .unwrap();
    let kept = Entry {
        ordinal: 3,
        ..unknown(4)
    };
    let (outcome, _): (Outcome, _) = take(&mut file, vec![live(kept)]);
    let after = crate::store::conversations::row(file.connection(), &id())
        .unwrap()
        .unwrap();
    assert_eq!(outcome.resume, None);
    assert_eq!(
        (after.head, after.ordinal, after.unread),
        (4, before.ordinal, before.unread)
    );
    assert_eq!((after.member_count, after.name), (before.member_count, before.name));
}

#[test]
fn whoever_joined_in_a_page_of_history_is_asked_about() {
    let mut file = caught_up(3);
    take(&mut file, vec![truncated(page(8..=9))]);
    let stranger = UserId::from_random(99);
    let mut entries = page(4..=7);
    entries[1].kind = EntryKind::Joined {
        person: stranger.clone(),
    };
    let answer = answer(entries);
    file.write(|writing| keep_history(writing, &me(), &id(), Anchor::Before(8), &answer))
        .unwrap();
    assert!(people::wanted(file.connection(), 100).unwrap().contains(&stranger));
}
