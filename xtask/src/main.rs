//! The toolbox of the house: `cargo xtask run | check | test | prove | package | services | secrets | tidy | codegen |
//! update-manifest`.
//!
//! Everything a person or the continuous integration does with this repository is one of these commands, so
//! that nobody has to remember how. It depends on no other crate of the house and compiles in seconds.
#![expect(clippy::print_stdout, reason = "a program for the terminal")]

mod builds;
mod check;
mod checkout;
mod codegen;
mod deployment;
mod desktop_entry;
mod environment;
mod fuzz;
mod go;
mod kubernetes;
mod licences;
mod machine;
mod observability;
mod package;
mod packages;
mod processes;
mod prove;
mod python;
mod release_workflow;
mod released_app;
mod report;
mod run;
mod secrets;
mod services;
mod signals;
mod steps;
mod terraform;
mod test;
mod tidy;
mod ui;
mod update_manifest;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::checkout::Checkout;

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "The toolbox of the house")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build everything, start the server and open the app on it
    Run(run::Wish),
    /// The quick gate: format, lints, borders of the house, fast tests, the window's own tests
    Check,
    /// Everything, as the continuous integration runs it: `check`, the real window, short kill rounds
    Test,
    /// Run one full demonstration
    Prove(prove::Wish),
    /// Build the app as people install it on Linux: a .deb and an .rpm in .loquat/packages
    Package(package::Wish),
    /// Start or stop the servers of the scaled-out form, for tests and for work without containers
    Services(services::Wish),
    /// Make what `docker compose up` needs and nobody else may know: `.env` and the key of access tokens
    Secrets,
    /// Check the borders of the house: who may name what, sizes, names, docs, the map
    Tidy,
    /// Generate what is committed: TypeScript types, templates and pages of the policy, icons, the list of licences
    Codegen(codegen::Wish),
    /// Write what installed apps ask for, from the signed files of a release
    UpdateManifest(update_manifest::Wish),
}

fn main() -> ExitCode {
    match dispatch(Arguments::parse()) {
        Ok(code) => code,
        Err(fault) => {
            eprintln!("\n{fault:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: Arguments) -> anyhow::Result<ExitCode> {
    signals::listen()?;
    let checkout = Checkout::find()?;
    match arguments.command {
        Command::Run(wish) => run::run(&checkout, &wish),
        Command::Check => Ok(check::check(&checkout)),
        Command::Test => Ok(test::test(&checkout)),
        Command::Prove(wish) => Ok(prove::prove(&checkout, &wish)),
        Command::Package(wish) => Ok(package::package(&checkout, &wish)),
        Command::Services(wish) => services::services(&checkout, &wish),
        Command::Secrets => secrets::make(&checkout),
        Command::Tidy => Ok(tidy::tidy(&checkout)),
        Command::Codegen(wish) => Ok(codegen::codegen(&checkout, &wish)),
        Command::UpdateManifest(wish) => update_manifest::write(&wish),
    }
}
