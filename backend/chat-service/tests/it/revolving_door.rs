//! Somebody who is added and removed again and again, under a writer who does not pause.

use protocol::frame::ServerFrame;
use protocol::{Conversation, EntryKind, Membership};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::json;

use crate::harness::{Person, Service, Socket};

const ROUNDS: u32 = 30;

/// What the one at the door may get now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// Nothing but the news that they are in.
    Outside,
    /// The newest page.
    Introduced,
    /// The entry after this one.
    Inside { last: u64 },
}

/// Checks every frame, until the message that says so comes.
async fn stand_at_the_door(socket: &mut Socket, eve: &Person, seed: u64) {
    let mut standing = Standing::Outside;
    loop {
        let frame = socket.next().await;
        let told = format!("seed {seed}: {standing:?}, then {frame:?}");
        standing = match (standing, frame) {
            (Standing::Outside, ServerFrame::Conversation { conversation }) => match conversation.membership {
                Membership::Member => Standing::Introduced,
                Membership::Former | Membership::None => Standing::Outside,
            },
            (Standing::Introduced, ServerFrame::Truncated { entries, .. }) => {
                let last = entries.last().expect("a channel is never empty");
                if is_last(&last.kind) {
                    return;
                }
                Standing::Inside { last: last.seq }
            }
            (Standing::Inside { last }, ServerFrame::Entry { entry, .. }) => {
                assert_eq!(entry.seq, last + 1, "{told}");
                match &entry.kind {
                    EntryKind::Left { person } if *person == eve.id => Standing::Outside,
                    kind if is_last(kind) => return,
                    _ => Standing::Inside { last: entry.seq },
                }
            }
            _ => panic!("{told}"),
        };
    }
}

fn is_last(kind: &EntryKind) -> bool {
    matches!(kind, EntryKind::Message { body, .. } if body == "last")
}

async fn turn_the_door(service: &Service, ada: &Person, channel: &Conversation, eve: &Person, seed: u64) {
    let mut random = StdRng::seed_from_u64(seed);
    let path = format!("/v1/conversations/{}/members/{}", channel.id, eve.id);
    for _ in 0..ROUNDS {
        service.put(ada, &path, json!(null)).await;
        for _ in 0..random.random_range(0..50) {
            tokio::task::yield_now().await;
        }
        service.delete(ada, &path).await;
    }
    service.put(ada, &path, json!(null)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_passes_while_one_is_outside_and_nothing_is_missing_inside() {
    let seed: u64 = rand::random();
    eprintln!("seed {seed}");
    let service = Service::start().await;
    let [ada, eve] = service.people().await;
    let channel = service.channel(&ada, "private").await;
    let mut at_the_door = service.socket(&eve).await;

    let writing = async {
        let mut writer = service.socket(&ada).await;
        let mut turning = std::pin::pin!(turn_the_door(&service, &ada, &channel, &eve, seed));
        let mut number = 0;
        loop {
            number += 1;
            let body = format!("message {number}");
            tokio::select! {
                () = &mut turning => break,
                _ = writer.say(&channel.id, &body) => {}
            }
        }
        service.message(&ada, &channel.id, "last").await;
        number
    };
    let (written, ()) = tokio::join!(writing, stand_at_the_door(&mut at_the_door, &eve, seed));
    eprintln!("{written} messages, {ROUNDS} turns of the door");
}
