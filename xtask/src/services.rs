//! `cargo xtask services up | down | status`: the servers that the scaled-out form stands on, from packages of this
//! machine, for tests and for developers without containers.
//!
//! They listen on loopback only, on ports of their own, and keep everything below `.loquat/services/`. A server that a
//! `TEST_…_URL` names is used as it is; no server of the operating system is ever started, stopped or asked.

mod background;
mod engine;
mod mongodb;
mod place;
mod probe;
mod rabbitmq;
mod redis;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};

use crate::checkout::Checkout;
use crate::steps::{Output, Steps};
use crate::{environment, packages};

use crate::services::mongodb::MongoDb;
pub(crate) use engine::Engine;
pub(crate) use place::{Place, loopback};

/// What to do with the servers.
#[derive(Args)]
pub(crate) struct Wish {
    #[command(subcommand)]
    act: Act,
}

#[derive(Clone, Copy, Subcommand)]
enum Act {
    /// Start those that do not run yet, and wait until each answers
    Up,
    /// Stop them; what they keep stays
    Down,
    /// Say which of them run, and where
    Status,
}

/// Servers that answer. Those that were started for this stop when it is dropped.
pub(crate) struct Servers {
    place: Place,
    in_use: Vec<InUse>,
    started: Vec<Engine>,
}

struct InUse {
    engine: Engine,
    url: String,
}

pub(crate) fn services(checkout: &Checkout, wish: &Wish) -> anyhow::Result<ExitCode> {
    let place = Place::of(checkout)?;
    match wish.act {
        Act::Up => Ok(up(checkout, place)),
        Act::Down => {
            for engine in Engine::ALL.into_iter().rev() {
                let was = if engine.stop(&place)? { "stopped" } else { "did not run" };
                println!("  {:14} {was}", engine.name());
            }
            Ok(ExitCode::SUCCESS)
        }
        Act::Status => {
            for engine in Engine::ALL {
                let state = match (chosen(engine), engine.is_running(&place)?) {
                    (Some(_), _) => format!("as {} says", engine.variable()),
                    (None, true) => format!("runs at {}", engine.address(&place)?),
                    (None, false) => "does not run".to_owned(),
                };
                println!("  {:14} {state}", engine.name());
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn up(checkout: &Checkout, place: Place) -> ExitCode {
    let mut steps = Steps::shown(checkout);
    let mut variables = None;
    steps.needed("servers", |output| {
        install(&Engine::ALL, output)?;
        let mut servers = Servers::none(place);
        servers.start(&Engine::ALL)?;
        variables = Some(servers.keep()?);
        Ok(())
    });
    if let Some(file) = variables {
        println!("\n  . {}", file.display());
        println!("\nsets the variables for tests that are run by hand; `cargo xtask services down` stops the servers.");
    }
    steps.finish()
}

/// Installs what [`Servers::run`] needs for these.
pub(crate) fn install(engines: &[Engine], output: &Output) -> anyhow::Result<()> {
    packages::ensure(&wanted_packages(engines), output)?;
    if engines.contains(&Engine::MongoDb) && chosen(Engine::MongoDb).is_none() {
        MongoDb::install(output)?;
    }
    Ok(())
}

fn wanted_packages(engines: &[Engine]) -> Vec<&'static str> {
    let own = engines.iter().filter(|engine| chosen(**engine).is_none());
    let mut packages: Vec<&str> = own.flat_map(|engine| engine.local().packages()).copied().collect();
    packages.sort_unstable();
    packages.dedup();
    packages
}

/// The variables by which a person names servers instead of ours.
pub(crate) fn named_by_a_person() -> Vec<&'static str> {
    let named = Engine::ALL.into_iter().filter(|engine| chosen(*engine).is_some());
    named.map(Engine::variable).collect()
}

/// The server that a person names instead of ours.
fn chosen(engine: Engine) -> Option<String> {
    environment::chosen_server(engine.variable())
}

impl Servers {
    /// The servers that run already, and those that do not, started for as long as this is kept. Needs [`install`].
    pub(crate) fn run(checkout: &Checkout, engines: &[Engine]) -> anyhow::Result<Self> {
        let mut servers = Self::none(Place::of(checkout)?);
        servers.start(engines)?;
        Ok(servers)
    }

    /// The variables that tests find the servers by.
    pub(crate) fn variables(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.in_use
            .iter()
            .map(|server| (server.engine.variable(), server.url.as_str()))
    }

    /// Where a server of this kind is.
    pub(crate) fn url(&self, engine: Engine) -> anyhow::Result<&str> {
        let server = self.in_use.iter().find(|server| server.engine == engine);
        let server = server.with_context(|| format!("{} was not asked for", engine.name()))?;
        Ok(&server.url)
    }

    fn none(place: Place) -> Self {
        Self {
            place,
            in_use: Vec::new(),
            started: Vec::new(),
        }
    }

    /// All of them start at once, and then each is waited for.
    fn start(&mut self, engines: &[Engine]) -> anyhow::Result<()> {
        for engine in engines.iter().copied() {
            if chosen(engine).is_none() && !engine.is_running(&self.place)? {
                self.started.push(engine);
                engine.local().start(&self.place)?;
            }
        }
        for engine in engines.iter().copied() {
            let url = if let Some(url) = chosen(engine) {
                println!("   {}: the one that {} names", engine.name(), engine.variable());
                url
            } else {
                engine.local().wait_until_it_answers(&self.place)?;
                let running = if self.started.contains(&engine) {
                    ""
                } else {
                    ", which ran already"
                };
                println!("   {}: {}{running}", engine.name(), engine.address(&self.place)?);
                engine.local().url(&self.place)?
            };
            self.in_use.push(InUse { engine, url });
        }
        Ok(())
    }

    /// Leaves the servers running; returns the file that sets the variables for tests.
    fn keep(mut self) -> anyhow::Result<PathBuf> {
        let lines: Vec<String> = self
            .variables()
            .map(|(name, url)| format!("export {name}='{url}'\n"))
            .collect();
        self.started.clear();
        self.place.write_secret("variables.sh", &lines.concat())
    }

    /// Stops those that were started for this, the last one first.
    fn stop(&mut self) -> anyhow::Result<()> {
        let mut faults = Vec::new();
        while let Some(engine) = self.started.pop() {
            faults.extend(engine.stop(&self.place).err().map(|fault| format!("{fault:#}")));
        }
        if faults.is_empty() {
            Ok(())
        } else {
            bail!("{}", faults.join("\n"))
        }
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        if let Err(fault) = self.stop() {
            eprintln!("{fault:#}");
        }
    }
}
