//! The checks themselves, on a copy.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, ensure};

use super::copy::{Copy, ENVIRONMENTS, SOURCE};
use super::readers::READERS;
use super::tool::Terraform;
use super::workers;
use crate::checkout::Checkout;
use crate::deployment;
use crate::report;
use crate::steps::Output;

/// Everything but mutations.
pub(super) fn hold(checkout: &Checkout, terraform: &Terraform, output: &Output) -> anyhow::Result<()> {
    let mut fmt = terraform.command(checkout.root(), &["fmt", "-check", "-diff", "-recursive", SOURCE]);
    fmt.env("NO_COLOR", "1");
    output
        .follow(fmt)
        .context("terraform fmt -recursive infra/terraform puts it right")?;

    let copy = Copy::make(checkout, "whole")?;
    timed("init, validate", || valid(&copy, terraform))?;
    timed("tests", || tests(&copy, terraform))?;
    let plans = timed("plans", || plans(&copy, terraform, &ENVIRONMENTS))?;
    let rules = policies(checkout, &copy, &plans)?;
    println!("   {}", rules.trim());
    deployment::hold_task_definitions(checkout, &services(&plans)?)?;
    let readers = workers::on_all(&READINGS, |_, reading| match reading {
        Reading::Checkov => timed("checkov", || checkov(checkout, &copy)),
        Reading::Pages => timed("pages", || pages(checkout, output)),
    });
    workers::all_well(readers).map(|_| ())
}

/// What needs no Terraform and one core: both are done side by side.
enum Reading {
    Checkov,
    Pages,
}

const READINGS: [Reading; 2] = [Reading::Checkov, Reading::Pages];

fn timed<T>(name: &str, work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
    let started = Instant::now();
    let answer = work().with_context(|| name.to_owned())?;
    println!("   {name}: {}", report::seconds(started.elapsed()));
    Ok(answer)
}

fn valid(copy: &Copy, terraform: &Terraform) -> anyhow::Result<()> {
    let configurations = copy.configurations()?;
    let answers = workers::on_all(&configurations, |_, name| {
        let folder = copy.path(name);
        let log = workers::log(&copy.path(""), &format!("valid-{name}"));
        workers::run(terraform.init(&folder), &log)
            .and_then(|_| workers::run(terraform.command(&folder, &["validate", "-no-color"]), &log))
            .with_context(|| name.clone())
    });
    workers::all_well(answers)?;
    println!("   {} configurations are valid", configurations.len());
    Ok(())
}

/// The files with tests, one after the other in each worker.
fn tests(copy: &Copy, terraform: &Terraform) -> anyhow::Result<()> {
    let mut files = Vec::new();
    for entry in fs::read_dir(copy.path("tests")).context("reading tests")? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".tftest.hcl") {
            files.push(name);
        }
    }
    files.sort();
    let answers = workers::on_all(&files, |_, name| test(copy, terraform, name));
    for text in workers::all_well(answers)? {
        let sum = text.lines().rev().find(|line| line.contains(" passed, "));
        println!("   {}", sum.unwrap_or("no sum"));
    }
    Ok(())
}

pub(super) fn test(copy: &Copy, terraform: &Terraform, file: &str) -> anyhow::Result<String> {
    let log = workers::log(&copy.path(""), &format!("test-{file}"));
    let arguments = ["test", "-no-color", &format!("-filter={file}")];
    let text = workers::run(terraform.command(&copy.path("tests"), &arguments), &log)?;
    ensure!(
        text.contains(" passed, 0 failed"),
        "{file}: no test ran, or one was left out:\n{text}"
    );
    Ok(text)
}

/// What would be made, by environment.
pub(super) type Plans = Vec<(String, PathBuf)>;

/// Makes them; the folders must be initialised.
pub(super) fn plans(copy: &Copy, terraform: &Terraform, environments: &[&str]) -> anyhow::Result<Plans> {
    let answers = workers::on_all(environments, |_, name| plan(copy, terraform, name));
    workers::all_well(answers)
}

pub(super) fn plan(copy: &Copy, terraform: &Terraform, environment: &str) -> anyhow::Result<(String, PathBuf)> {
    let folder = copy.path("environments").join(environment);
    let log = workers::log(&copy.path(""), &format!("plan-{environment}"));
    let mut make = terraform.command(&folder, &["plan", "-input=false", "-no-color", "-out=offline.plan"]);
    if environment.ends_with("/services") {
        make.arg(format!(
            "-var-file={}",
            copy.path("tests/values/services.tfvars.json").display()
        ));
    }
    workers::run(make, &log).with_context(|| environment.to_owned())?;
    let json = folder.join("offline.json");
    let show = terraform.command(&folder, &["show", "-json", "offline.plan"]);
    workers::run(show, &json).with_context(|| environment.to_owned())?;
    Ok((environment.replace('/', "-"), json))
}

/// The rules of `policy.py`; the answer is how many there are.
pub(super) fn policies(checkout: &Checkout, copy: &Copy, plans: &Plans) -> anyhow::Result<String> {
    let mut read = Command::new(READERS.program("python")?);
    read.arg("infra/terraform/tests/policy.py").current_dir(checkout.root());
    read.args(plans.iter().map(|(name, json)| format!("{name}={}", json.display())));
    workers::run(read, &workers::log(&copy.path(""), "policies"))
}

fn services(plans: &Plans) -> anyhow::Result<Vec<(String, String)>> {
    let those = plans.iter().filter(|(name, _)| name.ends_with("-services"));
    those
        .map(|(name, json)| Ok((name.clone(), fs::read_to_string(json).context("reading a plan")?)))
        .collect()
}

fn checkov(checkout: &Checkout, copy: &Copy) -> anyhow::Result<()> {
    let mut read = Command::new(READERS.program("checkov")?);
    read.args(["--directory", SOURCE, "--config-file", "infra/terraform/checkov.yaml"])
        .current_dir(checkout.root());
    workers::run(read, &workers::log(&copy.path(""), "checkov")).map(|_| ())
}

/// The commands in the pages for operators exist, with the flags they are given; and the script for credentials asks AWS
/// for what it understands.
fn pages(checkout: &Checkout, output: &Output) -> anyhow::Result<()> {
    let toolbox = std::env::current_exe().context("finding the toolbox itself")?;
    for program in ["commands.py", "credentials_test.py"] {
        let mut read = Command::new(READERS.program("python")?);
        read.arg(checkout.root().join(SOURCE).join("tests").join(program))
            .current_dir(checkout.root())
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("TF_CLI_CONFIG_FILE", "/dev/null")
            .env("XTASK", &toolbox);
        output.follow(read).context(program)?;
    }
    Ok(())
}
