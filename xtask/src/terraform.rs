//! Whether `infra/terraform` describes what it should, as far as that can be said without AWS: by Terraform itself and the
//! real provider, by tests on a mocked AWS, by rules over plans, and by breaking settings to see that somebody notices.

mod checks;
mod copy;
mod mutations;
mod readers;
mod tool;
mod workers;

use anyhow::Context;

use crate::checkout::Checkout;
use crate::steps::Output;
use crate::{environment, packages};

use self::tool::Terraform;

/// How many settings are broken in every test run; the demonstration breaks all.
const FEW: usize = 3;

/// Everything, with few mutations. Needs the programs of the services. A tool that cannot be had is reported on a person's
/// machine and is a fault in the continuous integration.
pub(crate) fn hold(checkout: &Checkout, output: &Output) -> anyhow::Result<()> {
    let Some(terraform) = tools(output)? else {
        return Ok(());
    };
    checks::hold(checkout, &terraform, output)?;
    mutations::hold(checkout, &terraform, FEW)
}

/// Everything, with all mutations.
pub(crate) fn hold_all(checkout: &Checkout, output: &Output) -> anyhow::Result<()> {
    let Some(terraform) = tools(output)? else {
        return Ok(());
    };
    checks::hold(checkout, &terraform, output)?;
    mutations::hold(checkout, &terraform, usize::MAX)
}

fn tools(output: &Output) -> anyhow::Result<Option<Terraform>> {
    let found = Terraform::find().and_then(|terraform| {
        packages::ensure(packages::TERRAFORM_TEST, output)?;
        readers::READERS
            .ensure(output)
            .context("checkov and botocore cannot be installed")?;
        Ok(terraform)
    });
    match found {
        Ok(terraform) => Ok(Some(terraform)),
        Err(fault) if environment::is_continuous_integration() => Err(fault),
        Err(fault) => {
            println!("   not run: {fault:#}");
            Ok(None)
        }
    }
}
