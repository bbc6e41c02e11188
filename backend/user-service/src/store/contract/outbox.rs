//! Events that are kept until they are published.

use super::{Store, kept};

pub(super) async fn events_wait_the_oldest_first_until_they_are_forgotten(store: &dyn Store) {
    for (id, kept_at) in [("b", 20), ("c", 10), ("a", 20)] {
        store.keep(&kept(id, kept_at)).await.unwrap();
    }
    let in_order = [kept("c", 10), kept("a", 20), kept("b", 20)];
    assert_eq!(store.waiting(9).await.unwrap(), in_order);
    assert_eq!(store.waiting(1).await.unwrap(), in_order[..1]);
    for _ in 0..2 {
        store.forget("a").await.unwrap();
    }
    assert_eq!(store.waiting(9).await.unwrap(), [kept("c", 10), kept("b", 20)]);
}

pub(super) async fn an_event_that_is_kept_twice_waits_once(store: &dyn Store) {
    store.keep(&kept("a", 20)).await.unwrap();
    store.keep(&kept("a", 20)).await.unwrap();
    assert_eq!(store.waiting(9).await.unwrap(), [kept("a", 20)]);
    store.forget("a").await.unwrap();
    assert_eq!(store.waiting(9).await.unwrap(), []);
}
