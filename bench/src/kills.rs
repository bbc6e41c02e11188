//! `kill -9` of the server, again and again, under four clients that never stop writing. Or of a random one of the
//! services and of what they stand on, or a pause of it, while people also ask for sign-in codes all the time.
//!
//! Three people on four devices write, edit, delete, react and pin in three conversations; the owner of the channels
//! does her chores over REST and follows everything on a plain socket. Now and then a device is killed and opened
//! again as well. In the end everything that was promised must stand exactly once, in one order, over REST and on the
//! socket, and every device must show what follows from it. Every code mail that was promised must have come once.

mod backend;
mod chores;
mod figures;
mod follower;
mod harm;
mod journal;
mod judgement;
mod mails;
mod world;
pub(crate) mod writers;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use test_kit::random::SeededRandom;
use test_kit::wait;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;

use self::backend::{Backend, Form};
use self::figures::Figures;
use self::follower::Followed;
use self::harm::pause;
use self::journal::Journal;
use self::judgement::Outcome;
use self::mails::Asked;
use self::world::World;
use self::writers::Writers;
use crate::checker::{self, Breach, History, Violation};
use crate::scaled::{Part, ScaledSettings};

/// How long after a restart the first message may take to be acknowledged, and everything to be ready. A service that
/// comes back from a pause first finds out which of its connections are dead, and a broker that was killed is away for
/// longer than the pauses between two tries to reach it.
const BACK_WITHIN: Duration = Duration::from_secs(90);
/// How long the devices may take at the end until everything is sent and everybody has everything.
const SETTLED_WITHIN: Duration = Duration::from_mins(3);
/// How long a device may then take to show what follows from it: what was acted on may lie in a page it fetches again.
const SHOWN_WITHIN: Duration = Duration::from_mins(1);
/// Violations of each kind that are printed in full.
const PRINTED_OF_EACH_KIND: usize = 10;

#[derive(Debug, Clone, clap::Args)]
pub(crate) struct KillSettings {
    /// How often something is harmed.
    #[arg(long, default_value_t = 200)]
    rounds: u32,
    /// Repeats the choices of an earlier run; without it a new seed is drawn.
    #[arg(long)]
    seed: Option<u64>,
    /// Keeps all data and output in this folder, for looking into.
    #[arg(long)]
    keep: Option<PathBuf>,
}

#[derive(Debug, Clone, clap::Args)]
pub(crate) struct ServiceKillSettings {
    #[command(flatten)]
    kills: KillSettings,
    #[command(flatten)]
    scaled: ScaledSettings,
}

/// Kills the one server, all rounds; true when every promise was kept.
pub(crate) async fn run(settings: KillSettings, server_binary: &Path) -> anyhow::Result<bool> {
    play("kills", settings, Form::OneServer(server_binary)).await
}

/// Kills and pauses the services and what they stand on; true when every promise was kept.
pub(crate) async fn run_on_services(settings: ServiceKillSettings) -> anyhow::Result<bool> {
    play("kills of services", settings.kills, Form::Services(&settings.scaled)).await
}

async fn play(name: &str, settings: KillSettings, form: Form<'_>) -> anyhow::Result<bool> {
    let seed = settings.seed.unwrap_or_else(rand::random);
    println!("{name}: {} rounds, seed {seed}", settings.rounds);
    let scratch = tempfile::tempdir()?;
    let folder = settings.keep.as_deref().unwrap_or(scratch.path());
    let journal = Journal::default();
    let random = SeededRandom::from_seed(seed);
    let mut world = World::set_up(form, folder, &journal).await?;
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
    let found = company.end(&mut world, &journal, &followed, &figures).await?;
    figures.lasted = started.elapsed();
    let mut violations = found.violations;
    violations.extend(journal.live_violations());
    violations.extend(followed.live_violations());
    println!("{}", figures.report(&journal, &found.history));
    println!("  mails: {}", found.mails.figures);
    print_violations(&violations);
    for fault in &found.mails.faults {
        println!("VIOLATION of mail: {fault}");
    }
    let broken = violations.len() + found.mails.faults.len();
    let verdict = if broken == 0 {
        "every promise was kept"
    } else {
        "promises were BROKEN"
    };
    println!("{name}: {verdict} ({broken} violations, seed {seed})");
    Ok(broken == 0)
}

