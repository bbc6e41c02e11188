//! `cargo xtask prove NAME`: one full demonstration of something the product promises.

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};

use crate::checkout::Checkout;
use crate::services::{self, Engine, Servers};
use crate::steps::{Output, Steps};
use crate::{
    builds, check, deployment, environment, fuzz, kubernetes, machine, observability, package, packages, released_app,
    run, terraform, ui,
};

/// The programs that demonstrations run.
pub(crate) const PROGRAMS: [&str; 4] = [builds::SERVER, builds::APP, builds::WINDOW, builds::BENCH];

/// Rounds of killing the server in the full demonstration.
const KILL_ROUNDS: u32 = 200;

/// Rounds of harming the services and the servers below them in the full demonstration, and what they may take: a pause
/// alone is up to 10 s.
const SERVICE_ROUNDS: u32 = 200;
const SERVICE_ROUNDS_LIMIT: Duration = Duration::from_hours(1);

/// Random actions of each run of the model in the full demonstration, and how many runs there are, each with its own seed.
const MODEL_ACTIONS: u32 = 10_000;
const MODEL_RUNS: u32 = 4;

/// How long each target is fuzzed in the full demonstration.
const FUZZING: Duration = Duration::from_mins(10);

/// What the load workloads may take together.
const LOAD_LIMIT: Duration = Duration::from_mins(45);

/// What a fresh clone with empty caches may take on two cores.
const FRESH_LIMIT: Duration = Duration::from_mins(45);

/// What to prove.
#[derive(Args)]
pub(crate) struct Wish {
    name: Name,
}

#[derive(Clone, Copy, ValueEnum)]
enum Name {
    /// 200 times: people write, edit, delete, react and pin, the server is killed at a random moment; nothing acknowledged is
    /// lost, doubled or swapped
    Kills,
    /// 200 times: a random one of two chat-services, user-service, mail-service, Redis, RabbitMQ and the database server is
    /// killed or paused under the same people; nothing is lost, doubled or swapped, and every code mail comes once
    KillsOfServices,
    /// Two chat nodes: a message from one to the other in less than 25 ms (p99) at 200 messages a second, an ended session
    /// out of both in less than 2 s, and 30 s without Redis under load, after which nobody has a hole or reconnects
    Nodes,
    /// 10,000 random actions on eight devices with cuts and restarts, four times: everybody sees the same as a fresh device
    Model,
    /// What a CPU-second of the server buys, beside Socket.IO on the same work; a run that loses anything is void
    Load,
    /// A device that holds 100,000 messages answers 95 of 100 searches in less than 50 ms; what its index takes and costs
    Search,
    /// What goes wrong in the world: malformed frames, wrong codes, mail down, full disks, cut sockets
    Trouble,
    /// The real window: sign in by mail, write, receive, restart everything, write while the server is away
    Window,
    /// Every screen in both themes and three sizes as a picture, without a serious fault of accessibility
    Screens,
    /// Every example of docs/reference/protocol.md, and two plain clients that were written from it alone
    Protocol,
    /// user-service, two chat-services and the rest on real servers: every path is answered through the gateway
    Gateway,
    /// compose.yaml and Dockerfile, read by the programs they are for, and the names in them compared
    Deployment,
    /// The chart for Kubernetes, rendered with several values, held to the published schemas, and its names compared
    Kubernetes,
    /// Every alert fires on its fault and says what to do; a real Prometheus that scrapes the services has data for every
    /// query of dashboards and alerts
    Watched,
    /// infra/terraform by Terraform, the real provider and rules over its plans; then twenty settings broken one at a time,
    /// and what noticed each
    Terraform,
    /// Ten minutes of invented input for each reader of frames and bodies and for the fold; nothing panics
    Fuzz,
    /// The released app with 50,000 messages: starts in less than a second, switches in less than a tenth of one, scrolls
    Speed,
    /// The released app over half an hour at a message a second: its memory, hidden and in use, and a browser beside it
    Weight,
    /// The .deb, smaller than 15 MB, on a clean Debian: installed, signed in, upgraded while it runs, removed with nothing left
    Package,
    /// From a fresh clone with empty caches to all tests passed, in less than 45 minutes
    Fresh,
}

