//! What entries that change messages do to the messages.

use protocol::timeline::{MessageFold, MessageState};
use protocol::{Entry, EntryKind, UserId};

use super::log::me;
use super::rules::{answer, caught_up, drawn, entry_by, id, live, page, take, truncated};
use crate::change::Change;
use crate::store::entries;
use crate::store::testing::{OpenFile, every_entry};
use crate::sync::{Anchor, Event, Page, keep_history};
use crate::view::MessageView;
use crate::views::Viewer;

pub(super) fn entry(author: u128, seq: u64, kind: EntryKind) -> Entry {
    Entry {
        kind,
        ..entry_by(author, seq)
    }
}

pub(super) fn edit(seq: u64, target: u64, body: &str) -> Entry {
    let body = body.to_owned();
    entry(2, seq, EntryKind::edit(target, body))
}

pub(super) fn delete(seq: u64, target: u64) -> Entry {
    entry(2, seq, EntryKind::Delete { target })
}

pub(super) fn react(author: u128, seq: u64, target: u64) -> Entry {
    let (emoji, on) = ("👍".to_owned(), true);
    entry(author, seq, EntryKind::React { target, emoji, on })
}

pub(super) fn reply(seq: u64, to: u64) -> Entry {
    let body = "an answer".to_owned();
    entry(2, seq, EntryKind::message(body, Some(to)))
}

pub(super) fn state(seq: u64, of: &[Entry]) -> MessageState {
    let mut state = MessageFold::default();
    for entry in of {
        state.apply(entry);
    }
    MessageState { seq, state }
}

pub(super) fn view(file: &mut OpenFile, seq: u64) -> MessageView {
    let viewer = Viewer::new(file.connection()).unwrap();
    viewer.message_at(&id(), seq).unwrap().unwrap()
}

/// The messages that were said to be different, in one write.
pub(super) fn different(changes: &[Change]) -> Vec<MessageView> {
    let messages = changes.iter().filter_map(|change| match change {
        Change::Messages { messages, .. } => Some(messages.clone()),
        _ => None,
    });
    messages.flatten().collect()
}

fn keep(file: &mut OpenFile, anchor: Anchor, entries: Vec<Entry>, messages: Vec<MessageState>) -> Vec<Change> {
    let page = protocol::rest::chat::Entries {
        messages,
        ..answer(entries)
    };
    let kept = file.write(|writing| keep_history(writing, &me(), &id(), anchor, &page));
    kept.unwrap().1
}

fn is_stale(file: &mut OpenFile, seq: u64) -> bool {
    entries::stale(file.connection(), &id(), (seq, seq)).unwrap().is_some()
}

#[test]
fn an_edit_is_no_item_and_the_message_is_told_anew() {
    let mut file = caught_up(3);
    let (_, changes) = take(&mut file, vec![live(edit(4, 2, "better"))]);
    assert_eq!(
        changes[0],
        Change::Appended {
            conversation: id(),
            items: Vec::new(),
            last: 4
        }
    );
    let messages = different(&changes);
    assert_eq!((messages[0].seq, messages[0].body.as_str()), (2, "better"));
    assert_eq!(messages, [view(&mut file, 2)]);
}

#[test]
fn a_message_that_changed_in_the_same_write_is_told_once() {
    let mut file = caught_up(3);
    let (_, changes) = take(&mut file, vec![live(entry_by(2, 4)), live(react(3, 5, 4))]);
    let Change::Appended { items, last: 5, .. } = &changes[0] else {
        panic!("{changes:?}")
    };
    assert_ne!(*items, drawn(page(4..=4)), "without the reaction");
    assert_eq!(different(&changes), []);
}

#[test]
fn a_deletion_erases_what_was_written_from_this_device() {
    let mut file = caught_up(3);
    take(&mut file, vec![live(edit(4, 2, "better")), live(delete(5, 2))]);
    let held = every_entry(file.connection(), &id());
    assert_eq!(held[1].kind, entry_by(2, 2).kind.blanked());
    assert_eq!(held[3].kind, edit(4, 2, "").kind);
    let gone = view(&mut file, 2);
    assert_eq!(
        (gone.body.as_str(), gone.deleted_by),
        ("", Some(UserId::from_random(2)))
    );
}

#[test]
fn what_was_written_in_a_deleted_message_is_not_kept_when_it_comes_later() {
    let mut file = caught_up(3);
    take(&mut file, vec![truncated(vec![entry_by(2, 8), delete(9, 5)])]);
    keep(&mut file, Anchor::Before(8), page(4..=7), Vec::new());
    let held = every_entry(file.connection(), &id());
    assert_eq!(held[4].kind, entry_by(2, 5).kind.blanked());
}

#[test]
fn an_entry_that_comes_again_blanked_is_blanked_here() {
    let mut file = caught_up(3);
    let blank = Entry {
        kind: entry_by(2, 2).kind.blanked(),
        ..entry_by(2, 2)
    };
    let (outcome, changes) = take(&mut file, vec![live(blank.clone())]);
    assert_eq!(outcome.resume, None);
    assert_eq!(different(&changes)[0].body, "");
    assert_eq!(every_entry(file.connection(), &id())[1], blank);
    // The log says what it says: an old answer with the text brings nothing back.
    let (outcome, _) = take(&mut file, vec![live(entry_by(2, 2))]);
    assert_eq!(outcome.resume, None);
    assert_eq!(every_entry(file.connection(), &id())[1], blank);
}

