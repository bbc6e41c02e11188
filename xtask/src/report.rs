//! What the steps of a command amount to: test counts read from their output, the table, the last line.

use std::fmt::Write;
use std::time::Duration;

use crate::steps::{Row, Verdict};

/// Tests that passed and failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
}

/// The tests that a step's output tells of, or none when it ran no tests.
///
/// It understands the summaries of `cargo test` and of Vitest.
pub(crate) fn counts(output: &str) -> Option<Counts> {
    let mut sum = None;
    for line in output.lines().map(str::trim) {
        let summary = line
            .strip_prefix("test result:")
            .or_else(|| line.strip_prefix("Tests "));
        let Some(summary) = summary else { continue };
        let sum: &mut Counts = sum.get_or_insert_default();
        sum.passed += number_before(summary, "passed");
        sum.failed += number_before(summary, "failed");
    }
    sum
}

/// The number in front of a word: 12 for `passed` in `ok. 12 passed; 0 failed`.
fn number_before(text: &str, word: &str) -> u32 {
    let words: Vec<&str> = text
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|part| !part.is_empty())
        .collect();
    words
        .windows(2)
        .find(|pair| pair[1] == word)
        .and_then(|pair| pair[0].parse().ok())
        .unwrap_or(0)
}

/// All steps together: a step with tests counts its tests, any other counts as one.
pub(crate) fn sum(rows: &[Row]) -> Counts {
    rows.iter().fold(Counts::default(), |sum, row| {
        let own = match row.verdict {
            Verdict::Passed(Some(counts)) => counts,
            Verdict::Passed(None) => Counts { passed: 1, failed: 0 },
            // A step can fail although each test passed, for instance when it does not compile.
            Verdict::Failed(counts) => {
                let counts = counts.unwrap_or_default();
                Counts {
                    passed: counts.passed,
                    failed: counts.failed.max(1),
                }
            }
            Verdict::Skipped => Counts::default(),
        };
        Counts {
            passed: sum.passed + own.passed,
            failed: sum.failed + own.failed,
        }
    })
}

/// The table at the end of a command.
pub(crate) fn table(rows: &[Row], total: Duration) -> String {
    let width = rows
        .iter()
        .map(|row| row.name.chars().count())
        .max()
        .unwrap_or(0)
        .max("total".len());
    let mut table = String::new();
    for row in rows {
        line(&mut table, width, &row.name, &words(row.verdict), row.time);
    }
    line(&mut table, width, "total", "", total);
    table
}

fn line(table: &mut String, width: usize, name: &str, words: &str, time: Duration) {
    writeln!(table, "  {name:width$}  {words:22}  {:>9}", seconds(time)).expect("writing to a string cannot fail");
}

/// A verdict as a person reads it.
pub(crate) fn words(verdict: Verdict) -> String {
    match verdict {
        Verdict::Passed(None) => "passed".to_owned(),
        Verdict::Passed(Some(counts)) => format!("{} tests passed", counts.passed),
        Verdict::Failed(Some(counts)) if counts.failed > 0 => format!("{} of {} FAILED", counts.failed, counts.all()),
        Verdict::Failed(_) => "FAILED".to_owned(),
        Verdict::Skipped => "skipped".to_owned(),
    }
}

/// A time as a person reads it.
pub(crate) fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

impl Counts {
    fn all(self) -> u32 {
        self.passed + self.failed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(verdict: Verdict) -> Row {
        Row {
            name: "a step".to_owned(),
            verdict,
            time: Duration::from_millis(1200),
        }
    }

    #[test]
    fn the_summaries_of_several_test_programs_add_up() {
        let output = "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured\n\
                      test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured\n";

        assert_eq!(counts(output), Some(Counts { passed: 15, failed: 2 }));
    }

    #[test]
    fn the_summary_of_the_windows_tests_is_understood() {
        assert_eq!(
            counts("      Tests  1 failed | 30 passed (31)\n"),
            Some(Counts { passed: 30, failed: 1 })
        );
        assert_eq!(
            counts("      Tests  30 passed (30)\n"),
            Some(Counts { passed: 30, failed: 0 })
        );
    }

    #[test]
    fn output_without_tests_has_no_counts() {
        assert_eq!(counts("Finished `dev` profile\n"), None);
    }

    #[test]
    fn a_step_without_tests_counts_as_one() {
        let rows = [
            row(Verdict::Passed(None)),
            row(Verdict::Passed(Some(Counts { passed: 7, failed: 0 }))),
        ];

        assert_eq!(sum(&rows), Counts { passed: 8, failed: 0 });
    }

    #[test]
    fn a_step_that_failed_counts_at_least_one_failure() {
        let rows = [
            row(Verdict::Failed(Some(Counts { passed: 7, failed: 0 }))),
            row(Verdict::Skipped),
        ];

        assert_eq!(sum(&rows), Counts { passed: 7, failed: 1 });
    }

    #[test]
    fn the_table_names_every_step() {
        let table = table(
            &[row(Verdict::Failed(Some(Counts { passed: 7, failed: 2 })))],
            Duration::from_secs(2),
        );

        assert_eq!(
            table,
            "  a step  2 of 9 FAILED               1.2 s\n  total                               2.0 s\n"
        );
    }
}
