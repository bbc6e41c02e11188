//! `bench search`: how long a search takes on a device that holds 100,000 messages, and what the index costs.
//!
//! The messages lie in the client's own store, kept as they come on a socket. Every question goes the whole way: from
//! the text that was typed to the messages with their marked places.

mod questions;
mod talk;

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use clap::Args;
use client::search::SearchRequest;
use client::shelf::Shelf;
use protocol::{Entry, UserId};

use questions::Question;
use talk::Talk;

/// Entries that are kept in one transaction.
const BATCH: usize = 100;
/// Messages that are kept one by one, each in its own transaction, as on a quiet socket.
const SINGLE: usize = 1_000;

#[derive(Debug, Args)]
pub(crate) struct SearchSettings {
    /// Messages on the device
    #[arg(long, default_value_t = 100_000)]
    messages: usize,

    /// Questions that are asked
    #[arg(long, default_value_t = 600)]
    questions: usize,

    /// Fails when a twentieth of the questions takes this long, in milliseconds
    #[arg(long, default_value_t = 50)]
    within_ms: u64,

    /// What chance begins with
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Fills a store, asks, and prints what it took; true when it was quick enough.
pub(crate) async fn run(settings: SearchSettings) -> anyhow::Result<bool> {
    let folder = tempfile::tempdir()?;
    let talk = Talk::new(settings.messages, settings.seed);
    println!(
        "search: {} messages in {} conversations by {} people, seed {}",
        settings.messages,
        talk.conversations.len(),
        talk.people.len(),
        settings.seed
    );
    let shelf = cost_of_the_index(folder.path(), &talk).await?;
    let times = ask(&shelf, &talk, &settings).await?;
    cost_of_making_it_anew(&shelf).await?;
    let is_quick = times.at(950) < Duration::from_millis(settings.within_ms);
    println!(
        "search: p95 {} {} ms",
        if is_quick { "is under" } else { "is NOT under" },
        settings.within_ms
    );
    Ok(is_quick)
}

/// Fills a store without an index and one with it; returns that one.
async fn cost_of_the_index(folder: &Path, talk: &Talk) -> anyhow::Result<Shelf> {
    let without = opened(&folder.join("without"), talk).await?;
    without.without_index().await?;
    let (batched_without, single_without) = fill(&without, talk).await?;
    let with = opened(&folder.join("with"), talk).await?;
    let (batched_with, single_with) = fill(&with, talk).await?;
    let micros = |time: Duration| time.as_secs_f64() * 1e6;
    println!(
        "search: one message kept in {:.0} µs without the index, {:.0} µs with it ({BATCH} at a time); {:.0} µs and {:.0} µs alone",
        micros(batched_without),
        micros(batched_with),
        micros(single_without),
        micros(single_with),
    );
    let sizes = with.sizes().await?;
    let mib = |bytes: u64| f64::from(u32::try_from(bytes / 1024).unwrap_or(u32::MAX)) / 1024.0;
    println!(
        "search: the store takes {:.1} MiB, {:.1} MiB of it the index",
        mib(sizes.everything),
        mib(sizes.index)
    );
    Ok(with)
}

async fn opened(folder: &Path, talk: &Talk) -> anyhow::Result<Shelf> {
    let shelf = Shelf::open(folder.to_owned(), talk.me())
        .await
        .context("opening a store")?;
    shelf
        .begin(talk.people.clone(), talk.beginnings())
        .await
        .context("the first sign-in")?;
    Ok(shelf)
}

/// Keeps everything that was said; returns what one message took in a batch, and alone.
async fn fill(shelf: &Shelf, talk: &Talk) -> anyhow::Result<(Duration, Duration)> {
    let said: Vec<Entry> = talk.entries().collect();
    let (batched, single) = said.split_at(said.len().saturating_sub(SINGLE));
    let began = Instant::now();
    for batch in batched.chunks(BATCH) {
        shelf
            .keep(talk::EPOCH, batch.to_vec())
            .await
            .context("keeping messages")?;
    }
    let batched_took = began.elapsed();
    let began = Instant::now();
    for entry in single {
        shelf
            .keep(talk::EPOCH, vec![entry.clone()])
            .await
            .context("keeping a message")?;
    }
    let share = |took: Duration, count: usize| took / u32::try_from(count.max(1)).unwrap_or(u32::MAX);
    Ok((share(batched_took, batched.len()), share(began.elapsed(), single.len())))
}

/// Asks every question once, after a round that nobody measures.
async fn ask(shelf: &Shelf, talk: &Talk, settings: &SearchSettings) -> anyhow::Result<Times> {
    let questions = questions::draw(talk, settings.questions, settings.seed);
    for question in questions.iter().take(20) {
        answer(shelf, talk, question).await?;
    }
    let mut all = Times::default();
    let mut by_kind: Vec<(&str, Times)> = Vec::new();
    for question in &questions {
        let took = answer(shelf, talk, question).await?;
        all.0.push(took);
        match by_kind.iter_mut().find(|(kind, _)| *kind == question.kind) {
            Some((_, times)) => times.0.push(took),
            None => by_kind.push((question.kind, Times(vec![took]))),
        }
    }
    for (kind, times) in &mut by_kind {
        times.print(kind);
    }
    all.print("all questions");
    Ok(all)
}

async fn answer(shelf: &Shelf, talk: &Talk, question: &Question) -> anyhow::Result<Duration> {
    let request: SearchRequest = question.request.clone();
    let began = Instant::now();
    let page = shelf.search(request, talk::END).await?;
    let took = began.elapsed();
    ensure!(page.complete, "the index is not whole");
    if !page.problems.is_empty() || (question.finds && page.hits.is_empty()) {
        bail!("{:?} found nothing: {:?}", question.request.text, page.problems);
    }
    let marks_nothing = page.hits.iter().any(|hit| hit.highlights.is_empty());
    ensure!(
        !(question.marks && marks_nothing),
        "{:?} marks nothing",
        question.request.text
    );
    ensure!(
        page.hits.iter().all(|hit| talk.is_known(hit)),
        "{:?} found what nobody said",
        question.request.text
    );
    Ok(took)
}

async fn cost_of_making_it_anew(shelf: &Shelf) -> anyhow::Result<()> {
    let began = Instant::now();
    let mut steps = Times(shelf.index_again().await?);
    println!(
        "search: the index made anew in {:.1} s of work",
        began.elapsed().as_secs_f64()
    );
    steps.print("one step of that");
    Ok(())
}

/// Times of one kind.
#[derive(Debug, Default)]
struct Times(Vec<Duration>);

impl Times {
    /// The smallest time that is not below this share of them.
    fn at(&self, per_mille: usize) -> Duration {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let rank = (sorted.len() * per_mille).div_ceil(1000);
        sorted.get(rank.saturating_sub(1)).copied().unwrap_or_default()
    }

    fn print(&mut self, name: &str) {
        let ms = |per_mille| self.at(per_mille).as_secs_f64() * 1000.0;
        println!(
            "search: {name:<24} {:>5} times  p50 {:>7.2} ms  p95 {:>7.2} ms  max {:>7.2} ms",
            self.0.len(),
            ms(500),
            ms(950),
            ms(1000)
        );
    }
}

impl Talk {
    /// The person whose device it is.
    fn me(&self) -> UserId {
        self.people[0].id.clone()
    }
}
