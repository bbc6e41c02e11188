//! What entries fold into and the store does not have yet.

use std::collections::BTreeMap;

use protocol::timeline::{ConversationFold, MessageFold};
use protocol::{ConversationId, Entry};

use crate::store::{ChatStore, Folded, StoreError, name_key};

/// Messages fold into nothing, so how far the store has folded is raised only after this many of them.
const SAVE_EVERY: u64 = 256;

/// Folded fields that are newer than the stored ones.
#[derive(Debug, Clone)]
pub(super) struct Unsaved {
    folded: Folded,
    /// Everything up to here is in `folded` or in the store.
    applied: u64,
    /// The store says that everything up to here is in it.
    saved: u64,
}

/// How soon what is not saved must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Urgency {
    /// Others would see old members or an old name, or the next opening would be slow.
    Now,
    /// Readers are given what is not saved; only the next opening has more to do.
    Soon,
    /// There is nothing but messages that fold into nothing.
    None,
}

impl Unsaved {
    /// The store has folded everything up to `saved`.
    pub(super) fn nothing(saved: u64) -> Self {
        Self {
            folded: Folded::default(),
            applied: saved,
            saved,
        }
    }

    /// Takes the next entry into account.
    pub(super) fn apply(&mut self, entry: &Entry) {
        self.folded.apply(entry);
        self.applied = entry.seq;
    }

    /// What became of messages.
    pub(super) fn messages(&self) -> &BTreeMap<u64, MessageFold> {
        &self.folded.messages
    }

    /// How soon it must be saved.
    pub(super) fn urgency(&self) -> Urgency {
        if self.folded.conversation != ConversationFold::default() || self.applied >= self.saved + SAVE_EVERY {
            Urgency::Now
        } else if self.folded.messages.is_empty() {
            Urgency::None
        } else {
            Urgency::Soon
        }
    }

    /// Writes everything to the store, if there is anything. [`Self::forget`] it afterwards.
    ///
    /// Old names of a channel are given up only after the new one stands in the store.
    pub(super) async fn save(&self, store: &dyn ChatStore, id: &ConversationId) -> Result<(), StoreError> {
        if self.applied == self.saved {
            return Ok(());
        }
        store.save_fold(id, self.folded.clone(), self.applied).await?;
        if let Some(name) = &self.folded.conversation.name {
            store.release_names_but(id, name_key(&name.value)).await?;
        }
        Ok(())
    }

    /// Forgets what the store has now.
    pub(super) fn forget(&mut self) {
        *self = Self::nothing(self.applied);
    }
}
