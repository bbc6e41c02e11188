//! What falls into a gap, or between two ways, is found again.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use protocol::SessionId;
use service_kit::Lifecycle;
use service_kit::cache::CacheError;
use tokio::sync::mpsc;

use super::*;
use crate::nodes::hearing::hear;
use crate::nodes::telling::Neighbours;
use crate::nodes::wire::{Line, Parcel, Wire};
use crate::testing::{chat_on, message};

/// The person's only device.
fn device() -> SessionId {
    SessionId::from_random(1)
}

async fn comes_to(one: &Node, two: &Node) {
    one.chat.presences.came(&user(1), &device());
    is_seen(two, Presence::Online).await;
}

async fn is_seen(at: &Node, presence: Presence) {
    until(&format!("seen as {presence:?}"), || {
        at.chat.presences.look(&user(1), None).presence == presence
    })
    .await;
}

#[tokio::test]
async fn who_goes_while_the_line_is_cut_is_not_there_for_ever() {
    let (_folder, cable, [one, two]) = two_nodes().await;
    comes_to(&one, &two).await;
    cable.cut();
    one.chat.presences.went(&user(1), &device(), Activity::Active);
    one.chat.presences.ended(&user(1), &device());
    until("the node itself has told it", || {
        one.chat.presences.told(&user(1), None).presence == Presence::Offline
    })
    .await;
    cable.mend();
    is_seen(&two, Presence::Offline).await;
}

#[tokio::test]
async fn who_is_there_at_a_node_that_was_silent_is_there_again_when_it_is_heard() {
    let (_folder, cable, [one, two]) = two_nodes().await;
    comes_to(&one, &two).await;
    cable.shake(1, 100, 0);
    is_seen(&two, Presence::Offline).await;
    cable.shake(1, 0, 0);
    is_seen(&two, Presence::Online).await;
}

#[tokio::test]
async fn who_is_removed_at_one_node_is_told_no_more_signs_at_another() {
    let (_folder, _cable, [one, two]) = two_nodes_over(Visibility::Private).await;
    // The conversation was quiet for so long that nobody writes to it at the second node any more.
    let watcher = two.watcher(2, 0);
    let there = &watcher.signal;
    two.chat.sockets.onlookers.enter(&conversation(1), false, there);
    let removed = Proposal {
        author: user(0),
        act: Act::Remove { person: user(2) },
    };
    let desk = one.chat.open(&conversation(1)).await.unwrap();
    desk.carry_out(removed).await.unwrap();
    until("it is told that it looks on no more", || {
        there.take().signs.is_some_and(|signs| signs.ended == [conversation(1)])
    })
    .await;
    two.chat.sockets.onlookers.typing(&conversation(1), &user(3));
    assert!(there.take().signs.is_none(), "what others do there is not for them");
}

#[tokio::test]
async fn what_is_stored_while_a_node_stops_is_told_to_the_others() {
    let (_folder, _cable, [one, two]) = two_nodes().await;
    let mut watcher = two.watcher(2, 0);
    let desk = one.chat.open(&conversation(1)).await.unwrap();
    one.chat.lifecycle.stop();
    desk.carry_out(send(&user(1), 1, "the last words")).await.unwrap();
    drop(desk);
    watcher.has_up_to(1).await;
}

#[tokio::test]
async fn what_is_heard_of_while_a_conversation_is_opened_is_looked_for() {
    let (_folder, cable, [one, two]) = two_nodes().await;
    cable.shake(1, 100, 0);
    // The note comes after the documents were read, and before anybody could take it.
    assert!(two.chat.feeds.hear(&conversation(1), "epoch 1", 1).is_none());
    let there = two.chat.open(&conversation(1)).await.unwrap();
    assert_eq!(there.look(|record| record.tail.seq), 0);
    one.say(1, 1).await;
    let there = two.chat.open(&conversation(1)).await.unwrap();
    until("it is found", || there.look(|record| record.tail.seq) == 1).await;
}

