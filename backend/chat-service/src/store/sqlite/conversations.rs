//! Conversations, claimed names and read marks in SQLite.

use async_trait::async_trait;
use protocol::timeline::Written;
use protocol::{ConversationId, Entry, ReadMark, UserId};
use rusqlite::{Connection, OptionalExtension as _};

use super::SqliteStore;
use super::rows::{self, LISTED_COLUMNS, insert_entry, kind_text, listed, number, signed, tail, visibility_text};
use crate::store::{Added, ChannelSearch, ConversationStore, Listed, Record, StoreError, name_key};

#[async_trait]
impl ConversationStore for SqliteStore {
    async fn add_conversation(&self, record: Record, opening: Vec<Entry>) -> Result<Added, StoreError> {
        let add = move |connection: &Connection| {
            if let Some(existing) = read_record(connection, &record.id)? {
                return Ok(Added::Existing(Box::new(existing)));
            }
            if let Some(name) = &record.first_name
                && !claim(connection, &record.id, &name_key(name))?
            {
                return Ok(Added::NameTaken);
            }
            insert_record(connection, &record)?;
            for entry in &opening {
                insert_entry(connection, entry)?;
            }
            Ok(Added::New)
        };
        self.database.write(add).await
    }

    async fn conversation(&self, id: &ConversationId) -> Result<Option<Record>, StoreError> {
        let id = id.clone();
        self.database
            .read(move |connection| Ok(read_record(connection, &id)?))
            .await
    }

    async fn conversations_of(&self, person: &UserId) -> Result<Vec<Listed>, StoreError> {
        let person = person.clone();
        let list = move |connection: &Connection| {
            let mut query = connection.prepare_cached(&format!(
                "SELECT {LISTED_COLUMNS} FROM members m JOIN conversations c ON c.id = m.conversation
                 LEFT JOIN read_marks r ON r.person = m.person AND r.conversation = c.id
                 LEFT JOIN levels l ON l.person = m.person AND l.conversation = c.id
                 WHERE m.person = ?1 AND m.member = 1"
            ))?;
            let rows = query.query_map([person.as_str()], |row| listed(connection, row))?;
            Ok(rows.collect::<Result<_, _>>()?)
        };
        self.database.read(list).await
    }

    async fn channels(&self, search: ChannelSearch) -> Result<Vec<Listed>, StoreError> {
        let list = move |connection: &Connection| {
            let mut query = connection.prepare_cached(&format!(
                "SELECT {LISTED_COLUMNS} FROM conversations c
                 LEFT JOIN members m ON m.conversation = c.id AND m.person = ?1
                 LEFT JOIN read_marks r ON r.person = ?1 AND r.conversation = c.id
                 LEFT JOIN levels l ON l.person = ?1 AND l.conversation = c.id
                 WHERE c.name_key IS NOT NULL AND c.name_key > ?2 AND instr(c.name_key, ?3) > 0
                   AND (c.visibility = 'public' OR m.member = 1)
                 ORDER BY c.name_key LIMIT ?4"
            ))?;
            let after = search.after.as_deref().unwrap_or("");
            let parameters = (search.person.as_str(), after, &search.contains, search.limit);
            let rows = query.query_map(parameters, |row| listed(connection, row))?;
            Ok(rows.collect::<Result<_, _>>()?)
        };
        self.database.read(list).await
    }

    async fn claim_name(&self, id: &ConversationId, name_key: String) -> Result<(), StoreError> {
        let id = id.clone();
        let claim = move |connection: &Connection| {
            if claim(connection, &id, &name_key)? {
                Ok(())
            } else {
                Err(StoreError::Duplicate)
            }
        };
        self.database.write(claim).await
    }

    async fn release_names_but(&self, id: &ConversationId, name_key: String) -> Result<(), StoreError> {
        let id = id.clone();
        let release = move |connection: &Connection| {
            let mut delete =
                connection.prepare_cached("DELETE FROM channel_names WHERE conversation = ?1 AND name_key <> ?2")?;
            delete.execute((id.as_str(), name_key))?;
            Ok(())
        };
        self.database.write(release).await
    }

    async fn read_mark(&self, person: &UserId, id: &ConversationId) -> Result<ReadMark, StoreError> {
        let (person, id) = (person.clone(), id.clone());
        let read = move |connection: &Connection| {
            let mut query = connection
                .prepare_cached("SELECT generation, ordinal FROM read_marks WHERE person = ?1 AND conversation = ?2")?;
            let mark = query.query_row((person.as_str(), id.as_str()), mark);
            Ok(mark.optional()?.unwrap_or_default())
        };
        self.database.read(read).await
    }

