//! What can go wrong between a process and a broker.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use event_bus::{Bus, BusError};
use service_kit::Lifecycle;
use test_kit::fault_proxy::{FaultProxy, Network};
use test_kit::wait::{PATIENCE, until};
use tokio::time::Instant;

use crate::world::{Process, QUEUE, World, next, next_within};

/// A little more than publishing may take.
const ANSWERED_WITHIN: Duration = Duration::from_millis(2_500);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn nothing_confirmed_is_lost_and_consumers_come_back_when_the_connection_is_cut_again_and_again() {
    let world = World::in_a_broker();
    let (publisher, consumer) = (world.start().await, world.start().await);
    let done = Arc::new(Mutex::new(BTreeSet::new()));
    let mut workers = tokio::task::JoinSet::new();
    for _ in 0..2 {
        let (mut letters, done) = (consumer.bus.consume(QUEUE).await, Arc::clone(&done));
        workers.spawn(async move {
            loop {
                let delivery = letters.next().await;
                let id = delivery.event_id.clone();
                if delivery.done().await.is_ok() {
                    done.lock().unwrap().insert(id);
                }
            }
        });
    }
    let bus = publisher.bus.clone();
    workers.spawn(async move {
        for number in 0..300 {
            let id = format!("event {number:03}");
            while bus.publish(QUEUE, &id, &number, None).await.is_err() {}
        }
        std::future::pending().await
    });
    for count in [20, 60, 100, 150, 200, 250] {
        let reached = async || (done.lock().unwrap().len() >= count).then_some(());
        until("more events", PATIENCE, reached).await.unwrap();
        publisher.network.as_ref().unwrap().cut();
        consumer.network.as_ref().unwrap().cut();
    }
    let all = async || (done.lock().unwrap().len() == 300).then_some(());
    until("every event that was confirmed", PATIENCE, all).await.unwrap();
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn while_the_broker_is_away_publishing_says_so_soon_and_afterwards_goes_on() {
    let world = World::in_a_broker();
    let process = world.start().await;
    process.publish("before").await;
    let network = process.network.as_ref().unwrap();
    network.set(Network::Refusing);
    network.cut();
    process.is_ready(false).await;
    let reason = process.health.readiness().parts["events"].clone();
    assert!(reason.starts_with("the broker is away: "), "{reason}");

    let asked = Instant::now();
    let answer = process.bus.publish(QUEUE, "during", &1, None).await;
    assert!(matches!(answer, Err(BusError::Away)), "{answer:?}");
    assert!(asked.elapsed() < ANSWERED_WITHIN, "{:?}", asked.elapsed());
    let answer = process.bus.publish_for_nobody(QUEUE, "during").await;
    assert!(matches!(answer, Err(BusError::Away)), "{answer:?}");

    network.set(Network::Whole);
    process.is_ready(true).await;
    process.publish("after").await;
    let mut consumer = process.bus.consume(QUEUE).await;
    for id in ["before", "after"] {
        let delivery = next(&mut consumer).await;
        assert_eq!(delivery.event_id, id);
        delivery.done().await.unwrap();
    }
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn a_broker_that_stops_answering_keeps_nobody_waiting() {
    let world = World::in_a_broker();
    let process = world.start().await;
    process.publish("before").await;
    let network = process.network.as_ref().unwrap();
    network.set(Network::Stalled);
    let asked = Instant::now();
    let answer = process.bus.publish(QUEUE, "during", &1, None).await;
    assert!(matches!(answer, Err(BusError::Away)), "{answer:?}");
    assert!(asked.elapsed() < ANSWERED_WITHIN, "{:?}", asked.elapsed());
    network.set(Network::Whole);
    process.publish("after").await;
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn a_connection_without_a_sign_of_life_is_given_up_and_made_anew() {
    let world = World::in_a_broker();
    let network = FaultProxy::to(world.broker().await).await.unwrap();
    let mut url = world.url_at(network.address());
    url.set_query(Some("heartbeat=1"));
    let lifecycle = Lifecycle::new();
    let bus = Bus::connect_amqp(world.ours(url.as_str()), world.clock(), &lifecycle);
    let process = Process::of(bus, lifecycle);
    let mut consumer = process.bus.consume(QUEUE).await;
    process.publish("before").await;
    next(&mut consumer).await.done().await.unwrap();

    network.set(Network::Stalled);
    process.is_ready(false).await;
    network.set(Network::Whole);

    process.is_ready(true).await;
    process.publish("after").await;
    // That the first one is done may have been lost, and then it comes again.
    while next(&mut consumer).await.event_id != "after" {}
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn a_process_that_starts_before_the_broker_serves_once_it_is_there() {
    let world = World::in_a_broker();
    let broker = FaultProxy::to(world.broker().await).await.unwrap();
    broker.set(Network::Refusing);
    let lifecycle = Lifecycle::new();
    let bus = Bus::connect_amqp(world.address_at(broker.address()), world.clock(), &lifecycle);
    let process = Process::of(bus, lifecycle);
    process.is_ready(false).await;
    let mut consumer = process.bus.consume(QUEUE).await;
    assert!(next_within(&mut consumer, Duration::from_millis(50)).await.is_none());

    broker.set(Network::Whole);

    process.is_ready(true).await;
    process.publish("one").await;
    assert_eq!(next(&mut consumer).await.event_id, "one");
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn what_was_held_when_the_connection_was_lost_cannot_be_settled_and_comes_again() {
    let world = World::in_a_broker();
    let process = world.start().await;
    let mut consumer = process.bus.consume(QUEUE).await;
    for id in ["settled", "held"] {
        process.publish(id).await;
    }
    next(&mut consumer).await.done().await.unwrap();
    let held = next(&mut consumer).await;
    assert_eq!(held.event_id, "held");
    // Confirmed behind the answer to the first, which the broker has therefore heard.
    process.publish("third").await;
    process.network.as_ref().unwrap().cut();
    process.is_ready(false).await;

    let settled = held.done().await;
    assert!(matches!(settled, Err(BusError::Away)), "{settled:?}");
    let mut came: Vec<String> = Vec::new();
    for _ in 0..2 {
        let delivery = next(&mut consumer).await;
        came.push(delivery.event_id.clone());
        delivery.done().await.unwrap();
    }
    assert_eq!(came, ["held", "third"]);
    process.nothing_else_comes(&mut consumer).await;
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn a_wrong_password_is_told_without_the_password() {
    let world = World::in_a_broker();
    let mut url = world.url_at(world.broker().await);
    url.set_password(Some("not-the-password")).unwrap();
    let lifecycle = Lifecycle::new();
    let bus = Bus::connect_amqp(world.ours(url.as_str()), world.clock(), &lifecycle);
    let process = Process::of(bus, lifecycle);
    let refused = async || {
        let reason = process.health.readiness().parts["events"].clone();
        reason.contains("ACCESS_REFUSED").then_some(reason)
    };
    let reason = until("the refusal", PATIENCE, refused).await.unwrap();
    assert!(!reason.contains("not-the-password"), "{reason}");
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn a_busy_process_leaves_events_to_the_others() {
    let world = World::in_a_broker();
    let (mut buses, mut lifecycles) = (Vec::new(), Vec::new());
    for _ in 0..2 {
        let lifecycle = Lifecycle::new();
        let address = world.address_at(world.broker().await).prefetching(1);
        buses.push(Bus::connect_amqp(address, world.clock(), &lifecycle));
        lifecycles.push(lifecycle);
    }
    let mut busy = buses[0].consume(QUEUE).await;
    buses[0].publish(QUEUE, "one", &1, None).await.unwrap();
    let _held = next(&mut busy).await;
    let mut idle = buses[1].consume(QUEUE).await;
    for id in ["two", "three"] {
        buses[0].publish(QUEUE, id, &2, None).await.unwrap();
        let delivery = next(&mut idle).await;
        assert_eq!(delivery.event_id, id);
        delivery.done().await.unwrap();
    }
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn publishing_for_nobody_takes_as_long_as_publishing() {
    let world = World::in_a_broker();
    let process = world.start().await;
    process.publish("warm").await;
    process.bus.publish_for_nobody(QUEUE, "warm").await.unwrap();
    let (mut real, mut silent) = (Vec::new(), Vec::new());
    // Side by side, so that both meet the same load.
    for number in 0..60 {
        let id = format!("event {number}");
        let began = Instant::now();
        process.publish(&id).await;
        real.push(began.elapsed());
        let began = Instant::now();
        process.bus.publish_for_nobody(QUEUE, &id).await.unwrap();
        silent.push(began.elapsed());
    }
    for times in [&mut real, &mut silent] {
        times.sort();
    }
    let (real, silent) = (real[30], silent[30]);
    assert!(silent < real * 3 && real < silent * 3, "{real:?} and {silent:?}");
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn queues_that_somebody_deleted_are_made_again() {
    let world = World::in_a_broker();
    let process = world.start().await;
    process.publish("before").await;
    let address = world.address_at(world.broker().await);
    address.delete_test_queues(&[QUEUE]).await.unwrap();

    process.publish("after").await;

    let mut consumer = process.bus.consume(QUEUE).await;
    let delivery = next(&mut consumer).await;
    assert_eq!(delivery.event_id, "after");
    delivery.retry_at(world.clock.now()).await.unwrap();
    assert_eq!(next(&mut consumer).await.attempt, 2, "those of retries, too");
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn an_event_that_expires_while_nobody_consumes_becomes_a_dead_letter_by_itself() {
    let world = World::in_a_broker();
    let process = world.start().await;
    let expires_at = Some(world.clock.now() + 100);
    process.bus.publish(QUEUE, "one", &1, expires_at).await.unwrap();
    let letters = process.dead_letters(1).await;
    assert_eq!(
        (letters[0].event_id.as_str(), letters[0].reason.as_str()),
        ("one", "expired")
    );
    assert!(letters[0].died_at > 0);
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn a_process_that_stops_can_settle_what_it_holds() {
    let world = World::in_a_broker();
    let lifecycle = Lifecycle::new();
    let address = world.address_at(world.broker().await);
    let bus = Bus::connect_amqp(address, world.clock(), &lifecycle);
    let mut consumer = bus.consume(QUEUE).await;
    for id in ["one", "two", "three"] {
        bus.publish(QUEUE, id, &1, None).await.unwrap();
    }
    let (first, second) = (next(&mut consumer).await, next(&mut consumer).await);
    lifecycle.stop();
    lifecycle.finished(PATIENCE).await.unwrap();
    first.done().await.unwrap();
    second.dead("no").await.unwrap();
    drop((consumer, bus));

    let after = world.start().await;
    let mut consumer = after.bus.consume(QUEUE).await;
    assert_eq!(next(&mut consumer).await.event_id, "three");
    assert_eq!(after.dead_letters(1).await[0].event_id, "two");
}
