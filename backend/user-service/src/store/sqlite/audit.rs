//! The audit log as rows. The schema itself refuses to change or remove one.

use async_trait::async_trait;
use protocol::UserId;
use rusqlite::{Connection, Row, params};
use service_kit::store::StoreError;

use super::{SqliteStore, unreadable};
use crate::audit::{Filter, Line, Note, action_of, action_text};
use crate::store::AuditStore;

#[async_trait]
impl AuditStore for SqliteStore {
    async fn note(&self, note: &Note) -> Result<(), StoreError> {
        let note = note.clone();
        self.database.write(move |connection| add(connection, &note)).await
    }

    async fn audit_lines(&self, filter: &Filter, most: u32) -> Result<Vec<Line>, StoreError> {
        let filter = filter.clone();
        self.database
            .read(move |connection| lines(connection, &filter, most))
            .await
    }
}

/// Adds lines in the transaction of the change they tell of.
pub(super) fn add_all(connection: &Connection, notes: &[Note]) -> Result<(), StoreError> {
    notes.iter().try_for_each(|note| add(connection, note))
}

pub(super) fn add(connection: &Connection, note: &Note) -> Result<(), StoreError> {
    let sql = "INSERT INTO audit (at, actor, action, target, detail, address) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    connection.prepare_cached(sql)?.execute(params![
        note.at,
        note.actor.as_ref().map(UserId::as_str),
        action_text(note.action),
        note.target,
        note.detail,
        note.address,
    ])?;
    Ok(())
}

fn lines(connection: &Connection, filter: &Filter, most: u32) -> Result<Vec<Line>, StoreError> {
    // Conditions that are not asked for are left out, so that SQLite can use the index of the one that is.
    let mut sql = "SELECT seq, at, actor, action, target, detail, address FROM audit WHERE seq < ?1".to_owned();
    let before = filter
        .before
        .map_or(i64::MAX, |before| i64::try_from(before).unwrap_or(i64::MAX));
    let (actor, action) = (
        filter.actor.as_ref().map(UserId::as_str),
        filter.action.map(action_text),
    );
    let conditions = [
        (actor.is_some(), " AND actor = ?2"),
        (action.is_some(), " AND action = ?3"),
        (filter.since.is_some(), " AND at >= ?4"),
        (filter.until.is_some(), " AND at < ?5"),
    ];
    for (_, condition) in conditions.iter().filter(|(wanted, _)| *wanted) {
        sql.push_str(condition);
    }
    sql.push_str(" ORDER BY seq DESC LIMIT ?6");
    let mut query = connection.prepare_cached(&sql)?;
    let mut rows = query.query(params![before, actor, action, filter.since, filter.until, most])?;
    let mut lines = Vec::new();
    while let Some(row) = rows.next()? {
        lines.push(line(row)?);
    }
    Ok(lines)
}

fn line(row: &Row<'_>) -> Result<Line, StoreError> {
    let seq: i64 = row.get(0)?;
    let (actor, action): (Option<String>, String) = (row.get(2)?, row.get(3)?);
    let actor = actor.map(|id| UserId::parse(&id)).transpose();
    Ok(Line {
        seq: seq.unsigned_abs(),
        note: Note {
            at: row.get(1)?,
            actor: actor.map_err(|_| unreadable("actor of an audit line"))?,
            action: action_of(&action).ok_or_else(|| unreadable("action of an audit line"))?,
            target: row.get(4)?,
            detail: row.get(5)?,
            address: row.get(6)?,
        },
    })
}
