//! What entries fold into and the store does not have yet.

use protocol::timeline::ConversationFold;
use protocol::{ConversationId, Entry};

use crate::store::{ChatStore, StoreError, name_key};

/// Messages fold into nothing, so how far the store has folded is raised only after this many of them.
const SAVE_EVERY: u64 = 256;

/// Folded fields that are newer than the stored ones.
#[derive(Debug)]
pub(super) struct Unsaved {
    fold: ConversationFold,
    /// Everything up to here is in `fold` or in the store.
    applied: u64,
    /// The store says that everything up to here is in it.
    saved: u64,
}

impl Unsaved {
    /// The store has folded everything up to `saved`.
    pub(super) fn nothing(saved: u64) -> Self {
        Self {
            fold: ConversationFold::default(),
            applied: saved,
            saved,
        }
    }

    /// Takes the next entry into account.
    pub(super) fn apply(&mut self, entry: &Entry) {
        self.fold.apply(entry);
        self.applied = entry.seq;
    }

    /// Whether waiting longer would make the next opening slow, or people see old members.
    pub(super) fn is_due(&self) -> bool {
        self.fold != ConversationFold::default() || self.applied >= self.saved + SAVE_EVERY
    }

    /// Writes everything to the store, if there is anything.
    ///
    /// Old names of a channel are given up only after the new one stands in the store.
    pub(super) async fn save(&mut self, store: &dyn ChatStore, id: &ConversationId) -> Result<(), StoreError> {
        if self.applied == self.saved {
            return Ok(());
        }
        store.save_fold(id, self.fold.clone(), self.applied).await?;
        if let Some(name) = &self.fold.name {
            store.release_names_but(id, name_key(&name.value)).await?;
        }
        self.fold = ConversationFold::default();
        self.saved = self.applied;
        Ok(())
    }
}
