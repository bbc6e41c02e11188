//! How long a message takes from a client of one node to a client of the other, from when it was due.

use std::fmt;
use std::time::Duration;

use super::{Stage, traffic};

/// Messages that are sent before anything is measured: connections are made, conversations opened.
const WARM_UP: Duration = Duration::from_secs(3);

pub(super) struct Passage {
    written: usize,
    /// Sorted.
    took: Vec<Duration>,
}

pub(super) async fn measure(stage: &Stage, lasting: Duration) -> anyhow::Result<Passage> {
    traffic::run(stage, WARM_UP).await?;
    let delivered = traffic::run(stage, lasting).await?;
    let mut took: Vec<Duration> = delivered.arrivals.iter().map(|(took, _)| *took).collect();
    took.sort_unstable();
    Ok(Passage {
        written: delivered.written,
        took,
    })
}

impl Passage {
    /// Whether anything was measured; what is missing has failed before.
    pub(super) fn is_complete(&self) -> bool {
        !self.took.is_empty()
    }

    pub(super) fn p99_ms(&self) -> f64 {
        self.at(990)
    }

    /// The smallest time that is not below this share of them, in milliseconds.
    fn at(&self, per_mille: usize) -> f64 {
        let rank = (self.took.len() * per_mille).div_ceil(1000);
        let took = self.took.get(rank.saturating_sub(1)).copied().unwrap_or_default();
        took.as_secs_f64() * 1000.0
    }
}

impl fmt::Display for Passage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{} messages at {}/s, {} deliveries at the other node: p50 {:.1} ms, p99 {:.1} ms, p999 {:.1} ms, max {:.1} ms",
            self.written,
            traffic::MESSAGES_PER_S,
            self.took.len(),
            self.at(500),
            self.p99_ms(),
            self.at(999),
            self.at(1000)
        )
    }
}
