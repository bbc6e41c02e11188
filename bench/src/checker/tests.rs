//! The checker is shown a right history and a wrong one of each kind.

mod acts;
mod logs;

use super::*;
use crate::drawing::draw;

const MESSAGES: u64 = 6;

fn ada() -> UserId {
    UserId::from_random(1)
}

fn ben() -> UserId {
    UserId::from_random(2)
}

/// Owns the channel.
fn olga() -> UserId {
    UserId::from_random(3)
}

fn conversation() -> ConversationId {
    ConversationId::from_random(1)
}

fn entry(seq: u64, author: UserId, kind: EntryKind) -> Entry {
    Entry {
        conversation: conversation(),
        seq,
        ordinal: MESSAGES,
        at: i64::try_from(seq).unwrap(),
        author,
        client_id: ClientId::from_random(u128::from(seq)),
        kind,
    }
}

fn said(body: &str) -> EntryKind {
    EntryKind::message(body.to_owned(), None)
}

fn message(seq: u64, body: &str) -> Entry {
    Entry {
        ordinal: seq - 1,
        client_id: ClientId::parse(&format!("m_{body}")).unwrap(),
        ..entry(seq, ada(), said(body))
    }
}

/// A channel that ada came into and wrote six acknowledged messages to, at 2 to 7.
fn right_log() -> Vec<Entry> {
    let joined = Entry {
        ordinal: 0,
        ..entry(1, ada(), EntryKind::Joined { person: ada() })
    };
    let messages = (1..=MESSAGES).map(|number| message(number + 1, &format!("body{number}")));
    std::iter::once(joined).chain(messages).collect()
}

fn deed(author: UserId, kind: EntryKind, promise: Promise) -> Deed {
    Deed {
        device: usize::from(author != ada()),
        author,
        conversation: conversation(),
        kind,
        client_id: None,
        promise,
    }
}

fn deeds() -> Vec<Deed> {
    let written = |number: u64| {
        let body = format!("body{number}");
        Deed {
            client_id: ClientId::parse(&format!("m_{body}")).ok(),
            ..deed(ada(), said(&body), Promise::Stored(number + 1))
        }
    };
    (1..=MESSAGES).map(written).collect()
}

fn log(observer: &str, entries: Vec<Entry>) -> Log {
    Log {
        observer: observer.to_owned(),
        conversation: conversation(),
        entries,
    }
}

fn check_logs(deeds: &[Deed], logs: &[Log]) -> Vec<Violation> {
    check(&History {
        deeds: deeds.to_vec(),
        logs: logs.to_vec(),
        shown: Vec::new(),
        moderators: vec![olga()],
    })
}

fn breaches(violations: Vec<Violation>) -> Vec<Breach> {
    violations.into_iter().map(|violation| violation.breach).collect()
}

/// The breaches of a history in which `cleo` sees `wrong` and `ben` what is right.
fn breaches_at_cleo(wrong: Vec<Entry>) -> Vec<Breach> {
    let violations = check_logs(&deeds(), &[log("ben", right_log()), log("cleo", wrong)]);
    assert!(
        violations.iter().all(|violation| violation.observer == "cleo"),
        "got {violations:?}"
    );
    breaches(violations)
}

/// The breaches when everybody sees the same.
fn breaches_of(entries: &[Entry]) -> Vec<Breach> {
    breaches(check_logs(&deeds(), &[log("cleo", entries.to_vec())]))
}

#[test]
fn a_device_that_shows_what_follows_from_the_log_is_right_and_another_is_misdrawn() {
    let mut history = History {
        deeds: deeds(),
        logs: vec![log("ben", right_log())],
        shown: vec![Shown {
            observer: "ada's desk".to_owned(),
            conversation: conversation(),
            person: ada(),
            items: draw(&right_log(), &ada()),
        }],
        moderators: Vec::new(),
    };
    assert_eq!(check(&history), []);
    let TimelineItem::Message(third) = &mut history.shown[0].items[3] else {
        panic!("not a message");
    };
    third.pinned = true;
    assert_eq!(breaches(check(&history)), [Breach::Misdrawn]);
    history.shown[0].items = draw(&right_log()[..4], &ada());
    assert_eq!(breaches(check(&history)), [Breach::Misdrawn]);
}
