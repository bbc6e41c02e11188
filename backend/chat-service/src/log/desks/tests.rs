use protocol::{ErrorCode, Visibility};

use super::*;
use crate::store::ConversationStore as _;
use crate::testing::{channel, conversation, desks, send, sqlite, user};

const A_MINUTE_MS: u64 = 60_001;

async fn one_channel() -> (tempfile::TempDir, Desks) {
    let (folder, store) = sqlite();
    let record = channel(1, Visibility::Private, &[user(1)]);
    store.add_conversation(record, Vec::new()).await.unwrap();
    (folder, desks(Arc::new(store)))
}

#[tokio::test]
async fn everybody_gets_the_same_desk() {
    let (_folder, desks) = one_channel().await;
    let id = conversation(1);
    let (one, other) = tokio::join!(desks.open(&id), desks.open(&id));
    assert!(Arc::ptr_eq(&one.unwrap(), &other.unwrap()));
}

#[tokio::test]
async fn an_idle_conversation_is_closed_and_goes_on_where_it_was() {
    let (_folder, desks) = one_channel().await;
    let id = conversation(1);
    let desk = desks.open(&id).await.unwrap();
    desk.carry_out(send(&user(1), 1, "one")).await.unwrap();

    desks.sweep(desks.now_ms() + A_MINUTE_MS);
    assert!(desks.opened(&id).is_some(), "somebody holds it");
    drop(desk);
    desks.sweep(desks.now_ms());
    assert!(desks.opened(&id).is_some(), "it was used just now");
    desks.sweep(desks.now_ms() + A_MINUTE_MS);
    assert!(desks.opened(&id).is_none());

    let desk = desks.open(&id).await.unwrap();
    let Answer::Stored(entry) = desk.carry_out(send(&user(1), 2, "two")).await.unwrap() else {
        panic!("a message is always stored")
    };
    assert_eq!(entry.seq, 2);
}

#[tokio::test]
async fn ids_that_name_nothing_leave_nothing_behind() {
    let (_folder, desks) = one_channel().await;
    for number in 2..100 {
        let refusal = desks.open(&conversation(number)).await.err().unwrap();
        assert_eq!(refusal.code, ErrorCode::NotFound);
    }
    assert!(desks.table().is_empty());
}

#[tokio::test]
async fn a_stopping_process_opens_nothing_more() {
    let (_folder, desks) = one_channel().await;
    desks.tools.lifecycle.stop();
    let refusal = desks.open(&conversation(1)).await.err().unwrap();
    assert_eq!(refusal.code, ErrorCode::Unavailable);
}

#[tokio::test]
async fn a_conversation_that_is_being_opened_is_known_as_such() {
    let (_folder, desks) = one_channel().await;
    let id = conversation(1);
    assert!(!desks.is_opening(&id));
    // As long as whoever opens it reads, its place is empty.
    desks.table().entry(id.clone()).or_default();
    assert!(desks.is_opening(&id));
    assert!(desks.open(&id).await.is_ok());
    assert!(!desks.is_opening(&id));
}
