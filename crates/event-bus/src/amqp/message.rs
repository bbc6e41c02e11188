//! An event as it lies in the broker: its headers, written and read here only.

use lapin::BasicProperties;
use lapin::types::{AMQPValue, FieldTable};
use protocol::UnixMs;
use service_kit::trace::TRACEPARENT;

use crate::bus::DeadLetter;

/// What makes a message survive a restart of the broker.
const PERSISTENT: u8 = 2;
/// The longest life that a message can be given by itself: what fits into 32 bits, which is 49 days.
const LONGEST_LIFE_MS: i64 = u32::MAX as i64;

const EVENT_ID: &str = "event_id";
const ATTEMPT: &str = "attempt";
const EXPIRES_AT: &str = "expires_at";
/// When an event that was put off is due.
const DUE_AT: &str = "due_at";
const REASON: &str = "reason";
const DIED_AT: &str = "died_at";
/// Written by the broker when it takes an event out of a queue by itself: a list, the latest first.
const BROKER_DEATHS: &str = "x-death";

/// All but the payload of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) event_id: String,
    pub(super) attempt: u32,
    pub(super) expires_at: Option<UnixMs>,
    pub(super) due_at: Option<UnixMs>,
    pub(super) traceparent: Option<String>,
}

impl Head {
    /// As a message that the broker keeps until somebody takes it.
    pub(super) fn properties(&self) -> BasicProperties {
        let mut headers = FieldTable::default();
        headers.insert(EVENT_ID.into(), AMQPValue::LongString(self.event_id.as_str().into()));
        headers.insert(ATTEMPT.into(), AMQPValue::LongLongInt(i64::from(self.attempt)));
        for (name, at) in [(EXPIRES_AT, self.expires_at), (DUE_AT, self.due_at)] {
            if let Some(at) = at {
                headers.insert(name.into(), AMQPValue::LongLongInt(at));
            }
        }
        if let Some(traceparent) = &self.traceparent {
            headers.insert(TRACEPARENT.into(), AMQPValue::LongString(traceparent.as_str().into()));
        }
        persistent(headers)
    }

    /// The same; after its time the broker takes it out of the queue by itself.
    pub(super) fn expiring_properties(&self, now: UnixMs) -> BasicProperties {
        let properties = self.properties();
        match self.expires_at {
            Some(expires_at) => {
                let life_ms = expires_at.saturating_sub(now).clamp(0, LONGEST_LIFE_MS);
                properties.with_expiration(life_ms.to_string().into())
            }
            None => properties,
        }
    }

    /// As a dead letter.
    pub(super) fn dead_properties(&self, reason: &str, now: UnixMs) -> BasicProperties {
        let mut headers = FieldTable::default();
        headers.insert(EVENT_ID.into(), AMQPValue::LongString(self.event_id.as_str().into()));
        headers.insert(ATTEMPT.into(), AMQPValue::LongLongInt(i64::from(self.attempt)));
        headers.insert(REASON.into(), AMQPValue::LongString(reason.into()));
        headers.insert(DIED_AT.into(), AMQPValue::LongLongInt(now));
        persistent(headers)
    }

    pub(super) fn read(properties: &BasicProperties) -> Self {
        let headers = properties.headers().as_ref();
        Self {
            event_id: headers.and_then(|table| text(table, EVENT_ID)).unwrap_or_default(),
            attempt: headers.and_then(|table| number(table, ATTEMPT)).map_or(1, to_attempt),
            expires_at: headers.and_then(|table| number(table, EXPIRES_AT)),
            due_at: headers.and_then(|table| number(table, DUE_AT)),
            traceparent: headers.and_then(|table| text(table, TRACEPARENT)),
        }
    }
}

