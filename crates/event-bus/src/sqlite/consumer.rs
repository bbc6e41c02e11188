//! Taking events out of the file and settling them.

use std::sync::Arc;
use std::time::Duration;

use protocol::UnixMs;
use service_kit::SharedClock;
use service_kit::store::StoreError;

use super::queue::Queue;
use super::table::{EventTable, WaitingEvent};
use crate::bus::BusError;
use crate::consumer::{Delivery, EXPIRED, Ticket};

/// The longest a consumer waits before it looks again: a clock may be set forward, and another process on this
/// machine may publish, which rings no bell here.
const LONGEST_WAIT_MS: u64 = 1_000;
/// The pause after the queue's storage failed.
const STORAGE_PAUSE: Duration = Duration::from_secs(1);

pub(crate) struct FileConsumer {
    table: EventTable,
    clock: SharedClock,
    queue: Arc<Queue>,
}

/// Holds the event until it is dropped.
pub(crate) struct FileTicket {
    position: i64,
    table: EventTable,
    clock: SharedClock,
    queue: Arc<Queue>,
}

impl Drop for FileTicket {
    fn drop(&mut self) {
        self.queue.release(self.position);
    }
}

impl FileConsumer {
    pub(super) fn new(table: EventTable, clock: SharedClock, queue: Arc<Queue>) -> Self {
        Self { table, clock, queue }
    }

    pub(crate) async fn next(&mut self) -> Delivery {
        let mut told = false;
        loop {
            match self.try_next().await {
                Ok(Some(delivery)) => return delivery,
                Ok(None) => told = false,
                Err(fault) => {
                    if !std::mem::replace(&mut told, true) {
                        tracing::error!(%fault, queue = self.queue.name, "cannot read the queue; trying again");
                    }
                    tokio::time::sleep(STORAGE_PAUSE).await;
                }
            }
        }
    }

    /// One look at the table: an event, or none after having waited until another look makes sense.
    async fn try_next(&self) -> Result<Option<Delivery>, StoreError> {
        let mut bell = std::pin::pin!(self.queue.next_bell());
        bell.as_mut().enable();

        let now = self.clock.now();
        // One more than what is in flight: at least one of them is free, if there are that many.
        let most = self.queue.in_flight().saturating_add(1);
        let due = self.table.due(self.queue.name, now, most).await?;
        let positions: Vec<i64> = due.iter().map(|event| event.position).collect();
        if let Some(first) = self.queue.take_first(&positions) {
            return self.hand_out(due.into_iter().nth(first), now).await;
        }
        if positions.len() as u64 == u64::from(most) {
            // Others took all of these while we read; there may be more behind them.
            return Ok(None);
        }
        let next = self.table.next_due_after(self.queue.name, now).await?;
        let wait_ms = next.map_or(LONGEST_WAIT_MS, |at| at.abs_diff(now).clamp(1, LONGEST_WAIT_MS));
        tokio::select! {
            () = bell => {}
            () = tokio::time::sleep(Duration::from_millis(wait_ms)) => {}
        }
        Ok(None)
    }

    /// Makes a delivery of an event that was just taken, unless somebody settled it in between or its time is over.
    async fn hand_out(&self, event: Option<WaitingEvent>, now: UnixMs) -> Result<Option<Delivery>, StoreError> {
        let Some(event) = event else { return Ok(None) };
        let ticket = FileTicket {
            position: event.position,
            table: self.table.clone(),
            clock: Arc::clone(&self.clock),
            queue: Arc::clone(&self.queue),
        };
        // It was read before it was taken: another consumer may have settled it in between. Held now, it can only
        // be settled by us.
        if self.table.attempt_if_waiting(event.position).await? != Some(event.attempt) {
            return Ok(None);
        }
        if event.expires_at.is_some_and(|expires_at| expires_at <= now) {
            self.table.bury(event.position, EXPIRED.to_owned(), now).await?;
            return Ok(None);
        }
        Ok(Some(Delivery {
            event_id: event.event_id,
            payload: event.payload,
            attempt: event.attempt,
            expires_at: event.expires_at,
            traceparent: event.traceparent,
            ticket: Ticket::Sqlite(ticket),
        }))
    }
}

impl FileTicket {
    pub(crate) async fn done(&self) -> Result<(), BusError> {
        Ok(self.table.finish(self.position, self.clock.now()).await?)
    }

    pub(crate) async fn retry_at(&self, at: UnixMs) -> Result<(), BusError> {
        Ok(self.table.postpone(self.position, at).await?)
    }

    pub(crate) async fn dead(&self, reason: &str) -> Result<(), BusError> {
        let reason = reason.to_owned();
        Ok(self.table.bury(self.position, reason, self.clock.now()).await?)
    }
}
