//! What entries fold into and the store does not have yet.

use std::collections::BTreeMap;

use protocol::timeline::{ConversationFold, MessageFold};
use protocol::{ConversationId, Entry, UserId};

use crate::store::{ChatStore, Folded, StoreError, Whom, name_key};

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
    /// Everything that is not saved was stored by other nodes, which save it.
    is_others: bool,
}

/// How soon what is not saved must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Urgency {
    /// Others would see old members or an old name, or the next opening would be slow.
    Now,
    /// Readers are given what is not saved; only the next opening has more to do.
    Soon,
    /// Other nodes are about to save it; if they die, this one has to.
    Elsewhere,
    /// There is nothing but messages that fold into nothing, and name nobody.
    None,
}

impl Unsaved {
    /// The store has folded everything up to `saved`.
    pub(super) fn nothing(saved: u64) -> Self {
        Self {
            folded: Folded::default(),
            applied: saved,
            saved,
            is_others: true,
        }
    }

    /// Takes the next entry into account.
    pub(super) fn apply(&mut self, entry: &Entry) {
        self.apply_heard(entry);
        self.is_others = false;
    }

    /// The same for an entry that another node has stored.
    pub(super) fn apply_heard(&mut self, entry: &Entry) {
        self.folded.apply(entry);
        self.applied = entry.seq;
    }

    /// Another node has saved everything up to here.
    pub(super) fn saved_elsewhere(&mut self, folded: u64) {
        if folded >= self.applied {
            self.forget();
        }
    }

    /// What became of messages.
    pub(super) fn messages(&self) -> &BTreeMap<u64, MessageFold> {
        &self.folded.messages
    }

    /// Messages of which a version named this person or everybody.
    pub(super) fn naming(&self, person: &UserId) -> Vec<u64> {
        let (person, named) = (Whom::Person(person.clone()), self.folded.named.iter());
        let naming = named.filter(|(_, whom)| whom.contains(&person) || whom.contains(&Whom::Everybody));
        naming.map(|(seq, _)| *seq).collect()
    }

    /// How soon it must be saved.
    pub(super) fn urgency(&self) -> Urgency {
        let is_awaited =
            self.folded.conversation != ConversationFold::default() || self.applied >= self.saved + SAVE_EVERY;
        if !is_awaited && self.folded.messages.is_empty() && self.folded.named.is_empty() {
            Urgency::None
        } else if self.is_others {
            Urgency::Elsewhere
        } else if is_awaited {
            Urgency::Now
        } else {
            Urgency::Soon
        }
    }

    /// Writes everything to the store, if there is anything, and answers up to where. [`Self::forget`] it afterwards.
    ///
    /// Old names of a channel are given up only after the new one stands in the store.
    pub(super) async fn save(&self, store: &dyn ChatStore, id: &ConversationId) -> Result<Option<u64>, StoreError> {
        if self.applied == self.saved {
            return Ok(None);
        }
        store.save_fold(id, self.folded.clone(), self.applied).await?;
        if let Some(name) = &self.folded.conversation.name {
            store.release_names_but(id, name_key(&name.value)).await?;
        }
        Ok(Some(self.applied))
    }

    /// Forgets what the store has now.
    pub(super) fn forget(&mut self) {
        *self = Self::nothing(self.applied);
    }
}

#[cfg(test)]
mod tests {
    use protocol::EntryKind;

    use super::*;
    use crate::testing::{conversation, message, user};

    #[test]
    fn messages_of_other_nodes_cost_this_one_no_writing() {
        let mut unsaved = Unsaved::nothing(0);
        unsaved.apply_heard(&message(&conversation(1), 1, &user(1)));
        assert_eq!(unsaved.urgency(), Urgency::None);
        let delete = EntryKind::Delete { target: 1 };
        let deleted = Entry {
            kind: delete,
            ..message(&conversation(1), 2, &user(1))
        };
        unsaved.apply_heard(&deleted);
        assert_eq!(
            unsaved.urgency(),
            Urgency::Elsewhere,
            "what became of them, if that node dies"
        );
    }
}
