//! What the app logs, for the person who looks into a problem. Never a code, a token, an address or a text.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

/// Logs to standard error, filtered as the settings say.
pub(crate) fn start(filter: &str) {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("warn"));
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .finish();
    // Only the first subscriber of a process counts; a second one would come from a test.
    if tracing::subscriber::set_global_default(subscriber).is_err() {
        tracing::debug!("logging was already set up");
    }
}
