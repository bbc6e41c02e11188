//! What chat-service keeps, in the language of its rules: conversations, the log, read marks and people.
//!
//! Adapters stay in the common subset of all engines: equality, ranges, sorting, limits, unique keys and changes
//! of one document. No rule lives behind these ports; the suite in `contract` says what every adapter must keep.

mod attention;
mod ended;
mod live;
pub mod migration;
pub mod mongo;
pub mod sqlite;

#[cfg(test)]
mod contract;
#[cfg(test)]
pub(crate) mod faulty;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use async_trait::async_trait;
use protocol::event::{PersonChanged, WorkspaceChanged};
use protocol::timeline::{ConversationFold, MessageFold};
use protocol::{
    ChosenLevel, ClientId, ConversationId, ConversationKind, Entry, EntryKind, Membership, ReadMark, UnixMs, UserId,
    Visibility, mentions,
};
pub use service_kit::store::StoreError;

pub use self::attention::{AttentionStore, MentionSearch, Moment, Whom};
pub use self::ended::EndedStore;
pub use self::live::LiveStore;

/// The end of a log: where the next entry goes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tail {
    /// 0 when the log is empty.
    pub seq: u64,
    pub ordinal: u64,
    /// When the newest entry was stored; when the conversation was made if there is none.
    pub at: UnixMs,
    /// The client id of the newest entry.
    pub client_id: Option<ClientId>,
}

/// A conversation as it is kept: what never changes, what entries fold into, and the end of its log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub id: ConversationId,
    pub kind: ConversationKind,
    pub visibility: Visibility,
    pub created_by: UserId,
    pub created_at: UnixMs,
    /// Random; changes after a restore from backup.
    pub epoch: String,
    /// A channel's name when it was made, so that a repeated creation is known as one.
    pub first_name: Option<String>,
    /// Name, topic and members after the entries up to `folded`. What was there from the start stands at seq 0.
    pub fold: ConversationFold,
    /// Every entry up to this seq is in `fold`.
    pub folded: u64,
    pub tail: Tail,
}

/// A conversation in a list, as one person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub id: ConversationId,
    pub kind: ConversationKind,
    pub visibility: Visibility,
    pub created_by: UserId,
    pub epoch: String,
    pub name: Option<String>,
    pub topic: String,
    pub archived: bool,
    /// Everyone in a direct or group conversation; empty for a channel.
    pub members: Vec<UserId>,
    pub member_count: u32,
    pub membership: Membership,
    /// The seq that last wrote the person's membership.
    pub member_seq: u64,
    pub tail: Tail,
    pub read: ReadMark,
    pub level: ChosenLevel,
}

/// A message as it was sent and what became of it. Its body is blank once it was deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredMessage {
    pub entry: Entry,
    pub fold: MessageFold,
}

impl StoredMessage {
    /// What it says now, and whom `<!here>` in that means.
    pub fn text(&self) -> (&str, &[UserId]) {
        match (&self.fold.edit, &self.entry.kind) {
            (Some(edit), _) => (&edit.body, &edit.here),
            (None, EntryKind::Message { body, here, .. }) => (body, here),
            (None, _) => ("", &[]),
        }
    }
}

/// What entries of one conversation fold into: the conversation itself, and its messages by seq.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Folded {
    pub conversation: ConversationFold,
    pub messages: BTreeMap<u64, MessageFold>,
    /// Whom messages named, in whatever version.
    pub named: BTreeMap<u64, BTreeSet<Whom>>,
}

impl Folded {
    /// Takes one entry into account.
    pub fn apply(&mut self, entry: &Entry) {
        self.note_named(entry);
        match entry.kind.target() {
            Some(target) => {
                self.messages.entry(target).or_default().apply(entry);
            }
            None => {
                self.conversation.apply(entry);
            }
        }
    }

    fn note_named(&mut self, entry: &Entry) {
        let (message, body) = match &entry.kind {
            EntryKind::Message { body, .. } => (entry.seq, body),
            EntryKind::Edit { target, body, .. } => (*target, body),
            _ => return,
        };
        let found = mentions::read(body);
        if found.is_empty() {
            return;
        }
        let named = self.named.entry(message).or_default();
        named.extend(found.people.into_iter().map(Whom::Person));
        if found.channel || found.here {
            named.insert(Whom::Everybody);
        }
    }
}

/// What became of [`ConversationStore::add_conversation`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Added {
    New,
    /// It was there before; this is how it is now.
    Existing(Box<Record>),
    /// Another channel has the name.
    NameTaken,
}

/// Which channels to list; only those that `person` may know of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelSearch {
    pub person: UserId,
    /// Case-folded text that the name must contain; empty for all.
    pub contains: String,
    /// Only channels whose case-folded name comes after this one.
    pub after: Option<String>,
    pub limit: u32,
}

/// What became of [`LogStore::append`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Appended {
    /// How many entries were stored, counted from the first. The next one met a key that is taken: its place,
    /// or its author and client id. Which of them is found out by asking.
    pub stored: usize,
    /// The read marks of the authors after their messages.
    pub read: Vec<(UserId, ReadMark)>,
}

