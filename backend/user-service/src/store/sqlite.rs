//! The documents in SQLite.

mod address_days;
mod audit;
mod invitations;
mod outbox;
mod people;
mod pictures;
mod sessions;
mod workspace;

use std::path::Path;

use service_kit::health::Part;
use service_kit::metrics::Pool;
use service_kit::store::StoreError;
use service_kit::store::sqlite::Sqlite;

const MIGRATIONS: &[&str] = &[
    include_str!("sqlite/schema.sql"),
    include_str!("sqlite/administration.sql"),
    include_str!("sqlite/outbox.sql"),
];

/// Everything this service keeps, in one file.
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

    /// What it is busy with.
    pub(crate) fn pool(&self) -> &Pool {
        self.database.pool()
    }
}

/// A stored text that this program cannot read: the file was changed by something else.
fn unreadable(what: &str) -> StoreError {
    StoreError::Broken(format!("the stored {what} cannot be read"))
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;
    use crate::store::PeopleStore as _;

    #[tokio::test]
    async fn not_even_sql_changes_or_removes_a_line_of_the_audit_log() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("users.sqlite");
        drop(SqliteStore::open(&path).unwrap());
        let file = Connection::open(&path).unwrap();
        let line = "INSERT INTO audit (at, action, detail, address) VALUES (1, 'signed_in', '', '')";
        file.execute(line, []).unwrap();
        for change in ["UPDATE audit SET at = 2", "DELETE FROM audit"] {
            let fault = file.execute(change, []).unwrap_err().to_string();
            assert!(fault.contains("append-only"), "{change}: {fault}");
        }
        // What would replace a line is a removal, too.
        assert!(file.execute("REPLACE INTO audit SELECT * FROM audit", []).is_err());
    }

    #[tokio::test]
    async fn a_database_of_the_first_version_is_kept_and_its_administrators_are_told_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("users.sqlite");
        let old = Connection::open(&path).unwrap();
        old.execute_batch(MIGRATIONS[0]).unwrap();
        old.execute_batch(
            "INSERT INTO people VALUES
                 ('u_1', 'ada@example.org', 'ada@example.org', 'Ada', 'ada', '', '', 'administrator', 1, 3, 3, 5),
                 ('u_2', 'ben@example.org', 'ben@example.org', 'Ben', 'ben', '', '', 'member', 1, 2, 2, 5);
             PRAGMA user_version = 1;",
        )
        .unwrap();
        drop(old);

        let store = SqliteStore::open(&path).unwrap();

        let told_again = store.unannounced(10).await.unwrap();
        let told_again: Vec<_> = told_again
            .iter()
            .map(|person| (person.id.as_str(), person.version))
            .collect();
        assert_eq!(told_again, [("u_1", 4)], "whose role the others do not know");
    }
}
