//! What every store has in common: how storing can fail, the embedded database, and MongoDB.

mod documents;
pub mod mongo;
pub mod moving;
pub mod sqlite;

use protocol::ErrorCode;

use crate::ApiError;

pub use self::documents::{DatabaseSettings, Documents};

/// Why something could not be stored or read.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A unique key is taken. Which one is found out by asking, never from the text.
    #[error("a unique key is taken")]
    Duplicate,
    /// The disk is full; nothing was stored.
    #[error("the disk is full")]
    Full,
    /// Whether it was stored is not known. Ask before saying anything to anybody.
    #[error("whether it was stored is not known")]
    Unknown,
    /// The database is away or closing; nothing was stored.
    #[error("the database is away")]
    Unavailable,
    /// The database refused for a reason nobody foresaw.
    #[error("the database failed: {0}")]
    Broken(String),
}

impl From<StoreError> for ApiError {
    fn from(fault: StoreError) -> Self {
        match fault {
            StoreError::Full => Self::new(
                ErrorCode::StorageFull,
                "Nothing was stored. An administrator must free some space.",
            )
            .because(fault),
            StoreError::Unavailable | StoreError::Unknown => {
                Self::new(ErrorCode::Unavailable, "Try again in a moment.")
                    .retry_after_s(1)
                    .because(fault)
            }
            StoreError::Duplicate | StoreError::Broken(_) => Self::internal(fault),
        }
    }
}
