//! Entries, and the stretches of them that have no hole.

use protocol::{ClientId, ConversationId, Entry, EntryKind, UserId};
use rusqlite::{Connection, OptionalExtension, Row};

use super::number::{Number, number};
use super::{StoreError, Writing, folds, index, json, mentions};

const COLUMNS: &str = "conversation, seq, ordinal, at, author, client_id, kind";
/// Replies that are told anew when the message they answer changes: the newest, which are the ones looked at.
const MOST_REPLIES: u32 = 500;

/// What keeping an entry found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kept {
    /// It is held now, if it was not before.
    Held,
    /// Another entry was held at this position: the server's log is not the one this copy was made of.
    Differs,
}

/// Keeps one entry and folds it. The caller records the stretch.
///
/// `known_to` is how far the server had folded what it said of this entry's message; the seq of the entry itself when it
/// said nothing. One that is unknown here is kept as it came: a later version reads its kind from the same column.
pub(crate) fn keep(writing: &mut Writing<'_>, entry: &Entry, known_to: u64) -> Result<Kept, StoreError> {
    if let Some(held) = at(writing.disk, &entry.conversation, entry.seq)? {
        return keep_again(writing, &held, entry, known_to);
    }
    let kind = as_it_is_now(writing, entry)?;
    writing
        .disk
        .prepare_cached(&format!(
            "INSERT INTO entry ({COLUMNS}, target, reply_to, known_to) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
        ))?
        .execute((
            entry.conversation.as_str(),
            Number(entry.seq),
            Number(entry.ordinal),
            entry.at,
            entry.author.as_str(),
            entry.client_id.as_str(),
            kind,
            entry.kind.target().map(Number),
            reply_to(&entry.kind).map(Number),
            Number(known_to),
        ))?;
    if entry.kind.is_message() {
        touch_replies(writing, &entry.conversation, entry.seq)?;
        mentions::look(writing, &entry.conversation, entry.seq)?;
    }
    // Also of what is no message: in another log there may have been one at its place.
    index::follow(writing.disk, entry)?;
    folds::apply(writing, entry)?;
    Ok(Kept::Held)
}

/// The entry is held already: takes over what is known better of it now.
fn keep_again(writing: &mut Writing<'_>, held: &Entry, entry: &Entry, known_to: u64) -> Result<Kept, StoreError> {
    let is_unknown = |entry: &Entry| entry.kind == EntryKind::Unknown;
    let with_its_kind = Entry {
        kind: entry.kind.clone(),
        ..held.clone()
    };
    let is_same = held.is_same(entry) || ((is_unknown(held) || is_unknown(entry)) && with_its_kind == *entry);
    if !is_same {
        return Ok(Kept::Differs);
    }
    let position = (entry.conversation.as_str(), Number(entry.seq));
    writing
        .disk
        .prepare_cached("UPDATE entry SET known_to = max(known_to, ?3) WHERE conversation = ?1 AND seq = ?2")?
        .execute((position.0, position.1, Number(known_to)))?;
    let is_blanked_now = held.kind != entry.kind && held.kind.blanked() == entry.kind;
    let is_known_now = is_unknown(held) && !is_unknown(entry);
    if is_blanked_now || is_known_now {
        writing
            .disk
            .prepare_cached(
                "UPDATE entry SET kind = ?3, target = ?4, reply_to = ?5 WHERE conversation = ?1 AND seq = ?2",
            )?
            .execute((
                position.0,
                position.1,
                as_it_is_now(writing, entry)?,
                entry.kind.target().map(Number),
                reply_to(&entry.kind).map(Number),
            ))?;
        index::follow(writing.disk, entry)?;
        mentions::look(writing, &entry.conversation, entry.seq)?;
        writing.touched(&entry.conversation, entry.seq);
    }
    if is_known_now {
        folds::apply(writing, entry)?;
    }
    Ok(Kept::Held)
}

/// The kind as it is written down: as it came when it is unknown, blank when its message was deleted meanwhile.
fn as_it_is_now(writing: &Writing<'_>, entry: &Entry) -> Result<String, StoreError> {
    let of = match &entry.kind {
        EntryKind::Unknown => {
            return writing
                .original(entry)
                .map_or_else(|| json(&entry.kind), |json| Ok(json.to_owned()));
        }
        EntryKind::Message { .. } => entry.seq,
        EntryKind::Edit { target, .. } => *target,
        kind => return json(kind),
    };
    if folds::of(writing.disk, &entry.conversation, of)?.is_deleted() {
        json(&entry.kind.blanked())
    } else {
        json(&entry.kind)
    }
}

