//! A program from its settings to its exit code, the same for every service.

use std::future::Future;
use std::process::ExitCode;

use crate::settings::ProcessSettings;
use crate::telemetry;

/// What clap uses for a wrong command line.
const FAULTY_SETTINGS: u8 = 2;

/// Starts logging and runs `work`, unless the settings have `faults`: those are told all at once.
pub async fn run(
    name: &str,
    settings: &ProcessSettings,
    mut faults: Vec<String>,
    work: impl Future<Output = anyhow::Result<()>>,
) -> ExitCode {
    let logging = telemetry::start(settings.log_format, &settings.log);
    faults.extend(logging.err().map(|fault| fault.to_string()));
    if !faults.is_empty() {
        for fault in faults {
            eprintln!("{name}: {fault}");
        }
        return ExitCode::from(FAULTY_SETTINGS);
    }
    match work.await {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            tracing::error!(fault = format!("{fault:#}"), "{name} ends");
            ExitCode::FAILURE
        }
    }
}

/// The one line on standard output that scripts wait for.
#[expect(
    clippy::print_stdout,
    reason = "people and scripts read the address from standard output"
)]
pub fn tell_address(name: &str, address: std::net::SocketAddr) {
    println!("{name} is ready at http://{address}");
}
