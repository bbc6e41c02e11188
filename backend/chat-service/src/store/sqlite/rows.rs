//! Between rows and the words of the rules.

use protocol::{
    ClientId, ConversationId, ConversationKind, Entry, EntryKind, Membership, ReadMark, UserId, Visibility,
};
use rusqlite::{Connection, OptionalExtension as _, Row, types::Type};

use super::attention;
use crate::store::{Listed, Tail, here_of};

/// Reads a column that holds an id.
pub(super) fn id<T>(row: &Row<'_>, column: usize) -> rusqlite::Result<T>
where
    T: TryFrom<String>,
    T::Error: std::error::Error + Send + Sync + 'static,
{
    let text: String = row.get(column)?;
    T::try_from(text).map_err(|fault| unreadable(column, fault))
}

pub(super) fn unreadable(
    column: usize,
    fault: impl Into<Box<dyn std::error::Error + Send + Sync + 'static>>,
) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, fault.into())
}

/// SQLite's integers are signed; seqs, ordinals and versions stay far below the difference.
pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A column with a number that is never negative.
pub(super) fn number(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let number: i64 = row.get(column)?;
    u64::try_from(number).map_err(|fault| unreadable(column, fault))
}

/// The same for a column that may be empty.
fn optional_number(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<u64>> {
    let number: Option<i64> = row.get(column)?;
    let number = number.map(u64::try_from).transpose();
    number.map_err(|fault| unreadable(column, fault))
}

pub(super) fn kind_text(kind: ConversationKind) -> &'static str {
    match kind {
        ConversationKind::Direct => "direct",
        ConversationKind::Group => "group",
        ConversationKind::Channel => "channel",
    }
}

pub(super) fn kind(row: &Row<'_>, column: usize) -> rusqlite::Result<ConversationKind> {
    match row.get_ref(column)?.as_str()? {
        "direct" => Ok(ConversationKind::Direct),
        "group" => Ok(ConversationKind::Group),
        "channel" => Ok(ConversationKind::Channel),
        other => Err(unreadable(column, format!("no kind of conversation: {other}"))),
    }
}

pub(super) fn visibility_text(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Public => "public",
        Visibility::Private => "private",
    }
}

pub(super) fn visibility(row: &Row<'_>, column: usize) -> rusqlite::Result<Visibility> {
    match row.get_ref(column)?.as_str()? {
        "public" => Ok(Visibility::Public),
        "private" => Ok(Visibility::Private),
        other => Err(unreadable(column, format!("no visibility: {other}"))),
    }
}

/// Several ids in one column, empty for none.
pub(super) fn ids_text(ids: &[UserId]) -> Option<String> {
    let ids: Vec<&str> = ids.iter().map(UserId::as_str).collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}

/// The ids in a column, see [`ids_text`].
pub(super) fn ids(row: &Row<'_>, column: usize) -> rusqlite::Result<Vec<UserId>> {
    let text: Option<String> = row.get(column)?;
    let ids = text.iter().flat_map(|text| text.split(' '));
    ids.map(|id| UserId::parse(id).map_err(|fault| unreadable(column, fault)))
        .collect()
}

/// The columns of [`entry`], in its order.
pub(super) const ENTRY_COLUMNS: &str = "conversation, seq, ordinal, at, author, client_id, kind, text, target,
    is_on, here";

pub(super) fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let text: String = row.get(7)?;
    let kind = match row.get_ref(6)?.as_str()? {
        "message" => EntryKind::Message {
            body: text,
            reply_to: optional_number(row, 8)?,
            here: ids(row, 10)?,
        },
        "edit" => EntryKind::Edit {
            target: number(row, 8)?,
            body: text,
            here: ids(row, 10)?,
        },
        "delete" => EntryKind::Delete {
            target: number(row, 8)?,
        },
        "react" => EntryKind::React {
            target: number(row, 8)?,
            emoji: text,
            on: row.get(9)?,
        },
        "pin" => EntryKind::Pin {
            target: number(row, 8)?,
            on: row.get(9)?,
        },
        "joined" => EntryKind::Joined { person: id(row, 7)? },
        "left" => EntryKind::Left { person: id(row, 7)? },
        "renamed" => EntryKind::Renamed { name: text },
        "topic" => EntryKind::Topic { topic: text },
        "archived" => EntryKind::Archived { on: row.get(9)? },
        other => return Err(unreadable(6, format!("no kind of entry: {other}"))),
    };
    Ok(Entry {
        conversation: id(row, 0)?,
        seq: number(row, 1)?,
        ordinal: number(row, 2)?,
        at: row.get(3)?,
        author: id(row, 4)?,
        client_id: id(row, 5)?,
        kind,
    })
}

