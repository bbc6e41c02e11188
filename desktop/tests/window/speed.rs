//! How fast the app is for somebody with a full history, and what it weighs: fifty thousand messages in ten
//! conversations, twenty thousand of them in one. Of use with the programs as they are released; the figures are
//! printed, and those that are promised fail the test.

use std::fmt::Write as _;
use std::sync::Mutex;
use std::time::Duration;

use anyhow::{Context, ensure};
use client::view::ConversationRow;
use serde_json::{Value, json};
use test_kit::wait;

use crate::app::{App, process_of};
use crate::colleague::Colleague;
use crate::desk::{Desk, Keyring, Theme};
use crate::{ADA, BEN, Office, weight};

/// Messages of the conversation that is scrolled through, and of each of the nine others.
const LONG: usize = 20_000;
const SHORT: usize = 3_334;
const CONVERSATIONS: usize = 10;

/// Messages that are written at a time.
const HANDS: usize = 32;

/// Starts whose median counts, after one that fills the page cache.
const STARTS: usize = 7;

/// How long the history may take to reach the app.
const FILLING: Duration = Duration::from_mins(15);

const MOST_START_MS: f64 = 1000.0;
const MOST_SWITCH_MS: f64 = 100.0;

#[tokio::test]
#[ignore = "minutes long, and meant for released programs: cargo xtask prove speed"]
async fn a_full_history_starts_switches_and_scrolls_fast() -> anyhow::Result<()> {
    let office = Office::open_with("speed", &[("SENDS_PER_S", "100000"), ("CHANGES_PER_MIN", "100000")]).await?;
    // In memory: the colleague only writes, and would wait for the disk fifty thousand times.
    let elsewhere = tempfile::tempdir_in("/dev/shm")?;
    let ben = Colleague::sign_in(elsewhere.path(), &office.server.url(), &office.post, BEN).await?;
    let desk = office.desk(Keyring::Unlocked, Theme::Light).await?;
    let app = office.signed_in(&desk).await?;
    let mut channels = Vec::new();
    for number in 0..CONVERSATIONS {
        channels.push(ben.create_channel_with(&format!("room-{number}"), ADA).await?);
    }
    fill(&ben, &channels).await?;
    for channel in &channels {
        let name = channel.name.as_deref().unwrap_or_default();
        open(&app, name).await?;
        let shows = || async { app.shows("the last word").await.ok() };
        wait::until("the history to be here", FILLING, shows).await?;
    }
    open(&app, "room-0").await?;
    app.close().await?;

    let mut starts = Vec::new();
    for _ in 0..=STARTS {
        let app = office.start_app(&desk).await?;
        starts.push(start_ms(&app, &desk).await?);
        app.close().await?;
    }
    // The first one read from the disk.
    let starts = sorted(starts.split_off(1));
    println!("start to readable messages: {}", figures(&starts));

    let app = office.start_app(&desk).await?;
    let switches = sorted(numbers(&app.measure(SWITCH, vec![json!(3)]).await?)?);
    println!("switching conversations: {}", figures(&switches));
    open(&app, "room-0").await?;
    let scrolled = app.measure(SCROLL, vec![json!("the first word")]).await?;
    let frames = sorted(numbers(&scrolled["frames"])?);
    println!(
        "scrolling {LONG} messages up to the first: {}, {} of {} frames over 50 ms",
        figures(&frames),
        frames.iter().filter(|frame| **frame > 50.0).count(),
        frames.len(),
    );
    let heavy = weight::megabytes(process_of(&desk).await?)?;
    println!("memory afterwards, over all processes of the app: {heavy} MB");
    app.picture("5-scrolled").await?;
    app.close().await?;

    ensure!(
        scrolled["first"] == json!(true),
        "the first message was not reached: {scrolled}"
    );
    ensure!(median(&starts) < MOST_START_MS, "it starts in {} ms", median(&starts));
    ensure!(
        median(&switches) < MOST_SWITCH_MS,
        "it switches in {} ms",
        median(&switches)
    );
    Ok(())
}

/// Presses every conversation of the list so many times, and waits until its messages are on the screen.
const SWITCH: &str = "
const [rounds, done] = arguments;
const shown = () => performance.getEntriesByName('messages-shown').at(-1)?.startTime ?? 0;
const frame = () => new Promise((next) => requestAnimationFrame(next));
(async () => {
  const times = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const row of document.querySelectorAll('[data-testid=conversation-row]')) {
      if (row.getAttribute('aria-current')) continue;
      const since = performance.now();
      row.click();
      while (shown() < since) await frame();
      times.push(shown() - since);
      for (let rest = 0; rest < 20; rest += 1) await frame();
    }
  }
  done(times);
})();";

