//! The program beside the page: two plain clients in Python, without a library.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use test_kit::server::Server;
use tokio::process::Command;

/// The program waits for mails and frames with deadlines of its own, all below this.
const DONE_WITHIN: Duration = Duration::from_mins(2);

/// Runs it against the server; true when it said that all was well. Its output is printed.
pub(super) async fn run(server: &Server) -> anyhow::Result<bool> {
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/reference/two-clients.py");
    let running = Command::new("python3")
        .arg(&script)
        .args(["--server", &server.url(), "--console"])
        .arg(server.console().path())
        .kill_on_drop(true)
        .status();
    let status = tokio::time::timeout(DONE_WITHIN, running)
        .await
        .context("two-clients.py did not end")?;
    Ok(status.context("cannot run python3")?.success())
}
