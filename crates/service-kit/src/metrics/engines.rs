//! How the engines of a process are, read when it is asked for: what is ready, and how busy each database is.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric as _};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};

use crate::health::Health;

/// What a database is busy with. Cheap to clone; clones count together.
#[derive(Debug, Clone, Default)]
pub struct Pool {
    connections: Gauge,
    in_use: Gauge,
    operations: Gauge,
}

/// Counted until it is dropped.
#[derive(Debug)]
pub struct Counted(Gauge);

impl Pool {
    /// So many connections are open, and so many of them work for somebody.
    pub(crate) fn set(&self, connections: usize, in_use: usize) {
        self.connections.set(i64::try_from(connections).unwrap_or(i64::MAX));
        self.in_use.set(i64::try_from(in_use).unwrap_or(i64::MAX));
    }

    /// A connection is opened.
    pub(crate) fn connection(&self) -> Counted {
        Counted::among(&self.connections)
    }

    /// A connection begins to work for somebody.
    pub(crate) fn connection_in_use(&self) -> Counted {
        Counted::among(&self.in_use)
    }

    /// Somebody begins to wait for the database's answer.
    pub(crate) fn operation(&self) -> Counted {
        Counted::among(&self.operations)
    }

    /// Open connections.
    pub fn connections(&self) -> i64 {
        self.connections.get()
    }

    /// Those of them that work for somebody.
    pub fn connections_in_use(&self) -> i64 {
        self.in_use.get()
    }

    /// What waits for an answer, a connection not yet given included.
    pub fn operations(&self) -> i64 {
        self.operations.get()
    }
}

impl Counted {
    fn among(gauge: &Gauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// The databases of a process, by what each is called.
#[derive(Debug, Clone, Default)]
pub(super) struct Pools {
    known: Arc<Mutex<BTreeMap<&'static str, Pool>>>,
}

impl Pools {
    pub(super) fn add(&self, database: &'static str, pool: &Pool) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(database, pool.clone());
    }
}

impl Collector for Pools {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> std::fmt::Result {
        let pools = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut write = |name, help, figure: fn(&Pool) -> i64| {
            let values = pools.iter().map(|(database, pool)| (*database, figure(pool)));
            gauges_by(&mut encoder, (name, help), "database", values)
        };
        write("database_connections", "Open connections", Pool::connections)?;
        write(
            "database_connections_in_use",
            "Connections that work for somebody",
            Pool::connections_in_use,
        )?;
        write("database_operations", "What waits for an answer", Pool::operations)
    }
}

/// What `/readyz` says of each part, as figures.
#[derive(Debug)]
pub(super) struct ReadyParts(pub(super) Health);

impl Collector for ReadyParts {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> std::fmt::Result {
        let parts = self.0.ready_parts();
        let values = parts.into_iter().map(|(part, is_ready)| (part, i64::from(is_ready)));
        let words = ("part_ready", "Whether a part that the process depends on works");
        gauges_by(&mut encoder, words, "part", values)
    }
}

/// One figure for each value of a label.
fn gauges_by(
    encoder: &mut DescriptorEncoder<'_>,
    (name, help): (&str, &str),
    label: &'static str,
    values: impl Iterator<Item = (&'static str, i64)>,
) -> std::fmt::Result {
    let mut values = values.peekable();
    if values.peek().is_none() {
        return Ok(());
    }
    let mut figure = encoder.encode_descriptor(name, help, None, MetricType::Gauge)?;
    for (value, number) in values {
        let labels = [(label, value)];
        ConstGauge::new(number).encode(figure.encode_family(&labels)?)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::metrics::Metrics;

    use super::*;

    #[test]
    fn every_database_and_every_part_has_its_figures() {
        let (metrics, health, pool) = (Metrics::default(), Health::default(), Pool::default());
        metrics.show_readiness(&health);
        metrics.add_pool("chat-database", &pool);
        metrics.add_pool("events", &Pool::default());
        let (_open, operation) = (pool.connection(), pool.operation());
        health.part("chat-database").ready();
        health.part("cache").failed("no answer");

        let text = metrics.text().unwrap();
        for line in [
            r#"loquat_database_connections{database="chat-database"} 1"#,
            r#"loquat_database_connections{database="events"} 0"#,
            r#"loquat_database_connections_in_use{database="chat-database"} 0"#,
            r#"loquat_database_operations{database="chat-database"} 1"#,
            r#"loquat_part_ready{part="chat-database"} 1"#,
            r#"loquat_part_ready{part="cache"} 0"#,
        ] {
            assert!(text.contains(line), "{line} is not in {text}");
        }
        drop(operation);
        assert_eq!(pool.operations(), 0);
        let page = include_str!("../../../../docs/reference/metrics.md");
        assert_eq!(metrics.unexplained_by(page), Ok(Vec::new()));
    }
}
