//! Sessions.

use protocol::rest::identity::Device;
use protocol::{SessionId, UserId};
use service_kit::store::StoreError;

use super::{Store, lines, new_person, note};
use crate::sessions::{EndReason, Ended, EndedSession, RefreshState, Seen, Session};
use crate::store::Replaced;

pub(in crate::store) fn session(number: u128) -> Session {
    Session {
        id: SessionId::from_random(number),
        user: UserId::from_random(1),
        code_request: format!("r_{number}"),
        device: Device {
            name: "desk".to_owned(),
            system: "Debian 12".to_owned(),
        },
        refresh: RefreshState {
            generation: 0,
            hash: [7; 32],
        },
        created_at: 10,
        seen: seen(10),
        ended: None,
    }
}

pub(super) fn seen(at: i64) -> Seen {
    Seen {
        at,
        address: format!("192.0.2.{at}"),
    }
}

pub(super) fn end(why: EndReason, at: i64) -> Ended {
    Ended { at, why }
}

pub(super) async fn a_code_request_makes_one_session(store: &dyn Store) {
    store.add_session(&session(1), &[]).await.unwrap();
    let second = Session {
        id: SessionId::from_random(2),
        ..session(1)
    };
    let stored = store.add_session(&second, &[]).await;
    assert!(matches!(stored, Err(StoreError::Duplicate)), "got {stored:?}");
    assert_eq!(
        store.session(&SessionId::from_random(1)).await.unwrap(),
        Some(session(1))
    );
    assert_eq!(store.session(&SessionId::from_random(2)).await.unwrap(), None);
}

pub(super) async fn a_session_rotates_from_one_generation_to_the_next_only(store: &dyn Store) {
    store.add_session(&session(1), &[]).await.unwrap();
    let id = SessionId::from_random(1);
    let next = RefreshState {
        generation: 1,
        hash: [8; 32],
    };
    assert!(store.rotate(&id, &next, &seen(20)).await.unwrap());
    assert!(!store.rotate(&id, &next, &seen(20)).await.unwrap());
    let rotated = store.session(&id).await.unwrap().unwrap();
    assert_eq!((rotated.refresh, rotated.seen), (next, seen(20)));
}

pub(super) async fn the_first_end_of_a_session_stands(store: &dyn Store) {
    store.add_session(&session(1), &[]).await.unwrap();
    let id = SessionId::from_random(1);
    assert_eq!(
        store
            .end_session(&id, end(EndReason::SignedOut, 30), &[note("ended")])
            .await
            .unwrap(),
        Some(30)
    );
    assert_eq!(
        store
            .end_session(&id, end(EndReason::Idle, 40), &[note("ended")])
            .await
            .unwrap(),
        Some(30)
    );
    assert_eq!(
        store.session(&id).await.unwrap().unwrap().ended,
        Some(end(EndReason::SignedOut, 30))
    );
    assert_eq!(lines(store).await, [note("ended")], "only the first end is noted");
    assert_eq!(
        store
            .end_session(&SessionId::from_random(9), end(EndReason::Idle, 40), &[note("ended")])
            .await
            .unwrap(),
        None
    );
}

pub(super) async fn an_ended_session_does_not_rotate(store: &dyn Store) {
    store.add_session(&session(1), &[]).await.unwrap();
    let id = SessionId::from_random(1);
    store
        .end_session(&id, end(EndReason::TokenReused, 30), &[note("ended")])
        .await
        .unwrap();
    let next = RefreshState {
        generation: 1,
        hash: [8; 32],
    };
    assert!(!store.rotate(&id, &next, &seen(40)).await.unwrap());
}

pub(super) async fn ended_sessions_are_listed_by_time_and_forgotten(store: &dyn Store) {
    for (number, ended_at) in [(1, 100), (2, 200)] {
        store.add_session(&session(number), &[]).await.unwrap();
        store
            .end_session(
                &SessionId::from_random(number),
                end(EndReason::SignedOut, ended_at),
                &[note("ended")],
            )
            .await
            .unwrap();
    }
    store.add_session(&session(3), &[]).await.unwrap();
    assert_eq!(
        store.sessions_ended_since(200).await.unwrap(),
        vec![(SessionId::from_random(2), 200)]
    );
    store.forget_sessions_ended_before(200).await.unwrap();
    assert_eq!(store.session(&SessionId::from_random(1)).await.unwrap(), None);
    assert!(store.session(&SessionId::from_random(2)).await.unwrap().is_some());
    assert!(store.session(&SessionId::from_random(3)).await.unwrap().is_some());
}

pub(super) async fn a_session_is_noted_with_it_and_not_when_it_is_a_duplicate(store: &dyn Store) {
    store.add_session(&session(1), &[note("one")]).await.unwrap();
    let second = Session {
        id: SessionId::from_random(2),
        ..session(1)
    };
    assert!(store.add_session(&second, &[note("two")]).await.is_err());
    assert_eq!(lines(store).await, [note("one")]);
}

