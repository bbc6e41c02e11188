//! Typing, presence, receipts, and what is watched.

use std::time::{Duration, Instant};

use client::change::Change;
use client::view::{PresenceView, ReceiptView};
use protocol::frame::ServerFrame;
use protocol::{Activity, ErrorCode, PersonPresence, Presence, Receipt, UserId};

use crate::fake::{Fake, ada, ben, together};
use crate::harness::{Computer, next, online, until};

fn typing() -> ServerFrame {
    ServerFrame::Typing {
        conversation: together(),
        person: ben(),
    }
}

fn presence(presence: Presence) -> ServerFrame {
    let last_seen = Some(1_790_000_000_000);
    let person = ben();
    ServerFrame::Presence {
        people: vec![PersonPresence {
            person,
            presence,
            last_seen,
        }],
    }
}

fn typed(change: Change) -> Option<Vec<UserId>> {
    match change {
        Change::Typing { people, .. } => Some(people),
        _ => None,
    }
}

#[tokio::test]
async fn the_screen_and_the_partners_are_watched_and_watched_again_after_a_cut() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    until("the partner is watched", || async {
        server.world.count("watch 0 and 1") == 1
    })
    .await;
    client
        .watch(vec![together()], vec![UserId::from_random(9)])
        .await
        .unwrap();
    until("the screen is watched", || async {
        server.world.count("watch 1 and 2") == 1
    })
    .await;
    // The same again is not sent again.
    client
        .watch(vec![together()], vec![UserId::from_random(9)])
        .await
        .unwrap();
    client.set_activity(Activity::Idle).await.unwrap();
    until("idle", || async { server.world.count("status Idle") == 1 }).await;
    assert_eq!(server.world.count("watch"), 2);

    server.world.cuts.send(()).unwrap();
    until("it is watched again", || async {
        server.world.count("watch 1 and 2") == 2
    })
    .await;
    until("idle again", || async { server.world.count("status Idle") == 2 }).await;
    client.set_activity(Activity::Active).await.unwrap();
    until("active", || async { server.world.count("status Active") == 1 }).await;
}

#[tokio::test]
async fn a_screen_with_something_unreadable_is_watched_without_it() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    server
        .world
        .facts()
        .refusals
        .insert("watch 2 and 1".to_owned(), ErrorCode::NotFound);
    let gone = protocol::ConversationId::from_random(9);
    client.watch(vec![together(), gone], Vec::new()).await.unwrap();
    until("the rest is watched", || async {
        server.world.count("watch 1 and 1") == 1
    })
    .await;
    assert_eq!(server.world.count("watch 2 and 1"), 1);
}

#[tokio::test]
async fn a_watch_that_is_refused_for_now_is_sent_again() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    server
        .world
        .facts()
        .refusals
        .insert("watch 1 and 1".to_owned(), ErrorCode::RateLimited);
    client.watch(vec![together()], Vec::new()).await.unwrap();
    until("it was refused", || async { server.world.count("watch 1 and 1") > 1 }).await;
    server.world.facts().refusals.clear();
    let tried = server.world.count("watch 1 and 1");
    until("it is sent again", || async {
        server.world.count("watch 1 and 1") > tried
    })
    .await;
}

#[tokio::test]
async fn whoever_types_is_shown_until_their_message_comes() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    let mut changes = client.changes();
    client.watch(vec![together()], Vec::new()).await.unwrap();
    until("it is watched", || async { server.world.count("watch 1") == 1 }).await;
    server.world.pushes.send(typing()).unwrap();
    assert_eq!(next(&mut changes, typed).await, [ben()]);
    server.world.ben_writes("here it is");
    assert_eq!(next(&mut changes, typed).await, []);
}

#[tokio::test]
async fn whoever_stops_typing_is_shown_no_more() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    let mut changes = client.changes();
    client.watch(vec![together()], Vec::new()).await.unwrap();
    until("it is watched", || async { server.world.count("watch 1") == 1 }).await;
    server.world.pushes.send(typing()).unwrap();
    assert_eq!(next(&mut changes, typed).await, [ben()]);
    let shown = Instant::now();
    assert_eq!(next(&mut changes, typed).await, []);
    assert!(shown.elapsed() >= Duration::from_secs(4), "{:?}", shown.elapsed());
}

#[tokio::test]
async fn one_types_at_every_key_and_the_server_hears_it_once() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    for _ in 0..50 {
        client.typing(together()).await.unwrap();
    }
    until("it is told", || async { server.world.count("typing") == 1 }).await;
    client.send_message(together(), "done".to_owned(), None).await.unwrap();
    until("it is stored", || async { server.world.bodies() == ["done"] }).await;
    client.typing(together()).await.unwrap();
    until("the next one is told at once", || async {
        server.world.count("typing") == 2
    })
    .await;
}

#[tokio::test]
async fn presence_is_told_by_this_devices_clock_and_forgotten_without_a_connection() {
    let server = Fake::start().await;
    let mut computer = Computer::new();
    computer.clock_ahead_ms = 7_000_000;
    let client = computer.signed_in(&server).await;
    let mut changes = client.changes();
    until("the partner is watched", || async { server.world.count("watch") == 1 }).await;
    server.world.pushes.send(presence(Presence::Away)).unwrap();
    let told = |change| match change {
        Change::Presence { people } => Some(people),
        _ => None,
    };
    let people: Vec<PresenceView> = next(&mut changes, told).await;
    assert_eq!((&people[0].person, people[0].presence), (&ben(), Presence::Away));
    let now = client::clock::Clock::now(&client::clock::SystemClock) + 7_000_000;
    let off = (people[0].last_seen.unwrap() - now).abs();
    assert!(
        off < 60_000,
        "the server said that it is now, this device is {off} ms off"
    );
    assert_eq!(client.presence().await.unwrap(), people);

    server.world.goodbyes.send(3_600_000).unwrap();
    until("nobody's presence is known", || async {
        client.presence().await.unwrap().is_empty()
    })
    .await;
    client.reconnect_now().await;
    online(&client).await;
    until("the partner is watched again", || async {
        server.world.count("watch") == 2
    })
    .await;
    server.world.pushes.send(presence(Presence::Online)).unwrap();
    assert_eq!(next(&mut changes, told).await[0].presence, Presence::Online);
}

#[tokio::test]
async fn receipts_are_told_and_there_when_the_conversation_is_opened() {
    let server = Fake::start().await;
    server.world.ben_writes("hello");
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    let mut changes = client.changes();
    client.watch(vec![together()], Vec::new()).await.unwrap();
    until("it is watched", || async { server.world.count("watch 1") == 1 }).await;
    let receipt = |person, ordinal| Receipt { person, ordinal };
    let push = ServerFrame::Receipts {
        conversation: together(),
        receipts: vec![receipt(ben(), 1), receipt(ada(), 1)],
    };
    server.world.pushes.send(push).unwrap();
    let told = next(&mut changes, |change| match change {
        Change::Receipts { receipts, .. } => Some(receipts),
        _ => None,
    });
    let expected = [ReceiptView {
        person: ben(),
        ordinal: 1,
    }];
    assert_eq!(told.await, expected);
    assert_eq!(client.open_conversation(together()).await.unwrap().receipts, expected);
}
