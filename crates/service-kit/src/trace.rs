//! The trace a piece of work belongs to, passed from caller to service and through the broker (W3C Trace Context).

use std::future::Future;

use http::HeaderMap;

use crate::Random;

/// The header, in requests and in events.
pub const TRACEPARENT: &str = "traceparent";

/// The one version of the format there is, and the flag that the caller has recorded it.
const VERSION: &str = "00";

tokio::task_local! {
    static CURRENT: Trace;
}

/// One step of a trace: the whole it belongs to, and its own number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    id: String,
    span: String,
    flags: String,
}

impl Trace {
    /// A step below the caller's when its header can be read, or the first of a new trace.
    pub fn of(headers: &HeaderMap, random: &dyn Random) -> Self {
        let given = headers.get(TRACEPARENT).and_then(|value| value.to_str().ok());
        Self::below(given, random)
    }

    /// The same for an event's header.
    pub fn below(traceparent: Option<&str>, random: &dyn Random) -> Self {
        // The upper half of the number: 64 random bits.
        let span = format!("{:016x}", random.bits() >> 64);
        let (id, flags) = traceparent
            .and_then(parse)
            .unwrap_or_else(|| (format!("{:032x}", random.bits()), "00".to_owned()));
        Self { id, span, flags }
    }

    /// Names the whole, in logs.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// As it is passed on.
    pub fn header(&self) -> String {
        format!("{VERSION}-{}-{}-{}", self.id, self.span, self.flags)
    }

    /// Runs work as a part of this trace.
    pub async fn scope<T>(self, work: impl Future<Output = T>) -> T {
        CURRENT.scope(self, work).await
    }
}

/// The header for whatever the present work causes; none outside of any trace.
pub fn current() -> Option<String> {
    CURRENT.try_with(Trace::header).ok()
}

/// The trace and its flags (W3C Trace Context §3.2.2).
fn parse(traceparent: &str) -> Option<(String, String)> {
    let mut parts = traceparent.split('-');
    let (version, id, span, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let hex =
        |text: &str, length| text.len() == length && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let is_named = |text: &str| text.bytes().any(|byte| byte != b'0');
    let fits = hex(version, 2) && version != "ff" && hex(id, 32) && hex(span, 16) && hex(flags, 2);
    (fits && is_named(id) && is_named(span)).then(|| (id.to_owned(), flags.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SystemRandom;

    const GIVEN: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    #[test]
    fn a_step_stays_in_the_trace_of_its_caller_under_its_own_number() {
        let step = Trace::below(Some(GIVEN), &SystemRandom);
        assert_eq!(step.id(), "4bf92f3577b34da6a3ce929d0e0e4736");
        assert!(step.header().ends_with("-01") && !step.header().contains("00f067aa0ba902b7"));
        assert_eq!(Trace::below(Some(&step.header()), &SystemRandom).id(), step.id());
    }

    #[test]
    fn what_is_no_trace_begins_a_new_one() {
        for given in [
            "",
            "00-x",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        ] {
            let step = Trace::below(Some(given), &SystemRandom);
            assert!(parse(&step.header()).is_some() && !given.contains(step.id()), "{given}");
        }
    }

    #[tokio::test]
    async fn what_is_caused_inside_knows_the_trace() {
        assert_eq!(current(), None);
        let step = Trace::below(None, &SystemRandom);
        let header = step.header();
        assert_eq!(step.scope(async { current() }).await, Some(header));
    }
}
