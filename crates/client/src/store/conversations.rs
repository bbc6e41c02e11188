//! Conversations the person is a member of: what the server says of them and how far this copy reaches.

use protocol::frame::Cursor;
use protocol::{
    ClientId, Conversation, ConversationId, ConversationKind, Entry, EntryKind, Membership, ReadMark, UserId,
};
use rusqlite::{Connection, OptionalExtension, Row};

use super::entries::id;
use super::number::{Number, number};
use super::{StoreError, Writing, entries, json, levels, mentions, outbox, parsed, people};
use crate::view::ConversationRow;

const ROW: &str = "SELECT id, kind, visibility, name, members, member_count, head, ordinal, last_at, read_ordinal,
    EXISTS (SELECT 1 FROM draft WHERE draft.conversation = conversation.id), topic, archived, created_by, level,
    (SELECT count(*) FROM mention WHERE mention.conversation = conversation.id AND mention.ordinal > read_ordinal)
    FROM conversation";

/// How far the copy of one conversation reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) epoch: String,
    pub(crate) head: u64,
    pub(crate) ordinal: u64,
    /// Name, topic and member count are those after this entry.
    pub(crate) facts_seq: u64,
    /// The seq up to which everything new has arrived; none before the first page.
    pub(crate) edge: Option<u64>,
    pub(crate) read: ReadMark,
}

/// The row of one conversation; none when the person is not a member.
pub(crate) fn row(disk: &Connection, conversation: &ConversationId) -> Result<Option<ConversationRow>, StoreError> {
    let mut select = disk.prepare_cached(&format!("{ROW} WHERE id = ?1"))?;
    Ok(select.query_row([conversation.as_str()], read_row).optional()?)
}

/// Every row, newest activity first.
pub(crate) fn rows(disk: &Connection) -> Result<Vec<ConversationRow>, StoreError> {
    let mut select = disk.prepare_cached(&format!("{ROW} ORDER BY last_at DESC, id"))?;
    let rows = select.query_map((), read_row)?.collect::<Result<_, _>>()?;
    Ok(rows)
}

/// How far the copy of this conversation reaches; none when the person is not a member.
pub(crate) fn held(disk: &Connection, conversation: &ConversationId) -> Result<Option<Held>, StoreError> {
    let mut select = disk.prepare_cached(
        "SELECT epoch, head, ordinal, facts_seq, edge, read_generation, read_ordinal FROM conversation WHERE id = ?1",
    )?;
    let held = select.query_row([conversation.as_str()], |row| {
        Ok(Held {
            epoch: row.get(0)?,
            head: number(row, 1)?,
            ordinal: number(row, 2)?,
            facts_seq: number(row, 3)?,
            edge: row.get::<_, Option<Number>>(4)?.map(|edge| edge.0),
            read: ReadMark {
                generation: row.get(5)?,
                ordinal: number(row, 6)?,
            },
        })
    });
    Ok(held.optional()?)
}

/// Every conversation that is held.
pub(crate) fn ids(disk: &Connection) -> Result<Vec<ConversationId>, StoreError> {
    let mut select = disk.prepare_cached("SELECT id FROM conversation")?;
    let ids = select.query_map((), |row| id(0, ConversationId::parse(&row.get::<_, String>(0)?)))?;
    Ok(ids.collect::<Result<_, _>>()?)
}

/// The other people of direct conversations, those of the newest activity first, at most `most`.
pub(crate) fn partners(disk: &Connection, me: &UserId, most: u32) -> Result<Vec<UserId>, StoreError> {
    let mut select =
        disk.prepare_cached("SELECT members FROM conversation WHERE kind = ?1 ORDER BY last_at DESC, id LIMIT ?2")?;
    let members = select
        .query_map((json(&ConversationKind::Direct)?, most), |row| {
            parsed::<Vec<UserId>>(row, 0)
        })?
        .collect::<Result<Vec<_>, _>>()?;
    Ok(members.into_iter().flatten().filter(|member| member != me).collect())
}

/// Where to resume from. A conversation without entries has no cursor: the server sends its newest page.
pub(crate) fn cursors(disk: &Connection) -> Result<Vec<Cursor>, StoreError> {
    let mut select = disk.prepare_cached(
        "SELECT conversation.id, epoch, edge, entry.client_id FROM conversation
         JOIN entry ON entry.conversation = conversation.id AND entry.seq = conversation.edge",
    )?;
    let cursors = select.query_map((), |row| {
        Ok(Cursor {
            conversation: id(0, ConversationId::parse(&row.get::<_, String>(0)?))?,
            epoch: row.get(1)?,
            seq: number(row, 2)?,
            client_id: id(3, ClientId::parse(&row.get::<_, String>(3)?))?,
        })
    })?;
    Ok(cursors.collect::<Result<_, _>>()?)
}