/// What a message among the dead letters tells, whether a consumer buried it or the broker did.
pub(super) fn dead_letter(properties: &BasicProperties) -> DeadLetter {
    let head = Head::read(properties);
    let headers = properties.headers().clone().unwrap_or_default();
    let by_broker = latest_broker_death(&headers);
    let seconds = |table: &FieldTable| match table.inner().get("time") {
        Some(AMQPValue::Timestamp(seconds)) => i64::try_from(*seconds).ok(),
        _ => None,
    };
    DeadLetter {
        event_id: head.event_id,
        reason: text(&headers, REASON)
            .or_else(|| text(by_broker?, "reason"))
            .unwrap_or_else(|| "unknown".to_owned()),
        attempt: head.attempt,
        died_at: number(&headers, DIED_AT)
            .or_else(|| Some(seconds(by_broker?)?.saturating_mul(1_000)))
            .unwrap_or_default(),
    }
}

fn latest_broker_death(headers: &FieldTable) -> Option<&FieldTable> {
    match headers.inner().get(BROKER_DEATHS)? {
        AMQPValue::FieldArray(deaths) => match deaths.as_slice().first()? {
            AMQPValue::FieldTable(death) => Some(death),
            _ => None,
        },
        _ => None,
    }
}

fn persistent(headers: FieldTable) -> BasicProperties {
    BasicProperties::default()
        .with_delivery_mode(PERSISTENT)
        .with_content_type("application/json".into())
        .with_headers(headers)
}

fn to_attempt(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(1)
}

/// A broker may hand a number back in a smaller type than it was given.
fn number(table: &FieldTable, name: &str) -> Option<i64> {
    match table.inner().get(name)? {
        AMQPValue::ShortShortInt(number) => Some(i64::from(*number)),
        AMQPValue::ShortInt(number) => Some(i64::from(*number)),
        AMQPValue::LongInt(number) => Some(i64::from(*number)),
        AMQPValue::LongLongInt(number) => Some(*number),
        _ => None,
    }
}

fn text(table: &FieldTable, name: &str) -> Option<String> {
    match table.inner().get(name)? {
        AMQPValue::LongString(text) => Some(String::from_utf8_lossy(text.as_bytes()).into_owned()),
        AMQPValue::ShortString(text) => Some(text.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head() -> Head {
        Head {
            event_id: "otp_1".to_owned(),
            attempt: 3,
            expires_at: Some(5_000),
            due_at: Some(4_000),
            traceparent: Some("00-a-b-01".to_owned()),
        }
    }

    #[test]
    fn what_is_written_is_read() {
        assert_eq!(Head::read(&head().properties()), head());
        let bare = Head {
            expires_at: None,
            due_at: None,
            traceparent: None,
            ..head()
        };
        assert_eq!(Head::read(&bare.properties()), bare);
    }

    #[test]
    fn a_message_lives_as_long_as_its_event_and_never_longer_than_the_broker_can_count() {
        let life = |expires_at| {
            let head = Head { expires_at, ..head() };
            head.expiring_properties(2_000)
                .expiration()
                .as_ref()
                .map(ToString::to_string)
        };
        assert_eq!(life(Some(5_000)).as_deref(), Some("3000"));
        assert_eq!(life(Some(1_000)).as_deref(), Some("0"));
        assert_eq!(life(Some(i64::MAX)).as_deref(), Some("4294967295"));
        assert_eq!(life(None), None);
    }

    #[test]
    fn a_dead_letter_tells_why_whoever_buried_it() {
        let letter = dead_letter(&head().dead_properties("the server said no", 7_000));
        assert_eq!(
            (letter.event_id.as_str(), letter.reason.as_str()),
            ("otp_1", "the server said no")
        );
        assert_eq!((letter.attempt, letter.died_at), (3, 7_000));

        let mut death = FieldTable::default();
        death.insert("reason".into(), AMQPValue::LongString("expired".into()));
        death.insert("time".into(), AMQPValue::Timestamp(8));
        let mut headers = head().properties().headers().clone().unwrap_or_default();
        headers.insert(
            BROKER_DEATHS.into(),
            AMQPValue::FieldArray(vec![AMQPValue::FieldTable(death)].into()),
        );
        let letter = dead_letter(&persistent(headers));
        assert_eq!((letter.reason.as_str(), letter.died_at), ("expired", 8_000));
    }
}
