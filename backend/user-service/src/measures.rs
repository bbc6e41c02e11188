//! What this service counts. No label says whom it is about.

use service_kit::metrics::{Counter, CounterBy, Metrics};

use crate::codes::CodeError;

const ACCEPTED: &str = "accepted";
const LIMITED: &str = "limited";
const NOT_ALLOWED: &str = "not_allowed";
const FAILED: &str = "failed";

/// All figures of one node. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Measures {
    codes_requested: CounterBy,
    mails_ordered: CounterBy,
    /// Mails that were promised and expired before the queue took them.
    pub(crate) mails_expired: Counter,
    pub(crate) sessions_started: Counter,
}

impl Measures {
    /// Registers every figure.
    pub(crate) fn new(metrics: &Metrics) -> Self {
        Self {
            codes_requested: metrics.counter_by(
                "codes_requested",
                "Requests for sign-in codes, by what became of them",
                "outcome",
                &[ACCEPTED, LIMITED, NOT_ALLOWED, FAILED],
            ),
            mails_ordered: metrics.counter_by(
                "mails_ordered",
                "Mails that the queue has taken, by kind",
                "kind",
                &["code", "invitation"],
            ),
            mails_expired: metrics.counter("mails_expired", "Mails that expired before the queue could take them"),
            sessions_started: metrics.counter("sessions_started", "Devices that signed in"),
        }
    }

    /// Somebody asked for a code.
    pub(crate) fn count_request<T>(&self, answer: &Result<T, CodeError>) {
        let outcome = match answer {
            Ok(_) => ACCEPTED,
            Err(CodeError::Limited { .. }) => LIMITED,
            Err(CodeError::DomainNotAllowed) => NOT_ALLOWED,
            Err(_) => FAILED,
        };
        self.codes_requested.count(outcome);
    }

    /// The queue has taken a mail of this kind.
    pub(crate) fn count_mail(&self, kind: &'static str) {
        self.mails_ordered.count(kind);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whoever is woken at night looks there.
    #[test]
    fn every_figure_is_explained() {
        let metrics = Metrics::default();
        drop(Measures::new(&metrics));
        let page = include_str!("../../../docs/reference/metrics.md");
        assert_eq!(metrics.unexplained_by(page), Ok(Vec::new()));
    }
}
