//! Entries, and the stretches of them that have no hole.

use protocol::{ClientId, ConversationId, Entry, EntryKind, UserId};
use rusqlite::{Connection, OptionalExtension, Row};

use super::number::{Number, number};
use super::{StoreError, Writing, json};

const COLUMNS: &str = "conversation, seq, ordinal, at, author, client_id, kind";

/// What keeping an entry found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kept {
    /// It was not held before.
    New,
    /// The same entry was held already.
    Same,
    /// Another entry was held at this position: the server's log is not the one this copy was made of.
    Differs,
}

/// Keeps one entry. The caller records the stretch.
///
/// One that is unknown here is kept as it came: a later version reads its kind from the same column.
pub(crate) fn keep(writing: &Writing<'_>, entry: &Entry) -> Result<Kept, StoreError> {
    let disk = writing.disk;
    if let Some(held) = client_id(disk, &entry.conversation, entry.seq)? {
        return Ok(if held == entry.client_id.as_str() {
            Kept::Same
        } else {
            Kept::Differs
        });
    }
    let kind = match (&entry.kind, writing.original(entry)) {
        (EntryKind::Unknown, Some(original)) => original.to_owned(),
        (kind, _) => json(kind)?,
    };
    disk.prepare_cached(&format!(
        "INSERT INTO entry ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
    ))?
    .execute((
        entry.conversation.as_str(),
        Number(entry.seq),
        Number(entry.ordinal),
        entry.at,
        entry.author.as_str(),
        entry.client_id.as_str(),
        kind,
    ))?;
    Ok(Kept::New)
}

/// The client id of the entry at this position, as stored.
pub(crate) fn client_id(
    disk: &Connection,
    conversation: &ConversationId,
    seq: u64,
) -> Result<Option<String>, StoreError> {
    let mut select = disk.prepare_cached("SELECT client_id FROM entry WHERE conversation = ?1 AND seq = ?2")?;
    Ok(select
        .query_row((conversation.as_str(), Number(seq)), |row| row.get(0))
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

/// The nearest entries before `before` without a hole between them and it, at most `most`, in ascending order.
/// Empty when the entry just before is not held.
pub(crate) fn before(
    disk: &Connection,
    conversation: &ConversationId,
    before: u64,
    most: u32,
) -> Result<Vec<Entry>, StoreError> {
    let Some(last) = before.checked_sub(1) else {
        return Ok(Vec::new());
    };
    let mut stretch =
        disk.prepare_cached("SELECT first FROM stretch WHERE conversation = ?1 AND first <= ?2 AND last >= ?2")?;
    let first: Option<u64> = stretch
        .query_row((conversation.as_str(), Number(last)), |row| number(row, 0))
        .optional()?;
    let Some(first) = first else { return Ok(Vec::new()) };
    let mut select = disk.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM entry WHERE conversation = ?1 AND seq BETWEEN ?2 AND ?3 ORDER BY seq DESC LIMIT ?4"
    ))?;
    let mut entries = select
        .query_map((conversation.as_str(), Number(first), Number(last), most), read)?
        .collect::<Result<Vec<_>, _>>()?;
    entries.reverse();
    Ok(entries)
}

/// Forgets everything of this conversation's log.
pub(crate) fn forget(disk: &Connection, conversation: &ConversationId) -> Result<(), StoreError> {
    disk.execute("DELETE FROM entry WHERE conversation = ?1", [conversation.as_str()])?;
    disk.execute("DELETE FROM stretch WHERE conversation = ?1", [conversation.as_str()])?;
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
        kind: serde_json::from_str(&kind).map_err(|error| unreadable(6, error))?,
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
