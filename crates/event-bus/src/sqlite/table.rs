//! The events in SQLite: one row each, from `waiting` to `done` or `dead`.
//!
//! A settled row keeps its id, so that an event published again stays one event, but loses its payload:
//! nothing secret lies here longer than it must.

use std::path::Path;

use protocol::UnixMs;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use service_kit::health::Part;
use service_kit::metrics::Pool;
use service_kit::store::StoreError;
use service_kit::store::sqlite::Sqlite;

use crate::bus::{DeadLetter, NewEvent};

/// How long the id of a finished event is remembered.
const REMEMBER_DONE_MS: i64 = 24 * 60 * 60 * 1000;
/// How long dead letters are kept.
const KEEP_DEAD_MS: i64 = 30 * 24 * 60 * 60 * 1000;
/// Old rows removed beside one settlement, so that no settlement is slow.
const SWEPT_AT_ONCE: u32 = 10;
/// Dead letters that are listed.
const LISTED_DEAD_LETTERS: u32 = 1_000;

const MIGRATIONS: &[&str] = &[
    "
    CREATE TABLE events (
        position   INTEGER PRIMARY KEY AUTOINCREMENT,
        queue      TEXT NOT NULL,
        event_id   TEXT NOT NULL,
        payload    BLOB NOT NULL,
        state      TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'dead')),
        attempt    INTEGER NOT NULL,
        next_at    INTEGER NOT NULL,
        expires_at INTEGER,
        settled_at INTEGER,
        reason     TEXT,
        UNIQUE (queue, event_id)
    ) STRICT;
    CREATE INDEX waiting_events ON events (queue, next_at, position) WHERE state = 'waiting';
    CREATE INDEX settled_events ON events (state, settled_at) WHERE state <> 'waiting'
",
    "
    ALTER TABLE events ADD COLUMN traceparent TEXT
",
];

#[derive(Clone)]
pub(super) struct EventTable {
    database: Sqlite,
}

/// How an event begins.
#[derive(Clone, Copy)]
pub(super) enum NewState {
    Waiting,
    /// Nobody is to get it.
    Done,
}

pub(super) struct WaitingEvent {
    pub(super) position: i64,
    pub(super) event_id: String,
    pub(super) payload: Vec<u8>,
    pub(super) attempt: u32,
    pub(super) expires_at: Option<UnixMs>,
    pub(super) traceparent: Option<String>,
}