pub(crate) fn prove(checkout: &Checkout, wish: &Wish) -> ExitCode {
    // Its figures are what a demonstration is run for.
    let mut steps = Steps::shown(checkout);
    match wish.name {
        Name::Kills => with_server(checkout, &mut steps, "kills", |output| {
            kills(checkout, KILL_ROUNDS, output)
        }),
        Name::KillsOfServices => {
            with_services(checkout, &mut steps);
            steps.needed("packages of the servers", install_servers);
            steps.needed("bench", |output| builds::programs(checkout, &[builds::BENCH], output));
            steps.step("kills of services", |output| {
                kills_of_services(checkout, SERVICE_ROUNDS, output)
            });
        }
        Name::Nodes => full_nodes(checkout, &mut steps),
        Name::Model => with_server(checkout, &mut steps, "model", |output| {
            model(checkout, MODEL_ACTIONS, MODEL_RUNS, output)
        }),
        Name::Load => {
            steps.needed("prerequisites", |_| machine::prerequisites());
            steps.needed("system packages", |output| packages::ensure(packages::SERVER, output));
            steps.needed("programs", |output| {
                builds::fast_programs(checkout, &[builds::SERVER, builds::BENCH], output)
            });
            steps.step("load", |output| load(checkout, output));
        }
        Name::Search => {
            steps.needed("prerequisites", |_| machine::prerequisites_of_the_server());
            steps.needed("programs", |output| {
                builds::fast_programs(checkout, &[builds::BENCH], output)
            });
            steps.step("search", |output| search(checkout, output));
        }
        Name::Trouble => with_server(checkout, &mut steps, "trouble", |output| trouble(checkout, output)),
        Name::Protocol => with_server(checkout, &mut steps, "protocol", |output| protocol(checkout, output)),
        Name::Window => full_window(checkout, &mut steps),
        Name::Screens => {
            check::prepare(checkout, &mut steps);
            steps.needed("screens packages", |output| {
                packages::ensure(packages::SCREENS_TEST, output)
            });
            steps.step("screens behaviour", |output| ui::behaviour(checkout, output));
            steps.step("screens pictures", |output| ui::pictures(checkout, output));
        }
        Name::Gateway => {
            with_services(checkout, &mut steps);
            steps.needed("packages of the servers", run::install);
            steps.step("gateway", |_| run::every_path_is_answered(checkout));
        }
        Name::Deployment => described(checkout, &mut steps, "deployment", deployment::hold),
        Name::Kubernetes => described(checkout, &mut steps, "kubernetes", kubernetes::hold),
        Name::Watched => observability::prove(checkout, &mut steps),
        Name::Terraform => described(checkout, &mut steps, "terraform", terraform::hold_all),
        Name::Fuzz => {
            steps.needed("prerequisites", |_| machine::prerequisites_of_the_server());
            steps.needed("cargo fuzz", |output| fuzz::ensure(checkout, output));
            for target in fuzz::TARGETS {
                steps.step(target, |output| fuzz::fuzz(checkout, target, FUZZING, output));
            }
        }
        Name::Speed => released_app::prove_speed(checkout, &mut steps),
        Name::Weight => released_app::prove_weight(checkout, &mut steps),
        Name::Package => package::installed::prove(checkout, &mut steps),
        Name::Fresh => steps.step("fresh clone", |output| fresh(checkout, output)),
    }
    steps.finish()
}

/// A demonstration that needs the server and `bench`, but no window.
fn with_server(
    checkout: &Checkout,
    steps: &mut Steps<'_>,
    name: &str,
    work: impl FnOnce(&Output) -> anyhow::Result<()>,
) {
    steps.needed("prerequisites", |_| machine::prerequisites_of_the_server());
    steps.needed("system packages", |output| {
        packages::ensure(packages::SERVER_TEST, output)
    });
    steps.needed("programs", |output| {
        builds::programs(checkout, &[builds::SERVER, builds::BENCH], output)
    });
    steps.step(name, work);
}

/// The real app in its real window, and what building and driving it needs.
fn full_window(checkout: &Checkout, steps: &mut Steps<'_>) {
    check::prepare(checkout, steps);
    steps.needed("test packages", |output| {
        packages::ensure(packages::WINDOW_TEST, output)
    });
    steps.needed("programs", |output| {
        builds::programs(checkout, &[builds::SERVER, builds::APP, builds::WINDOW], output)
    });
    steps.step("window", |output| window(checkout, output));
}

