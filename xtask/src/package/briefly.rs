//! What can be said about the packages without building the app: they are packed from two stand-ins for its programs.

use std::fs;
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};

use super::{NFPM, Packages, contents, pack};
use crate::checkout::Checkout;
use crate::steps::Output;
use crate::{builds, environment, packages};

/// Versions as releases bear them, each newer than the one before it.
const VERSIONS: [&str; 4] = ["0.9.0", "0.10.0-beta.2", "0.10.0-beta.10", "0.10.0"];

/// Fails when the packages do not hold what they should, or a newer version would not replace an older one. A packer
/// that cannot be installed is reported on a person's machine and is a fault in the continuous integration.
pub(crate) fn hold(checkout: &Checkout, output: &Output) -> anyhow::Result<()> {
    let tools = packages::ensure(packages::PACKAGE_TEST, output).and_then(|()| NFPM.ensure(checkout, output));
    if let Err(fault) = tools {
        if environment::is_continuous_integration() {
            return Err(fault);
        }
        println!("   not run, because its tools cannot be installed: {fault:#}");
        return Ok(());
    }
    let programs = checkout.kept("packages/stand-ins")?;
    fs::create_dir_all(&programs).with_context(|| format!("creating {}", programs.display()))?;
    for name in [builds::APP, builds::WINDOW] {
        fs::write(programs.join(name), format!("not the real {name}\n")).context("writing a stand-in")?;
    }
    let mut older: Option<String> = None;
    for version in VERSIONS {
        let packed = pack(checkout, &programs, version, output)?;
        contents::hold(&packed)?;
        let newer = contents::field_of_deb(&packed.deb, "Version")?;
        if let Some(older) = older.replace(newer.clone()) {
            ensure!(replaces(&newer, &older)?, "dpkg would not replace {older} by {newer}");
        }
        let first = bytes(&packed)?;
        let again = pack(checkout, &programs, version, output)?;
        ensure!(first == bytes(&again)?, "{version} packed twice is not the same twice");
        for package in [packed.deb, packed.rpm] {
            fs::remove_file(&package).with_context(|| format!("removing {}", package.display()))?;
        }
    }
    fs::remove_dir_all(&programs).with_context(|| format!("removing {}", programs.display()))
}

fn bytes(packages: &Packages) -> anyhow::Result<[Vec<u8>; 2]> {
    let read = |file| fs::read(file).with_context(|| format!("reading {}", packages.deb.display()));
    Ok([read(&packages.deb)?, read(&packages.rpm)?])
}

fn replaces(newer: &str, older: &str) -> anyhow::Result<bool> {
    let mut ask = Command::new("dpkg");
    ask.args(["--compare-versions", newer, "gt", older])
        .stdin(Stdio::null());
    Ok(ask.status().context("running dpkg")?.success())
}
