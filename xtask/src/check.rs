//! `cargo xtask check`: the quick gate before every commit.

use std::process::ExitCode;

use crate::checkout::Checkout;
use crate::steps::Steps;
use crate::{builds, codegen, machine, packages, tidy, ui};

pub(crate) fn check(checkout: &Checkout) -> ExitCode {
    let mut steps = Steps::kept(checkout);
    prepare(checkout, &mut steps);
    gate(checkout, &mut steps);
    steps.step("Rust tests", |output| {
        builds::in_turn(
            checkout,
            output,
            builds::workspace(checkout, "test", &["--no-fail-fast", "--lib", "--bins", "--tests"]),
        )
    });
    steps.finish()
}

/// What every build of the whole house needs; nothing after it can work without it.
pub(crate) fn prepare(checkout: &Checkout, steps: &mut Steps<'_>) {
    steps.needed("prerequisites", |output| {
        machine::prerequisites()?;
        machine::toolchain(checkout, output)
    });
    steps.needed("system packages", |output| packages::ensure(packages::APP, output));
    steps.needed("npm packages", |output| ui::install(checkout, output));
    steps.needed("window build", |output| ui::build(checkout, output));
}

/// Everything that can be said without running the product, cheapest first.
pub(crate) fn gate(checkout: &Checkout, steps: &mut Steps<'_>) {
    steps.step("format", |output| {
        output.follow(checkout.cargo(&["fmt", "--all", "--check"]))
    });
    steps.step("tidy", |_| tidy::hold(checkout));
    steps.step("window lint", |output| output.follow(checkout.npm(&["run", "lint"])));
    steps.step("window types", |output| output.follow(checkout.npm(&["run", "types"])));
    steps.step("window tests", |output| output.follow(checkout.npm(&["test"])));
    steps.step("Rust lints", |output| {
        // The test of the real window is not among "all", since it runs only when it is named.
        let targets = ["--all-targets", "--test", "window", "--", "--deny", "warnings"];
        let clippy = builds::workspace(checkout, "clippy", &targets);
        builds::in_turn(checkout, output, clippy)
    });
    codegen::hold(checkout, steps);
}
