//! `cargo xtask codegen`: what is generated from Rust and committed, written anew or compared.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, bail};
use clap::Args;

use crate::builds;
use crate::checkout::Checkout;
use crate::licences;
use crate::steps::{Output, Steps};

/// Files of the repository that a program of the house writes.
struct Generated {
    name: &'static str,
    /// Builds the program and says where it is.
    program: fn(&Checkout, &Output) -> anyhow::Result<PathBuf>,
    /// The folder that the program is given, from the root.
    into: &'static str,
    /// The folders and files in it that hold nothing but what the program writes.
    writes: &'static [&'static str],
}

const GENERATED: [Generated; 4] = [
    Generated {
        name: "generated types",
        program: |checkout, output| builds::example(checkout, "export_types", output),
        into: "desktop-ui/src/bridge/generated",
        writes: &[""],
    },
    Generated {
        name: "generated types of the device",
        program: |checkout, output| builds::example(checkout, "export_device_types", output),
        into: "desktop-ui/src/bridge/device",
        writes: &[""],
    },
    Generated {
        name: "documents of the policy",
        program: |checkout, output| builds::example(checkout, "export_policy", output),
        into: "",
        writes: &["packaging/policy", "docs/reference/policy.md"],
    },
    Generated {
        name: "icons and sound",
        program: |checkout, output| {
            builds::programs(checkout, &["artwork"], output)?;
            builds::program(checkout, "artwork")
        },
        into: "packaging",
        writes: &["icons", "sounds"],
    },
];

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
        hold(checkout, &mut steps);
    } else {
        for generated in &GENERATED {
            let folder = checkout.root().join(generated.into);
            steps.step(generated.name, |output| generated.write(checkout, &folder, output));
        }
        steps.step("list of licences", |_| write_licences(checkout));
    }
    steps.finish()
}

/// Steps that fail when a committed file is not what its program writes.
pub(crate) fn hold(checkout: &Checkout, steps: &mut Steps<'_>) {
    for generated in &GENERATED {
        steps.step(generated.name, |output| generated.hold(checkout, output));
    }
    steps.step("list of licences", |_| hold_licences(checkout));
}

impl Generated {
    /// Lets the program write into a folder.
    fn write(&self, checkout: &Checkout, folder: &Path, output: &Output) -> anyhow::Result<()> {
        let mut program = Command::new((self.program)(checkout, output)?);
        program.arg(folder).current_dir(checkout.root());
        output.follow(program)
    }

    fn hold(&self, checkout: &Checkout, output: &Output) -> anyhow::Result<()> {
        let fresh = checkout.kept(&format!("generated/{}", self.name.replace(' ', "-")))?;
        self.write(checkout, &fresh, output)?;
        let differences = differences(&self.files(&checkout.root().join(self.into))?, &self.files(&fresh)?);
        if differences.is_empty() {
            return Ok(());
        }
        bail!(
            "{} are stale; run `cargo xtask codegen`\n  {}",
            self.name,
            differences.join("\n  ")
        )
    }

    /// What is written, below the folder that the program was given.
    fn files(&self, folder: &Path) -> anyhow::Result<BTreeMap<PathBuf, Vec<u8>>> {
        let mut files = BTreeMap::new();
        for written in self.writes {
            collect(folder, &folder.join(written), &mut files)?;
        }
        Ok(files)
    }
}

/// Adds a file, or everything in a folder, by its path below the root.
fn collect(root: &Path, path: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) -> anyhow::Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path).with_context(|| format!("reading {}", path.display()))? {
            collect(root, &entry?.path(), files)?;
        }
    } else if path.exists() {
        let bytes = fs::read(path).with_context(|| format!("reading {}", path.display()))?;
        files.insert(path.strip_prefix(root)?.to_owned(), bytes);
    }
    Ok(())
}

/// Fails when the committed list is not what the app is made of.
fn hold_licences(checkout: &Checkout) -> anyhow::Result<()> {
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

/// Every file that is not the same in both, with what is wrong with the committed one.
fn differences(committed: &BTreeMap<PathBuf, Vec<u8>>, fresh: &BTreeMap<PathBuf, Vec<u8>>) -> Vec<String> {
    let mut differences = Vec::new();
    for (path, bytes) in fresh {
        match committed.get(path) {
            None => differences.push(format!("{} is missing", path.display())),
            Some(kept) if kept != bytes => differences.push(format!("{} is stale", path.display())),
            Some(_) => {}
        }
    }
    let left_over = committed.keys().filter(|path| !fresh.contains_key(*path));
    differences.extend(left_over.map(|path| format!("{} is left over", path.display())));
    differences
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> BTreeMap<PathBuf, Vec<u8>> {
        files
            .iter()
            .map(|(path, text)| (PathBuf::from(path), text.as_bytes().to_vec()))
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