/// Scrolls the open conversation up until a message that begins so is there, a part of the page in every frame.
const SCROLL: &str = "
const [wanted, done] = arguments;
const log = document.querySelector('[role=log]');
let scroller = log;
while (scroller && scroller.scrollHeight <= scroller.clientHeight + 1) scroller = scroller.parentElement;
scroller ??= [...log.querySelectorAll('*')].find((part) => part.scrollHeight > part.clientHeight + 1);
const frames = [];
let last = performance.now();
let still = 0;
function step(now) {
  frames.push(now - last);
  last = now;
  const first = document.querySelector('[data-testid=message]')?.textContent.includes(wanted) ?? false;
  still = scroller.scrollTop <= 0 ? still + 1 : 0;
  if (first || still > 600) return done({ first, frames: frames.slice(1), height: scroller.scrollHeight });
  scroller.scrollTop -= scroller.clientHeight * 0.8;
  requestAnimationFrame(step);
}
requestAnimationFrame(step);";

/// From the start of the process to messages on the screen, in milliseconds.
async fn start_ms(app: &App, desk: &Desk) -> anyhow::Result<f64> {
    let script = "const done = arguments[0];\
        const look = () => { const mark = performance.getEntriesByName('messages-shown')[0];\
            mark ? done(performance.timeOrigin + mark.startTime) : requestAnimationFrame(look); };\
        look();";
    let shown = app.measure(script, Vec::new()).await?;
    let shown = shown.as_f64().context("no moment")?;
    Ok(shown - weight::started_ms(process_of(desk).await?)?)
}

/// Writes everything, many hands at a time: each waits for the disk, not for the others.
async fn fill(ben: &Colleague, channels: &[ConversationRow]) -> anyhow::Result<()> {
    for channel in channels {
        ben.write(&channel.id, "the first word").await?;
    }
    let mut work = Vec::new();
    for (number, channel) in channels.iter().enumerate() {
        let count = if number == 0 { LONG } else { SHORT };
        work.extend((2..count).map(|message| (&channel.id, body(message))));
    }
    let work = Mutex::new(work.into_iter());
    let hand = || async {
        while let Some((channel, body)) = take(&work) {
            ben.write(channel, &body).await?;
        }
        anyhow::Ok(())
    };
    futures_util::future::try_join_all((0..HANDS).map(|_| hand())).await?;
    for channel in channels {
        ben.write(&channel.id, "the last word").await?;
    }
    Ok(())
}

fn take<T>(work: &Mutex<impl Iterator<Item = T>>) -> Option<T> {
    work.lock().unwrap().next()
}

/// Something like what people write: most of it short, some of it long, now and then a list or code.
fn body(number: usize) -> String {
    let mut body = format!("thought {number} ");
    match number % 17 {
        0 => body.push_str("with a list:\n- one\n- two\n- **three**"),
        5 => body.push_str("with code: `cargo run` and\n```\nfn main() {}\n```"),
        11 => drop(write!(body, "{}", "which goes on for quite a while ".repeat(12))),
        _ => body.push_str("is a short one, as most are"),
    }
    body
}

async fn open(app: &App, name: &str) -> anyhow::Result<()> {
    let script = "const row = [...document.querySelectorAll('[data-testid=conversation-row]')]\
        .find((row) => row.textContent.includes(arguments[0])); row?.click(); return row !== undefined";
    let there = || async { (app.script(script, vec![json!(name)]).await.ok()? == json!(true)).then_some(()) };
    wait::until("the conversation in the list", wait::PATIENCE, there).await?;
    app.named("textbox", &format!("Message #{name}")).await?;
    Ok(())
}

fn numbers(value: &Value) -> anyhow::Result<Vec<f64>> {
    let list = value.as_array().with_context(|| format!("no list: {value}"))?;
    Ok(list.iter().filter_map(Value::as_f64).collect())
}

fn sorted(mut times: Vec<f64>) -> Vec<f64> {
    times.sort_by(f64::total_cmp);
    times
}

fn median(sorted: &[f64]) -> f64 {
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

fn figures(sorted: &[f64]) -> String {
    let last = sorted.last().copied().unwrap_or(f64::NAN);
    let most = sorted.get(sorted.len() * 99 / 100).copied().unwrap_or(last);
    format!(
        "median {:.0} ms, 99th {most:.0} ms, longest {last:.0} ms ({} times)",
        median(sorted),
        sorted.len()
    )
}
