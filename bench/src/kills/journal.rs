//! What was done, what was promised about it, and what the devices showed while it happened.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use client::view::{Failure, MessageView, TimelineItem};
use protocol::{ClientId, ConversationId, EntryKind, ErrorCode, UserId};
use tokio::time::Instant;

use crate::checker::{Breach, Deed, Promise, Violation};
use crate::device::Event;

/// The record of a run, shared by everybody who takes part.
#[derive(Clone, Default)]
pub(super) struct Journal(Arc<Mutex<Record>>);

#[derive(Default)]
struct Record {
    deeds: Vec<Deed>,
    done_at: Vec<Instant>,
    by_body: HashMap<String, usize>,
    by_client_id: HashMap<ClientId, usize>,
    /// Messages that some device has shown as stored, and whose they are.
    stored: BTreeMap<(ConversationId, u64), UserId>,
    latencies: Vec<Duration>,
    /// The newest seq each device shows of each conversation, since it was opened or reloaded.
    shown: HashMap<(String, ConversationId), u64>,
    live: Vec<Violation>,
}

impl Journal {
    /// Notes a deed before it is handed to the device; returns its number.
    pub(super) fn intend(
        &self,
        author: &UserId,
        device: usize,
        conversation: &ConversationId,
        kind: EntryKind,
    ) -> usize {
        let mut record = self.record();
        let number = record.deeds.len();
        if let EntryKind::Message { body, .. } = &kind {
            record.by_body.insert(body.clone(), number);
        }
        record.deeds.push(Deed {
            author: author.clone(),
            device,
            conversation: conversation.clone(),
            kind,
            client_id: None,
            promise: Promise::None,
        });
        record.done_at.push(Instant::now());
        number
    }

    /// It lies in the outbox of its device, a message under this client id.
    pub(super) fn kept(&self, number: usize, client_id: Option<ClientId>) {
        let mut record = self.record();
        if let Some(client_id) = client_id {
            record.name(number, client_id);
        }
        let promise = &mut record.deeds[number].promise;
        if *promise == Promise::None {
            *promise = Promise::Kept;
        }
    }

    /// The server has acknowledged it at this seq.
    pub(super) fn stored(&self, number: usize, seq: u64) {
        self.record().deeds[number].promise = Promise::Stored(seq);
    }

    /// The device knew at once that it cannot be done, so nothing was promised.
    pub(super) fn refused(&self, number: usize) {
        // Its kind stays, as one that may be there and need not be.
        self.record().deeds[number].promise = Promise::None;
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
                items,
                last,
            } => {
                record.note_shown(&device, &conversation, &items, last);
                for item in &items {
                    if let TimelineItem::Message(message) = item {
                        record.note_stored(message);
                    }
                }
            }
            Event::ActRefused {
                device,
                conversation,
                seq,
                failure,
            } => record.note_refusal(device, conversation, seq, &failure),
        }
    }

    /// A message in this conversation that may be acted on, of this author if one is named; `pick` chooses a number.
    pub(super) fn target(
        &self,
        conversation: &ConversationId,
        author: Option<&UserId>,
        pick: impl FnOnce(u64) -> u64,
    ) -> Option<u64> {
        let record = self.record();
        let in_it = record
            .stored
            .range((conversation.clone(), 0)..=(conversation.clone(), u64::MAX));
        let fitting: Vec<u64> = in_it
            .filter(|(_, wrote)| author.is_none_or(|author| *wrote == author))
            .map(|((_, seq), _)| *seq)
            .collect();
        // What was written lately is what people act on.
        let lately = &fitting[fitting.len().saturating_sub(30)..];
        let chosen = usize::try_from(pick(lately.len() as u64)).ok()?;
        lately.get(chosen).copied()
    }

    /// How many messages were acknowledged by now.
    pub(super) fn stored_count(&self) -> u64 {
        self.record().stored.len() as u64
    }

    /// Everything that was done.
    pub(super) fn deeds(&self) -> Vec<Deed> {
        self.record().deeds.clone()
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
        let messages = record.deeds.iter().filter(|deed| deed.kind.is_message()).count();
        format!(
            "{messages} messages written, {} acknowledged, {} other deeds, {} live violations",
            record.stored.len(),
            record.deeds.len() - messages,
            record.live.len()
        )
    }

    fn record(&self) -> MutexGuard<'_, Record> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Record {
    fn name(&mut self, number: usize, client_id: ClientId) {
        self.by_client_id.insert(client_id.clone(), number);
        self.deeds[number].client_id = Some(client_id);
    }

    fn note_stored(&mut self, message: &MessageView) {
        let by_text = self.by_body.get(&message.body);
        let Some(number) = by_text.or_else(|| self.by_client_id.get(&message.client_id)).copied() else {
            return;
        };
        self.name(number, message.client_id.clone());
        // The first device that shows it decides where it stands; the checker compares all others with it.
        if !matches!(self.deeds[number].promise, Promise::Stored(_)) {
            self.deeds[number].promise = Promise::Stored(message.seq);
            self.latencies.push(self.done_at[number].elapsed());
            let place = (message.conversation.clone(), message.seq);
            self.stored.insert(place, message.author.clone());
        }
    }

    fn note_shown(&mut self, device: &str, conversation: &ConversationId, items: &[TimelineItem], last: u64) {
        let place = (device.to_owned(), conversation.clone());
        let mut newest = self.shown.get(&place).copied().unwrap_or(0);
        for item in items {
            let seq = match item {
                TimelineItem::Message(message) => message.seq,
                TimelineItem::Event(entry) => entry.seq,
            };
            if seq <= newest {
                let detail = format!("showed {seq} after {newest}");
                self.add(Breach::Doubled, conversation.clone(), device.to_owned(), detail);
            }
            newest = newest.max(seq);
        }
        self.shown.insert(place, newest.max(last));
    }

    /// Only what was deleted meanwhile cannot be acted on any more.
    fn note_refusal(&mut self, device: String, conversation: ConversationId, seq: u64, failure: &Failure) {
        let is_deleted = matches!(
            failure,
            Failure::Refused {
                code: ErrorCode::MessageDeleted,
                ..
            }
        );
        if !is_deleted {
            let detail = format!("an act on {seq} was refused: {failure}");
            self.add(Breach::Lost, conversation, device, detail);
        }
    }

    fn add(&mut self, breach: Breach, conversation: ConversationId, observer: String, detail: String) {
        self.live.push(Violation {
            breach,
            conversation,
            observer,
            detail,
        });
    }
}
