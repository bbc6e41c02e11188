//! What is declared in the broker: every exchange and queue there is, and how an event goes between them.
//!
//! ```text
//! PREFIX.events ── QUEUE ──────────> PREFIX.QUEUE ── expired there ──> PREFIX.QUEUE.dead
//!       │                                  ^
//!       ├── QUEUE.dead ──> PREFIX.QUEUE.dead   (buried by a consumer, with the reason)
//!       └── nobody ──────> PREFIX.nobody       (gone at once)
//!                                          │
//! PREFIX.retry.1s ──> PREFIX.retry.1s ─────┘   (comes back after its delay; one for each delay, for all queues)
//! ```
//!
//! A dead letter that a consumer buried holds no payload. One that the broker took out by itself, because nobody consumed
//! while it expired, holds what it held: a code that is worth nothing any more, and an address.
//!
//! Everything is durable and on quorum queues, so that an event that was confirmed outlives the loss of a broker's
//! node. A queue that is declared here and exists with other arguments is a fault that operators see in `/readyz`:
//! whoever changes an argument gives the queue a new name, or has it deleted first.

use std::time::Duration;

use lapin::options::{ExchangeDeclareOptions, QueueBindOptions, QueueDeclareOptions, QueueDeleteOptions};
use lapin::types::{AMQPValue, FieldTable};
use lapin::{Channel, ExchangeKind};
use protocol::event::{PERSON_CHANGED, SEND_INVITATION, SEND_OTP, SESSION_ENDED, WORKSPACE_CHANGED};

/// The queues that are declared whether this process uses them or not: an event must find its queue even if nobody
/// has consumed from it yet.
pub(super) const QUEUES: [&str; 5] = [
    SEND_OTP,
    SEND_INVITATION,
    PERSON_CHANGED,
    WORKSPACE_CHANGED,
    SESSION_ENDED,
];

/// The delays of the retry queues in milliseconds, growing. Longer ones are made of several.
pub(super) const DELAYS_MS: [u32; 5] = [250, 1_000, 4_000, 15_000, 60_000];

/// Where everything is unless a test chooses otherwise.
const PREFIX: &str = "loquat";
/// Events that may wait in one queue; publishing one more is refused.
const MOST_WAITING: i32 = 1_000_000;
/// Dead letters that are kept; the oldest make room.
pub(super) const MOST_DEAD: i32 = 1_000;
/// How long dead letters are kept: thirty days.
const KEEP_DEAD_MS: i64 = 30 * 24 * 60 * 60 * 1000;
/// Deliveries after which the broker gives an event up by itself. Ours to decide, not its: never in practice.
const MOST_DELIVERIES: i32 = 1_000_000;
/// When a test's queues vanish after the last use.
const TEST_QUEUES_LIVE: Duration = Duration::from_mins(2);

/// The names of everything, and how long it lives.
#[derive(Debug, Clone)]
pub(super) struct Topology {
    prefix: String,
    lives: Option<Duration>,
}

/// The shortest delay that is not too long; the shortest there is, for less.
pub(super) fn delay_within(wait_ms: u64) -> u32 {
    let fits = DELAYS_MS.iter().rev().find(|delay_ms| u64::from(**delay_ms) <= wait_ms);
    fits.copied().unwrap_or(DELAYS_MS[0])
}

impl Topology {
    pub(super) fn for_real() -> Self {
        Self {
            prefix: PREFIX.to_owned(),
            lives: None,
        }
    }

    /// Names of its own, that vanish some time after the last use.
    pub(super) fn for_test(prefix: &str) -> Self {
        Self {
            prefix: prefix.to_owned(),
            lives: Some(TEST_QUEUES_LIVE),
        }
    }

