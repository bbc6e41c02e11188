//! The feed of changes.

use std::time::Duration;

use client::change::Change;
use client::view::{Connection, TimelineItem};

use crate::fake::{Fake, together};
use crate::harness::{Computer, online, sign_in, until};

async fn next(changes: &mut client::Changes) -> Change {
    tokio::time::timeout(Duration::from_secs(30), changes.next())
        .await
        .expect("a change")
        .expect("an open feed")
}

#[tokio::test]
async fn what_others_write_arrives_as_a_change() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    let mut changes = client.changes();
    server.world.ben_writes("hello");
    loop {
        if let Change::Appended { items, last, .. } = next(&mut changes).await {
            let [TimelineItem::Message(message)] = items.as_slice() else {
                panic!("{items:?}");
            };
            assert_eq!((message.body.as_str(), message.seq, last), ("hello", 1, 1));
            return;
        }
    }
}

#[tokio::test]
async fn signing_in_and_connecting_are_changes() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.open().await;
    let mut changes = client.changes();
    sign_in(&client, &server).await;
    assert!(matches!(
        next(&mut changes).await,
        Change::People { .. } | Change::Session { .. }
    ));
    while next(&mut changes).await
        != (Change::Connection {
            connection: Connection::Online,
        })
    {}
}

#[tokio::test]
async fn a_reader_that_falls_behind_gets_the_whole_picture() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    let mut slow = client.changes();
    for number in 0..3000 {
        client
            .save_draft(together(), if number % 2 == 0 { "x".to_owned() } else { String::new() })
            .await
            .unwrap();
    }
    let first = next(&mut slow).await;
    assert!(matches!(first, Change::Session { .. }), "{first:?}");
    let mut reloaded = false;
    while !reloaded {
        reloaded = next(&mut slow).await
            == (Change::Reloaded {
                conversation: together(),
            });
    }
}

#[tokio::test]
async fn a_client_that_was_shut_down_ends_the_feed() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    let mut changes = client.changes();
    client.shut_down().await;
    while tokio::time::timeout(Duration::from_secs(30), changes.next())
        .await
        .expect("an end")
        .is_some()
    {}
}

#[tokio::test]
async fn a_client_nobody_holds_lets_go_of_its_folder() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    drop(client);
    // SQLite removes its log with the last connection.
    let log = computer.folder.path().join("data/store.sqlite-wal");
    until("the store is closed", || async { !log.exists() }).await;
    online(&computer.open().await).await;
}

#[tokio::test]
async fn a_client_that_was_shut_down_has_everything_in_one_file() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    client
        .save_draft(together(), "half a thought".to_owned())
        .await
        .unwrap();

    client.shut_down().await;

    let log = computer.folder.path().join("data/store.sqlite-wal");
    assert_eq!(log.metadata().map_or(0, |file| file.len()), 0);
}
