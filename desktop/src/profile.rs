//! One process per profile: the folder of its data is locked, and a second start shows the first one's window.

use std::fs::{File, TryLockError};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// The file whose lock says that the folder is taken; it holds the process id of who took it.
const LOCK: &str = "profile.lock";

/// Where a second start knocks.
const DOOR: &str = "window.sock";

/// The data folder of a profile, held by this process until it is dropped.
#[derive(Debug)]
pub(crate) struct Profile {
    folder: PathBuf,
    /// The operating system lets go of it however this process ends.
    _lock: File,
}

/// Why the data folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProfileError {
    #[error("{} is in use by process {holder}", folder.display())]
    InUse { folder: PathBuf, holder: String },
    #[error("cannot use {}: {source}", folder.display())]
    Unusable { folder: PathBuf, source: std::io::Error },
}

impl Profile {
    /// Takes the folder for this process, making it if needed.
    pub(crate) fn take(folder: &Path) -> Result<Self, ProfileError> {
        let unusable = |source| ProfileError::Unusable {
            folder: folder.to_owned(),
            source,
        };
        make_private(folder).map_err(unusable)?;
        let path = folder.join(LOCK);
        let options = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path);
        let mut lock = options.map_err(unusable)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let holder = holder(&mut lock).unwrap_or_else(|| "unknown".to_owned());
                return Err(ProfileError::InUse {
                    folder: folder.to_owned(),
                    holder,
                });
            }
            Err(TryLockError::Error(source)) => return Err(unusable(source)),
        }
        lock.set_len(0)
            .and_then(|()| write!(lock, "{}", std::process::id()))
            .map_err(unusable)?;
        Ok(Self {
            folder: folder.to_owned(),
            _lock: lock,
        })
    }

    /// Where the data of this profile lies.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Calls `shown` each time another start asks for the window, for as long as the process runs.
    #[cfg(unix)]
    pub(crate) fn on_second_start(&self, shown: impl Fn() + Send + 'static) -> std::io::Result<()> {
        let door = self.folder.join(DOOR);
        // Left over from a process that was killed; the lock says that nobody listens there.
        if door.exists() {
            std::fs::remove_file(&door)?;
        }
        let listener = std::os::unix::net::UnixListener::bind(&door)?;
        std::thread::Builder::new()
            .name("second-start".to_owned())
            .spawn(move || {
                for knock in listener.incoming() {
                    match knock {
                        Ok(_) => shown(),
                        Err(error) => tracing::warn!(%error, "a second start could not be heard"),
                    }
                }
            })?;
        Ok(())
    }

    #[cfg(not(unix))]
    pub(crate) fn on_second_start(&self, _shown: impl Fn() + Send + 'static) -> std::io::Result<()> {
        Err(std::io::Error::from(std::io::ErrorKind::Unsupported))
    }
}

/// Asks the process that holds this folder to show its window; whether it heard.
#[cfg(unix)]
pub(crate) fn show_the_first(folder: &Path) -> bool {
    std::os::unix::net::UnixStream::connect(folder.join(DOOR)).is_ok()
}

#[cfg(not(unix))]
pub(crate) fn show_the_first(_folder: &Path) -> bool {
    false
}

/// Makes the folder for this person alone: messages lie in it.
fn make_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn holder(lock: &mut File) -> Option<String> {
    let mut text = String::new();
    lock.read_to_string(&mut text).ok()?;
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_folder_in_use_names_its_process() {
        let folder = tempfile::tempdir().unwrap();
        let _first = Profile::take(folder.path()).unwrap();
        let second = Profile::take(folder.path()).unwrap_err();
        assert!(
            second
                .to_string()
                .ends_with(&format!("in use by process {}", std::process::id())),
            "{second}"
        );
    }

    #[test]
    fn a_folder_that_was_let_go_can_be_taken() {
        let folder = tempfile::tempdir().unwrap();
        drop(Profile::take(folder.path()).unwrap());
        Profile::take(folder.path()).unwrap();
    }

    #[test]
    #[cfg(unix)]
    fn a_second_start_shows_the_first_window() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!show_the_first(folder.path()), "nobody is there yet");
        let first = Profile::take(folder.path()).unwrap();
        let (sender, shown) = mpsc::channel();
        first.on_second_start(move || sender.send(()).unwrap()).unwrap();
        assert!(show_the_first(folder.path()));
        shown.recv_timeout(Duration::from_secs(10)).unwrap();
    }

    #[test]
    #[cfg(unix)]
    fn only_the_person_can_enter_the_folder() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let profile = Profile::take(&folder.path().join("loquat/default")).unwrap();
        let mode = std::fs::metadata(profile.folder()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }
}
