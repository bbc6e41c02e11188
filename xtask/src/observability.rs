//! Whether what is watched is right: every alert fires on its fault and says what to do, and alerts and dashboards speak of
//! figures that there are.

mod alerts;
mod figures;

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, bail, ensure};

use crate::checkout::Checkout;
use crate::services::{Engine, Servers};
use crate::steps::{Output, Steps};
use crate::{builds, environment, packages, prove};

const FOLDER: &str = "infra/observability";
const DASHBOARDS: &str = "infra/observability/grafana/dashboards";

/// What starting everything, asking and one fault may take; it is done in a quarter of a minute on an idle machine.
const WATCH_LIMIT: Duration = Duration::from_mins(5);

/// All of it, with what it needs.
pub(crate) fn prove(checkout: &Checkout, steps: &mut Steps<'_>) {
    steps.step("alerts", |output| hold(checkout, output));
    prove::with_services(checkout, steps);
    steps.needed("packages of the servers", prove::install_servers);
    steps.needed("bench", |output| builds::programs(checkout, &[builds::BENCH], output));
    steps.step("real Prometheus", |output| watch(checkout, output));
}

/// Lets a real Prometheus scrape the services, and asks it everything that dashboards and alerts ask. Needs the programs of
/// the services and `bench`, and the packages of the servers and of the gateway.
pub(crate) fn watch(checkout: &Checkout, output: &Output) -> anyhow::Result<()> {
    if !has_prometheus(output)? {
        return Ok(());
    }
    let servers = Servers::run(checkout, &Engine::ALL)?;
    let mut bench = Command::new(builds::program(checkout, builds::BENCH)?);
    bench
        .args(["watched", "--engines"])
        .arg(checkout.kept("services")?)
        .envs(servers.variables())
        .current_dir(checkout.root());
    output.follow_within(WATCH_LIMIT, bench)
}

/// Fails naming everything that does not fit.
pub(crate) fn hold(checkout: &Checkout, output: &Output) -> anyhow::Result<()> {
    every_figure_is_explained(checkout)?;
    every_alert_has_all_it_needs(checkout)?;
    if !has_prometheus(output)? {
        return Ok(());
    }
    for arguments in [
        ["check", "config", "prometheus.yml"],
        ["test", "rules", "rules.test.yml"],
    ] {
        let mut promtool = Command::new("promtool");
        promtool.args(arguments).current_dir(checkout.root().join(FOLDER));
        output
            .follow(promtool)
            .with_context(|| format!("{FOLDER}/{}", arguments[2]))?;
    }
    Ok(())
}

/// Whether Prometheus and its programs are there. That they are not is said, and is a fault in the continuous integration.
fn has_prometheus(output: &Output) -> anyhow::Result<bool> {
    match packages::ensure(packages::OBSERVABILITY_TEST, output) {
        Ok(()) => Ok(true),
        Err(fault) if environment::is_continuous_integration() => Err(fault),
        Err(fault) => {
            println!("   not run, because Prometheus cannot be installed: {fault:#}");
            Ok(false)
        }
    }
}

fn every_figure_is_explained(checkout: &Checkout) -> anyhow::Result<()> {
    let page = read(checkout, "docs/reference/metrics.md")?;
    let rules = checkout.root().join(FOLDER).join("rules.yml");
    for path in [vec![rules], dashboards(checkout)?].concat() {
        let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        let unexplained = figures::unexplained(&text, &page);
        ensure!(
            unexplained.is_empty(),
            "{}: docs/reference/metrics.md does not explain {unexplained:?}",
            path.display()
        );
    }
    Ok(())
}

fn every_alert_has_all_it_needs(checkout: &Checkout) -> anyhow::Result<()> {
    let rules = read(checkout, &format!("{FOLDER}/rules.yml"))?;
    let tests = read(checkout, &format!("{FOLDER}/rules.test.yml"))?;
    let alerts = alerts::alerts(&rules);
    let declared = rules.matches("alert:").count();
    ensure!(
        !alerts.is_empty() && alerts.len() == declared,
        "rules.yml declares {declared} alerts, but {} were read: keep their indentation",
        alerts.len()
    );
    let faults = alerts::faults(&alerts, &tests, |page| checkout.root().join(page).is_file());
    if faults.is_empty() {
        return Ok(());
    }
    bail!("{}", faults.join("\n"))
}

fn dashboards(checkout: &Checkout) -> anyhow::Result<Vec<PathBuf>> {
    let folder = fs::read_dir(checkout.root().join(DASHBOARDS)).with_context(|| format!("reading {DASHBOARDS}"))?;
    let mut files = Vec::new();
    for entry in folder {
        files.push(entry.with_context(|| format!("reading {DASHBOARDS}"))?.path());
    }
    ensure!(!files.is_empty(), "{DASHBOARDS} holds no dashboard");
    files.sort();
    Ok(files)
}

fn read(checkout: &Checkout, name: &str) -> anyhow::Result<String> {
    fs::read_to_string(checkout.root().join(name)).with_context(|| format!("reading {name}"))
}
