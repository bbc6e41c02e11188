//! The real `loquat-server` as a process of its own: started, killed, started again on the same data.

use std::fs::OpenOptions;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};

use tokio::process::{Child, Command};

use crate::console::{Console, Mark};
use crate::probe;
use crate::wait::{self, PATIENCE, TimedOut};

/// Which server to start and how. Ports are chosen by the operating system.
#[derive(Debug, Clone)]
pub struct ServerSettings {
    /// The `loquat-server` program.
    pub binary: PathBuf,
    /// Where it keeps its data.
    pub data_dir: PathBuf,
    /// Where its output goes; outside the data, which may be on a disk that is full.
    pub output_dir: PathBuf,
    /// Settings beside the addresses and the data folder, as environment variables.
    pub environment: Vec<(String, String)>,
}

impl ServerSettings {
    /// A server with its data and output under `folder`.
    pub fn under(binary: &Path, folder: &Path) -> Self {
        Self {
            binary: binary.to_owned(),
            data_dir: folder.join("server"),
            output_dir: folder.join("output"),
            environment: Vec::new(),
        }
    }

    /// The same with one more setting.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// Why a server could not be started, stopped or reached.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    #[error("cannot run {program}: {source}")]
    Run { program: PathBuf, source: std::io::Error },
    #[error("the server ended with {status} before it was ready:\n{output}")]
    Ended { status: ExitStatus, output: String },
    #[error("{waited}; the server printed:\n{output}")]
    NotInTime { waited: TimedOut, output: String },
    #[error("the signal did not reach the server: {0}")]
    Signal(std::io::Error),
}

/// A running server. Dropping it kills the process.
#[derive(Debug)]
pub struct Server {
    settings: ServerSettings,
    child: Child,
    address: SocketAddr,
    console: Console,
    errors: Console,
}

impl Server {
    /// Starts a server in `--dev` and waits until it says that it is ready.
    pub async fn start(settings: ServerSettings) -> Result<Self, ServerError> {
        Self::start_at(settings, "127.0.0.1:0").await
    }

    /// Starts a server in `--dev` on a given address, as one that comes back after a crash.
    pub async fn start_at(settings: ServerSettings, listen: &str) -> Result<Self, ServerError> {
        let console = Console::in_file(settings.output_dir.join("console.txt"));
        let errors = Console::in_file(settings.output_dir.join("errors.txt"));
        let before = console.mark();
        let mut child = spawn(&settings, listen, &console, &errors)?;
        let address = ready(&mut child, &console, &errors, before).await?;
        Ok(Self {
            settings,
            child,
            address,
            console,
            errors,
        })
    }

    /// Base address, such as `http://127.0.0.1:40123`, the same after every restart.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The process, while it runs.
    pub fn pid(&self) -> Option<u32> {
        self.child.id()
    }

    /// What it printed: mails in `--dev`, and its URL.
    pub fn console(&self) -> &Console {
        &self.console
    }

    /// What it wrote to standard error.
    pub fn errors(&self) -> &Console {
        &self.errors
    }

    /// Whether `/readyz` answers 200 now.
    pub async fn is_ready(&self) -> bool {
        probe::status_of(self.address, "/readyz").await == Some(200)
    }

    /// `kill -9`, and waits until the process is gone.
    pub async fn kill(&mut self) -> Result<(), ServerError> {
        self.child.kill().await.map_err(ServerError::Signal)
    }

    /// SIGTERM, and waits until the process has ended by itself.
    pub async fn stop(&mut self) -> Result<ExitStatus, ServerError> {
        if let Some(pid) = self.child.id() {
            terminate(pid).await.map_err(ServerError::Signal)?;
        }
        self.ended().await
    }

    /// Waits until the process has ended by itself.
    pub async fn ended(&mut self) -> Result<ExitStatus, ServerError> {
        match tokio::time::timeout(PATIENCE, self.child.wait()).await {
            Ok(ended) => ended.map_err(ServerError::Signal),
            Err(_) => Err(not_in_time("the server to end", &self.console, &self.errors)),
        }
    }

