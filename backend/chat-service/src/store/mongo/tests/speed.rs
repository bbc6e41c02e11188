use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::Instant;

use super::seqs;
use crate::store::LogStore as _;
use crate::testing::{client_id, conversation, message, mongo, user};

const CONVERSATIONS: u32 = 20;
const APPENDS_OF_EACH: u32 = 40;
/// The first ones make connections, which a process does once.
const NOT_COUNTED: u32 = 8;
/// Of one conversation; all together append 200 times a second.
const BETWEEN_APPENDS: Duration = Duration::from_millis(100);

/// Prints what an append takes under load, measured from when it was due.
#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn appends_under_load_are_all_stored() {
    let (_database, store) = mongo().await;
    let start = Instant::now();
    let writing = (0..CONVERSATIONS).map(|number| {
        let store = store.clone();
        async move {
            let mut taken = Vec::new();
            let first = start + BETWEEN_APPENDS * number / CONVERSATIONS;
            for turn in 0..APPENDS_OF_EACH {
                let due = first + BETWEEN_APPENDS * turn;
                tokio::time::sleep_until(due).await;
                let mut entry = message(&conversation(number.into()), u64::from(turn) + 1, &user(number.into()));
                entry.client_id = client_id(u128::from(number * APPENDS_OF_EACH + turn));
                assert_eq!(store.append(vec![entry]).await.unwrap().stored, 1);
                if turn >= NOT_COUNTED {
                    taken.push(due.elapsed());
                }
            }
            taken
        }
    });

    let mut taken: Vec<Duration> = join_all(writing).await.into_iter().flatten().collect();

    taken.sort();
    let at = |share: usize| taken[(taken.len() * share / 1000).min(taken.len() - 1)];
    eprintln!(
        "append at 200/s: p50 {:?}, p99 {:?}, p999 {:?}",
        at(500),
        at(990),
        at(999)
    );
    for number in 0..CONVERSATIONS {
        let expected: Vec<u64> = (1..=u64::from(APPENDS_OF_EACH)).collect();
        assert_eq!(seqs(&store, &conversation(number.into())).await, expected);
    }
}
