//! Why each message was shown or not, for the person who wonders. It never says what was written.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use protocol::{ConversationId, UnixMs};
use serde::Serialize;
use ts_rs::TS;

use super::NotifyProblem;
use super::verdict::Silence;

/// Lines that are kept: some hours of a busy day.
const MOST_LINES: usize = 200;

/// What became of one message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct JournalLine {
    pub at: UnixMs,
    pub conversation: ConversationId,
    pub seq: u64,
    pub outcome: Outcome,
}

/// Shown, or why not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    Shown {
        content: bool,
    },
    Silent {
        why: Silence,
    },
    /// It should have been shown and could not be.
    Failed {
        problem: NotifyProblem,
    },
}

/// The latest lines. Clones are the same journal.
#[derive(Clone, Default)]
pub(crate) struct Journal(Arc<Mutex<VecDeque<JournalLine>>>);

impl Journal {
    pub(crate) fn write(&self, line: JournalLine) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == MOST_LINES {
            lines.pop_front();
        }
        lines.push_back(line);
    }

    /// The newest first.
    pub(crate) fn lines(&self) -> Vec<JournalLine> {
        let lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.iter().rev().cloned().collect()
    }
}
