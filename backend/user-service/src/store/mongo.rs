//! The documents in MongoDB.
//!
//! Every rule holds by the change of one document, or by a unique index; there are no transactions. What belongs
//! together lies in one document until it has been copied to where it is looked for; see `unsettled`. What many could
//! break together is guarded by a document of its own; see `administrators`.

mod address_days;
mod administrators;
mod audit;
mod documents;
mod indexes;
mod invitations;
mod outbox;
mod people;
mod pictures;
mod sessions;
#[cfg(test)]
mod tests;
mod unsettled;
mod workspace;

use std::future::IntoFuture;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use mongodb::bson::Document;
use mongodb::results::UpdateResult;
use mongodb::{Collection, Cursor};
use serde::Serialize;
use serde::de::DeserializeOwned;
use service_kit::store::StoreError;
use service_kit::store::mongo::Mongo;
use service_kit::{Lifecycle, SharedRandom};
use tokio::sync::{Mutex, Notify};

pub(crate) use indexes::INDEXES;

/// How often it is looked for what a process that died has left unfinished.
const LOOK_FOR_UNFINISHED: Duration = Duration::from_secs(5);

/// Everything this service keeps, in one database.
#[derive(Clone)]
pub(crate) struct MongoStore {
    mongo: Mongo,
    random: SharedRandom,
    settling: Arc<Settling>,
}

/// What the clones of a store share while they bring copies to where they belong.
#[derive(Default)]
struct Settling {
    /// Numbers what is to be copied, so that it stays in its order.
    attached: AtomicU64,
    /// Rings when there is something to copy.
    bell: Notify,
    /// One at a time in this process: others would only be in its way.
    turn: Mutex<()>,
}

impl MongoStore {
    pub(crate) fn new(mongo: Mongo, random: SharedRandom) -> Self {
        Self {
            mongo,
            random,
            settling: Arc::default(),
        }
    }

    /// Finishes from now on what changes leave to be copied, and what processes that died have left.
    pub(crate) fn keep_settled(&self, lifecycle: &Lifecycle) {
        let (store, stopping) = (self.clone(), lifecycle.stopping());
        lifecycle.spawn("settle documents", async move {
            let settle_for_ever = async {
                loop {
                    // What cannot be finished now is found again; whether the database is there is told elsewhere.
                    for finished in [store.settle().await, store.finish_first_administrator().await] {
                        if let Err(fault) = finished {
                            tracing::debug!(%fault, "something is left to be settled");
                        }
                    }
                    drop(tokio::time::timeout(LOOK_FOR_UNFINISHED, store.settling.bell.notified()).await);
                }
            };
            tokio::select! {
                () = stopping => {}
                () = settle_for_ever => {}
            }
            Ok(())
        });
    }

    async fn collection<T: Send + Sync>(&self, name: &str) -> Result<Collection<T>, StoreError> {
        self.mongo.collection(name).await
    }

    async fn find_one<T>(&self, name: &str, filter: Document) -> Result<Option<T>, StoreError>
    where
        T: DeserializeOwned + Send + Sync,
    {
        let collection = self.collection::<T>(name).await?;
        self.mongo.read(collection.find_one(filter)).await
    }

    async fn all<T>(
        &self,
        query: impl IntoFuture<Output = mongodb::error::Result<Cursor<T>>>,
    ) -> Result<Vec<T>, StoreError>
    where
        T: DeserializeOwned + Send + Sync,
    {
        self.mongo.all(query).await
    }

    async fn insert<T: Serialize + Send + Sync>(&self, name: &str, document: &T) -> Result<(), StoreError> {
        let collection = self.collection::<T>(name).await?;
        self.mongo.write(collection.insert_one(document)).await.map(drop)
    }

    /// Inserts a document, unless one with its id is there.
    async fn insert_if_new<T: Serialize + Send + Sync>(&self, name: &str, document: &T) -> Result<bool, StoreError> {
        match self.insert(name, document).await {
            Ok(()) => Ok(true),
            Err(StoreError::Duplicate) => Ok(false),
            Err(fault) => Err(fault),
        }
    }

    /// Changes the one document that fits; false when none does.
    async fn update(&self, name: &str, filter: Document, change: Document) -> Result<bool, StoreError> {
        let collection = self.collection::<Document>(name).await?;
        let result: UpdateResult = self.mongo.write(collection.update_one(filter, change)).await?;
        Ok(result.matched_count == 1)
    }

    /// Removes every document that fits.
    async fn remove(&self, name: &str, filter: Document) -> Result<(), StoreError> {
        let collection = self.collection::<Document>(name).await?;
        self.mongo.write(collection.delete_many(filter)).await.map(drop)
    }

    fn random_id(&self) -> String {
        format!("{:032x}", self.random.bits())
    }

    /// An id of something that is to be copied, fit to be the name of a field: those of one process are in the order
    /// of their making.
    fn attachment_id(&self, at: i64) -> String {
        let number = self.settling.attached.fetch_add(1, Ordering::Relaxed);
        format!("{at:016x}-{number:012x}-{}", self.random_id())
    }
}

/// A stored text that this program cannot read: the document was changed by something else.
fn unreadable(what: &str) -> StoreError {
    StoreError::Broken(format!("the stored {what} cannot be read"))
}
