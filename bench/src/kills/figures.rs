//! What a run measured, for people.

use std::collections::BTreeMap;
use std::time::Duration;

use super::journal::Journal;
use crate::checker::History;

#[derive(Debug, Default)]
pub(super) struct Figures {
    kills: BTreeMap<String, u32>,
    pauses: BTreeMap<String, u32>,
    /// From everything being back to the first acknowledged message.
    pub(super) back_after: Vec<Duration>,
    pub(super) lasted: Duration,
}

impl Figures {
    pub(super) fn killed(&mut self, what: &str) {
        *self.kills.entry(what.to_owned()).or_default() += 1;
    }

    pub(super) fn paused(&mut self, what: &str) {
        *self.pauses.entry(what.to_owned()).or_default() += 1;
    }

    pub(super) fn kills_of(&self, what: &str) -> u32 {
        self.kills.get(what).copied().unwrap_or_default()
    }

    /// A few lines with everything.
    pub(super) fn report(&self, journal: &Journal, history: &History) -> String {
        let entries: usize = history
            .logs
            .iter()
            .filter(|log| log.observer == "REST")
            .map(|log| log.entries.len())
            .sum();
        let latencies = journal.latencies();
        let mut back_after = self.back_after.clone();
        back_after.sort();
        [
            format!("  killed: {}; {} s", counts(&self.kills), self.lasted.as_secs()),
            format!("  paused: {}", counts(&self.pauses)),
            format!(
                "  {} and {entries} entries in the logs ({}), {} logs and {} timelines compared",
                journal.summary(),
                kinds(history),
                history.logs.len(),
                history.shown.len()
            ),
            format!("  written to shown as stored: {}", spread(&latencies)),
            format!(
                "  everything back to next acknowledged message: {}",
                spread(&back_after)
            ),
        ]
        .join("\n")
    }
}

fn counts(of: &BTreeMap<String, u32>) -> String {
    let counts: Vec<String> = of.iter().map(|(what, times)| format!("{what} {times}")).collect();
    if counts.is_empty() {
        "nothing".to_owned()
    } else {
        counts.join(", ")
    }
}

/// How many entries there are of each kind, over all conversations.
fn kinds(history: &History) -> String {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for log in history.logs.iter().filter(|log| log.observer == "REST") {
        for entry in &log.entries {
            let kind = serde_json::to_value(&entry.kind).unwrap_or_default();
            *counts
                .entry(kind["kind"].as_str().unwrap_or("?").to_owned())
                .or_default() += 1;
        }
    }
    let counts: Vec<String> = counts.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
    counts.join(", ")
}

/// Median, 99th percentile and longest of sorted times.
fn spread(sorted: &[Duration]) -> String {
    let at = |percent: usize| sorted.get((sorted.len() * percent / 100).min(sorted.len().saturating_sub(1)));
    match (at(50), at(99), sorted.last()) {
        (Some(middle), Some(high), Some(longest)) => {
            format!(
                "p50 {} ms, p99 {} ms, longest {} ms",
                middle.as_millis(),
                high.as_millis(),
                longest.as_millis()
            )
        }
        _ => "nothing measured".to_owned(),
    }
}
