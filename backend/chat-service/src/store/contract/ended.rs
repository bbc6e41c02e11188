//! Ended sessions, and how far logs reach.

use protocol::SessionId;

use crate::store::ChatStore;
use crate::testing::{channel, conversation, message, user};

every_adapter!(
    ended_sessions_are_found_by_when_they_were_noted_and_forgotten,
    the_first_end_of_a_session_counts,
    heads_are_those_of_the_logs,
);

fn session(number: u128) -> SessionId {
    SessionId::from_random(number)
}

async fn ended_sessions_are_found_by_when_they_were_noted_and_forgotten(store: &dyn ChatStore) {
    for (number, noted_at) in [(1, 1_000_000_000_000), (2, 2_000_000_000_000), (3, 3_000_000_000_000)] {
        store.add_ended_session(&session(number), noted_at).await.unwrap();
    }
    let mut since = store.sessions_ended_since(2_000_000_000_000).await.unwrap();
    since.sort_by_key(|(_, noted_at)| *noted_at);
    assert_eq!(
        since,
        [(session(2), 2_000_000_000_000), (session(3), 3_000_000_000_000)]
    );
    store.forget_sessions_ended_before(3_000_000_000_000).await.unwrap();
    let left = store.sessions_ended_since(0).await.unwrap();
    assert_eq!(left, [(session(3), 3_000_000_000_000)]);
}

async fn the_first_end_of_a_session_counts(store: &dyn ChatStore) {
    store.add_ended_session(&session(1), 5).await.unwrap();
    store.add_ended_session(&session(1), 9).await.unwrap();
    assert_eq!(store.sessions_ended_since(0).await.unwrap(), [(session(1), 5)]);
}

async fn heads_are_those_of_the_logs(store: &dyn ChatStore) {
    for number in [1, 2] {
        let record = channel(number, protocol::Visibility::Public, &[user(1)]);
        store.add_conversation(record, Vec::new()).await.unwrap();
    }
    let entries = (1..=3).map(|seq| message(&conversation(1), seq, &user(1))).collect();
    store.append(entries).await.unwrap();
    let ids = vec![conversation(1), conversation(2), conversation(3)];
    let heads = store.heads(ids).await.unwrap();
    let of = |number| {
        heads
            .iter()
            .find(|(id, _)| *id == conversation(number))
            .map_or(0, |(_, head)| *head)
    };
    assert_eq!((of(1), of(2), of(3)), (3, 0, 0), "{heads:?}");
}
