//! Thousands of random actions of every kind, on two devices of each of four people, while their networks break and
//! the server is killed. Whenever everybody has caught up, all must agree.
//!
//! What a device shows, what a device shows that was just signed in, what follows from the whole log, and what pages of
//! history say became of their messages: these are four ways to the same state, and there may be no difference.

mod actions;
mod cast;
mod checkpoint;
mod pages;

use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use test_kit::random::SeededRandom;
use tokio::time::Instant;

use self::actions::Actor;
use self::cast::Cast;
use crate::checker::Violation;

/// What takes longer is told: a window would have stood still for as long.
const SLOW: Duration = Duration::from_secs(3);
/// Differences that are printed in full.
const PRINTED: usize = 20;

#[derive(Debug, Clone, clap::Args)]
pub(crate) struct ModelSettings {
    /// Actions of each run.
    #[arg(long, default_value_t = 10_000)]
    actions: u32,
    /// How often everybody catches up and is compared.
    #[arg(long, default_value_t = 5)]
    checkpoints: u32,
    /// Runs, each with the seed after the one before.
    #[arg(long, default_value_t = 3)]
    runs: u32,
    /// The first seed, to repeat an earlier run; without it a new one is drawn.
    #[arg(long)]
    seed: Option<u64>,
}

/// Plays every run; true when nobody ever differed.
pub(crate) async fn run(settings: ModelSettings, server_binary: &Path) -> anyhow::Result<bool> {
    let first: u64 = settings.seed.unwrap_or_else(|| rand::random::<u32>().into());
    let mut all_agreed = true;
    for seed in (first..).take(settings.runs as usize) {
        let started = Instant::now();
        println!("model: {} actions, seed {seed}", settings.actions);
        let violations = play(&settings, seed, server_binary)
            .await
            .with_context(|| format!("seed {seed}"))?;
        for violation in violations.iter().take(PRINTED) {
            println!("  {violation}");
        }
        let verdict = if violations.is_empty() {
            "no difference"
        } else {
            "DIFFERENCES"
        };
        println!(
            "model: {verdict} ({} found, {} s, seed {seed})",
            violations.len(),
            started.elapsed().as_secs()
        );
        all_agreed &= violations.is_empty();
    }
    Ok(all_agreed)
}

/// One run; stops at the first checkpoint with a difference.
async fn play(settings: &ModelSettings, seed: u64, server_binary: &Path) -> anyhow::Result<Vec<Violation>> {
    let folder = tempfile::tempdir()?;
    let mut cast = Cast::gather(server_binary, folder.path()).await?;
    let mut actor = Actor::new(SeededRandom::from_seed(seed));
    let stretch = settings.actions.div_ceil(settings.checkpoints.max(1)).max(1);
    for action in 1..=settings.actions {
        let began = Instant::now();
        actor.act(&mut cast).await.with_context(|| format!("action {action}"))?;
        if began.elapsed() > SLOW {
            println!(
                "  action {action} took {:.1} s: {}",
                began.elapsed().as_secs_f32(),
                actor.latest()
            );
        }
        if action % stretch == 0 || action == settings.actions {
            let violations = checkpoint::check(&mut cast, &mut actor).await?;
            println!("  after {action} actions: {}", actor.summary());
            if !violations.is_empty() {
                return Ok(violations);
            }
        }
    }
    cast.end().await?;
    Ok(Vec::new())
}
