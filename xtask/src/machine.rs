//! What a person must have installed before the toolbox can do the rest: git, Rust by rustup, Node.

use std::process::Command;

use anyhow::{Context, bail};

use crate::checkout::Checkout;
use crate::processes;
use crate::steps::Output;

/// The oldest Node the window's tools run on.
const NODE: (u32, u32) = (20, 19);

/// The parts of the Rust toolchain that the checks use.
const COMPONENTS: [(&str, &str); 2] = [("clippy", "cargo-clippy"), ("rustfmt", "cargo-fmt")];

/// Fails naming everything that is missing, so that one look is enough.
pub(crate) fn prerequisites() -> anyhow::Result<()> {
    let mut missing = missing_for_rust();
    missing.extend(node_fault(version(&["node", "--version"]).as_deref()));
    if version(&["npm", "--version"]).is_none() {
        missing.push("npm is missing: it comes with Node".to_owned());
    }
    none_of(&missing)
}

/// Like [`prerequisites`], for the server alone, which needs no Node.
pub(crate) fn prerequisites_of_the_server() -> anyhow::Result<()> {
    none_of(&missing_for_rust())
}

fn missing_for_rust() -> Vec<String> {
    let mut missing = Vec::new();
    if version(&["git", "--version"]).is_none() {
        missing.push("git is missing: apt-get install git".to_owned());
    }
    if version(&["rustup", "--version"]).is_none() {
        missing.push("rustup is missing: Rust is installed by it, see https://rustup.rs".to_owned());
    }
    missing
}

fn none_of(missing: &[String]) -> anyhow::Result<()> {
    if missing.is_empty() {
        Ok(())
    } else {
        bail!("{}", missing.join("\n"))
    }
}

/// The lints and the formatter of the pinned toolchain, installed when they are missing.
pub(crate) fn toolchain(checkout: &Checkout, output: &Output) -> anyhow::Result<()> {
    for (component, program) in COMPONENTS {
        if version(&[program, "--version"]).is_some() {
            continue;
        }
        let mut install = Command::new("rustup");
        install
            .args(["component", "add", component])
            .current_dir(checkout.root());
        output
            .follow(install)
            .with_context(|| format!("installing {component}"))?;
    }
    Ok(())
}

fn version(words: &[&str]) -> Option<String> {
    let mut command = Command::new(words[0]);
    command.args(&words[1..]);
    processes::answer(command)
}

/// What is wrong with the Node that gave this answer to `--version`.
fn node_fault(answer: Option<&str>) -> Option<String> {
    let (major, minor) = NODE;
    let Some(answer) = answer else {
        return Some(format!(
            "Node is missing: {major}.{minor} or newer, see https://nodejs.org"
        ));
    };
    let mut numbers = answer
        .trim_start_matches('v')
        .split('.')
        .map_while(|part| part.parse::<u32>().ok());
    let found = numbers.next().zip(numbers.next());
    let new_enough = found.is_some_and(|found| found >= NODE);
    (!new_enough).then(|| format!("Node {answer} is too old: {major}.{minor} or newer, see https://nodejs.org"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_that_is_new_enough_is_no_fault() {
        assert_eq!(node_fault(Some("v20.19.0")), None);
        assert_eq!(node_fault(Some("v24.1.0")), None);
    }

    #[test]
    fn an_old_node_is_named_with_what_is_needed() {
        let fault = node_fault(Some("v20.9.0")).unwrap();

        assert!(fault.contains("v20.9.0") && fault.contains("20.19"), "got {fault}");
    }

    #[test]
    fn a_missing_node_is_named() {
        assert!(node_fault(None).unwrap().starts_with("Node is missing"));
    }
}
