//! What became of messages.

use std::collections::{BTreeMap, HashMap};

use async_trait::async_trait;
use mongodb::bson::{Document, doc};
use protocol::timeline::MessageFold;
use protocol::{ConversationId, Entry};

use super::documents::MessageFoldDocument;
use super::entries::{self, EntryDocument, place};
use super::{MOST_TRIES, MongoStore, one_of, signed};
use crate::store::{MessageStore, StoreError, StoredMessage};

#[async_trait]
impl MessageStore for MongoStore {
    async fn message_folds(
        &self,
        id: &ConversationId,
        seqs: Vec<u64>,
    ) -> Result<BTreeMap<u64, MessageFold>, StoreError> {
        let mut folds = BTreeMap::new();
        for held in self.fold_documents(id, seqs).await? {
            folds.insert(held.seq, held.fold()?);
        }
        Ok(folds)
    }

    async fn messages(&self, id: &ConversationId, seqs: Vec<u64>) -> Result<Vec<StoredMessage>, StoreError> {
        if seqs.is_empty() {
            return Ok(Vec::new());
        }
        let places = seqs.iter().map(|seq| place(id.as_str(), *seq)).collect();
        let log = self.log().await?;
        let found = self
            .mongo
            .all(log.find(doc! { "place": one_of(places), "kind": "message" }))
            .await?;
        let mut found: HashMap<u64, EntryDocument> = found.into_iter().map(|entry| (entry.seq, entry)).collect();
        let mut folds = self.message_folds(id, seqs.clone()).await?;
        let mut messages = Vec::new();
        for seq in seqs {
            if let Some(entry) = found.remove(&seq) {
                let (entry, fold) = (entry.entry()?, folds.remove(&seq).unwrap_or_default());
                messages.push(StoredMessage { entry, fold });
            }
        }
        Ok(messages)
    }

    async fn pinned(&self, id: &ConversationId, limit: u32) -> Result<Vec<u64>, StoreError> {
        let folds = self.folds().await?;
        let pinned = folds
            .find(doc! { "pinned_in": id.as_str() })
            .sort(doc! { "seq": -1 })
            .limit(i64::from(limit));
        let pinned = self.mongo.all(pinned).await?;
        Ok(pinned.into_iter().map(|held| held.seq).collect())
    }

    async fn edits(&self, id: &ConversationId, target: u64) -> Result<Vec<Entry>, StoreError> {
        let log = self.log().await?;
        let edits = log
            .find(entries::edits_of(id.as_str(), target))
            .sort(doc! { "says": 1 });
        self.mongo
            .all(edits)
            .await?
            .into_iter()
            .map(EntryDocument::entry)
            .collect()
    }
}

impl MongoStore {
    /// Adds to the folds of messages what these know better, and blanks the words of those that are deleted.
    pub(super) async fn fold_messages(
        &self,
        id: &ConversationId,
        messages: &BTreeMap<u64, MessageFold>,
    ) -> Result<(), StoreError> {
        let mut rest = messages.clone();
        for _ in 0..MOST_TRIES {
            if rest.is_empty() {
                break;
            }
            let held = self.fold_documents(id, rest.keys().copied().collect()).await?;
            let mut held: HashMap<u64, MessageFoldDocument> = held.into_iter().map(|held| (held.seq, held)).collect();
            let mut overtaken = BTreeMap::new();
            for (seq, fold) in rest {
                if !self.merge_fold(id, (seq, &fold), held.remove(&seq)).await? {
                    overtaken.insert(seq, fold);
                }
            }
            rest = overtaken;
        }
        if !rest.is_empty() {
            return Err(StoreError::Unavailable);
        }
        for (seq, _) in messages.iter().filter(|(_, fold)| fold.is_deleted()) {
            self.blank(id, *seq).await?;
        }
        Ok(())
    }

    /// Writes the fold of one message, merged with the stored one. False when somebody else has changed that since.
    async fn merge_fold(
        &self,
        id: &ConversationId,
        (seq, fold): (u64, &MessageFold),
        held: Option<MessageFoldDocument>,
    ) -> Result<bool, StoreError> {
        let folds = self.folds().await?;
        let key = place(id.as_str(), seq);
        let document = |fold, version| MessageFoldDocument::of(id.as_str(), (&key, seq), fold, version);
        let Some(held) = held else {
            return match self.mongo.write(folds.insert_one(document(fold.clone(), 1))).await {
                Ok(_) => Ok(true),
                Err(StoreError::Duplicate) => Ok(false),
                Err(fault) => Err(fault),
            };
        };
        let version = held.version;
        let mut merged = held.fold()?;
        if !merged.merge(fold) {
            return Ok(true);
        }
        let still = doc! { "_id": &key, "version": signed(version) };
        let replacing = folds.replace_one(still, document(merged, version + 1));
        Ok(self.mongo.write(replacing).await?.matched_count > 0)
    }

    /// Takes what was written out of the log, as often as asked.
    async fn blank(&self, id: &ConversationId, seq: u64) -> Result<(), StoreError> {
        let log = self.log().await?;
        let blank = |words: Document| log.update_many(words, doc! { "$set": { "text": "" }, "$unset": { "here": "" } });
        let message = doc! { "place": place(id.as_str(), seq), "kind": "message" };
        self.mongo.write(blank(message)).await?;
        self.mongo
            .write(blank(entries::edits_of(id.as_str(), seq)))
            .await
            .map(drop)
    }

    async fn fold_documents(
        &self,
        id: &ConversationId,
        seqs: Vec<u64>,
    ) -> Result<Vec<MessageFoldDocument>, StoreError> {
        if seqs.is_empty() {
            return Ok(Vec::new());
        }
        let keys = seqs.into_iter().map(|seq| place(id.as_str(), seq)).collect();
        let folds = self.folds().await?;
        self.mongo.all(folds.find(doc! { "_id": one_of(keys) })).await
    }
}