/// Erases what was written in a message that was deleted, and in its edits.
pub(crate) fn blank(disk: &Connection, conversation: &ConversationId, seq: u64) -> Result<(), StoreError> {
    let mut select = disk.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM entry WHERE conversation = ?1 AND (seq = ?2 OR target = ?2)"
    ))?;
    let written = select
        .query_map((conversation.as_str(), Number(seq)), read)?
        .collect::<Result<Vec<_>, _>>()?;
    for entry in written {
        let blanked = entry.kind.blanked();
        if blanked != entry.kind {
            disk.prepare_cached("UPDATE entry SET kind = ?3 WHERE conversation = ?1 AND seq = ?2")?
                .execute((conversation.as_str(), Number(entry.seq), json(&blanked)?))?;
        }
    }
    Ok(())
}

/// Folds everything that is held once more, as far as this version knows it.
pub(super) fn fold_again(writing: &mut Writing<'_>) -> Result<(), StoreError> {
    let disk = writing.disk;
    let mut select = disk.prepare(&format!("SELECT {COLUMNS} FROM entry"))?;
    let mut rows = select.query(())?;
    while let Some(row) = rows.next()? {
        let entry = read(row)?;
        if let Some(target) = entry.kind.target() {
            disk.prepare_cached("UPDATE entry SET target = ?3 WHERE conversation = ?1 AND seq = ?2")?
                .execute((entry.conversation.as_str(), Number(entry.seq), Number(target)))?;
            folds::apply(writing, &entry)?;
        } else if entry.kind.is_message() {
            mentions::look(writing, &entry.conversation, entry.seq)?;
        }
    }
    Ok(())
}

/// Messages that answer this one look different now.
pub(super) fn touch_replies(
    writing: &mut Writing<'_>,
    conversation: &ConversationId,
    seq: u64,
) -> Result<(), StoreError> {
    let disk = writing.disk;
    let mut select = disk
        .prepare_cached("SELECT seq FROM entry WHERE conversation = ?1 AND reply_to = ?2 ORDER BY seq DESC LIMIT ?3")?;
    let mut rows = select.query((conversation.as_str(), Number(seq), MOST_REPLIES))?;
    while let Some(row) = rows.next()? {
        writing.touched(conversation, number(row, 0)?);
    }
    Ok(())
}

fn reply_to(kind: &EntryKind) -> Option<u64> {
    match kind {
        EntryKind::Message { reply_to, .. } => *reply_to,
        _ => None,
    }
}

/// The entry at this position, if it is held.
pub(crate) fn at(disk: &Connection, conversation: &ConversationId, seq: u64) -> Result<Option<Entry>, StoreError> {
    let mut select = disk.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM entry WHERE conversation = ?1 AND seq = ?2"
    ))?;
    Ok(select
        .query_row((conversation.as_str(), Number(seq)), read)
        .optional()?)
}

/// Records that `first` to `last` are held, joining it with the stretches it touches.
pub(crate) fn add_stretch(
    disk: &Connection,
    conversation: &ConversationId,
    first: u64,
    last: u64,
) -> Result<(), StoreError> {
    let (mut first, mut last) = (first, last);
    let mut select = disk.prepare_cached(
        "SELECT first, last FROM stretch WHERE conversation = ?1 AND first <= ?3 + 1 AND last >= ?2 - 1",
    )?;
    let touching = select
        .query_map((conversation.as_str(), Number(first), Number(last)), |row| {
            Ok((number(row, 0)?, number(row, 1)?))
        })?
        .collect::<Result<Vec<_>, _>>()?;
    for (held_first, held_last) in touching {
        first = first.min(held_first);
        last = last.max(held_last);
        disk.prepare_cached("DELETE FROM stretch WHERE conversation = ?1 AND first = ?2")?
            .execute((conversation.as_str(), Number(held_first)))?;
    }
    disk.prepare_cached("INSERT INTO stretch (conversation, first, last) VALUES (?1, ?2, ?3)")?
        .execute((conversation.as_str(), Number(first), Number(last)))?;
    Ok(())
}

