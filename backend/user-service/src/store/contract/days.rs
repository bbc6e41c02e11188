//! Counts per address and day.

use protocol::Email;

use super::Store;

pub(super) async fn counts_stop_at_the_limit_and_are_kept_apart(store: &dyn Store) {
    let (ada, same, ben) = (
        Email::parse("ada@example.org").unwrap(),
        Email::parse("ADA@example.org").unwrap(),
        Email::parse("ben@example.org").unwrap(),
    );
    assert!(store.count_code(&ada, 1, 2).await.unwrap());
    assert!(store.count_code(&same, 1, 2).await.unwrap());
    assert!(!store.count_code(&ada, 1, 2).await.unwrap());
    assert!(
        store.count_try(&ada, 1, 1).await.unwrap(),
        "tries are counted beside codes"
    );
    assert!(!store.count_try(&ada, 1, 1).await.unwrap());
    assert!(store.count_code(&ada, 2, 2).await.unwrap(), "another day");
    assert!(store.count_code(&ben, 1, 2).await.unwrap(), "another address");
    store.forget_days_before(2).await.unwrap();
    assert!(store.count_code(&ada, 1, 1).await.unwrap());
    assert!(!store.count_code(&ada, 2, 1).await.unwrap());
}
