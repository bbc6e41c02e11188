//! One transaction and what it changes for whoever draws.

use std::collections::{BTreeSet, HashMap};

use protocol::{ConversationId, Entry, UserId};
use rusqlite::Connection;

use super::{StoreError, conversations, outbox, people};
use crate::change::Change;
use crate::originals::Original;

/// A write in progress. Changes are collected and told only once it is committed.
pub(crate) struct Writing<'a> {
    pub(crate) disk: &'a Connection,
    told: Vec<Change>,
    rows: BTreeSet<ConversationId>,
    pending: BTreeSet<ConversationId>,
    people: BTreeSet<UserId>,
    originals: HashMap<(ConversationId, u64), String>,
    /// Whether somebody was seen who is not known.
    pub(crate) meets_strangers: bool,
}

impl<'a> Writing<'a> {
    pub(super) fn new(disk: &'a Connection) -> Self {
        Self {
            disk,
            told: Vec::new(),
            rows: BTreeSet::new(),
            pending: BTreeSet::new(),
            people: BTreeSet::new(),
            originals: HashMap::new(),
            meets_strangers: false,
        }
    }

    /// An entry of this write is unknown here, and this is how it came.
    pub(crate) fn came_as(&mut self, original: Original) {
        let position = (original.conversation, original.seq);
        self.originals.insert(position, original.json);
    }

    /// How an entry that is unknown here came.
    pub(crate) fn original(&self, entry: &Entry) -> Option<&str> {
        let position = (entry.conversation.clone(), entry.seq);
        self.originals.get(&position).map(String::as_str)
    }

    /// These entries continue what was known at the end of the conversation.
    pub(crate) fn appended(&mut self, entry: Entry) {
        // Whoever opens the conversation again after this write finds the entry there.
        if self.is_reloaded(&entry.conversation) {
            return;
        }
        if let Some(Change::Appended { conversation, entries }) = self.told.last_mut()
            && *conversation == entry.conversation
        {
            entries.push(entry);
            return;
        }
        self.told.push(Change::Appended {
            conversation: entry.conversation.clone(),
            entries: vec![entry],
        });
    }

    /// What was known of this conversation does not join up with the present.
    pub(crate) fn reloaded(&mut self, conversation: &ConversationId) {
        if !self.is_reloaded(conversation) {
            // What was appended before in this same write is part of what will be opened again.
            self.told
                .retain(|change| !matches!(change, Change::Appended { conversation: of, .. } if of == conversation));
            self.told.push(Change::Reloaded {
                conversation: conversation.clone(),
            });
        }
    }

    fn is_reloaded(&self, conversation: &ConversationId) -> bool {
        let reloads = |change: &Change| matches!(change, Change::Reloaded { conversation: of } if of == conversation);
        self.told.iter().any(reloads)
    }

    /// This conversation is gone.
    pub(crate) fn removed(&mut self, conversation: &ConversationId) {
        self.rows.remove(conversation);
        self.told
            .retain(|change| !matches!(change, Change::Reloaded { conversation: of } if of == conversation));
        self.told.push(Change::ConversationRemoved {
            conversation: conversation.clone(),
        });
    }

    /// The row of this conversation is new or different.
    pub(crate) fn row(&mut self, conversation: &ConversationId) {
        self.rows.insert(conversation.clone());
    }

    /// The waiting messages of this conversation are different.
    pub(crate) fn pending(&mut self, conversation: &ConversationId) {
        self.pending.insert(conversation.clone());
    }

    /// This person is new or different.
    pub(crate) fn person(&mut self, person: &UserId) {
        self.people.insert(person.clone());
    }

    /// Everything that this write changes, as it will be once committed.
    pub(super) fn changes(mut self) -> Result<Vec<Change>, StoreError> {
        for conversation in std::mem::take(&mut self.pending) {
            let pending = outbox::of_conversation(self.disk, &conversation)?;
            self.told.push(Change::Pending { conversation, pending });
        }
        let mut rows = Vec::new();
        for conversation in std::mem::take(&mut self.rows) {
            rows.extend(conversations::row(self.disk, &conversation)?);
        }
        if !rows.is_empty() {
            self.told.push(Change::Conversations { rows });
        }
        let mut changed = Vec::new();
        for person in std::mem::take(&mut self.people) {
            changed.extend(people::find(self.disk, &person)?);
        }
        if !changed.is_empty() {
            self.told.push(Change::People { people: changed });
        }
        Ok(self.told)
    }
}