/// A check of how the services are deployed, which asks them for their settings.
fn described(
    checkout: &Checkout,
    steps: &mut Steps<'_>,
    name: &str,
    hold: impl FnOnce(&Checkout, &Output) -> anyhow::Result<()>,
) {
    with_services(checkout, steps);
    steps.step(name, |output| hold(checkout, output));
}

/// The programs that scale out, and what building them needs.
pub(crate) fn with_services(checkout: &Checkout, steps: &mut Steps<'_>) {
    steps.needed("prerequisites", |_| machine::prerequisites_of_the_server());
    steps.needed("system packages", |output| packages::ensure(packages::SERVER, output));
    steps.needed("programs", |output| {
        builds::programs(checkout, &builds::SERVICES, output)
    });
}

/// Needs the programs `loquat-server` and `bench`.
pub(crate) fn kills(checkout: &Checkout, rounds: u32, output: &Output) -> anyhow::Result<()> {
    bench(checkout, &["kills", "--rounds", &rounds.to_string()], output)
}

/// The gateway, and every server, because `services up` brings back all of them.
pub(crate) fn install_servers(output: &Output) -> anyhow::Result<()> {
    run::install(output)?;
    services::install(&Engine::ALL, output)
}

/// Needs the programs of the services and `bench`, and the packages of the servers and of the gateway.
pub(crate) fn kills_of_services(checkout: &Checkout, rounds: u32, output: &Output) -> anyhow::Result<()> {
    if let Some(variable) = services::named_by_a_person().first() {
        bail!("{variable} names a server that is not ours to kill: unset it");
    }
    let servers = Servers::run(checkout, &Engine::ALL)?;
    let mut bench = Command::new(builds::program(checkout, builds::BENCH)?);
    bench
        .args(["kills-of-services", "--rounds", &rounds.to_string(), "--engines"])
        .arg(checkout.kept("services")?)
        .arg("--engines-up")
        .arg(std::env::current_exe()?)
        .envs(servers.variables())
        .current_dir(checkout.root());
    output.follow_within(SERVICE_ROUNDS_LIMIT, bench)
}

fn full_nodes(checkout: &Checkout, steps: &mut Steps<'_>) {
    steps.needed("prerequisites", |_| machine::prerequisites_of_the_server());
    steps.needed("system packages", |output| packages::ensure(packages::SERVER, output));
    steps.needed("packages of the servers", install_servers);
    steps.needed("programs", |output| {
        let programs = [&builds::SERVICES[..], &[builds::BENCH]].concat();
        builds::fast_programs(checkout, &programs, output)
    });
    steps.step("nodes", |output| nodes(checkout, output));
}

/// In full, on programs built for speed.
fn nodes(checkout: &Checkout, output: &Output) -> anyhow::Result<()> {
    let program = builds::fast_program(checkout, builds::BENCH)?;
    run_nodes(checkout, Command::new(program), &["--passage-within-ms", "25"], output)
}

/// Short, which shows that it works. Needs the programs of the services and `bench`, and the packages of the servers and
/// of the gateway.
pub(crate) fn nodes_briefly(checkout: &Checkout, output: &Output) -> anyhow::Result<()> {
    let program = builds::program(checkout, builds::BENCH)?;
    let briefly = ["--seconds", "5", "--endings", "5", "--cut", "5"];
    run_nodes(checkout, Command::new(program), &briefly, output)
}

fn run_nodes(checkout: &Checkout, mut bench: Command, arguments: &[&str], output: &Output) -> anyhow::Result<()> {
    let servers = Servers::run(checkout, &Engine::ALL)?;
    bench
        .args(["nodes", "--engines"])
        .arg(checkout.kept("services")?)
        .args(arguments)
        .envs(servers.variables())
        .current_dir(checkout.root());
    output.follow(bench)
}

/// Needs the programs `loquat-server` and `bench`.
pub(crate) fn model(checkout: &Checkout, actions: u32, runs: u32, output: &Output) -> anyhow::Result<()> {
    let (actions, runs) = (actions.to_string(), runs.to_string());
    bench(checkout, &["model", "--actions", &actions, "--runs", &runs], output)
}

/// Every workload in full, on programs built for speed; adds a line of JSON for each run to `.loquat/load.jsonl`.
fn load(checkout: &Checkout, output: &Output) -> anyhow::Result<()> {
    let out = checkout.kept("load.jsonl")?;
    let mut bench = Command::new(builds::fast_program(checkout, builds::BENCH)?);
    bench
        .arg("--server-binary")
        .arg(builds::fast_program(checkout, builds::SERVER)?)
        .args(["load", "--out"])
        .arg(out)
        .current_dir(checkout.root());
    output.follow_within(LOAD_LIMIT, bench)
}

