//! Building the house, in a folder that all checkouts of a person share.
//!
//! Every build names the whole workspace, even when it wants one program of it: cargo then compiles each dependency once, instead of once for every selection of packages.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::checkout::Checkout;
use crate::processes;
use crate::signals;
use crate::steps::{LIMIT, Output};

/// The program that is the backend.
pub(crate) const SERVER: &str = "loquat-server";

/// The programs that are the backend on many machines.
pub(crate) const SERVICES: [&str; 3] = ["user-service", "mail-service", "chat-service"];

/// The program that is the app, which people start.
pub(crate) const APP: &str = "loquat";

/// The program that is the app's window; the app finds it beside itself.
pub(crate) const WINDOW: &str = "loquat-window";

/// The program that drives the others in demonstrations.
pub(crate) const BENCH: &str = "bench";

/// The profile of the root manifest for what is measured.
const FAST: &str = "server";

/// The profile of the root manifest for what people install.
const SMALL: &str = "release";

/// What building everything for speed or for size may take on two cores.
const FAST_LIMIT: Duration = Duration::from_mins(45);

/// How often a build that waits for another checkout looks again.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// One cargo command over the workspace: `cargo VERB --workspace … REST`.
pub(crate) fn workspace(checkout: &Checkout, verb: &str, rest: &[&str]) -> Command {
    let mut command = checkout.cargo(&[verb, "--workspace"]);
    command.args(rest);
    command
}

/// Runs a cargo command, alone in the folder for builds.
pub(crate) fn in_turn(checkout: &Checkout, output: &Output, command: Command) -> anyhow::Result<()> {
    let _turn = Turn::take(checkout, output)?;
    output.follow(command)
}

/// Like [`in_turn`], for work with a limit of its own.
pub(crate) fn in_turn_within(
    checkout: &Checkout,
    output: &Output,
    limit: Duration,
    command: Command,
) -> anyhow::Result<()> {
    let _turn = Turn::take(checkout, output)?;
    output.follow_within(limit, command)
}

/// Builds programs and copies them to `.loquat/bin/`, where the next build cannot replace them while they run.
pub(crate) fn programs(checkout: &Checkout, names: &[&str], output: &Output) -> anyhow::Result<()> {
    let _turn = Turn::take(checkout, output)?;
    let selection: Vec<&str> = names.iter().flat_map(|name| ["--bin", *name]).collect();
    output.follow(workspace(checkout, "build", &selection))?;
    for name in names {
        keep(&checkout.target().join("debug").join(name), &program(checkout, name)?)?;
    }
    Ok(())
}

/// Builds programs as they are measured. Named alone, because the app is no part of it.
pub(crate) fn fast_programs(checkout: &Checkout, names: &[&str], output: &Output) -> anyhow::Result<()> {
    let _turn = Turn::take(checkout, output)?;
    let mut build = checkout.cargo(&["build", "--profile", FAST]);
    for name in names {
        build.args(["--package", name]);
    }
    output.follow_within(FAST_LIMIT, build)?;
    for name in names {
        keep(&checkout.target().join(FAST).join(name), &fast_program(checkout, name)?)?;
    }
    Ok(())
}

/// Builds the app's programs as people install them, and copies them into one folder; returns it.
///
/// Named alone, so that no other part of the house switches on what they do not need.
pub(crate) fn small_programs(checkout: &Checkout, output: &Output) -> anyhow::Result<PathBuf> {
    let _turn = Turn::take(checkout, output)?;
    let mut build = checkout.cargo(&["build", "--locked", "--profile", SMALL]);
    for name in [APP, WINDOW] {
        build.args(["--bin", name]);
    }
    build.args(["--package", "loquat-desktop", "--package", WINDOW]);
    output.follow_within(FAST_LIMIT, build)?;
    for name in [APP, WINDOW] {
        keep(
            &checkout.target().join(SMALL).join(name),
            &checkout.kept(&format!("bin/small/{name}"))?,
        )?;
    }
    checkout.kept("bin/small")
}

/// Where a program that was built for speed is kept.
pub(crate) fn fast_program(checkout: &Checkout, name: &str) -> anyhow::Result<PathBuf> {
    checkout.kept(&format!("bin/fast/{name}"))
}

