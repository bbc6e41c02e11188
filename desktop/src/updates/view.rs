//! What the settings show of updates.

use protocol::UnixMs;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use updates::install::{InstallFault, Way, WhyNot};
use updates::{Channel, FetchFault, SealFault, Waiting, WebFault};

/// Everything about updates, as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct UpdatesView {
    pub channel: UpdatesChannel,
    /// Whether the organisation chose it.
    pub channel_is_set: bool,
    /// When a server answered last.
    pub last_look: Option<UnixMs>,
    pub state: UpdateState,
}

/// Which versions somebody wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum UpdatesChannel {
    Stable,
    Beta,
}

/// Where an update is on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum UpdateState {
    /// The organisation installs new versions.
    Off,
    /// This build knows nobody whose versions it would take.
    NotBuiltIn,
    /// It runs where it was built, or was unpacked by hand.
    NotInstalled,
    /// Flatpak or Snap bring new versions.
    Store,
    /// Nobody was asked yet.
    Idle,
    Looking,
    UpToDate,
    Downloading {
        update: UpdateInfo,
        done: u64,
        /// Null while the server does not say it.
        total: Option<u64>,
    },
    Ready {
        update: UpdateInfo,
        way: UpdateWay,
    },
    Installing {
        update: UpdateInfo,
    },
    Failed {
        problem: UpdateProblem,
        /// Null when it is about no version.
        version: Option<String>,
    },
}

/// A version that is not here yet, or waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct UpdateInfo {
    pub version: String,
    /// Markdown; empty when there are none.
    pub notes: String,
}

/// What it takes to install it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "way", rename_all = "snake_case")]
pub enum UpdateWay {
    /// Starting the app again.
    Restart,
    /// That, and somebody who may change the system.
    Asks,
    /// This command, by somebody who may.
    ByHand { command: String },
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "problem", rename_all = "snake_case")]
pub enum UpdateProblem {
    /// The server does not answer, or the connection broke off again and again.
    Unreachable { detail: String },
    /// The server says something that cannot be used.
    NotUnderstood { detail: String },
    /// The file is not what its makers signed.
    Signature,
    /// There is no file of the version for this sort of installation.
    NoFile,
    /// There is no room, or no right to write.
    Storage { detail: String },
    /// Nobody who may install agreed.
    NotAllowed,
    /// The tool of the system that installs failed.
    Install { detail: String },
    /// It was installed and did not start; the one before is back.
    DidNotStart,
}

/// Sent to the window beside the changes of the client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum UpdatesChange {
    Updates { updates: UpdatesView },
}

impl Default for UpdatesView {
    /// Before anybody looks after it.
    fn default() -> Self {
        Self {
            channel: UpdatesChannel::Stable,
            channel_is_set: false,
            last_look: None,
            state: UpdateState::NotBuiltIn,
        }
    }
}

impl From<Channel> for UpdatesChannel {
    fn from(channel: Channel) -> Self {
        match channel {
            Channel::Stable => Self::Stable,
            Channel::Beta => Self::Beta,
        }
    }
}

impl From<UpdatesChannel> for Channel {
    fn from(channel: UpdatesChannel) -> Self {
        match channel {
            UpdatesChannel::Stable => Self::Stable,
            UpdatesChannel::Beta => Self::Beta,
        }
    }
}

impl From<WhyNot> for UpdateState {
    fn from(why: WhyNot) -> Self {
        match why {
            WhyNot::NotInstalled => Self::NotInstalled,
            WhyNot::Store => Self::Store,
        }
    }
}

impl From<&Waiting> for UpdateInfo {
    fn from(waiting: &Waiting) -> Self {
        Self {
            version: waiting.version.to_string(),
            notes: waiting.notes.clone(),
        }
    }
}

impl UpdateWay {
    /// What the person has to do for a file at this place.
    pub(super) fn of(way: Way, file: &std::path::Path) -> Self {
        match way {
            Way::Alone => Self::Restart,
            Way::Asks => Self::Asks,
            Way::ByHand(command) => Self::ByHand {
                command: format!("{command} '{}'", file.display().to_string().replace('\'', r"'\''")),
            },
        }
    }
}

impl From<&WebFault> for UpdateProblem {
    fn from(fault: &WebFault) -> Self {
        let detail = fault.to_string();
        match fault {
            WebFault::Unreachable(detail) => Self::Unreachable { detail: detail.clone() },
            WebFault::NotEncrypted(_) | WebFault::Status(_) | WebFault::TooLarge(_) | WebFault::Manifest(_) => {
                Self::NotUnderstood { detail }
            }
        }
    }
}

impl From<&SealFault> for UpdateProblem {
    fn from(fault: &SealFault) -> Self {
        match fault {
            SealFault::Unreadable(error) => Self::Storage {
                detail: error.to_string(),
            },
            SealFault::NotAKey(_)
            | SealFault::NotASignature
            | SealFault::ForAnotherFile { .. }
            | SealFault::Wrong(_) => Self::Signature,
        }
    }
}

impl From<&FetchFault> for UpdateProblem {
    fn from(fault: &FetchFault) -> Self {
        match fault {
            FetchFault::Web(fault) => fault.into(),
            FetchFault::Seal(fault) => fault.into(),
            FetchFault::Storage(error) => Self::Storage {
                detail: error.to_string(),
            },
            FetchFault::TooSlow(_) => Self::Unreachable {
                detail: fault.to_string(),
            },
        }
    }
}

impl From<&InstallFault> for UpdateProblem {
    fn from(fault: &InstallFault) -> Self {
        let detail = fault.to_string();
        match fault {
            InstallFault::Seal(fault) => fault.into(),
            InstallFault::Storage { .. } => Self::Storage { detail },
            InstallFault::NotAllowed => Self::NotAllowed,
            InstallFault::Program { .. } => Self::Install { detail },
        }
    }
}
