//! What each thing the server says does to the copy.

use protocol::rest::chat::Entries;
use protocol::{
    ClientId, Conversation, ConversationId, ConversationKind, Entry, EntryKind, Membership, ReadMark, UserId,
    Visibility,
};

use super::log::me;
use crate::change::Change;
use crate::store::conversations;
use crate::store::testing::OpenFile;
use crate::sync::{Anchor, Event, History, Outcome, Page, apply, keep_history};
use crate::timeline;
use crate::view::TimelineItem;
use crate::views::passing_items;

pub(super) fn id() -> ConversationId {
    ConversationId::from_random(5)
}

pub(super) fn said(head: u64) -> Conversation {
    Conversation {
        id: id(),
        kind: ConversationKind::Channel,
        visibility: Visibility::Public,
        name: Some("general".to_owned()),
        topic: String::new(),
        archived: false,
        members: Vec::new(),
        member_count: 2,
        membership: Membership::Member,
        epoch: "one".to_owned(),
        head,
        ordinal: head,
        last_at: 0,
        read: ReadMark::default(),
        created_by: me(),
        member_since: 0,
        mentions: Vec::new(),
        level: protocol::ChosenLevel::default(),
    }
}

pub(super) fn entry_by(author: u128, seq: u64) -> Entry {
    Entry {
        conversation: id(),
        seq,
        ordinal: seq,
        at: 0,
        author: UserId::from_random(author),
        client_id: ClientId::from_random(1000 + u128::from(seq)),
        kind: EntryKind::message(format!("body {seq}"), None),
    }
}

pub(super) fn page(seqs: std::ops::RangeInclusive<u64>) -> Vec<Entry> {
    seqs.map(|seq| entry_by(2, seq)).collect()
}

pub(super) fn live(entry: Entry) -> Event {
    Event::Entry {
        epoch: "one".to_owned(),
        entry,
    }
}

pub(super) fn truncated(entries: Vec<Entry>) -> Event {
    Event::Truncated(Page {
        conversation: id(),
        epoch: "one".to_owned(),
        entries,
        messages: Vec::new(),
    })
}

/// Entries as they are drawn while nothing has become of them.
pub(super) fn drawn(entries: Vec<Entry>) -> Vec<TimelineItem> {
    let page = Entries {
        epoch: "one".to_owned(),
        head: 0,
        entries,
        messages: Vec::new(),
    };
    passing_items(&page, &me())
}

/// An answer of the server to a question about history.
pub(super) fn answer(entries: Vec<Entry>) -> Entries {
    Entries {
        epoch: "one".to_owned(),
        head: 9,
        entries,
        messages: Vec::new(),
    }
}

/// A copy that has entries 1 to `head`.
pub(super) fn caught_up(head: u64) -> OpenFile {
    let mut file = OpenFile::new();
    take(
        &mut file,
        vec![Event::Welcome(vec![said(head)]), truncated(page(1..=head))],
    );
    file
}

pub(super) fn take(file: &mut OpenFile, events: Vec<Event>) -> (Outcome, Vec<Change>) {
    file.write(|writing| apply(writing, &me(), events)).unwrap()
}

fn edge(file: &mut OpenFile) -> Option<u64> {
    conversations::held(file.connection(), &id())
        .unwrap()
        .and_then(|held| held.edge)
}

fn read(generation: u32, ordinal: u64) -> Event {
    Event::Read {
        conversation: id(),
        mark: ReadMark { generation, ordinal },
    }
}

fn unread(file: &mut OpenFile) -> u64 {
    conversations::row(file.connection(), &id()).unwrap().unwrap().unread
}

#[test]
fn the_next_entry_is_appended() {
    let mut file = caught_up(3);
    let (outcome, changes) = take(&mut file, vec![live(entry_by(2, 4)), live(entry_by(2, 5))]);
    assert_eq!(outcome.resume, None);
    assert_eq!(
        changes[0],
        Change::Appended {
            conversation: id(),
            items: drawn(page(4..=5)),
            last: 5,
        }
    );
    assert_eq!(edge(&mut file), Some(5));
}

#[test]
fn a_hole_is_never_stored_but_resumed() {
    let mut file = caught_up(3);
    let (outcome, _) = take(&mut file, vec![live(entry_by(2, 4)), live(entry_by(2, 6))]);
    assert_eq!(outcome.resume, Some("a hole"));
    assert_eq!(edge(&mut file), Some(4));
}

