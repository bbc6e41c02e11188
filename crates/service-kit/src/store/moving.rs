//! Moving what lies in files of the embedded database to a MongoDB, once, in steps that may be cut off anywhere.
//!
//! Every step stores documents under the keys that they have for ever, so doing it again changes nothing, and one that
//! was begun and not ended is done again. What is there and differs is replaced: the file may have been used between
//! two tries, and until the move has ended it is the truth. Afterwards the target is, and nothing is moved there again.

mod rows;

use std::collections::HashMap;
use std::time::Duration;

use mongodb::Collection;
use mongodb::bson::{Bson, Document, doc};

use super::StoreError;
use super::mongo::Mongo;

pub use self::rows::{Rows, Table};

/// How far a move has come, in the target itself.
const PROGRESS: &str = "migration";
const SOURCE: &str = "source";
/// Documents that are stored or compared at a time.
pub const BATCH: usize = 500;
/// Tries of one step while the target does not answer, and the pause between them.
const TRIES: u32 = 30;
const PAUSE: Duration = Duration::from_secs(1);

/// Why nothing more can be moved.
#[derive(Debug, thiserror::Error)]
pub enum MoveError {
    #[error("the database {0} holds something that was not moved there from this data folder: name an empty one")]
    Occupied(String),
    #[error("{what} of the database {database} differ from the files: {found} instead of {expected}")]
    Different {
        what: String,
        database: String,
        found: u64,
        expected: u64,
    },
    #[error("cannot read the files: {0}")]
    Source(#[from] rusqlite::Error),
    #[error(transparent)]
    Target(#[from] StoreError),
}

/// One move into one database.
#[derive(Debug)]
pub struct Move {
    mongo: Mongo,
    was_finished: bool,
}

impl Move {
    /// Begins a move from the data folder with this id, or goes on with one. A database that holds anything else is refused.
    pub async fn begin(mongo: &Mongo, source: &str) -> Result<Self, MoveError> {
        let progress: Collection<Document> = mongo.collection(PROGRESS).await?;
        let occupied = || MoveError::Occupied(mongo.database_name().to_owned());
        let held = patiently(async || mongo.read(progress.find_one(doc! { "_id": SOURCE })).await).await?;
        match held {
            Some(held) if held.get_str("folder").is_ok_and(|folder| folder == source) => Ok(Self {
                mongo: mongo.clone(),
                was_finished: held.get_str("state").is_ok_and(|state| state == "finished"),
            }),
            Some(_) => Err(occupied()),
            None => {
                if !mongo.is_empty().await? {
                    return Err(occupied());
                }
                let first = doc! { "_id": SOURCE, "folder": source, "state": "begun" };
                patiently(async || match mongo.write(progress.insert_one(&first)).await {
                    Err(StoreError::Duplicate) => Ok(()),
                    outcome => outcome.map(drop),
                })
                .await?;
                Ok(Self {
                    mongo: mongo.clone(),
                    was_finished: false,
                })
            }
        }
    }

    /// Whether an earlier run has moved everything, so that the target is the truth now.
    pub fn was_finished(&self) -> bool {
        self.was_finished
    }

    /// Where everything goes.
    pub fn target(&self) -> &Mongo {
        &self.mongo
    }

    /// Everything is moved and compared: from now on the target is the truth.
    pub async fn finish(&self) -> Result<(), MoveError> {
        let change = doc! { "$set": { "state": "finished" } };
        let progress: Collection<Document> = self.mongo.collection(PROGRESS).await?;
        let finish = async || {
            let this = doc! { "_id": SOURCE };
            self.mongo.write(progress.update_one(this, change.clone())).await
        };
        patiently(finish).await.map(drop).map_err(MoveError::from)
    }

    /// Up to where a part was moved by an earlier run.
    pub async fn reached(&self, part: &str) -> Result<Option<String>, MoveError> {
        let progress: Collection<Document> = self.mongo.collection(PROGRESS).await?;
        let held = patiently(async || self.mongo.read(progress.find_one(doc! { "_id": part })).await).await?;
        Ok(held.and_then(|held| held.get_str("reached").ok().map(str::to_owned)))
    }

    /// Remembers up to where a part was moved.
    pub async fn remember(&self, part: &str, reached: &str) -> Result<(), MoveError> {
        let progress: Collection<Document> = self.mongo.collection(PROGRESS).await?;
        let note = async || {
            let change = doc! { "$set": { "reached": reached } };
            self.mongo
                .write(progress.update_one(doc! { "_id": part }, change).upsert(true))
                .await
        };
        patiently(note).await.map(drop).map_err(MoveError::from)
    }

    /// Stores documents as they are; what is there under their keys is replaced.
    async fn store(&self, collection: &str, documents: &[Document]) -> Result<(), MoveError> {
        let collection: Collection<Document> = self.mongo.collection(collection).await?;
        patiently(async || self.store_all(&collection, documents).await)
            .await
            .map_err(MoveError::from)
    }

    async fn store_all(&self, collection: &Collection<Document>, documents: &[Document]) -> Result<(), StoreError> {
        let mut rest = documents;
        while !rest.is_empty() {
            let stored = self.mongo.insert_until_taken(collection, rest).await?;
            let Some(taken) = rest.get(stored) else { break };
            // Taken away and stored anew, which is the same while nobody uses the target, and which every server can.
            let this = doc! { "_id": key_of(taken) };
            let removed = self.mongo.write(collection.delete_one(this)).await?;
            if removed.deleted_count == 0 {
                return Err(StoreError::Duplicate);
            }
            rest = &rest[stored..];
        }
        Ok(())
    }

    /// Moves the rows of a table, compares each with what came of it, and answers how many there are.
    pub async fn table(&self, rows: &Rows, table: &Table) -> Result<u64, MoveError> {
        let (mut after, mut count) = (String::new(), 0);
        loop {
            let documents = rows.read(table, &after)?;
            let Some(last) = documents.last() else { break };
            after = key_of(last);
            count += documents.len() as u64;
            self.store_what_differs(table.collection, &documents).await?;
        }
        self.require_count(table.collection, count).await?;
        Ok(count)
    }

    /// Stores those documents that are missing or differ, and reads again what was stored until none does.
    pub async fn store_what_differs(&self, collection: &str, documents: &[Document]) -> Result<(), MoveError> {
        let mut differing = documents.to_vec();
        for _ in 0..2 {
            let held = self.held(collection, &differing).await?;
            differing.retain(|document| held.get(&key_of(document)).is_none_or(|held| !is_same(held, document)));
            if differing.is_empty() {
                return Ok(());
            }
            self.store(collection, &differing).await?;
        }
        let held = self.held(collection, &differing).await?;
        let same = differing
            .iter()
            .filter(|document| held.get(&key_of(document)).is_some_and(|held| is_same(held, document)));
        self.require_equal(
            &format!("documents in {collection}"),
            same.count() as u64,
            differing.len() as u64,
        )
    }

    async fn held(&self, collection: &str, like: &[Document]) -> Result<HashMap<String, Document>, MoveError> {
        let keys: Vec<String> = like.iter().map(key_of).collect();
        let collection: Collection<Document> = self.mongo.collection(collection).await?;
        let read = async || self.mongo.all(collection.find(doc! { "_id": { "$in": &keys } })).await;
        let held = patiently(read).await?;
        Ok(held.into_iter().map(|held| (key_of(&held), held)).collect())
    }

    /// Fails unless a collection has so many documents.
    pub async fn require_count(&self, collection: &str, expected: u64) -> Result<(), MoveError> {
        let documents: Collection<Document> = self.mongo.collection(collection).await?;
        let count = async || self.mongo.read(documents.count_documents(doc! {})).await;
        let found = patiently(count).await?;
        self.require_equal(&format!("documents in {collection}"), found, expected)
    }

    /// Fails unless both are the same.
    pub fn require_equal(&self, what: &str, found: u64, expected: u64) -> Result<(), MoveError> {
        if found == expected {
            return Ok(());
        }
        Err(MoveError::Different {
            what: what.to_owned(),
            database: self.mongo.database_name().to_owned(),
            found,
            expected,
        })
    }
}

/// Does something that may be done twice until the target has answered.
pub async fn patiently<T>(mut step: impl AsyncFnMut() -> Result<T, StoreError>) -> Result<T, StoreError> {
    let mut outcome = step().await;
    for _ in 1..TRIES {
        match outcome {
            Err(StoreError::Unavailable | StoreError::Unknown) => tokio::time::sleep(PAUSE).await,
            settled => return settled,
        }
        outcome = step().await;
    }
    outcome
}

fn key_of(document: &Document) -> String {
    document.get_str("_id").unwrap_or_default().to_owned()
}

/// Whether two documents say the same, in whatever width a server gives numbers back.
fn is_same(one: &Document, other: &Document) -> bool {
    one.len() == other.len()
        && one
            .iter()
            .all(|(name, value)| other.get(name).is_some_and(|other| equal(value, other)))
}

fn equal(one: &Bson, other: &Bson) -> bool {
    match (number_of(one), number_of(other), one, other) {
        (Some(one), Some(other), _, _) => one == other,
        (_, _, Bson::Document(one), Bson::Document(other)) => is_same(one, other),
        (_, _, Bson::Array(one), Bson::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| equal(one, other))
        }
        _ => one == other,
    }
}

/// A whole number or a truth value, which some servers give back as a number.
fn number_of(value: &Bson) -> Option<i64> {
    match value {
        Bson::Int32(number) => Some(i64::from(*number)),
        Bson::Int64(number) => Some(*number),
        Bson::Boolean(value) => Some(i64::from(*value)),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
