//! Live signs in SQLite.

use async_trait::async_trait;
use protocol::{ConversationId, Receipt, UnixMs, UserId};
use rusqlite::{Connection, OptionalExtension as _};

use super::SqliteStore;
use super::rows::number;
use crate::store::{LiveStore, StoreError};

#[async_trait]
impl LiveStore for SqliteStore {
    async fn receipts(&self, id: &ConversationId, readers: Vec<UserId>) -> Result<Vec<Receipt>, StoreError> {
        let id = id.clone();
        let read = move |connection: &Connection| {
            let mut query =
                connection.prepare_cached("SELECT furthest FROM read_marks WHERE person = ?1 AND conversation = ?2")?;
            let mut receipts = Vec::new();
            for person in readers {
                let furthest = query.query_row((person.as_str(), id.as_str()), |row| number(row, 0));
                if let Some(ordinal) = furthest.optional()? {
                    receipts.push(Receipt { person, ordinal });
                }
            }
            Ok(receipts)
        };
        self.database.read(read).await
    }

    async fn last_seen(&self, people: Vec<UserId>) -> Result<Vec<(UserId, Option<UnixMs>)>, StoreError> {
        let read = move |connection: &Connection| {
            let mut query = connection
                .prepare_cached("SELECT s.at FROM people p LEFT JOIN last_seen s ON s.person = p.id WHERE p.id = ?1")?;
            let mut known = Vec::new();
            for person in people {
                if let Some(at) = query.query_row([person.as_str()], |row| row.get(0)).optional()? {
                    known.push((person, at));
                }
            }
            Ok(known)
        };
        self.database.read(read).await
    }

    async fn raise_last_seen(&self, seen: Vec<(UserId, UnixMs)>) -> Result<(), StoreError> {
        let raise = move |connection: &Connection| {
            let mut upsert = connection.prepare_cached(
                "INSERT INTO last_seen (person, at) VALUES (?1, ?2)
                 ON CONFLICT (person) DO UPDATE SET at = excluded.at WHERE excluded.at > at",
            )?;
            for (person, at) in &seen {
                upsert.execute((person.as_str(), at))?;
            }
            Ok(())
        };
        self.database.write(raise).await
    }
}
