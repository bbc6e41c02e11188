//! `loquat-server`: the whole backend in one process, on embedded engines.

mod app;
mod demonstration;
mod openapi;
mod settings;

use std::process::ExitCode;

use clap::Parser as _;
use service_kit::telemetry;

use crate::settings::{Command, Settings};

#[tokio::main]
async fn main() -> ExitCode {
    let settings = Settings::parse();
    if let Err(fault) = telemetry::start(settings.process.log_format, &settings.process.log) {
        return faulty_settings(&[fault.to_string()]);
    }
    let faults = settings.faults();
    if !faults.is_empty() {
        return faulty_settings(&faults);
    }
    let outcome = match settings.command {
        Some(Command::SmtpCheck) => check_smtp(&settings).await,
        None => app::run(settings).await,
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            tracing::error!(fault = format!("{fault:#}"), "loquat-server ends");
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stdout, reason = "the finding is what the operator asked for")]
async fn check_smtp(settings: &Settings) -> anyhow::Result<()> {
    let finding = mail_service::smtp_check(&settings.mail, settings.process.public_url.as_ref()).await?;
    println!("{finding}");
    Ok(())
}

/// Tells all faults at once; 2 is what clap uses for a wrong command line.
fn faulty_settings(faults: &[String]) -> ExitCode {
    tracing::error!(faults = faults.join("; "), "the settings are not complete");
    for fault in faults {
        eprintln!("loquat-server: {fault}");
    }
    ExitCode::from(2)
}
