//! What the dashboards ask.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, ensure};
use serde_json::Value;

use super::prometheus::Prometheus;

/// What Grafana puts in for its own variable: at least four scrapes.
const RATE_INTERVAL: &str = "15s";

/// Something that is asked of Prometheus.
pub(super) struct Query {
    /// Who asks.
    pub(super) place: String,
    pub(super) expression: String,
    /// The labels that its legend names.
    labels: BTreeSet<String>,
}

/// Every query of every panel in the dashboards of a folder.
pub(super) fn queries(folder: &Path) -> anyhow::Result<Vec<Query>> {
    let mut queries = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        let text = fs::read_to_string(&path)?;
        let dashboard: Value = serde_json::from_str(&text).with_context(|| format!("{}", path.display()))?;
        let panels = dashboard["panels"].as_array().context("a dashboard without panels")?;
        for panel in panels {
            let targets = panel["targets"].as_array().map_or(&[][..], Vec::as_slice);
            ensure!(
                !targets.is_empty(),
                "{}: {} asks nothing",
                path.display(),
                panel["title"]
            );
            for target in targets {
                let word = |name: &str| target[name].as_str().unwrap_or_default();
                queries.push(Query {
                    place: format!("{}, {}", dashboard["title"], panel["title"]),
                    expression: word("expr").replace("$__rate_interval", RATE_INTERVAL),
                    labels: named_labels(word("legendFormat")),
                });
            }
        }
    }
    ensure!(!queries.is_empty(), "{} holds no dashboards", folder.display());
    Ok(queries)
}

impl Query {
    /// Whether there are series for this, which may have any labels.
    pub(super) fn of_series(place: String, selector: &str) -> Self {
        Self {
            place,
            expression: format!("count({selector})"),
            labels: BTreeSet::new(),
        }
    }

    /// Why it is of no use now; none when it has data.
    pub(super) async fn fault(&self, prometheus: &Prometheus) -> Option<String> {
        let series = match prometheus.query(&self.expression).await {
            Ok(series) => series,
            Err(fault) => return Some(format!("{fault:#}")),
        };
        // A quotient or a quantile of nothing is there, but is no number.
        let mut numbers = series.iter().filter(|one| one["value"][1] != "NaN");
        let Some(first) = numbers.next() else {
            return Some(format!("{} series, none with a number", series.len()));
        };
        let missing: Vec<_> = self
            .labels
            .iter()
            .filter(|label| first["metric"][label.as_str()].is_null())
            .collect();
        (!missing.is_empty()).then(|| format!("the legend names {missing:?}, which no series has"))
    }
}

/// The names in `{{name}}`.
fn named_labels(legend: &str) -> BTreeSet<String> {
    let names = legend.split("{{").skip(1).filter_map(|rest| rest.split("}}").next());
    names.map(|name| name.trim().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_legend_names_labels() {
        assert_eq!(
            named_labels("{{job}} of {{ part }}"),
            BTreeSet::from(["job".to_owned(), "part".to_owned()])
        );
        assert_eq!(named_labels("half"), BTreeSet::new());
    }
}
