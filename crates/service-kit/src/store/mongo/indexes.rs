//! Indexes: which there must be, and whether they are there.
//!
//! Two indexes are the same when collection, keys and uniqueness are: names differ between servers.

use std::time::Duration;

use futures_util::TryStreamExt as _;
use mongodb::bson::{Bson, Document};
use mongodb::error::ErrorKind;
use mongodb::options::IndexOptions;
use mongodb::{Collection, Database, IndexModel};

use super::faults;
use crate::store::StoreError;

/// What making one index may take: on a large collection that is minutes.
const LONGEST_MAKING: Duration = Duration::from_mins(10);
/// How a server says that a collection does not exist.
const NO_SUCH_COLLECTION: i32 = 26;

/// An index that has to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Index {
    pub collection: &'static str,
    /// Fields in their order, all ascending: every index is read from both ends.
    pub keys: &'static [&'static str],
    pub unique: bool,
}

impl Index {
    /// Whether an index of its collection is this one.
    pub(super) fn is(&self, held: &IndexModel) -> bool {
        let is_unique = held.options.as_ref().and_then(|options| options.unique) == Some(true);
        let ascending = |value: &Bson| matches!(value, Bson::Int32(1) | Bson::Int64(1)) || *value == Bson::Double(1.0);
        self.unique == is_unique && held.keys.keys().eq(self.keys) && held.keys.values().all(ascending)
    }
}

impl std::fmt::Display for Index {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let unique = if self.unique { ", unique" } else { "" };
        write!(formatter, "{} ({}{unique})", self.collection, self.keys.join(", "))
    }
}

/// The indexes a collection has; none when there is no such collection.
pub(super) async fn held_by(collection: &Collection<Document>) -> mongodb::error::Result<Vec<IndexModel>> {
    let listing = async { collection.list_indexes().await?.try_collect().await };
    match listing.await {
        Err(fault) if is_missing_collection(&fault) => Ok(Vec::new()),
        outcome => outcome,
    }
}

/// Makes an index, and waits until it is there.
pub(super) async fn make(database: &Database, index: &Index) -> Result<(), StoreError> {
    let keys: Document = index
        .keys
        .iter()
        .map(|key| ((*key).to_owned(), Bson::Int32(1)))
        .collect();
    let options = IndexOptions::builder().unique(index.unique.then_some(true)).build();
    let model = IndexModel::builder().keys(keys).options(options).build();
    let collection = database.collection::<Document>(index.collection);
    let making = async { collection.create_index(model).await };
    match tokio::time::timeout(LONGEST_MAKING, making).await {
        Ok(made) => made.map(drop).map_err(|fault| faults::of_write(&fault)),
        Err(_elapsed) => Err(StoreError::Unknown),
    }
}

fn is_missing_collection(fault: &mongodb::error::Error) -> bool {
    matches!(&*fault.kind, ErrorKind::Command(command) if command.code == NO_SUCH_COLLECTION)
}