    /// The queues that are declared with every connection.
    pub(super) fn known_queues(&self) -> &'static [&'static str] {
        // A test declares what it uses.
        if self.lives.is_some() { &[] } else { &QUEUES }
    }

    /// Where events and dead letters are published; the routing key decides.
    pub(super) fn exchange(&self) -> String {
        format!("{}.events", self.prefix)
    }

    /// Where an event is published to come back after this delay.
    pub(super) fn retry_exchange(&self, delay_ms: u32) -> String {
        format!("{}.retry.{delay_ms}ms", self.prefix)
    }

    pub(super) fn queue(&self, queue: &str) -> String {
        format!("{}.{queue}", self.prefix)
    }

    pub(super) fn dead_queue(&self, queue: &str) -> String {
        format!("{}.{}", self.prefix, Self::dead_key(queue))
    }

    /// The routing key of a queue's dead letters. That of its events is the queue's name.
    pub(super) fn dead_key(queue: &str) -> String {
        format!("{queue}.dead")
    }

    /// The routing key of events that nobody gets.
    pub(super) fn nobody_key() -> &'static str {
        "nobody"
    }

    /// Declares what all queues share.
    pub(super) async fn declare_shared(&self, channel: &Channel) -> lapin::Result<()> {
        self.declare_exchange(channel, self.exchange(), ExchangeKind::Direct)
            .await?;
        for delay_ms in DELAYS_MS {
            let name = self.retry_exchange(delay_ms);
            self.declare_exchange(channel, name.clone(), ExchangeKind::Fanout)
                .await?;
            let mut arguments = self.returning(None);
            arguments.insert("x-message-ttl".into(), AMQPValue::LongLongInt(i64::from(delay_ms)));
            self.declare_queue(channel, &name, arguments).await?;
            self.bind(channel, &name, &name, "").await?;
        }
        let mut nobody = self.quorum();
        nobody.insert("x-message-ttl".into(), AMQPValue::LongLongInt(0));
        let name = self.queue(Self::nobody_key());
        self.declare_queue(channel, &name, nobody).await?;
        self.bind(channel, &name, &self.exchange(), Self::nobody_key()).await
    }

    /// Declares one queue of events and that of its dead letters.
    pub(super) async fn declare(&self, channel: &Channel, queue: &str) -> lapin::Result<()> {
        let (name, dead) = (self.queue(queue), self.dead_queue(queue));
        let mut letters = self.quorum();
        letters.insert("x-max-length".into(), AMQPValue::LongInt(MOST_DEAD));
        letters.insert("x-message-ttl".into(), AMQPValue::LongLongInt(KEEP_DEAD_MS));
        self.declare_queue(channel, &dead, letters).await?;
        self.bind(channel, &dead, &self.exchange(), &Self::dead_key(queue))
            .await?;
        self.declare_queue(channel, &name, self.returning(Some(&Self::dead_key(queue))))
            .await?;
        self.bind(channel, &name, &self.exchange(), queue).await
    }

    /// Deletes what a test has declared; nothing of what is for real.
    pub(super) async fn delete(&self, channel: &Channel, queues: &[&str]) -> lapin::Result<()> {
        if self.lives.is_none() {
            return Ok(());
        }
        let mut names = vec![self.queue(Self::nobody_key())];
        names.extend(DELAYS_MS.map(|delay_ms| self.retry_exchange(delay_ms)));
        names.extend(
            queues
                .iter()
                .flat_map(|queue| [self.queue(queue), self.dead_queue(queue)]),
        );
        for name in names {
            let options = QueueDeleteOptions::default();
            channel.queue_delete(name.into(), options).await?;
        }
        Ok(())
    }

    /// What every queue is.
    fn quorum(&self) -> FieldTable {
        let mut arguments = FieldTable::default();
        arguments.insert("x-queue-type".into(), AMQPValue::LongString("quorum".into()));
        arguments.insert("x-delivery-limit".into(), AMQPValue::LongInt(MOST_DELIVERIES));
        if let Some(lives) = self.lives {
            let lives_ms = i64::try_from(lives.as_millis()).unwrap_or(i64::MAX);
            arguments.insert("x-expires".into(), AMQPValue::LongLongInt(lives_ms));
        }
        arguments
    }

    /// A queue whose expired events go back to the exchange, and leave the queue only when they arrived there: under
    /// `key`, or under the one they came with.
    fn returning(&self, key: Option<&str>) -> FieldTable {
        let text = |text: &str| AMQPValue::LongString(text.into());
        let mut arguments = self.quorum();
        arguments.insert("x-dead-letter-exchange".into(), text(&self.exchange()));
        if let Some(key) = key {
            arguments.insert("x-dead-letter-routing-key".into(), text(key));
        }
        arguments.insert("x-dead-letter-strategy".into(), text("at-least-once"));
        arguments.insert("x-overflow".into(), text("reject-publish"));
        arguments.insert("x-max-length".into(), AMQPValue::LongInt(MOST_WAITING));
        arguments
    }

    async fn declare_exchange(&self, channel: &Channel, name: String, kind: ExchangeKind) -> lapin::Result<()> {
        let options = ExchangeDeclareOptions {
            durable: true,
            auto_delete: self.lives.is_some(),
            ..ExchangeDeclareOptions::default()
        };
        channel
            .exchange_declare(name.into(), kind, options, FieldTable::default())
            .await
    }

    async fn declare_queue(&self, channel: &Channel, name: &str, arguments: FieldTable) -> lapin::Result<()> {
        channel
            .queue_declare(name.into(), QueueDeclareOptions::durable(), arguments)
            .await?;
        Ok(())
    }

    async fn bind(&self, channel: &Channel, queue: &str, exchange: &str, key: &str) -> lapin::Result<()> {
        let options = QueueBindOptions::default();
        channel
            .queue_bind(
                queue.into(),
                exchange.into(),
                key.into(),
                options,
                FieldTable::default(),
            )
            .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_made_of_the_longest_delays_that_fit() {
        for (wait_ms, delay_ms) in [
            (0, 250),
            (249, 250),
            (999, 250),
            (1_000, 1_000),
            (70_000, 60_000),
            (u64::MAX, 60_000),
        ] {
            assert_eq!(delay_within(wait_ms), delay_ms, "{wait_ms}");
        }
    }
}
