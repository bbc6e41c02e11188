//! Taking events and settling them, whichever engine holds the queue.

use protocol::UnixMs;

use crate::amqp::{BrokerConsumer, BrokerTicket};
use crate::bus::BusError;
use crate::sqlite::{FileConsumer, FileTicket};

/// The reason of an event that nobody did in time.
pub(crate) const EXPIRED: &str = "expired";

/// Takes the events of one queue, oldest first.
pub struct Consumer {
    source: Source,
}

pub(crate) enum Source {
    Sqlite(FileConsumer),
    Amqp(BrokerConsumer),
}

/// An event that was handed out. Settle it; one that is dropped unsettled is handed out again.
pub struct Delivery {
    pub event_id: String,
    pub payload: Vec<u8>,
    /// 1 for the first delivery; grows with every [`Self::retry_at`].
    pub attempt: u32,
    /// When the event is worth nothing any more.
    pub expires_at: Option<UnixMs>,
    /// The trace that the publisher worked in.
    pub traceparent: Option<String>,
    pub(crate) ticket: Ticket,
}

/// Holds the event until it is dropped.
pub(crate) enum Ticket {
    Sqlite(FileTicket),
    Amqp(Box<BrokerTicket>),
}

impl Consumer {
    pub(crate) fn of(source: Source) -> Self {
        Self { source }
    }

    /// Waits for the next event that is due. Dropping the wait loses nothing.
    ///
    /// While the queue's storage fails, or the broker is away, this waits and tries again; it never gives up.
    pub async fn next(&mut self) -> Delivery {
        match &mut self.source {
            Source::Sqlite(consumer) => consumer.next().await,
            Source::Amqp(consumer) => consumer.next().await,
        }
    }
}

impl Delivery {
    /// The event is done and does not come again, unless the broker was lost before it heard that.
    pub async fn done(self) -> Result<(), BusError> {
        match &self.ticket {
            Ticket::Sqlite(ticket) => ticket.done().await,
            Ticket::Amqp(ticket) => ticket.done().await,
        }
    }

    /// The event comes again at `at`, or becomes a dead letter if it expires before. From a broker it comes up to a
    /// quarter of a second late.
    pub async fn retry_at(self, at: UnixMs) -> Result<(), BusError> {
        match &self.ticket {
            Ticket::Sqlite(ticket) => ticket.retry_at(at).await,
            Ticket::Amqp(ticket) => ticket.retry_at(&self, at).await,
        }
    }

    /// Nobody can do this event: it becomes a dead letter. Keep codes and addresses out of `reason`.
    pub async fn dead(self, reason: &str) -> Result<(), BusError> {
        match &self.ticket {
            Ticket::Sqlite(ticket) => ticket.dead(reason).await,
            Ticket::Amqp(ticket) => ticket.dead(&self, reason).await,
        }
    }
}

impl std::fmt::Debug for Delivery {
    /// Leaves out the payload: it may hold what must not reach a log.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Delivery")
            .field("event_id", &self.event_id)
            .field("attempt", &self.attempt)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}
