//! What a run found, as a line of JSON and as a row of a table.

use std::collections::BTreeMap;

use serde::Serialize;

/// Named numbers. The unit is the end of the name.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub(super) struct Figures(BTreeMap<String, f64>);

impl Figures {
    /// Sets a figure, to four digits: more would be noise.
    pub(super) fn put(&mut self, name: &str, value: f64) {
        let digits = 4.0 - value.abs().max(1e-9).log10().ceil();
        #[expect(clippy::cast_possible_truncation, reason = "a small whole number")]
        let scale = 10_f64.powi(digits.max(0.0) as i32);
        self.0.insert(name.to_owned(), (value * scale).round() / scale);
    }

    pub(super) fn get(&self, name: &str) -> Option<f64> {
        self.0.get(name).copied()
    }
}

/// One run of one workload on one side.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Record {
    pub(super) workload: &'static str,
    pub(super) side: &'static str,
    pub(super) run: u32,
    /// When the whole programme began.
    pub(super) began_at: i64,
    pub(super) seed: u64,
    pub(super) parameters: BTreeMap<&'static str, f64>,
    pub(super) server: String,
    pub(super) kernel: String,
    pub(super) rustc: String,
    pub(super) machine: String,
    pub(super) file_system: String,
    pub(super) figures: Figures,
    /// Why the run counts for nothing.
    pub(super) void: Option<String>,
}

impl Record {
    /// What makes two runs comparable: the same workload with the same parameters.
    pub(super) fn subject(&self) -> String {
        let parameters: Vec<String> = self
            .parameters
            .iter()
            .map(|(name, value)| format!("{name} {value}"))
            .collect();
        format!("{} ({})", self.workload, parameters.join(", "))
    }
}

/// The figures that decide, by workload; the larger ones are better where `more_is_better`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Headline {
    pub(super) figure: &'static str,
    pub(super) more_is_better: bool,
}

/// Every run in a row, then the medians of both sides and their ratio.
pub(super) fn table(records: &[Record], headlines: impl Fn(&str) -> &'static [Headline]) -> String {
    let mut subjects: Vec<String> = records.iter().map(Record::subject).collect();
    subjects.dedup();
    let mut lines = Vec::new();
    for subject in subjects {
        let records: Vec<&Record> = records.iter().filter(|record| record.subject() == subject).collect();
        let headlines = records.first().map_or(&[][..], |record| headlines(record.workload));
        lines.push(format!("\n{subject}"));
        lines.extend(records.iter().map(|record| row(record, headlines)));
        for headline in headlines {
            lines.extend(comparison(&records, *headline));
        }
    }
    lines.join("\n")
}

fn row(record: &Record, headlines: &[Headline]) -> String {
    let figures: Vec<String> = headlines
        .iter()
        .filter_map(|headline| Some(format!("{} {}", headline.figure, record.figures.get(headline.figure)?)))
        .collect();
    let verdict = record
        .void
        .as_ref()
        .map_or_else(String::new, |why| format!("  VOID: {why}"));
    format!(
        "  {:<9} run {}: {}{verdict}",
        record.side,
        record.run,
        figures.join(", ")
    )
}

/// The medians, with the range of the runs, and how many times better ours is.
fn comparison(records: &[&Record], headline: Headline) -> Vec<String> {
    let mut lines = Vec::new();
    let mut medians = Vec::new();
    for side in ["loquat", "socket.io"] {
        let of_side = records
            .iter()
            .filter(|record| record.side == side && record.void.is_none());
        let mut values: Vec<f64> = of_side
            .filter_map(|record| record.figures.get(headline.figure))
            .collect();
        values.sort_by(f64::total_cmp);
        if let (Some(median), Some(least), Some(most)) = (median(&values), values.first(), values.last()) {
            lines.push(format!(
                "  {:<28} {side:<9} median {median} ({least} to {most}, {} runs)",
                headline.figure,
                values.len()
            ));
            medians.push(median);
        }
    }
    if let [ours, peer] = medians[..] {
        let ratio = if headline.more_is_better {
            ours / peer
        } else {
            peer / ours
        };
        lines.push(format!("  {:<28} loquat is {ratio:.2} times as good", headline.figure));
    }
    lines
}

fn median(sorted: &[f64]) -> Option<f64> {
    let middle = sorted.len() / 2;
    let upper = sorted.get(middle)?;
    Some(if sorted.len() % 2 == 1 {
        *upper
    } else {
        f64::midpoint(sorted[middle - 1], *upper)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPEED: Headline = Headline {
        figure: "per_s",
        more_is_better: true,
    };
    const COST: Headline = Headline {
        figure: "cost",
        more_is_better: false,
    };

    fn record(side: &'static str, per_s: f64, cost: f64, void: Option<&str>) -> Record {
        let mut figures = Figures::default();
        figures.put("per_s", per_s);
        figures.put("cost", cost);
        Record {
            workload: "w",
            side,
            run: 1,
            began_at: 0,
            seed: 1,
            parameters: BTreeMap::from([("sockets", 5.0)]),
            server: String::new(),
            kernel: String::new(),
            rustc: String::new(),
            machine: String::new(),
            file_system: String::new(),
            figures,
            void: void.map(str::to_owned),
        }
    }

    #[test]
    fn the_ratio_is_that_of_the_medians_and_void_runs_do_not_count() {
        let records = [
            record("loquat", 300.0, 5.0, None),
            record("socket.io", 100.0, 10.0, None),
            record("loquat", 200.0, 5.0, None),
            record("loquat", 9999.0, 5.0, Some("1 missing")),
            record("loquat", 100.0, 5.0, None),
        ];
        let table = table(&records, |_| &[SPEED, COST]);
        assert!(
            table.contains("per_s                        loquat is 2.00 times as good"),
            "{table}"
        );
        assert!(
            table.contains("cost                         loquat is 2.00 times as good"),
            "{table}"
        );
        assert!(table.contains("median 200 (100 to 300, 3 runs)"), "{table}");
        assert!(table.contains("VOID: 1 missing"), "{table}");
    }

    #[test]
    fn a_figure_keeps_four_digits() {
        let mut figures = Figures::default();
        figures.put("a", 123_456.7);
        figures.put("b", 0.012_345_6);
        assert_eq!(figures.get("a"), Some(123_457.0));
        assert_eq!(figures.get("b"), Some(0.01235));
    }
}
