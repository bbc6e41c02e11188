//! Queues in a RabbitMQ: publishing, and what the consumers of one process share.
//!
//! Read [`topology`] first: what there is in the broker. [`supervisor`] keeps the connection; [`link`] is one
//! connection; [`message`] is an event on the wire; [`consumer`] hands out and settles.

mod address;
mod consumer;
mod link;
mod message;
mod supervisor;
mod topology;

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use service_kit::health::Part;
use service_kit::{Lifecycle, SharedClock};
use tokio::sync::{mpsc, watch};

use crate::bus::{BusError, DeadLetter, NewEvent};
pub use address::BrokerAddress;
use consumer::Inbox;
pub(crate) use consumer::{BrokerConsumer, BrokerTicket};
use link::{Link, LinkFault, Post};
use message::Head;
use supervisor::{Registered, connect_for_ever};
use topology::Topology;

/// What publishing may take, the wait for a connection included.
const PUBLISH_DEADLINE: Duration = Duration::from_secs(2);
/// What listing the dead letters may take.
const BROWSE_DEADLINE: Duration = Duration::from_secs(10);
/// The pause before publishing is tried again within its deadline.
const PUBLISH_PAUSE: Duration = Duration::from_millis(50);

/// A RabbitMQ and the connection to it.
#[derive(Clone)]
pub(crate) struct Broker {
    shared: Arc<Shared>,
}

struct Shared {
    address: BrokerAddress,
    clock: SharedClock,
    /// The connection that stands now.
    link: watch::Sender<Option<Arc<Link>>>,
    state: Mutex<State>,
    /// Where consumers ask for events. At most one for each queue waits here.
    registry: mpsc::UnboundedSender<Registered>,
}

struct State {
    part: Option<Part>,
    is_working: Result<(), String>,
    /// Every queue this process has used, to be declared again with each connection.
    used: BTreeSet<&'static str>,
    inboxes: HashMap<&'static str, Weak<Inbox>>,
}

impl Broker {
    pub(crate) fn connect(address: BrokerAddress, clock: SharedClock, lifecycle: &Lifecycle) -> Self {
        let (registry, added) = mpsc::unbounded_channel();
        let shared = Arc::new(Shared {
            address,
            clock,
            link: watch::Sender::new(None),
            state: Mutex::new(State {
                part: None,
                is_working: Err("connecting".to_owned()),
                used: BTreeSet::new(),
                inboxes: HashMap::new(),
            }),
            registry,
        });
        let (keeping, stopping) = (connect_for_ever(Arc::clone(&shared), added), lifecycle.stopping());
        lifecycle.spawn("broker", async move {
            tokio::select! {
                () = stopping => {}
                () = keeping => {}
            }
            Ok(())
        });
        Self { shared }
    }

    pub(crate) async fn publish(&self, event: NewEvent) -> Result<(), BusError> {
        let (queue, now) = (event.queue, event.now);
        let (head, payload) = head_of(event);
        let properties = head.expiring_properties(now);
        let post = self.shared.post(queue.to_owned(), properties, payload);
        self.shared.publish(queue, post).await
    }

    /// Publishes to a queue that forgets everything at once.
    pub(crate) async fn publish_for_nobody(&self, event: NewEvent) -> Result<(), BusError> {
        let queue = event.queue;
        let (head, payload) = head_of(event);
        let key = Topology::nobody_key().to_owned();
        let post = self.shared.post(key, head.properties(), payload);
        self.shared.publish(queue, post).await
    }

    pub(crate) fn report_to(&self, part: Part) {
        let mut state = self.shared.state();
        tell(&part, &state.is_working);
        state.part = Some(part);
    }

    pub(crate) fn consume(&self, queue: &'static str) -> BrokerConsumer {
        BrokerConsumer::new(Arc::clone(&self.shared), self.shared.inbox(queue))
    }

    pub(crate) async fn dead_letters(&self, queue: &'static str) -> Result<Vec<DeadLetter>, BusError> {
        let browsing = async { self.shared.link().await.browse(queue).await };
        match tokio::time::timeout(BROWSE_DEADLINE, browsing).await {
            Ok(Ok(mut letters)) => {
                // They lie there oldest first.
                letters.reverse();
                letters.sort_by_key(|letter| std::cmp::Reverse(letter.died_at));
                Ok(letters)
            }
            Ok(Err(fault)) => {
                tracing::warn!(%fault, queue, "cannot read the dead letters");
                Err(BusError::Away)
            }
            Err(_elapsed) => Err(BusError::Away),
        }
    }
}

fn head_of(event: NewEvent) -> (Head, Vec<u8>) {
    let head = Head {
        event_id: event.event_id,
        attempt: 1,
        expires_at: event.expires_at,
        due_at: None,
        traceparent: event.traceparent,
    };
    (head, event.payload)
}

