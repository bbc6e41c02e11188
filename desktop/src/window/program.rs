//! Where the window's program lies and how it is started.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::process::{Child, Command};

use super::lean;

/// The file name of the window's program.
const NAME: &str = if cfg!(windows) {
    "loquat-window.exe"
} else {
    "loquat-window"
};

/// Where an installed app keeps it, seen from the folder of the program that people start.
const INSTALLED: &str = "../lib/loquat";

/// How the window is started.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    pub(crate) file: PathBuf,
    /// Where the window comes in.
    pub(crate) door: PathBuf,
    /// The folder of the profile.
    pub(crate) data: PathBuf,
}

impl Program {
    /// The window's program that belongs to this one.
    pub(crate) fn find(door: PathBuf, data: PathBuf) -> std::io::Result<Self> {
        let own = std::env::current_exe()?;
        let folder = own.parent().unwrap_or(Path::new("."));
        let file = [folder.join(NAME), folder.join(INSTALLED).join(NAME)]
            .into_iter()
            .find(|file| file.is_file());
        let file = file.ok_or_else(|| {
            let missing = format!("{NAME} is not beside {}; install Loquat again", own.display());
            std::io::Error::new(std::io::ErrorKind::NotFound, missing)
        })?;
        Ok(Self { file, door, data })
    }

    /// Starts it. It ends by itself when the resident is gone.
    pub(super) fn start(&self) -> std::io::Result<Child> {
        Command::new(&self.file)
            .envs(lean::environment())
            .arg("--door")
            .arg(&self.door)
            .arg("--data")
            .arg(&self.data)
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .spawn()
    }
}