/// Takes over what the server says of a conversation the person is a member of.
///
/// The statement may be older than entries that arrived since: counters and marks only grow within an epoch.
pub(crate) fn put(writing: &mut Writing<'_>, said: &Conversation) -> Result<(), StoreError> {
    outbox::keep_to_epoch(writing, &said.id, &said.epoch)?;
    let held = held(writing.disk, &said.id)?;
    let (mut head, mut ordinal, mut read) = (said.head, said.ordinal, said.read);
    let mut newest_facts = true;
    let since = mentions::since(writing.disk, &said.id)?;
    if let Some(held) = held {
        if held.epoch == said.epoch {
            newest_facts = held.facts_seq <= said.head;
            head = head.max(held.head);
            ordinal = ordinal.max(held.ordinal);
            read = read.later(held.read);
        } else {
            forget_log(writing, &said.id)?;
        }
    }
    write_facts(writing.disk, said, newest_facts)?;
    writing
        .disk
        .prepare_cached(
            "UPDATE conversation SET epoch = ?2, head = ?3, ordinal = ?4, last_at = max(last_at, ?5),
         read_generation = ?6, read_ordinal = ?7, member_since = ?8 WHERE id = ?1",
        )?
        .execute((
            said.id.as_str(),
            &said.epoch,
            Number(head),
            Number(ordinal),
            said.last_at,
            read.generation,
            Number(read.ordinal),
            Number(said.member_since),
        ))?;
    for member in &said.members {
        people::want(writing, member)?;
    }
    if since.is_some_and(|since| since != said.member_since) {
        // Left and added again while this device was away: other messages mention the person now.
        writing.reloaded(&said.id);
    }
    levels::told(writing.disk, &said.id, said.level)?;
    mentions::told(writing, said)?;
    writing.row(&said.id);
    Ok(())
}

fn write_facts(disk: &Connection, said: &Conversation, newest: bool) -> Result<(), StoreError> {
    disk.prepare_cached(
        "INSERT OR IGNORE INTO conversation (id, kind, visibility, members, member_count, created_by, facts_seq, epoch,
         head, ordinal, last_at, read_generation, read_ordinal) VALUES (?1, ?2, ?3, '[]', 0, ?4, 0, ?5, 0, 0, ?6, 0, 0)",
    )?.execute((
        said.id.as_str(),
        json(&said.kind)?,
        json(&said.visibility)?,
        said.created_by.as_str(),
        &said.epoch,
        said.last_at,
    ))?;
    if newest {
        disk.prepare_cached(
            "UPDATE conversation SET visibility = ?2, name = ?3, members = ?4, member_count = ?5, facts_seq = ?6,
             topic = ?7, archived = ?8 WHERE id = ?1",
        )?
        .execute((
            said.id.as_str(),
            json(&said.visibility)?,
            &said.name,
            json(&said.members)?,
            said.member_count,
            Number(said.head),
            &said.topic,
            said.archived,
        ))?;
    }
    Ok(())
}

/// Moves the edge to this entry and takes over what it says of the conversation. The entry itself is already kept.
pub(crate) fn advance(writing: &mut Writing<'_>, entry: &Entry, held: &Held) -> Result<(), StoreError> {
    writing.disk.prepare_cached(
        "UPDATE conversation SET edge = ?2, head = max(head, ?2), ordinal = max(ordinal, ?3), last_at = max(last_at, ?4) WHERE id = ?1",
    )?.execute((entry.conversation.as_str(), Number(entry.seq), Number(entry.ordinal), entry.at))?;
    if entry.seq > held.facts_seq {
        fold(writing.disk, entry)?;
    }
    writing.row(&entry.conversation);
    Ok(())
}

/// What the row of a conversation says after this entry.
fn fold(disk: &Connection, entry: &Entry) -> Result<(), StoreError> {
    let id = entry.conversation.as_str();
    let change = match &entry.kind {
        EntryKind::Joined { .. } => 1,
        EntryKind::Left { .. } => -1,
        _ => 0,
    };
    match &entry.kind {
        EntryKind::Renamed { name } => disk.execute("UPDATE conversation SET name = ?2 WHERE id = ?1", (id, name))?,
        EntryKind::Topic { topic } => disk.execute("UPDATE conversation SET topic = ?2 WHERE id = ?1", (id, topic))?,
        EntryKind::Archived { on } => disk.execute("UPDATE conversation SET archived = ?2 WHERE id = ?1", (id, on))?,
        _ => 0,
    };
    disk.prepare_cached(
        "UPDATE conversation SET member_count = max(0, member_count + ?2), facts_seq = ?3 WHERE id = ?1",
    )?
    .execute((id, change, Number(entry.seq)))?;
    Ok(())
}

