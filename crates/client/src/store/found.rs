//! Asking the index.

use protocol::ConversationId;
use rusqlite::{Connection, OptionalExtension, params};

use super::number::number;
use super::{StoreError, entries, index};
use crate::search::plan::Plan;

/// Messages among which those that fit best are sought.
pub(crate) const MOST_RANKED: u32 = 2_000;

/// A row of the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) id: i64,
    pub(crate) conversation: ConversationId,
    pub(crate) seq: u64,
}

/// The newest that match, before this id where one is given; at most `most`.
pub(crate) fn newest(disk: &Connection, plan: &Plan, before: Option<u64>, most: u32) -> Result<Vec<Found>, StoreError> {
    let mut select = disk.prepare_cached(
        "SELECT rowid FROM message_index WHERE message_index MATCH ?1 AND rowid >= ?2 AND rowid < ?3
         ORDER BY rowid DESC LIMIT ?4",
    )?;
    let (first, behind) = ids(plan);
    let behind = before
        .and_then(|id| i64::try_from(id).ok())
        .map_or(behind, |id| id.min(behind));
    let ids = select
        .query_map(params![plan.matching, first, behind, most], |row| row.get(0))?
        .collect::<Result<Vec<i64>, _>>()?;
    places(disk, ids)
}

/// Those among the newest [`MOST_RANKED`] that fit best, leaving out the first `skip`; at most `most`.
pub(crate) fn best(disk: &Connection, plan: &Plan, skip: u64, most: u32) -> Result<Vec<Found>, StoreError> {
    let mut select = disk.prepare_cached(
        "SELECT id FROM (
            SELECT rowid AS id, bm25(message_index, 1.0, 0.0) AS distance FROM message_index
            WHERE message_index MATCH ?1 AND rowid >= ?2 AND rowid < ?3 ORDER BY rowid DESC LIMIT ?4
         ) ORDER BY distance, id DESC LIMIT ?5 OFFSET ?6",
    )?;
    let (first, behind) = ids(plan);
    let skip = u32::try_from(skip).unwrap_or(u32::MAX);
    let ids = select
        .query_map(params![plan.matching, first, behind, MOST_RANKED, most, skip], |row| {
            row.get(0)
        })?
        .collect::<Result<Vec<i64>, _>>()?;
    places(disk, ids)
}

fn ids(plan: &Plan) -> (i64, i64) {
    let behind = if plan.until == i64::MAX {
        i64::MAX
    } else {
        index::first_id(plan.until)
    };
    (index::first_id(plan.from), behind)
}

fn places(disk: &Connection, ids: Vec<i64>) -> Result<Vec<Found>, StoreError> {
    let mut select = disk.prepare_cached("SELECT conversation, seq FROM searched WHERE id = ?1")?;
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        let place = select.query_row([id], |row| {
            Ok(Found {
                id,
                conversation: entries::id(0, ConversationId::parse(&row.get::<_, String>(0)?))?,
                seq: number(row, 1)?,
            })
        });
        found.extend(place.optional()?);
    }
    Ok(found)
}
