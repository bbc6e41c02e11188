//! The documents in SQLite.

mod address_days;
mod people;
mod sessions;

use std::path::Path;

use service_kit::health::Part;
use service_kit::store::StoreError;
use service_kit::store::sqlite::Sqlite;

const MIGRATIONS: &[&str] = &[include_str!("sqlite/schema.sql")];

/// People, sessions and counts in one file.
#[derive(Clone)]
pub(crate) struct SqliteStore {
    database: Sqlite,
}

impl SqliteStore {
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        Ok(Self {
            database: Sqlite::open(path, MIGRATIONS)?,
        })
    }

    /// Tells from now on whether the database takes writes.
    pub(crate) fn report_to(&self, part: Part) {
        self.database.report_to(part);
    }
}

/// A stored text that this program cannot read: the file was changed by something else.
fn unreadable(what: &str) -> StoreError {
    StoreError::Broken(format!("the stored {what} cannot be read"))
}
