//! Queues in one SQLite file, for processes of one machine.

mod consumer;
mod queue;
mod table;

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use service_kit::SharedClock;
use service_kit::health::Part;
use service_kit::metrics::Pool;

use crate::bus::{BusError, DeadLetter, NewEvent};
pub(crate) use consumer::{FileConsumer, FileTicket};
use queue::Queue;
use table::{EventTable, NewState};

/// The queues of one file.
#[derive(Clone)]
pub(crate) struct QueueFile {
    shared: Arc<Shared>,
}

struct Shared {
    table: EventTable,
    clock: SharedClock,
    queues: Mutex<HashMap<&'static str, Arc<Queue>>>,
}

impl QueueFile {
    pub(crate) fn open(path: &Path, clock: SharedClock) -> Result<Self, BusError> {
        let table = EventTable::open(path)?;
        Ok(Self {
            shared: Arc::new(Shared {
                table,
                clock,
                queues: Mutex::default(),
            }),
        })
    }

    pub(crate) async fn publish(&self, event: NewEvent) -> Result<(), BusError> {
        self.add(event, NewState::Waiting).await
    }

    /// Stores the event as one that is done.
    pub(crate) async fn publish_for_nobody(&self, event: NewEvent) -> Result<(), BusError> {
        self.add(event, NewState::Done).await
    }

    pub(crate) fn report_to(&self, part: Part) {
        self.shared.table.report_to(part);
    }

    pub(crate) fn pool(&self) -> &Pool {
        self.shared.table.pool()
    }

    pub(crate) fn consume(&self, queue: &'static str) -> FileConsumer {
        let (table, clock) = (self.shared.table.clone(), Arc::clone(&self.shared.clock));
        FileConsumer::new(table, clock, self.queue(queue))
    }

    pub(crate) async fn dead_letters(&self, queue: &'static str) -> Result<Vec<DeadLetter>, BusError> {
        Ok(self.shared.table.dead_letters(queue).await?)
    }

    async fn add(&self, event: NewEvent, state: NewState) -> Result<(), BusError> {
        let queue = event.queue;
        self.shared.table.add(event, state).await?;
        self.queue(queue).wake();
        Ok(())
    }

    fn queue(&self, name: &'static str) -> Arc<Queue> {
        let mut queues = self.shared.queues.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(queues.entry(name).or_insert_with(|| Arc::new(Queue::new(name))))
    }
}
