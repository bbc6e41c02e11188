//! One process per profile: the folder of its data is locked, and a second start asks the first one to do what it was
//! started for.

use std::fs::{File, TryLockError};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use door::{DoorError, Hello, Shown};
use tokio::time::Instant;

use crate::start::Start;

/// The file whose lock says that the folder is taken; it holds the process id of who took it.
const LOCK: &str = "profile.lock";

/// How long a knock may stay unanswered.
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
    /// Another process has it, and does what this one was started for.
    Second,
}

/// Takes the folder, or asks the process that has it to do what this start is for. `door` is where that one listens.
///
/// A process that was killed holds its lock until its last write has reached the disk, and hears no knock. Who gets
/// no answer therefore tries again, at most for `patience`.
pub(crate) async fn enter(
    folder: &Path,
    door: &Path,
    start: &Start,
    patience: Duration,
) -> Result<Entered, ProfileError> {
    let started = Instant::now();
    loop {
        match Profile::take(folder) {
            Ok(profile) => return Ok(Entered::First(profile)),
            Err(ProfileError::InUse { .. }) if knock(door, start).await => return Ok(Entered::Second),
            Err(ProfileError::InUse { .. }) if started.elapsed() < patience => {
                tokio::time::sleep(TRY_AGAIN).await;
            }
            Err(fault) => return Err(fault),
        }
    }
}

/// Asks the process behind this door; whether it answered.
pub(crate) async fn knock(door: &Path, start: &Start) -> bool {
    let ask = async {
        let mut line = door::connect(door).await?;
        line.say(&Hello::Start {
            link: start.link.clone(),
            hidden: start.hidden,
        })
        .await?;
        line.first::<Shown>().await
    };
    let answer = tokio::time::timeout(KNOCK_DEADLINE, ask).await;
    matches!(answer.unwrap_or(Err(DoorError::Silent)), Ok(Shown))
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

    #[tokio::test]
    #[cfg(unix)]
    async fn a_second_start_is_answered_by_the_first() {
        let folder = tempfile::tempdir().unwrap();
        let place = door::place::of(folder.path(), folder.path());
        let start = Start {
            link: Some("loquat://open".to_owned()),
            hidden: false,
        };
        assert!(!knock(&place, &start).await, "nobody is there yet");
        let _first = Profile::take(folder.path()).unwrap();
        let mut door = door::Door::open(&place).unwrap();
        let answering = async {
            let mut line = door.next().await.unwrap();
            let hello = line.first::<Hello>().await.unwrap();
            line.say(&Shown).await.unwrap();
            hello
        };

        let (entered, heard) = tokio::join!(enter(folder.path(), &place, &start, PATIENCE), answering);

        assert!(matches!(entered, Ok(Entered::Second)));
        let (link, hidden) = (start.link, false);
        assert_eq!(heard, Hello::Start { link, hidden });
    }

    #[tokio::test]
    #[cfg(unix)]
    async fn a_process_on_its_way_out_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let place = door::place::of(folder.path(), folder.path());
        let dying = Profile::take(folder.path()).unwrap();
        // A killed process may still have its door, but nobody answers there.
        let mut door = door::Door::open(&place).unwrap();
        let death = async {
            drop(door.next().await.unwrap());
            drop(dying);
        };

        let start = Start::default();
        let (entered, ()) = tokio::join!(enter(folder.path(), &place, &start, PATIENCE), death);

        assert!(matches!(entered, Ok(Entered::First(_))));
    }

    #[tokio::test]
    async fn a_process_that_stays_and_says_nothing_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let place = door::place::of(folder.path(), folder.path());
        let _silent = Profile::take(folder.path()).unwrap();
        assert!(matches!(
            enter(folder.path(), &place, &Start::default(), Duration::ZERO).await,
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
