//! What a process counts, for Prometheus to read from the operations address.
//!
//! Every metric is made once, at the start, and handed to who counts; so all there are can be listed without any
//! traffic. Names begin with `loquat_` and end with their unit.

mod engines;
mod process;

use std::fmt::Debug;
use std::sync::{Arc, Mutex, PoisonError};

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::EncodeMetric;
use prometheus_client::encoding::text::encode;
pub use prometheus_client::metrics::counter::Counter;
pub use prometheus_client::metrics::family::Family;
pub use prometheus_client::metrics::gauge::Gauge;
pub use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Metric, Registry, Unit};

use self::engines::{Pools, ReadyParts};
use crate::health::Health;
pub use engines::{Counted, Pool};

/// The beginning of every name.
const PREFIX: &str = "loquat";
/// Upper bounds of times in seconds: from half a millisecond to ten seconds.
const SECONDS: [f64; 14] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];
/// Upper bounds of counts of things that are done together.
const COUNTS: [f64; 10] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0];

/// A counter for each value of one label, out of a closed set; never an id, an address or a name. Cheap to clone.
#[derive(Debug, Clone)]
pub struct CounterBy {
    label: &'static str,
    values: &'static [&'static str],
    counters: Family<[(&'static str, &'static str); 1], Counter>,
}

impl CounterBy {
    /// Counts once more. The value is one of those it was made with.
    pub fn count(&self, value: &'static str) {
        debug_assert!(self.values.contains(&value), "{} {value} is not listed", self.label);
        self.of(value).inc();
    }

    /// How often this value was counted.
    pub fn get(&self, value: &'static str) -> u64 {
        self.of(value).get()
    }

    fn of(&self, value: &'static str) -> Counter {
        self.counters.get_or_create_owned(&[(self.label, value)])
    }
}

/// All metrics of a process. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Metrics {
    registry: Arc<Mutex<Registry>>,
    pools: Pools,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix(PREFIX);
        registry.register_collector(Box::new(process::ProcessFigures));
        let pools = Pools::default();
        registry.register_collector(Box::new(pools.clone()));
        Self {
            registry: Arc::new(Mutex::new(registry)),
            pools,
        }
    }
}

impl Metrics {
    /// Something that happens: `loquat_NAME_total`.
    pub fn counter(&self, name: &str, help: &str) -> Counter {
        self.registered(name, help, Counter::default())
    }

    /// The same, apart by a label; each of its values is listed from the start.
    pub fn counter_by(
        &self,
        name: &str,
        help: &str,
        label: &'static str,
        values: &'static [&'static str],
    ) -> CounterBy {
        let counters = self.registered(name, help, Family::default());
        let by = CounterBy {
            label,
            values,
            counters,
        };
        for value in values {
            drop(by.of(value));
        }
        by
    }

    /// How many there are now: `loquat_NAME`.
    pub fn gauge(&self, name: &str, help: &str) -> Gauge {
        self.registered(name, help, Gauge::default())
    }

    /// How long something takes: `loquat_NAME_seconds`.
    pub fn times(&self, name: &str, help: &str) -> Histogram {
        let times = Histogram::new(SECONDS);
        self.registry()
            .register_with_unit(name, help, Unit::Seconds, times.clone());
        times
    }

    /// The same, apart by labels.
    pub fn times_by<L>(&self, name: &str, help: &str) -> Family<L, Histogram>
    where
        L: Clone + std::hash::Hash + Eq + EncodeLabelSet + Debug + Send + Sync + 'static,
    {
        let times = Family::<L, Histogram>::new_with_constructor(|| Histogram::new(SECONDS));
        self.registry()
            .register_with_unit(name, help, Unit::Seconds, times.clone());
        times
    }

    /// How many things are done together: `loquat_NAME`.
    pub fn sizes(&self, name: &str, help: &str) -> Histogram {
        self.registered(name, help, Histogram::new(COUNTS))
    }

    /// Shows what this database is busy with: `loquat_database_…`.
    pub fn add_pool(&self, database: &'static str, pool: &Pool) {
        self.pools.add(database, pool);
    }

    /// Shows what `/readyz` says of each part: `loquat_part_ready`.
    pub fn show_readiness(&self, health: &Health) {
        self.registry().register_collector(Box::new(ReadyParts(health.clone())));
    }

    /// Everything as text in the format of OpenMetrics 1.0.
    pub fn text(&self) -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        encode(&mut text, &self.registry())?;
        Ok(text)
    }

    /// The names that a page for operators does not explain.
    pub fn unexplained_by(&self, page: &str) -> Result<Vec<String>, std::fmt::Error> {
        let text = self.text()?;
        let types = text.lines().filter_map(|line| line.strip_prefix("# TYPE loquat_"));
        let names = types.filter_map(|line| line.split(' ').next());
        let unexplained = names.filter(|name| !page.contains(&format!("`{name}")));
        Ok(unexplained.map(str::to_owned).collect())
    }

    fn registered<M: Metric + EncodeMetric + Clone>(&self, name: &str, help: &str, metric: M) -> M {
        self.registry().register(name, help, metric.clone());
        metric
    }

    fn registry(&self) -> std::sync::MutexGuard<'_, Registry> {
        self.registry.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_metric_is_listed_before_anything_is_counted() {
        let metrics = Metrics::default();
        let sent = metrics.counter("mails_sent", "Mails that a server took");
        assert!(metrics.text().unwrap().contains("loquat_mails_sent_total 0"));
        sent.inc();
        metrics.times("append", "Storing a batch").observe(0.003);
        let text = metrics.text().unwrap();
        assert!(text.contains("loquat_mails_sent_total 1"), "{text}");
        assert!(text.contains("loquat_append_seconds_bucket{le=\"0.005\"} 1"), "{text}");
        assert!(text.contains("loquat_process_resident_memory_bytes "), "{text}");
        assert!(text.ends_with("# EOF\n"));
    }

    #[test]
    fn every_value_of_a_label_is_listed_before_anything_is_counted() {
        let metrics = Metrics::default();
        let mails = metrics.counter_by(
            "mails_sent",
            "Mails that a server took",
            "kind",
            &["code", "invitation"],
        );
        mails.count("code");
        let text = metrics.text().unwrap();
        assert!(text.contains(r#"loquat_mails_sent_total{kind="code"} 1"#), "{text}");
        assert!(
            text.contains(r#"loquat_mails_sent_total{kind="invitation"} 0"#),
            "{text}"
        );
        assert_eq!((mails.get("code"), mails.get("invitation")), (1, 0));
    }
}