/// Conversations, their names and who has read how far.
#[async_trait]
pub trait ConversationStore: Send + Sync {
    /// Stores a conversation with its first entries, all or nothing, unless its id exists.
    ///
    /// A channel's name is claimed under its case-folded form in the same step.
    async fn add_conversation(&self, record: Record, opening: Vec<Entry>) -> Result<Added, StoreError>;

    /// The conversation with everything that was folded into it.
    async fn conversation(&self, id: &ConversationId) -> Result<Option<Record>, StoreError>;

    /// Everything `person` is a member of, as far as entries have been folded.
    async fn conversations_of(&self, person: &UserId) -> Result<Vec<Listed>, StoreError>;

    /// Channels by case-folded name.
    async fn channels(&self, search: ChannelSearch) -> Result<Vec<Listed>, StoreError>;

    /// Reserves a case-folded name for a conversation; `Duplicate` when another one has it.
    async fn claim_name(&self, id: &ConversationId, name_key: String) -> Result<(), StoreError>;

    /// Gives up every name the conversation has claimed but this one.
    async fn release_names_but(&self, id: &ConversationId, name_key: String) -> Result<(), StoreError>;

    /// How far `person` has read.
    async fn read_mark(&self, person: &UserId, id: &ConversationId) -> Result<ReadMark, StoreError>;

    /// Keeps the later of the stored mark and this one, and answers it.
    async fn raise_read_mark(
        &self,
        person: &UserId,
        id: &ConversationId,
        mark: ReadMark,
    ) -> Result<ReadMark, StoreError>;
}

/// The log, and what its entries fold into.
#[async_trait]
pub trait LogStore: Send + Sync {
    /// Stores entries of one conversation at their places, in order, until one meets a key that is taken.
    ///
    /// What was stored before that stays. Raises the read mark of each message's author to that message.
    /// Answered only when durable; on an error nothing was stored, except after `Unknown`.
    async fn append(&self, entries: Vec<Entry>) -> Result<Appended, StoreError>;

    /// The entries with these seqs, in order; fewer when the log is shorter.
    async fn entries(&self, id: &ConversationId, seqs: RangeInclusive<u64>) -> Result<Vec<Entry>, StoreError>;

    /// The entry an author stored under a client id, in whatever conversation.
    async fn find(&self, author: &UserId, client_id: &ClientId) -> Result<Option<Entry>, StoreError>;

    /// Writes folded fields; each keeps the write with the highest seq. Raises `folded`, never lowers it.
    ///
    /// A deletion is final: it also blanks what was written, in the fold and in the log, edits included.
    async fn save_fold(&self, id: &ConversationId, fold: Folded, folded: u64) -> Result<(), StoreError>;

    /// How far these logs reach; those that are not there are left out. What was appended within the last moment may be
    /// missing, and so may what a node has stored before it died.
    async fn heads(&self, ids: Vec<ConversationId>) -> Result<Vec<(ConversationId, u64)>, StoreError>;

    /// Conversations that have entries which are not folded yet.
    async fn unfolded(&self) -> Result<Vec<ConversationId>, StoreError>;
}

/// What became of messages.
#[async_trait]
pub trait MessageStore: Send + Sync {
    /// What became of the messages at these seqs, as far as it was saved; those that are as they were sent are left out.
    async fn message_folds(
        &self,
        id: &ConversationId,
        seqs: Vec<u64>,
    ) -> Result<BTreeMap<u64, MessageFold>, StoreError>;

    /// The entries at these seqs that are messages, with what became of them.
    async fn messages(&self, id: &ConversationId, seqs: Vec<u64>) -> Result<Vec<StoredMessage>, StoreError>;

    /// The seqs of pinned messages that are not deleted, the newest message first.
    async fn pinned(&self, id: &ConversationId, limit: u32) -> Result<Vec<u64>, StoreError>;

    /// The edits of one message, in order.
    async fn edits(&self, id: &ConversationId, target: u64) -> Result<Vec<Entry>, StoreError>;
}

/// The copy of who exists and how the workspace is set up, which user-service's events keep up to date.
#[async_trait]
pub trait PersonStore: Send + Sync {
    /// Keeps the person unless the copy has this version or a later one; says whether it was kept.
    async fn put_person(&self, person: PersonChanged) -> Result<bool, StoreError>;

    /// The person, if known.
    async fn person(&self, id: &UserId) -> Result<Option<PersonChanged>, StoreError>;

    /// Keeps the settings unless the copy has this version or a later one; says whether they were kept.
    async fn put_workspace(&self, workspace: WorkspaceChanged) -> Result<bool, StoreError>;

    /// The settings, if any were told.
    async fn workspace(&self) -> Result<Option<WorkspaceChanged>, StoreError>;
}

/// Everything chat-service keeps.
pub trait ChatStore:
    AttentionStore + ConversationStore + EndedStore + LiveStore + LogStore + MessageStore + PersonStore
{
}

impl<S> ChatStore for S where
    S: AttentionStore + ConversationStore + EndedStore + LiveStore + LogStore + MessageStore + PersonStore
{
}

/// Whom `<!here>` in an entry's text means.
fn here_of(kind: &EntryKind) -> &[UserId] {
    match kind {
        EntryKind::Message { here, .. } | EntryKind::Edit { here, .. } => here,
        _ => &[],
    }
}

/// The form of a name in which two names are the same: lower case, white space in a row counting once.
pub fn name_key(name: &str) -> String {
    let words: Vec<String> = name.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ")
}
