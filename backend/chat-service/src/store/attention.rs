//! The port for what concerns one person in particular: messages that mention them, and what they want to be told of.
//!
//! Whoever a version of a message named is found by it for ever; whether the message mentions them now is for the
//! reader to see, from what became of it. So writing it down only ever adds, and may be done twice and in any order.

use async_trait::async_trait;
use protocol::{ChosenLevel, ConversationId, Mention, NotificationLevel, UnixMs, UserId};

use super::StoreError;

/// Whom a version of a message named.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Whom {
    Person(UserId),
    /// Everybody in the conversation, or those of them who were there.
    Everybody,
}

/// The place of a message among those of all conversations.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    pub at: UnixMs,
    pub conversation: ConversationId,
    pub seq: u64,
}

/// Which messages to look for: those that named the person, or everybody in one of these conversations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MentionSearch {
    pub person: UserId,
    pub conversations: Vec<ConversationId>,
    /// Only messages before this one.
    pub before: Option<Moment>,
    pub limit: u32,
}

/// Mentions and levels.
#[async_trait]
pub trait AttentionStore: Send + Sync {
    /// Messages of one conversation, behind the first of these ordinals and before the second, that named the person or
    /// everybody, the newest first.
    async fn named_between(
        &self,
        person: &UserId,
        id: &ConversationId,
        ordinals: (u64, u64),
        limit: u32,
    ) -> Result<Vec<Mention>, StoreError>;

    /// Messages of all conversations that named the person or everybody, the newest first. They may be of conversations
    /// that the person is no member of.
    async fn named(&self, search: MentionSearch) -> Result<Vec<Moment>, StoreError>;

    /// The level that a person has chosen for a conversation.
    async fn level(&self, person: &UserId, id: &ConversationId) -> Result<ChosenLevel, StoreError>;

    /// Keeps a level in place of the one before, and answers it with its version.
    async fn choose_level(
        &self,
        person: &UserId,
        id: &ConversationId,
        level: Option<NotificationLevel>,
    ) -> Result<ChosenLevel, StoreError>;
}

/// Several lists as one: each thing once, the highest first, at most so many.
pub(super) fn highest<T: Ord>(mut found: Vec<T>, limit: u32) -> Vec<T> {
    found.sort_unstable_by(|one, other| other.cmp(one));
    found.dedup();
    found.truncate(limit as usize);
    found
}

/// A level as it is written down; the usual one is empty.
pub(super) fn level_text(level: Option<NotificationLevel>) -> &'static str {
    match level {
        Some(NotificationLevel::All) => "all",
        Some(NotificationLevel::Mentions) => "mentions",
        Some(NotificationLevel::Nothing) => "nothing",
        None => "",
    }
}

/// The level that [`level_text`] wrote. What a newer version wrote counts as the usual one.
pub(super) fn level_of(text: &str) -> Option<NotificationLevel> {
    let all = [
        NotificationLevel::All,
        NotificationLevel::Mentions,
        NotificationLevel::Nothing,
    ];
    all.into_iter().find(|level| level_text(Some(*level)) == text)
}
