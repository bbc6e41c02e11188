//! The ledger in SQLite.

use std::path::Path;

use async_trait::async_trait;
use protocol::UnixMs;
use rusqlite::{Connection, OptionalExtension as _, params};
use service_kit::health::Part;
use service_kit::store::StoreError;
use service_kit::store::sqlite::Sqlite;

use super::{Ledger, Marked};

/// How long a mail is remembered; an invitation expires within 30 days, and the queue forgets a day after it was sent.
const REMEMBER_MS: i64 = 40 * 24 * 60 * 60 * 1000;

const MIGRATIONS: &[&str] = &["
    CREATE TABLE mails (
        event_id TEXT PRIMARY KEY,
        state    TEXT NOT NULL CHECK (state IN ('sending', 'sent')),
        at       INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX mails_by_time ON mails (at)
"];

pub(crate) struct SqliteLedger {
    database: Sqlite,
}

impl SqliteLedger {
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        Ok(Self {
            database: Sqlite::open(path, MIGRATIONS)?,
        })
    }

    /// Tells from now on whether the ledger takes writes.
    pub(crate) fn report_to(&self, part: Part) {
        self.database.report_to(part);
    }
}

#[async_trait]
impl Ledger for SqliteLedger {
    async fn mark_sending(&self, event_id: &str, now: UnixMs) -> Result<Marked, StoreError> {
        let event_id = event_id.to_owned();
        self.database
            .write(move |connection| mark_sending(connection, &event_id, now))
            .await
    }

    async fn mark_sent(&self, event_id: &str, now: UnixMs) -> Result<(), StoreError> {
        let event_id = event_id.to_owned();
        let write = move |connection: &Connection| {
            let sql = "UPDATE mails SET state = 'sent', at = ?2 WHERE event_id = ?1";
            connection.prepare_cached(sql)?.execute(params![event_id, now])?;
            Ok(())
        };
        self.database.write(write).await
    }
}

fn mark_sending(connection: &Connection, event_id: &str, now: UnixMs) -> Result<Marked, StoreError> {
    connection
        .prepare_cached("DELETE FROM mails WHERE at < ?1")?
        .execute([now - REMEMBER_MS])?;
    let sql = "SELECT state = 'sent' FROM mails WHERE event_id = ?1";
    let known = connection
        .prepare_cached(sql)?
        .query_row([event_id], |row| row.get(0))
        .optional()?;
    match known {
        Some(true) => return Ok(Marked::AlreadySent),
        Some(false) => return Ok(Marked::SendingAgain),
        None => {}
    }
    let sql = "INSERT INTO mails (event_id, state, at) VALUES (?1, 'sending', ?2)";
    connection.prepare_cached(sql)?.execute(params![event_id, now])?;
    Ok(Marked::Sending)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_mail_that_went_out_is_remembered_over_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mails.sqlite");
        let ledger = SqliteLedger::open(&path).unwrap();
        assert_eq!(ledger.mark_sending("one", 1).await.unwrap(), Marked::Sending);
        ledger.mark_sent("one", 2).await.unwrap();
        drop(ledger);

        let ledger = SqliteLedger::open(&path).unwrap();

        assert_eq!(ledger.mark_sending("one", 3).await.unwrap(), Marked::AlreadySent);
        assert_eq!(ledger.mark_sending("two", 3).await.unwrap(), Marked::Sending);
        assert_eq!(ledger.mark_sending("two", 4).await.unwrap(), Marked::SendingAgain);
    }
}
