//! Ended sessions in SQLite.

use async_trait::async_trait;
use protocol::{SessionId, UnixMs};
use rusqlite::Connection;

use super::{SqliteStore, rows};
use crate::store::{EndedStore, StoreError};

#[async_trait]
impl EndedStore for SqliteStore {
    async fn add_ended_session(&self, session: &SessionId, noted_at: UnixMs) -> Result<(), StoreError> {
        let session = session.clone();
        let add = move |connection: &Connection| {
            let sql = "INSERT INTO ended_sessions (session, noted_at) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
            connection.prepare_cached(sql)?.execute((session.as_str(), noted_at))?;
            Ok(())
        };
        self.database.write(add).await
    }

    async fn sessions_ended_since(&self, since: UnixMs) -> Result<Vec<(SessionId, UnixMs)>, StoreError> {
        let read = move |connection: &Connection| {
            let sql = "SELECT session, noted_at FROM ended_sessions WHERE noted_at >= ?1";
            let mut query = connection.prepare_cached(sql)?;
            let ended = query.query_map([since], |row| Ok((rows::id(row, 0)?, row.get(1)?)))?;
            Ok(ended.collect::<Result<_, _>>()?)
        };
        self.database.read(read).await
    }

    async fn forget_sessions_ended_before(&self, before: UnixMs) -> Result<(), StoreError> {
        let forget = move |connection: &Connection| {
            let sql = "DELETE FROM ended_sessions WHERE noted_at < ?1";
            connection.prepare_cached(sql)?.execute([before])?;
            Ok(())
        };
        self.database.write(forget).await
    }
}
