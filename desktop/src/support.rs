//! What helps to find out what went wrong: the log, a note about the last fault, and a file with both for support.

mod bundle;
pub mod crash;
mod lines;
pub(crate) mod log_file;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use client::clock::{Clock, SystemClock};
use client::probe::ConnectionTest;
use client::view::Failure;
use client::{Client, StoreFacts};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use self::bundle::Facts;
use self::crash::CrashNote;
use crate::desk::Desk;
use crate::device;
use crate::organisation::Organisation;
use crate::telemetry::Log;

/// The file, below the folder of the profile.
const FILE: &str = "support.json";
/// The folder of the log, below that of the profile.
const LOG: &str = "log";

/// How much is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LogLevel {
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

/// What is shown about support.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct SupportView {
    pub log_level: LogLevel,
    /// Whether the organisation set it.
    pub log_decided: bool,
    /// Whether a file for support may be saved here.
    pub allowed: bool,
    /// The last fault of the program, until it is put away.
    pub crash: Option<CrashNote>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    log_level: Option<LogLevel>,
}

/// The log and the notes of one profile. Clones are the same.
#[derive(Clone)]
pub(crate) struct Support(Arc<Inner>);

struct Inner {
    folder: PathBuf,
    log: Option<Log>,
    organisation: Organisation,
    chosen: Mutex<Option<LogLevel>>,
}

impl LogLevel {
    /// As filters of the log are written: our own parts this much, the others only what is unusual.
    pub(crate) fn filter(self) -> String {
        let word = match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        };
        format!("warn,loquat_desktop={word},loquat_window={word},client={word}")
    }
}

impl Support {
    /// Logs into this profile from now on, as much as was decided or chosen, and notes faults of the program.
    pub(crate) fn open(folder: &Path, log: Log, organisation: &Organisation) -> Self {
        log.keep_in(&folder.join(LOG));
        crash::watch(folder);
        let support = Self::of(folder, Some(log), organisation);
        if let Some(level) = support.decided().or(support.chosen()) {
            support.use_level(level);
        }
        support
    }

    fn of(folder: &Path, log: Option<Log>, organisation: &Organisation) -> Self {
        let kept = std::fs::read(folder.join(FILE)).unwrap_or_default();
        let kept: Kept = serde_json::from_slice(&kept).unwrap_or_default();
        Self(Arc::new(Inner {
            folder: folder.to_owned(),
            log,
            organisation: organisation.clone(),
            chosen: Mutex::new(kept.log_level),
        }))
    }

    /// Follows what the organisation decides, for ever.
    pub(crate) async fn obey(&self) {
        let mut organisation = self.0.organisation.clone();
        loop {
            organisation.changed().await;
            self.use_level(self.view().log_level);
        }
    }

    pub(crate) fn view(&self) -> SupportView {
        SupportView {
            log_level: self.decided().or(self.chosen()).unwrap_or(LogLevel::Info),
            log_decided: self.decided().is_some(),
            allowed: self.0.organisation.allows_diagnostics(),
            crash: crash::last(&self.0.folder),
        }
    }

    /// Logs this much from now on, unless the organisation decided.
    pub(crate) fn set_level(&self, level: LogLevel) -> Result<SupportView, Failure> {
        let kept = Kept { log_level: Some(level) };
        let written = serde_json::to_vec_pretty(&kept)
            .map_err(std::io::Error::from)
            .and_then(|text| std::fs::write(self.0.folder.join(FILE), text));
        written.map_err(|error| Failure::Storage {
            detail: error.to_string(),
        })?;
        *self.0.chosen.lock().unwrap_or_else(PoisonError::into_inner) = Some(level);
        if self.decided().is_none() {
            self.use_level(level);
        }
        Ok(self.view())
    }

    /// Puts the note of the last fault away.
    pub(crate) fn forget_crash(&self) {
        crash::forget(&self.0.folder);
    }

    /// The content of a file for support: a zip. None where the organisation does not want such files.
    pub(crate) async fn bundle(&self, desk: &Desk) -> Result<Vec<u8>, Failure> {
        if !self.0.organisation.allows_diagnostics() {
            return Err(Failure::Storage {
                detail: "the organisation does not allow files for support".to_owned(),
            });
        }
        let client = desk.client().await.ok();
        let (server, test, store) = ask(client.as_ref()).await;
        let facts = Facts {
            system: device::this_device().system,
            now: SystemClock.now(),
            preferences: desk.preferences().get(),
            network: desk.network().view(&server).await,
            policy: self.0.organisation.view(),
            test,
            store,
            journal: desk.journal().lines(),
            crash: crash::last(&self.0.folder),
            log: log_file::read(&self.0.folder.join(LOG)),
        };
        bundle::zip(&facts).map_err(|error| Failure::Storage {
            detail: error.to_string(),
        })
    }

    fn decided(&self) -> Option<LogLevel> {
        self.0.organisation.log_level()
    }

    fn chosen(&self) -> Option<LogLevel> {
        *self.0.chosen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn use_level(&self, level: LogLevel) {
        if let Some(log) = &self.0.log {
            log.change(&level.filter());
        }
    }
}

/// What a client can say, as far as there is one.
async fn ask(client: Option<&Client>) -> (String, Option<ConnectionTest>, Option<StoreFacts>) {
    let Some(client) = client else {
        return (String::new(), None, None);
    };
    let server = client.server().await.unwrap_or_default();
    let test = client.test_connection(None).await.ok();
    (server, test, client.store_facts().await.ok())
}

#[cfg(test)]
impl Support {
    /// One that logs nothing and that nothing was decided for.
    pub(crate) fn testing(folder: &Path) -> Self {
        Self::of(folder, None, &Organisation::of(policy::Reading::default()))
    }
}
