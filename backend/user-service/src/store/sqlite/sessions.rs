//! Sessions as rows.

use async_trait::async_trait;
use protocol::rest::identity::Device;
use protocol::{SessionId, UnixMs, UserId};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use service_kit::store::StoreError;

use super::{SqliteStore, unreadable};
use crate::sessions::{EndReason, Ended, RefreshState, Session};
use crate::store::SessionStore;

#[async_trait]
impl SessionStore for SqliteStore {
    async fn add_session(&self, session: &Session) -> Result<(), StoreError> {
        let session = session.clone();
        let sql = "INSERT INTO sessions
                       (id, user, code_request, device_name, device_system, generation, refresh_hash, created_at, used_at)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
        let write = move |connection: &Connection| {
            connection.prepare_cached(sql)?.execute(params![
                session.id.as_str(),
                session.user.as_str(),
                session.code_request,
                session.device.name,
                session.device.system,
                session.refresh.generation,
                session.refresh.hash,
                session.created_at,
                session.used_at,
            ])?;
            Ok(())
        };
        self.database.write(write).await
    }

    async fn session(&self, id: &SessionId) -> Result<Option<Session>, StoreError> {
        let id = id.clone();
        let sql =
            "SELECT id, user, code_request, device_name, device_system, generation, refresh_hash, created_at, used_at,
                          ended_at, ended_why
                   FROM sessions WHERE id = ?1";
        let read = move |connection: &Connection| {
            let row = connection
                .prepare_cached(sql)?
                .query_row([id.as_str()], |row| Ok(session(row)))
                .optional()?;
            row.transpose()
        };
        self.database.read(read).await
    }

    async fn rotate(&self, id: &SessionId, to: &RefreshState, used_at: UnixMs) -> Result<bool, StoreError> {
        let (id, to) = (id.clone(), *to);
        let sql = "UPDATE sessions SET generation = ?2, refresh_hash = ?3, used_at = ?4
                   WHERE id = ?1 AND generation = ?2 - 1 AND ended_at IS NULL";
        let write = move |connection: &Connection| {
            let moved =
                connection
                    .prepare_cached(sql)?
                    .execute(params![id.as_str(), to.generation, to.hash, used_at])?;
            Ok(moved == 1)
        };
        self.database.write(write).await
    }

    async fn end_session(&self, id: &SessionId, why: EndReason, at: UnixMs) -> Result<Option<UnixMs>, StoreError> {
        let id = id.clone();
        let write = move |connection: &Connection| {
            let sql = "UPDATE sessions SET ended_at = ?2, ended_why = ?3 WHERE id = ?1 AND ended_at IS NULL";
            connection
                .prepare_cached(sql)?
                .execute(params![id.as_str(), at, reason_text(why)])?;
            let sql = "SELECT ended_at FROM sessions WHERE id = ?1";
            Ok(connection
                .prepare_cached(sql)?
                .query_row([id.as_str()], |row| row.get(0))
                .optional()?
                .flatten())
        };
        self.database.write(write).await
    }

    async fn sessions_ended_since(&self, since: UnixMs) -> Result<Vec<(SessionId, UnixMs)>, StoreError> {
        let read = move |connection: &Connection| {
            let mut query = connection.prepare_cached("SELECT id, ended_at FROM sessions WHERE ended_at >= ?1")?;
            let rows = query.query_map([since], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
            let mut ended = Vec::new();
            for row in rows {
                let (id, at) = row?;
                ended.push((SessionId::parse(&id).map_err(|_| unreadable("session's id"))?, at));
            }
            Ok(ended)
        };
        self.database.read(read).await
    }

    async fn forget_sessions_ended_before(&self, before: UnixMs) -> Result<(), StoreError> {
        let write = move |connection: &Connection| {
            connection
                .prepare_cached("DELETE FROM sessions WHERE ended_at < ?1")?
                .execute([before])?;
            Ok(())
        };
        self.database.write(write).await
    }
}

fn session(row: &Row<'_>) -> Result<Session, StoreError> {
    let (id, user): (String, String) = (row.get(0)?, row.get(1)?);
    let ended_at: Option<UnixMs> = row.get(9)?;
    let ended_why: Option<String> = row.get(10)?;
    let ended = match (ended_at, ended_why) {
        (Some(at), Some(why)) => Some(Ended {
            at,
            why: reason_of(&why)?,
        }),
        _ => None,
    };
    Ok(Session {
        id: SessionId::parse(&id).map_err(|_| unreadable("session's id"))?,
        user: UserId::parse(&user).map_err(|_| unreadable("person's id"))?,
        code_request: row.get(2)?,
        device: Device {
            name: row.get(3)?,
            system: row.get(4)?,
        },
        refresh: RefreshState {
            generation: row.get(5)?,
            hash: row.get(6)?,
        },
        created_at: row.get(7)?,
        used_at: row.get(8)?,
        ended,
    })
}

fn reason_text(why: EndReason) -> &'static str {
    match why {
        EndReason::SignedOut => "signed_out",
        EndReason::TokenReused => "token_reused",
        EndReason::Idle => "idle",
        EndReason::Deactivated => "deactivated",
    }
}

fn reason_of(text: &str) -> Result<EndReason, StoreError> {
    match text {
        "signed_out" => Ok(EndReason::SignedOut),
        "token_reused" => Ok(EndReason::TokenReused),
        "idle" => Ok(EndReason::Idle),
        "deactivated" => Ok(EndReason::Deactivated),
        _ => Err(unreadable("end of a session")),
    }
}