/// Builds one example and copies it to `.loquat/bin/`; returns where it is.
pub(crate) fn example(checkout: &Checkout, name: &str, output: &Output) -> anyhow::Result<PathBuf> {
    let _turn = Turn::take(checkout, output)?;
    output.follow(workspace(checkout, "build", &["--example", name]))?;
    let kept = program(checkout, name)?;
    keep(&checkout.target().join("debug").join("examples").join(name), &kept)?;
    Ok(kept)
}

/// Where a built program is kept.
pub(crate) fn program(checkout: &Checkout, name: &str) -> anyhow::Result<PathBuf> {
    checkout.kept(&format!("bin/{name}"))
}

/// Copies beside the old program first: a running program cannot be overwritten, but it can be replaced.
fn keep(built: &Path, kept: &Path) -> anyhow::Result<()> {
    let fresh = kept.with_extension("new");
    fs::copy(built, &fresh).with_context(|| format!("copying {}", built.display()))?;
    fs::rename(&fresh, kept).with_context(|| format!("replacing {}", kept.display()))
}

/// The right to build in the shared folder, held until dropped.
///
/// Cargo tells the crates of two checkouts apart only by the times of their files, so an older checkout could be
/// handed what a newer one built. Whoever comes second therefore removes the other's crates first; the
/// dependencies, which take the minutes, are the same for both and stay.
struct Turn {
    _lock: Option<File>,
}

impl Turn {
    fn take(checkout: &Checkout, output: &Output) -> anyhow::Result<Self> {
        if !checkout.target_is_shared() {
            return Ok(Self { _lock: None });
        }
        fs::create_dir_all(checkout.target()).with_context(|| format!("creating {}", checkout.target().display()))?;
        let lock = File::create(checkout.target().join("turn.lock")).context("opening the lock of the builds")?;
        wait_for(&lock)?;
        let owner_file = checkout.target().join("owner");
        let owner = fs::read_to_string(&owner_file).unwrap_or_default();
        let own_name = checkout.root().to_string_lossy();
        if owner != own_name {
            if !owner.is_empty() {
                println!("   the last build here was of {owner}: its crates are removed, the dependencies stay");
                for profile in ["dev", FAST, SMALL] {
                    output.follow(remove_crates(checkout, profile)?)?;
                }
            }
            fs::write(&owner_file, own_name.as_bytes()).context("naming the owner of the builds")?;
        }
        Ok(Self { _lock: Some(lock) })
    }
}

fn wait_for(lock: &File) -> anyhow::Result<()> {
    let started = Instant::now();
    let mut told = false;
    loop {
        match lock.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::Error(fault)) => return Err(fault).context("locking the builds"),
            Err(TryLockError::WouldBlock) if signals::asked_to_stop() => bail!("asked to stop"),
            Err(TryLockError::WouldBlock) if started.elapsed() > LIMIT => bail!("another checkout builds for too long"),
            Err(TryLockError::WouldBlock) if !told => {
                println!("   another checkout is building; waiting for it");
                told = true;
            }
            Err(TryLockError::WouldBlock) => thread::sleep(LOOK_EVERY),
        }
    }
}

/// `cargo clean` for the crates of the house alone. It cleans one profile at a time, and the default leaves the others.
fn remove_crates(checkout: &Checkout, profile: &str) -> anyhow::Result<Command> {
    let metadata = checkout.cargo(&["metadata", "--no-deps", "--format-version", "1"]);
    let metadata = processes::answer(metadata).context("asking cargo for the crates of the house")?;
    let mut clean = checkout.cargo(&["clean", "--profile", profile]);
    for name in crate_names(&metadata)? {
        clean.args(["--package", &name]);
    }
    Ok(clean)
}

fn crate_names(metadata: &str) -> anyhow::Result<Vec<String>> {
    let metadata: serde_json::Value = serde_json::from_str(metadata).context("reading cargo's answer")?;
    let packages = metadata["packages"].as_array().context("cargo named no packages")?;
    Ok(packages
        .iter()
        .filter_map(|package| package["name"].as_str())
        .map(str::to_owned)
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_crates_of_the_house_are_read_from_cargos_answer() {
        let metadata = r#"{"packages":[{"name":"client"},{"name":"protocol"}],"version":1}"#;

        assert_eq!(crate_names(metadata).unwrap(), ["client", "protocol"]);
    }
}
