//! The log and its fold in SQLite.

use std::ops::RangeInclusive;

use async_trait::async_trait;
use protocol::timeline::{ConversationFold, Written};
use protocol::{ClientId, ConversationId, Entry, ReadMark, UserId};
use rusqlite::{Connection, OptionalExtension as _};

use super::conversations::mark;
use super::rows::{self, ENTRY_COLUMNS, insert_entry, signed};
use super::{SqliteStore, attention, messages};
use crate::store::{Appended, Folded, LogStore, StoreError, name_key};

#[async_trait]
impl LogStore for SqliteStore {
    async fn append(&self, entries: Vec<Entry>) -> Result<Appended, StoreError> {
        let append = move |connection: &Connection| {
            let mut appended = Appended::default();
            for entry in &entries {
                match insert_entry(connection, entry).map_err(StoreError::from) {
                    Ok(()) => appended.stored += 1,
                    // The statement was undone, the ones before it stand.
                    Err(StoreError::Duplicate) => break,
                    Err(fault) => return Err(fault),
                }
            }
            appended.read = raise_marks_of_authors(connection, &entries[..appended.stored])?;
            Ok(appended)
        };
        self.database.write(append).await
    }

    async fn entries(&self, id: &ConversationId, seqs: RangeInclusive<u64>) -> Result<Vec<Entry>, StoreError> {
        if seqs.is_empty() {
            return Ok(Vec::new());
        }
        let id = id.clone();
        let read = move |connection: &Connection| {
            let mut query = connection.prepare_cached(&format!(
                "SELECT {ENTRY_COLUMNS} FROM log WHERE conversation = ?1 AND seq BETWEEN ?2 AND ?3 ORDER BY seq"
            ))?;
            let rows = query.query_map((id.as_str(), signed(*seqs.start()), signed(*seqs.end())), rows::entry)?;
            Ok(rows.collect::<Result<_, _>>()?)
        };
        self.database.read(read).await
    }

    async fn find(&self, author: &UserId, client_id: &ClientId) -> Result<Option<Entry>, StoreError> {
        let (author, client_id) = (author.clone(), client_id.clone());
        let find = move |connection: &Connection| {
            let mut query = connection.prepare_cached(&format!(
                "SELECT {ENTRY_COLUMNS} FROM log WHERE author = ?1 AND client_id = ?2"
            ))?;
            Ok(query
                .query_row((author.as_str(), client_id.as_str()), rows::entry)
                .optional()?)
        };
        self.database.read(find).await
    }

    async fn save_fold(&self, id: &ConversationId, fold: Folded, folded: u64) -> Result<(), StoreError> {
        let id = id.clone();
        let save = move |connection: &Connection| {
            for (seq, message) in &fold.messages {
                messages::save_fold(connection, &id, *seq, message)?;
            }
            attention::save_named(connection, &id, &fold.named)?;
            let fold = &fold.conversation;
            save_fields(connection, &id, fold)?;
            let mut joined: i64 = 0;
            for (person, held) in &fold.members {
                joined += save_member(connection, &id, person, held)?;
            }
            connection
                .prepare_cached(
                    "UPDATE conversations SET member_count = member_count + ?2, folded = max(folded, ?3) WHERE id = ?1",
                )?
                .execute((id.as_str(), joined, signed(folded)))?;
            Ok(())
        };
        self.database.write(save).await
    }

    async fn heads(&self, ids: Vec<ConversationId>) -> Result<Vec<(ConversationId, u64)>, StoreError> {
        let read = move |connection: &Connection| {
            let mut newest = connection.prepare_cached("SELECT max(seq) FROM log WHERE conversation = ?1")?;
            let mut heads = Vec::with_capacity(ids.len());
            for id in ids {
                let head: Option<i64> = newest.query_row([id.as_str()], |row| row.get(0))?;
                if let Some(head) = head.and_then(|head| u64::try_from(head).ok()) {
                    heads.push((id, head));
                }
            }
            Ok(heads)
        };
        self.database.read(read).await
    }

    async fn unfolded(&self) -> Result<Vec<ConversationId>, StoreError> {
        let list = |connection: &Connection| {
            let mut query = connection.prepare_cached(
                "SELECT id FROM conversations
                 WHERE folded < coalesce((SELECT max(seq) FROM log WHERE conversation = id), 0)",
            )?;
            let rows = query.query_map([], |row| rows::id(row, 0))?;
            Ok(rows.collect::<Result<_, _>>()?)
        };
        self.database.read(list).await
    }
}

fn save_fields(connection: &Connection, id: &ConversationId, fold: &ConversationFold) -> rusqlite::Result<()> {
    if let Some(name) = &fold.name {
        connection
            .prepare_cached(
                "UPDATE conversations SET name = ?2, name_key = ?3, name_seq = ?4 WHERE id = ?1 AND name_seq < ?4",
            )?
            .execute((id.as_str(), &name.value, name_key(&name.value), signed(name.seq)))?;
    }
    if let Some(topic) = &fold.topic {
        connection
            .prepare_cached("UPDATE conversations SET topic = ?2, topic_seq = ?3 WHERE id = ?1 AND topic_seq < ?3")?
            .execute((id.as_str(), &topic.value, signed(topic.seq)))?;
    }
    if let Some(archived) = &fold.archived {
        connection
            .prepare_cached(
                "UPDATE conversations SET archived = ?2, archived_seq = ?3 WHERE id = ?1 AND archived_seq < ?3",
            )?
            .execute((id.as_str(), archived.value, signed(archived.seq)))?;
    }
    Ok(())
}

/// Writes one member; answers by how much the number of members changed.
fn save_member(
    connection: &Connection,
    id: &ConversationId,
    person: &UserId,
    held: &Written<bool>,
) -> rusqlite::Result<i64> {
    let before: Option<bool> = connection
        .prepare_cached("SELECT member FROM members WHERE conversation = ?1 AND person = ?2")?
        .query_row((id.as_str(), person.as_str()), |row| row.get(0))
        .optional()?;
    let written = connection
        .prepare_cached(
            "INSERT INTO members (conversation, person, member, seq) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (conversation, person) DO UPDATE SET member = excluded.member, seq = excluded.seq
             WHERE excluded.seq > seq",
        )?
        .execute((id.as_str(), person.as_str(), held.value, signed(held.seq)))?;
    if written == 0 {
        return Ok(0);
    }
    Ok(i64::from(held.value) - i64::from(before.unwrap_or(false)))
}

/// Whoever writes has read up to there. Only the last message of each author counts.
fn raise_marks_of_authors(connection: &Connection, stored: &[Entry]) -> rusqlite::Result<Vec<(UserId, ReadMark)>> {
    let mut raised: Vec<(UserId, ReadMark)> = Vec::new();
    for entry in stored.iter().rev().filter(|entry| entry.kind.is_message()) {
        if raised.iter().any(|(author, _)| *author == entry.author) {
            continue;
        }
        let mut upsert = connection.prepare_cached(
            "INSERT INTO read_marks (person, conversation, generation, ordinal, furthest) VALUES (?1, ?2, 0, ?3, ?3)
             ON CONFLICT (person, conversation) DO UPDATE SET ordinal = max(ordinal, excluded.ordinal),
               furthest = max(furthest, excluded.furthest)
             RETURNING generation, ordinal",
        )?;
        let parameters = (
            entry.author.as_str(),
            entry.conversation.as_str(),
            signed(entry.ordinal),
        );
        raised.push((entry.author.clone(), upsert.query_row(parameters, mark)?));
    }
    Ok(raised)
}
