//! `cargo xtask run`: everything between a fresh clone and an open window.

mod address;
mod app;
mod gateway;
mod probe;
mod routes;
mod scaled_out;
mod server;

use std::process::{Child, ExitCode, ExitStatus};
use std::thread;
use std::time::Duration;

use anyhow::bail;
use clap::Args;

use crate::checkout::Checkout;
pub(crate) use routes::every_path_is_answered;
pub(crate) use scaled_out::install;

use crate::run::app::Profile;
use crate::run::scaled_out::ScaledOut;
use crate::run::server::Server;
use crate::steps::Steps;
use crate::{builds, environment, machine, packages, processes, signals, ui};

/// How often the server and the app are looked at.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// What to run.
#[derive(Args)]
pub(crate) struct Wish {
    /// Start the server without a window
    #[arg(long)]
    server_only: bool,
    /// Whose window to open: every name has its own data and its own entry in the keychain
    #[arg(long, value_name = "NAME", default_value = "me")]
    profile: Profile,
    /// Run the form for many machines on this one: user-service, mail-service and two chat-services behind a gateway, on
    /// MongoDB, Redis and RabbitMQ
    #[arg(long, conflicts_with = "people")]
    services: bool,
    /// Add this many demonstration people with a conversation, so that a first look is not an empty room
    #[arg(long, value_name = "N")]
    people: Option<u32>,
}

/// What the app talks to: one server, or services behind a gateway.
trait Backend {
    fn url(&self) -> &str;

    /// Whether this command started it and therefore stops it.
    fn is_ours(&self) -> bool;

    /// A sentence about what ended by itself, if anything did. What is not ours is not watched.
    fn ended(&mut self) -> anyhow::Result<Option<String>>;

    /// Stops it, if it is ours.
    fn stop(&mut self) -> anyhow::Result<()>;
}

pub(crate) fn run(checkout: &Checkout, wish: &Wish) -> anyhow::Result<ExitCode> {
    let with_window = !wish.server_only && can_open_windows();
    let running = running(checkout, wish)?;
    let mut steps = Steps::shown(checkout);
    build(checkout, &mut steps, wish, with_window, running.is_some());
    if signals::asked_to_stop() {
        return Ok(ExitCode::SUCCESS);
    }
    if !steps.all_well() {
        return Ok(steps.finish());
    }

    let backend = match running {
        Some(backend) => {
            if wish.people.is_some() {
                println!("\n--people has no effect: the server of this checkout is running already");
            }
            backend
        }
        None => match start(checkout, wish)? {
            Some(backend) => backend,
            None => return Ok(ExitCode::SUCCESS),
        },
    };
    if !backend.is_ours() {
        println!("\nThe server of this checkout runs already, at {}", backend.url());
    }
    if !backend.is_ours() && !with_window {
        return Ok(ExitCode::SUCCESS);
    }
    let app = if with_window {
        let home = if wish.services {
            app::AT_SERVICES
        } else {
            app::AT_ONE_SERVER
        };
        Some(app::open(checkout, home, &wish.profile, backend.url())?)
    } else {
        None
    };
    watch(backend, app)
}

/// What another `cargo xtask run` of this checkout has started.
fn running(checkout: &Checkout, wish: &Wish) -> anyhow::Result<Option<Box<dyn Backend>>> {
    Ok(if wish.services {
        ScaledOut::running(checkout)?.map(boxed)
    } else {
        Server::running(checkout)?.map(boxed)
    })
}

/// None when we were asked to stop meanwhile.
fn start(checkout: &Checkout, wish: &Wish) -> anyhow::Result<Option<Box<dyn Backend>>> {
    Ok(if wish.services {
        ScaledOut::start(checkout)?.map(boxed)
    } else {
        Server::start(checkout, wish.people)?.map(boxed)
    })
}

fn boxed(backend: impl Backend + 'static) -> Box<dyn Backend> {
    Box::new(backend)
}

fn can_open_windows() -> bool {
    let has_display = environment::has_display();
    if !has_display {
        println!("There is no display (neither DISPLAY nor WAYLAND_DISPLAY is set): going on with the server alone.");
    }
    has_display
}

/// Checks, installs and builds what is needed, and nothing else.
fn build(checkout: &Checkout, steps: &mut Steps<'_>, wish: &Wish, with_window: bool, is_running: bool) {
    if with_window {
        steps.needed("prerequisites", |_| machine::prerequisites());
        steps.needed("system packages", |output| packages::ensure(packages::APP, output));
        steps.needed("npm packages", |output| ui::install(checkout, output));
        steps.needed("window build", |output| ui::build(checkout, output));
    } else {
        steps.needed("prerequisites", |_| machine::prerequisites_of_the_server());
        steps.needed("system packages", |output| packages::ensure(packages::SERVER, output));
    }
    let mut programs = Vec::new();
    if !is_running && wish.services {
        steps.needed("packages of the servers", install);
        programs.extend(builds::SERVICES);
    } else if !is_running {
        programs.push(builds::SERVER);
    }
    if with_window {
        programs.extend([builds::APP, builds::WINDOW]);
    }
    if !programs.is_empty() {
        steps.needed("programs", |output| builds::programs(checkout, &programs, output));
    }
}

/// Waits until a person or a fault ends it, and then ends what we started, the window first.
fn watch(mut backend: Box<dyn Backend>, mut app: Option<Child>) -> anyhow::Result<ExitCode> {
    loop {
        if signals::asked_to_stop() {
            println!("\nStopping.");
            if let Some(app) = &mut app {
                processes::stop(app)?;
            }
            backend.stop()?;
            return Ok(ExitCode::SUCCESS);
        }
        if let Some(fault) = backend.ended()? {
            if let Some(app) = &mut app {
                processes::stop(app)?;
            }
            backend.stop()?;
            bail!(fault);
        }
        if let Some(status) = ended(app.as_mut())? {
            app = None;
            if !backend.is_ours() {
                return Ok(if status.success() {
                    ExitCode::SUCCESS
                } else {
                    ExitCode::FAILURE
                });
            }
            println!("\nThe window is closed ({status}). The server goes on until Ctrl-C;");
            println!("`cargo xtask run` in another terminal opens a window again.");
        }
        thread::sleep(LOOK_EVERY);
    }
}

fn ended(child: Option<&mut Child>) -> anyhow::Result<Option<ExitStatus>> {
    Ok(child.map(Child::try_wait).transpose()?.flatten())
}
