use std::collections::HashMap;
use std::sync::Arc;

use futures_util::future::join_all;
use protocol::{ClientId, Entry, UserId, Visibility};

use crate::log::{Answer, Desks};
use crate::store::mongo::MongoStore;
use crate::store::{ConversationStore as _, LogStore as _};
use crate::testing::{channel, conversation, desks, mongo, send, user};

const AUTHORS: u128 = 6;
const OF_EACH: u128 = 12;

/// Sends through either node until it is acknowledged, and once more through the other one.
async fn send_through_both(nodes: &[Desks; 2], author: &UserId, number: u128) -> Entry {
    let mut entry = None;
    let first = usize::from(number.is_multiple_of(2));
    for node in [first, 1 - first] {
        let answer = loop {
            let desk = nodes[node].open(&conversation(1)).await.unwrap();
            let body = format!("message {number}");
            if let Ok(answer) = desk.carry_out(send(author, number, &body)).await {
                break answer;
            }
        };
        let Answer::Stored(stored) = answer else {
            panic!("not stored: {answer:?}")
        };
        assert_eq!(
            entry.get_or_insert_with(|| stored.clone()),
            &stored,
            "a repeat is the same entry"
        );
    }
    entry.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn two_nodes_that_know_nothing_of_each_other_write_one_dense_log() {
    let (_database, store): (_, MongoStore) = mongo().await;
    let members: Vec<UserId> = (0..AUTHORS).map(user).collect();
    store
        .add_conversation(channel(1, Visibility::Private, &members), Vec::new())
        .await
        .unwrap();
    let nodes = [desks(Arc::new(store.clone())), desks(Arc::new(store.clone()))];

    let writing = (0..AUTHORS).map(|author| {
        let nodes = &nodes;
        async move {
            let mut acknowledged = Vec::new();
            for number in author * OF_EACH..(author + 1) * OF_EACH {
                acknowledged.push(send_through_both(nodes, &user(author), number).await);
            }
            assert!(
                acknowledged.is_sorted_by_key(|entry| entry.seq),
                "in the order of its author"
            );
            acknowledged
        }
    });
    let acknowledged: Vec<Entry> = join_all(writing).await.into_iter().flatten().collect();

    let log = store.entries(&conversation(1), 1..=999).await.unwrap();
    assert!(
        log.iter()
            .map(|entry| entry.seq)
            .eq(1..=u64::try_from(AUTHORS * OF_EACH).unwrap())
    );
    assert!(log.iter().all(|entry| entry.ordinal == entry.seq));
    let stored: HashMap<&ClientId, &Entry> = log.iter().map(|entry| (&entry.client_id, entry)).collect();
    assert_eq!(stored.len(), log.len(), "nothing stands there twice");
    for entry in &acknowledged {
        assert_eq!(stored.get(&entry.client_id), Some(&entry));
    }
}
