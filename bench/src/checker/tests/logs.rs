//! Positions, order and messages.

use super::*;

#[test]
fn a_right_history_has_no_violation() {
    let logs = [log("ben", right_log()), log("cleo", right_log())];
    assert_eq!(check_logs(&deeds(), &logs), []);
}

#[test]
fn an_acknowledged_message_that_nobody_has_is_lost() {
    let mut short = right_log();
    short.pop();
    let violations = check_logs(&deeds(), &[log("ben", short.clone()), log("cleo", short)]);
    assert!(violations[0].detail.contains("body6"), "got {violations:?}");
    assert_eq!(breaches(violations), [Breach::Lost, Breach::Lost]);
}

#[test]
fn a_message_in_the_outbox_is_promised_and_one_on_the_way_there_is_not() {
    let late = |promise| deed(ada(), said("late"), promise);
    let with = |last| deeds().into_iter().chain([last]).collect::<Vec<_>>();
    let logs = [log("ben", right_log())];
    assert_eq!(check_logs(&with(late(Promise::None)), &logs), []);
    assert_eq!(breaches(check_logs(&with(late(Promise::Kept)), &logs)), [Breach::Lost]);
}

#[test]
fn a_message_that_stands_twice_is_doubled() {
    let mut log = right_log();
    log.push(Entry {
        ordinal: MESSAGES + 1,
        ..message(MESSAGES + 2, "body3")
    });
    assert_eq!(breaches_of(&log), [Breach::Doubled, Breach::Doubled]);
}

#[test]
fn a_message_that_stands_twice_under_two_client_ids_is_doubled() {
    let mut log = right_log();
    log.push(Entry {
        client_id: ClientId::from_random(9),
        ordinal: MESSAGES + 1,
        ..message(MESSAGES + 2, "body6")
    });
    assert_eq!(breaches_of(&log), [Breach::Doubled]);
}

#[test]
fn an_entry_read_twice_is_doubled() {
    let mut log = right_log();
    log.insert(3, log[2].clone());
    assert_eq!(breaches_at_cleo(log), [Breach::Doubled, Breach::Doubled]);
}

#[test]
fn entries_read_in_another_order_are_swapped() {
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
    let divergent = breaches.iter().filter(|breach| **breach == Breach::Divergent).count();
    assert_eq!(divergent, 2, "got {breaches:?}");
    assert!(breaches.contains(&Breach::Swapped), "got {breaches:?}");
}

#[test]
fn messages_of_one_device_in_another_order_than_written_are_swapped() {
    let mut deeds = deeds();
    for deed in &mut deeds {
        deed.promise = Promise::Kept;
    }
    deeds.swap(0, 1);
    let logs = [log("ben", right_log())];
    assert_eq!(breaches(check_logs(&deeds, &logs)), [Breach::Swapped]);
    // Two devices have no order among them.
    deeds[0].device = 1;
    assert_eq!(check_logs(&deeds, &logs), []);
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
    assert_eq!(breaches_of(&log), [Breach::Foreign]);
}

#[test]
fn a_message_that_answers_another_one_than_its_writer_did_is_foreign() {
    let mut log = right_log();
    log[3].kind = EntryKind::message("body3".to_owned(), Some(2));
    assert_eq!(breaches_of(&log), [Breach::Foreign]);
}

#[test]
fn a_wrong_ordinal_is_miscounted() {
    let mut log = right_log();
    log[6].ordinal = 9;
    assert_eq!(breaches_at_cleo(log), [Breach::Miscounted, Breach::Divergent]);
}
