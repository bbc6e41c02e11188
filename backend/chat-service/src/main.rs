//! `chat-service`: conversations, their logs and the sockets that carry them.

use std::process::ExitCode;

use chat_service::process::Process;
use clap::Parser as _;
use service_kit::process;

#[tokio::main]
async fn main() -> ExitCode {
    let service = Process::parse();
    let (settings, faults) = (service.process.clone(), service.faults());
    process::run("chat-service", &settings, faults, service.run()).await
}
