//! Live signs: receipts and when people were last active.

use protocol::event::PersonChanged;
use protocol::{ReadMark, Receipt, Role, UserId};

use crate::store::ChatStore;
use crate::testing::{conversation, message, user};

every_adapter!(
    a_receipt_is_the_highest_ordinal_ever_read,
    writing_a_message_counts_as_reading_up_to_it,
    a_late_mark_of_an_old_generation_still_was_read,
    receipts_are_of_one_conversation_and_of_those_asked_for,
    the_last_activity_never_goes_back,
    only_people_have_been_seen,
);

async fn read(store: &dyn ChatStore, person: &UserId, generation: u32, ordinal: u64) -> ReadMark {
    let mark = ReadMark { generation, ordinal };
    store.raise_read_mark(person, &conversation(1), mark).await.unwrap()
}

async fn furthest(store: &dyn ChatStore, person: u128) -> Option<u64> {
    let receipts = store.receipts(&conversation(1), vec![user(person)]).await.unwrap();
    receipts.first().map(|receipt| receipt.ordinal)
}

async fn a_receipt_is_the_highest_ordinal_ever_read(store: &dyn ChatStore) {
    assert_eq!(furthest(store, 1).await, None);
    read(store, &user(1), 0, 9).await;
    assert_eq!(furthest(store, 1).await, Some(9));
    let unread = read(store, &user(1), 1, 3).await;
    assert_eq!((unread.generation, unread.ordinal), (1, 3));
    assert_eq!(furthest(store, 1).await, Some(9), "marking as unread is private");
    read(store, &user(1), 1, 12).await;
    assert_eq!(furthest(store, 1).await, Some(12));
}

async fn writing_a_message_counts_as_reading_up_to_it(store: &dyn ChatStore) {
    read(store, &user(1), 4, 0).await;
    let entries = (1..=3).map(|seq| message(&conversation(1), seq, &user(1)));
    let appended = store.append(entries.collect()).await.unwrap();
    let within_the_generation = ReadMark {
        generation: 4,
        ordinal: 3,
    };
    assert_eq!(appended.read, [(user(1), within_the_generation)]);
    assert_eq!(furthest(store, 1).await, Some(3));
}

async fn a_late_mark_of_an_old_generation_still_was_read(store: &dyn ChatStore) {
    read(store, &user(1), 2, 3).await;
    let held = read(store, &user(1), 1, 8).await;
    assert_eq!((held.generation, held.ordinal), (2, 3), "the mark stays");
    assert_eq!(furthest(store, 1).await, Some(8));
}

async fn receipts_are_of_one_conversation_and_of_those_asked_for(store: &dyn ChatStore) {
    for number in 1..=3 {
        read(store, &user(number), 0, 5).await;
    }
    let mark = ReadMark {
        generation: 0,
        ordinal: 70,
    };
    store.raise_read_mark(&user(1), &conversation(2), mark).await.unwrap();
    let asked = vec![user(1), user(3), user(4)];
    let mut receipts = store.receipts(&conversation(1), asked).await.unwrap();
    receipts.sort_by(|one, other| one.person.cmp(&other.person));
    let receipt = |number| Receipt {
        person: user(number),
        ordinal: 5,
    };
    assert_eq!(receipts, [receipt(1), receipt(3)]);
}

async fn add_person(store: &dyn ChatStore, number: u128) {
    let person = PersonChanged {
        id: user(number),
        name: "Ada".to_owned(),
        active: true,
        role: Role::Member,
        version: 1,
    };
    assert!(store.put_person(person).await.unwrap());
}

async fn the_last_activity_never_goes_back(store: &dyn ChatStore) {
    for number in 1..=3 {
        add_person(store, number).await;
    }
    store
        .raise_last_seen(vec![(user(1), 100), (user(2), 200)])
        .await
        .unwrap();
    store
        .raise_last_seen(vec![(user(1), 90), (user(2), 300)])
        .await
        .unwrap();
    let seen = store.last_seen(vec![user(1), user(2), user(3)]).await.unwrap();
    assert_eq!(seen, [(user(1), Some(100)), (user(2), Some(300)), (user(3), None)]);
}

async fn only_people_have_been_seen(store: &dyn ChatStore) {
    add_person(store, 1).await;
    let seen = store.last_seen(vec![user(9), user(1)]).await.unwrap();
    assert_eq!(seen, [(user(1), None)]);
}
