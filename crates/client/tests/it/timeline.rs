//! Looking at a conversation anywhere: at its end, in its middle, and where this device has a hole.

use client::change::Change;
use client::view::{Connection, TimelinePage};
use protocol::rest::chat::{Pins, Version, Versions};
use protocol::{ConversationId, EntryKind, ErrorCode};

use crate::fake::{Fake, together};
use crate::fake_script::Answer;
use crate::harness::{Computer, bodies, code, message, next, online, until};

fn numbers(page: &TimelinePage) -> (u64, u64, usize) {
    (page.first, page.last, page.items.len())
}

/// A client that has the first messages and the last, and a hole between.
async fn with_a_hole(server: &Fake, computer: &Computer) -> client::Client {
    for number in 1..=10 {
        server.world.ben_writes(&format!("message {number}"));
    }
    let client = computer.signed_in(server).await;
    server.world.goodbyes.send(3_600_000).unwrap();
    until("it is offline", || async {
        matches!(client.connection(), Connection::Offline { .. })
    })
    .await;
    for number in 11..=300 {
        server.world.ben_writes(&format!("message {number}"));
    }
    client.reconnect_now().await;
    online(&client).await;
    client
}

#[tokio::test]
async fn one_can_jump_into_a_hole_and_read_on_both_ways() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = with_a_hole(&server, &computer).await;

    let middle = client.around(together(), 150).await.unwrap();
    assert!(middle.first < 150 && middle.last >= 150 && middle.has_earlier && !middle.reaches_end);
    assert_eq!(middle.items.len() as u64, middle.last - middle.first + 1);

    let mut after = middle.last;
    let mut seen = Vec::new();
    loop {
        let page = client.later(together(), after).await.unwrap();
        assert_eq!(page.first, after + 1);
        seen.extend(bodies(page.items));
        after = page.last;
        if page.reaches_end {
            break;
        }
    }
    assert_eq!((after, seen.len() as u64), (300, 300 - middle.last));
    let end = client.later(together(), 300).await.unwrap();
    assert_eq!((numbers(&end), end.reaches_end), ((0, 0, 0), true));

    let mut before = middle.first;
    while before > 1 {
        let page = client.earlier(together(), before).await.unwrap();
        assert_eq!(page.last, before - 1);
        before = page.first;
    }
    let asked = server.world.count("entries");
    client.around(together(), 150).await.unwrap();
    assert_eq!(
        server.world.count("entries"),
        asked,
        "what is held is not asked for again"
    );
}

#[tokio::test]
async fn what_lies_below_a_hole_is_shown_at_once_and_looked_at_again() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = with_a_hole(&server, &computer).await;
    // It happened in the hole: no socket brings it any more.
    let body = "edited meanwhile".to_owned();
    server.world.ben_does(EntryKind::edit(5, body));
    server.world.facts().log.swap(150, 300);
    {
        let mut facts = server.world.facts();
        let edit_seq = 151;
        let (message, edit) = (facts.log[300].clone(), facts.log[150].clone());
        facts.log[150] = protocol::Entry {
            seq: edit_seq,
            ordinal: message.ordinal - 1,
            ..edit
        };
        facts.log[300] = protocol::Entry { seq: 301, ..message };
    }
    let computer_after = computer;
    drop(client);
    let client = computer_after.open().await;
    let mut changes = client.changes();

    let page = client.around(together(), 5).await.unwrap();

    assert_eq!(page.items.len(), 10);
    let told = next(&mut changes, |change| match change {
        Change::Messages { messages, .. } => messages.into_iter().find(|message| message.seq == 5),
        _ => None,
    });
    assert_eq!(told.await.body, "edited meanwhile");
    until("it is kept", || async {
        bodies(client.around(together(), 5).await.unwrap().items)[4] == "edited meanwhile"
    })
    .await;
}

#[tokio::test]
async fn a_page_without_a_single_item_is_not_given() {
    let server = Fake::start().await;
    server.world.ben_writes("the first");
    for number in 0..250 {
        let (target, emoji) = (1, "👍".to_owned());
        server.world.ben_does(EntryKind::React {
            target,
            emoji,
            on: number % 2 == 0,
        });
    }
    for number in 0..20 {
        server.world.ben_writes(&format!("message {number}"));
    }
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    let newest = client.open_conversation(together()).await.unwrap().page;
    assert_eq!(newest.first, 252);
    let page = client.earlier(together(), newest.first).await.unwrap();
    assert_eq!(numbers(&page), (1, 251, 1));
    assert!(!page.has_earlier);
    assert_eq!(bodies(page.items), ["the first"]);
    let after = client.later(together(), 1).await.unwrap();
    assert_eq!((after.last, after.items.len(), after.reaches_end), (271, 20, true));
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let server = Fake::start().await;
    server.world.ben_writes("hello");
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    assert_eq!(code(client.around(together(), 99).await), ErrorCode::NotFound);
    let begin = client.earlier(together(), 1).await.unwrap();
    assert_eq!((numbers(&begin), begin.has_earlier), ((0, 0, 0), false));
}

#[tokio::test]
async fn a_conversation_one_is_not_in_is_looked_at_and_not_kept() {
    let server = Fake::start().await;
    for number in 1..=5 {
        server.world.ben_writes(&format!("message {number}"));
    }
    let (target, emoji, on) = (2, "👍".to_owned(), true);
    server.world.ben_does(EntryKind::React { target, emoji, on });
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    let elsewhere = ConversationId::from_random(77);
    let page = client.around(elsewhere.clone(), 3).await.unwrap();
    assert_eq!((page.last, page.items.len(), page.reaches_end), (6, 5, true));
    let client::view::TimelineItem::Message(second) = &page.items[1] else {
        panic!("{page:?}")
    };
    assert_eq!(second.reactions.len(), 1);
    let asked = server.world.count("entries");
    client.around(elsewhere, 3).await.unwrap();
    assert!(server.world.count("entries") > asked);
}

#[tokio::test]
async fn versions_and_pins_are_asked_for() {
    let server = Fake::start().await;
    server.world.ben_writes("hello");
    server.world.ben_does(EntryKind::Pin { target: 1, on: true });
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    let path = format!("GET /v1/conversations/{}", together());
    let version = Version {
        seq: 1,
        at: 1000,
        body: "hello".to_owned(),
    };
    let versions = vec![version.clone()];
    server
        .world
        .answers_json(&format!("{path}/messages/1/versions"), Versions { versions });
    assert_eq!(client.message_versions(together(), 1).await.unwrap(), [version]);

    let entries = server.world.facts().log[..1].to_vec();
    let messages = server.world.messages(&entries);
    server
        .world
        .answers_json(&format!("{path}/pins"), Pins { entries, messages });
    let pinned = client.pinned_messages(together()).await.unwrap();
    assert_eq!(pinned, [message(&client, 1).await]);

    server
        .world
        .answers(&format!("{path}/pins"), Answer::Refused(ErrorCode::NotFound));
    assert_eq!(code(client.pinned_messages(together()).await), ErrorCode::NotFound);
    let refused = client.message_versions(together(), 2).await;
    assert_eq!(code(refused), ErrorCode::NotFound);
}

#[tokio::test]
async fn a_link_names_server_conversation_and_message() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    let link = client.message_link(together(), 7).await.unwrap();
    let server = format!("http%3A%2F%2F127.0.0.1%3A{}", server.address.port());
    assert_eq!(
        link,
        format!("loquat://open?server={server}&conversation={}&seq=7", together())
    );
}
