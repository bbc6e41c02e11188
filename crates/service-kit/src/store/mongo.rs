//! A MongoDB, or what speaks like one: Amazon DocumentDB among others.
//!
//! What is asked of it stays in what all of them can do: equality, ranges, `$in`, sorting, limits, unique indexes,
//! changes of one document, ordered inserts of many, ids as strings. Never transactions, change streams, `$lookup` or
//! updates by pipeline. Whatever the URL says, a write is answered when a majority has it in its journal, and
//! a read asks the primary for what a majority has. What may meet a unique key is an insert or an update: not every
//! server says so when it is a `findAndModify`.
//!
//! Every operation has a deadline. A write whose outcome nobody knows is [`StoreError::Unknown`], neither done nor
//! refused: who made it asks before saying anything to anybody.

mod address;
mod connections;
mod faults;
pub mod flag;
mod indexes;
pub mod number;
mod watching;

use std::future::{Future, IntoFuture};
use std::sync::Arc;
use std::time::Duration;

use futures_util::TryStreamExt as _;
use mongodb::bson::{Document, doc};
use mongodb::{Client, Collection, Cursor, Database};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::OnceCell;

use super::StoreError;
use crate::metrics::Pool;

pub use self::address::Address;
pub use self::indexes::Index;

/// A database on a server that may be away. Connects when it is first needed; cheap to clone.
#[derive(Clone)]
pub struct Mongo {
    shared: Arc<Shared>,
}

struct Shared {
    address: Address,
    client: OnceCell<Client>,
    pool: Pool,
}

impl Mongo {
    /// Connects later, when it is first needed.
    pub fn new(address: Address) -> Self {
        Self {
            shared: Arc::new(Shared {
                address,
                client: OnceCell::new(),
                pool: Pool::default(),
            }),
        }
    }

    /// The name of the database.
    pub fn database_name(&self) -> &str {
        self.shared.address.database()
    }

    /// What it is busy with.
    pub fn pool(&self) -> &Pool {
        &self.shared.pool
    }

    /// A collection of the database. It fails only while the names of its servers cannot be looked up.
    pub async fn collection<T: Send + Sync>(&self, name: &str) -> Result<Collection<T>, StoreError> {
        Ok(self.database().await?.collection(name))
    }

    /// Carries out something that changes nothing.
    pub async fn read<T>(
        &self,
        operation: impl IntoFuture<Output = mongodb::error::Result<T>>,
    ) -> Result<T, StoreError> {
        match self.in_time(operation.into_future()).await {
            Some(outcome) => outcome.map_err(|fault| faults::of_read(&fault)),
            None => Err(StoreError::Unavailable),
        }
    }

    /// Reads everything that a query finds, all of it within one deadline: the query must have a limit of its own.
    pub async fn all<T: DeserializeOwned + Send + Sync>(
        &self,
        query: impl IntoFuture<Output = mongodb::error::Result<Cursor<T>>>,
    ) -> Result<Vec<T>, StoreError> {
        self.read(async { query.into_future().await?.try_collect().await })
            .await
    }

    /// Carries out a change of one document. It may have happened when the answer is [`StoreError::Unknown`].
    pub async fn write<T>(
        &self,
        operation: impl IntoFuture<Output = mongodb::error::Result<T>>,
    ) -> Result<T, StoreError> {
        match self.in_time(operation.into_future()).await {
            Some(outcome) => outcome.map_err(|fault| faults::of_write(&fault)),
            None => Err(StoreError::Unknown),
        }
    }

    /// Stores documents in their order until one meets a key that is taken; answers how many were stored.
    ///
    /// After [`StoreError::Unknown`] any number of them may be stored, from the first on; after another error none.
    pub async fn insert_until_taken<T: Serialize + Send + Sync>(
        &self,
        collection: &Collection<T>,
        documents: &[T],
    ) -> Result<usize, StoreError> {
        if documents.is_empty() {
            return Ok(0);
        }
        match self.in_time(collection.insert_many(documents).into_future()).await {
            Some(Ok(_)) => Ok(documents.len()),
            Some(Err(fault)) => faults::stored_before(&fault),
            None => Err(StoreError::Unknown),
        }
    }

    /// Asks the server for a sign of life.
    pub async fn ping(&self) -> Result<(), StoreError> {
        let database = self.database().await?;
        self.read(database.run_command(doc! { "ping": 1 })).await.map(drop)
    }

    /// Whether no collection holds a document.
    pub async fn is_empty(&self) -> Result<bool, StoreError> {
        let database = self.database().await?;
        for name in self.read(database.list_collection_names()).await? {
            let collection = database.collection::<Document>(&name);
            if self.read(collection.find_one(doc! {})).await?.is_some() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Makes the indexes that are missing. Making one that is there changes nothing.
    pub async fn make_indexes(&self, indexes: &[Index]) -> Result<(), StoreError> {
        for index in self.missing_indexes(indexes).await? {
            indexes::make(&self.database().await?, &index).await?;
        }
        Ok(())
    }

    /// Those of these indexes that the database does not have. Nothing is changed.
    pub async fn missing_indexes(&self, indexes: &[Index]) -> Result<Vec<Index>, StoreError> {
        let database = self.database().await?;
        let mut missing = Vec::new();
        for index in indexes {
            let collection = database.collection::<Document>(index.collection);
            let held = self.read(indexes::held_by(&collection)).await?;
            if !held.iter().any(|held| index.is(held)) {
                missing.push(*index);
            }
        }
        Ok(missing)
    }

    async fn database(&self) -> Result<Database, StoreError> {
        let Shared { address, client, pool } = &*self.shared;
        match self.in_time(client.get_or_try_init(|| address.connect(pool))).await {
            Some(Ok(client)) => Ok(client.database(self.database_name())),
            Some(Err(fault)) => Err(faults::of_read(&fault)),
            None => Err(StoreError::Unavailable),
        }
    }

    /// The outcome, or none when it took too long. The driver closes a connection whose answer nobody waits for.
    async fn in_time<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let _counted = self.shared.pool.operation();
        tokio::time::timeout(self.deadline(), work).await.ok()
    }

    fn deadline(&self) -> Duration {
        self.shared.address.timeout()
    }
}

impl std::fmt::Debug for Mongo {
    /// Leaves out the URL: it may carry a password.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = formatter.debug_struct("Mongo");
        shown.field("database", &self.database_name()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
