//! Coming and going of the connection.

use std::time::{Duration, Instant};

use client::view::{Connection, TimelineItem};

use protocol::{ClientId, Entry, EntryKind};

use crate::fake::{Fake, ben, together};
use crate::harness::{Computer, online, shown, until, write};

#[tokio::test]
async fn a_client_comes_back_when_the_server_said_and_not_before() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    let said = Instant::now();
    server.world.goodbyes.send(700).unwrap();
    until("it is offline", || async {
        matches!(client.connection(), Connection::Offline { .. })
    })
    .await;
    online(&client).await;
    assert!(said.elapsed() >= Duration::from_millis(700), "{:?}", said.elapsed());
    assert_eq!(server.world.count("socket"), 2);
}

#[tokio::test]
async fn a_network_that_came_back_is_used_at_once() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    server.world.goodbyes.send(3_600_000).unwrap();
    until("it is offline", || async {
        matches!(client.connection(), Connection::Offline { .. })
    })
    .await;
    client.reconnect_now().await;
    online(&client).await;
}

#[tokio::test]
async fn what_was_missed_while_away_is_there_when_online_is_said() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    // Few enough to be streamed the first time, too many for it the second.
    for round in [30, 80] {
        server.world.goodbyes.send(3_600_000).unwrap();
        until("it is offline", || async {
            matches!(client.connection(), Connection::Offline { .. })
        })
        .await;
        for number in 0..round {
            server.world.ben_writes(&format!("{number} of {round}"));
        }
        client.reconnect_now().await;
        online(&client).await;
        let newest = client.open_conversation(together()).await.unwrap().page.last;
        assert_eq!(newest, server.world.facts().log.last().unwrap().seq);
    }
    // Behind the hole lies what is fetched when it is looked at.
    let mut before = client.open_conversation(together()).await.unwrap().page.first;
    let mut seen = 20;
    while before > 1 {
        let page = client.earlier(together(), before).await.unwrap();
        before = page.first;
        seen += page.items.len();
    }
    assert_eq!(seen, 110);
}

#[tokio::test]
async fn a_server_that_answers_nothing_any_more_is_given_up_when_the_network_changed() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    write(&client, "before").await;
    until("it is stored", || async { server.world.bodies() == ["before"] }).await;
    // The old path is dead, and nothing has said so yet.
    server.world.facts().frozen_sockets = 1;
    server.world.ben_writes("the last that arrives");
    until("it arrives", || async { shown(&client).await.len() == 2 }).await;
    client.reconnect_now().await;
    until("it connects again", || async { server.world.count("socket") == 2 }).await;
    online(&client).await;
}

#[tokio::test]
async fn what_a_newer_server_stores_is_no_reason_to_connect_again() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    server.world.ben_writes("before");
    let seq = 2;
    let poll = Entry {
        conversation: together(),
        seq,
        ordinal: seq,
        at: 1000,
        author: ben(),
        client_id: ClientId::from_random(4000),
        kind: EntryKind::Unknown,
    };
    server.world.facts().log.push(poll.clone());
    server.world.news.send(poll).unwrap();
    server.world.ben_writes("after");

    until("it arrives", || async { shown(&client).await == ["before", "after"] }).await;

    let page = client.open_conversation(together()).await.unwrap().page;
    assert_eq!(page.items[1], TimelineItem::Event(server.world.facts().log[1].clone()));
    assert_eq!(server.world.count("socket"), 1);
}

#[tokio::test]
async fn a_name_that_changed_while_away_is_learnt() {
    let server = Fake::start().await;
    server.world.ben_writes("hello");
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    let names = |client: client::Client| async move {
        let people = client.people().await.unwrap();
        people.into_iter().map(|person| person.name).collect::<Vec<_>>()
    };
    until("both are known", || async {
        names(client.clone()).await == ["Ada", "Ben"]
    })
    .await;
    client.shut_down().await;
    drop(client);
    server.world.facts().ben = ("Benjamin".to_owned(), 2);

    let client = computer.open().await;

    until("the new name is known", || async {
        names(client.clone()).await == ["Ada", "Benjamin"]
    })
    .await;
}
