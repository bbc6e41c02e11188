//! `kill -9` of the server, again and again, under four clients that never stop writing.
//!
//! Three people on four devices write to three conversations; a fourth person reads over REST only. Now and then a
//! device is killed and opened again as well. In the end every message that was promised must stand exactly
//! once, in one order, at every device and over REST.

mod figures;
mod journal;
mod world;
mod writers;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use test_kit::random::SeededRandom;
use test_kit::wait;
use tokio::time::Instant;

use self::figures::Figures;
use self::journal::Journal;
use self::world::World;
use self::writers::Writers;
use crate::checker::{self, Breach, Violation};

/// How long after a restart the first message may take to be acknowledged.
const BACK_WITHIN: Duration = Duration::from_secs(90);
/// How long the devices may take at the end until everything is sent and everybody has everything.
const SETTLED_WITHIN: Duration = Duration::from_mins(3);
/// Violations of each kind that are printed in full.
const PRINTED_OF_EACH_KIND: usize = 10;

#[derive(Debug, Clone, clap::Args)]
pub(crate) struct KillSettings {
    /// How often the server is killed.
    #[arg(long, default_value_t = 100)]
    rounds: u32,
    /// Repeats the choices of an earlier run; without it a new seed is drawn.
    #[arg(long)]
    seed: Option<u64>,
    /// Keeps all data and output in this folder, for looking into.
    #[arg(long)]
    keep: Option<PathBuf>,
}

/// Runs all rounds; true when every promise was kept.
pub(crate) async fn run(settings: KillSettings, server_binary: &Path) -> anyhow::Result<bool> {
    let seed = settings.seed.unwrap_or_else(rand::random);
    println!("kills: {} rounds, seed {seed}", settings.rounds);
    let scratch = tempfile::tempdir()?;
    let folder = settings.keep.as_deref().unwrap_or(scratch.path());
    let journal = Journal::default();
    let random = SeededRandom::from_seed(seed);
    let mut world = World::set_up(server_binary, folder, &journal).await?;
    let started = Instant::now();
    let writers = Writers::start(&world, &journal, &random.part(1));
    let mut figures = Figures::default();
    for round in 1..=settings.rounds {
        play_round(&mut world, &journal, &random, &mut figures)
            .await
            .with_context(|| format!("in round {round}"))?;
        if round % 10 == 0 || round == settings.rounds {
            println!("  round {round}: {}", journal.summary());
        }
    }
    writers.stop().await?;
    settle(&world, &journal).await?;
    figures.lasted = started.elapsed();
    let logs = world.logs().await?;
    let mut violations = checker::check(&journal.sent(), &logs);
    violations.extend(journal.live_violations());
    println!("{}", figures.report(&journal, &logs));
    print_violations(&violations);
    let verdict = if violations.is_empty() {
        "every promise was kept"
    } else {
        "promises were BROKEN"
    };
    println!("kills: {verdict} ({} violations, seed {seed})", violations.len());
    Ok(violations.is_empty())
}

/// How many there are of each kind, and some of them in full.
fn print_violations(violations: &[Violation]) {
    let mut kinds: BTreeMap<Breach, Vec<&Violation>> = BTreeMap::new();
    for violation in violations {
        kinds.entry(violation.breach).or_default().push(violation);
    }
    for (breach, violations) in kinds {
        println!("VIOLATIONS {breach:?}: {}", violations.len());
        for violation in violations.iter().take(PRINTED_OF_EACH_KIND) {
            println!("  {violation}");
        }
    }
}

/// Lets everybody write for a moment, kills, starts again, and waits until writing goes on.
async fn play_round(
    world: &mut World,
    journal: &Journal,
    random: &SeededRandom,
    figures: &mut Figures,
) -> anyhow::Result<()> {
    pause(random.below(700)).await;
    world.server.kill().await?;
    figures.server_kills += 1;
    if random.once_in(6) {
        let device = usize::try_from(random.below(world.devices.len() as u64))?;
        let device = Arc::clone(&world.devices[device]);
        device.kill().await?;
        pause(random.below(200)).await;
        device.reopen().await?;
        figures.device_kills += 1;
    }
    pause(random.below(300)).await;
    if random.once_in(5) {
        // Killed again while it starts: recovery itself must bear it.
        drop(tokio::time::timeout(Duration::from_millis(random.below(250)), world.server.restart()).await);
        world.server.kill().await?;
        figures.server_kills += 1;
    }
    let before = journal.stored_count();
    world.server.restart().await?;
    if random.once_in(2) {
        // The network comes back for everybody at once; in the other rounds each waits for its turn.
        world.reconnect_all().await;
    }
    let restarted = Instant::now();
    let look = || std::future::ready((journal.stored_count() > before).then_some(()));
    let what = "a message to be acknowledged after the restart";
    if let Err(waited) = wait::until(what, BACK_WITHIN, look).await {
        anyhow::bail!("{waited}\n{}\n{}", world.states().await, world.server.errors().tail());
    }
    figures.back_after.push(restarted.elapsed());
    Ok(())
}

/// A random moment: this is the fault that is injected, not a wait for something.
async fn pause(ms: u64) {
    tokio::time::sleep(Duration::from_millis(ms)).await;
}

/// Waits until nothing is unsent and every device knows the newest entry of every conversation.
async fn settle(world: &World, journal: &Journal) -> anyhow::Result<()> {
    let look = || async { world.is_settled().await.ok()?.then_some(()) };
    match wait::until("all devices to have sent and received everything", SETTLED_WITHIN, look).await {
        Ok(()) => Ok(()),
        Err(waited) => anyhow::bail!("{waited}; {}\n{}", journal.summary(), world.states().await),
    }
}
