//! The old version starts the new one and looks after it until it lives; one that does not start is replaced by the old
//! one again.

use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::{Child, Command};
use tokio::time::Instant;

use crate::install::{Replaced, Successor};

/// How long a new version may take until it is heard. A computer that has just been switched on is slow.
pub const LIVES_WITHIN: Duration = Duration::from_mins(1);

/// How often a start is tried while something else still has the new file open for writing: a process that this one
/// started meanwhile, for the moment until it is its own.
const BUSY_TRIES: u32 = 50;

/// Between two questions whether it lives.
const ASK_AGAIN: Duration = Duration::from_millis(200);

/// What became of a new version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It lives.
    Succeeded,
    /// It did not start; what was there before is in its place and was started.
    WentBack,
}

/// Starts the new version and waits until `lives` says yes. Call it when this program has let go of everything that
/// the new one needs.
pub async fn hand_over(
    successor: &Successor,
    arguments: &[OsString],
    (mut lives, within): (impl AsyncFnMut() -> bool, Duration),
) -> io::Result<Outcome> {
    let lived = match start(&successor.program, arguments).await {
        Ok(child) => looked_after(child, &mut lives, within).await,
        Err(error) => {
            tracing::error!(%error, "the new version cannot be started");
            false
        }
    };
    if lived {
        return Ok(Outcome::Succeeded);
    }
    if let Some(replaced) = &successor.replaced {
        bring_back(replaced)?;
    }
    start(&successor.program, arguments).await?;
    Ok(Outcome::WentBack)
}

/// Puts what was there before in its place again.
pub fn bring_back(replaced: &Replaced) -> io::Result<()> {
    if replaced.place.is_dir() {
        // A folder takes no other's place.
        std::fs::remove_dir_all(&replaced.place)?;
    }
    std::fs::rename(&replaced.before, &replaced.place)
}

async fn looked_after(mut child: Child, lives: &mut impl AsyncFnMut() -> bool, within: Duration) -> bool {
    let end = Instant::now() + within;
    while Instant::now() < end {
        match child.try_wait() {
            // A start that hands over to another process ends well and early; the question decides.
            Ok(Some(status)) if !status.success() => {
                tracing::error!(%status, "the new version ended at once");
                return false;
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "the new version cannot be watched"),
        }
        if lives().await {
            return true;
        }
        tokio::time::sleep(ASK_AGAIN).await;
    }
    tracing::error!("the new version was not heard in time");
    if let Err(error) = child.kill().await {
        tracing::warn!(%error, "the new version cannot be ended");
    }
    false
}

/// Starts a program that outlives this one.
async fn start(program: &Path, arguments: &[OsString]) -> io::Result<Child> {
    let mut tries = 1;
    loop {
        match Command::new(program).args(arguments).stdin(Stdio::null()).spawn() {
            Err(error) if error.kind() == io::ErrorKind::ExecutableFileBusy && tries < BUSY_TRIES => {
                tries += 1;
                tokio::time::sleep(ASK_AGAIN / 10).await;
            }
            started => return started,
        }
    }
}
