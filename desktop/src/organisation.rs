//! What the organisation decided for this machine.
//!
//! What the app is started with counts from the next start: the cache, unloading, where people sign in.
//! Everything else is asked for where it is used and follows a change within seconds.

use std::time::Duration;

use client::{HistoryLimit, Servers};
use policy::{LOOK_EVERY, Policy, PolicyView, Reading, UpdateChannel};
use protocol::NotificationLevel;
use tokio::sync::watch;

use crate::network::{NetworkChoice, ProxyMode};
use crate::preferences::{Preferences, QuietHours};
use crate::settings::Settings;
use crate::support::LogLevel;

/// The decisions of now. What is not decided is left to the environment and the person. Clones are the same.
#[derive(Debug, Clone)]
pub(crate) struct Organisation {
    now: watch::Receiver<Reading>,
}

impl Organisation {
    /// Reads them once, from where administrators of this system put them.
    pub(crate) fn read() -> Self {
        Self::of(policy::source::of_this_system().read())
    }

    /// Reads them again and again, in the work that comes with them.
    pub(crate) fn followed() -> (Self, impl Future<Output = ()> + Send + 'static) {
        let (now, work) = policy::watch(policy::source::of_this_system(), LOOK_EVERY);
        (Self { now }, work)
    }

    /// These decisions, which do not change any more.
    pub(crate) fn of(reading: Reading) -> Self {
        Self {
            now: watch::channel(reading).1,
        }
    }

    /// Decisions that a test changes.
    #[cfg(test)]
    pub(crate) fn changing(now: watch::Receiver<Reading>) -> Self {
        Self { now }
    }

    /// What is decided, as the settings show it.
    pub(crate) fn view(&self) -> PolicyView {
        PolicyView::from(&*self.now.borrow())
    }

