//! What is true of every engine.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use service_kit::SystemRandom;
use service_kit::trace::Trace;
use test_kit::wait::{PATIENCE, until};

use crate::world::{OTHER_QUEUE, QUEUE, START, World, next, next_within};

pub(crate) async fn events_come_in_the_order_they_were_published(world: World) {
    let process = world.start().await;
    for number in 0..20 {
        let id = format!("event {number}");
        process.bus.publish(QUEUE, &id, &number, None).await.unwrap();
    }
    let mut consumer = process.bus.consume(QUEUE).await;
    for number in 0..20 {
        let delivery = next(&mut consumer).await;
        assert_eq!(delivery.payload, number.to_string().as_bytes());
        delivery.done().await.unwrap();
    }
}

pub(crate) async fn a_waiting_consumer_is_woken_by_a_publish(world: World) {
    let process = world.start().await;
    let mut consumer = process.bus.consume(QUEUE).await;
    let (delivery, ()) = tokio::join!(next(&mut consumer), process.publish("one"));
    assert_eq!((delivery.event_id.as_str(), delivery.attempt), ("one", 1));
}

pub(crate) async fn what_another_process_publishes_arrives(world: World) {
    let (process, elsewhere) = (world.start().await, world.start().await);
    let mut consumer = process.bus.consume(QUEUE).await;
    let (delivery, ()) = tokio::join!(next(&mut consumer), elsewhere.publish("one"));
    assert_eq!(delivery.event_id, "one");
}

pub(crate) async fn what_was_in_flight_when_the_process_died_comes_again(world: World) {
    let process = world.start().await;
    process.publish("one").await;
    let mut consumer = process.bus.consume(QUEUE).await;
    let held = next(&mut consumer).await;
    process.killed();

    let restarted = world.start().await;
    let again = next(&mut restarted.bus.consume(QUEUE).await).await;

    assert_eq!(again.event_id, held.event_id);
    again.done().await.unwrap();
}

pub(crate) async fn what_was_done_does_not_come_again_after_the_process_died(world: World) {
    let process = world.start().await;
    let mut consumer = process.bus.consume(QUEUE).await;
    for id in ["one", "two"] {
        process.publish(id).await;
        next(&mut consumer).await.done().await.unwrap();
    }
    // Whatever is confirmed now came behind those answers.
    process.publish("three").await;
    process.killed();

    let restarted = world.start().await;
    let mut consumer = restarted.bus.consume(QUEUE).await;
    assert_eq!(next(&mut consumer).await.event_id, "three");
}

pub(crate) async fn an_event_in_flight_is_not_handed_to_anyone_else(world: World) {
    let process = world.start().await;
    process.publish("one").await;
    let (mut first, mut second) = (process.bus.consume(QUEUE).await, process.bus.consume(QUEUE).await);
    let held = next(&mut first).await;
    process.nothing_else_comes(&mut second).await;
    drop(held);
    let again = next(&mut second).await;
    assert_eq!(
        (again.event_id.as_str(), again.attempt),
        ("one", 1),
        "dropped unsettled, it comes again"
    );
}

pub(crate) async fn a_wait_that_is_dropped_loses_nothing(world: World) {
    let process = world.start().await;
    let mut consumer = process.bus.consume(QUEUE).await;
    for number in 0..50 {
        process.publish(&format!("event {number}")).await;
    }
    let mut seen = Vec::new();
    let all = async {
        while seen.len() < 50 {
            if let Some(delivery) = next_within(&mut consumer, Duration::from_millis(1)).await {
                seen.push(delivery.event_id.clone());
                delivery.done().await.unwrap();
            }
        }
    };
    tokio::time::timeout(PATIENCE, all)
        .await
        .expect("every event should come");
    let expected: Vec<String> = (0..50).map(|number| format!("event {number}")).collect();
    assert_eq!(seen, expected);
}

pub(crate) async fn a_retry_comes_when_its_time_has_come_and_counts(world: World) {
    let process = world.start().await;
    process.publish("one").await;
    let mut consumer = process.bus.consume(QUEUE).await;
    next(&mut consumer).await.retry_at(START + 500).await.unwrap();
    process.nothing_else_comes(&mut consumer).await;
    let early = next_within(&mut consumer, Duration::from_millis(600)).await;
    assert!(early.is_none(), "the clock stands still: {early:?}");

    world.clock.set(START + 500);
    let again = next(&mut consumer).await;
    assert_eq!((again.event_id.as_str(), again.attempt), ("one", 2));
    again.retry_at(START + 501).await.unwrap();
    world.clock.set(START + 501);
    assert_eq!(next(&mut consumer).await.attempt, 3);
}

pub(crate) async fn a_retry_keeps_the_event_as_it_was(world: World) {
    let process = world.start().await;
    let large = "x".repeat(300_000);
    let expires_at = Some(START + 60_000);
    process.bus.publish(QUEUE, "one", &large, expires_at).await.unwrap();
    let mut consumer = process.bus.consume(QUEUE).await;
    let first = next(&mut consumer).await;
    let payload = first.payload.clone();
    assert_eq!(first.expires_at, expires_at);
    first.retry_at(START).await.unwrap();
    let again = next(&mut consumer).await;
    assert_eq!((again.payload.len(), again.expires_at), (300_002, expires_at));
    assert!(again.payload == payload);
}

