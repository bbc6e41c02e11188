//! The log.

use std::ops::RangeInclusive;

use async_trait::async_trait;
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use mongodb::bson::doc;
use protocol::{ClientId, ConversationId, Entry, UserId};

use super::entries::{EntryDocument, name, places};
use super::{LOOKUPS, MongoStore, id};
use crate::store::{Appended, Folded, LogStore, StoreError};

#[async_trait]
impl LogStore for MongoStore {
    async fn append(&self, entries: Vec<Entry>) -> Result<Appended, StoreError> {
        let documents: Result<Vec<EntryDocument>, StoreError> = entries.iter().map(EntryDocument::of).collect();
        let log = self.log().await?;
        let stored = self.mongo.insert_until_taken(&log, &documents?).await?;
        let read = self.raise_marks_of_authors(&entries[..stored]).await;
        Ok(Appended { stored, read })
    }

    async fn entries(&self, id: &ConversationId, seqs: RangeInclusive<u64>) -> Result<Vec<Entry>, StoreError> {
        if seqs.is_empty() {
            return Ok(Vec::new());
        }
        let log = self.log().await?;
        let found = log.find(places(id.as_str(), &seqs)).sort(doc! { "place": 1 });
        self.mongo
            .all(found)
            .await?
            .into_iter()
            .map(EntryDocument::entry)
            .collect()
    }

    async fn find(&self, author: &UserId, client_id: &ClientId) -> Result<Option<Entry>, StoreError> {
        let log = self.log().await?;
        let named = log.find_one(doc! { "_id": name(author.as_str(), client_id.as_str()) });
        self.mongo.read(named).await?.map(EntryDocument::entry).transpose()
    }

    async fn save_fold(&self, id: &ConversationId, fold: Folded, folded: u64) -> Result<(), StoreError> {
        self.fold_messages(id, &fold.messages).await?;
        self.save_named(id, &fold.named).await?;
        self.fold_conversation(id, &fold.conversation, folded).await
    }

    async fn heads(&self, ids: Vec<ConversationId>) -> Result<Vec<(ConversationId, u64)>, StoreError> {
        let looking = stream::iter(ids).map(|id| async move {
            let tail = self.tail(&id).await?;
            Ok::<_, StoreError>(tail.map(|tail| (id, tail.seq)))
        });
        let heads: Vec<Option<_>> = looking.buffer_unordered(LOOKUPS).try_collect().await?;
        Ok(heads.into_iter().flatten().collect())
    }

    async fn unfolded(&self) -> Result<Vec<ConversationId>, StoreError> {
        let conversations = self.conversations().await?;
        let all = self.mongo.all(conversations.find(doc! { "made": true })).await?;
        let folded: Result<Vec<_>, StoreError> =
            all.into_iter().map(|found| Ok((id(found.id)?, found.folded))).collect();
        let looking = stream::iter(folded?).map(|(id, folded)| async move {
            let tail = self.tail(&id).await?;
            Ok::<_, StoreError>(tail.filter(|tail| tail.seq > folded).map(|_| id))
        });
        let unfolded: Vec<Option<_>> = looking.buffered(LOOKUPS).try_collect().await?;
        Ok(unfolded.into_iter().flatten().collect())
    }
}
