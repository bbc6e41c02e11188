//! What is read and unread, on all devices of a person.

use client::Client;
use protocol::ReadMark;
use protocol::frame::ServerFrame;

use crate::fake::{Fake, together};
use crate::harness::{Computer, until, write};

async fn unread(client: &Client) -> u64 {
    client.conversations().await.unwrap()[0].unread
}

#[tokio::test]
async fn marking_as_unread_reaches_the_other_device_and_wins_over_an_old_mark() {
    let server = Fake::start().await;
    for number in 0..5 {
        server.world.ben_writes(&format!("message {number}"));
    }
    let (desk, laptop) = (Computer::new(), Computer::new());
    let client = desk.signed_in(&server).await;
    let other = laptop.signed_in(&server).await;
    client.mark_read(together(), 5).await.unwrap();
    until("the mark is told", || async { server.world.facts().read.ordinal == 5 }).await;
    server
        .world
        .pushes
        .send(ServerFrame::read(together(), server.world.said().read))
        .unwrap();
    until("the other device agrees", || async { unread(&other).await == 0 }).await;

    client.mark_unread(together(), 3).await.unwrap();

    assert_eq!(unread(&client).await, 3);
    until("the mark is told", || async {
        server.world.facts().read.generation == 1
    })
    .await;
    let mark = server.world.said().read;
    assert_eq!(
        mark,
        ReadMark {
            generation: 1,
            ordinal: 2
        }
    );
    server.world.pushes.send(ServerFrame::read(together(), mark)).unwrap();
    until("the other device agrees", || async { unread(&other).await == 3 }).await;
    // What comes late of the old generation changes nothing.
    let old = ReadMark {
        generation: 0,
        ordinal: 5,
    };
    server.world.pushes.send(ServerFrame::read(together(), old)).unwrap();
    client.mark_read(together(), 4).await.unwrap();
    until("the newer mark counts", || async {
        server.world.facts().read.ordinal == 4
    })
    .await;
    assert_eq!(unread(&client).await, 1);
}

#[tokio::test]
async fn marking_as_unread_without_a_connection_is_told_later() {
    let server = Fake::start().await;
    server.world.ben_writes("one");
    server.world.ben_writes("two");
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    client.mark_read(together(), 2).await.unwrap();
    until("the mark is told", || async { server.world.facts().read.ordinal == 2 }).await;
    let (world, address) = server.kill().await;
    client.mark_unread(together(), 1).await.unwrap();
    assert_eq!(unread(&client).await, 2);
    client.shut_down().await;
    drop(client);

    let server = Fake::start_with(world, address).await;
    let client = computer.open().await;
    until("the mark is told", || async {
        server.world.facts().read
            == ReadMark {
                generation: 1,
                ordinal: 0,
            }
    })
    .await;
    assert_eq!(unread(&client).await, 2);
}

#[tokio::test]
async fn everything_that_would_be_lost_is_counted() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    assert_eq!(client.unsent_count().await.unwrap(), 0);
    let refusal = protocol::ErrorCode::Forbidden;
    server.world.facts().refusals.insert("refused".to_owned(), refusal);
    write(&client, "refused").await;
    until("it was refused", || async { server.world.count("refused refused") > 0 }).await;
    server.world.facts().deaf = true;
    write(&client, "waits").await;
    client.shut_down().await;
    drop(client);

    let client = computer.open().await;
    assert_eq!(client.unsent_count().await.unwrap(), 2);
}
