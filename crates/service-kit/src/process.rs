//! A program from its settings to its exit code, the same for every service.

mod healthcheck;
mod house;

use std::future::Future;
use std::process::ExitCode;

use crate::settings::ProcessSettings;
use crate::telemetry;

pub use house::House;

/// What clap uses for a wrong command line.
const FAULTY_SETTINGS: u8 = 2;

/// Starts logging and runs `work`, unless the settings have `faults`: those are told all at once. Only asks the running
/// process instead when that is what the settings want.
pub async fn run(
    name: &str,
    settings: &ProcessSettings,
    mut faults: Vec<String>,
    work: impl Future<Output = anyhow::Result<()>>,
) -> ExitCode {
    if settings.healthcheck {
        return healthcheck::answer(name, settings.listen).await;
    }
    let logging = telemetry::start(settings.log_format, &settings.log);
    faults.extend(logging.err().map(|fault| fault.to_string()));
    if !faults.is_empty() {
        for fault in faults {
            eprintln!("{name}: {fault}");
        }
        return ExitCode::from(FAULTY_SETTINGS);
    }
    // Every connection with TLS of every engine uses this one; it is refused only when it was chosen already.
    drop(rustls::crypto::ring::default_provider().install_default());
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
