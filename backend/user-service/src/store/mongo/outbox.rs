//! Kept events as documents.

use async_trait::async_trait;
use mongodb::bson::{Binary, doc};
use serde::{Deserialize, Serialize};
use service_kit::store::StoreError;
use service_kit::store::mongo::number;

use super::MongoStore;
use super::documents::{OUTBOX, binary};
use crate::outbox::KeptEvent;
use crate::store::OutboxStore;

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct EventDocument {
    #[serde(rename = "_id")]
    id: String,
    sealed: Binary,
    #[serde(with = "number")]
    kept_at: i64,
    #[serde(with = "number")]
    expires_at: i64,
}

impl EventDocument {
    pub(super) fn of(event: &KeptEvent) -> Self {
        Self {
            id: event.id.clone(),
            sealed: binary(&event.sealed),
            kept_at: event.kept_at,
            expires_at: event.expires_at,
        }
    }
}

#[async_trait]
impl OutboxStore for MongoStore {
    async fn keep(&self, event: &KeptEvent) -> Result<(), StoreError> {
        self.keep_event(&EventDocument::of(event)).await
    }

    async fn waiting(&self, most: u32) -> Result<Vec<KeptEvent>, StoreError> {
        self.settle().await?;
        let events = self.collection::<EventDocument>(OUTBOX).await?;
        let query = events.find(doc! {}).sort(doc! { "kept_at": 1, "_id": 1 });
        let kept = self.all(query.limit(i64::from(most))).await?;
        let kept = kept.into_iter().map(|event| KeptEvent {
            id: event.id,
            sealed: event.sealed.bytes,
            kept_at: event.kept_at,
            expires_at: event.expires_at,
        });
        Ok(kept.collect())
    }

    async fn forget(&self, id: &str) -> Result<(), StoreError> {
        self.remove(OUTBOX, doc! { "_id": id }).await
    }
}

impl MongoStore {
    pub(super) async fn keep_event(&self, event: &EventDocument) -> Result<(), StoreError> {
        self.insert_if_new(OUTBOX, event).await.map(drop)
    }
}
