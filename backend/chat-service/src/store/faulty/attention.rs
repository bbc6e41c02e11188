//! Mentions and levels of a store with faults.

use async_trait::async_trait;
use protocol::{ChosenLevel, ConversationId, Mention, NotificationLevel, UserId};

use super::FaultyStore;
use crate::store::{AttentionStore, MentionSearch, Moment, StoreError};

#[async_trait]
impl AttentionStore for FaultyStore {
    async fn named_between(
        &self,
        person: &UserId,
        id: &ConversationId,
        ordinals: (u64, u64),
        limit: u32,
    ) -> Result<Vec<Mention>, StoreError> {
        self.answer_question()?;
        self.inner.named_between(person, id, ordinals, limit).await
    }

    async fn named(&self, search: MentionSearch) -> Result<Vec<Moment>, StoreError> {
        self.answer_question()?;
        self.inner.named(search).await
    }

    async fn level(&self, person: &UserId, id: &ConversationId) -> Result<ChosenLevel, StoreError> {
        self.answer_question()?;
        self.inner.level(person, id).await
    }

    async fn choose_level(
        &self,
        person: &UserId,
        id: &ConversationId,
        level: Option<NotificationLevel>,
    ) -> Result<ChosenLevel, StoreError> {
        self.inner.choose_level(person, id, level).await
    }
}
