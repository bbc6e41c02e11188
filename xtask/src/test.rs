//! `cargo xtask test`: everything, with the long demonstrations in a short form.

use std::process::ExitCode;

use crate::checkout::Checkout;
use crate::steps::Steps;
use crate::{builds, check, packages, prove, ui};

/// Rounds of killing the server: enough to notice a broken promise, few enough for every change.
const KILL_ROUNDS: u32 = 10;

/// Random actions on eight devices: enough to meet every kind of them.
const MODEL_ACTIONS: u32 = 1_500;

pub(crate) fn test(checkout: &Checkout) -> ExitCode {
    let mut steps = Steps::kept(checkout);
    check::prepare(checkout, &mut steps);
    check::gate(checkout, &mut steps);
    steps.step("Rust tests", |output| {
        builds::in_turn(
            checkout,
            output,
            builds::workspace(checkout, "test", &["--no-fail-fast"]),
        )
    });
    steps.needed("test packages", |output| {
        packages::ensure(packages::WINDOW_TEST, output)
    });
    steps.needed("programs", |output| {
        builds::programs(checkout, &prove::PROGRAMS, output)
    });
    steps.step("kill rounds", |output| prove::kills(checkout, KILL_ROUNDS, output));
    steps.step("model", |output| prove::model(checkout, MODEL_ACTIONS, 1, output));
    steps.step("load", |output| prove::load_briefly(checkout, output));
    steps.step("trouble", |output| prove::trouble(checkout, output));
    steps.step("protocol page", |output| prove::protocol(checkout, output));
    steps.needed("screens packages", |output| {
        packages::ensure(packages::SCREENS_TEST, output)
    });
    steps.step("screens behaviour", |output| ui::behaviour(checkout, output));
    steps.step("real window", |output| prove::window(checkout, output));
    steps.finish()
}
