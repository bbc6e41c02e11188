//! Whether `.github/workflows/release.yml` is one that would run, as far as that can be said without GitHub.

use std::fs;
use std::process::Command;

use anyhow::{Context, ensure};

use crate::checkout::Checkout;
use crate::environment;
use crate::go::Program;
use crate::package::VERSION;
use crate::packages;
use crate::steps::Output;

const WORKFLOW: &str = ".github/workflows/release.yml";

/// What knows the rules of workflows, and reads the expressions in them.
const ACTIONLINT: Program = Program {
    name: "actionlint",
    module: "github.com/rhysd/actionlint/cmd/actionlint",
    version: "v1.7.12",
};

/// Fails naming every fault. A reader that cannot be installed is reported on a person's machine and is a fault in the
/// continuous integration.
pub(crate) fn hold(checkout: &Checkout, output: &Output) -> anyhow::Result<()> {
    every_place_names_the_same_versions(checkout)?;
    let reader = packages::ensure(packages::WORKFLOW_TEST, output).and_then(|()| ACTIONLINT.ensure(checkout, output));
    let reader = match reader {
        Ok(reader) => reader,
        Err(fault) if environment::is_continuous_integration() => return Err(fault),
        Err(fault) => {
            println!("   not run, because its reader cannot be installed: {fault:#}");
            return Ok(());
        }
    };
    let mut read = Command::new(reader);
    read.args(["-no-color", WORKFLOW]).current_dir(checkout.root());
    output.follow(read)
}

/// The version of the house, and the one of Tauri, whose command and library must belong together.
fn every_place_names_the_same_versions(checkout: &Checkout) -> anyhow::Result<()> {
    let read = |name: &str| fs::read_to_string(checkout.root().join(name)).with_context(|| format!("reading {name}"));
    let manifest = read("Cargo.toml")?;
    let tauri = manifest
        .lines()
        .find_map(|line| line.strip_prefix("tauri = { version = \""))
        .and_then(|rest| rest.split('"').next())
        .context("Cargo.toml names no version of Tauri")?;
    for (name, wanted) in [
        (WORKFLOW, format!("\"@tauri-apps/cli@{tauri}\"")),
        ("desktop-ui/package.json", format!("\"version\": \"{VERSION}\"")),
        (
            "packaging/linux/org.loquat.desktop.metainfo.xml",
            format!("<release version=\"{VERSION}\""),
        ),
    ] {
        ensure!(read(name)?.contains(&wanted), "{name} does not name {wanted}");
    }
    Ok(())
}
