//! The server of this checkout: found when it runs, started when it does not.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::process::{Child, Command};

use anyhow::{Context, bail};

use crate::builds;
use crate::checkout::Checkout;
use crate::processes;
use crate::run::{Backend, address, probe};

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
        probe::wait_until_ready("the server", listen, || Ok(None))?;
        Ok(Some(Self {
            url: address::url(listen),
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
        let ready = probe::wait_until_ready("the server", listen, || Ok(child.try_wait()?));
        if !matches!(ready, Ok(true)) {
            processes::stop(&mut child)?;
        }
        Ok(ready?.then(|| Self {
            url: address::url(listen),
            child: Some(child),
        }))
    }
}

impl Backend for Server {
    fn url(&self) -> &str {
        &self.url
    }

    fn is_ours(&self) -> bool {
        self.child.is_some()
    }

    fn ended(&mut self) -> anyhow::Result<Option<String>> {
        let status = self.child.as_mut().map(Child::try_wait).transpose()?.flatten();
        Ok(status.map(|status| format!("the server ended by itself with {status}; what it printed above says why")))
    }

    fn stop(&mut self) -> anyhow::Result<()> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_without_a_lock_is_free() {
        assert!(!is_held(Path::new("no-such-folder")).unwrap());
    }
}
