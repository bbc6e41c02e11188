//! Publishing, and what several consumers of one process share.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use protocol::UnixMs;
use serde::Serialize;
use service_kit::SharedClock;
use service_kit::health::Part;
use service_kit::store::StoreError;

use crate::consumer::Consumer;
use crate::queue::Queue;
use crate::sqlite::{EventTable, NewEvent, NewState};

/// Durable queues. Cheap to clone; all clones of a process share what is in flight.
#[derive(Clone)]
pub struct Bus {
    shared: Arc<Shared>,
}

struct Shared {
    table: EventTable,
    clock: SharedClock,
    queues: Mutex<HashMap<&'static str, Arc<Queue>>>,
}

/// Why an event could not be published or settled.
#[derive(Debug, thiserror::Error)]
pub enum BusError {
    /// The payload cannot be written as JSON; nothing was published.
    #[error("the event cannot be encoded")]
    Encode(#[from] serde_json::Error),
    /// The queue's storage failed. After `StoreError::Unknown` publish again: a repeated event id is one event.
    #[error("the event could not be stored: {0}")]
    Store(#[from] StoreError),
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

/// What stands before the path in a `BROKER_URL` for queues in a file.
const FILE_SCHEME: &str = "sqlite:";

/// The file that a `BROKER_URL` names, such as `sqlite:/var/lib/loquat/events.sqlite`; none when it is not set.
///
/// The error is a sentence that names the setting.
pub fn queue_file(broker_url: Option<&str>) -> Result<Option<PathBuf>, String> {
    let Some(url) = broker_url.filter(|url| !url.is_empty()) else {
        return Ok(None);
    };
    match url.strip_prefix(FILE_SCHEME).filter(|path| !path.is_empty()) {
        Some(path) => Ok(Some(PathBuf::from(path))),
        None => Err("BROKER_URL: only sqlite:PATH is known".to_owned()),
    }
}

impl Bus {
    /// Opens or makes the queues in one SQLite file. Several processes of one machine may publish into it, but each
    /// queue has its consumers in one process: what is in flight is known there only.
    pub fn open_sqlite(path: &Path, clock: SharedClock) -> Result<Self, BusError> {
        let table = EventTable::open(path)?;
        Ok(Self {
            shared: Arc::new(Shared {
                table,
                clock,
                queues: Mutex::default(),
            }),
        })
    }

    /// Adds an event to a queue; it is durable once this answers `Ok`.
    ///
    /// An id that the queue has seen within the last day changes nothing, so publishing again after an unknown
    /// outcome is safe. After `expires_at` the event is not delivered any more but becomes a dead letter.
    pub async fn publish(
        &self,
        queue: &'static str,
        event_id: &str,
        payload: &(impl Serialize + Sync),
        expires_at: Option<UnixMs>,
    ) -> Result<(), BusError> {
        let event = NewEvent {
            queue,
            event_id: event_id.to_owned(),
            payload: serde_json::to_vec(payload)?,
            state: NewState::Waiting { expires_at },
            now: self.shared.clock.now(),
        };
        self.shared.table.add(event).await?;
        self.queue(queue).wake();
        Ok(())
    }

    /// Does all that [`Self::publish`] does, takes as long and fails as it would, but nobody gets anything: for
    /// answers that must not tell whether something was published.
    pub async fn publish_for_nobody(&self, queue: &'static str, event_id: &str) -> Result<(), BusError> {
        let event = NewEvent {
            queue,
            event_id: event_id.to_owned(),
            payload: Vec::new(),
            state: NewState::Done,
            now: self.shared.clock.now(),
        };
        self.shared.table.add(event).await?;
        self.queue(queue).wake();
        Ok(())
    }

    /// Tells from now on whether the queues take events.
    pub fn report_to(&self, part: Part) {
        self.shared.table.report_to(part);
    }

    /// A consumer of this queue. Several of one queue share its events between them.
    pub async fn consume(&self, queue: &'static str) -> Consumer {
        Consumer::new(
            self.shared.table.clone(),
            Arc::clone(&self.shared.clock),
            self.queue(queue),
        )
    }

    /// The newest dead letters of this queue, newest first, at most 1,000. They are kept for thirty days.
    pub async fn dead_letters(&self, queue: &'static str) -> Result<Vec<DeadLetter>, BusError> {
        Ok(self.shared.table.dead_letters(queue).await?)
    }

    fn queue(&self, name: &'static str) -> Arc<Queue> {
        let mut queues = self.shared.queues.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(queues.entry(name).or_insert_with(|| Arc::new(Queue::new(name))))
    }
}
