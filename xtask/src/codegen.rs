//! `cargo xtask codegen`: what is generated from Rust and committed, written anew or compared.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context, bail};
use clap::Args;

use crate::builds;
use crate::checkout::Checkout;
use crate::licences;
use crate::steps::{Output, Steps};

/// Where the TypeScript types of the border between Rust and the window are kept.
const TYPES: &str = "desktop-ui/src/bridge/generated";

/// What to generate.
#[derive(Args)]
pub(crate) struct Wish {
    /// Only compare: fail when a committed file is missing, stale or left over
    #[arg(long)]
    check: bool,
}

pub(crate) fn codegen(checkout: &Checkout, wish: &Wish) -> ExitCode {
    let mut steps = Steps::kept(checkout);
    if wish.check {
        steps.step("generated types", |output| hold(checkout, output));
        steps.step("list of licences", |_| hold_licences(checkout));
    } else {
        steps.step("generated types", |output| {
            export(checkout, &checkout.root().join(TYPES), output)
        });
        steps.step("list of licences", |_| write_licences(checkout));
    }
    steps.finish()
}

/// Fails when a committed file is not what Rust says.
pub(crate) fn hold(checkout: &Checkout, output: &Output) -> anyhow::Result<()> {
    let fresh = checkout.kept("generated/types")?;
    export(checkout, &fresh, output)?;
    let differences = differences(&files(&checkout.root().join(TYPES))?, &files(&fresh)?);
    if differences.is_empty() {
        return Ok(());
    }
    bail!(
        "{TYPES} is not what Rust says; run `cargo xtask codegen`\n  {}",
        differences.join("\n  ")
    )
}

/// Fails when the committed list is not what the app is made of.
pub(crate) fn hold_licences(checkout: &Checkout) -> anyhow::Result<()> {
    let list = checkout.root().join(licences::LIST);
    let committed = fs::read_to_string(&list).with_context(|| format!("reading {}", list.display()))?;
    if committed == licences::list(checkout)? {
        return Ok(());
    }
    bail!(
        "{} is not what the app is made of; run `cargo xtask codegen`",
        licences::LIST
    )
}

fn write_licences(checkout: &Checkout) -> anyhow::Result<()> {
    let list = checkout.root().join(licences::LIST);
    fs::write(&list, licences::list(checkout)?).with_context(|| format!("writing {}", list.display()))
}

/// Writes the types into a folder, which afterwards holds no other types.
fn export(checkout: &Checkout, folder: &Path, output: &Output) -> anyhow::Result<()> {
    let mut export = Command::new(builds::example(checkout, "export_types", output)?);
    export.arg(folder).current_dir(checkout.root());
    output.follow(export)
}

/// The files of a folder by their names.
fn files(folder: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        files.insert(name, text);
    }
    Ok(files)
}

/// Every file that is not the same in both, with what is wrong with the committed one.
fn differences(committed: &BTreeMap<String, String>, fresh: &BTreeMap<String, String>) -> Vec<String> {
    let mut differences = Vec::new();
    for (name, text) in fresh {
        match committed.get(name) {
            None => differences.push(format!("{name} is missing")),
            Some(kept) if kept != text => differences.push(format!("{name} is stale")),
            Some(_) => {}
        }
    }
    let left_over = committed.keys().filter(|name| !fresh.contains_key(*name));
    differences.extend(left_over.map(|name| format!("{name} is left over")));
    differences
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> BTreeMap<String, String> {
        files
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
            .collect()
    }

    #[test]
    fn equal_folders_do_not_differ() {
        let files = folder(&[("Entry.ts", "a")]);

        assert!(differences(&files, &files).is_empty());
    }

    #[test]
    fn missing_stale_and_left_over_files_are_named() {
        let committed = folder(&[("Entry.ts", "old"), ("Gone.ts", "x")]);
        let fresh = folder(&[("Entry.ts", "new"), ("Added.ts", "y")]);

        let found = differences(&committed, &fresh);

        assert_eq!(
            found,
            ["Added.ts is missing", "Entry.ts is stale", "Gone.ts is left over"]
        );
    }
}
