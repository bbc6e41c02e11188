//! Telling the person of messages outside the window.
//!
//! Read in this order: [`verdict`] (which message is worth it, as a pure rule), [`follow`] (what arrives, is read or
//! goes becomes a note shown, replaced or withdrawn), [`note`] (what stands on it), [`journal`] (why each was shown
//! or not), [`system`] (how this system shows it). There is one note per conversation: a later message replaces it.

pub(crate) mod follow;
pub mod journal;
pub(crate) mod note;
pub(crate) mod system;
#[cfg(test)]
mod tests;
mod unnamed;
pub mod verdict;

use async_trait::async_trait;
use serde::Serialize;
use tokio::sync::mpsc;
use ts_rs::TS;

use note::Note;

/// How this system calls a note that is shown.
pub(crate) type NoteId = u32;

/// Notes that were clicked, to be taken from.
pub(crate) type Clicks = mpsc::Receiver<NoteId>;

/// Why the system shows nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS, thiserror::Error)]
#[serde(tag = "problem", rename_all = "snake_case")]
pub enum NotifyProblem {
    /// Nobody on this computer shows notifications.
    #[error("nobody on this computer shows notifications ({detail})")]
    NoService { detail: String },
    /// Whoever shows them refused.
    #[error("the notification was refused: {detail}")]
    Refused { detail: String },
    /// Whoever shows them did not answer in time.
    #[error("the service for notifications does not answer")]
    Silent,
}

/// What came of a test note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct TestResult {
    /// Why it is not on the screen; null when it is, as far as this computer says.
    pub problem: Option<NotifyProblem>,
    /// Whether messages are not shown now because notifications are paused.
    pub paused: bool,
    /// Whether messages are not shown now because it is a quiet hour.
    pub quiet_hour: bool,
}

/// What shows notes on this system.
#[async_trait]
pub(crate) trait Notifier: Send + Sync {
    /// Shows a note in the place of `replaced`, where that is still there.
    async fn show(&self, note: &Note, replaced: Option<NoteId>) -> Result<NoteId, NotifyProblem>;

    /// Takes a note away. One that is gone already is no fault.
    async fn withdraw(&self, id: NoteId);

    /// Whether somebody else may be looking at the screen. No where it cannot be known.
    async fn screen_is_locked(&self) -> bool;
}
