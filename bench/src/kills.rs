//! `kill -9` of the server, again and again, under four clients that never stop writing.
//!
//! Three people on four devices write, edit, delete, react and pin in three conversations; the owner of the channels
//! does her chores over REST and follows everything on a plain socket. Now and then a device is killed and opened
//! again as well. In the end everything that was promised must stand exactly once, in one order, over REST and on the
//! socket, and every device must show what follows from it.

mod chores;
mod figures;
mod follower;
mod journal;
mod world;
pub(crate) mod writers;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use test_kit::random::SeededRandom;
use test_kit::wait;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;

use self::figures::Figures;
use self::follower::Followed;
use self::journal::Journal;
use self::world::World;
use self::writers::Writers;
use crate::checker::{self, Breach, History, Violation};

/// How long after a restart the first message may take to be acknowledged.
const BACK_WITHIN: Duration = Duration::from_secs(90);
/// How long the devices may take at the end until everything is sent and everybody has everything.
const SETTLED_WITHIN: Duration = Duration::from_mins(3);
/// How long a device may then take to show what follows from it: what was acted on may lie in a page it fetches again.
const SHOWN_WITHIN: Duration = Duration::from_mins(1);
/// Violations of each kind that are printed in full.
const PRINTED_OF_EACH_KIND: usize = 10;

#[derive(Debug, Clone, clap::Args)]
pub(crate) struct KillSettings {
    /// How often the server is killed.
    #[arg(long, default_value_t = 200)]
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
    let followed = Followed::default();
    let company = Company::gather(&world, &journal, &followed, &random);
    let mut figures = Figures::default();
    for round in 1..=settings.rounds {
        play_round(&mut world, &journal, &random, &mut figures)
            .await
            .with_context(|| format!("in round {round}"))?;
        if round % 10 == 0 || round == settings.rounds {
            println!("  round {round}: {}", journal.summary());
        }
    }
    let (history, mut violations) = company.end(&mut world, &journal, &followed).await?;
    figures.lasted = started.elapsed();
    violations.extend(journal.live_violations());
    violations.extend(followed.live_violations());
    println!("{}", figures.report(&journal, &history));
    print_violations(&violations);
    let verdict = if violations.is_empty() {
        "every promise was kept"
    } else {
        "promises were BROKEN"
    };
    println!("kills: {verdict} ({} violations, seed {seed})", violations.len());
    Ok(violations.is_empty())
}

/// Everybody who does something while the server is being killed.
struct Company {
    writers: Writers,
    stop: watch::Sender<bool>,
    owner: JoinSet<anyhow::Result<()>>,
    follower: JoinSet<()>,
}

impl Company {
    fn gather(world: &World, journal: &Journal, followed: &Followed, random: &SeededRandom) -> Self {
        let stop = watch::Sender::new(false);
        let (mut owner, mut follower) = (JoinSet::new(), JoinSet::new());
        owner.spawn(world.owner(journal, random.part(2)).work_until(stop.subscribe()));
        let (rest, tokens) = (world.rest.clone(), world.listener.clone());
        follower.spawn(follower::follow(rest, tokens, followed.clone()));
        Self {
            writers: Writers::start(world, journal, &random.part(1)),
            stop,
            owner,
            follower,
        }
    }

    /// Lets everybody come to an end, and checks what there is then.
    async fn end(
        mut self,
        world: &mut World,
        journal: &Journal,
        followed: &Followed,
    ) -> anyhow::Result<(History, Vec<Violation>)> {
        self.stop.send_replace(true);
        self.writers.stop().await?;
        while let Some(ended) = self.owner.join_next().await {
            ended??;
        }
        settle(world, journal, followed).await?;
        let checked = check_when_quiet(world, journal, followed).await;
        self.follower.shutdown().await;
        checked
    }
}

/// Checks everything; where a device only lags behind, once more after a moment.
async fn check_when_quiet(
    world: &mut World,
    journal: &Journal,
    followed: &Followed,
) -> anyhow::Result<(History, Vec<Violation>)> {
    let end = Instant::now() + SHOWN_WITHIN;
    loop {
        let mut history = History {
            deeds: journal.deeds(),
            logs: world.logs().await?,
            shown: world.shown().await?,
            moderators: world.moderators(),
        };
        history.logs.extend(followed.logs());
        let violations = checker::check(&history);
        let only_lags = violations.iter().all(|violation| violation.breach == Breach::Misdrawn);
        if violations.is_empty() || !only_lags || Instant::now() > end {
            return Ok((history, violations));
        }
        pause(500).await;
    }
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
async fn settle(world: &World, journal: &Journal, followed: &Followed) -> anyhow::Result<()> {
    let look = || async { world.is_settled(followed).await.ok()?.then_some(()) };
    match wait::until("all devices to have sent and received everything", SETTLED_WITHIN, look).await {
        Ok(()) => Ok(()),
        Err(waited) => anyhow::bail!("{waited}; {}\n{}", journal.summary(), world.states().await),
    }
}
