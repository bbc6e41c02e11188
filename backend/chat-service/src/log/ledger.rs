//! A conversation in memory: how it stands, and the way to its subscribers.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use protocol::Entry;

use super::unsaved::{Unsaved, Urgency};
use crate::fanout::feed::Feed;
use crate::store::{ChatStore, Record, StoreError};

/// Read by everybody, changed by the conversation's sequencer alone.
pub(super) struct Ledger {
    pub(super) feed: Arc<Feed>,
    state: Mutex<State>,
}

/// Both under one lock, so that who reads them sees one moment of the log.
struct State {
    record: Record,
    unsaved: Unsaved,
}

impl Ledger {
    pub(super) fn new(feed: Arc<Feed>, record: Record, unsaved: Unsaved) -> Self {
        let state = Mutex::new(State { record, unsaved });
        Self { feed, state }
    }

    pub(super) fn look<T>(&self, at: impl FnOnce(&Record) -> T) -> T {
        at(&self.state().record)
    }

    /// Looks at the conversation, and at what its entries fold into and the store does not have yet.
    pub(super) fn look_with_unsaved<T>(&self, at: impl FnOnce(&Record, &Unsaved) -> T) -> T {
        let state = self.state();
        at(&state.record, &state.unsaved)
    }

    /// Takes stored entries into account. They follow the tail without a hole.
    pub(super) fn apply(&self, entries: &[Entry]) {
        self.apply_by(entries, Unsaved::apply);
    }

    /// The same for entries that another node has stored, and saves.
    pub(super) fn apply_heard(&self, entries: &[Entry]) {
        self.apply_by(entries, Unsaved::apply_heard);
    }

    fn apply_by(&self, entries: &[Entry], apply: impl Fn(&mut Unsaved, &Entry)) {
        let mut state = self.state();
        let State { record, unsaved } = &mut *state;
        for entry in entries {
            apply(unsaved, entry);
            record.fold.apply(entry);
            record.tail.seq = entry.seq;
            record.tail.ordinal = entry.ordinal;
            record.tail.at = entry.at;
            record.tail.client_id = Some(entry.client_id.clone());
        }
    }

    /// Another node has saved everything up to here.
    pub(super) fn saved_elsewhere(&self, folded: u64) {
        self.state().unsaved.saved_elsewhere(folded);
    }

    /// Writes to the store what it does not have, and answers up to where it has everything if anything was written.
    /// Nothing may be applied meanwhile.
    pub(super) async fn save(&self, store: &dyn ChatStore) -> Result<Option<u64>, StoreError> {
        let unsaved = self.state().unsaved.clone();
        let saved = unsaved.save(store, &self.feed.conversation).await?;
        self.state().unsaved.forget();
        Ok(saved)
    }

    pub(super) fn urgency(&self) -> Urgency {
        self.state().unsaved.urgency()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