/// Every workload small and short, which shows that it works. Needs the programs `loquat-server` and `bench`, and Node.
pub(crate) fn load_briefly(checkout: &Checkout, output: &Output) -> anyhow::Result<()> {
    bench(checkout, &["load", "--quick"], output)
}

/// In full, on a program built for speed.
fn search(checkout: &Checkout, output: &Output) -> anyhow::Result<()> {
    let mut bench = Command::new(builds::fast_program(checkout, builds::BENCH)?);
    bench.arg("search").current_dir(checkout.root());
    output.follow(bench)
}

/// With few messages, which shows that it works: on a program that was not built for speed its times say little. Needs
/// the program `bench`.
pub(crate) fn search_briefly(checkout: &Checkout, output: &Output) -> anyhow::Result<()> {
    let mut bench = Command::new(builds::program(checkout, builds::BENCH)?);
    let briefly = [
        "search",
        "--messages",
        "5000",
        "--questions",
        "150",
        "--within-ms",
        "500",
    ];
    bench.args(briefly).current_dir(checkout.root());
    output.follow(bench)
}

/// Needs the programs `loquat-server` and `bench`.
pub(crate) fn trouble(checkout: &Checkout, output: &Output) -> anyhow::Result<()> {
    bench(checkout, &["trouble"], output)
}

/// Needs the programs `loquat-server` and `bench`.
pub(crate) fn protocol(checkout: &Checkout, output: &Output) -> anyhow::Result<()> {
    bench(checkout, &["protocol"], output)
}

fn bench(checkout: &Checkout, arguments: &[&str], output: &Output) -> anyhow::Result<()> {
    let mut bench = Command::new(builds::program(checkout, builds::BENCH)?);
    bench
        .arg("--server-binary")
        .arg(builds::program(checkout, builds::SERVER)?);
    bench.args(arguments).current_dir(checkout.root());
    output.follow(bench)
}

/// Needs the programs `loquat-server`, `loquat` and `loquat-window`, and the packages of the window test.
pub(crate) fn window(checkout: &Checkout, output: &Output) -> anyhow::Result<()> {
    let mut test = builds::workspace(checkout, "test", &["--test", "window", "--", "--nocapture"]);
    test.env("LOQUAT_APP", builds::program(checkout, builds::APP)?)
        .env("LOQUAT_SERVER_BIN", builds::program(checkout, builds::SERVER)?)
        .env("LOQUAT_PICTURES", checkout.kept("pictures")?);
    builds::in_turn(checkout, output, test)
}

/// Clones the last commit, hides every cache and runs what the continuous integration runs.
fn fresh(checkout: &Checkout, output: &Output) -> anyhow::Result<()> {
    let place = checkout.kept("fresh/clone")?;
    let place = place.parent().context("a path below .loquat has a parent")?.to_owned();
    fs::remove_dir_all(&place).with_context(|| format!("emptying {}", place.display()))?;
    fs::create_dir_all(place.join("cargo")).with_context(|| format!("creating {}", place.display()))?;
    keep_registry_settings(&place.join("cargo"))?;

    let mut clone = Command::new("git");
    clone
        .args(["clone", "--quiet"])
        .arg(checkout.root())
        .arg(place.join("clone"));
    output.follow(clone)?;

    let mut ci = Command::new(place.join("clone/.ci/run"));
    ci.current_dir(place.join("clone"))
        .env("CARGO_HOME", place.join("cargo"))
        .env("XDG_CACHE_HOME", place.join("cache"))
        .env("npm_config_cache", place.join("npm"))
        .env_remove("CARGO_TARGET_DIR");
    output.follow_within(FRESH_LIMIT, ci)?;
    fs::remove_dir_all(&place).with_context(|| format!("removing {}", place.display()))
}

/// An empty cargo home downloads everything again, but from where this machine is told to.
fn keep_registry_settings(cargo_home: &Path) -> anyhow::Result<()> {
    let settings = environment::cargo_home()
        .map(|home| home.join("config.toml"))
        .filter(|path| path.exists());
    if let Some(settings) = settings {
        fs::copy(&settings, cargo_home.join("config.toml")).context("copying the settings of cargo")?;
    }
    Ok(())
}
