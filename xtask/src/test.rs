//! `cargo xtask test`: everything, with the long demonstrations in a short form.

use std::process::ExitCode;

use crate::checkout::Checkout;
use crate::services::{self, Engine, Servers};
use crate::steps::{Output, Steps};
use crate::{
    builds, check, deployment, desktop_entry, kubernetes, observability, package, packages, prove, release_workflow,
    released_app, run, terraform, ui,
};

/// Rounds of killing the server: enough to notice a broken promise, few enough for every change.
const KILL_ROUNDS: u32 = 10;

/// Rounds of harming the services and the servers below them: each has a fair chance, in less than two minutes.
const SERVICE_ROUNDS: u32 = 10;

/// Random actions on eight devices: enough to meet every kind of them.
const MODEL_ACTIONS: u32 = 1_500;

/// The ignored tests that others run: another test in a process of its own, or a demonstration. All others need servers,
/// which `cargo xtask tidy` makes sure of.
pub(crate) const RUN_BY_OTHERS: [&str; 4] = [
    "writes_until_killed",
    package::installed::STORY,
    released_app::SPEED,
    released_app::WEIGHT,
];

pub(crate) fn test(checkout: &Checkout) -> ExitCode {
    let mut steps = Steps::kept(checkout);
    check::prepare(checkout, &mut steps);
    check::gate(checkout, &mut steps);
    let mut servers = None;
    steps.needed("servers", |output| {
        services::install(&Engine::ALL, output)?;
        servers = Some(Servers::run(checkout, &Engine::ALL)?);
        Ok(())
    });
    steps.step("Rust tests", |output| rust_tests(checkout, servers.as_ref(), output));
    steps.needed("test packages", |output| {
        packages::ensure(packages::WINDOW_TEST, output)
    });
    steps.needed("programs", |output| {
        let programs = [&prove::PROGRAMS[..], &builds::SERVICES].concat();
        builds::programs(checkout, &programs, output)
    });
    steps.step("gateway", |output| {
        run::install(output)?;
        run::every_path_is_answered(checkout)
    });
    steps.step("kill rounds of services", |output| {
        match services::named_by_a_person().first() {
            Some(variable) => {
                println!("   not run: {variable} names a server that is not ours to kill");
                Ok(())
            }
            None => prove::kills_of_services(checkout, SERVICE_ROUNDS, output),
        }
    });
    steps.step("real Prometheus", |output| observability::watch(checkout, output));
    steps.step("two nodes", |output| prove::nodes_briefly(checkout, output));
    drop(servers);
    steps.step("alerts", |output| observability::hold(checkout, output));
    steps.step("deployment", |output| deployment::hold(checkout, output));
    steps.step("kubernetes", |output| kubernetes::hold(checkout, output));
    steps.step("terraform", |output| terraform::hold(checkout, output));
    steps.step("kill rounds", |output| prove::kills(checkout, KILL_ROUNDS, output));
    steps.step("model", |output| prove::model(checkout, MODEL_ACTIONS, 1, output));
    steps.step("load", |output| prove::load_briefly(checkout, output));
    steps.step("search", |output| prove::search_briefly(checkout, output));
    steps.step("trouble", |output| prove::trouble(checkout, output));
    steps.step("protocol page", |output| prove::protocol(checkout, output));
    steps.needed("screens packages", |output| {
        packages::ensure(packages::SCREENS_TEST, output)
    });
    steps.step("screens behaviour", |output| ui::behaviour(checkout, output));
    steps.needed("desktop entry packages", |output| {
        packages::ensure(packages::DESKTOP_ENTRY_TEST, output)
    });
    steps.step("desktop entry", |output| desktop_entry::hold(checkout, output));
    steps.step("packages", |output| package::briefly::hold(checkout, output));
    steps.step("release workflow", |output| release_workflow::hold(checkout, output));
    steps.step("real window", |output| prove::window(checkout, output));
    steps.finish()
}

/// All of them, those included that need servers.
fn rust_tests(checkout: &Checkout, servers: Option<&Servers>, output: &Output) -> anyhow::Result<()> {
    let mut tests = builds::workspace(checkout, "test", &["--no-fail-fast", "--", "--include-ignored"]);
    for name in RUN_BY_OTHERS {
        tests.args(["--skip", name]);
    }
    tests.envs(servers.into_iter().flat_map(Servers::variables));
    builds::in_turn(checkout, output, tests)
}
