//! The nodes cannot hear each other for a while, under load; nobody has to come back to have everything.

use std::fmt;
use std::time::Duration;

use test_kit::fault_proxy::Network;
use tokio::time::Instant;

use super::{Stage, traffic};

/// Load before the cut, and after it.
const BEFORE: Duration = Duration::from_secs(3);
const AFTER: Duration = Duration::from_secs(7);

pub(super) struct Cut {
    lasted: Duration,
    deliveries: usize,
    /// The longest that a delivery came after the network was whole again, of those that were due before.
    level_after: Duration,
}

/// Every reader's socket must stay open, and every message come once and in order: the traffic itself sees to it.
pub(super) async fn show(stage: &Stage, lasting: Duration) -> anyhow::Result<Cut> {
    let started = Instant::now();
    let breaking = async {
        tokio::time::sleep_until(started + BEFORE).await;
        for network in &stage.to_redis {
            network.set(Network::Stalled);
        }
        tokio::time::sleep_until(started + BEFORE + lasting).await;
        for network in &stage.to_redis {
            network.set(Network::Whole);
        }
        Instant::now()
    };
    let (delivered, mended) = tokio::join!(traffic::run(stage, BEFORE + lasting + AFTER), breaking);
    let delivered = delivered?;
    let late = delivered.arrivals.iter().filter(|(took, came)| *came - *took <= mended);
    let level_after = late.map(|(_, came)| came.saturating_duration_since(mended)).max();
    Ok(Cut {
        lasted: lasting,
        deliveries: delivered.arrivals.len(),
        level_after: level_after.unwrap_or_default(),
    })
}

impl Cut {
    /// Whether everything came soon after.
    pub(super) fn is_whole(&self) -> bool {
        self.level_after < Duration::from_secs(5)
    }
}

impl fmt::Display for Cut {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "Redis away for {} s under {} messages/s: {} deliveries, no hole, nobody reconnected; level {:.2} s after it was back",
            self.lasted.as_secs(),
            traffic::MESSAGES_PER_S,
            self.deliveries,
            self.level_after.as_secs_f64()
        )
    }
}
