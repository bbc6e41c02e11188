//! What this service counts. `docs/reference/metrics.md` tells operators what each figure means.

use service_kit::metrics::{Counter, CounterBy, Gauge, Histogram, Metrics};

/// Why sockets close: the client did, or [`crate::fanout::signal::Close`] by its name.
pub const REASONS: &[&str] = &[
    "left",
    "going_away",
    "slow_reader",
    "session_ended",
    "protocol_error",
    "token_expired",
    "too_many_sockets",
    "timed_out",
];

/// All figures of one node.
#[derive(Debug)]
pub struct Measures {
    pub sockets: Gauge,
    pub sockets_opened: Counter,
    pub sockets_closed: CounterBy,
    pub resumes: CounterBy,
    pub deliveries: Counter,
    pub open_conversations: Gauge,
    pub append: Histogram,
    pub batch: Histogram,
    pub conflicts: Counter,
    pub unknown_outcomes: Counter,
    pub hole_repairs: Counter,
}

impl Measures {
    /// Registers every figure.
    pub fn new(metrics: &Metrics) -> Self {
        Self {
            sockets: metrics.gauge("sockets", "Open sockets"),
            sockets_opened: metrics.counter("sockets_opened", "Sockets that were opened; a flood of them is a storm"),
            sockets_closed: metrics.counter_by(
                "sockets_closed",
                "Sockets that closed, by the reason this side gave",
                "reason",
                REASONS,
            ),
            resumes: metrics.counter_by(
                "resumes",
                "Conversations on sockets that came, by how they began: live, resumed, or anew at the newest page",
                "how",
                &["live", "resumed", "anew"],
            ),
            deliveries: metrics.counter("deliveries", "Entries brought to sockets"),
            open_conversations: metrics.gauge("open_conversations", "Conversations with a sequencer at this node"),
            append: metrics.times("append", "Storing a batch of entries, until it is durable"),
            batch: metrics.sizes("append_batch_entries", "Entries that were stored together"),
            conflicts: metrics.counter(
                "append_conflicts",
                "Appends that met an entry of another node or a repeat",
            ),
            unknown_outcomes: metrics.counter(
                "append_unknown",
                "Appends of which only asking told whether they were stored",
            ),
            hole_repairs: metrics.counter(
                "hole_repairs",
                "Stretches of a log that were read because nobody told of them",
            ),
        }
    }
}

#[cfg(test)]
impl Default for Measures {
    fn default() -> Self {
        Self::new(&Metrics::default())
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
        for reason in REASONS {
            assert!(page.contains(&format!("`{reason}`")), "{reason} is not explained");
        }
    }
}
