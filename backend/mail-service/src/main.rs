//! `mail-service`: the sign-in mails of Loquat.

use std::process::ExitCode;

use clap::Parser as _;
use mail_service::process::Process;
use service_kit::telemetry;

#[tokio::main]
async fn main() -> ExitCode {
    let process = Process::parse();
    let mut faults = process.faults();
    faults.extend(
        telemetry::start(process.process.log_format, &process.process.log)
            .err()
            .map(|fault| fault.to_string()),
    );
    if !faults.is_empty() {
        for fault in faults {
            eprintln!("mail-service: {fault}");
        }
        // What clap uses for a wrong command line.
        return ExitCode::from(2);
    }
    match process.run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            tracing::error!(fault = format!("{fault:#}"), "mail-service ends");
            ExitCode::FAILURE
        }
    }
}
