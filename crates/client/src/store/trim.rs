//! How much history this device keeps: the oldest goes first, a little at a time, from the beginning of what is held.
//!
//! What goes is a hole like any other, at the beginning of a conversation: it loads from the server when it is scrolled
//! to. Never trimmed: what is unread or being looked at, what a waiting message or act is about, and the newest page.

use std::collections::HashMap;

use protocol::{ConversationId, UnixMs};
use rusqlite::{Connection, OptionalExtension};

use super::number::{Number, number};
use super::{StoreError, Writing, entries, index};
use crate::timeline::PAGE;

/// Entries that go in one step: a few milliseconds.
const STEP: u32 = 25;

/// What is to stay.
#[derive(Debug, Clone, Default)]
pub(crate) struct Keep {
    /// What was written since then, and the entry before it, which shows that there is nothing between.
    pub(crate) since: UnixMs,
    /// As much as this, in bytes of the file that are in use.
    pub(crate) bytes: u64,
    /// From these entries on, whatever their age.
    pub(crate) looked_at: HashMap<ConversationId, u64>,
}

/// The lowest stretch of a conversation.
struct Beginning {
    conversation: ConversationId,
    first: u64,
    last: u64,
}

/// Removes a little of what is too old or too much; says whether anything was removed.
pub(crate) fn step(writing: &mut Writing<'_>, keep: &Keep) -> Result<bool, StoreError> {
    let is_too_much = used(writing.disk)? > keep.bytes;
    let since = if is_too_much { UnixMs::MAX } else { keep.since };
    for beginning in beginnings(writing.disk, since)? {
        if cut(writing, &beginning, keep, since)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The bytes of the file that are in use. What was freed is used again before the file grows.
pub(crate) fn used(disk: &Connection) -> Result<u64, StoreError> {
    let pragma = |name: &str| disk.query_row(&format!("PRAGMA {name}"), (), |row| number(row, 0));
    let pages = pragma("page_count")?.saturating_sub(pragma("freelist_count")?);
    Ok(pages * pragma("page_size")?)
}

/// The lowest stretches that begin before this time, the oldest first.
fn beginnings(disk: &Connection, before: UnixMs) -> Result<Vec<Beginning>, StoreError> {
    let mut select = disk.prepare_cached(
        "SELECT lowest.conversation, lowest.first, lowest.last
         FROM (SELECT conversation, min(first) AS first, last FROM stretch GROUP BY conversation) AS lowest
         JOIN entry ON entry.conversation = lowest.conversation AND entry.seq = lowest.first
         WHERE entry.at < ?1 ORDER BY entry.at",
    )?;
    let beginnings = select.query_map([before], |row| {
        Ok(Beginning {
            conversation: entries::id(0, ConversationId::parse(&row.get::<_, String>(0)?))?,
            first: number(row, 1)?,
            last: number(row, 2)?,
        })
    })?;
    Ok(beginnings.collect::<Result<_, _>>()?)
}

/// Removes the first entries of a conversation that may go; says whether there were any.
fn cut(writing: &mut Writing<'_>, beginning: &Beginning, keep: &Keep, since: UnixMs) -> Result<bool, StoreError> {
    let disk = writing.disk;
    let Beginning {
        conversation, first, ..
    } = beginning;
    let stays_from = stays_from(disk, conversation, keep)?;
    let mut select = disk.prepare_cached(
        "SELECT entry.seq FROM entry JOIN conversation ON conversation.id = entry.conversation
         WHERE entry.conversation = ?1 AND entry.seq BETWEEN ?2 AND ?3 AND entry.seq < ?4
         AND entry.ordinal <= conversation.read_ordinal ORDER BY entry.seq LIMIT ?5",
    )?;
    let may_go = select
        .query_map(
            (
                conversation.as_str(),
                Number(*first),
                Number(beginning.last),
                Number(stays_from),
                STEP,
            ),
            |row| number(row, 0),
        )?
        .collect::<Result<Vec<_>, _>>()?;
    // One entry that is too old stays: it shows that nothing between it and the limit is missing.
    let mut last = None;
    for seq in may_go {
        if !is_before(disk, conversation, seq + 1, since)? {
            break;
        }
        last = Some(seq);
    }
    let Some(last) = last else {
        return Ok(false);
    };
    remove(writing, beginning, last)?;
    Ok(true)
}

/// The first entry that stays whatever its age.
fn stays_from(disk: &Connection, conversation: &ConversationId, keep: &Keep) -> Result<u64, StoreError> {
    let newest_page = disk
        .prepare_cached(
            "SELECT coalesce(
                (SELECT seq FROM entry WHERE conversation = ?1 AND target IS NULL AND seq BETWEEN newest.first AND newest.last
                 ORDER BY seq DESC LIMIT 1 OFFSET ?2), newest.first)
             FROM (SELECT max(first) AS first, last FROM stretch WHERE conversation = ?1) AS newest",
        )?
        .query_row((conversation.as_str(), PAGE - 1), |row| number(row, 0))?;
    let waiting: Option<Number> = disk
        .prepare_cached("SELECT min(coalesce(target, reply_to)) FROM outbox WHERE conversation = ?1")?
        .query_row([conversation.as_str()], |row| row.get(0))?;
    let looked_at = keep.looked_at.get(conversation).copied();
    let firsts = [Some(newest_page), waiting.map(|seq| seq.0), looked_at];
    Ok(firsts.into_iter().flatten().min().unwrap_or(0))
}

/// Whether the entry at this position was written before then; so is one that lies in a hole.
fn is_before(disk: &Connection, conversation: &ConversationId, seq: u64, since: UnixMs) -> Result<bool, StoreError> {
    let at: Option<UnixMs> = disk
        .prepare_cached("SELECT at FROM entry WHERE conversation = ?1 AND seq = ?2")?
        .query_row((conversation.as_str(), Number(seq)), |row| row.get(0))
        .optional()?;
    Ok(at.is_none_or(|at| at < since))
}

/// Removes the entries of a stretch up to `to`, and everything that is known of them: the server says it again.
fn remove(writing: &mut Writing<'_>, beginning: &Beginning, to: u64) -> Result<(), StoreError> {
    let disk = writing.disk;
    let Beginning {
        conversation,
        first,
        last,
    } = beginning;
    for seq in *first..=to {
        // What answers it is shown without it, like any answer to what is not held.
        entries::touch_replies(writing, conversation, seq)?;
    }
    index::remove_between(disk, conversation, (*first, to))?;
    for table in ["entry", "fold"] {
        disk.prepare_cached(&format!(
            "DELETE FROM {table} WHERE conversation = ?1 AND seq BETWEEN ?2 AND ?3"
        ))?
        .execute((conversation.as_str(), Number(*first), Number(to)))?;
    }
    disk.prepare_cached("DELETE FROM stretch WHERE conversation = ?1 AND first = ?2")?
        .execute((conversation.as_str(), Number(*first)))?;
    if to < *last {
        entries::add_stretch(disk, conversation, to + 1, *last)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