/// Stores one entry at its place; `Duplicate` in the error when a key is taken.
pub(super) fn insert_entry(connection: &Connection, entry: &Entry) -> rusqlite::Result<()> {
    let (kind, text, target, is_on) = match &entry.kind {
        EntryKind::Message { body, reply_to, .. } => ("message", body.as_str(), *reply_to, None),
        EntryKind::Edit { target, body, .. } => ("edit", body.as_str(), Some(*target), None),
        EntryKind::Delete { target } => ("delete", "", Some(*target), None),
        EntryKind::React { target, emoji, on } => ("react", emoji.as_str(), Some(*target), Some(*on)),
        EntryKind::Pin { target, on } => ("pin", "", Some(*target), Some(*on)),
        EntryKind::Joined { person } => ("joined", person.as_str(), None, None),
        EntryKind::Left { person } => ("left", person.as_str(), None, None),
        EntryKind::Renamed { name } => ("renamed", name.as_str(), None, None),
        EntryKind::Topic { topic } => ("topic", topic.as_str(), None, None),
        EntryKind::Archived { on } => ("archived", "", None, Some(*on)),
        EntryKind::Unknown => {
            return Err(rusqlite::Error::ToSqlConversionFailure(
                "an entry of no known kind".into(),
            ));
        }
    };
    let mut insert = connection.prepare_cached(
        "INSERT INTO log (conversation, seq, ordinal, at, author, client_id, kind, text, target, is_on, here)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?;
    insert.execute((
        entry.conversation.as_str(),
        signed(entry.seq),
        signed(entry.ordinal),
        entry.at,
        entry.author.as_str(),
        entry.client_id.as_str(),
        kind,
        text,
        target.map(signed),
        is_on,
        ids_text(here_of(&entry.kind)),
    ))?;
    Ok(())
}

/// The end of a conversation's log; `made_at` is its time when there is no entry.
pub(super) fn tail(connection: &Connection, id: &ConversationId, made_at: i64) -> rusqlite::Result<Tail> {
    let mut newest = connection.prepare_cached(
        "SELECT seq, ordinal, at, client_id FROM log WHERE conversation = ?1 ORDER BY seq DESC LIMIT 1",
    )?;
    let found = newest.query_row([id.as_str()], |row| {
        Ok(Tail {
            seq: number(row, 0)?,
            ordinal: number(row, 1)?,
            at: row.get(2)?,
            client_id: Some(self::id::<ClientId>(row, 3)?),
        })
    });
    Ok(found.optional()?.unwrap_or(Tail {
        at: made_at,
        ..Tail::default()
    }))
}

/// The columns of [`listed`], in its order: `c` is the conversation, `m` the person's row in `members`,
/// `r` their read mark, `l` their level; the last three may be missing.
pub(super) const LISTED_COLUMNS: &str = "c.id, c.kind, c.visibility, c.created_by, c.created_at, c.epoch, c.name,
    c.member_count, m.member, m.seq, r.generation, r.ordinal, c.topic, c.archived, c.folded,
    l.level, l.version";

pub(super) fn listed(connection: &Connection, row: &Row<'_>) -> rusqlite::Result<Listed> {
    let conversation: ConversationId = id(row, 0)?;
    let kind = kind(row, 1)?;
    let membership = match row.get::<_, Option<bool>>(8)? {
        Some(true) => Membership::Member,
        Some(false) => Membership::Former,
        None => Membership::None,
    };
    let members = if kind == ConversationKind::Channel {
        Vec::new()
    } else {
        members(connection, &conversation)?
    };
    let mut listed = Listed {
        kind,
        visibility: visibility(row, 2)?,
        created_by: id(row, 3)?,
        epoch: row.get(5)?,
        name: row.get(6)?,
        topic: row.get(12)?,
        archived: row.get(13)?,
        members,
        member_count: row.get(7)?,
        membership,
        member_seq: u64::try_from(row.get::<_, Option<i64>>(9)?.unwrap_or(0)).unwrap_or(0),
        tail: tail(connection, &conversation, row.get(4)?)?,
        read: ReadMark {
            generation: row.get::<_, Option<u32>>(10)?.unwrap_or(0),
            ordinal: u64::try_from(row.get::<_, Option<i64>>(11)?.unwrap_or(0)).unwrap_or(0),
        },
        level: attention::level(row, 15)?,
        id: conversation,
    };
    fold_the_rest(connection, &mut listed, row.get(14)?)?;
    Ok(listed)
}

/// Adds what entries behind the saved fold say: the tail is that of the log, and a client takes both for one moment.
fn fold_the_rest(connection: &Connection, listed: &mut Listed, folded: i64) -> rusqlite::Result<()> {
    let mut facts = connection.prepare_cached(&format!(
        "SELECT {ENTRY_COLUMNS} FROM log INDEXED BY log_facts WHERE conversation = ?1 AND seq > ?2
           AND kind IN ('joined', 'left', 'renamed', 'topic', 'archived') ORDER BY seq"
    ))?;
    let entries = facts.query_map((listed.id.as_str(), folded), entry)?;
    for entry in entries {
        match entry?.kind {
            EntryKind::Joined { .. } => listed.member_count += 1,
            EntryKind::Left { .. } => listed.member_count = listed.member_count.saturating_sub(1),
            EntryKind::Renamed { name } => listed.name = Some(name),
            EntryKind::Topic { topic } => listed.topic = topic,
            EntryKind::Archived { on } => listed.archived = on,
            _ => {}
        }
    }
    Ok(())
}

fn members(connection: &Connection, id: &ConversationId) -> rusqlite::Result<Vec<UserId>> {
    let mut query = connection
        .prepare_cached("SELECT person FROM members WHERE conversation = ?1 AND member = 1 ORDER BY person")?;
    query.query_map([id.as_str()], |row| self::id(row, 0))?.collect()
}