pub(super) async fn running_sessions_are_listed_by_use_and_person(store: &dyn Store) {
    for (number, used_at) in [(1, 10), (2, 30), (3, 20), (4, 40)] {
        let session = Session {
            seen: seen(used_at),
            ..session(number)
        };
        store.add_session(&session, &[]).await.unwrap();
    }
    let other = Session {
        user: UserId::from_random(2),
        ..session(5)
    };
    store.add_session(&other, &[]).await.unwrap();
    let ended = SessionId::from_random(4);
    store
        .end_session(&ended, end(EndReason::Revoked, 50), &[])
        .await
        .unwrap();
    let running = async |most| {
        let sessions = store.running_sessions_of(&UserId::from_random(1), most).await.unwrap();
        sessions.into_iter().map(|session| session.seen.at).collect::<Vec<_>>()
    };
    assert_eq!(running(9).await, [30, 20, 10]);
    assert_eq!(running(2).await, [30, 20]);
}

pub(super) async fn sessions_that_nobody_used_are_ended(store: &dyn Store) {
    for (number, used_at) in [(1, 10), (2, 30)] {
        let session = Session {
            seen: seen(used_at),
            ..session(number)
        };
        store.add_session(&session, &[]).await.unwrap();
    }
    store
        .end_sessions_unused_since(30, end(EndReason::Idle, 90))
        .await
        .unwrap();
    let ended = async |number| {
        store
            .session(&SessionId::from_random(number))
            .await
            .unwrap()
            .unwrap()
            .ended
    };
    assert_eq!(ended(1).await, Some(end(EndReason::Idle, 90)));
    assert_eq!(ended(2).await, None);
}

pub(super) async fn an_end_waits_to_be_announced_until_it_was(store: &dyn Store) {
    for number in 1..=3 {
        store.add_session(&session(number), &[]).await.unwrap();
    }
    assert_eq!(store.unannounced_ends(9).await.unwrap(), []);
    // What has not ended cannot have been announced.
    store.mark_end_announced(&SessionId::from_random(1)).await.unwrap();
    let (first, second) = (SessionId::from_random(1), SessionId::from_random(2));
    store
        .end_session(&first, end(EndReason::SignedOut, 30), &[])
        .await
        .unwrap();
    store
        .rotate(
            &second,
            &RefreshState {
                generation: 1,
                hash: [8; 32],
            },
            &seen(90),
        )
        .await
        .unwrap();
    store
        .end_sessions_unused_since(50, end(EndReason::Idle, 100))
        .await
        .unwrap();
    let ended = |number, at| EndedSession {
        session: SessionId::from_random(number),
        person: UserId::from_random(1),
        at,
    };
    let mut waiting = store.unannounced_ends(9).await.unwrap();
    waiting.sort_by_key(|ended| ended.at);
    assert_eq!(waiting, [ended(1, 30), ended(3, 100)]);
    assert_eq!(store.unannounced_ends(1).await.unwrap().len(), 1);
    store.mark_end_announced(&first).await.unwrap();
    // A second end is none.
    store
        .end_session(&first, end(EndReason::Revoked, 110), &[])
        .await
        .unwrap();
    assert_eq!(store.unannounced_ends(9).await.unwrap(), [ended(3, 100)]);
}

pub(super) async fn running_sessions_of_the_deactivated_are_found(store: &dyn Store) {
    let mut ada = store.add_person(&new_person(1, "ada@example.org")).await.unwrap();
    store.add_person(&new_person(2, "ben@example.org")).await.unwrap();
    let of_ben = Session {
        user: UserId::from_random(2),
        ..session(3)
    };
    for session in [session(1), session(2), of_ben] {
        store.add_session(&session, &[]).await.unwrap();
    }
    assert_eq!(store.running_sessions_of_the_deactivated().await.unwrap(), []);
    (ada.active, ada.version) = (false, 2);
    assert_eq!(store.replace_person(&ada, &[]).await.unwrap(), Replaced::Done);
    let id = SessionId::from_random(1);
    store
        .end_session(&id, end(EndReason::Deactivated, 20), &[])
        .await
        .unwrap();
    let found = store.running_sessions_of_the_deactivated().await.unwrap();
    assert_eq!(found, [SessionId::from_random(2)]);
}

pub(super) async fn sessions_that_were_ended_from_elsewhere_are_never_forgotten(store: &dyn Store) {
    let reasons = [
        EndReason::SignedOut,
        EndReason::Revoked,
        EndReason::TokenReused,
        EndReason::Idle,
        EndReason::Deactivated,
    ];
    for (number, why) in (1..).zip(reasons) {
        store.add_session(&session(number), &[]).await.unwrap();
        let id = SessionId::from_random(number);
        store.end_session(&id, end(why, 20), &[]).await.unwrap();
    }
    store.forget_sessions_ended_before(1_000).await.unwrap();
    let mut kept = Vec::new();
    for number in 1..=5 {
        let session = store.session(&SessionId::from_random(number)).await.unwrap();
        kept.extend(session.and_then(|session| session.ended).map(|ended| ended.why));
    }
    assert_eq!(kept, [EndReason::Revoked, EndReason::Deactivated]);
}
