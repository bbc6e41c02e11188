//! Connects, serves the connection until it is lost, and begins anew: for ever.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use lapin::Event;
use lapin::options::{BasicConsumeOptions, BasicQosOptions};
use lapin::types::FieldTable;
use tokio::sync::mpsc::{Sender, UnboundedReceiver};
use tokio::time::Instant;

use super::Shared;
use super::link::{Delivered, Link, LinkFault};

/// The first pause after a connection was lost or refused; each one is twice as long, up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// A connection that held for so long is a good one: after it the pauses begin anew.
const GOOD_AFTER: Duration = Duration::from_secs(10);
/// How often a connection that says nothing is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Somebody wants the events of a queue, on this connection and every one after it.
#[derive(Clone)]
pub(super) struct Registered {
    pub(super) queue: &'static str,
    pub(super) sender: Sender<Delivered>,
}

/// Keeps a connection for as long as this is polled.
pub(super) async fn connect_for_ever(shared: Arc<Shared>, mut added: UnboundedReceiver<Registered>) {
    let mut registered: Vec<Registered> = Vec::new();
    let mut pause = FIRST_PAUSE;
    loop {
        let fault = match Link::open(&shared.address, shared.queues()).await {
            Ok(link) => {
                let since = Instant::now();
                let link = Arc::new(link);
                shared.connected(Arc::clone(&link));
                let Err(fault) = serve(&shared, &link, &mut registered, &mut added).await;
                if since.elapsed() >= GOOD_AFTER {
                    pause = FIRST_PAUSE;
                }
                fault
            }
            Err(fault) => fault,
        };
        shared.lost(&fault);
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Hands out what arrives, until the connection is lost.
async fn serve(
    shared: &Shared,
    link: &Link,
    registered: &mut Vec<Registered>,
    added: &mut UnboundedReceiver<Registered>,
) -> Result<std::convert::Infallible, LinkFault> {
    registered.retain(|consumer| !consumer.sender.is_closed());
    let mut events = pin!(link.connection.events_listener());
    let mut look = tokio::time::interval(LOOK_EVERY);
    let mut hands: FuturesUnordered<_> = registered
        .iter()
        .cloned()
        .map(|consumer| hand_out(shared, link, consumer))
        .collect();
    loop {
        tokio::select! {
            event = events.next() => match event {
                Some(Event::Error(fault)) => return Err(fault.into()),
                Some(Event::ConnectionBlocked(reason)) => shared.blocked(&reason),
                Some(Event::ConnectionUnblocked) => shared.unblocked(),
                Some(_) => {}
                None => return Err(LinkFault::of("the connection ended")),
            },
            Some(consumer) = added.recv() => {
                registered.push(consumer.clone());
                hands.push(hand_out(shared, link, consumer));
            }
            Some(ended) = hands.next() => ended?,
            _ = look.tick() => {
                if !link.connection.status().connected() {
                    return Err(LinkFault::of("the connection ended"));
                }
            }
        }
    }
}

/// Passes on what a queue delivers, until nobody wants it any more.
async fn hand_out(shared: &Shared, link: &Link, consumer: Registered) -> Result<(), LinkFault> {
    link.declare(consumer.queue).await?;
    let channel = link.connection.create_channel().await?;
    channel
        .basic_qos(shared.address.prefetch, BasicQosOptions::default())
        .await?;
    let queue = shared.address.topology.queue(consumer.queue);
    let options = BasicConsumeOptions::default();
    let mut messages = channel
        .basic_consume(queue.as_str().into(), "".into(), options, FieldTable::default())
        .await?;
    loop {
        tokio::select! {
            () = consumer.sender.closed() => return Ok(()),
            message = messages.next() => {
                let message = message.ok_or_else(|| LinkFault::of("the queue was deleted"))??;
                let delivered = Delivered { message, channel: channel.clone() };
                // Nobody wants it: it goes back when its channel closes.
                if consumer.sender.send(delivered).await.is_err() {
                    return Ok(());
                }
            }
        }
    }
}
