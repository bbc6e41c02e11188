//! The port for live signs: how far people have read and when they were last active.

use async_trait::async_trait;
use protocol::{ConversationId, Receipt, UnixMs, UserId};

use super::StoreError;

/// What outlives a restart of the live signs.
#[async_trait]
pub trait LiveStore: Send + Sync {
    /// How far these people have ever read in a conversation, whatever they marked as unread since. Those who have
    /// read nothing are left out.
    async fn receipts(&self, id: &ConversationId, readers: Vec<UserId>) -> Result<Vec<Receipt>, StoreError>;

    /// Those among these ids that are people, each with when they were last active, if that is known.
    async fn last_seen(&self, people: Vec<UserId>) -> Result<Vec<(UserId, Option<UnixMs>)>, StoreError>;

    /// Keeps the later of the stored time and this one, for each.
    async fn raise_last_seen(&self, seen: Vec<(UserId, UnixMs)>) -> Result<(), StoreError>;
}
