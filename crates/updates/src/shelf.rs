//! What is remembered of updates between two runs: the channel, the last look, and the version that waits.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use semver::Version;
use serde::{Deserialize, Serialize};

use crate::platform::Platform;
use crate::seal::{Seal, SealFault};
use crate::verdict::Channel;

/// The file, in the folder of updates.
const FILE: &str = "updates.json";

/// A version whose file is here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    pub version: Version,
    /// Markdown; empty when there are none.
    pub notes: String,
    pub date: Option<String>,
    pub signature: String,
}

/// Everything that is remembered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Kept {
    /// What the person chose.
    pub channel: Option<Channel>,
    /// When a server answered last, in milliseconds since 1970.
    pub last_look: Option<i64>,
    pub waiting: Option<Waiting>,
    /// The version that was put in the place of the one that wrote this. Whoever starts and is older, knows that
    /// it did not work.
    pub installed: Option<Version>,
}

/// The folder of updates of a profile, with its file.
pub struct Shelf {
    folder: PathBuf,
    kept: Mutex<Kept>,
}

impl Waiting {
    /// The claim of its file, which is still to be proved.
    pub fn seal(&self, platform: Platform) -> Result<Seal, SealFault> {
        Seal::read(&self.signature, &self.version, platform)
    }
}

impl Shelf {
    /// Reads what is there. A file that cannot be read counts as none: everything in it can be found again.
    pub fn open(folder: PathBuf) -> Self {
        let read = std::fs::read(folder.join(FILE)).ok();
        let kept = read
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default();
        Self {
            folder,
            kept: Mutex::new(kept),
        }
    }

    /// Where the files lie.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub fn kept(&self) -> Kept {
        self.lock().clone()
    }

    /// Changes something, on the disk first.
    pub fn change(&self, change: impl FnOnce(&mut Kept)) -> std::io::Result<()> {
        let mut kept = self.lock();
        let mut changed = kept.clone();
        change(&mut changed);
        std::fs::create_dir_all(&self.folder)?;
        // Beside the old file first: a crash leaves the one or the other, never half of one.
        let fresh = self.folder.join("updates.new");
        std::fs::write(&fresh, serde_json::to_vec_pretty(&changed)?)?;
        std::fs::rename(&fresh, self.folder.join(FILE))?;
        *kept = changed;
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_is_there_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("updates");
        Shelf::open(place.clone())
            .change(|kept| kept.channel = Some(Channel::Beta))
            .unwrap();

        let kept = Shelf::open(place.clone()).kept();
        assert_eq!((kept.channel, kept.waiting), (Some(Channel::Beta), None));

        std::fs::write(place.join(FILE), "{").unwrap();
        assert_eq!(Shelf::open(place).kept(), Kept::default());
    }
}
