//! `loquat-server`: the whole backend in one process, on embedded engines.

mod app;
mod demonstration;
mod migrate;
mod openapi;
mod settings;

use std::process::ExitCode;

use clap::Parser as _;
use service_kit::process;

use crate::settings::{Command, Settings};

#[tokio::main]
async fn main() -> ExitCode {
    let settings = Settings::parse();
    let (common, faults) = (settings.process.clone(), settings.faults());
    process::run("loquat-server", &common, faults, carry_out(settings)).await
}

async fn carry_out(settings: Settings) -> anyhow::Result<()> {
    match &settings.command {
        Some(Command::SmtpCheck) => check_smtp(&settings).await,
        // Boxed, because it is far larger than what runs otherwise.
        Some(Command::Migrate(target)) => Box::pin(migrate::run(&settings.process.data_dir, target)).await,
        None => app::run(settings).await,
    }
}

#[expect(clippy::print_stdout, reason = "the finding is what the operator asked for")]
async fn check_smtp(settings: &Settings) -> anyhow::Result<()> {
    let finding = mail_service::smtp_check(&settings.mail, settings.process.public_url.as_ref()).await?;
    println!("{finding}");
    Ok(())
}
