//! How much of the conversations is on this device: fetched in the background, found without a network, and trimmed.

use std::sync::Arc;
use std::time::Duration;

use client::search::{SearchOrder, SearchPage, SearchRequest};
use client::view::Connection;
use client::{Client, HistoryLimit, Pace};
use protocol::{ErrorCode, UnixMs};
use tokio::sync::Semaphore;

use crate::fake::{Fake, together};
use crate::fake_script::Answer;
use crate::harness::{Computer, bodies, code, until};

/// What the fake server's clock shows.
const NOW: UnixMs = 1_790_000_000_000;
const DAY: UnixMs = 24 * 60 * 60 * 1000;

const EAGER: Pace = Pace {
    step: Duration::from_millis(1),
    page: Duration::from_millis(1),
    look: Duration::from_millis(5),
};

fn eager() -> Computer {
    Computer {
        pace: EAGER,
        ..Computer::new()
    }
}

async fn search(client: &Client, text: &str) -> SearchPage {
    let request = SearchRequest {
        text: text.to_owned(),
        within: None,
        order: SearchOrder::Newest,
        after: None,
        limit: 10,
        utc_offset_minutes: 0,
    };
    client.search(request).await.unwrap()
}

async fn finds(client: &Client, text: &str) -> usize {
    search(client, text).await.hits.len()
}

#[tokio::test]
async fn older_messages_come_by_themselves_and_are_found_without_a_network() {
    let server = Fake::start().await;
    for number in 1..=350 {
        server.world.ben_writes(&format!("message number{number}"));
    }
    let computer = eager();
    let client = computer.signed_in(&server).await;

    until("the first message is there", || async {
        finds(&client, "number1 ").await == 1
    })
    .await;

    // The socket brought the newest 20.
    assert_eq!(server.world.count("entries"), 4);
    let gone = server.kill().await;
    let page = search(&client, "from:ben in:ben number1").await;
    assert_eq!((page.hits.len(), page.complete), (10, true));
    assert!(page.hits.iter().all(|hit| hit.snippet.starts_with("message number1")));
    let first = client.earlier(together(), 51).await.unwrap();
    assert_eq!((first.first, first.last, first.has_earlier), (1, 50, false));
    drop(gone);
}

#[tokio::test]
async fn history_ends_where_its_limit_is_and_what_lies_before_loads_again() {
    let server = Fake::start().await;
    for number in 1..=400 {
        server.world.ben_writes(&format!("message number{number}"));
    }
    for (entry, number) in server.world.facts().log.iter_mut().zip(1..) {
        // The last 250 are of this month, one an hour; the others are a year old.
        let is_recent = entry.seq > 150;
        entry.at = if is_recent {
            NOW - (400 - number) * DAY / 24
        } else {
            NOW - 365 * DAY + number
        };
    }
    let computer = Computer {
        history: HistoryLimit::default(),
        ..eager()
    };
    let client = computer.signed_in(&server).await;
    client.mark_read(together(), 400).await.unwrap();

    until("this month is there", || async {
        finds(&client, "number151 ").await == 1
    })
    .await;
    // 281 to 380, 181 to 280, 81 to 180: in the last one is the first of those that are too old.
    until("what is older was fetched with it and went", || async {
        server.world.count("entries") == 3 && finds(&client, "number149 ").await == 0
    })
    .await;
    assert_eq!(
        finds(&client, "number150 ").await,
        1,
        "it says that nothing is missing behind it"
    );

    let page = client.earlier(together(), 150).await.unwrap();
    assert_eq!((page.first, page.last), (50, 149));
    assert_eq!(server.world.count("entries"), 4);
    until("what is looked at stays", || async {
        finds(&client, "number149 ").await == 1
    })
    .await;
    assert_eq!(
        bodies(client.around(together(), 100).await.unwrap().items)[0],
        "message number50"
    );
    assert_eq!(server.world.count("entries"), 4);
}

#[tokio::test]
async fn a_persons_request_cuts_one_in_the_background_short() {
    let server = Fake::start().await;
    for number in 1..=100 {
        server.world.ben_writes(&format!("message number{number}"));
    }
    let gate = Arc::new(Semaphore::new(0));
    server.world.facts().pages = Arc::clone(&gate);
    server
        .world
        .answers("GET /v1/sessions", Answer::Refused(ErrorCode::NotFound));
    let computer = eager();
    let client = computer.signed_in(&server).await;

    // Each request of a person ends the one that is on its way, if one is.
    until("it gave way", || async {
        assert_eq!(code(client.sessions().await), ErrorCode::NotFound);
        server.world.count("gave up") > 0
    })
    .await;

    gate.add_permits(100);
    until("it is fetched later", || async {
        finds(&client, "number1 ").await == 1
    })
    .await;
}

#[tokio::test]
async fn nothing_is_fetched_while_a_message_waits_to_be_sent() {
    let server = Fake::start().await;
    for number in 1..=100 {
        server.world.ben_writes(&format!("message number{number}"));
    }
    server.world.facts().deaf = true;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    crate::harness::write(&client, "not sent yet").await;
    client.shut_down().await;
    drop(client);

    let computer = Computer {
        pace: EAGER,
        ..computer
    };
    let client = computer.open().await;
    until("it is online", || async { client.connection() == Connection::Online }).await;
    // Many looks later.
    for _ in 0..100 {
        finds(&client, "number1 ").await;
    }
    assert_eq!(server.world.count("entries"), 0);
    server.world.facts().deaf = false;
    drop(server.world.cuts.send(()));
    until("it is sent, and then they come", || async {
        finds(&client, "number1 ").await == 1
    })
    .await;
}

#[tokio::test]
async fn what_this_person_wrote_and_edited_is_found_at_once() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    crate::harness::write(&client, "Grüße vom Bodensee").await;
    until("it is found", || async { finds(&client, "grusse from:me").await == 1 }).await;
    let body = "Grüße vom Ammersee".to_owned();
    crate::harness::act(&client, 1, client::view::MessageAct::Edit { body }).await;
    until("its new text is found", || async {
        finds(&client, "ammersee").await == 1
    })
    .await;
    assert_eq!(finds(&client, "bodensee").await, 0);
    let page = search(&client, "grusse from:nobody").await;
    assert_eq!((page.problems[0].value.as_str(), page.hits.len()), ("nobody", 0));
}
