use super::*;

fn client_id(number: u128) -> ClientId {
    ClientId::from_random(number)
}

fn refusal(code: ErrorCode) -> Refused {
    Refused {
        code,
        detail: "because".to_owned(),
        retry_after: None,
    }
}

fn send(number: u128) -> Asked {
    Asked::Send {
        client_id: client_id(number),
        is_act: false,
    }
}

fn stored(number: u128) -> Entry {
    Entry {
        conversation: ConversationId::from_random(1),
        seq: 1,
        ordinal: 1,
        at: 0,
        author: protocol::UserId::from_random(1),
        client_id: client_id(number),
        kind: protocol::EntryKind::message("hello".to_owned(), None),
    }
}

#[test]
fn a_message_that_is_said_to_be_stored_without_an_entry_is_not_sent_again_in_a_circle() {
    let now = Instant::now();
    let mut requests = Requests::new();
    let answers: Vec<bool> = (0..MOST_SERVER_FAULTS)
        .map(|_| {
            let id = requests.ask(send(1), now);
            requests.acknowledged(id, None, now).is_some()
        })
        .collect();
    assert_eq!(answers, [false, false, false, false, true]);
    assert!(requests.send_pause.holds(now));
}

#[test]
fn an_act_that_changed_nothing_is_answered() {
    let mut requests = Requests::new();
    let act = Asked::Send {
        client_id: client_id(1),
        is_act: true,
    };
    let id = requests.ask(act, Instant::now());
    let event = requests.acknowledged(id, None, Instant::now());
    assert!(matches!(event, Some(Event::Unchanged(of)) if of == client_id(1)));
}

#[test]
fn a_message_the_server_will_never_take_is_refused_for_good() {
    for code in [
        ErrorCode::BodyEmpty,
        ErrorCode::BodyTooLong,
        ErrorCode::NotFound,
        ErrorCode::Forbidden,
        ErrorCode::ClientIdReused,
    ] {
        let event = Requests::new().refused(send(1), refusal(code), Instant::now());
        assert!(matches!(event, Some(Event::SendRefused { .. })), "{code}");
    }
}

#[test]
fn a_busy_server_pauses_sends_and_nothing_is_refused() {
    for code in [
        ErrorCode::RateLimited,
        ErrorCode::Unavailable,
        ErrorCode::StorageFull,
        ErrorCode::OutOfOrder,
    ] {
        let now = Instant::now();
        let mut requests = Requests::new();
        assert!(requests.refused(send(1), refusal(code), now).is_none(), "{code}");
        assert!(requests.send_pause.holds(now), "{code}");
        assert!(!requests.read_pause.holds(now), "{code}");
    }
}

#[test]
fn a_pause_is_as_long_as_the_server_says() {
    let now = Instant::now();
    let mut requests = Requests::new();
    let retry_after = Some(Duration::from_secs(7));
    let told = Refused {
        retry_after,
        ..refusal(ErrorCode::RateLimited)
    };
    requests.refused(send(1), told, now);
    assert_eq!(requests.pause_ends(), Some(now + Duration::from_secs(7)));
}

#[test]
fn those_behind_a_refused_message_do_not_make_the_pause_longer() {
    let now = Instant::now();
    let mut requests = Requests::new();
    requests.refused(send(1), refusal(ErrorCode::RateLimited), now);
    let ends = requests.pause_ends();
    for number in 2..20 {
        requests.refused(send(number), refusal(ErrorCode::OutOfOrder), now);
    }
    assert_eq!(requests.pause_ends(), ends);
}

#[test]
fn pauses_grow_until_something_is_stored() {
    let mut now = Instant::now();
    let mut requests = Requests::new();
    let mut pauses = Vec::new();
    for _ in 0..8 {
        requests.refused(send(1), refusal(ErrorCode::Unavailable), now);
        let ends = requests.pause_ends().unwrap();
        pauses.push((ends - now).as_millis());
        now = ends;
        requests.end_pauses(now);
    }
    assert_eq!(pauses, [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    let id = requests.ask(send(2), now);
    requests.acknowledged(id, Some(stored(2)), now);
    requests.refused(send(1), refusal(ErrorCode::Unavailable), now);
    assert_eq!(requests.pause_ends(), Some(now + Duration::from_millis(500)));
}

#[test]
fn a_server_that_keeps_failing_at_one_message_does_not_hold_up_the_rest_for_ever() {
    let mut requests = Requests::new();
    let refusals: Vec<bool> = (0..MOST_SERVER_FAULTS)
        .map(|_| {
            requests
                .refused(send(1), refusal(ErrorCode::Internal), Instant::now())
                .is_some()
        })
        .collect();
    assert_eq!(refusals, [false, false, false, false, true]);
}

#[test]
fn an_answer_is_overdue_after_its_time_and_only_then() {
    let now = Instant::now();
    let mut requests = Requests::new();
    let id = requests.ask(send(1), now);
    assert!(!requests.overdue(now + ANSWER_TIMEOUT.checked_sub(Duration::from_millis(1)).unwrap()));
    assert!(requests.overdue(now + ANSWER_TIMEOUT));
    requests.acknowledged(id, Some(stored(1)), now);
    assert!(!requests.overdue(now + ANSWER_TIMEOUT));
}

#[test]
fn an_answer_to_what_was_never_asked_is_nothing() {
    let mut requests = Requests::new();
    assert!(requests.acknowledged(77, None, Instant::now()).is_none());
    assert!(requests.answered(77).is_none());
}

#[test]
fn it_is_known_when_the_first_answer_is_overdue() {
    let mut requests = Requests::new();
    let now = Instant::now();
    assert_eq!(requests.overdue_at(), None);
    let first = requests.ask(send(1), now);
    requests.ask(send(2), now + Duration::from_secs(1));
    assert_eq!(requests.overdue_at(), Some(now + ANSWER_TIMEOUT));
    assert!(requests.overdue(now + ANSWER_TIMEOUT));
    requests.answered(first);
    assert!(!requests.overdue(now + ANSWER_TIMEOUT));
}