    async fn raise_read_mark(
        &self,
        person: &UserId,
        id: &ConversationId,
        mark: ReadMark,
    ) -> Result<ReadMark, StoreError> {
        let (person, id) = (person.clone(), id.clone());
        let raise = move |connection: &Connection| {
            let mut upsert = connection.prepare_cached(
                "INSERT INTO read_marks (person, conversation, generation, ordinal, furthest) VALUES (?1, ?2, ?3, ?4, ?4)
                 ON CONFLICT (person, conversation) DO UPDATE SET
                   furthest = max(furthest, excluded.furthest),
                   ordinal = CASE WHEN excluded.generation > generation THEN excluded.ordinal
                                  WHEN excluded.generation = generation THEN max(ordinal, excluded.ordinal)
                                  ELSE ordinal END,
                   generation = max(generation, excluded.generation)
                 RETURNING generation, ordinal",
            )?;
            let parameters = (person.as_str(), id.as_str(), mark.generation, signed(mark.ordinal));
            Ok(upsert.query_row(parameters, self::mark)?)
        };
        self.database.write(raise).await
    }
}

/// Reads a mark from its two columns.
pub(super) fn mark(row: &rusqlite::Row<'_>) -> rusqlite::Result<ReadMark> {
    Ok(ReadMark {
        generation: row.get(0)?,
        ordinal: number(row, 1)?,
    })
}

/// Claims a name; false when another conversation has it.
fn claim(connection: &Connection, id: &ConversationId, name_key: &str) -> rusqlite::Result<bool> {
    connection
        .prepare_cached("INSERT INTO channel_names (name_key, conversation) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
        .execute((name_key, id.as_str()))?;
    let owner: String = connection
        .prepare_cached("SELECT conversation FROM channel_names WHERE name_key = ?1")?
        .query_row([name_key], |row| row.get(0))?;
    Ok(owner == id.as_str())
}

fn insert_record(connection: &Connection, record: &Record) -> rusqlite::Result<()> {
    let name = record.fold.name.as_ref();
    let member_count = record.fold.current_members().count();
    connection
        .prepare_cached(
            "INSERT INTO conversations (id, kind, visibility, created_by, created_at, epoch, first_name, name, name_key,
               name_seq, member_count, folded)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        )?
        .execute((
            record.id.as_str(),
            kind_text(record.kind),
            visibility_text(record.visibility),
            record.created_by.as_str(),
            record.created_at,
            &record.epoch,
            &record.first_name,
            name.map(|name| &name.value),
            name.map(|name| name_key(&name.value)),
            signed(name.map_or(0, |name| name.seq)),
            signed(member_count as u64),
            signed(record.folded),
        ))?;
    let mut insert =
        connection.prepare_cached("INSERT INTO members (conversation, person, member, seq) VALUES (?1, ?2, ?3, ?4)")?;
    for (person, held) in &record.fold.members {
        insert.execute((record.id.as_str(), person.as_str(), held.value, signed(held.seq)))?;
    }
    Ok(())
}

/// A field and the seq that wrote it, from two columns; none when no entry wrote it.
fn written<T: rusqlite::types::FromSql>(
    row: &rusqlite::Row<'_>,
    column: usize,
) -> rusqlite::Result<Option<Written<T>>> {
    let seq = number(row, column + 1)?;
    let value = row.get(column)?;
    Ok((seq > 0).then_some(Written { value, seq }))
}

fn read_record(connection: &Connection, id: &ConversationId) -> rusqlite::Result<Option<Record>> {
    let mut query = connection.prepare_cached(
        "SELECT id, kind, visibility, created_by, created_at, epoch, first_name, name, name_seq, folded,
           topic, topic_seq, archived, archived_seq
         FROM conversations WHERE id = ?1",
    )?;
    let found = query.query_row([id.as_str()], |row| {
        let (name, name_seq): (Option<String>, u64) = (row.get(7)?, number(row, 8)?);
        let created_at = row.get(4)?;
        let mut record = Record {
            id: rows::id(row, 0)?,
            kind: rows::kind(row, 1)?,
            visibility: rows::visibility(row, 2)?,
            created_by: rows::id(row, 3)?,
            created_at,
            epoch: row.get(5)?,
            first_name: row.get(6)?,
            fold: protocol::timeline::ConversationFold::default(),
            folded: number(row, 9)?,
            tail: tail(connection, id, created_at)?,
        };
        record.fold.name = name.map(|value| Written { value, seq: name_seq });
        record.fold.topic = written(row, 10)?;
        record.fold.archived = written(row, 12)?;
        Ok(record)
    });
    let Some(mut record) = found.optional()? else {
        return Ok(None);
    };
    let mut members = connection.prepare_cached("SELECT person, member, seq FROM members WHERE conversation = ?1")?;
    let rows = members.query_map([id.as_str()], |row| {
        let held = Written {
            value: row.get(1)?,
            seq: number(row, 2)?,
        };
        Ok((rows::id(row, 0)?, held))
    })?;
    record.fold.members = rows.collect::<Result<_, _>>()?;
    Ok(Some(record))
}
