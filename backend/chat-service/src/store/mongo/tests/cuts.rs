use std::sync::Arc;

use service_kit::store::mongo::{Address, Mongo};
use test_kit::engines::MongoDatabase;
use test_kit::fault_proxy::{Direction, FaultProxy, Network};

use super::seqs;
use crate::log::Answer;
use crate::store::mongo::MongoStore;
use crate::store::{ConversationStore as _, LogStore as _, StoreError};
use crate::testing::{channel, conversation, desks, message, mongo, send, user};

/// The store by way of a network that can fail.
async fn behind_a_proxy(database: &MongoDatabase) -> (FaultProxy, MongoStore) {
    let proxy = FaultProxy::to(database.server()).await.unwrap();
    let address = Address::parse(&database.url_by_way_of(proxy.address())).unwrap();
    (proxy, MongoStore::new(Mongo::new(address)))
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn an_append_whose_answer_is_lost_is_unknown_and_stored() {
    let (database, direct) = mongo().await;
    let (proxy, store) = behind_a_proxy(&database).await;
    store
        .append(vec![message(&conversation(1), 1, &user(1))])
        .await
        .unwrap();

    proxy.cut_after(Direction::ToClient, 0);
    let appended = store.append(vec![message(&conversation(1), 2, &user(1))]).await;

    assert!(matches!(appended, Err(StoreError::Unknown)), "got {appended:?}");
    let stored = || async { (seqs(&direct, &conversation(1)).await == [1, 2]).then_some(()) };
    test_kit::wait::until("the entry to be stored", test_kit::wait::PATIENCE, stored)
        .await
        .unwrap();
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn an_append_that_is_cut_in_its_middle_is_unknown_and_not_stored() {
    let (database, direct) = mongo().await;
    let (proxy, store) = behind_a_proxy(&database).await;
    store
        .append(vec![message(&conversation(1), 1, &user(1))])
        .await
        .unwrap();

    proxy.cut_after(Direction::ToServer, 100);
    let entries = (2..=9).map(|seq| message(&conversation(1), seq, &user(1)));
    let appended = store.append(entries.collect()).await;

    assert!(matches!(appended, Err(StoreError::Unknown)), "got {appended:?}");
    assert_eq!(seqs(&direct, &conversation(1)).await, [1]);
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn nothing_is_sent_where_nobody_listens() {
    let (database, direct) = mongo().await;
    let (proxy, store) = behind_a_proxy(&database).await;
    proxy.set(Network::Refusing);

    let appended = store.append(vec![message(&conversation(1), 1, &user(1))]).await;

    assert!(matches!(appended, Err(StoreError::Unavailable)), "got {appended:?}");
    assert!(seqs(&direct, &conversation(1)).await.is_empty());
}

/// A person who writes while the connection is cut again and again: each message once, in order.
#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn every_message_is_stored_once_however_often_the_connection_is_cut() {
    let (database, direct) = mongo().await;
    let (proxy, store) = behind_a_proxy(&database).await;
    let record = channel(1, protocol::Visibility::Private, &[user(1)]);
    direct.add_conversation(record, Vec::new()).await.unwrap();
    let desks = desks(Arc::new(store));

    let mut acknowledged = Vec::new();
    for number in 0..12_u32 {
        let (direction, bytes) = match number % 4 {
            0 => (Direction::ToClient, 0),
            1 => (Direction::ToServer, 150),
            2 => (Direction::ToClient, 20),
            _ => (Direction::ToServer, 1500),
        };
        proxy.cut_after(direction, bytes);
        let entry = loop {
            let Ok(desk) = desks.open(&conversation(1)).await else {
                continue;
            };
            let body = format!("message {number}");
            if let Ok(Answer::Stored(entry)) = desk.carry_out(send(&user(1), number.into(), &body)).await {
                break entry;
            }
        };
        acknowledged.push(entry);
    }

    assert_eq!(direct.entries(&conversation(1), 1..=999).await.unwrap(), acknowledged);
}
