//! What the organisation decided for this machine, applied where the app starts. A change counts from the next start.

use std::time::Duration;

use client::HistoryLimit;
use policy::{LogLevel, Policy};
use protocol::NotificationLevel;

use crate::preferences::{Preferences, QuietHours};
use crate::settings::Settings;

/// The decisions. What is not decided is left to the environment and the person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Organisation(Policy);

impl Organisation {
    /// Reads them from where administrators of this system put them. What is wrong is
    /// answered beside them, one sentence each.
    pub(crate) fn read() -> (Self, Vec<String>) {
        let reading = policy::source::of_this_system().read();
        let faults = reading.faults.iter().map(ToString::to_string).collect();
        (Self(reading.policy), faults)
    }

    /// Puts the decisions in the place of what the environment says.
    pub(crate) fn settle(&self, settings: &mut Settings) {
        if let Some(address) = self.0.server_addresses.as_ref().and_then(|addresses| addresses.first()) {
            settings.server = Some(address.clone());
        }
        if let Some(minutes) = self.0.unload_hidden_window_minutes {
            settings.unload_after = Duration::from_secs(u64::from(minutes) * 60);
        }
        if let Some(level) = self.0.log_level {
            let level = word(level);
            settings.log = format!("warn,loquat_desktop={level},loquat_window={level},client={level}");
        }
    }

    /// How much of the past this device keeps.
    pub(crate) fn history(&self) -> HistoryLimit {
        let usual = HistoryLimit::default();
        HistoryLimit {
            days: self.0.cache_limit_days.unwrap_or(usual.days),
            bytes: self
                .0
                .cache_limit_mib
                .map_or(usual.bytes, |mib| u64::from(mib) * 1024 * 1024),
        }
    }

    /// What counts until the person chooses.
    pub(crate) fn first_preferences(&self) -> Preferences {
        let usual = Preferences::default();
        Preferences {
            level: self.0.notification_level.map_or(usual.level, level),
            sound: self.0.notification_sound.unwrap_or(usual.sound),
            quiet_hours: self.0.do_not_disturb_hours.map(|hours| QuietHours {
                from_min: hours.from,
                to_min: hours.until,
            }),
            ..usual
        }
    }

    /// Puts the decisions that the person cannot change in the place of what they chose.
    pub(crate) fn govern(&self, preferences: &mut Preferences) {
        if let Some(shown) = self.0.notification_content_on_locked_screen {
            preferences.content_when_locked = shown;
        }
        if let Some(stays) = self.0.close_to_tray {
            preferences.ends_with_window = !stays;
        }
    }
}

fn level(decided: policy::NotificationLevel) -> NotificationLevel {
    match decided {
        policy::NotificationLevel::All => NotificationLevel::All,
        policy::NotificationLevel::Mentions => NotificationLevel::Mentions,
        policy::NotificationLevel::Nothing => NotificationLevel::Nothing,
    }
}

fn word(level: LogLevel) -> &'static str {
    match level {
        LogLevel::Error => "error",
        LogLevel::Warn => "warn",
        LogLevel::Info => "info",
        LogLevel::Debug => "debug",
        LogLevel::Trace => "trace",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preferences::Kept;

    #[test]
    fn what_is_not_decided_stays_as_it_is() {
        let organisation = Organisation::default();
        assert_eq!(organisation.history(), HistoryLimit::default());
        assert_eq!(organisation.first_preferences(), Preferences::default());
    }

    #[test]
    fn the_person_chooses_over_a_first_value_but_not_over_a_decision() {
        let folder = tempfile::tempdir().unwrap();
        let organisation = Organisation(Policy {
            notification_sound: Some(false),
            close_to_tray: Some(false),
            notification_content_on_locked_screen: Some(false),
            ..Policy::default()
        });
        let kept = Kept::open(folder.path(), organisation);
        assert!(!kept.get().sound && kept.get().ends_with_window);

        kept.change(|preferences| {
            preferences.sound = true;
            preferences.ends_with_window = false;
            preferences.content_when_locked = true;
        })
        .unwrap();

        let now = kept.get();
        assert!(now.sound, "sound is theirs to choose");
        assert!(now.ends_with_window && !now.content_when_locked, "these are decided");
    }

    #[test]
    fn the_cache_is_as_large_as_decided() {
        let organisation = Organisation(Policy {
            cache_limit_days: Some(30),
            cache_limit_mib: Some(512),
            ..Policy::default()
        });
        let (days, bytes) = (30, 512 * 1024 * 1024);
        assert_eq!(organisation.history(), HistoryLimit { days, bytes });
    }
}
