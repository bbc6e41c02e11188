//! Writing and reading without a server, and with one that fails in the middle.

use std::path::Path;
use std::sync::Arc;

use client::Client;
use client::view::{Connection, Failure};
use protocol::ErrorCode;

use crate::child::write_and_be_killed;
use crate::fake::{Fake, together};
use crate::harness::{Computer, FileSecrets, online, pending, settings, shown, until, write};

#[tokio::test]
async fn started_without_the_server_all_is_there_and_one_can_write() {
    let server = Fake::start().await;
    for number in 0..30 {
        server.world.ben_writes(&format!("old {number}"));
    }
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    let before = shown(&client).await;
    client.shut_down().await;
    drop(client);
    let (world, address) = server.kill().await;

    let client = computer.open().await;

    assert_eq!(shown(&client).await, before);
    assert_eq!(before.len(), 20);
    write(&client, "one").await;
    write(&client, "two").await;
    client.save_draft(together(), "thr".to_owned()).await.unwrap();
    client.mark_read(together(), 30).await.unwrap();
    until("offline with two unsent", || async {
        matches!(client.connection(), Connection::Offline { unsent: 2, .. })
    })
    .await;
    assert!(matches!(
        client.earlier(together(), 11).await,
        Err(Failure::Unreachable { .. })
    ));
    client.shut_down().await;
    drop(client);

    let server = Fake::start_with(world, address).await;
    let client = computer.open().await;
    online(&client).await;
    until("both are sent", || async {
        server.world.bodies()[30..] == ["one", "two"]
    })
    .await;
    until("none waits", || async { pending(&client).await.is_empty() }).await;
    until("the read mark is told", || async {
        server.world.facts().read.ordinal >= 30
    })
    .await;
    assert_eq!(client.open_conversation(together()).await.unwrap().draft, "thr");
    assert_eq!(client.earlier(together(), 11).await.unwrap().items.len(), 10);
}

#[tokio::test]
async fn a_socket_cut_in_the_middle_of_a_send_stores_the_message_once() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    server.world.facts().cut_sends = 2;
    for body in ["one", "two", "three", "four"] {
        write(&client, body).await;
    }
    until("none waits", || async { pending(&client).await.is_empty() }).await;
    assert_eq!(server.world.bodies(), ["one", "two", "three", "four"]);
    assert_eq!(shown(&client).await, ["one", "two", "three", "four"]);
    assert!(
        server.world.count("sent one") >= 2,
        "the cut message was not sent again"
    );
}

#[tokio::test]
async fn a_server_that_comes_back_gets_what_was_written_meanwhile() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    let (world, address) = server.kill().await;
    for number in 0..100 {
        write(&client, &format!("message {number}")).await;
    }
    world.ben_writes("meanwhile");
    let server = Fake::start_with(world, address).await;
    client.reconnect_now().await;
    until("none waits", || async { pending(&client).await.is_empty() }).await;
    let expected: Vec<String> = std::iter::once("meanwhile".to_owned())
        .chain((0..100).map(|number| format!("message {number}")))
        .collect();
    assert_eq!(server.world.bodies(), expected);
}

#[tokio::test]
async fn a_message_refused_for_good_is_shown_and_those_behind_it_go_on() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    server
        .world
        .facts()
        .refusals
        .insert("two".to_owned(), ErrorCode::Forbidden);
    for body in ["one", "two", "three"] {
        write(&client, body).await;
    }
    until("the others are stored", || async {
        server.world.bodies() == ["one", "three"]
    })
    .await;
    until("only the refused one is left", || async {
        pending(&client).await == ["two"]
    })
    .await;
    let refused = client.open_conversation(together()).await.unwrap().pending.remove(0);
    assert!(
        matches!(
            refused.failure,
            Some(Failure::Refused {
                code: ErrorCode::Forbidden,
                ..
            })
        ),
        "{refused:?}"
    );

    server.world.facts().refusals.clear();
    client.retry_message(refused.client_id).await.unwrap();
    until("it is stored", || async {
        server.world.bodies() == ["one", "three", "two"]
    })
    .await;
}

#[tokio::test]
async fn a_busy_server_changes_no_order() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    server
        .world
        .facts()
        .refusals
        .insert("one".to_owned(), ErrorCode::RateLimited);
    for body in ["one", "two", "three"] {
        write(&client, body).await;
    }
    until("it was refused", || async { server.world.count("refused one") > 1 }).await;
    server.world.facts().refusals.clear();
    until("all are stored", || async { server.world.bodies().len() == 3 }).await;
    assert_eq!(server.world.bodies(), ["one", "two", "three"]);
}

#[tokio::test]
async fn what_cannot_be_a_message_is_refused_at_once() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    for (body, expected) in [
        (" \n", ErrorCode::BodyEmpty),
        (&*"x".repeat(16 * 1024 + 1), ErrorCode::BodyTooLong),
    ] {
        let refused = client.send_message(together(), body.to_owned(), None).await;
        assert!(
            matches!(refused, Err(Failure::Refused { code, .. }) if code == expected),
            "{refused:?}"
        );
    }
    // Short enough, but six times as long in JSON: it would end the connection each time it is sent.
    write(&client, &"\u{1}".repeat(16 * 1024)).await;
    write(&client, "next").await;
    until("the next one is stored", || async { server.world.bodies() == ["next"] }).await;
    let refused = client.open_conversation(together()).await.unwrap().pending.remove(0);
    assert!(matches!(
        refused.failure,
        Some(Failure::Refused {
            code: ErrorCode::TooLarge,
            ..
        })
    ));
}

#[tokio::test]
async fn a_killed_client_sends_everything_it_said_was_written() {
    const KILL_AFTER: usize = 40;
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    client.shut_down().await;
    drop(client);
    let (world, address) = server.kill().await;

    let written = tokio::task::spawn_blocking({
        let folder = computer.folder.path().to_owned();
        move || write_and_be_killed(&folder, KILL_AFTER)
    });
    let written = written.await.unwrap();

    let server = Fake::start_with(world, address).await;
    let client = computer.open().await;
    until("none waits", || async {
        pending(&client).await.is_empty() && client.connection() == Connection::Online
    })
    .await;
    let stored = server.world.bodies();
    assert!(written.len() >= KILL_AFTER);
    assert_eq!(stored[..written.len()], written, "not what the killed client had said");
    // What it was writing when it was killed may be there as well, once.
    assert!(stored.len() <= written.len() + 1, "{stored:?}");
    let draft = client.open_conversation(together()).await.unwrap().draft;
    assert!(draft.starts_with("draft "), "{draft:?}");
}

#[tokio::test]
#[ignore = "runs in a process of its own, to be killed"]
#[expect(clippy::print_stdout, reason = "its parent reads what was written")]
async fn writes_until_killed() {
    let mut folder = String::new();
    std::io::stdin().read_line(&mut folder).unwrap();
    let folder = Path::new(folder.trim());
    let client = Client::open(settings(folder), Arc::new(FileSecrets::new(folder)))
        .await
        .unwrap();
    for number in 0.. {
        client.save_draft(together(), format!("draft {number}")).await.unwrap();
        let body = format!("message {number}");
        write(&client, &body).await;
        println!("wrote {body}");
    }
}
