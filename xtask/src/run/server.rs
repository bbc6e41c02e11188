//! The server of this checkout: found when it runs, started when it does not.

use std::fs::{File, TryLockError};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, ExitStatus};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::builds;
use crate::checkout::Checkout;
use crate::processes;
use crate::report;
use crate::run::address;
use crate::run::probe::{self, Readiness};
use crate::signals;

/// How long a server may take until it is ready; opening its database is most of it.
const READY_LIMIT: Duration = Duration::from_mins(1);

/// How often a starting server is asked.
const ASK_EVERY: Duration = Duration::from_millis(100);

/// A server that is ready.
pub(super) struct Server {
    url: String,
    /// None when another `cargo xtask run` of this checkout started it.
    child: Option<Child>,
}

impl Server {
    /// The server of this checkout, when it runs already.
    pub(super) fn running(checkout: &Checkout) -> anyhow::Result<Option<Self>> {
        let data = checkout.kept("server")?;
        if !is_held(&data)? {
            return Ok(None);
        }
        let listen = address::of_last_start(checkout)?.with_context(|| {
            format!(
                "a server that `cargo xtask run` did not start uses {}: stop it first",
                data.display()
            )
        })?;
        wait_until_ready(listen, || Ok(None))?;
        Ok(Some(Self {
            url: url(listen),
            child: None,
        }))
    }

    /// Starts the server and waits until it is ready. None when we were asked to stop meanwhile.
    pub(super) fn start(checkout: &Checkout, people: Option<u32>) -> anyhow::Result<Option<Self>> {
        println!("\n== server");
        let listen = address::for_start(checkout)?;
        let mut command = Command::new(builds::program(checkout, builds::SERVER)?);
        command
            .arg("--dev")
            .current_dir(checkout.root())
            .env("DATA_DIR", checkout.kept("server")?)
            .env("LISTEN", listen.to_string());

        if let Some(people) = people {
            command.args(["--people", &people.to_string()]);
        }
        let mut child = processes::start(command).context("starting the server")?;
        let ready = wait_until_ready(listen, || Ok(child.try_wait()?));
        if !matches!(ready, Ok(true)) {
            processes::stop(&mut child)?;
        }
        Ok(ready?.then(|| Self {
            url: url(listen),
            child: Some(child),
        }))
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// Whether we started it and therefore stop it.
    pub(super) fn is_ours(&self) -> bool {
        self.child.is_some()
    }

    /// How it ended, if it did. A server that is not ours is not watched.
    pub(super) fn ended(&mut self) -> anyhow::Result<Option<ExitStatus>> {
        Ok(self.child.as_mut().map(Child::try_wait).transpose()?.flatten())
    }

    /// Stops it, if it is ours.
    pub(super) fn stop(mut self) -> anyhow::Result<()> {
        if let Some(child) = &mut self.child {
            let status = processes::stop(child)?;
            if !status.success() {
                bail!("the server ended with {status}");
            }
        }
        Ok(())
    }
}

/// Whether a process holds this data folder. The server keeps a lock as long as it lives.
fn is_held(data: &Path) -> anyhow::Result<bool> {
    let Ok(lock) = File::open(data.join("server.lock")) else {
        return Ok(false);
    };
    match lock.try_lock() {
        Ok(()) => Ok(false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(fault)) => Err(fault).context("looking whether a server runs"),
    }
}

/// True when it is ready, false when we were asked to stop; an error when it ended or the time is over.
fn wait_until_ready(
    address: SocketAddr,
    mut ended: impl FnMut() -> anyhow::Result<Option<ExitStatus>>,
) -> anyhow::Result<bool> {
    let deadline = Instant::now() + READY_LIMIT;
    let mut last = "it does not answer".to_owned();
    while Instant::now() < deadline {
        if signals::asked_to_stop() {
            return Ok(false);
        }
        if let Some(status) = ended()? {
            bail!("the server ended with {status} before it was ready; what it printed above says why");
        }
        match probe::readiness(address) {
            Readiness::Ready => return Ok(true),
            Readiness::NotReady(reason) => last = reason,
            Readiness::Silent => {}
        }
        thread::sleep(ASK_EVERY);
    }
    bail!(
        "the server at {address} is not ready after {}: {last}",
        report::seconds(READY_LIMIT)
    )
}

fn url(address: SocketAddr) -> String {
    // A server that listens everywhere is reached here by the loopback address.
    let host = if address.ip().is_unspecified() {
        "127.0.0.1".to_owned()
    } else {
        address.ip().to_string()
    };
    let host = if host.contains(':') { format!("[{host}]") } else { host };
    format!("http://{host}:{}", address.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_listens_everywhere_is_reached_by_loopback() {
        assert_eq!(url("0.0.0.0:8080".parse().unwrap()), "http://127.0.0.1:8080");
        assert_eq!(url("127.0.0.1:8081".parse().unwrap()), "http://127.0.0.1:8081");
        assert_eq!(url("[::1]:8081".parse().unwrap()), "http://[::1]:8081");
    }

    #[test]
    fn a_folder_without_a_lock_is_free() {
        assert!(!is_held(Path::new("no-such-folder")).unwrap());
    }
}
