//! Whether the app starts, hidden, when the person logs in.
//!
//! The system's own entry is the truth, not a preference of ours: people also change it in the settings of their
//! system, and an entry that was removed there must not come back by itself. Only what the organisation decided does.

#[cfg(all(unix, not(target_os = "macos")))]
mod freedesktop;
#[cfg(target_os = "macos")]
mod launch_agent;
#[cfg(windows)]
mod registry;

use std::io;
use std::path::PathBuf;

use serde::Serialize;
use ts_rs::TS;

#[cfg(all(unix, not(target_os = "macos")))]
use self::freedesktop::Entry;
#[cfg(target_os = "macos")]
use self::launch_agent::Entry;
#[cfg(windows)]
use self::registry::Entry;
use crate::organisation::Organisation;

/// What the app is started with at log-in.
const ARGUMENT: &str = "--hidden";

/// How it is, for the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub struct AutostartView {
    pub on: bool,
    /// Whether it can be chosen here at all: not by an app that lives in a sandbox or has no fixed place.
    pub possible: bool,
    /// Whether the organisation decided it.
    pub decided: bool,
}

/// Starting at log-in, on this system.
pub(crate) struct Autostart {
    entry: Option<Entry>,
    organisation: Organisation,
}

impl Autostart {
    /// For the app in this file; none where it has no place that lasts.
    pub(crate) fn of(program: Option<PathBuf>, organisation: Organisation) -> Self {
        Self {
            entry: program.and_then(Entry::of),
            organisation,
        }
    }

    /// How it is now.
    pub(crate) fn view(&self) -> AutostartView {
        AutostartView {
            on: self.entry.as_ref().is_some_and(Entry::is_there),
            possible: self.entry.is_some(),
            decided: self.organisation.starts_at_log_in().is_some(),
        }
    }

    /// Does what the person chose; what the organisation decided stays.
    pub(crate) fn set(&self, on: bool) -> io::Result<()> {
        let Some(entry) = &self.entry else {
            return Err(io::ErrorKind::Unsupported.into());
        };
        if self.organisation.starts_at_log_in().unwrap_or(on) {
            entry.put()
        } else {
            entry.remove()
        }
    }

    /// Does what the organisation decided, now and whenever it decides otherwise.
    pub(crate) async fn obey(&self) {
        let mut organisation = self.organisation.clone();
        loop {
            if let Some(wanted) = organisation.starts_at_log_in()
                && self.entry.is_some()
                && self.view().on != wanted
                && let Err(error) = self.set(wanted)
            {
                tracing::warn!(%error, wanted, "starting at log-in is not as the organisation decided");
            }
            organisation.changed().await;
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests;
