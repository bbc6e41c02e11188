//! Publishing, whichever engine holds the queues.

use std::path::Path;
use std::sync::Arc;

use protocol::UnixMs;
use serde::Serialize;
use service_kit::health::Part;
use service_kit::metrics::Metrics;
use service_kit::store::StoreError;
use service_kit::{Lifecycle, SharedClock, trace};

use crate::amqp::{Broker, BrokerAddress};
use crate::consumer::{Consumer, Source};
use crate::sqlite::QueueFile;

/// Durable queues. Cheap to clone; all clones of a process share what is in flight.
#[derive(Clone)]
pub struct Bus {
    engine: Engine,
    clock: SharedClock,
}

#[derive(Clone)]
enum Engine {
    Sqlite(QueueFile),
    Amqp(Broker),
}

/// What is published.
pub(crate) struct NewEvent {
    pub(crate) queue: &'static str,
    pub(crate) event_id: String,
    pub(crate) payload: Vec<u8>,
    pub(crate) expires_at: Option<UnixMs>,
    /// The trace that the publisher works in.
    pub(crate) traceparent: Option<String>,
    pub(crate) now: UnixMs,
}

/// Why an event could not be published or settled.
#[derive(Debug, thiserror::Error)]
pub enum BusError {
    /// The payload cannot be written as JSON; nothing was published.
    #[error("the event cannot be encoded")]
    Encode(#[from] serde_json::Error),
    /// The queue's file failed. After `StoreError::Unknown` publish again: a repeated event id is one event.
    #[error("the event could not be stored: {0}")]
    Store(#[from] StoreError),
    /// The broker is away, or has not confirmed in time. Keep the event and publish it again, under the same id.
    #[error("the broker is away")]
    Away,
}

/// An event that nobody could do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    pub event_id: String,
    pub reason: String,
    /// Deliveries that ended in "again later" before it died, and the last one.
    pub attempt: u32,
    pub died_at: UnixMs,
}

impl Bus {
    /// Opens or makes the queues in one SQLite file. Several processes of one machine may publish into it, but each
    /// queue has its consumers in one process: what is in flight is known there only.
    pub fn open_sqlite(path: &Path, clock: SharedClock) -> Result<Self, BusError> {
        let file = QueueFile::open(path, Arc::clone(&clock))?;
        Ok(Self {
            engine: Engine::Sqlite(file),
            clock,
        })
    }

    /// The queues of a RabbitMQ. Answers at once: it is connected to in the background, again and again until it is
    /// there, and after every loss. When the lifecycle stops the present connection stays, for what is still to be
    /// settled, but no new one is made and nothing new is handed out.
    pub fn connect_amqp(address: BrokerAddress, clock: SharedClock, lifecycle: &Lifecycle) -> Self {
        Self {
            engine: Engine::Amqp(Broker::connect(address, Arc::clone(&clock), lifecycle)),
            clock,
        }
    }

    /// Adds an event to a queue; it is durable once this answers `Ok`.
    ///
    /// Publishing again after an unknown outcome is safe: in a file an id that the queue has seen within the last day
    /// changes nothing, and from a broker consumers bear an event that comes twice. After `expires_at` the event is
    /// not delivered any more but becomes a dead letter.
    pub async fn publish(
        &self,
        queue: &'static str,
        event_id: &str,
        payload: &(impl Serialize + Sync),
        expires_at: Option<UnixMs>,
    ) -> Result<(), BusError> {
        let event = self.new_event(queue, event_id, serde_json::to_vec(payload)?, expires_at);
        match &self.engine {
            Engine::Sqlite(file) => file.publish(event).await,
            Engine::Amqp(broker) => broker.publish(event).await,
        }
    }

    /// Does all that [`Self::publish`] does, takes as long and fails as it would, but nobody gets anything: for
    /// answers that must not tell whether something was published.
    pub async fn publish_for_nobody(&self, queue: &'static str, event_id: &str) -> Result<(), BusError> {
        let event = self.new_event(queue, event_id, Vec::new(), None);
        match &self.engine {
            Engine::Sqlite(file) => file.publish_for_nobody(event).await,
            Engine::Amqp(broker) => broker.publish_for_nobody(event).await,
        }
    }

    /// Tells from now on whether the queues take events.
    pub fn report_to(&self, part: Part) {
        match &self.engine {
            Engine::Sqlite(file) => file.report_to(part),
            Engine::Amqp(broker) => broker.report_to(part),
        }
    }

    /// Shows what the file of the queues is busy with; a broker has one connection, and its part says whether that stands.
    pub fn count_in(&self, metrics: &Metrics) {
        if let Engine::Sqlite(file) = &self.engine {
            metrics.add_pool("events", file.pool());
        }
    }

    /// A consumer of this queue. Several of one queue share its events between them.
    pub async fn consume(&self, queue: &'static str) -> Consumer {
        Consumer::of(match &self.engine {
            Engine::Sqlite(file) => Source::Sqlite(file.consume(queue)),
            Engine::Amqp(broker) => Source::Amqp(broker.consume(queue)),
        })
    }

    /// The newest dead letters of this queue, newest first, at most 1,000. They are kept for thirty days.
    pub async fn dead_letters(&self, queue: &'static str) -> Result<Vec<DeadLetter>, BusError> {
        match &self.engine {
            Engine::Sqlite(file) => file.dead_letters(queue).await,
            Engine::Amqp(broker) => broker.dead_letters(queue).await,
        }
    }

    fn new_event(&self, queue: &'static str, event_id: &str, payload: Vec<u8>, expires_at: Option<UnixMs>) -> NewEvent {
        NewEvent {
            queue,
            event_id: event_id.to_owned(),
            payload,
            expires_at,
            traceparent: trace::current(),
            now: self.clock.now(),
        }
    }
}