#[test]
fn another_text_at_the_same_position_is_another_log() {
    let mut file = caught_up(3);
    let body = "forged".to_owned();
    let other = entry(2, 2, EntryKind::message(body, None));
    let (outcome, _) = take(&mut file, vec![live(other)]);
    assert!(outcome.resume.is_some());
}

#[test]
fn a_page_brings_what_became_of_its_messages_and_of_no_others() {
    let mut file = caught_up(3);
    let newest = Page {
        conversation: id(),
        epoch: "one".to_owned(),
        entries: page(8..=9),
        messages: vec![state(8, &[react(3, 7, 8)]), state(2, &[delete(5, 2)])],
    };
    take(&mut file, vec![Event::Truncated(newest)]);
    assert_eq!(view(&mut file, 8).reactions.len(), 1);
    assert_eq!(view(&mut file, 2).deleted_by, None);
}

#[test]
fn what_lies_below_a_hole_is_in_doubt_until_it_was_looked_at_again() {
    let mut file = caught_up(3);
    assert!(!is_stale(&mut file, 2));
    take(&mut file, vec![truncated(page(8..=9))]);
    assert!(is_stale(&mut file, 2) && !is_stale(&mut file, 8));

    let missed = state(2, &[edit(5, 2, "better")]);
    let changes = keep(&mut file, Anchor::After(0), page(1..=3), vec![missed]);

    assert_eq!(different(&changes)[0].body, "better");
    assert!(!is_stale(&mut file, 1) && !is_stale(&mut file, 3));
    let again = keep(&mut file, Anchor::After(0), page(1..=3), Vec::new());
    assert_eq!(again, []);
}

#[test]
fn a_page_that_is_older_than_the_hole_leaves_it_in_doubt() {
    let mut file = caught_up(3);
    take(&mut file, vec![truncated(page(18..=19))]);
    // Folded up to 9, as the answer says, and the hole goes to 17.
    keep(&mut file, Anchor::After(0), page(1..=3), Vec::new());
    assert!(is_stale(&mut file, 2));
}

#[test]
fn a_hole_that_was_filled_leaves_nothing_in_doubt() {
    let mut file = caught_up(3);
    take(&mut file, vec![truncated(page(8..=9))]);
    let mut between = page(4..=7);
    between[1] = edit(5, 2, "better");
    let changes = keep(&mut file, Anchor::Before(8), between, Vec::new());
    assert!(!is_stale(&mut file, 2));
    assert_eq!(different(&changes)[0].body, "better");
}

#[test]
fn a_reaction_that_came_before_its_message_is_there_with_it() {
    let mut file = caught_up(3);
    take(&mut file, vec![truncated(vec![entry_by(2, 8), react(3, 9, 5)])]);
    keep(&mut file, Anchor::Before(8), page(4..=7), Vec::new());
    assert_eq!(view(&mut file, 5).reactions[0].people, [UserId::from_random(3)]);
}

#[test]
fn an_answer_shows_what_it_answers_as_that_is_now() {
    let mut file = caught_up(3);
    take(&mut file, vec![live(reply(4, 2)), live(reply(5, 90))]);
    let answered = view(&mut file, 4).reply.unwrap();
    assert_eq!((answered.seq, answered.excerpt.as_deref()), (2, Some("body 2")));
    let unknown = view(&mut file, 5).reply.unwrap();
    assert_eq!((unknown.author, unknown.excerpt, unknown.deleted), (None, None, false));

    let (_, changes) = take(&mut file, vec![live(edit(6, 2, &"x".repeat(300)))]);
    let told: Vec<u64> = different(&changes).iter().map(|message| message.seq).collect();
    assert_eq!(told, [2, 4]);
    assert_eq!(view(&mut file, 4).reply.unwrap().excerpt, Some("x".repeat(200)));

    take(&mut file, vec![live(delete(7, 2))]);
    let answered = view(&mut file, 4).reply.unwrap();
    assert_eq!((answered.excerpt, answered.deleted), (None, true));
}

#[test]
fn an_answer_is_told_anew_when_what_it_answers_comes() {
    let mut file = caught_up(3);
    take(&mut file, vec![truncated(vec![entry_by(2, 8), reply(9, 5)])]);
    let changes = keep(&mut file, Anchor::Before(8), page(4..=7), Vec::new());
    let answers: Vec<MessageView> = different(&changes).into_iter().filter(|view| view.seq == 9).collect();
    assert_eq!(answers, [view(&mut file, 9)]);
    assert_eq!(answers[0].reply.as_ref().unwrap().excerpt.as_deref(), Some("body 5"));
}

#[test]
fn topic_and_archive_follow_entries() {
    let mut file = caught_up(3);
    let topic = "Lunch".to_owned();
    take(
        &mut file,
        vec![
            live(entry(2, 4, EntryKind::Topic { topic })),
            live(entry(2, 5, EntryKind::Archived { on: true })),
        ],
    );
    let row = crate::store::conversations::row(file.connection(), &id())
        .unwrap()
        .unwrap();
    assert_eq!((row.topic.as_str(), row.archived), ("Lunch", true));
}
