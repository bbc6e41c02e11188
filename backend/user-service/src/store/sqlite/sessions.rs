//! Sessions as rows.

use async_trait::async_trait;
use protocol::rest::identity::Device;
use protocol::{SessionId, UnixMs, UserId};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use service_kit::store::StoreError;

use super::{SqliteStore, audit, unreadable};
use crate::audit::Note;
use crate::sessions::{EndReason, Ended, EndedSession, RefreshState, Seen, Session, reason_of, reason_text};
use crate::store::SessionStore;

const COLUMNS: &str =
    "id, user, code_request, device_name, device_system, generation, refresh_hash, created_at, used_at,
                       address, ended_at, ended_why";

#[async_trait]
impl SessionStore for SqliteStore {
    async fn add_session(&self, session: &Session, notes: &[Note]) -> Result<(), StoreError> {
        let (session, notes) = (session.clone(), notes.to_vec());
        let sql = "INSERT INTO sessions
                       (id, user, code_request, device_name, device_system, generation, refresh_hash, created_at, used_at,
                        address)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
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
                session.seen.at,
                session.seen.address,
            ])?;
            audit::add_all(connection, &notes)
        };
        self.database.write(write).await
    }

    async fn session(&self, id: &SessionId) -> Result<Option<Session>, StoreError> {
        let id = id.clone();
        let sql = format!("SELECT {COLUMNS} FROM sessions WHERE id = ?1");
        let read = move |connection: &Connection| {
            let row = connection
                .prepare_cached(&sql)?
                .query_row([id.as_str()], |row| Ok(session(row)))
                .optional()?;
            row.transpose()
        };
        self.database.read(read).await
    }

    async fn running_sessions_of(&self, user: &UserId, most: u32) -> Result<Vec<Session>, StoreError> {
        let user = user.clone();
        let sql = format!(
            "SELECT {COLUMNS} FROM sessions WHERE user = ?1 AND ended_at IS NULL ORDER BY used_at DESC, id LIMIT ?2"
        );
        let read = move |connection: &Connection| {
            let mut query = connection.prepare_cached(&sql)?;
            let mut rows = query.query(params![user.as_str(), most])?;
            let mut sessions = Vec::new();
            while let Some(row) = rows.next()? {
                sessions.push(session(row)?);
            }
            Ok(sessions)
        };
        self.database.read(read).await
    }

    async fn running_sessions_of_the_deactivated(&self) -> Result<Vec<SessionId>, StoreError> {
        let read = move |connection: &Connection| {
            let sql = "SELECT sessions.id FROM people JOIN sessions ON sessions.user = people.id
                       WHERE NOT people.active AND sessions.ended_at IS NULL";
            let mut query = connection.prepare_cached(sql)?;
            let ids = query.query_map([], |row| row.get::<_, String>(0))?;
            ids.map(|id| SessionId::parse(&id?).map_err(|_| unreadable("session's id")))
                .collect()
        };
        self.database.read(read).await
    }

    async fn rotate(&self, id: &SessionId, to: &RefreshState, seen: &Seen) -> Result<bool, StoreError> {
        let (id, to, seen) = (id.clone(), *to, seen.clone());
        let sql = "UPDATE sessions SET generation = ?2, refresh_hash = ?3, used_at = ?4, address = ?5
                   WHERE id = ?1 AND generation = ?2 - 1 AND ended_at IS NULL";
        let write = move |connection: &Connection| {
            let values = params![id.as_str(), to.generation, to.hash, seen.at, seen.address];
            Ok(connection.prepare_cached(sql)?.execute(values)? == 1)
        };
        self.database.write(write).await
    }

    async fn end_session(&self, id: &SessionId, end: Ended, notes: &[Note]) -> Result<Option<UnixMs>, StoreError> {
        let (id, notes) = (id.clone(), notes.to_vec());
        let write = move |connection: &Connection| {
            let sql = "UPDATE sessions SET ended_at = ?2, ended_why = ?3 WHERE id = ?1 AND ended_at IS NULL";
            let ended_now =
                connection
                    .prepare_cached(sql)?
                    .execute(params![id.as_str(), end.at, reason_text(end.why)])?;
            if ended_now == 1 {
                audit::add_all(connection, &notes)?;
            }
            let sql = "SELECT ended_at FROM sessions WHERE id = ?1";
            Ok(connection
                .prepare_cached(sql)?
                .query_row([id.as_str()], |row| row.get(0))
                .optional()?
                .flatten())
        };
        self.database.write(write).await
    }

    async fn end_sessions_unused_since(&self, since: UnixMs, end: Ended) -> Result<(), StoreError> {
        let write = move |connection: &Connection| {
            let sql = "UPDATE sessions SET ended_at = ?2, ended_why = ?3 WHERE used_at < ?1 AND ended_at IS NULL";
            connection
                .prepare_cached(sql)?
                .execute(params![since, end.at, reason_text(end.why)])?;
            Ok(())
        };
        self.database.write(write).await
    }

    async fn unannounced_ends(&self, most: u32) -> Result<Vec<EndedSession>, StoreError> {
        let read = move |connection: &Connection| {
            let sql = "SELECT id, user, ended_at FROM sessions
                       WHERE ended_at IS NOT NULL AND NOT end_announced ORDER BY id LIMIT ?1";
            let mut query = connection.prepare_cached(sql)?;
            let rows = query.query_map([most], |row| {
                Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get(2)?))
            })?;
            rows.map(|row| {
                let (session, person, at) = row?;
                Ok(EndedSession {
                    session: SessionId::parse(&session).map_err(|_| unreadable("session's id"))?,
                    person: UserId::parse(&person).map_err(|_| unreadable("person's id"))?,
                    at,
                })
            })
            .collect()
        };
        self.database.read(read).await
    }

    async fn mark_end_announced(&self, id: &SessionId) -> Result<(), StoreError> {
        let id = id.clone();
        let write = move |connection: &Connection| {
            let sql = "UPDATE sessions SET end_announced = 1 WHERE id = ?1 AND ended_at IS NOT NULL";
            connection.prepare_cached(sql)?.execute([id.as_str()])?;
            Ok(())
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
            let sql = "DELETE FROM sessions WHERE ended_at < ?1 AND ended_why NOT IN (?2, ?3)";
            let (revoked, deactivated) = (reason_text(EndReason::Revoked), reason_text(EndReason::Deactivated));
            connection
                .prepare_cached(sql)?
                .execute(params![before, revoked, deactivated])?;
            Ok(())
        };
        self.database.write(write).await
    }
}

fn session(row: &Row<'_>) -> Result<Session, StoreError> {
    let (id, user): (String, String) = (row.get(0)?, row.get(1)?);
    let ended_at: Option<UnixMs> = row.get(10)?;
    let ended_why: Option<String> = row.get(11)?;
    let ended = match (ended_at, ended_why) {
        (Some(at), Some(why)) => Some(Ended {
            at,
            why: reason_of(&why).ok_or_else(|| unreadable("end of a session"))?,
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
        seen: Seen {
            at: row.get(8)?,
            address: row.get(9)?,
        },
        ended,
    })
}
