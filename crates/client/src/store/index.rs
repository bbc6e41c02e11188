//! The index of messages, for searching: which words stand in which message, as it reads now.
//!
//! `searched` has one row for each message that can be found: its words, and beside them who wrote it and where, as words
//! too. Triggers carry every change of it into `message_index` (FTS5), so both are written in the transaction that wrote
//! the entry. The index keeps no text of its own (external content), which lets SQLite compare the two, and lets it take
//! the words of a deleted message out of the file at once (`secure-delete`; a table without content would only mark them).
//!
//! Ids ascend with time, so that the newest are found first without sorting. What a message says is never decided here:
//! a row may be one too many (its entry is gone, and a step in the background takes it away), and whoever searches looks
//! at the message itself.

use protocol::{ConversationId, Entry, EntryKind, UnixMs};
use rusqlite::{Connection, OptionalExtension};

use super::number::{Number, number};
use super::{StoreError, entries, folds};
use crate::search::words;
use crate::views::body_now;

/// Ids for each millisecond; what is written in the same one takes the next free id.
const IDS_PER_MS: i64 = 1024;
/// The times that have ids: until the year 2248, which is as far as JavaScript can count them.
const LATEST: UnixMs = (1 << 43) - 1;
/// How far the id of a message may be behind the first of its time, in milliseconds: so full are those before it.
const CROWDED: UnixMs = 60_000;
/// Rows looked at in one step in the background: a few milliseconds.
const STEP: u32 = 25;

/// The smallest id of a message that was written then.
pub(super) fn first_id(at: UnixMs) -> i64 {
    at.clamp(0, LATEST) * IDS_PER_MS
}

fn is_of(id: i64, at: UnixMs) -> bool {
    (first_id(at)..=first_id(at.saturating_add(CROWDED))).contains(&id)
}

/// Makes the index say what this message says now. The entry is as it is held, or as it will be.
pub(super) fn follow(disk: &Connection, entry: &Entry) -> Result<(), StoreError> {
    let wanted = words_of(disk, entry)?;
    let place = (entry.conversation.as_str(), Number(entry.seq));
    let held: Option<(i64, String, String)> = disk
        .prepare_cached("SELECT id, author, text FROM searched WHERE conversation = ?1 AND seq = ?2")?
        .query_row(place, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let Some(text) = wanted else {
        return held.map_or(Ok(()), |(id, ..)| remove(disk, id));
    };
    match held {
        Some((id, author, _)) if author != entry.author.as_str() || !is_of(id, entry.at) => {
            // Another log stood here before.
            remove(disk, id)?;
            add(disk, entry, &text)
        }
        Some((_, _, before)) if before == text => Ok(()),
        Some((id, ..)) => {
            disk.prepare_cached("UPDATE searched SET text = ?2 WHERE id = ?1")?
                .execute((id, &text))?;
            Ok(())
        }
        None => add(disk, entry, &text),
    }
}

/// The message at this position may say something else now, or nothing.
pub(super) fn changed(disk: &Connection, conversation: &ConversationId, seq: u64) -> Result<(), StoreError> {
    entries::at(disk, conversation, seq)?.map_or(Ok(()), |entry| follow(disk, &entry))
}

/// The log of this conversation is forgotten: its rows go in the background.
pub(super) fn forget(disk: &Connection, conversation: &ConversationId) -> Result<(), StoreError> {
    disk.execute(
        "INSERT OR REPLACE INTO index_forgotten (conversation, next)
         SELECT ?1, 0 WHERE EXISTS (SELECT 1 FROM searched WHERE conversation = ?1)",
        [conversation.as_str()],
    )?;
    Ok(())
}

/// These messages are no longer held.
pub(super) fn remove_between(
    disk: &Connection,
    conversation: &ConversationId,
    (first, last): (u64, u64),
) -> Result<(), StoreError> {
    disk.prepare_cached("DELETE FROM searched WHERE conversation = ?1 AND seq BETWEEN ?2 AND ?3")?
        .execute((conversation.as_str(), Number(first), Number(last)))?;
    Ok(())
}

/// Whether every message that is held can be found.
pub(crate) fn is_complete(disk: &Connection) -> Result<bool, StoreError> {
    Ok(disk.query_row("SELECT next >= last FROM index_work", (), |row| row.get(0))?)
}

/// Does a little of what is still to be done; says whether there is more.
pub(crate) fn step(disk: &Connection) -> Result<bool, StoreError> {
    Ok(take_away(disk)? || build(disk)?)
}

/// Removes rows of forgotten logs.
fn take_away(disk: &Connection) -> Result<bool, StoreError> {
    let forgotten: Option<(String, i64)> = disk
        .prepare_cached("SELECT conversation, next FROM index_forgotten LIMIT 1")?
        .query_row((), |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((conversation, next)) = forgotten else {
        return Ok(false);
    };
    let mut select = disk.prepare_cached(
        "SELECT id, seq, EXISTS (SELECT 1 FROM entry WHERE entry.conversation = ?1 AND entry.seq = searched.seq)
         FROM searched WHERE conversation = ?1 AND seq >= ?2 ORDER BY seq LIMIT ?3",
    )?;
    let rows = select
        .query_map((&conversation, next, STEP), |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, bool>(2)?))
        })?
        .collect::<Result<Vec<_>, _>>()?;
    for (id, _, is_held) in &rows {
        if !is_held {
            remove(disk, *id)?;
        }
    }
    match rows.last() {
        Some((_, seq, _)) => disk.execute(
            "UPDATE index_forgotten SET next = ?2 WHERE conversation = ?1",
            (&conversation, seq + 1),
        )?,
        None => disk.execute("DELETE FROM index_forgotten WHERE conversation = ?1", [&conversation])?,
    };
    Ok(true)
}

