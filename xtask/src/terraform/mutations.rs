//! Settings broken one at a time. Each must be noticed, or the checks hold nothing.

mod settings;

use anyhow::{Context, bail};

use super::checks;
use super::copy::Copy;
use super::tool::Terraform;
use super::workers;
use crate::checkout::Checkout;

use self::settings::MUTATIONS;

/// One setting, and how it is broken.
struct Mutation {
    /// What would be wrong.
    what: &'static str,
    file: &'static str,
    from: &'static str,
    to: &'static str,
    /// The environment whose plan shows it, if a plan does.
    plan: Option<&'static str>,
    /// The file of tests that knows the module.
    test: &'static str,
}

/// Breaks the first `most` of them; fails when one goes unnoticed.
pub(super) fn hold(checkout: &Checkout, terraform: &Terraform, most: usize) -> anyhow::Result<()> {
    let copies = prepared(checkout, terraform)?;
    let chosen = &MUTATIONS[..most.min(MUTATIONS.len())];
    let answers = workers::on_all(chosen, |worker, mutation| {
        let copy = copies.get(worker).context("each worker has a copy")?;
        caught(checkout, copy, terraform, mutation).with_context(|| mutation.what.to_owned())
    });
    let catchers = workers::all_well(answers)?;
    for (mutation, catcher) in chosen.iter().zip(catchers) {
        println!("   {}: {catcher}", mutation.what);
    }
    println!("   {} settings broken, each noticed", chosen.len());
    Ok(())
}

/// A copy for each worker, as far as it is used.
fn prepared(checkout: &Checkout, terraform: &Terraform) -> anyhow::Result<Vec<Copy>> {
    let numbers: Vec<usize> = (0..workers::count()).collect();
    let answers = workers::on_all(&numbers, |_, number| {
        let copy = Copy::make(checkout, &format!("broken-{number}"))?;
        for folder in [
            "environments/production/foundation",
            "environments/production/services",
            "tests",
        ] {
            let log = workers::log(&copy.path(""), folder);
            workers::run(terraform.init(&copy.path(folder)), &log)?;
        }
        Ok(copy)
    });
    workers::all_well(answers)
}

/// Which check notices; the setting is whole again afterwards.
fn caught(checkout: &Checkout, copy: &Copy, terraform: &Terraform, mutation: &Mutation) -> anyhow::Result<String> {
    let whole = copy.change(mutation.file, mutation.from, mutation.to)?;
    let catcher = catcher(checkout, copy, terraform, mutation);
    copy.restore(mutation.file, &whole)?;
    catcher
}

fn catcher(checkout: &Checkout, copy: &Copy, terraform: &Terraform, mutation: &Mutation) -> anyhow::Result<String> {
    if let Some(environment) = mutation.plan {
        match checks::plan(copy, terraform, environment) {
            Err(fault) => return Ok(format!("plan, {}", first_fault(&fault))),
            Ok(plan) => {
                if let Err(fault) = checks::policies(checkout, copy, &vec![plan]) {
                    return Ok(format!("policy, {}", broken_rule(&fault)));
                }
            }
        }
    }
    match checks::test(copy, terraform, mutation.test) {
        Err(fault) => Ok(format!("test, {}", failed_test(&fault))),
        Ok(_) => bail!("nothing noticed {:?} instead of {:?}", mutation.to, mutation.from),
    }
}

fn first_fault(fault: &anyhow::Error) -> String {
    line_with(fault, |line| line.starts_with("Error: "))
}

fn broken_rule(fault: &anyhow::Error) -> String {
    line_with(fault, |line| line.contains(": production-"))
}

fn failed_test(fault: &anyhow::Error) -> String {
    line_with(fault, |line| line.contains("... fail"))
}

/// The line that says it. A check that failed for another reason shows everything.
fn line_with(fault: &anyhow::Error, says: impl Fn(&str) -> bool) -> String {
    let text = format!("{fault:#}");
    let line = text.lines().find(|line| says(line)).map(str::trim);
    line.map_or_else(|| text.clone(), str::to_owned)
}