pub(crate) async fn an_expired_event_is_a_dead_letter_and_never_delivered(world: World) {
    let process = world.start().await;
    let expires_at = Some(START + 30_000);
    process.bus.publish(QUEUE, "one", &1, expires_at).await.unwrap();
    // And one whose time was over before it was published.
    process.bus.publish(QUEUE, "two", &2, Some(START - 1)).await.unwrap();
    world.clock.set(START + 30_000);
    let mut consumer = process.bus.consume(QUEUE).await;
    process.nothing_else_comes(&mut consumer).await;
    for letter in process.dead_letters(2).await {
        assert_eq!((letter.reason.as_str(), letter.attempt), ("expired", 1));
    }
}

pub(crate) async fn an_event_that_expires_before_its_retry_is_a_dead_letter(world: World) {
    let process = world.start().await;
    let expires_at = Some(START + 1_000);
    process.bus.publish(QUEUE, "one", &1, expires_at).await.unwrap();
    let mut consumer = process.bus.consume(QUEUE).await;
    next(&mut consumer).await.retry_at(START + 60_000).await.unwrap();
    world.clock.set(START + 1_000);
    let dead = async {
        let letters = process.dead_letters(1).await;
        assert_eq!((letters[0].reason.as_str(), letters[0].attempt), ("expired", 2));
    };
    tokio::select! {
        () = dead => {}
        delivery = consumer.next() => panic!("{delivery:?} should not come"),
    }
}

pub(crate) async fn a_dead_letter_keeps_its_reason_over_a_restart(world: World) {
    let process = world.start().await;
    process.publish("one").await;
    let mut consumer = process.bus.consume(QUEUE).await;
    next(&mut consumer).await.dead("the server said no").await.unwrap();
    process.nothing_else_comes(&mut consumer).await;
    process.killed();

    let restarted = world.start().await;

    let letters = restarted.dead_letters(1).await;
    assert_eq!(letters[0].reason, "the server said no");
    assert_eq!((letters[0].event_id.as_str(), letters[0].died_at), ("one", START));
    assert!(restarted.bus.dead_letters(OTHER_QUEUE).await.unwrap().is_empty());
}

pub(crate) async fn dead_letters_are_listed_newest_first_and_stay(world: World) {
    let process = world.start().await;
    let mut consumer = process.bus.consume(QUEUE).await;
    for id in ["one", "two", "three"] {
        process.publish(id).await;
        next(&mut consumer).await.dead("no").await.unwrap();
        world.clock.advance_ms(1);
    }
    for _ in 0..3 {
        let letters = process.dead_letters(3).await;
        let ids: Vec<&str> = letters.iter().map(|letter| letter.event_id.as_str()).collect();
        assert_eq!(ids, ["three", "two", "one"]);
    }
}

pub(crate) async fn four_consumers_do_every_event_once(world: World) {
    let process = world.start().await;
    let done = Arc::new(Mutex::new(Vec::new()));
    let mut workers = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let (mut consumer, done) = (process.bus.consume(QUEUE).await, Arc::clone(&done));
        workers.spawn(async move {
            loop {
                let delivery = consumer.next().await;
                done.lock().unwrap().push(delivery.event_id.clone());
                delivery.done().await.unwrap();
            }
        });
    }
    for number in 0..200 {
        process.publish(&format!("event {number}")).await;
    }
    let all_done = async || (done.lock().unwrap().len() >= 200).then_some(());
    until("all events", PATIENCE, all_done).await.unwrap();
    let mut ids = done.lock().unwrap().clone();
    ids.sort();
    ids.dedup();
    assert_eq!((ids.len(), done.lock().unwrap().len()), (200, 200), "each once");
}

pub(crate) async fn queues_do_not_mix(world: World) {
    let process = world.start().await;
    process.bus.publish(OTHER_QUEUE, "one", &1, None).await.unwrap();
    let mut consumer = process.bus.consume(QUEUE).await;
    process.nothing_else_comes(&mut consumer).await;
    let mut other = process.bus.consume(OTHER_QUEUE).await;
    assert_eq!(next(&mut other).await.event_id, "one");
}

pub(crate) async fn what_is_published_for_nobody_reaches_nobody(world: World) {
    let process = world.start().await;
    let mut consumer = process.bus.consume(QUEUE).await;
    process.bus.publish_for_nobody(QUEUE, "silence").await.unwrap();
    process.nothing_else_comes(&mut consumer).await;
    assert!(process.bus.dead_letters(QUEUE).await.unwrap().is_empty());
}

pub(crate) async fn the_trace_of_the_publisher_reaches_the_consumer(world: World) {
    let process = world.start().await;
    let trace = Trace::below(None, &SystemRandom);
    let header = trace.header();
    trace.scope(process.publish("traced")).await;
    process.publish("untraced").await;
    let mut consumer = process.bus.consume(QUEUE).await;
    let traced = next(&mut consumer).await;
    assert_eq!(traced.traceparent.as_ref(), Some(&header));
    let untraced = next(&mut consumer).await;
    assert_eq!(untraced.traceparent, None);
    untraced.done().await.unwrap();
    traced.retry_at(START).await.unwrap();
    assert_eq!(next(&mut consumer).await.traceparent, Some(header), "over a retry");
}
