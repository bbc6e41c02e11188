//! The ledger in SQLite. It belongs to one process: what another one was sending when this one opens the file, that
//! other one no longer sends.

use std::path::Path;

use async_trait::async_trait;
use protocol::UnixMs;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use service_kit::health::Part;
use service_kit::metrics::Pool;
use service_kit::store::StoreError;
use service_kit::store::sqlite::Sqlite;

use super::{Claim, Ledger, Marked};

const MIGRATIONS: &[&str] = &[
    "
    CREATE TABLE mails (
        event_id TEXT PRIMARY KEY,
        state    TEXT NOT NULL CHECK (state IN ('sending', 'sent')),
        at       INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX mails_by_time ON mails (at)
",
    "
    ALTER TABLE mails ADD COLUMN claim TEXT;
    ALTER TABLE mails ADD COLUMN until INTEGER NOT NULL DEFAULT 0
",
];

pub(crate) struct SqliteLedger {
    database: Sqlite,
}

/// A mail as it is stored. Without a claim nobody is sending it.
struct Stored {
    is_sent: bool,
    claim: Option<String>,
    until: UnixMs,
}

impl SqliteLedger {
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        Ok(Self {
            database: Sqlite::open(path, MIGRATIONS)?,
        })
    }

    /// Ends the tries of the process that had the file before.
    pub(crate) async fn end_old_claims(&self) -> Result<(), StoreError> {
        let write = |connection: &Connection| {
            connection.execute("UPDATE mails SET until = 0 WHERE claim IS NOT NULL", [])?;
            Ok(())
        };
        self.database.write(write).await
    }

    /// Tells from now on whether the ledger takes writes.
    pub(crate) fn report_to(&self, part: Part) {
        self.database.report_to(part);
    }

    /// What it is busy with.
    pub(crate) fn pool(&self) -> &Pool {
        self.database.pool()
    }
}

#[async_trait]
impl Ledger for SqliteLedger {
    async fn mark_sending(&self, claim: &Claim) -> Result<Marked, StoreError> {
        let claim = claim.clone();
        self.database
            .write(move |connection| mark_sending(connection, &claim))
            .await
    }

    async fn mark_sent(&self, event_id: &str, now: UnixMs) -> Result<(), StoreError> {
        let event_id = event_id.to_owned();
        let write = move |connection: &Connection| {
            let sql = "UPDATE mails SET state = 'sent', claim = NULL, at = ?2 WHERE event_id = ?1";
            connection.prepare_cached(sql)?.execute(params![event_id, now])?;
            Ok(())
        };
        self.database.write(write).await
    }

    async fn mark_failed(&self, claim: &Claim) -> Result<(), StoreError> {
        let claim = claim.clone();
        let write = move |connection: &Connection| {
            let sql = "UPDATE mails SET claim = NULL WHERE event_id = ?1 AND claim = ?2";
            connection
                .prepare_cached(sql)?
                .execute(params![claim.event_id, claim.by])?;
            Ok(())
        };
        self.database.write(write).await
    }

    async fn forget_before(&self, at: UnixMs) -> Result<(), StoreError> {
        let write = move |connection: &Connection| {
            connection
                .prepare_cached("DELETE FROM mails WHERE at < ?1")?
                .execute([at])?;
            Ok(())
        };
        self.database.write(write).await
    }
}

fn mark_sending(connection: &Connection, claim: &Claim) -> Result<Marked, StoreError> {
    let sql = "SELECT state = 'sent', claim, until FROM mails WHERE event_id = ?1";
    let known = connection
        .prepare_cached(sql)?
        .query_row([&claim.event_id], stored)
        .optional()?;
    let marked = match known {
        None => Marked::Sending,
        Some(Stored { is_sent: true, .. }) => return Ok(Marked::AlreadySent),
        Some(Stored { claim: None, .. }) => Marked::SendingAgain,
        Some(Stored { claim: Some(by), .. }) if by == claim.by => Marked::Sending,
        Some(Stored { until, .. }) if until > claim.now => return Ok(Marked::Busy { until }),
        Some(_) => Marked::SendingAfterCrash,
    };
    let sql = "INSERT INTO mails (event_id, state, at, claim, until) VALUES (?1, 'sending', ?2, ?3, ?4)
               ON CONFLICT (event_id) DO UPDATE SET at = ?2, claim = ?3, until = ?4";
    connection
        .prepare_cached(sql)?
        .execute(params![claim.event_id, claim.now, claim.by, claim.until])?;
    Ok(marked)
}

fn stored(row: &Row<'_>) -> rusqlite::Result<Stored> {
    Ok(Stored {
        is_sent: row.get(0)?,
        claim: row.get(1)?,
        until: row.get(2)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(by: &str) -> Claim {
        Claim {
            event_id: "one".to_owned(),
            by: by.to_owned(),
            now: 1,
            until: 1_000,
        }
    }

    #[tokio::test]
    async fn a_mail_that_went_out_is_remembered_over_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mails.sqlite");
        let ledger = SqliteLedger::open(&path).unwrap();
        ledger.mark_sending(&claim("a")).await.unwrap();
        ledger.mark_sent("one", 2).await.unwrap();
        drop(ledger);

        let ledger = SqliteLedger::open(&path).unwrap();

        assert_eq!(ledger.mark_sending(&claim("b")).await.unwrap(), Marked::AlreadySent);
    }

    #[tokio::test]
    async fn what_the_process_before_was_sending_is_sent_again_without_waiting() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mails.sqlite");
        let ledger = SqliteLedger::open(&path).unwrap();
        ledger.mark_sending(&claim("a")).await.unwrap();
        drop(ledger);

        let ledger = SqliteLedger::open(&path).unwrap();
        ledger.end_old_claims().await.unwrap();

        let marked = ledger.mark_sending(&claim("b")).await.unwrap();
        assert_eq!(marked, Marked::SendingAfterCrash);
    }
}