    /// Waits for another decision; for ever when there will be none.
    pub(crate) async fn changed(&mut self) {
        if self.now.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Whether the app starts with the computer, where that is decided.
    pub(crate) fn starts_at_log_in(&self) -> Option<bool> {
        self.policy(|policy| policy.auto_start)
    }

    /// Puts the decisions in the place of what the environment says.
    pub(crate) fn settle(&self, settings: &mut Settings) {
        self.policy(|policy| {
            if let Some(minutes) = policy.unload_hidden_window_minutes {
                settings.unload_after = Duration::from_secs(u64::from(minutes) * 60);
            }
        });
        if let Some(level) = self.log_level() {
            settings.log = level.filter();
        }
    }

    /// The proxy that everybody here goes through, where that is decided.
    pub(crate) fn proxy(&self) -> Option<NetworkChoice> {
        self.policy(|policy| {
            let mode = match policy.proxy_mode? {
                policy::ProxyMode::System => ProxyMode::System,
                policy::ProxyMode::None => ProxyMode::None,
                policy::ProxyMode::Manual => ProxyMode::Manual,
            };
            Some(NetworkChoice {
                mode,
                proxy: policy.proxy_url.clone().unwrap_or_default(),
                bypass: policy.proxy_bypass.clone().unwrap_or_default(),
                extra_ca_file: String::new(),
            })
        })
    }

    /// The file of more certificate authorities, where that is decided.
    pub(crate) fn extra_ca_file(&self) -> Option<String> {
        self.policy(|policy| policy.extra_ca_file.clone())
    }

    /// How much is logged, where that is decided.
    pub(crate) fn log_level(&self) -> Option<LogLevel> {
        Some(match self.policy(|policy| policy.log_level)? {
            policy::LogLevel::Error => LogLevel::Error,
            policy::LogLevel::Warn => LogLevel::Warn,
            policy::LogLevel::Info => LogLevel::Info,
            policy::LogLevel::Debug => LogLevel::Debug,
            policy::LogLevel::Trace => LogLevel::Trace,
        })
    }

    /// Whether people may save a file for support.
    pub(crate) fn allows_diagnostics(&self) -> bool {
        self.policy(|policy| policy.allow_diagnostics)
            .unwrap_or(policy::schema::defaults::ALLOW_DIAGNOSTICS)
    }

    /// Where people sign in; what the environment proposes counts where nothing is decided.
    pub(crate) fn servers(&self, proposed: Option<String>) -> Servers {
        self.policy(|policy| Servers {
            offered: policy
                .server_addresses
                .clone()
                .unwrap_or_else(|| proposed.into_iter().collect()),
            only_these: policy.allow_other_servers == Some(false),
        })
    }

    /// How much of the past this device keeps.
    pub(crate) fn history(&self) -> HistoryLimit {
        let usual = HistoryLimit::default();
        self.policy(|policy| HistoryLimit {
            days: policy.cache_limit_days.unwrap_or(usual.days),
            bytes: policy
                .cache_limit_mib
                .map_or(usual.bytes, |mib| u64::from(mib) * 1024 * 1024),
        })
    }

    /// Which versions the app updates itself to.
    pub(crate) fn update_channel(&self) -> Option<UpdateChannel> {
        self.policy(|policy| policy.update_channel)
    }

    /// The folder on the web that new versions come from.
    pub(crate) fn update_url(&self) -> Option<String> {
        self.policy(|policy| policy.update_url.clone())
    }

    /// What counts until the person chooses.
    pub(crate) fn first_preferences(&self) -> Preferences {
        let usual = Preferences::default();
        self.policy(|policy| Preferences {
            level: policy.notification_level.map_or(usual.level, level),
            sound: policy.notification_sound.unwrap_or(usual.sound),
            quiet_hours: policy.do_not_disturb_hours.map(|hours| QuietHours {
                from_min: hours.from,
                to_min: hours.until,
            }),
            ..usual
        })
    }

    /// Puts the decisions that the person cannot change in the place of what they chose.
    pub(crate) fn govern(&self, preferences: &mut Preferences) {
        self.policy(|policy| {
            if let Some(shown) = policy.notification_content_on_locked_screen {
                preferences.content_when_locked = shown;
            }
            if let Some(stays) = policy.close_to_tray {
                preferences.ends_with_window = !stays;
            }
        });
    }

    fn policy<T>(&self, look: impl FnOnce(&Policy) -> T) -> T {
        look(&self.now.borrow().policy)
    }
}

fn level(decided: policy::NotificationLevel) -> NotificationLevel {
    match decided {
        policy::NotificationLevel::All => NotificationLevel::All,
        policy::NotificationLevel::Mentions => NotificationLevel::Mentions,
        policy::NotificationLevel::Nothing => NotificationLevel::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preferences::Kept;

    fn decided(policy: Policy) -> Reading {
        Reading {
            policy,
            ..Reading::default()
        }
    }

    #[test]
    fn what_is_not_decided_stays_as_it_is() {
        let organisation = Organisation::of(Reading::default());
        assert_eq!(organisation.history(), HistoryLimit::default());
        assert_eq!(organisation.first_preferences(), Preferences::default());
    }

    #[test]
    fn the_person_chooses_over_a_first_value_but_not_over_a_decision() {
        let folder = tempfile::tempdir().unwrap();
        let organisation = Organisation::of(decided(Policy {
            notification_sound: Some(false),
            close_to_tray: Some(false),
            notification_content_on_locked_screen: Some(false),
            ..Policy::default()
        }));
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
        let organisation = Organisation::of(decided(Policy {
            cache_limit_days: Some(30),
            cache_limit_mib: Some(512),
            ..Policy::default()
        }));
        let (days, bytes) = (30, 512 * 1024 * 1024);
        assert_eq!(organisation.history(), HistoryLimit { days, bytes });
    }

    #[test]
    fn a_decision_counts_as_soon_as_it_is_made() {
        let folder = tempfile::tempdir().unwrap();
        let (administrator, now) = watch::channel(Reading::default());
        let kept = Kept::open(folder.path(), Organisation::changing(now));
        assert!(!kept.get().ends_with_window);

        administrator.send_replace(decided(Policy {
            close_to_tray: Some(false),
            ..Policy::default()
        }));
        assert!(kept.get().ends_with_window);

        administrator.send_replace(Reading::default());
        assert!(!kept.get().ends_with_window, "the person's own choice counts again");
    }

    #[test]
    fn decided_servers_win_over_the_proposed_one() {
        let proposed = || Some("https://proposed.example.org".to_owned());
        let free = Organisation::of(Reading::default()).servers(proposed());
        assert_eq!(free, Servers::proposing("https://proposed.example.org"));

        let bound = Organisation::of(decided(Policy {
            server_addresses: Some(vec!["https://chat.example.org".to_owned()]),
            allow_other_servers: Some(false),
            ..Policy::default()
        }));
        let servers = bound.servers(proposed());
        assert_eq!(servers.offered, ["https://chat.example.org"]);
        assert!(servers.only_these);
    }
}