/// The stretch that this position lies in, as its first and last seq; none in a hole.
pub(crate) fn stretch_of(
    disk: &Connection,
    conversation: &ConversationId,
    seq: u64,
) -> Result<Option<(u64, u64)>, StoreError> {
    let mut select =
        disk.prepare_cached("SELECT first, last FROM stretch WHERE conversation = ?1 AND first <= ?2 AND last >= ?2")?;
    let stretch = select.query_row((conversation.as_str(), Number(seq)), |row| {
        Ok((number(row, 0)?, number(row, 1)?))
    });
    Ok(stretch.optional()?)
}

/// Entries that stand for themselves, from `first` to `last`, at most the last `most` of them, in ascending order.
pub(crate) fn last_items(
    disk: &Connection,
    conversation: &ConversationId,
    (first, last): (u64, u64),
    most: u32,
) -> Result<Vec<Entry>, StoreError> {
    let mut items = items(disk, conversation, (first, last, most), "DESC")?;
    items.reverse();
    Ok(items)
}

/// Entries that stand for themselves, from `first` to `last`, at most the first `most` of them, in ascending order.
pub(crate) fn first_items(
    disk: &Connection,
    conversation: &ConversationId,
    (first, last): (u64, u64),
    most: u32,
) -> Result<Vec<Entry>, StoreError> {
    items(disk, conversation, (first, last, most), "ASC")
}

fn items(
    disk: &Connection,
    conversation: &ConversationId,
    (first, last, most): (u64, u64, u32),
    order: &str,
) -> Result<Vec<Entry>, StoreError> {
    let mut select = disk.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM entry WHERE conversation = ?1 AND seq BETWEEN ?2 AND ?3 AND target IS NULL
         ORDER BY seq {order} LIMIT ?4"
    ))?;
    let items = select.query_map((conversation.as_str(), Number(first), Number(last), most), read)?;
    Ok(items.collect::<Result<_, _>>()?)
}

/// The first and last of these positions of which later changes may have been missed; none when none were.
///
/// Everything from `known_to` on has been folded as far as it is held. So a row is in doubt when a hole lies behind that,
/// and no hole lies behind the first entry of the highest stretch.
pub(crate) fn stale(
    disk: &Connection,
    conversation: &ConversationId,
    (first, last): (u64, u64),
) -> Result<Option<(u64, u64)>, StoreError> {
    let mut select = disk.prepare_cached(
        "SELECT min(seq), max(seq) FROM entry WHERE conversation = ?1 AND seq BETWEEN ?2 AND ?3
         AND max(seq, known_to) + 1 < (SELECT max(first) FROM stretch WHERE conversation = ?1)",
    )?;
    let stale = select.query_row((conversation.as_str(), Number(first), Number(last)), |row| {
        let number = |column| Ok::<_, rusqlite::Error>(row.get::<_, Option<Number>>(column)?.map(|number| number.0));
        Ok(number(0)?.zip(number(1)?))
    })?;
    Ok(stale)
}

/// Forgets everything of this conversation's log.
pub(crate) fn forget(disk: &Connection, conversation: &ConversationId) -> Result<(), StoreError> {
    disk.execute("DELETE FROM entry WHERE conversation = ?1", [conversation.as_str()])?;
    disk.execute("DELETE FROM stretch WHERE conversation = ?1", [conversation.as_str()])?;
    disk.execute("DELETE FROM fold WHERE conversation = ?1", [conversation.as_str()])?;
    mentions::forget(disk, conversation)?;
    index::forget(disk, conversation)?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let kind: String = row.get(6)?;
    Ok(Entry {
        conversation: id(0, ConversationId::parse(&row.get::<_, String>(0)?))?,
        seq: number(row, 1)?,
        ordinal: number(row, 2)?,
        at: row.get(3)?,
        author: id(4, UserId::parse(&row.get::<_, String>(4)?))?,
        client_id: id(5, ClientId::parse(&row.get::<_, String>(5)?))?,
        // What came from a newer server may not be readable here, and is kept for a version that can.
        kind: serde_json::from_str(&kind).unwrap_or(EntryKind::Unknown),
    })
}

/// A stored id, or the error of a row that this program did not write.
pub(super) fn id<T, E: std::error::Error + Send + Sync + 'static>(
    column: usize,
    parsed: Result<T, E>,
) -> rusqlite::Result<T> {
    parsed.map_err(|error| unreadable(column, error))
}

/// The error of a row whose text cannot be understood.
pub(super) fn unreadable(column: usize, error: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, Box::new(error))
}
