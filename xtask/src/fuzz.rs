//! Fuzzing: the targets under `fuzz/`, run by `cargo fuzz` with a nightly compiler.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::Context;

use crate::checkout::Checkout;
use crate::processes;
use crate::steps::Output;

/// The targets, named as their binaries.
pub(crate) const TARGETS: [&str; 4] = ["frames", "rest_bodies", "mentions", "fold"];

/// The version of `cargo fuzz` that is installed.
const CARGO_FUZZ: &str = "0.13.2";

/// What a target may use of memory: far more than it needs, far less than the machine has.
const MEMORY_MB: u32 = 2048;

/// The longest input: above it nothing new is reached, and runs become slow.
const LONGEST_INPUT: u32 = 4096;

/// What the build and the start may take, beside the fuzzing itself.
const PREPARATION: Duration = Duration::from_mins(15);

/// Installs the nightly compiler and `cargo fuzz`, where they are missing.
pub(crate) fn ensure(checkout: &Checkout, output: &Output) -> anyhow::Result<()> {
    let mut nightly = Command::new("rustc");
    nightly.args(["+nightly", "--version"]);
    if processes::answer(nightly).is_none() {
        let mut install = Command::new("rustup");
        install.args(["toolchain", "install", "nightly", "--profile", "minimal"]);
        output.follow(install).context("installing a nightly compiler")?;
    }
    let mut version = Command::new(program(checkout));
    version.arg("--version");
    if processes::answer(version).is_some_and(|answer| answer.ends_with(CARGO_FUZZ)) {
        return Ok(());
    }
    let mut install = checkout.cargo(&["install", "cargo-fuzz", "--locked", "--version", CARGO_FUZZ, "--root"]);
    install.arg(checkout.tools());
    output.follow(install).context("installing cargo fuzz")
}

/// Fuzzes one target for this long, from the kept inputs and those an earlier run found. Ends well when nothing broke;
/// an input that broke it lies under `.loquat/fuzz/` then and belongs into the corpus, beside the repair.
pub(crate) fn fuzz(checkout: &Checkout, target: &str, time: Duration, output: &Output) -> anyhow::Result<()> {
    let found = checkout.kept(&format!("fuzz/{target}/found"))?;
    fs::create_dir_all(&found).with_context(|| format!("creating {}", found.display()))?;
    let broken = checkout.kept(&format!("fuzz/{target}/broken-"))?;
    let mut fuzz = Command::new(program(checkout));
    fuzz.args([
        "fuzz",
        "run",
        target,
        "--fuzz-dir",
        "fuzz",
        "--features",
        "libfuzzer",
        "--target-dir",
    ])
    .arg(builds(checkout))
    .arg(&found)
    .arg(checkout.root().join("fuzz/corpus").join(target))
    .arg("--")
    .arg(format!("-max_total_time={}", time.as_secs()))
    .arg(format!("-rss_limit_mb={MEMORY_MB}"))
    .arg(format!("-max_len={LONGEST_INPUT}"))
    .arg(format!("-artifact_prefix={}", broken.display()))
    .arg("-print_final_stats=1")
    .current_dir(checkout.root())
    .env("RUSTUP_TOOLCHAIN", "nightly")
    .env_remove("CARGO_TARGET_DIR");
    output.follow_within(time + PREPARATION, fuzz)
}

fn program(checkout: &Checkout) -> PathBuf {
    checkout.tools().join("bin/cargo-fuzz")
}

/// The sanitizer's flags would make cargo build everything anew in the folder of the other builds, each time.
fn builds(checkout: &Checkout) -> PathBuf {
    checkout.target().with_file_name("fuzz-target")
}
