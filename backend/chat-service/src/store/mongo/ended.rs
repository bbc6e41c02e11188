//! Ended sessions.

use async_trait::async_trait;
use mongodb::Collection;
use mongodb::bson::doc;
use protocol::{SessionId, UnixMs};
use serde::{Deserialize, Serialize};
use service_kit::store::mongo::number;

use super::{MongoStore, id};
use crate::store::{EndedStore, StoreError};

#[derive(Serialize, Deserialize)]
struct EndedDocument {
    #[serde(rename = "_id")]
    session: String,
    #[serde(with = "number")]
    noted_at: UnixMs,
}

#[async_trait]
impl EndedStore for MongoStore {
    async fn add_ended_session(&self, session: &SessionId, noted_at: UnixMs) -> Result<(), StoreError> {
        let first = EndedDocument {
            session: session.to_string(),
            noted_at,
        };
        match self.mongo.write(self.ended().await?.insert_one(first)).await {
            Ok(_) | Err(StoreError::Duplicate) => Ok(()),
            Err(fault) => Err(fault),
        }
    }

    async fn sessions_ended_since(&self, since: UnixMs) -> Result<Vec<(SessionId, UnixMs)>, StoreError> {
        let ended = self.ended().await?;
        let since = ended.find(doc! { "noted_at": { "$gte": since } });
        let found = self.mongo.all(since).await?.into_iter();
        found.map(|found| Ok((id(found.session)?, found.noted_at))).collect()
    }

    async fn forget_sessions_ended_before(&self, before: UnixMs) -> Result<(), StoreError> {
        let ended = self.ended().await?;
        let forgetting = ended.delete_many(doc! { "noted_at": { "$lt": before } });
        self.mongo.write(forgetting).await.map(drop)
    }
}

impl MongoStore {
    async fn ended(&self) -> Result<Collection<EndedDocument>, StoreError> {
        self.mongo.collection("ended_sessions").await
    }
}
