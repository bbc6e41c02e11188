//! What this device holds: one SQLite file on a thread of its own.
//!
//! The store belongs to one person on one server ([`account`]). Most of it is a copy of what the server has and
//! is written with `synchronous=NORMAL`: a power cut may take the last moments, which are fetched again. Drafts, waiting
//! messages and read marks exist only here, so those are written with `synchronous=FULL` ([`Store::write_through`]).
//! Nothing else in this crate names rusqlite.

pub(crate) mod account;
pub(crate) mod acts;
pub(crate) mod conversations;
mod disk;
pub(crate) mod drafts;
pub(crate) mod entries;
pub(crate) mod folds;
pub(crate) mod found;
pub(crate) mod gaps;
pub(crate) mod index;
pub(crate) mod levels;
pub(crate) mod measure;
pub(crate) mod mentions;
mod number;
pub(crate) mod outbox;
pub(crate) mod people;
pub(crate) mod pictures;
mod schema;
mod thread;
pub(crate) mod trim;
pub(crate) mod workspace;
pub(crate) mod writing;

pub(crate) use thread::Store;
pub(crate) use writing::Writing;

/// One consistent state of the store, to be read.
pub(crate) use rusqlite::Connection as Reading;

use crate::view::Failure;

/// Why this device could not read or keep something. Whatever was being written is undone as a whole.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    #[error("the disk is full")]
    Full,
    /// The file is damaged. It has been moved aside and a fresh one, with what could be read, is in its place.
    #[error("the store was damaged and has been made anew")]
    Broken,
    #[error("another program has the store open")]
    InUse,
    #[error("the store is closed")]
    Closed,
    /// Whoever asks has signed out meanwhile.
    #[error("the store is another person's")]
    NotTheirs,
    #[error("the store cannot be used: {0}")]
    Failed(#[source] rusqlite::Error),
    #[error("the folder of the store cannot be used: {0}")]
    Folder(#[from] std::io::Error),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Self::Full,
            Some(rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase) => Self::Broken,
            Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => Self::InUse,
            _ => Self::Failed(error),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotTheirs => Self::SignedOut,
            error => Self::Storage {
                detail: error.to_string(),
            },
        }
    }
}

/// A value as it lies in a column.
fn json<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value)
        .map_err(|error| StoreError::Failed(rusqlite::Error::ToSqlConversionFailure(Box::new(error))))
}

/// The value of a column that [`json`] wrote.
fn parsed<T: serde::de::DeserializeOwned>(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<T> {
    serde_json::from_str(&row.get::<_, String>(column)?).map_err(|error| entries::unreadable(column, error))
}

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
pub(crate) mod tests;