#[tokio::test]
async fn entries_of_a_log_that_a_restore_has_ended_open_nothing() {
    let (_folder, _cable, [one, two]) = two_nodes().await;
    let mut watcher = two.watcher(2, 0);
    let stale = Note::Entries {
        epoch: "the one before".to_owned(),
        entries: vec![message(&conversation(1), 1, &user(1))],
    };
    hear(&two.chat, &NodeId("three".to_owned()), stale);
    let grown = Note::Grown {
        conversation: conversation(1),
        epoch: "the one before".to_owned(),
        head: 900,
    };
    hear(&two.chat, &NodeId("three".to_owned()), grown);
    assert_eq!(watcher.feed.head(), 0, "that log has no say in this one");

    let entry = one.say(1, 77).await;

    watcher.has_up_to(1).await;
    // In memory or not: what lies there is no other.
    assert_ne!(watcher.feed.has_entry(1, &entry.client_id), Some(false));
    assert_eq!(watcher.feed.head(), 1);
}

#[tokio::test]
async fn whoever_needs_an_entry_of_another_node_can_wait_for_it() {
    let (_folder, cable, [one, two]) = two_nodes().await;
    let there = two.chat.open(&conversation(1)).await.unwrap();
    cable.shake(1, 100, 0);
    one.say(1, 1).await;
    there.reach(1).await.unwrap();
    assert_eq!(there.look(|record| record.tail.seq), 1);
}

#[tokio::test]
async fn who_was_added_by_a_node_that_died_is_told_all_the_same() {
    let (_folder, _cable, [_one, two]) = two_nodes().await;
    let there = two.chat.open(&conversation(1)).await.unwrap();
    let newcomer = Arc::new(Signal::new(user(20), SessionId::from_random(20)));
    two.chat.sockets.enter(Arc::clone(&newcomer), 10);
    // Of all that this one would tell, only the entry arrives.
    let dying = chat_on(Arc::clone(&two.chat.store));
    let added = Proposal {
        author: user(1),
        act: Act::Add { person: user(20) },
    };
    let desk = dying.open(&conversation(1)).await.unwrap();
    desk.carry_out(added).await.unwrap();
    there.hear(dying.store.entries(&conversation(1), 1..=1).await.unwrap());
    until("the newcomer is told of the conversation", || {
        newcomer.take().added.contains_key(&conversation(1))
    })
    .await;
}

/// Fails once, and meanwhile more is told than can wait.
#[derive(Clone)]
struct Crowded {
    neighbours: Arc<OnceLock<Neighbours>>,
    calls: Arc<AtomicU32>,
    sent: mpsc::UnboundedSender<Parcel>,
}

#[async_trait]
impl Wire for Crowded {
    async fn send(&self, parcels: Vec<Parcel>) -> Result<(), CacheError> {
        if self.calls.fetch_add(1, Ordering::Relaxed) == 0 {
            for _ in 0..10_000 {
                self.neighbours.wait().tell(|| Note::Arrived);
            }
            return Err(CacheError::Away("no answer".to_owned()));
        }
        for parcel in parcels {
            self.sent.send(parcel).unwrap();
        }
        Ok(())
    }

    async fn listen(&self, _channels: &[String]) -> Result<Box<dyn Line>, CacheError> {
        Err(CacheError::Away("nobody listens".to_owned()))
    }

    fn has_separate_channels(&self) -> bool {
        false
    }
}

#[tokio::test]
async fn what_was_lost_while_a_beat_was_on_its_way_is_told_of() {
    let (sent, mut parcels) = mpsc::unbounded_channel();
    let wire = Crowded {
        neighbours: Arc::default(),
        calls: Arc::default(),
        sent,
    };
    let own = NodeId("one".to_owned());
    let (neighbours, sender) = Sender::new(own, Arc::new(wire.clone()), &Metrics::default());
    assert!(wire.neighbours.set(neighbours).is_ok());
    let lifecycle = Lifecycle::new();
    lifecycle.spawn("telling", sender.run(lifecycle.clone()));
    let told = async {
        while let Some(parcel) = parcels.recv().await {
            if String::from_utf8_lossy(&parcel.bytes).contains("missed") {
                return;
            }
        }
    };
    assert!(tokio::time::timeout(DEADLINE, told).await.is_ok());
}
