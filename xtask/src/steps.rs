//! A command as a list of steps: each with a heading, its time, and its output kept and shown when it fails.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::Context;

use crate::checkout::Checkout;
use crate::processes::{self, Outcome};
use crate::report::{self, Counts};
use crate::signals;

/// How long a step may take unless it says otherwise: far above the slowest build on two cores.
pub(crate) const LIMIT: Duration = Duration::from_mins(30);

/// How many lines of a failed step's output are shown from its start, where compilers complain, and from its end,
/// where tests do; the rest is in its log.
const FIRST_LINES: usize = 100;
const LAST_LINES: usize = 300;

/// How one step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// With the tests it ran, when it ran tests.
    Passed(Option<Counts>),
    Failed(Option<Counts>),
    /// Something it needs failed before.
    Skipped,
}

/// One row of the table at the end.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) verdict: Verdict,
    pub(crate) time: Duration,
}

/// Where the programs of a step write.
pub(crate) enum Output {
    /// Into a log that is shown when the step fails.
    Kept(PathBuf),
    /// Straight to the terminal, for a person who waits.
    Shown,
}

impl Output {
    /// Runs a program to its end; an error says how it failed.
    pub(crate) fn follow(&self, command: Command) -> anyhow::Result<()> {
        self.follow_within(LIMIT, command)
    }

    /// Like [`Self::follow`], for a program with a limit of its own.
    pub(crate) fn follow_within(&self, limit: Duration, command: Command) -> anyhow::Result<()> {
        let name = processes::name_of(&command);
        let outcome = match self {
            Self::Kept(log) => processes::run_logged(command, log, limit)?,
            Self::Shown => processes::wait(processes::start(command)?, limit)?,
        };
        match outcome {
            Outcome::Ended(status) if status.success() => Ok(()),
            Outcome::Ended(status) => anyhow::bail!("{name} ended with {status}"),
            Outcome::TooSlow(limit) => anyhow::bail!("{name} was ended after {}", report::seconds(limit)),
            Outcome::AskedToStop => anyhow::bail!("asked to stop"),
        }
    }
}

/// The steps of one command, run one after the other.
pub(crate) struct Steps<'a> {
    checkout: &'a Checkout,
    shown: bool,
    started: Instant,
    rows: Vec<Row>,
    blocked: bool,
}

impl<'a> Steps<'a> {
    /// Steps whose output is kept, and shown when they fail.
    pub(crate) fn kept(checkout: &'a Checkout) -> Self {
        Self {
            checkout,
            shown: false,
            started: Instant::now(),
            rows: Vec::new(),
            blocked: false,
        }
    }

    /// Steps whose output goes straight to the terminal.
    pub(crate) fn shown(checkout: &'a Checkout) -> Self {
        Self {
            shown: true,
            ..Self::kept(checkout)
        }
    }

    /// Work that must end well. The steps after it run all the same.
    pub(crate) fn step(&mut self, name: &str, work: impl FnOnce(&Output) -> anyhow::Result<()>) {
        self.run(name, work);
    }

    /// Work without which the later steps make no sense.
    pub(crate) fn needed(&mut self, name: &str, work: impl FnOnce(&Output) -> anyhow::Result<()>) {
        self.blocked |= !self.run(name, work);
    }

    /// Whether everything so far went well.
    pub(crate) fn all_well(&self) -> bool {
        self.rows.iter().all(|row| matches!(row.verdict, Verdict::Passed(_)))
    }

    fn run(&mut self, name: &str, work: impl FnOnce(&Output) -> anyhow::Result<()>) -> bool {
        if self.blocked || signals::asked_to_stop() {
            self.rows.push(Row {
                name: name.to_owned(),
                verdict: Verdict::Skipped,
                time: Duration::ZERO,
            });
            return false;
        }
        println!("\n== {name}");
        let started = Instant::now();
        let output = if self.shown {
            Ok(Output::Shown)
        } else {
            self.log(name).map(Output::Kept)
        };
        let (text, result) = match output {
            Ok(output) => {
                let result = work(&output);
                (written(&output), result)
            }
            Err(fault) => (String::new(), Err(fault)),
        };
        let time = started.elapsed();
        let counts = report::counts(&text);
        let verdict = if result.is_ok() {
            Verdict::Passed(counts)
        } else {
            Verdict::Failed(counts)
        };
        if let Err(fault) = &result {
            show_failure(&text, fault);
        }
        println!("   {}, {}", report::words(verdict), report::seconds(time));
        self.rows.push(Row {
            name: name.to_owned(),
            verdict,
            time,
        });
        result.is_ok()
    }

    /// An empty log for a step.
    fn log(&self, name: &str) -> anyhow::Result<PathBuf> {
        let slug: String = name
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
            .collect();
        let log = self.checkout.kept(&format!("logs/{}.log", slug.to_lowercase()))?;
        fs::write(&log, "").with_context(|| format!("writing {}", log.display()))?;
        Ok(log)
    }

    /// Prints the table and the sum on a line of its own.
    pub(crate) fn finish(self) -> ExitCode {
        println!("\n{}", report::table(&self.rows, self.started.elapsed()));
        let sum = report::sum(&self.rows);
        println!("{} passed, {} failed", sum.passed, sum.failed);
        if self.all_well() {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }
}

/// What a step's programs wrote, as far as it was kept.
fn written(output: &Output) -> String {
    match output {
        Output::Kept(log) => fs::read(log)
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .unwrap_or_default(),
        Output::Shown => String::new(),
    }
}

fn show_failure(text: &str, fault: &anyhow::Error) {
    let lines: Vec<&str> = text.lines().collect();
    let first = lines.len().min(FIRST_LINES);
    let last = lines.len().saturating_sub(LAST_LINES).max(first);
    for line in &lines[..first] {
        println!("   {line}");
    }
    if last > first {
        println!("   … {} more lines are in .loquat/logs …", last - first);
    }
    for line in &lines[last..] {
        println!("   {line}");
    }
    println!("   {fault:#}");
}
