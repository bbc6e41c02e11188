//! What every bus must keep, seen from outside.
#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use event_bus::{Bus, Consumer, Delivery};
use protocol::UnixMs;
use service_kit::{Clock, SharedClock};

const QUEUE: &str = "letters";
const START: UnixMs = 1_000_000;

struct SetClock(AtomicI64);

impl Clock for SetClock {
    fn now(&self) -> UnixMs {
        self.0.load(Ordering::Relaxed)
    }
}

fn clock() -> Arc<SetClock> {
    Arc::new(SetClock(AtomicI64::new(START)))
}

fn open(folder: &Path, clock: &Arc<SetClock>) -> Bus {
    let shared: SharedClock = Arc::<SetClock>::clone(clock);
    Bus::open_sqlite(&folder.join("events.sqlite"), shared).unwrap()
}

async fn next(consumer: &mut Consumer) -> Delivery {
    tokio::time::timeout(Duration::from_secs(10), consumer.next())
        .await
        .expect("an event should come")
}

/// Publishes a last event and sees that it is the only one that comes.
async fn nothing_else_comes(bus: &Bus, consumer: &mut Consumer) {
    bus.publish(QUEUE, "the last one", &"end", None).await.unwrap();
    let last = next(consumer).await;
    assert_eq!(last.event_id, "the last one");
    last.done().await.unwrap();
}

#[tokio::test]
async fn events_come_in_the_order_they_were_published() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), clock());
    let bus = open(folder.path(), &clock);
    for number in 0..20 {
        bus.publish(QUEUE, &format!("event {number}"), &number, None)
            .await
            .unwrap();
    }
    let mut consumer = bus.consume(QUEUE).await;
    for number in 0..20 {
        let delivery = next(&mut consumer).await;
        assert_eq!(delivery.payload, number.to_string().as_bytes());
        delivery.done().await.unwrap();
    }
}

#[tokio::test]
async fn a_waiting_consumer_is_woken_by_a_publish() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), clock());
    let bus = open(folder.path(), &clock);
    let mut consumer = bus.consume(QUEUE).await;
    let (delivery, published) = tokio::join!(next(&mut consumer), bus.publish(QUEUE, "one", &1, None));
    published.unwrap();
    assert_eq!((delivery.event_id.as_str(), delivery.attempt), ("one", 1));
}

#[tokio::test]
async fn what_another_process_publishes_arrives() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), clock());
    let mut consumer = open(folder.path(), &clock).consume(QUEUE).await;
    // A second bus on the file shares no memory with the first one, like one in another process.
    let elsewhere = open(folder.path(), &clock);
    let (delivery, published) = tokio::join!(next(&mut consumer), elsewhere.publish(QUEUE, "one", &1, None));
    published.unwrap();
    assert_eq!(delivery.event_id, "one");
}

#[tokio::test]
async fn an_id_that_was_published_twice_is_one_event_even_after_it_was_done() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), clock());
    let bus = open(folder.path(), &clock);
    bus.publish(QUEUE, "one", &1, None).await.unwrap();
    bus.publish(QUEUE, "one", &2, None).await.unwrap();
    let mut consumer = bus.consume(QUEUE).await;
    let first = next(&mut consumer).await;
    assert_eq!(first.payload, b"1");
    first.done().await.unwrap();
    bus.publish(QUEUE, "one", &3, None).await.unwrap();
    nothing_else_comes(&bus, &mut consumer).await;
}

#[tokio::test]
async fn what_was_in_flight_when_the_process_died_comes_again() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), clock());
    let bus = open(folder.path(), &clock);
    bus.publish(QUEUE, "one", &1, None).await.unwrap();
    let mut consumer = bus.consume(QUEUE).await;
    let held = next(&mut consumer).await;

    // A second bus on the file knows nothing of the first one's memory: as after a kill.
    let reopened = open(folder.path(), &clock);
    let mut consumer = reopened.consume(QUEUE).await;
    let again = next(&mut consumer).await;

    assert_eq!(again.event_id, held.event_id);
    again.done().await.unwrap();
}

