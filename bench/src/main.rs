//! Programs that show Loquat's promises on the real server: they start it, harm it and look.
//!
//! `bench kills` kills the server again and again under clients that write without a pause, and `bench
//! kills-of-services` does so to the form that scales out; `bench trouble` meets it
//! with what goes wrong in the world; `bench model` compares what everybody sees after thousands of random actions;
//! `bench load` measures it beside a peer; `bench search` measures a
//! device that searches what it holds; `bench watched` looks at the services as operators do; `bench protocol` speaks to it from the protocol's page alone.
//! [`checker`] decides whether a promise was broken; it knows nothing of how the history came about.

#![expect(
    clippy::print_stdout,
    reason = "these are terminal programs: what they found is printed"
)]

mod checker;
mod device;
mod drawing;
mod kills;
mod load;
mod model;
mod nodes;
mod plain_socket;
mod protocol_page;
mod rest;
mod scaled;
mod search;
mod trouble;
mod watched;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::{Parser, Subcommand};
use tokio::signal::unix::{SignalKind, signal};

#[derive(Debug, Parser)]
#[command(about = "Shows Loquat's promises on the real server")]
struct Arguments {
    /// The `loquat-server` to test; without it the one beside this program.
    #[arg(long, global = true)]
    server_binary: Option<PathBuf>,

    #[command(subcommand)]
    program: Program,
}

#[derive(Debug, Subcommand)]
enum Program {
    /// Kills the server at random moments under four writing clients, then checks every log.
    Kills(kills::KillSettings),
    /// Kills or pauses a random one of the services and of the servers below them, then checks every log and every mail.
    KillsOfServices(kills::ServiceKillSettings),
    /// Meets the server with everything that goes wrong in the world.
    Trouble(trouble::TroubleSettings),
    /// Does thousands of random things on eight devices, and compares everything that everybody sees.
    Model(model::ModelSettings),
    /// Measures the server under load, beside a peer that does the same work.
    Load(load::LoadSettings),
    /// Measures two chat nodes: the passage of messages, the end of sessions, and a cut between them.
    Nodes(nodes::NodesSettings),
    /// Fills a device with 100,000 messages and searches in them.
    Search(search::SearchSettings),
    /// Lets a real Prometheus scrape the services, and asks it everything that dashboards and alerts ask.
    Watched(watched::WatchedSettings),
    /// Sends every example of the protocol's page, and runs the program that was written from it.
    Protocol,
    /// One device, driven by the other programs.
    #[command(hide = true)]
    Device(device::child::ChildSettings),
}

fn main() -> ExitCode {
    rest::choose_tls_provider();
    match run(Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            println!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whether everything held. When it is told to stop, it ends the processes that it started.
#[tokio::main]
async fn run(arguments: Arguments) -> anyhow::Result<bool> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        ended = run_program(arguments) => ended,
        _ = terminate.recv() => bail!("told to stop"),
        _ = interrupt.recv() => bail!("interrupted"),
    }
}

async fn run_program(arguments: Arguments) -> anyhow::Result<bool> {
    let server = || server_binary(arguments.server_binary.clone());
    match arguments.program {
        Program::Kills(settings) => kills::run(settings, &server()?).await,
        Program::KillsOfServices(settings) => kills::run_on_services(settings).await,
        Program::Trouble(settings) => trouble::run(settings, &server()?).await,
        Program::Model(settings) => model::run(settings, &server()?).await,
        Program::Load(settings) => load::run(settings, &server()?).await,
        Program::Nodes(settings) => nodes::run(settings).await,
        Program::Search(settings) => search::run(settings).await,
        Program::Watched(settings) => Box::pin(watched::run(settings)).await,
        Program::Protocol => protocol_page::run(&server()?).await,
        Program::Device(settings) => device::child::run(settings).await.map(|()| true),
    }
}

fn server_binary(given: Option<PathBuf>) -> anyhow::Result<PathBuf> {
    let binary = match given {
        Some(binary) => binary,
        None => std::env::current_exe()?.with_file_name("loquat-server"),
    };
    binary
        .canonicalize()
        .with_context(|| format!("{} is missing: build it first", binary.display()))
}
