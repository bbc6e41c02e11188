//! Live signs: receipts and when people were last active.

use std::collections::{HashMap, HashSet};

use async_trait::async_trait;
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use mongodb::bson::{Document, doc};
use protocol::{ConversationId, Receipt, UnixMs, UserId};
use serde::{Deserialize, Serialize};
use service_kit::store::mongo::number;

use super::{LOOKUPS, MOST_TRIES, MongoStore, key, one_of};
use crate::store::{LiveStore, StoreError};

#[derive(Serialize, Deserialize)]
struct SeenDocument {
    #[serde(rename = "_id")]
    person: String,
    #[serde(with = "number")]
    at: UnixMs,
}

/// No more of a document than its key.
#[derive(Serialize, Deserialize)]
struct KeyDocument {
    #[serde(rename = "_id")]
    id: String,
}

#[async_trait]
impl LiveStore for MongoStore {
    async fn receipts(&self, id: &ConversationId, readers: Vec<UserId>) -> Result<Vec<Receipt>, StoreError> {
        let keys = readers.iter().map(|person| key(person.as_str(), id.as_str())).collect();
        let marks = self.marks().await?;
        let held = self.mongo.all(marks.find(doc! { "_id": one_of(keys) })).await?;
        let receipts = held.into_iter().map(|mark| {
            Ok(Receipt {
                person: super::id(mark.person)?,
                ordinal: mark.furthest,
            })
        });
        receipts.collect()
    }

    async fn last_seen(&self, people: Vec<UserId>) -> Result<Vec<(UserId, Option<UnixMs>)>, StoreError> {
        let these: Vec<String> = people.iter().map(ToString::to_string).collect();
        let known = self.mongo.collection::<KeyDocument>("people").await?;
        let known = known
            .find(doc! { "_id": one_of(these.clone()) })
            .projection(doc! { "_id": 1 });
        let known: HashSet<String> = self.mongo.all(known).await?.into_iter().map(|found| found.id).collect();
        let seen = self.mongo.collection::<SeenDocument>("last_seen").await?;
        let seen = self.mongo.all(seen.find(doc! { "_id": one_of(these) })).await?;
        let seen: HashMap<String, UnixMs> = seen.into_iter().map(|found| (found.person, found.at)).collect();
        let people = people.into_iter().filter(|person| known.contains(person.as_str()));
        Ok(people
            .map(|person| {
                let at = seen.get(person.as_str()).copied();
                (person, at)
            })
            .collect())
    }

    async fn raise_last_seen(&self, seen: Vec<(UserId, UnixMs)>) -> Result<(), StoreError> {
        let raising = stream::iter(seen).map(|(person, at)| self.raise_seen(person, at));
        raising.buffer_unordered(LOOKUPS).try_collect().await
    }
}

impl MongoStore {
    async fn raise_seen(&self, person: UserId, at: UnixMs) -> Result<(), StoreError> {
        let seen = self.mongo.collection::<Document>("last_seen").await?;
        for _ in 0..MOST_TRIES {
            let raise = seen.update_one(doc! { "_id": person.as_str() }, doc! { "$max": { "at": at } });
            match self.mongo.write(raise.upsert(true)).await {
                // Somebody else has made it at the same moment.
                Err(StoreError::Duplicate) => {}
                outcome => return outcome.map(drop),
            }
        }
        Err(StoreError::Unavailable)
    }
}