impl Shared {
    /// Puts an event where it comes back from, as near to its time as the delays allow.
    async fn publish_for_later(&self, queue: &'static str, head: &Head, payload: Vec<u8>) -> Result<(), BusError> {
        let wait_ms = head.due_at.unwrap_or_default().saturating_sub(self.clock.now());
        let delay_ms = topology::delay_within(u64::try_from(wait_ms).unwrap_or_default());
        let mut post = self.post(queue.to_owned(), head.properties(), payload);
        post.exchange = self.address.topology.retry_exchange(delay_ms);
        self.publish(queue, post).await
    }

    async fn publish_dead(&self, queue: &'static str, head: &Head, reason: &str) -> Result<(), BusError> {
        let properties = head.dead_properties(reason, self.clock.now());
        let post = self.post(Topology::dead_key(queue), properties, Vec::new());
        self.publish(queue, post).await
    }

    fn post(&self, key: String, properties: lapin::BasicProperties, payload: Vec<u8>) -> Post {
        Post {
            exchange: self.address.topology.exchange(),
            key,
            properties,
            payload,
        }
    }

    /// Publishes until the broker has confirmed it, or time is over. A connection that is lost in between is no fault.
    async fn publish(&self, queue: &'static str, post: Post) -> Result<(), BusError> {
        self.state().used.insert(queue);
        let mut last_fault = None;
        let publishing = async {
            loop {
                let link = self.link().await;
                let published = async {
                    link.declare(queue).await?;
                    link.publish(&post).await
                };
                match published.await {
                    Ok(()) => return,
                    Err(fault) => last_fault = Some(fault),
                }
                tokio::time::sleep(PUBLISH_PAUSE).await;
            }
        };
        if tokio::time::timeout(PUBLISH_DEADLINE, publishing).await.is_ok() {
            return Ok(());
        }
        let link = self.link.borrow().clone();
        if let Some(link) = link {
            // The connection stands, so this is not told by anything else.
            let fault = last_fault.map_or_else(|| "no confirmation in time".to_owned(), |fault| fault.to_string());
            tracing::warn!(fault, queue, "the broker does not take an event");
            link.renew_publisher().await;
        }
        Err(BusError::Away)
    }

    /// The connection that stands, now or as soon as there is one.
    async fn link(&self) -> Arc<Link> {
        let mut watched = self.link.subscribe();
        loop {
            if let Some(link) = &*watched.borrow_and_update() {
                return Arc::clone(link);
            }
            // The sender is in `self`, so this does not fail.
            if watched.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }

    /// What arrives from a queue, asked for once for all consumers.
    fn inbox(&self, queue: &'static str) -> Arc<Inbox> {
        let mut state = self.state();
        state.used.insert(queue);
        if let Some(inbox) = state.inboxes.get(queue).and_then(Weak::upgrade) {
            return inbox;
        }
        let (sender, receiver) = mpsc::channel(usize::from(self.address.prefetch.max(1)));
        let inbox = Arc::new(Inbox {
            queue,
            arrived: tokio::sync::Mutex::new(receiver),
        });
        state.inboxes.insert(queue, Arc::downgrade(&inbox));
        // Nobody listens when the process stops: then nothing is handed out any more.
        drop(self.registry.send(Registered { queue, sender }));
        inbox
    }

    /// What every new connection declares.
    fn queues(&self) -> Vec<&'static str> {
        let mut queues = self.state().used.clone();
        queues.extend(self.address.topology.known_queues());
        queues.into_iter().collect()
    }

    fn connected(&self, link: Arc<Link>) {
        self.link.send_replace(Some(link));
        tracing::info!("connected to the broker");
        self.is_working(Ok(()));
    }

    fn lost(&self, fault: &LinkFault) {
        self.link.send_replace(None);
        let reason = format!("the broker is away: {fault}");
        if self.state().is_working.as_ref().err() != Some(&reason) {
            tracing::warn!(%fault, "the broker is away; trying again until it is there");
        }
        self.is_working(Err(reason));
    }

    /// The broker runs out of memory or of disk and takes nothing.
    fn blocked(&self, reason: &str) {
        tracing::warn!(reason, "the broker takes no events");
        self.is_working(Err(format!("the broker takes no events: {reason}")));
    }

    fn unblocked(&self) {
        tracing::info!("the broker takes events again");
        self.is_working(Ok(()));
    }

    fn is_working(&self, is_working: Result<(), String>) {
        let mut state = self.state();
        if let Some(part) = &state.part {
            tell(part, &is_working);
        }
        state.is_working = is_working;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn tell(part: &Part, is_working: &Result<(), String>) {
    match is_working {
        Ok(()) => part.ready(),
        Err(reason) => part.failed(reason.clone()),
    }
}