/// What is there when all is over.
struct Found {
    history: History,
    violations: Vec<Violation>,
    mails: Outcome,
}

/// Everybody who does something while the server is being killed.
struct Company {
    writers: Writers,
    stop: watch::Sender<bool>,
    owner: JoinSet<anyhow::Result<()>>,
    follower: JoinSet<()>,
    /// What was asked of mail-service, where there is one.
    asked: Option<Asked>,
    newcomers: JoinSet<()>,
}

impl Company {
    fn gather(world: &World, journal: &Journal, followed: &Followed, random: &SeededRandom) -> Self {
        let stop = watch::Sender::new(false);
        let (mut owner, mut follower) = (JoinSet::new(), JoinSet::new());
        owner.spawn(world.owner(journal, random.part(2)).work_until(stop.subscribe()));
        let (rest, tokens) = (world.rest.clone(), world.listener.clone());
        follower.spawn(follower::follow(rest.clone(), tokens, followed.clone()));
        let (mut asked, mut newcomers) = (None, JoinSet::new());
        if let Backend::Services(scaled) = &world.backend {
            let asking = asked.insert(Asked::default()).clone();
            newcomers.spawn(asking.ask_until(rest, scaled.domain().to_owned(), stop.subscribe()));
        }
        Self {
            writers: Writers::start(world, journal, &random.part(1)),
            stop,
            owner,
            follower,
            asked,
            newcomers,
        }
    }

    /// Lets everybody come to an end, and checks what there is then.
    async fn end(
        mut self,
        world: &mut World,
        journal: &Journal,
        followed: &Followed,
        figures: &Figures,
    ) -> anyhow::Result<Found> {
        self.stop.send_replace(true);
        self.writers.stop().await?;
        while let Some(ended) = self.owner.join_next().await {
            ended??;
        }
        self.newcomers.join_all().await;
        settle(world, journal, followed).await?;
        if let (Some(asked), Backend::Services(scaled)) = (&self.asked, &world.backend) {
            asked.wait_for_all(scaled).await;
        }
        let checked = check_when_quiet(world, journal, followed).await;
        self.follower.shutdown().await;
        let (history, violations) = checked?;
        let mails = match (&self.asked, &world.backend) {
            (Some(asked), Backend::Services(scaled)) => {
                let kills = figures.kills_of(&Part::MailService.to_string());
                asked.outcome(scaled, kills).await?
            }
            _ => Outcome::none(),
        };
        Ok(Found {
            history,
            violations,
            mails,
        })
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

/// Lets everybody write for a moment, does some harm and undoes it, and waits until everything works again.
async fn play_round(
    world: &mut World,
    journal: &Journal,
    random: &SeededRandom,
    figures: &mut Figures,
) -> anyhow::Result<()> {
    pause(random.below(700)).await;
    harm::harm(world, random, figures).await?;
    let before = journal.stored_count();
    let back = Instant::now();
    if random.once_in(2) {
        // The network comes back for everybody at once; in the other rounds each waits for its turn.
        world.reconnect_all().await;
    }
    let look = || std::future::ready((journal.stored_count() > before).then_some(()));
    let acknowledged = wait::until("a message to be acknowledged", BACK_WITHIN, look).await;
    figures.back_after.push(back.elapsed());
    let look = || async { world.backend.is_ready().await.then_some(()) };
    let ready = wait::until("everything to be ready", BACK_WITHIN, look).await;
    if let Err(waited) = acknowledged.and(ready) {
        anyhow::bail!("{waited}\n{}\n{}", world.states().await, world.backend.last_words());
    }
    Ok(())
}

/// Waits until nothing is unsent and every device knows the newest entry of every conversation.
async fn settle(world: &World, journal: &Journal, followed: &Followed) -> anyhow::Result<()> {
    let look = || async { world.is_settled(followed).await.ok()?.then_some(()) };
    match wait::until("all devices to have sent and received everything", SETTLED_WITHIN, look).await {
        Ok(()) => Ok(()),
        Err(waited) => anyhow::bail!("{waited}; {}\n{}", journal.summary(), world.states().await),
    }
}
