//! What the app weighs while somebody works with it, over as long as they like, and a browser with the same interface
//! beside it: the floor of every app that brings a browser along.

use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, ensure};
use test_kit::wait::{self, PATIENCE};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::time::{Instant, MissedTickBehavior, interval};

use crate::app::process_of;
use crate::desk::{Desk, Keyring, Theme};
use crate::resident::Resident;
use crate::{ADA, BEN, Office, steps, weight};

/// Between two messages.
const BEAT: Duration = Duration::from_secs(1);

/// Messages between two looks at the weight.
const LOOK_EVERY: usize = 15;

/// What a window loads late, such as fonts and code for highlighting, is not counted as growth.
const WARMING: Duration = Duration::from_mins(3);

/// How much more the last third may weigh than the first.
const MOST_GROWTH: f64 = 1.05;

const MOST_HIDDEN_MB: u64 = 60;

/// A browser is young at first; so is the app at its first look.
const SETTLING: Duration = Duration::from_secs(10);

/// Serves the interface over the scripted host, and says where.
const SERVE: &str = "import { serveFake } from './pictures/serve.mjs'; console.log((await serveFake()).url);";

#[tokio::test]
#[ignore = "half an hour long, and meant for released programs: cargo xtask prove weight"]
async fn the_app_stays_as_light_as_it_starts() -> anyhow::Result<()> {
    let office = Office::open_with("weight", &[]).await?;
    let ben = office.colleague().await?;
    let desk = office.desk(Keyring::Unlocked, Theme::Light).await?;
    let resident = Resident::start(&office, &desk).await?;
    let app = resident.window(&office, &desk).await?;
    steps::sign_in(&app, &office.server.url(), ADA, &office.post).await?;
    steps::start_conversation(&app, BEN).await?;
    let conversation = ben.conversation().await?.id;
    let process = process_of(&desk).await?;

    let (mut looks, since) = (Vec::new(), Instant::now());
    let mut beat = interval(BEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Skip);
    for message in 0.. {
        beat.tick().await;
        ben.write(&conversation, &format!("Message {message} of a long afternoon"))
            .await?;
        if message % LOOK_EVERY == 0 {
            looks.push((since.elapsed(), weight::megabytes(process)?));
        }
        if since.elapsed() >= duration()? {
            break;
        }
    }
    app.shows("of a long afternoon").await?;
    app.picture("5-after-all-that").await?;
    app.hide().await;
    app.leave().await?;
    resident.window_is_unloaded().await?;
    let hidden = weight::megabytes(process)?;
    resident.end().await?;
    let browser = browser(&desk).await?;

    let warm: Vec<u64> = looks
        .iter()
        .filter(|(at, _)| *at >= WARMING)
        .map(|(_, mb)| *mb)
        .collect();
    let third = warm.len() / 3;
    ensure!(third > 0, "{} looks are too few to see a growth", warm.len());
    let (first, last) = (mean(&warm[..third]), mean(&warm[warm.len() - third..]));
    let most = warm.iter().max().copied().unwrap_or_default();
    println!(
        "{} s at one message a second: {first:.0} MB at first, {last:.0} MB at the end, {most} MB at most",
        since.elapsed().as_secs()
    );
    println!("without its window: {hidden} MB");
    println!("Chromium with the same interface: {browser} MB");
    ensure!(last <= first * MOST_GROWTH, "it grows: {looks:?}");
    ensure!(hidden < MOST_HIDDEN_MB, "without its window the app takes {hidden} MB");
    ensure!(most < browser, "a browser is lighter");
    Ok(())
}

/// `LOQUAT_WEIGH_S`: for how long messages come.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the place where this story's setting is read"
)]
fn duration() -> anyhow::Result<Duration> {
    let seconds = std::env::var("LOQUAT_WEIGH_S").context("LOQUAT_WEIGH_S is not set")?;
    Ok(Duration::from_secs(seconds.parse()?))
}

/// The weight of Chromium with the interface in a window of its own, over the scripted host, with nothing arriving.
async fn browser(desk: &Desk) -> anyhow::Result<u64> {
    let interface = concat!(env!("CARGO_MANIFEST_DIR"), "/../desktop-ui");
    let mut server = desk
        .command("node")
        .args(["--input-type=module", "--eval", SERVE])
        .current_dir(interface)
        .stdout(Stdio::piped())
        .spawn()?;
    let mut lines = BufReader::new(server.stdout.take().context("no output")?).lines();
    let url = tokio::time::timeout(PATIENCE, lines.next_line()).await??;
    let url = url.context("the interface is not served")?;
    let profile = desk.folder().join("browser");
    let mut chromium = desk
        .command("chromium")
        .arg(format!("--app={url}/fake.html?show=orchard"))
        .arg(format!("--user-data-dir={}", profile.display()))
        .args(["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"])
        .args([
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-extensions",
        ])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let process = chromium.id().context("Chromium has ended by itself")?;
    let drawn = || async { (weight::everything_below(process).ok()?.len() >= 4).then_some(()) };
    wait::until("Chromium to have all its processes", PATIENCE, drawn).await?;
    let mut beat = interval(SETTLING);
    beat.tick().await;
    beat.tick().await;
    let weight = weight::megabytes(process)?;
    chromium.kill().await?;
    server.kill().await?;
    Ok(weight)
}

#[expect(clippy::cast_precision_loss, reason = "megabytes are few")]
fn mean(weights: &[u64]) -> f64 {
    weights.iter().sum::<u64>() as f64 / weights.len() as f64
}
