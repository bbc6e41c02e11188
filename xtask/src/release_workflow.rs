//! Whether `.github/workflows/release.yml` is one that would run, as far as that can be said without GitHub.

use std::process::Command;

use crate::checkout::Checkout;
use crate::environment;
use crate::go::Program;
use crate::packages;
use crate::steps::Output;

/// What knows the rules of workflows, and reads the expressions in them.
const ACTIONLINT: Program = Program {
    name: "actionlint",
    module: "github.com/rhysd/actionlint/cmd/actionlint",
    version: "v1.7.12",
};

/// Fails naming every fault. A reader that cannot be installed is reported on a person's machine and is a fault in the
/// continuous integration.
pub(crate) fn hold(checkout: &Checkout, output: &Output) -> anyhow::Result<()> {
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
    read.args(["-no-color", ".github/workflows/release.yml"])
        .current_dir(checkout.root());
    output.follow(read)
}
