//! What is measured on the app as people install it, in the real window.

use std::time::Duration;

use crate::checkout::Checkout;
use crate::steps::{Output, Steps};
use crate::{builds, check, packages, ui};

/// The test of starting, switching and scrolling.
pub(crate) const SPEED: &str = "a_full_history_starts_switches_and_scrolls_fast";

/// The test of memory.
pub(crate) const WEIGHT: &str = "the_app_stays_as_light_as_it_starts";

/// For how long messages arrive while the app is weighed.
const WEIGHED_FOR: Duration = Duration::from_mins(30);

/// How long either may take, with the history that is written first.
const LIMIT: Duration = Duration::from_hours(1);

/// How fast it is.
pub(crate) fn prove_speed(checkout: &Checkout, steps: &mut Steps<'_>) {
    prepare(checkout, steps);
    steps.step("speed", |output| story(checkout, "speed", SPEED, output));
}

/// What it weighs, with a browser beside it.
pub(crate) fn prove_weight(checkout: &Checkout, steps: &mut Steps<'_>) {
    prepare(checkout, steps);
    steps.needed("screens packages", |output| {
        packages::ensure(packages::SCREENS_TEST, output)
    });
    steps.needed("interface for the browser", |output| ui::build_fake(checkout, output));
    steps.step("weight", |output| story(checkout, "weighs", WEIGHT, output));
}

fn prepare(checkout: &Checkout, steps: &mut Steps<'_>) {
    check::prepare(checkout, steps);
    steps.needed("test packages", |output| {
        packages::ensure(packages::WINDOW_TEST, output)
    });
    steps.needed("server", |output| builds::programs(checkout, &[builds::SERVER], output));
    steps.needed("released programs", |output| {
        builds::small_programs(checkout, output).map(drop)
    });
}

fn story(checkout: &Checkout, file: &str, name: &str, output: &Output) -> anyhow::Result<()> {
    let mut test = builds::workspace(
        checkout,
        "test",
        &["--test", "window", "--", "--nocapture", "--include-ignored", "--exact"],
    );
    test.arg(format!("{file}::{name}"))
        .env("LOQUAT_APP", checkout.kept("bin/small")?.join(builds::APP))
        .env("LOQUAT_SERVER_BIN", builds::program(checkout, builds::SERVER)?)
        .env("LOQUAT_PICTURES", checkout.kept("pictures")?)
        .env("LOQUAT_WEIGH_S", WEIGHED_FOR.as_secs().to_string());
    builds::in_turn_within(checkout, output, LIMIT, test)
}