impl EventTable {
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        Ok(Self {
            database: Sqlite::open(path, MIGRATIONS)?,
        })
    }

    /// Tells from now on whether the table takes writes.
    pub(super) fn report_to(&self, part: Part) {
        self.database.report_to(part);
    }

    pub(super) fn pool(&self) -> &Pool {
        self.database.pool()
    }

    /// Adds the event unless its id is known.
    pub(super) async fn add(&self, event: NewEvent, state: NewState) -> Result<(), StoreError> {
        let sql = "INSERT INTO events
                   (queue, event_id, payload, state, attempt, next_at, expires_at, settled_at, traceparent)
                   VALUES (?1, ?2, ?3, ?4, 1, ?5, ?6, ?7, ?8) ON CONFLICT (queue, event_id) DO NOTHING";
        let (state, settled_at) = match state {
            NewState::Waiting => ("waiting", None),
            NewState::Done => ("done", Some(event.now)),
        };
        let write = move |connection: &Connection| {
            let (queue, id, payload, now) = (event.queue, event.event_id, event.payload, event.now);
            let (expires_at, traceparent) = (event.expires_at, event.traceparent);
            let row = params![queue, id, payload, state, now, expires_at, settled_at, traceparent];
            connection.prepare_cached(sql)?.execute(row)?;
            Ok(())
        };
        self.database.write(write).await
    }

    /// The oldest events whose time has come.
    pub(super) async fn due(
        &self,
        queue: &'static str,
        now: UnixMs,
        most: u32,
    ) -> Result<Vec<WaitingEvent>, StoreError> {
        let sql = "SELECT position, event_id, payload, attempt, expires_at, traceparent FROM events
                   WHERE queue = ?1 AND state = 'waiting' AND next_at <= ?2 ORDER BY next_at, position LIMIT ?3";
        let read = move |connection: &Connection| {
            let mut query = connection.prepare_cached(sql)?;
            let events = query.query_map(params![queue, now, most], waiting_event)?;
            Ok(events.collect::<Result<_, _>>()?)
        };
        self.database.read(read).await
    }

    /// When the next event that is not due yet will be.
    pub(super) async fn next_due_after(&self, queue: &'static str, now: UnixMs) -> Result<Option<UnixMs>, StoreError> {
        let sql = "SELECT MIN(next_at) FROM events WHERE queue = ?1 AND state = 'waiting' AND next_at > ?2";
        let read = move |connection: &Connection| {
            Ok(connection
                .prepare_cached(sql)?
                .query_row(params![queue, now], |row| row.get(0))?)
        };
        self.database.read(read).await
    }

    /// The attempt the event is at, if it still waits.
    pub(super) async fn attempt_if_waiting(&self, position: i64) -> Result<Option<u32>, StoreError> {
        let sql = "SELECT attempt FROM events WHERE position = ?1 AND state = 'waiting'";
        let read = move |connection: &Connection| {
            Ok(connection
                .prepare_cached(sql)?
                .query_row([position], |row| row.get(0))
                .optional()?)
        };
        self.database.read(read).await
    }

    pub(super) async fn finish(&self, position: i64, now: UnixMs) -> Result<(), StoreError> {
        let sql = "UPDATE events SET state = 'done', payload = x'', settled_at = ?2 WHERE position = ?1";
        let write = move |connection: &Connection| {
            connection.prepare_cached(sql)?.execute(params![position, now])?;
            sweep(connection, now)
        };
        self.database.write(write).await
    }

    pub(super) async fn postpone(&self, position: i64, at: UnixMs) -> Result<(), StoreError> {
        let sql =
            "UPDATE events SET attempt = attempt + 1, next_at = MIN(?2, COALESCE(expires_at, ?2)) WHERE position = ?1";
        let write = move |connection: &Connection| {
            connection.prepare_cached(sql)?.execute(params![position, at])?;
            Ok(())
        };
        self.database.write(write).await
    }

    pub(super) async fn bury(&self, position: i64, reason: String, now: UnixMs) -> Result<(), StoreError> {
        let sql = "UPDATE events SET state = 'dead', payload = x'', settled_at = ?2, reason = ?3 WHERE position = ?1";
        let write = move |connection: &Connection| {
            connection
                .prepare_cached(sql)?
                .execute(params![position, now, reason])?;
            sweep(connection, now)
        };
        self.database.write(write).await
    }

    pub(super) async fn dead_letters(&self, queue: &'static str) -> Result<Vec<DeadLetter>, StoreError> {
        let sql = "SELECT event_id, reason, attempt, settled_at FROM events
                   WHERE queue = ?1 AND state = 'dead' ORDER BY settled_at DESC, position DESC LIMIT ?2";
        let read = move |connection: &Connection| {
            let mut query = connection.prepare_cached(sql)?;
            let letters = query.query_map(params![queue, LISTED_DEAD_LETTERS], dead_letter)?;
            Ok(letters.collect::<Result<_, _>>()?)
        };
        self.database.read(read).await
    }
}

/// Forgets some of what has been settled for long.
fn sweep(connection: &Connection, now: UnixMs) -> Result<(), StoreError> {
    let sql = "DELETE FROM events WHERE position IN
               (SELECT position FROM events WHERE state = ?1 AND settled_at < ?2 LIMIT ?3)";
    let mut delete = connection.prepare_cached(sql)?;
    delete.execute(params!["done", now - REMEMBER_DONE_MS, SWEPT_AT_ONCE])?;
    delete.execute(params!["dead", now - KEEP_DEAD_MS, SWEPT_AT_ONCE])?;
    Ok(())
}

fn waiting_event(row: &Row<'_>) -> rusqlite::Result<WaitingEvent> {
    Ok(WaitingEvent {
        position: row.get(0)?,
        event_id: row.get(1)?,
        payload: row.get(2)?,
        attempt: row.get(3)?,
        expires_at: row.get(4)?,
        traceparent: row.get(5)?,
    })
}

fn dead_letter(row: &Row<'_>) -> rusqlite::Result<DeadLetter> {
    Ok(DeadLetter {
        event_id: row.get(0)?,
        reason: row.get(1)?,
        attempt: row.get(2)?,
        died_at: row.get(3)?,
    })
}