/// Sets the edge after a page that says nothing about the entries before it.
pub(crate) fn set_edge(disk: &Connection, conversation: &ConversationId, edge: u64) -> Result<(), StoreError> {
    disk.execute(
        "UPDATE conversation SET edge = ?2 WHERE id = ?1",
        (conversation.as_str(), Number(edge)),
    )?;
    Ok(())
}

/// Forgets the log of a conversation, because the server's is another one; whoever shows it must open it again.
pub(crate) fn forget_log(writing: &mut Writing<'_>, conversation: &ConversationId) -> Result<(), StoreError> {
    entries::forget(writing.disk, conversation)?;
    writing.disk.execute(
        "UPDATE conversation SET edge = NULL WHERE id = ?1",
        [conversation.as_str()],
    )?;
    outbox::doubt(writing, conversation)?;
    mentions::want(writing, conversation, 1)?;
    writing.row(conversation);
    writing.reloaded(conversation);
    Ok(())
}

/// The person is no longer a member: the copy goes. What they wrote and could not send stays in the outbox.
pub(crate) fn remove(writing: &mut Writing<'_>, conversation: &ConversationId) -> Result<(), StoreError> {
    entries::forget(writing.disk, conversation)?;
    let gone = writing
        .disk
        .execute("DELETE FROM conversation WHERE id = ?1", [conversation.as_str()])?;
    if gone > 0 {
        writing.removed(conversation);
    }
    Ok(())
}

/// Raises the read mark; returns whether it moved.
pub(crate) fn raise_read(
    writing: &mut Writing<'_>,
    conversation: &ConversationId,
    mark: ReadMark,
) -> Result<bool, StoreError> {
    let moved = writing
        .disk
        .prepare_cached(
            "UPDATE conversation SET read_generation = ?2, read_ordinal = ?3
         WHERE id = ?1 AND (read_generation, read_ordinal) < (?2, ?3)",
        )?
        .execute((conversation.as_str(), mark.generation, Number(mark.ordinal)))?;
    if moved > 0 {
        writing.row(conversation);
    }
    Ok(moved > 0)
}

/// The server has to be told of the read mark.
pub(crate) fn owe_read(disk: &Connection, conversation: &ConversationId) -> Result<(), StoreError> {
    disk.execute(
        "UPDATE conversation SET read_unsent = 1 WHERE id = ?1",
        [conversation.as_str()],
    )?;
    Ok(())
}

/// The server knows this mark, or will never take it; one that moved on since is still owed.
pub(crate) fn read_told(disk: &Connection, conversation: &ConversationId, mark: ReadMark) -> Result<(), StoreError> {
    disk.execute(
        "UPDATE conversation SET read_unsent = 0 WHERE id = ?1 AND (read_generation, read_ordinal) <= (?2, ?3)",
        (conversation.as_str(), mark.generation, Number(mark.ordinal)),
    )?;
    Ok(())
}

/// Read marks the server was not told of.
pub(crate) fn owed_reads(disk: &Connection, most: usize) -> Result<Vec<(ConversationId, ReadMark)>, StoreError> {
    let mut select = disk
        .prepare_cached("SELECT id, read_generation, read_ordinal FROM conversation WHERE read_unsent = 1 LIMIT ?1")?;
    let owed = select.query_map([u32::try_from(most).unwrap_or(u32::MAX)], |row| {
        let mark = ReadMark {
            generation: row.get(1)?,
            ordinal: number(row, 2)?,
        };
        Ok((id(0, ConversationId::parse(&row.get::<_, String>(0)?))?, mark))
    })?;
    Ok(owed.collect::<Result<_, _>>()?)
}

fn read_row(row: &Row<'_>) -> rusqlite::Result<ConversationRow> {
    let (ordinal, read_ordinal) = (number(row, 7)?, number(row, 9)?);
    let (kind, unread) = (parsed(row, 1)?, ordinal.saturating_sub(read_ordinal));
    Ok(ConversationRow {
        id: id(0, ConversationId::parse(&row.get::<_, String>(0)?))?,
        kind,
        visibility: parsed(row, 2)?,
        name: row.get(3)?,
        members: parsed(row, 4)?,
        member_count: row.get(5)?,
        membership: Membership::Member,
        head: number(row, 6)?,
        ordinal,
        last_at: row.get(8)?,
        unread,
        mentions: match kind {
            ConversationKind::Channel => number(row, 15)?,
            ConversationKind::Direct | ConversationKind::Group => unread,
        },
        level: parsed(row, 14)?,
        read_ordinal,
        has_draft: row.get(10)?,
        topic: row.get(11)?,
        archived: row.get(12)?,
        created_by: id(13, UserId::parse(&row.get::<_, String>(13)?))?,
    })
}
