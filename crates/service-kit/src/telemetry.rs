//! Logs: one line per event with its values as fields, on standard error.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::FmtSpan;

/// How a log line is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// For a person at a terminal.
    Text,
    /// For a log collector.
    Json,
}

/// Libraries that, at their most talkative, would write messages, tokens or addresses into the log.
const QUIET: [&str; 5] = [
    "tungstenite=off",
    "tokio_tungstenite=off",
    "hyper=info",
    "hyper_util=info",
    "lettre=info",
];

/// Starts logging. `filter` follows `tracing`'s directives, such as `info,chat_service=debug`.
///
/// Standard output stays free for what a person asked to see: the address, and mails in development.
pub fn start(format: LogFormat, filter: &str) -> anyhow::Result<()> {
    let mut filter =
        EnvFilter::try_new(filter).map_err(|fault| anyhow::anyhow!("LOG={filter:?} is not a filter: {fault}"))?;
    for quiet in QUIET {
        filter = filter.add_directive(quiet.parse()?);
    }
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_span_events(FmtSpan::NONE);
    let started = match format {
        LogFormat::Text => lines.try_init(),
        LogFormat::Json => lines.json().flatten_event(true).with_span_list(false).try_init(),
    };
    started.map_err(|fault| anyhow::anyhow!("logging was started twice: {fault}"))
}
