//! When a waiting message waits no more.

use protocol::{Conversation, Entry};

use super::rules::{caught_up, drawn, entry_by, id, live, page, said, take, truncated};
use crate::change::Change;
use crate::store::outbox;
use crate::store::testing::OpenFile;
use crate::sync::Event;
use crate::view::PendingMessage;

fn with_pending(file: &mut OpenFile, seq: u64) -> Entry {
    let stored = entry_by(1, seq);
    let message = PendingMessage {
        client_id: stored.client_id.as_str().to_owned(),
        conversation: id(),
        body: "body".to_owned(),
        reply: None,
        written_at: 0,
        failure: None,
    };
    file.write(|writing| outbox::add(writing, &message)).unwrap();
    stored
}

fn pending(file: &mut OpenFile) -> usize {
    outbox::of_conversation(file.connection(), &id()).unwrap().len()
}

#[test]
fn an_acknowledged_message_moves_from_the_outbox_into_the_log_at_once() {
    let mut file = caught_up(3);
    let stored = with_pending(&mut file, 4);
    let (_, changes) = take(&mut file, vec![Event::Stored(stored.clone())]);
    assert_eq!(
        changes[0],
        Change::Appended {
            conversation: id(),
            items: drawn(vec![stored.clone()]),
            last: 4,
        }
    );
    assert_eq!(
        changes[1],
        Change::Pending {
            conversation: id(),
            pending: Vec::new()
        }
    );
    let (outcome, changes) = take(&mut file, vec![live(stored)]);
    assert_eq!((outcome.resume, changes), (None, Vec::new()));
}

#[test]
fn a_message_acknowledged_early_waits_for_what_lies_before_it_and_is_not_sent_again() {
    let mut file = caught_up(3);
    let stored = with_pending(&mut file, 5);
    take(&mut file, vec![Event::Stored(stored.clone())]);
    assert_eq!(pending(&mut file), 1);
    assert_eq!(outbox::unsent(file.connection()).unwrap(), 0);
    take(&mut file, vec![live(entry_by(2, 4)), live(stored)]);
    assert_eq!(pending(&mut file), 0);
}

#[test]
fn a_message_that_lies_in_a_hole_waits_no_more() {
    let mut file = caught_up(3);
    let stored = with_pending(&mut file, 5);
    take(&mut file, vec![Event::Stored(stored), truncated(page(8..=9))]);
    assert_eq!(pending(&mut file), 0);
}

#[test]
fn a_repeat_that_was_stored_before_the_hole_waits_no_more() {
    let mut file = caught_up(3);
    let stored = with_pending(&mut file, 5);
    take(&mut file, vec![truncated(page(8..=9)), Event::Stored(stored)]);
    assert_eq!(pending(&mut file), 0);
}

#[test]
fn after_a_restore_what_was_acknowledged_is_sent_again() {
    let mut file = caught_up(3);
    let stored = with_pending(&mut file, 5);
    take(&mut file, vec![Event::Stored(stored)]);
    let restored = Conversation {
        epoch: "two".to_owned(),
        ..said(2)
    };
    take(&mut file, vec![Event::Welcome(vec![restored])]);
    assert_eq!(outbox::unsent(file.connection()).unwrap(), 1);
}
