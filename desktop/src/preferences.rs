//! What the person chose for this device, in a file of the profile.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use protocol::{NotificationLevel, UnixMs};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::organisation::Organisation;

/// The file, below the folder of the profile.
const FILE: &str = "preferences.json";

/// Minutes in a day.
const DAY_MIN: u16 = 24 * 60;

/// Everything that can be chosen for this device. A file of an older version lacks some; those are as at the start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own in the settings"
)]
pub struct Preferences {
    /// Of which messages in channels the person is told, where nothing else was chosen for a channel.
    pub level: NotificationLevel,
    /// Whether a notification makes a sound.
    pub sound: bool,
    /// Whether a notification says what was written while the screen is locked.
    pub content_when_locked: bool,
    /// Hours of every day in which nothing is shown.
    pub quiet_hours: Option<QuietHours>,
    /// Until when nothing is shown.
    pub paused_until: Option<UnixMs>,
    /// Whether closing the window ends the app, which then tells of nothing.
    pub ends_with_window: bool,
    /// Whether the person was told that closing only hides.
    pub knows_of_hiding: bool,
}

/// A part of every day, by the clock of this computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct QuietHours {
    /// Minutes after midnight.
    pub from_min: u16,
    /// Minutes after midnight; earlier than `from_min` means on the next day.
    pub to_min: u16,
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            level: NotificationLevel::Mentions,
            sound: true,
            content_when_locked: false,
            quiet_hours: None,
            paused_until: None,
            ends_with_window: false,
            knows_of_hiding: false,
        }
    }
}

impl QuietHours {
    /// Whether this minute of the day lies in them. Hours that begin when they end are none.
    pub fn hold(self, minute: u16) -> bool {
        if self.from_min <= self.to_min {
            (self.from_min..self.to_min).contains(&minute)
        } else {
            minute >= self.from_min || minute < self.to_min
        }
    }
}

/// Why a choice was not kept.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PreferencesError {
    #[error("quiet hours lie between 0 and {DAY_MIN} minutes after midnight, got {0:?}")]
    QuietHours(QuietHours),
    #[error("the file {} cannot be written: {source}", path.display())]
    Unwritable { path: PathBuf, source: std::io::Error },
}

/// The preferences of this device, kept in their file. Clones are the same.
#[derive(Clone)]
pub(crate) struct Kept {
    path: PathBuf,
    organisation: Organisation,
    now: Arc<RwLock<Preferences>>,
}

impl Kept {
    /// Reads them. A file that cannot be read is said so in the log and counts as none.
    pub(crate) fn open(folder: &Path, organisation: Organisation) -> Self {
        let path = folder.join(FILE);
        let read = match std::fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| error.to_string()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(organisation.first_preferences()),
            Err(error) => Err(error.to_string()),
        };
        let preferences = read.unwrap_or_else(|error| {
            tracing::warn!(%error, path = %path.display(), "the preferences cannot be read; they are as at the start");
            Preferences::default()
        });
        Self {
            path,
            organisation,
            now: Arc::new(RwLock::new(preferences)),
        }
    }

    /// What counts now: what the person chose, as far as it is theirs to choose.
    pub(crate) fn get(&self) -> Preferences {
        let mut preferences = self.now.read().unwrap_or_else(PoisonError::into_inner).clone();
        self.organisation.govern(&mut preferences);
        preferences
    }

    /// Keeps these from now on, on the disk first.
    pub(crate) fn set(&self, preferences: Preferences) -> Result<(), PreferencesError> {
        self.change(|kept| *kept = preferences)
    }

    /// Changes one thing and leaves what others changed meanwhile.
    pub(crate) fn change(&self, change: impl FnOnce(&mut Preferences)) -> Result<(), PreferencesError> {
        let mut now = self.now.write().unwrap_or_else(PoisonError::into_inner);
        let mut preferences = now.clone();
        change(&mut preferences);
        if let Some(hours) = preferences.quiet_hours
            && (hours.from_min >= DAY_MIN || hours.to_min > DAY_MIN)
        {
            return Err(PreferencesError::QuietHours(hours));
        }
        self.write(&preferences)
            .map_err(|source| PreferencesError::Unwritable {
                path: self.path.clone(),
                source,
            })?;
        *now = preferences;
        Ok(())
    }

    /// Beside the old file first: a crash leaves the one or the other, never half of one.
    fn write(&self, preferences: &Preferences) -> std::io::Result<()> {
        let fresh = self.path.with_extension("new");
        std::fs::write(&fresh, serde_json::to_vec_pretty(preferences)?)?;
        std::fs::rename(&fresh, &self.path)
    }
}

#[cfg(test)]
mod tests {
    use policy::Reading;

    use super::*;

    /// An organisation that decided nothing.
    fn nobody() -> Organisation {
        Organisation::of(Reading::default())
    }

    #[test]
    fn what_was_chosen_is_there_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let chosen = Preferences {
            sound: false,
            quiet_hours: Some(QuietHours {
                from_min: 22 * 60,
                to_min: 7 * 60,
            }),
            ..Preferences::default()
        };
        Kept::open(folder.path(), nobody()).set(chosen.clone()).unwrap();

        assert_eq!(Kept::open(folder.path(), nobody()).get(), chosen);
    }

    #[test]
    fn a_file_of_an_older_version_keeps_what_it_says() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), r#"{"sound": false, "gone": 1}"#).unwrap();

        let preferences = Kept::open(folder.path(), nobody()).get();

        assert!(!preferences.sound);
        assert_eq!(preferences.level, NotificationLevel::Mentions);
    }

    #[test]
    fn a_broken_file_counts_as_none_and_can_be_replaced() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), "{").unwrap();
        let kept = Kept::open(folder.path(), nobody());
        assert_eq!(kept.get(), Preferences::default());

        kept.set(Preferences::default()).unwrap();

        assert_eq!(Kept::open(folder.path(), nobody()).get(), Preferences::default());
    }

    #[test]
    fn one_change_leaves_the_others() {
        let folder = tempfile::tempdir().unwrap();
        let kept = Kept::open(folder.path(), nobody());
        kept.change(|preferences| preferences.sound = false).unwrap();
        kept.change(|preferences| preferences.paused_until = Some(7)).unwrap();

        let now = Kept::open(folder.path(), nobody()).get();

        assert!(!now.sound);
        assert_eq!(now.paused_until, Some(7));
    }

    #[test]
    fn hours_that_do_not_exist_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let kept = Kept::open(folder.path(), nobody());
        let wrong = Preferences {
            quiet_hours: Some(QuietHours {
                from_min: DAY_MIN,
                to_min: 0,
            }),
            ..Preferences::default()
        };

        assert!(matches!(kept.set(wrong), Err(PreferencesError::QuietHours(_))));
        assert_eq!(kept.get(), Preferences::default());
    }

    #[test]
    fn quiet_hours_may_go_over_midnight() {
        let night = QuietHours {
            from_min: 22 * 60,
            to_min: 7 * 60,
        };
        assert!(night.hold(23 * 60) && night.hold(0) && night.hold(6 * 60 + 59));
        assert!(!night.hold(7 * 60) && !night.hold(12 * 60));
        let noon = QuietHours {
            from_min: 12 * 60,
            to_min: 13 * 60,
        };
        assert!(noon.hold(12 * 60) && !noon.hold(13 * 60) && !noon.hold(0));
    }
}
