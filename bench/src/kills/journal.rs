//! What was written, what was promised about it, and what the devices showed while it happened.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use protocol::{ConversationId, Entry, EntryKind, UserId};
use tokio::time::Instant;

use crate::checker::{Breach, Promise, Sent, Violation};
use crate::device::Event;

/// The record of a run, shared by everybody who takes part.
#[derive(Clone, Default)]
pub(super) struct Journal(Arc<Mutex<Record>>);

#[derive(Default)]
struct Record {
    sent: Vec<Sent>,
    written_at: Vec<Instant>,
    by_body: HashMap<String, usize>,
    stored: u64,
    latencies: Vec<Duration>,
    /// The newest seq each device shows of each conversation, since it was opened or reloaded.
    shown: HashMap<(String, ConversationId), u64>,
    live: Vec<Violation>,
}

impl Journal {
    /// Notes a message before it is handed to the device; returns its number.
    pub(super) fn intend(&self, author: &UserId, device: usize, conversation: &ConversationId, body: &str) -> usize {
        let mut record = self.record();
        let number = record.sent.len();
        record.sent.push(Sent {
            author: author.clone(),
            device,
            conversation: conversation.clone(),
            body: body.to_owned(),
            promise: Promise::None,
        });
        record.written_at.push(Instant::now());
        record.by_body.insert(body.to_owned(), number);
        number
    }

    /// The message lies in the outbox of its device.
    pub(super) fn kept(&self, number: usize) {
        let promise = &mut self.record().sent[number].promise;
        if *promise == Promise::None {
            *promise = Promise::Kept;
        }
    }

    /// Notes what a device told.
    pub(super) fn note(&self, event: Event) {
        let mut record = self.record();
        match event {
            Event::Opened { device } => record.shown.retain(|(shown_by, _), _| *shown_by != device),
            Event::Reloaded { device, conversation } => {
                record.shown.remove(&(device, conversation));
            }
            Event::Appended {
                device,
                conversation,
                entries,
            } => {
                record.note_shown(&device, &conversation, &entries);
                for entry in &entries {
                    record.note_stored(entry);
                }
            }
        }
    }

    /// How many messages were acknowledged by now.
    pub(super) fn stored_count(&self) -> u64 {
        self.record().stored
    }

    /// Everything that was written.
    pub(super) fn sent(&self) -> Vec<Sent> {
        self.record().sent.clone()
    }

    /// Times from writing to being shown as stored, in ascending order.
    pub(super) fn latencies(&self) -> Vec<Duration> {
        let mut latencies = self.record().latencies.clone();
        latencies.sort();
        latencies
    }

    /// What a device showed live that no log can have.
    pub(super) fn live_violations(&self) -> Vec<Violation> {
        self.record().live.clone()
    }

    /// One line of progress.
    pub(super) fn summary(&self) -> String {
        let record = self.record();
        format!(
            "{} written, {} acknowledged, {} live violations",
            record.sent.len(),
            record.stored,
            record.live.len()
        )
    }

    fn record(&self) -> MutexGuard<'_, Record> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Record {
    fn note_stored(&mut self, entry: &Entry) {
        let EntryKind::Message { body } = &entry.kind else {
            return;
        };
        let Some(number) = self.by_body.get(body).copied() else {
            return;
        };
        let promise = &mut self.sent[number].promise;
        // The first device that shows it decides where it stands; the checker compares all others with it.
        if !matches!(promise, Promise::Stored(_)) {
            *promise = Promise::Stored(entry.seq);
            self.stored += 1;
            self.latencies.push(self.written_at[number].elapsed());
        }
    }

    fn note_shown(&mut self, device: &str, conversation: &ConversationId, entries: &[Entry]) {
        let mut last = self.shown.get(&(device.to_owned(), conversation.clone())).copied();
        for entry in entries {
            let breach = match last {
                Some(last) if entry.seq <= last => Some(Breach::Doubled),
                Some(last) if entry.seq > last + 1 => Some(Breach::Hole),
                _ => None,
            };
            if let (Some(breach), Some(last)) = (breach, last) {
                let (conversation, observer) = (conversation.clone(), device.to_owned());
                let detail = format!("showed {} directly after {last}", entry.seq);
                self.live.push(Violation {
                    breach,
                    conversation,
                    observer,
                    detail,
                });
            }
            last = Some(entry.seq);
        }
        if let Some(last) = last {
            self.shown.insert((device.to_owned(), conversation.clone()), last);
        }
    }
}
