//! `mail-service`: the mails of Loquat.

use std::process::ExitCode;

use clap::Parser as _;
use mail_service::process::Process;
use service_kit::process;

#[tokio::main]
async fn main() -> ExitCode {
    let service = Process::parse();
    let (settings, faults) = (service.process.clone(), service.faults());
    process::run("mail-service", &settings, faults, service.run()).await
}
