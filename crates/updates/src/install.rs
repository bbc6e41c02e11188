//! How a new version takes the place of the old one, for each way the app can be installed.

pub mod app_image;
#[cfg(any(target_os = "macos", test))]
pub mod mac;
pub mod package;
#[cfg(any(windows, test))]
pub mod windows;

use std::path::{Path, PathBuf};

use crate::platform::Kind;
use crate::seal::{Key, Seal, SealFault};

/// One way of being installed.
pub trait Installer: Send + Sync {
    /// Which sort of file it takes.
    fn kind(&self) -> Kind;

    /// What it takes besides the file.
    fn way(&self) -> Way;

    /// Puts the file in the place of what runs. May wait for a person.
    fn install(&self, update: &Update<'_>) -> Result<Next, InstallFault>;

    /// Removes what an install left that was cut off, or is over.
    fn tidy(&self);
}

/// What an installation needs from a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Nothing.
    Alone,
    /// Somebody who may change the system agrees, by a question of the system.
    Asks,
    /// Somebody does it, with this beginning of a command; the file follows.
    ByHand(&'static str),
}

/// A file, and what it has to be. Who installs checks the bytes that will run, not those that were fetched.
pub struct Update<'a> {
    pub file: &'a Path,
    pub key: &'a Key,
    pub seal: &'a Seal,
}

/// What is left to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// This program ends and starts what lies there now.
    Restart(Successor),
    /// This program ends; what installs starts the new one.
    End,
}

/// The new version, in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Successor {
    /// What is started.
    pub program: PathBuf,
    /// What was replaced, and what it was replaced by, when it can be brought back.
    pub replaced: Option<Replaced>,
}

/// A file or folder in a place, and what was there before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replaced {
    pub place: PathBuf,
    pub before: PathBuf,
}

/// Why nothing was installed. The old version is in its place.
#[derive(Debug, thiserror::Error)]
pub enum InstallFault {
    #[error(transparent)]
    Seal(#[from] SealFault),
    #[error("{what} {}: {source}", path.display())]
    Storage {
        what: &'static str,
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("nobody who may install agreed")]
    NotAllowed,
    #[error("{program} failed: {reason}")]
    Program { program: String, reason: String },
}

/// What is known of the running program.
#[derive(Debug, Clone)]
pub struct Running {
    /// Its own file.
    pub program: PathBuf,
    /// What an `AppImage` says of itself: its file, and the folder it is unpacked into.
    pub app_image: Option<(PathBuf, PathBuf)>,
}

/// Why this installation does not update itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyNot {
    /// It runs where it was built, or was unpacked by hand.
    NotInstalled,
    /// Flatpak or Snap bring new versions.
    Store,
}

/// How the running program was installed.
pub fn installation(running: &Running) -> Result<Box<dyn Installer>, WhyNot> {
    // Programs inherit these words from a terminal that is an AppImage itself; that one is not ours to replace.
    if let Some((file, folder)) = &running.app_image
        && running.program.starts_with(folder)
    {
        return Ok(Box::new(app_image::AppImage::at(file)));
    }
    system(&running.program)
}

#[cfg(not(any(windows, target_os = "macos")))]
fn system(program: &Path) -> Result<Box<dyn Installer>, WhyNot> {
    if Path::new("/.flatpak-info").exists() || program.starts_with("/snap") {
        return Err(WhyNot::Store);
    }
    match package::Package::that_installed(program) {
        Some(package) => Ok(Box::new(package)),
        None => Err(WhyNot::NotInstalled),
    }
}

#[cfg(windows)]
fn system(program: &Path) -> Result<Box<dyn Installer>, WhyNot> {
    match windows::Setup::that_installed(program) {
        Some(setup) => Ok(Box::new(setup)),
        None => Err(WhyNot::NotInstalled),
    }
}

#[cfg(target_os = "macos")]
fn system(program: &Path) -> Result<Box<dyn Installer>, WhyNot> {
    match mac::Bundle::around(program) {
        Some(bundle) => Ok(Box::new(bundle)),
        None => Err(WhyNot::NotInstalled),
    }
}

/// Names what failed and where, for what the operating system says.
fn storage(what: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> InstallFault {
    let path = path.to_owned();
    move |source| InstallFault::Storage { what, path, source }
}

/// Forgets what lies there. What is not there is forgotten.
fn forget(path: &Path) -> std::io::Result<()> {
    let removed = if path.is_dir() {
        std::fs::remove_dir_all(path)
    } else {
        std::fs::remove_file(path)
    };
    match removed {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// A hidden name beside a file, on the same file system.
fn beside(place: &Path, ending: &str) -> PathBuf {
    let name = place.file_name().unwrap_or_default().to_string_lossy();
    place.with_file_name(format!(".{name}.{ending}"))
}
