//! `user-service`: who someone is.

use std::process::ExitCode;

use clap::Parser as _;
use service_kit::process;
use user_service::process::Process;

#[tokio::main]
async fn main() -> ExitCode {
    let service = Process::parse();
    let (settings, faults) = (service.process.clone(), service.faults());
    process::run("user-service", &settings, faults, service.run()).await
}
