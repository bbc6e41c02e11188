//! Figures: how much work of the real server a CPU-second buys, beside a peer that does the same work.
//!
//! `bench load` starts a server, opens thousands of sockets to it from one thread, and measures. Every run is checked:
//! one message that is missing, doubled or out of order makes it void, and the program fails. Ours and the peer run
//! in turn, so that whatever else the machine does meets both.

#![expect(clippy::cast_precision_loss, reason = "figures are shown with three digits")]

mod crowd;
mod dialect;
mod host;
pub(crate) mod key;
mod latency;
pub(crate) mod machine;
mod receipts;
mod record;
mod swarm;
mod task;
mod wire;
mod workload;

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use client::clock::{Clock as _, SystemClock};
use test_kit::random::SeededRandom;
use tokio::process::Command;

use self::host::{Host, Side};
use self::record::Record;
use self::task::{Task, Workload};
use self::workload::{Measured, Target};

/// Files that a server and the generator need beside the sockets.
const OTHER_FILES: usize = 200;

#[derive(Debug, Clone, clap::Args)]
pub(crate) struct LoadSettings {
    /// Only these workloads; all without it.
    #[arg(long, value_enum, value_delimiter = ',')]
    workloads: Vec<Workload>,
    /// Only these servers; ours and the peer without it.
    #[arg(long, value_enum, value_delimiter = ',')]
    sides: Vec<Side>,
    /// How often each side runs each workload.
    #[arg(long)]
    runs: Option<u32>,
    /// Everything small and short: shows that it works, measures nothing worth telling.
    #[arg(long)]
    quick: bool,
    /// Sockets of the idle workload, each of another person.
    #[arg(long)]
    sockets: Option<usize>,
    /// Repeats the choices of an earlier run; without it a new seed is drawn.
    #[arg(long)]
    seed: Option<u64>,
    /// Adds a line of JSON for every run to this file.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Where servers keep their data; must be on the disk that is meant. The system's temporary folder without it.
    #[arg(long)]
    folder: Option<PathBuf>,
}

/// What all runs of the program have in common.
struct Occasion {
    seed: u64,
    /// Whether it is only to be seen that everything works.
    is_quick: bool,
    began_at: i64,
    rustc: String,
    folder: PathBuf,
}

/// Runs everything; true when no run was void.
pub(crate) async fn run(settings: LoadSettings, server_binary: &Path) -> anyhow::Result<bool> {
    let scratch = match &settings.folder {
        Some(folder) => tempfile::tempdir_in(folder)?,
        None => tempfile::tempdir()?,
    };
    let occasion = Occasion {
        seed: settings.seed.unwrap_or_else(rand::random),
        is_quick: settings.quick,
        began_at: SystemClock.now(),
        rustc: rustc_version().await,
        folder: scratch.path().to_owned(),
    };
    let tasks = task::tasks(&settings.workloads, settings.quick, settings.sockets);
    let sockets = tasks.iter().map(Task::sockets).max().unwrap_or(0);
    let limit = machine::open_files_limit()?;
    ensure!(
        limit >= sockets + OTHER_FILES,
        "{sockets} sockets do not fit into {limit} open files: `ulimit -n {}`",
        sockets + OTHER_FILES
    );
    let sides = match settings.sides.as_slice() {
        [] => vec![Side::Loquat, Side::SocketIo],
        chosen => chosen.to_vec(),
    };
    let runs = settings.runs.unwrap_or(if settings.quick { 1 } else { 5 });
    println!(
        "load: seed {}, {} on {}",
        occasion.seed,
        machine::description(),
        occasion.file_system()
    );
    let mut records = Vec::new();
    for task in &tasks {
        for run in 1..=runs {
            for side in &sides {
                let record = occasion.run_once(task, *side, run, server_binary).await?;
                note(&record, settings.out.as_deref())?;
                records.push(record);
            }
        }
    }
    println!("{}", record::table(&records, task::headlines));
    let void = records.iter().filter(|record| record.void.is_some()).count();
    println!("\nload: {} runs, {void} void (seed {})", records.len(), occasion.seed);
    Ok(void == 0)
}

impl Occasion {
    fn file_system(&self) -> String {
        machine::file_system(&self.folder)
    }

    /// One run on a server of its own.
    async fn run_once(&self, task: &Task, side: Side, run: u32, binary: &Path) -> anyhow::Result<Record> {
        let seed = self.seed.wrapping_add(u64::from(run));
        let folder = tempfile::tempdir_in(&self.folder)?;
        let mut host = host::start(side, binary, folder.path(), SeededRandom::from_seed(seed)).await?;
        // Whatever ends a measurement makes it void; the next one may still succeed, but the program has failed.
        let mut measured = measure(&mut *host, task, seed).await.unwrap_or_else(|fault| Measured {
            faults: vec![format!("{fault:#}")],
            ..Measured::default()
        });
        host.stop().await?;
        if !self.is_quick {
            measured.faults.extend(measured.distorted);
        }
        Ok(Record {
            workload: task.workload().name(),
            side: side.name(),
            run,
            began_at: self.began_at,
            seed,
            parameters: task.parameters(),
            server: host.version().to_owned(),
            kernel: machine::kernel(),
            rustc: self.rustc.clone(),
            machine: machine::description(),
            file_system: self.file_system(),
            figures: measured.figures,
            void: (!measured.faults.is_empty()).then(|| measured.faults.join("; ")),
        })
    }
}

async fn measure(host: &mut dyn Host, task: &Task, seed: u64) -> anyhow::Result<Measured> {
    let dialect = host.welcome(&task.crowd()).await?;
    if task.needs_a_fresh_process() {
        host.renew().await?;
    }
    let target = Target {
        pid: host.pid().context("the server has ended")?,
        address: host.address(),
        dialect,
    };
    let task = task.clone();
    // A thread of its own, whose CPU time is the generator's.
    tokio::task::spawn_blocking(move || task.run(target, seed)).await?
}

/// One line for people, one for programs.
fn note(record: &Record, out: Option<&Path>) -> anyhow::Result<()> {
    let verdict = record
        .void
        .as_deref()
        .map_or_else(|| "counts".to_owned(), |why| format!("VOID: {why}"));
    println!(
        "load: {} on {}, run {}: {verdict}",
        record.subject(),
        record.side,
        record.run
    );
    if let Some(path) = out {
        let mut file = OpenOptions::new().create(true).append(true).open(path)?;
        writeln!(file, "{}", serde_json::to_string(record)?)?;
    }
    Ok(())
}

async fn rustc_version() -> String {
    let answer = Command::new("rustc").arg("--version").output().await;
    answer.map_or_else(
        |_| "unknown".to_owned(),
        |answer| String::from_utf8_lossy(&answer.stdout).trim().to_owned(),
    )
}