#[test]
fn a_double_changes_nothing() {
    let mut file = caught_up(3);
    let (outcome, changes) = take(&mut file, vec![live(entry_by(2, 3)), live(entry_by(2, 1))]);
    assert_eq!((outcome.resume, changes), (None, Vec::new()));
}

#[test]
fn another_entry_at_a_held_position_forgets_the_copy() {
    let mut file = caught_up(3);
    let other = Entry {
        client_id: ClientId::from_random(77),
        ..entry_by(2, 3)
    };
    let (outcome, changes) = take(&mut file, vec![live(other)]);
    assert!(outcome.resume.is_some());
    assert!(changes.contains(&Change::Reloaded { conversation: id() }));
    assert_eq!(edge(&mut file), None);
}

#[test]
fn another_epoch_forgets_the_copy() {
    let mut file = caught_up(3);
    let restored = Conversation {
        epoch: "two".to_owned(),
        ordinal: 1,
        ..said(1)
    };
    let (_, changes) = take(&mut file, vec![Event::Welcome(vec![restored])]);
    assert!(changes.contains(&Change::Reloaded { conversation: id() }));
    assert_eq!(edge(&mut file), None);
    assert_eq!(conversations::cursors(file.connection()).unwrap(), []);
    let row = conversations::row(file.connection(), &id()).unwrap().unwrap();
    assert_eq!((row.head, row.ordinal), (1, 1));
}

#[test]
fn a_page_that_joins_up_is_appended() {
    let mut file = caught_up(3);
    let (_, changes) = take(&mut file, vec![truncated(page(2..=6))]);
    assert_eq!(
        changes[0],
        Change::Appended {
            conversation: id(),
            items: drawn(page(4..=6)),
            last: 6,
        }
    );
}

#[test]
fn a_page_behind_a_hole_is_reloaded_and_the_hole_is_filled_while_scrolling() {
    let mut file = caught_up(3);
    let (_, changes) = take(&mut file, vec![truncated(page(8..=9))]);
    assert!(changes.contains(&Change::Reloaded { conversation: id() }));
    let newest = timeline::newest(file.connection(), &id()).unwrap();
    assert_eq!(
        (newest.items, newest.has_earlier, newest.reaches_end),
        (drawn(page(8..=9)), true, true)
    );
    assert_eq!(timeline::before(file.connection(), &id(), 8).unwrap(), None);

    let answer = answer(page(4..=7));
    let (history, _) = file
        .write(|writing| keep_history(writing, &me(), &id(), Anchor::Before(8), &answer))
        .unwrap();

    assert_eq!(history, History::Kept);
    let earlier = timeline::before(file.connection(), &id(), 8).unwrap().unwrap();
    assert_eq!(
        (earlier.items, earlier.has_earlier, earlier.reaches_end),
        (drawn(page(1..=7)), false, false)
    );
}

#[test]
fn history_of_another_epoch_is_not_mixed_in() {
    let mut file = caught_up(3);
    take(&mut file, vec![truncated(page(8..=9))]);
    let answer = Entries {
        epoch: "two".to_owned(),
        ..answer(page(4..=7))
    };
    let (history, changes) = file
        .write(|writing| keep_history(writing, &me(), &id(), Anchor::Before(8), &answer))
        .unwrap();
    assert_eq!(history, History::Another);
    assert!(changes.contains(&Change::Reloaded { conversation: id() }));
}

#[test]
fn history_that_does_not_match_what_lies_below_the_hole_forgets_the_copy() {
    let mut file = caught_up(3);
    take(&mut file, vec![truncated(page(8..=9))]);
    let mut entries = page(3..=7);
    entries[0].client_id = ClientId::from_random(77);
    let answer = answer(entries);
    let (history, _) = file
        .write(|writing| keep_history(writing, &me(), &id(), Anchor::Before(8), &answer))
        .unwrap();
    assert_eq!(history, History::Another);
}

#[test]
fn history_that_does_not_reach_what_it_was_asked_for_is_not_kept() {
    for entries in [page(4..=6), Vec::new()] {
        let mut file = caught_up(3);
        take(&mut file, vec![truncated(page(8..=9))]);
        let answer = answer(entries);
        let (history, _) = file
            .write(|writing| keep_history(writing, &me(), &id(), Anchor::Before(8), &answer))
            .unwrap();
        assert_eq!(history, History::Another);
    }
}

