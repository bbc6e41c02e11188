//! Messages as they are now: the entry, what became of it, and over both what this person did and the server has not heard.

use std::collections::HashMap;

use protocol::rest::chat::Entries;
use protocol::timeline::MessageFold;
use protocol::{ConversationId, Entry, EntryKind, UserId};

use crate::store::acts::{self, WaitingAct};
use crate::store::{Reading, StoreError, account, entries, folds, mentions};
use crate::view::{MessageAct, MessageView, ReactionView, ReplyView, TimelineItem};

/// Characters of a message that are shown where another one answers it.
const EXCERPT: usize = 200;

/// Draws what lies in the store, for the person it belongs to.
pub(crate) struct Viewer<'a> {
    disk: &'a Reading,
    /// None in a store that nobody has adopted.
    me: Option<UserId>,
}

impl<'a> Viewer<'a> {
    pub(crate) fn new(disk: &'a Reading) -> Result<Self, StoreError> {
        let me = account::read(disk)?.map(|account| account.user);
        Ok(Self { disk, me })
    }

    /// Entries that stand for themselves, as they are drawn.
    pub(crate) fn items(&self, entries: Vec<Entry>) -> Result<Vec<TimelineItem>, StoreError> {
        entries
            .into_iter()
            .map(|entry| match &entry.kind {
                EntryKind::Message { .. } => self.message(entry).map(TimelineItem::Message),
                _ => Ok(TimelineItem::Event(entry)),
            })
            .collect()
    }

    /// The message at `seq`; none when it is not held, or no message.
    pub(crate) fn message_at(
        &self,
        conversation: &ConversationId,
        seq: u64,
    ) -> Result<Option<MessageView>, StoreError> {
        let entry = entries::at(self.disk, conversation, seq)?;
        entry
            .filter(|entry| entry.kind.is_message())
            .map(|entry| self.message(entry))
            .transpose()
    }

    fn message(&self, entry: Entry) -> Result<MessageView, StoreError> {
        let said = MessageFold::default();
        self.message_with(entry, &said)
    }

    /// A message of which the server has just said what became of it.
    pub(crate) fn message_with(&self, entry: Entry, said: &MessageFold) -> Result<MessageView, StoreError> {
        let mut fold = folds::of(self.disk, &entry.conversation, entry.seq)?;
        fold.merge(said);
        let pending = self.lay_over(&mut fold, &entry.conversation, entry.seq)?;
        let reply = match &entry.kind {
            EntryKind::Message {
                reply_to: Some(seq), ..
            } => Some(self.reply(&entry.conversation, *seq)?),
            _ => None,
        };
        let drawn = Drawn {
            mentions_me: mentions::is_meant(self.disk, &entry, &fold)?,
            fold,
            reply,
            pending,
        };
        Ok(drawn.view(entry, self.me.as_ref()))
    }

    /// The message at `seq`, as it stands above one that answers it.
    pub(crate) fn reply(&self, conversation: &ConversationId, seq: u64) -> Result<ReplyView, StoreError> {
        let entry = entries::at(self.disk, conversation, seq)?.filter(|entry| entry.kind.is_message());
        let mut fold = folds::of(self.disk, conversation, seq)?;
        self.lay_over(&mut fold, conversation, seq)?;
        Ok(reply_view(seq, entry.as_ref(), &fold))
    }

    /// Lays what waits to be done to a message over what became of it; says whether there is anything.
    fn lay_over(&self, fold: &mut MessageFold, conversation: &ConversationId, seq: u64) -> Result<bool, StoreError> {
        let waiting = acts::on(self.disk, conversation, seq)?;
        if let Some(me) = &self.me {
            lay_over(fold, &waiting, me);
        }
        Ok(!waiting.is_empty())
    }
}

