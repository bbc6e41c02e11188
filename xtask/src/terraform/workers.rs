//! Several programs side by side, each with a log of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use anyhow::{Context, bail};

use crate::processes::{self, Outcome};

/// Far above the slowest of them on a busy machine.
const LIMIT: Duration = Duration::from_mins(8);

/// Each program takes most of a core, and the machine has others to serve.
const MOST: usize = 4;

/// What a program wrote. An error holds that, too.
pub(super) fn run(command: Command, log: &Path) -> anyhow::Result<String> {
    fs::write(log, "").with_context(|| format!("writing {}", log.display()))?;
    let name = processes::name_of(&command);
    let outcome = processes::run_logged(command, log, LIMIT)?;
    let text = fs::read(log).with_context(|| format!("reading {}", log.display()))?;
    let text = String::from_utf8_lossy(&text).into_owned();
    match outcome {
        Outcome::Ended(status) if status.success() => Ok(text),
        Outcome::Ended(status) => bail!("{name} ended with {status}:\n{text}"),
        Outcome::TooSlow(limit) => bail!("{name} was ended after {} s:\n{text}", limit.as_secs()),
        Outcome::AskedToStop => bail!("asked to stop"),
    }
}

/// Does `work` on everything, as many at a time as there are cores, and answers in the same order. `work` gets the number of
/// the worker, so that it can have a folder of its own.
pub(super) fn on_all<Item: Sync, Answer: Send>(
    items: &[Item],
    work: impl Fn(usize, &Item) -> anyhow::Result<Answer> + Sync,
) -> Vec<anyhow::Result<Answer>> {
    let next = Mutex::new(0..items.len());
    let answers = Mutex::new(Vec::with_capacity(items.len()));
    thread::scope(|scope| {
        for worker in 0..count() {
            let (next, answers, work) = (&next, &answers, &work);
            scope.spawn(move || {
                while let Some(index) = taken(next) {
                    let answer = work(worker, &items[index]);
                    if let Ok(mut answers) = answers.lock() {
                        answers.push((index, answer));
                    }
                }
            });
        }
    });
    let mut answers = answers.into_inner().unwrap_or_default();
    answers.sort_by_key(|(index, _)| *index);
    answers.into_iter().map(|(_, answer)| answer).collect()
}

/// How many work at the same time.
pub(super) fn count() -> usize {
    thread::available_parallelism().map_or(1, usize::from).min(MOST)
}

fn taken(next: &Mutex<std::ops::Range<usize>>) -> Option<usize> {
    next.lock().ok()?.next()
}

/// A log for each thing that is done, beside the others.
pub(super) fn log(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{}.log", name.replace('/', "-")))
}

/// Fails naming everything that failed.
pub(super) fn all_well<Answer>(answers: Vec<anyhow::Result<Answer>>) -> anyhow::Result<Vec<Answer>> {
    let (good, bad): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    let faults: Vec<String> = bad
        .into_iter()
        .filter_map(Result::err)
        .map(|fault| format!("{fault:#}"))
        .collect();
    if faults.is_empty() {
        return Ok(good.into_iter().flatten().collect());
    }
    bail!("{}", faults.join("\n\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_done_once_and_answered_in_order() {
        let answers = on_all(&[1, 2, 3, 4, 5], |_, number| Ok(number * 10));

        assert_eq!(all_well(answers).unwrap(), [10, 20, 30, 40, 50]);
    }

    #[test]
    fn every_fault_is_told() {
        let answers = on_all(
            &[1, 2, 3],
            |_, number| {
                if *number == 2 { Ok(()) } else { bail!("{number} is odd") }
            },
        );

        let fault = all_well(answers).unwrap_err().to_string();

        assert_eq!(fault, "1 is odd\n\n3 is odd");
    }
}