#[test]
fn history_that_comes_before_the_newest_page_interrupts_nothing() {
    let mut file = OpenFile::new();
    take(&mut file, vec![Event::Welcome(vec![said(9)])]);
    let answer = answer(page(4..=7));
    let (history, changes) = file
        .write(|writing| keep_history(writing, &me(), &id(), Anchor::Before(8), &answer))
        .unwrap();
    assert_eq!((history, changes), (History::Kept, Vec::new()));
    assert_eq!(timeline::before(file.connection(), &id(), 8).unwrap(), None);
}

#[test]
fn an_empty_conversation_is_caught_up_with_an_empty_page() {
    let mut file = OpenFile::new();
    let (outcome, _) = take(&mut file, vec![Event::Welcome(vec![said(0)])]);
    assert!(outcome.caught_up.is_empty());
    let (outcome, _) = take(&mut file, vec![truncated(Vec::new())]);
    assert!(outcome.caught_up.contains(&id()));
    assert_eq!(edge(&mut file), Some(0));
    let (_, changes) = take(&mut file, vec![live(entry_by(2, 1))]);
    assert_eq!(
        changes[0],
        Change::Appended {
            conversation: id(),
            items: drawn(page(1..=1)),
            last: 1,
        }
    );
}

#[test]
fn a_conversation_one_is_no_member_of_goes_with_its_entries() {
    let mut file = caught_up(3);
    let former = Conversation {
        membership: Membership::Former,
        ..said(4)
    };
    let left = Entry {
        kind: EntryKind::Left { person: me() },
        ..entry_by(1, 4)
    };
    let (_, changes) = take(&mut file, vec![live(left), Event::Conversation(former)]);
    assert_eq!(
        changes.last(),
        Some(&Change::ConversationRemoved { conversation: id() })
    );
    assert_eq!(timeline::newest(file.connection(), &id()).unwrap().items, []);
}

#[test]
fn a_conversation_missing_from_the_welcome_is_gone() {
    let mut file = caught_up(3);
    let (_, changes) = take(&mut file, vec![Event::Welcome(Vec::new())]);
    assert_eq!(changes, [Change::ConversationRemoved { conversation: id() }]);
}

#[test]
fn ones_own_message_was_read_before_it_came() {
    let mut file = caught_up(3);
    assert_eq!(unread(&mut file), 3);
    take(&mut file, vec![read(0, 4)]);
    assert_eq!(unread(&mut file), 0);
    take(&mut file, vec![live(entry_by(1, 4))]);
    assert_eq!(unread(&mut file), 0);
    take(&mut file, vec![live(entry_by(2, 5))]);
    assert_eq!(unread(&mut file), 1);
}

#[test]
fn ones_own_message_stays_unread_when_it_was_marked_so_elsewhere() {
    let mut file = caught_up(3);
    take(&mut file, vec![read(1, 2), live(entry_by(1, 4))]);
    assert_eq!(unread(&mut file), 2);
}

#[test]
fn a_mark_of_a_newer_generation_makes_unread_again() {
    let mut file = caught_up(3);
    take(&mut file, vec![read(0, 3)]);
    assert_eq!(unread(&mut file), 0);
    take(&mut file, vec![read(1, 1), read(0, 3)]);
    assert_eq!(unread(&mut file), 2);
}

#[test]
fn name_and_member_count_follow_entries_and_never_count_twice() {
    let mut file = OpenFile::new();
    let joined = Entry {
        kind: EntryKind::Joined {
            person: UserId::from_random(9),
        },
        ..entry_by(2, 1)
    };
    let renamed = Entry {
        kind: EntryKind::Renamed {
            name: "lobby".to_owned(),
        },
        ..entry_by(2, 2)
    };
    // What the welcome says already counts entry 1, which comes after it.
    take(
        &mut file,
        vec![Event::Welcome(vec![said(1)]), truncated(vec![joined]), live(renamed)],
    );
    let row = conversations::row(file.connection(), &id()).unwrap().unwrap();
    assert_eq!((row.name.as_deref(), row.member_count), (Some("lobby"), 2));
    let late = Entry {
        kind: EntryKind::Joined {
            person: UserId::from_random(8),
        },
        ..entry_by(2, 3)
    };
    take(&mut file, vec![live(late)]);
    // A statement that is older than what is known changes nothing of it.
    take(&mut file, vec![Event::Conversation(said(1))]);
    let row = conversations::row(file.connection(), &id()).unwrap().unwrap();
    assert_eq!((row.name.as_deref(), row.member_count, row.head), (Some("lobby"), 3, 3));
}
