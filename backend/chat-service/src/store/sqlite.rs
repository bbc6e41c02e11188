//! The adapter for the embedded database.
//!
//! The end of a log is read from the log itself: its primary key makes that one look-up, and there is no second
//! figure that could disagree after a crash.

mod attention;
mod conversations;
mod ended;
mod live;
mod log;
mod messages;
mod moved;
mod people;
mod rows;

use std::path::Path;

use service_kit::health::Part;
use service_kit::metrics::Pool;
use service_kit::store::sqlite::Sqlite;

use super::StoreError;

const MIGRATIONS: &[&str] = &[
    include_str!("sqlite/schema.sql"),
    include_str!("sqlite/acts.sql"),
    include_str!("sqlite/live.sql"),
    include_str!("sqlite/lists.sql"),
    include_str!("sqlite/ended.sql"),
    include_str!("sqlite/mentions.sql"),
];

/// chat-service's tables in one SQLite file.
#[derive(Clone)]
pub struct SqliteStore {
    database: Sqlite,
}

impl SqliteStore {
    /// Opens or makes the file.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Ok(Self {
            database: Sqlite::open(path, MIGRATIONS)?,
        })
    }

    /// Tells from now on whether the database takes writes.
    pub fn report_to(&self, part: Part) {
        self.database.report_to(part);
    }

    /// What it is busy with.
    pub fn pool(&self) -> &Pool {
        self.database.pool()
    }
}

#[cfg(test)]
mod tests;