/// Draws a page that is not kept. What it answers is known as far as it lies in the page itself.
pub(crate) fn passing_items(page: &Entries, me: &UserId) -> Vec<TimelineItem> {
    let messages = page.entries.iter().filter(|entry| entry.kind.is_message());
    let messages: HashMap<u64, &Entry> = messages.map(|entry| (entry.seq, entry)).collect();
    let mut folds: HashMap<u64, MessageFold> = HashMap::new();
    for entry in &page.entries {
        if let Some(target) = entry.kind.target() {
            folds.entry(target).or_default().apply(entry);
        }
    }
    for said in &page.messages {
        folds.entry(said.seq).or_default().merge(&said.state);
    }
    let fold_of = |seq: u64| folds.get(&seq).cloned().unwrap_or_default();
    let message = |entry: &Entry| {
        let reply = match &entry.kind {
            EntryKind::Message {
                reply_to: Some(seq), ..
            } => Some(reply_view(*seq, messages.get(seq).copied(), &fold_of(*seq))),
            _ => None,
        };
        let drawn = Drawn {
            fold: fold_of(entry.seq),
            reply,
            // Only members are mentioned.
            mentions_me: false,
            pending: false,
        };
        drawn.view(entry.clone(), Some(me))
    };
    let items = page.entries.iter().filter(|entry| entry.kind.target().is_none());
    items
        .map(|entry| match entry.kind {
            EntryKind::Message { .. } => TimelineItem::Message(message(entry)),
            _ => TimelineItem::Event(entry.clone()),
        })
        .collect()
}

/// What is known beside a message's entry.
struct Drawn {
    fold: MessageFold,
    reply: Option<ReplyView>,
    mentions_me: bool,
    pending: bool,
}

impl Drawn {
    fn view(self, entry: Entry, me: Option<&UserId>) -> MessageView {
        let Self {
            fold,
            reply,
            mentions_me,
            pending,
        } = self;
        let body = body_now(&entry, &fold);
        let reactions = fold
            .current_reactions()
            .into_iter()
            .map(|(emoji, people)| ReactionView {
                mine: me.is_some_and(|me| people.contains(me)),
                emoji,
                people,
            });
        MessageView {
            conversation: entry.conversation,
            seq: entry.seq,
            ordinal: entry.ordinal,
            at: entry.at,
            author: entry.author,
            client_id: entry.client_id,
            body,
            edited_at: fold.edit.as_ref().map(|edit| edit.at),
            reactions: reactions.collect(),
            pinned: fold.is_pinned(),
            deleted_by: fold.deleted.map(|deleted| deleted.by),
            reply,
            mentions_me,
            pending,
        }
    }
}

/// What a message says now.
pub(crate) fn body_now(entry: &Entry, fold: &MessageFold) -> String {
    match (&entry.kind, &fold.edit) {
        _ if fold.is_deleted() => String::new(),
        (_, Some(edit)) => edit.body.clone(),
        (EntryKind::Message { body, .. }, None) => body.clone(),
        _ => String::new(),
    }
}

fn reply_view(seq: u64, entry: Option<&Entry>, fold: &MessageFold) -> ReplyView {
    let excerpt = entry
        .filter(|_| !fold.is_deleted())
        .map(|entry| body_now(entry, fold).chars().take(EXCERPT).collect());
    ReplyView {
        seq,
        author: entry.map(|entry| entry.author.clone()),
        excerpt,
        deleted: fold.is_deleted(),
    }
}

/// Applies what waits as if the server had stored it just now, behind everything there is.
fn lay_over(fold: &mut MessageFold, waiting: &[WaitingAct], me: &UserId) {
    let first = u64::MAX - waiting.len() as u64;
    for (seq, waiting) in (first..=u64::MAX).zip(waiting) {
        let target = waiting.target;
        let kind = match waiting.act.clone() {
            MessageAct::Edit { body } => EntryKind::edit(target, body),
            MessageAct::Delete => EntryKind::Delete { target },
            MessageAct::React { emoji, on } => EntryKind::React { target, emoji, on },
            MessageAct::Pin { on } => EntryKind::Pin { target, on },
        };
        fold.apply(&Entry {
            conversation: waiting.conversation.clone(),
            seq,
            ordinal: 0,
            at: waiting.done_at,
            author: me.clone(),
            client_id: waiting.client_id.clone(),
            kind,
        });
    }
}
