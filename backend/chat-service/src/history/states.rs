//! What became of messages, by everything that stands in the log: what is saved and what is not saved yet.

use std::collections::{BTreeMap, BTreeSet};

use protocol::timeline::{MessageFold, MessageState};
use protocol::{ConversationId, Entry, EntryKind};

use crate::log::Desk;
use crate::store::{MessageStore, StoreError};

/// What the store did not have at one moment.
///
/// Must be noted before the store is asked: whatever is not in the note is in the store by then.
pub(super) struct Noted {
    /// The seq of the newest entry at that moment.
    pub(super) head: u64,
    pub(super) unsaved: BTreeMap<u64, MessageFold>,
}

impl Noted {
    /// The conversation as it is now.
    pub(super) fn now(desk: &Desk) -> Self {
        desk.look_with_unsaved(|record, unsaved| Self {
            head: record.tail.seq,
            unsaved: unsaved.clone(),
        })
    }

    /// What became of the messages among these entries. Words of deleted messages are taken out of the entries: they
    /// stand in the log until the deletion is saved.
    pub(super) async fn states_of(
        &self,
        store: &(impl MessageStore + ?Sized),
        id: &ConversationId,
        entries: &mut [Entry],
    ) -> Result<States, StoreError> {
        let mut seqs: BTreeSet<u64> = entries.iter().filter_map(words_of).collect();
        let mut folds = store.message_folds(id, seqs.iter().copied().collect()).await?;
        for (seq, newer) in self.unsaved.iter().filter(|(seq, _)| seqs.contains(seq)) {
            folds.entry(*seq).or_default().merge(newer);
        }
        for entry in entries.iter_mut() {
            let deleted = words_of(entry).is_some_and(|seq| folds.get(&seq).is_some_and(MessageFold::is_deleted));
            if deleted {
                entry.kind = entry.kind.blanked();
            }
        }
        // Of messages that are not among the entries nothing is told.
        seqs = entries
            .iter()
            .filter(|entry| entry.kind.is_message())
            .map(|entry| entry.seq)
            .collect();
        folds.retain(|seq, fold| seqs.contains(seq) && !fold.is_untouched());
        Ok(States(folds))
    }
}

/// The message whose words an entry has.
fn words_of(entry: &Entry) -> Option<u64> {
    match entry.kind {
        EntryKind::Message { .. } => Some(entry.seq),
        EntryKind::Edit { target, .. } => Some(target),
        _ => None,
    }
}

/// What became of messages that are not as they were sent, by seq.
pub(super) struct States(BTreeMap<u64, MessageFold>);

impl States {
    pub(super) fn of(&self, seq: u64) -> Option<&MessageFold> {
        self.0.get(&seq)
    }

    /// Forgets those before `first`.
    pub(super) fn keep_from(&mut self, first: u64) {
        self.0.retain(|seq, _| *seq >= first);
    }

    /// As they are sent.
    pub(super) fn list(self) -> Vec<MessageState> {
        let states = self.0.into_iter();
        states.map(|(seq, state)| MessageState { seq, state }).collect()
    }
}