#[tokio::test]
async fn an_event_in_flight_is_not_handed_to_anyone_else() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), clock());
    let bus = open(folder.path(), &clock);
    bus.publish(QUEUE, "one", &1, None).await.unwrap();
    let (mut first, mut second) = (bus.consume(QUEUE).await, bus.consume(QUEUE).await);
    let held = next(&mut first).await;
    nothing_else_comes(&bus, &mut second).await;
    drop(held);
    assert_eq!(
        next(&mut second).await.event_id,
        "one",
        "dropped unsettled, it comes again"
    );
}

#[tokio::test]
async fn a_retry_comes_when_its_time_has_come_and_counts() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), clock());
    let bus = open(folder.path(), &clock);
    bus.publish(QUEUE, "one", &1, None).await.unwrap();
    let mut consumer = bus.consume(QUEUE).await;
    next(&mut consumer).await.retry_at(START + 5_000).await.unwrap();
    nothing_else_comes(&bus, &mut consumer).await;

    clock.0.store(START + 5_000, Ordering::Relaxed);
    let again = next(&mut consumer).await;
    assert_eq!((again.event_id.as_str(), again.attempt), ("one", 2));
}

#[tokio::test]
async fn an_expired_event_is_a_dead_letter_and_never_delivered() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), clock());
    let bus = open(folder.path(), &clock);
    bus.publish(QUEUE, "one", &1, Some(START + 1_000)).await.unwrap();
    clock.0.store(START + 1_000, Ordering::Relaxed);
    let mut consumer = bus.consume(QUEUE).await;
    nothing_else_comes(&bus, &mut consumer).await;
    let letters = bus.dead_letters(QUEUE).await.unwrap();
    assert_eq!(letters.len(), 1);
    assert_eq!(
        (letters[0].event_id.as_str(), letters[0].reason.as_str()),
        ("one", "expired")
    );
}

#[tokio::test]
async fn a_dead_letter_keeps_its_reason_over_a_restart() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), clock());
    let bus = open(folder.path(), &clock);
    bus.publish(QUEUE, "one", &1, None).await.unwrap();
    let mut consumer = bus.consume(QUEUE).await;
    next(&mut consumer).await.dead("the server said no").await.unwrap();
    nothing_else_comes(&bus, &mut consumer).await;

    let letters = open(folder.path(), &clock).dead_letters(QUEUE).await.unwrap();

    assert_eq!(letters[0].reason, "the server said no");
    assert!(bus.dead_letters("other").await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn four_consumers_do_every_event_once() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), clock());
    let bus = open(folder.path(), &clock);
    let done = Arc::new(std::sync::Mutex::new(Vec::new()));
    let mut workers = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let (mut consumer, done) = (bus.consume(QUEUE).await, Arc::clone(&done));
        workers.spawn(async move {
            loop {
                let delivery = consumer.next().await;
                done.lock().unwrap().push(delivery.event_id.clone());
                delivery.done().await.unwrap();
            }
        });
    }
    for number in 0..200 {
        bus.publish(QUEUE, &format!("event {number}"), &number, None)
            .await
            .unwrap();
    }
    let all_done = async {
        while done.lock().unwrap().len() < 200 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), all_done)
        .await
        .expect("all events should be done");
    let mut ids = done.lock().unwrap().clone();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 200, "each once");
    assert_eq!(done.lock().unwrap().len(), 200);
}

#[tokio::test]
async fn what_is_published_for_nobody_reaches_nobody() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), clock());
    let bus = open(folder.path(), &clock);
    let mut consumer = bus.consume(QUEUE).await;
    bus.publish_for_nobody(QUEUE, "silence").await.unwrap();
    nothing_else_comes(&bus, &mut consumer).await;
    assert!(bus.dead_letters(QUEUE).await.unwrap().is_empty());
}
