//! The checker is shown a right history and a wrong one of each kind.

use protocol::ClientId;

use super::*;

const MESSAGES: u64 = 6;

fn ada() -> UserId {
    UserId::from_random(1)
}

fn conversation() -> ConversationId {
    ConversationId::from_random(1)
}

fn message(seq: u64, body: &str) -> Entry {
    Entry {
        conversation: conversation(),
        seq,
        ordinal: seq - 1,
        at: 0,
        author: ada(),
        client_id: ClientId::parse(&format!("m_{body}")).unwrap(),
        kind: EntryKind::Message { body: body.to_owned() },
    }
}

/// A channel that ada made and wrote six acknowledged messages to.
fn right_log() -> Vec<Entry> {
    let joined = Entry {
        kind: EntryKind::Joined { person: ada() },
        ordinal: 0,
        ..message(1, "joined")
    };
    let messages = (1..=MESSAGES).map(|number| message(number + 1, &format!("body{number}")));
    std::iter::once(joined).chain(messages).collect()
}

fn sent() -> Vec<Sent> {
    let promised = |number: u64| Sent {
        author: ada(),
        device: 0,
        conversation: conversation(),
        body: format!("body{number}"),
        promise: Promise::Stored(number + 1),
    };
    (1..=MESSAGES).map(promised).collect()
}

fn log(observer: &str, entries: Vec<Entry>) -> Log {
    Log {
        observer: observer.to_owned(),
        conversation: conversation(),
        entries,
    }
}

/// The breaches of a history in which `cleo` sees `wrong` and `ben` what is right.
fn breaches_at_cleo(wrong: Vec<Entry>) -> Vec<Breach> {
    let violations = check(&sent(), &[log("ben", right_log()), log("cleo", wrong)]);
    assert!(
        violations.iter().all(|violation| violation.observer == "cleo"),
        "got {violations:?}"
    );
    violations.into_iter().map(|violation| violation.breach).collect()
}

#[test]
fn a_right_history_has_no_violation() {
    assert_eq!(check(&sent(), &[log("ben", right_log()), log("cleo", right_log())]), []);
}

#[test]
fn an_acknowledged_message_that_nobody_has_is_lost() {
    let mut short = right_log();
    short.pop();
    let violations = check(&sent(), &[log("ben", short.clone()), log("cleo", short)]);
    let breaches: Vec<Breach> = violations.iter().map(|violation| violation.breach).collect();
    assert_eq!(breaches, [Breach::Lost, Breach::Lost]);
    assert!(violations[0].detail.contains("body6"), "got {violations:?}");
}

#[test]
fn a_message_in_the_outbox_is_promised_and_one_on_the_way_there_is_not() {
    let mut sent = sent();
    let promise = |promise| Sent {
        promise,
        body: "late".to_owned(),
        ..sent[0].clone()
    };
    let (kept, unheard) = (promise(Promise::Kept), promise(Promise::None));
    sent.push(unheard);
    assert_eq!(check(&sent, &[log("ben", right_log())]), []);
    sent.pop();
    sent.push(kept);
    assert_eq!(check(&sent, &[log("ben", right_log())])[0].breach, Breach::Lost);
}

#[test]
fn a_message_that_stands_twice_is_doubled() {
    let mut log = right_log();
    let again = Entry {
        ordinal: MESSAGES + 1,
        ..message(MESSAGES + 2, "body3")
    };
    log.push(again);
    let breaches = breaches_at_cleo_of_both(&log);
    assert_eq!(breaches, [Breach::Doubled, Breach::Doubled]);
}

/// The breaches at one observer when both see the same.
fn breaches_at_cleo_of_both(entries: &[Entry]) -> Vec<Breach> {
    let violations = check(&sent(), &[log("cleo", entries.to_vec())]);
    violations.into_iter().map(|violation| violation.breach).collect()
}

#[test]
fn a_message_that_stands_twice_under_two_client_ids_is_doubled() {
    let mut log = right_log();
    let again = Entry {
        client_id: ClientId::from_random(9),
        ordinal: MESSAGES + 1,
        ..message(MESSAGES + 2, "body6")
    };
    log.push(again);
    let breaches = breaches_at_cleo_of_both(&log);
    assert_eq!(breaches, [Breach::Doubled]);
}

#[test]
fn an_entry_shown_twice_is_doubled() {
    let mut log = right_log();
    log.insert(3, log[2].clone());
    assert_eq!(breaches_at_cleo(log), [Breach::Doubled, Breach::Doubled]);
}

#[test]
fn entries_shown_in_another_order_are_swapped() {
    let mut log = right_log();
    log.swap(2, 3);
    assert!(breaches_at_cleo(log).contains(&Breach::Swapped));
}

#[test]
fn entries_that_changed_places_with_their_numbers_are_swapped_and_divergent() {
    let mut log = right_log();
    log.swap(2, 3);
    (log[2].seq, log[3].seq) = (3, 4);
    (log[2].ordinal, log[3].ordinal) = (2, 3);
    let breaches = breaches_at_cleo(log);
    assert_eq!(
        breaches.iter().filter(|breach| **breach == Breach::Divergent).count(),
        2,
        "got {breaches:?}"
    );
    assert!(breaches.contains(&Breach::Swapped), "got {breaches:?}");
}

#[test]
fn messages_of_one_device_in_another_order_than_written_are_swapped() {
    let mut sent = sent();
    for message in &mut sent {
        message.promise = Promise::Kept;
    }
    sent.swap(0, 1);
    let violations = check(&sent, &[log("ben", right_log())]);
    assert_eq!(violations.len(), 1, "got {violations:?}");
    assert_eq!(violations[0].breach, Breach::Swapped);
    // Two devices have no order among them.
    sent[0].device = 1;
    assert_eq!(check(&sent, &[log("ben", right_log())]), []);
}

#[test]
fn a_missing_position_is_a_hole() {
    let mut log = right_log();
    log.remove(0);
    assert_eq!(breaches_at_cleo(log), [Breach::Hole]);
}

#[test]
fn a_log_that_ends_before_the_others_has_a_hole_at_its_end() {
    let mut log = right_log();
    log.pop();
    assert_eq!(breaches_at_cleo(log), [Breach::Hole, Breach::Lost]);
}

#[test]
fn another_entry_at_a_position_is_divergent() {
    let mut log = right_log();
    log[2].at += 1;
    assert_eq!(breaches_at_cleo(log), [Breach::Divergent]);
}

#[test]
fn a_message_that_nobody_wrote_is_foreign() {
    let mut log = right_log();
    log.push(message(MESSAGES + 2, "forged"));
    let breaches = breaches_at_cleo_of_both(&log);
    assert_eq!(breaches, [Breach::Foreign]);
}

#[test]
fn a_wrong_ordinal_is_miscounted() {
    let mut log = right_log();
    log[6].ordinal = 9;
    assert_eq!(breaches_at_cleo(log), [Breach::Miscounted, Breach::Divergent]);
}