    /// Starts it again on the same data and the same port, after [`Self::kill`] or [`Self::stop`].
    pub async fn restart(&mut self) -> Result<(), ServerError> {
        let before = self.console.mark();
        let listen = self.address.to_string();
        self.child = spawn(&self.settings, &listen, &self.console, &self.errors)?;
        self.address = ready(&mut self.child, &self.console, &self.errors, before).await?;
        Ok(())
    }
}

/// Runs a second process with these settings to its end, for starts that must be refused.
pub async fn run_to_end(settings: &ServerSettings) -> Result<(ExitStatus, String), ServerError> {
    let console = Console::in_file(settings.output_dir.join("second-console.txt"));
    let errors = Console::in_file(settings.output_dir.join("second-errors.txt"));
    let (before, errors_before) = (console.mark(), errors.mark());
    let mut child = spawn(settings, "127.0.0.1:0", &console, &errors)?;
    match tokio::time::timeout(PATIENCE, child.wait()).await {
        Ok(ended) => {
            let status = ended.map_err(ServerError::Signal)?;
            Ok((status, console.since(before) + &errors.since(errors_before)))
        }
        Err(_) => Err(not_in_time("the second server to end", &console, &errors)),
    }
}

fn spawn(settings: &ServerSettings, listen: &str, out: &Console, err: &Console) -> Result<Child, ServerError> {
    let run = || -> std::io::Result<Child> {
        std::fs::create_dir_all(&settings.output_dir)?;
        Command::new(&settings.binary)
            .arg("--dev")
            .env("LISTEN", listen)
            .env("DATA_DIR", &settings.data_dir)
            .envs(settings.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(OpenOptions::new().create(true).append(true).open(out.path())?)
            .stderr(OpenOptions::new().create(true).append(true).open(err.path())?)
            .kill_on_drop(true)
            .spawn()
    };
    run().map_err(|source| ServerError::Run {
        program: settings.binary.clone(),
        source,
    })
}

async fn ready(child: &mut Child, out: &Console, err: &Console, before: Mark) -> Result<SocketAddr, ServerError> {
    let look = async {
        wait::until("the server to be ready", PATIENCE, || async {
            let address = printed_address(&out.since(before))?;
            (probe::status_of(address, "/readyz").await == Some(200)).then_some(address)
        })
        .await
    };
    tokio::select! {
        ended = child.wait() => {
            let status = ended.map_err(ServerError::Signal)?;
            Err(ServerError::Ended { status, output: format!("{}\n{}", out.tail(), err.tail()) })
        }
        found = look => found.map_err(|waited| {
            ServerError::NotInTime { waited, output: format!("{}\n{}", out.tail(), err.tail()) }
        }),
    }
}

fn not_in_time(what: &str, out: &Console, err: &Console) -> ServerError {
    let waited = TimedOut {
        what: what.to_owned(),
        waited: PATIENCE,
    };
    ServerError::NotInTime {
        waited,
        output: format!("{}\n{}", out.tail(), err.tail()),
    }
}

/// The address in the first URL that was printed.
fn printed_address(printed: &str) -> Option<SocketAddr> {
    let after = printed.split_once("http://")?.1;
    let end = after.find(|character: char| !(character.is_ascii_alphanumeric() || ".:[]-".contains(character)))?;
    after[..end].parse().ok()
}

/// Asks the process to stop. The standard library has no signals, and this crate no unsafe code.
pub async fn terminate(pid: u32) -> std::io::Result<()> {
    let status = Command::new("kill").arg("-TERM").arg(pid.to_string()).status().await?;
    if status.success() {
        Ok(())
    } else {
        Err(std::io::Error::other(format!("kill ended with {status}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_read_once_its_line_is_complete() {
        let expected = "127.0.0.1:40123".parse().ok();
        assert_eq!(printed_address("Loquat is ready at http://127.0.0.1:40123\n"), expected);
        assert_eq!(
            printed_address("Loquat is ready at http://127.0.0.1:40123/ (dev)\n"),
            expected
        );
        assert_eq!(printed_address("Loquat is ready at http://127.0.0.1:401"), None);
    }

    #[tokio::test]
    async fn a_server_that_ends_before_it_is_ready_says_why() {
        let folder = tempfile::tempdir().unwrap();
        let refused = Server::start(ServerSettings::under(Path::new("/bin/false"), folder.path())).await;
        assert!(matches!(refused, Err(ServerError::Ended { .. })), "got {refused:?}");
    }
}