/// Adds messages that a version without an index has kept.
fn build(disk: &Connection) -> Result<bool, StoreError> {
    let (next, last): (i64, i64) = disk
        .prepare_cached("SELECT next, last FROM index_work")?
        .query_row((), |row| Ok((row.get(0)?, row.get(1)?)))?;
    if next >= last {
        return Ok(false);
    }
    let mut select = disk.prepare_cached(
        "SELECT rowid, conversation, seq FROM entry WHERE rowid > ?1 AND rowid <= ?2 ORDER BY rowid LIMIT ?3",
    )?;
    let held = select
        .query_map((next, last, STEP), |row| {
            let conversation = entries::id(1, ConversationId::parse(&row.get::<_, String>(1)?))?;
            Ok((row.get::<_, i64>(0)?, conversation, number(row, 2)?))
        })?
        .collect::<Result<Vec<_>, _>>()?;
    for (_, conversation, seq) in &held {
        changed(disk, conversation, *seq)?;
    }
    let reached = held.last().map_or(last, |(rowid, ..)| *rowid);
    disk.prepare_cached("UPDATE index_work SET next = ?1")?
        .execute([reached])?;
    Ok(reached < last)
}

/// Empties the index, and has it made anew in the background.
pub(crate) fn doubt(disk: &Connection) -> Result<(), StoreError> {
    empty(disk)?;
    disk.execute(
        "UPDATE index_work SET last = (SELECT coalesce(max(rowid), 0) FROM entry)",
        (),
    )?;
    Ok(())
}

/// Empties the index without looking at its rows one by one.
pub(super) fn empty(disk: &Connection) -> Result<(), StoreError> {
    let mut select =
        disk.prepare("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'searched'")?;
    let triggers = select
        .query_map((), |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?
        .collect::<Result<Vec<_>, _>>()?;
    for (name, _) in &triggers {
        disk.execute(&format!("DROP TRIGGER {name}"), ())?;
    }
    disk.execute_batch(
        "INSERT INTO message_index (message_index) VALUES ('delete-all');
         DELETE FROM searched;
         DELETE FROM index_forgotten;
         UPDATE index_work SET next = 0, last = 0;",
    )?;
    for (_, statement) in &triggers {
        disk.execute_batch(statement)?;
    }
    Ok(())
}

/// The words of a message as it reads now; none of what is no message, or deleted.
fn words_of(disk: &Connection, entry: &Entry) -> Result<Option<String>, StoreError> {
    let EntryKind::Message { .. } = &entry.kind else {
        return Ok(None);
    };
    let fold = folds::of(disk, &entry.conversation, entry.seq)?;
    Ok((!fold.is_deleted()).then(|| words::indexed(&body_now(entry, &fold))))
}

fn add(disk: &Connection, entry: &Entry, text: &str) -> Result<(), StoreError> {
    let id = free_id(disk, entry.at)?;
    disk.prepare_cached("INSERT INTO searched (id, conversation, seq, author, text) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute((
            id,
            entry.conversation.as_str(),
            Number(entry.seq),
            entry.author.as_str(),
            text,
        ))?;
    Ok(())
}

fn remove(disk: &Connection, id: i64) -> Result<(), StoreError> {
    disk.prepare_cached("DELETE FROM searched WHERE id = ?1")?
        .execute([id])?;
    Ok(())
}

/// The next id of this millisecond, or of the first one after it that has one left.
fn free_id(disk: &Connection, at: UnixMs) -> Result<i64, StoreError> {
    let mut newest = disk.prepare_cached("SELECT max(id) FROM searched WHERE id >= ?1 AND id < ?1 + ?2")?;
    let mut first = first_id(at);
    loop {
        let taken: Option<i64> = newest.query_row((first, IDS_PER_MS), |row| row.get(0))?;
        match taken {
            None => return Ok(first),
            Some(taken) if taken + 1 < first + IDS_PER_MS => return Ok(taken + 1),
            Some(_) => first += IDS_PER_MS,
        }
    }
}

#[cfg(test)]
mod tests;
