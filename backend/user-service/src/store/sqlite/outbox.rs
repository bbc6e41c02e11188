//! Kept events as rows.

use async_trait::async_trait;
use rusqlite::{Connection, params};
use service_kit::store::StoreError;

use super::SqliteStore;
use crate::outbox::KeptEvent;
use crate::store::OutboxStore;

#[async_trait]
impl OutboxStore for SqliteStore {
    async fn keep(&self, event: &KeptEvent) -> Result<(), StoreError> {
        let event = event.clone();
        self.database.write(move |connection| add(connection, &event)).await
    }

    async fn waiting(&self, most: u32) -> Result<Vec<KeptEvent>, StoreError> {
        let read = move |connection: &Connection| {
            let sql = "SELECT id, sealed, kept_at, expires_at FROM outbox ORDER BY kept_at, id LIMIT ?1";
            let mut query = connection.prepare_cached(sql)?;
            let events = query.query_map([most], |row| {
                Ok(KeptEvent {
                    id: row.get(0)?,
                    sealed: row.get(1)?,
                    kept_at: row.get(2)?,
                    expires_at: row.get(3)?,
                })
            })?;
            Ok(events.collect::<Result<_, _>>()?)
        };
        self.database.read(read).await
    }

    async fn forget(&self, id: &str) -> Result<(), StoreError> {
        let id = id.to_owned();
        let write = move |connection: &Connection| {
            connection
                .prepare_cached("DELETE FROM outbox WHERE id = ?1")?
                .execute([id])?;
            Ok(())
        };
        self.database.write(write).await
    }
}

/// Keeps an event in the transaction of what it tells of. One that is kept already changes nothing.
pub(super) fn add(connection: &Connection, event: &KeptEvent) -> Result<(), StoreError> {
    let sql = "INSERT INTO outbox (id, sealed, kept_at, expires_at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
    connection
        .prepare_cached(sql)?
        .execute(params![event.id, event.sealed, event.kept_at, event.expires_at])?;
    Ok(())
}
