//! The promises about a conversation, checked from outside: what was done against what is seen.
//!
//! Knows nothing of how a history came about. It is given what people did, with what they were promised about it, the
//! whole log of each conversation as each reader has it, and what each device shows; it reports every promise that is
//! broken.

mod acts;
mod messages;
mod positions;
mod shown;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use client::view::TimelineItem;
use protocol::{ClientId, ConversationId, Entry, EntryKind, UserId};
use serde::Serialize;

/// What somebody was told about what they did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Promise {
    /// Nothing yet: it may be stored or not, but never twice.
    None,
    /// It lies in the outbox on the device's disk: it must be stored once.
    Kept,
    /// It is stored at this seq: it must stand exactly there.
    Stored(u64),
}

/// One thing that somebody did, as they know it.
#[derive(Debug, Clone)]
pub(crate) struct Deed {
    pub author: UserId,
    /// Which device did it; messages of one device to one conversation keep their order, and so do edits of one message.
    pub device: usize,
    pub conversation: ConversationId,
    /// The texts of messages, edits and topics are unique in the run, so that each can be told from all others.
    pub kind: EntryKind,
    /// Where the device has told it: names a message also after its text is gone.
    pub client_id: Option<ClientId>,
    pub promise: Promise,
}

/// The whole log of one conversation as one reader has it.
#[derive(Debug, Clone)]
pub(crate) struct Log {
    pub observer: String,
    pub conversation: ConversationId,
    pub entries: Vec<Entry>,
}

/// The whole timeline of one conversation as one device shows it.
#[derive(Debug, Clone)]
pub(crate) struct Shown {
    pub observer: String,
    pub conversation: ConversationId,
    /// Whose device it is.
    pub person: UserId,
    pub items: Vec<TimelineItem>,
}

/// Everything there is to check.
#[derive(Debug, Clone, Default)]
pub(crate) struct History {
    pub deeds: Vec<Deed>,
    pub logs: Vec<Log>,
    pub shown: Vec<Shown>,
    /// Who may delete what others wrote.
    pub moderators: Vec<UserId>,
}

/// The way in which a promise is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Breach {
    /// Something that was promised is not there.
    Lost,
    /// A message, an edit, a client id or a position is there more than once.
    Doubled,
    /// Entries stand in another order than they were numbered, acknowledged or written in.
    Swapped,
    /// A position has no entry.
    Hole,
    /// Two observers see different entries at one position.
    Divergent,
    /// Something nobody did.
    Foreign,
    /// An ordinal does not count the messages up to its entry.
    Miscounted,
    /// Somebody changed what they may not change.
    Unallowed,
    /// Something was done to a message after it had been deleted.
    AfterDeletion,
    /// The text of a deleted message is still there.
    Unblanked,
    /// An entry that changes nothing.
    Idle,
    /// A device shows something else than the log says.
    Misdrawn,
}

/// One broken promise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Violation {
    pub breach: Breach,
    pub conversation: ConversationId,
    /// Who saw it.
    pub observer: String,
    pub detail: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            breach,
            conversation,
            observer,
            detail,
        } = self;
        write!(formatter, "{breach:?} in {conversation} at {observer}: {detail}")
    }
}

/// Every broken promise, log by log and device by device.
pub(crate) fn check(history: &History) -> Vec<Violation> {
    let mut report = Report::default();
    let mut longest: BTreeMap<&ConversationId, &Log> = BTreeMap::new();
    for log in &history.logs {
        let held = longest.entry(&log.conversation).or_insert(log);
        if log.last_seq() > held.last_seq() {
            *held = log;
        }
    }
    for log in &history.logs {
        let deeds: Vec<&Deed> = history
            .deeds
            .iter()
            .filter(|deed| deed.conversation == log.conversation)
            .collect();
        let reference = longest[&log.conversation];
        positions::check(log, reference, &mut report);
        messages::check(log, &deeds, &mut report);
        acts::check(log, &deeds, &history.moderators, &mut report);
    }
    for shown in &history.shown {
        if let Some(log) = longest.get(&shown.conversation) {
            shown::check(shown, log, &mut report);
        }
    }
    report.violations
}

#[derive(Default)]
struct Report {
    violations: Vec<Violation>,
}

impl Report {
    fn add(&mut self, log: &Log, breach: Breach, detail: String) {
        self.violations.push(Violation {
            breach,
            conversation: log.conversation.clone(),
            observer: log.observer.clone(),
            detail,
        });
    }
}

impl Log {
    fn last_seq(&self) -> u64 {
        self.entries.iter().map(|entry| entry.seq).max().unwrap_or(0)
    }

    /// The messages that were deleted, each with the seq of its deletion.
    fn deletions(&self) -> HashMap<u64, u64> {
        let deletion = |entry: &Entry| match entry.kind {
            EntryKind::Delete { target } => Some((target, entry.seq)),
            _ => None,
        };
        self.entries.iter().filter_map(deletion).collect()
    }
}
