//! One transaction and what it changes for whoever draws.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use protocol::rest::identity::WorkspaceSettings;
use protocol::{ConversationId, Entry, UserId};
use rusqlite::Connection;

use super::{StoreError, conversations, entries, outbox, people};
use crate::change::Change;
use crate::originals::Original;
use crate::views::Viewer;

/// A write in progress. Changes are collected and told only once it is committed.
pub(crate) struct Writing<'a> {
    pub(crate) disk: &'a Connection,
    /// What ended or must be opened again, in order.
    told: Vec<Change>,
    /// Entries that continue what was known at the end of a conversation, from the first to the last.
    appended: BTreeMap<ConversationId, (u64, u64)>,
    /// Messages that look different.
    touched: BTreeMap<ConversationId, BTreeSet<u64>>,
    acts_refused: Vec<Change>,
    rows: BTreeSet<ConversationId>,
    pending: BTreeSet<ConversationId>,
    people: BTreeSet<UserId>,
    workspace: Option<WorkspaceSettings>,
    originals: HashMap<(ConversationId, u64), String>,
    /// Whether somebody was seen who is not known.
    pub(crate) meets_strangers: bool,
    /// Whether the server is to be asked about mentions.
    pub(crate) owes_words: bool,
}

impl<'a> Writing<'a> {
    pub(super) fn new(disk: &'a Connection) -> Self {
        Self {
            disk,
            told: Vec::new(),
            appended: BTreeMap::new(),
            touched: BTreeMap::new(),
            acts_refused: Vec::new(),
            rows: BTreeSet::new(),
            pending: BTreeSet::new(),
            people: BTreeSet::new(),
            workspace: None,
            originals: HashMap::new(),
            meets_strangers: false,
            owes_words: false,
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

    /// This entry continues what was known at the end of the conversation.
    pub(crate) fn appended(&mut self, entry: &Entry) {
        // Whoever opens the conversation again after this write finds the entry there.
        if self.is_reloaded(&entry.conversation) {
            return;
        }
        let (_, last) = self
            .appended
            .entry(entry.conversation.clone())
            .or_insert((entry.seq, entry.seq));
        *last = entry.seq;
    }

    /// The message at this position looks different, if it is held.
    pub(crate) fn touched(&mut self, conversation: &ConversationId, seq: u64) {
        self.touched.entry(conversation.clone()).or_default().insert(seq);
    }

    /// Something this person did to a message was refused for good.
    pub(super) fn act_refused(&mut self, refused: Change) {
        self.acts_refused.push(refused);
    }

    /// What was known of this conversation does not join up with the present.
    pub(crate) fn reloaded(&mut self, conversation: &ConversationId) {
        if !self.is_reloaded(conversation) {
            // What was appended before in this same write is part of what will be opened again.
            self.appended.remove(conversation);
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
        self.appended.remove(conversation);
        self.touched.remove(conversation);
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

    /// The workspace is set up differently.
    pub(super) fn workspace(&mut self, settings: &WorkspaceSettings) {
        self.workspace = Some(settings.clone());
    }

    /// Everything that this write changes, as it will be once committed.
    pub(super) fn changes(mut self) -> Result<Vec<Change>, StoreError> {
        for (conversation, seqs) in &self.touched {
            // A waiting message shows what it answers as that is now.
            if !outbox::answered(self.disk, conversation)?.is_disjoint(seqs) {
                self.pending.insert(conversation.clone());
            }
        }
        self.tell_messages()?;
        self.told.append(&mut self.acts_refused);
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
        let workspace = self.workspace.take();
        self.told
            .extend(workspace.map(|settings| Change::Workspace { settings }));
        Ok(self.told)
    }

    /// What was appended, and which of the messages before it look different.
    fn tell_messages(&mut self) -> Result<(), StoreError> {
        if self.appended.is_empty() && self.touched.is_empty() {
            return Ok(());
        }
        let viewer = Viewer::new(self.disk)?;
        for (conversation, (first, last)) in &self.appended {
            let entries = entries::first_items(self.disk, conversation, (*first, *last), u32::MAX)?;
            self.told.push(Change::Appended {
                conversation: conversation.clone(),
                items: viewer.items(entries)?,
                last: *last,
            });
        }
        for (conversation, seqs) in &self.touched {
            let appended = self.appended.get(conversation).copied();
            let mut messages = Vec::new();
            for seq in seqs {
                if appended.is_none_or(|(first, last)| *seq < first || *seq > last) {
                    messages.extend(viewer.message_at(conversation, *seq)?);
                }
            }
            if !messages.is_empty() {
                self.told.push(Change::Messages {
                    conversation: conversation.clone(),
                    messages,
                });
            }
        }
        Ok(())
    }
}
