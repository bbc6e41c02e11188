//! Taking events from the broker and settling them.

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use lapin::options::{BasicAckOptions, BasicNackOptions};
use protocol::UnixMs;
use tokio::sync::Mutex;
use tokio::sync::mpsc::Receiver;

use super::Shared;
use super::link::Delivered;
use super::message::Head;
use crate::bus::BusError;
use crate::consumer::{Delivery, EXPIRED, Ticket};

/// How long the broker's socket may take the answer to an event.
const ACKNOWLEDGE_DEADLINE: Duration = Duration::from_secs(2);

/// What arrives from one queue, for all its consumers in this process.
pub(super) struct Inbox {
    pub(super) queue: &'static str,
    pub(super) arrived: Mutex<Receiver<Delivered>>,
}

/// Takes the events of one queue.
pub(crate) struct BrokerConsumer {
    shared: Arc<Shared>,
    inbox: Arc<Inbox>,
    /// Settles an event that is not to be handed out; goes on where it was when a wait is dropped.
    settling: Option<BoxFuture<'static, ()>>,
}

/// Holds the event until it is dropped.
pub(crate) struct BrokerTicket {
    shared: Arc<Shared>,
    queue: &'static str,
    delivered: Delivered,
}

impl BrokerConsumer {
    pub(super) fn new(shared: Arc<Shared>, inbox: Arc<Inbox>) -> Self {
        Self {
            shared,
            inbox,
            settling: None,
        }
    }

    pub(crate) async fn next(&mut self) -> Delivery {
        loop {
            if let Some(settling) = &mut self.settling {
                settling.await;
                self.settling = None;
            }
            let Some(mut delivered) = self.inbox.arrived.lock().await.recv().await else {
                // The process stops: nothing is handed out any more.
                return std::future::pending().await;
            };
            if !delivered.message.acker.usable() {
                // It came on a connection that is lost, and comes again on the next one.
                continue;
            }
            let head = Head::read(&delivered.message.properties);
            let payload = std::mem::take(&mut delivered.message.data);
            let ticket = BrokerTicket {
                shared: Arc::clone(&self.shared),
                queue: self.inbox.queue,
                delivered,
            };
            let now = self.shared.clock.now();
            let is_expired = head.expires_at.is_some_and(|expires_at| expires_at <= now);
            if !is_expired && head.due_at.is_none_or(|due_at| due_at <= now) {
                return hand_out(head, payload, ticket);
            }
            self.settling = Some(Box::pin(async move {
                let settled = if is_expired {
                    ticket.bury(&head, EXPIRED).await
                } else {
                    ticket.put_off(&head, payload).await
                };
                if let Err(fault) = settled {
                    tracing::warn!(%fault, event = head.event_id, "cannot put an event aside; it comes again");
                }
            }));
        }
    }
}

fn hand_out(head: Head, payload: Vec<u8>, ticket: BrokerTicket) -> Delivery {
    Delivery {
        event_id: head.event_id,
        payload,
        attempt: head.attempt,
        expires_at: head.expires_at,
        traceparent: head.traceparent,
        ticket: Ticket::Amqp(Box::new(ticket)),
    }
}

impl BrokerTicket {
    /// Takes the event out of its queue.
    pub(crate) async fn done(&self) -> Result<(), BusError> {
        let acknowledged = self.delivered.message.acker.ack(BasicAckOptions::default());
        match tokio::time::timeout(ACKNOWLEDGE_DEADLINE, acknowledged).await {
            Ok(Ok(true)) => Ok(()),
            // The connection it came on is lost: it comes again.
            Ok(Ok(false) | Err(_)) | Err(_) => Err(BusError::Away),
        }
    }

    pub(crate) async fn retry_at(&self, event: &Delivery, at: UnixMs) -> Result<(), BusError> {
        let mut head = head_of(event);
        head.attempt = head.attempt.saturating_add(1);
        // It becomes a dead letter when its time is over, not later.
        head.due_at = Some(event.expires_at.map_or(at, |expires_at| at.min(expires_at)));
        self.put_off(&head, event.payload.clone()).await
    }

    pub(crate) async fn dead(&self, event: &Delivery, reason: &str) -> Result<(), BusError> {
        self.bury(&head_of(event), reason).await
    }

    /// A copy waits in a retry queue, confirmed before the original goes: between the two there are both, never none.
    async fn put_off(&self, head: &Head, payload: Vec<u8>) -> Result<(), BusError> {
        self.shared.publish_for_later(self.queue, head, payload).await?;
        self.done().await
    }

    /// The same with a copy among the dead letters. It is without the payload: nothing secret lies there.
    async fn bury(&self, head: &Head, reason: &str) -> Result<(), BusError> {
        self.shared.publish_dead(self.queue, head, reason).await?;
        self.done().await
    }
}

fn head_of(event: &Delivery) -> Head {
    Head {
        event_id: event.event_id.clone(),
        attempt: event.attempt,
        expires_at: event.expires_at,
        due_at: None,
        traceparent: event.traceparent.clone(),
    }
}

impl Drop for BrokerTicket {
    /// Gives back what was not settled. It is sent by the first poll; nobody waits until it has arrived.
    fn drop(&mut self) {
        let acker = &self.delivered.message.acker;
        if acker.usable() && self.delivered.channel.status().connected() {
            let give_back = BasicNackOptions {
                requeue: true,
                ..BasicNackOptions::default()
            };
            drop(acker.nack(give_back).now_or_never());
        }
    }
}
