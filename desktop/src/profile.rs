//! One process per profile: the folder of its data is locked, and a second start shows the first one's window.

use std::fs::{File, TryLockError};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

/// The file whose lock says that the folder is taken; it holds the process id of who took it.
const LOCK: &str = "profile.lock";

/// Where a second start knocks.
const DOOR: &str = "window.sock";

/// What a first process says to a knock, once its window is asked to show.
#[cfg(unix)]
const SHOWN: u8 = 1;

/// How long a knock may stay unanswered.
#[cfg(unix)]
const KNOCK_DEADLINE: Duration = Duration::from_secs(2);

/// How long a start waits for a process that is on its way out.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// Between two tries to enter.
const TRY_AGAIN: Duration = Duration::from_millis(50);

/// What became of a start.
#[derive(Debug)]
pub(crate) enum Entered {
    /// The profile is this process's own.
    First(Profile),
    /// Another process has it, and shows its window.
    Second,
}

/// Takes the folder, or asks the process that has it to show its window.
///
/// A process that was killed holds its lock until its last write has reached the disk, and hears no knock. Who gets
/// no answer therefore tries again, at most for `patience`.
pub(crate) fn enter(folder: &Path, patience: Duration) -> Result<Entered, ProfileError> {
    let started = Instant::now();
    loop {
        match Profile::take(folder) {
            Ok(profile) => return Ok(Entered::First(profile)),
            Err(ProfileError::InUse { .. }) if show_the_first(folder) => return Ok(Entered::Second),
            Err(ProfileError::InUse { .. }) if started.elapsed() < patience => thread::sleep(TRY_AGAIN),
            Err(fault) => return Err(fault),
        }
    }
}

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
        thread::Builder::new().name("second-start".to_owned()).spawn(move || {
            for knock in listener.incoming() {
                match knock {
                    Ok(mut knock) => {
                        shown();
                        // Who knocked may have gone away; the window shows all the same.
                        drop(knock.write_all(&[SHOWN]));
                    }
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

/// Asks the process that holds this folder to show its window; whether it answered.
#[cfg(unix)]
fn show_the_first(folder: &Path) -> bool {
    let answer = || -> std::io::Result<u8> {
        let mut door = std::os::unix::net::UnixStream::connect(folder.join(DOOR))?;
        door.set_read_timeout(Some(KNOCK_DEADLINE))?;
        let mut answer = [0];
        door.read_exact(&mut answer)?;
        Ok(answer[0])
    };
    answer().is_ok_and(|answer| answer == SHOWN)
}

#[cfg(not(unix))]
fn show_the_first(_folder: &Path) -> bool {
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
        assert!(matches!(enter(folder.path(), PATIENCE), Ok(Entered::Second)));
        shown.recv_timeout(Duration::from_secs(10)).unwrap();
    }

    #[test]
    #[cfg(unix)]
    fn a_process_on_its_way_out_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let dying = Profile::take(folder.path()).unwrap();
        // A killed process may still have its door, but nobody answers there.
        let door = std::os::unix::net::UnixListener::bind(folder.path().join(DOOR)).unwrap();
        let (knocked, heard) = mpsc::channel();
        let death = thread::spawn(move || {
            drop(door.accept().unwrap());
            knocked.send(()).unwrap();
            drop(dying);
        });
        assert!(matches!(enter(folder.path(), PATIENCE), Ok(Entered::First(_))));
        heard.recv().unwrap();
        death.join().unwrap();
    }

    #[test]
    fn a_process_that_stays_and_says_nothing_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let _silent = Profile::take(folder.path()).unwrap();
        assert!(matches!(
            enter(folder.path(), Duration::ZERO),
            Err(ProfileError::InUse { .. })
        ));
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
