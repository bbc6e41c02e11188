//! What became of messages, in SQLite.

use std::collections::BTreeMap;

use async_trait::async_trait;
use protocol::timeline::{Deletion, MessageEdit, MessageFold, Written};
use protocol::{ConversationId, Entry};
use rusqlite::{Connection, OptionalExtension as _, Row};

use super::SqliteStore;
use super::rows::{self, ENTRY_COLUMNS, number, signed};
use crate::store::{MessageStore, StoreError, StoredMessage};

#[async_trait]
impl MessageStore for SqliteStore {
    async fn message_folds(
        &self,
        id: &ConversationId,
        seqs: Vec<u64>,
    ) -> Result<BTreeMap<u64, MessageFold>, StoreError> {
        if seqs.is_empty() {
            return Ok(BTreeMap::new());
        }
        let id = id.clone();
        let read = move |connection: &Connection| {
            let mut folds = BTreeMap::new();
            for seq in seqs {
                if let Some(fold) = read_fold(connection, &id, seq)? {
                    folds.insert(seq, fold);
                }
            }
            Ok(folds)
        };
        self.database.read(read).await
    }

    async fn messages(&self, id: &ConversationId, seqs: Vec<u64>) -> Result<Vec<StoredMessage>, StoreError> {
        if seqs.is_empty() {
            return Ok(Vec::new());
        }
        let id = id.clone();
        let read = move |connection: &Connection| {
            let mut query = connection.prepare_cached(&format!(
                "SELECT {ENTRY_COLUMNS} FROM log WHERE conversation = ?1 AND seq = ?2 AND kind = 'message'"
            ))?;
            let mut found = Vec::new();
            for seq in seqs {
                let entry = query.query_row((id.as_str(), signed(seq)), rows::entry).optional()?;
                if let Some(entry) = entry {
                    let fold = read_fold(connection, &id, seq)?.unwrap_or_default();
                    found.push(StoredMessage { entry, fold });
                }
            }
            Ok(found)
        };
        self.database.read(read).await
    }

    async fn pinned(&self, id: &ConversationId, limit: u32) -> Result<Vec<u64>, StoreError> {
        let id = id.clone();
        let read = move |connection: &Connection| {
            let mut query = connection.prepare_cached(
                "SELECT seq FROM message_folds WHERE conversation = ?1 AND pinned = 1 AND deleted_seq IS NULL
                 ORDER BY seq DESC LIMIT ?2",
            )?;
            let rows = query.query_map((id.as_str(), limit), |row| number(row, 0))?;
            Ok(rows.collect::<Result<_, _>>()?)
        };
        self.database.read(read).await
    }

    async fn edits(&self, id: &ConversationId, target: u64) -> Result<Vec<Entry>, StoreError> {
        let id = id.clone();
        let read = move |connection: &Connection| {
            let mut query = connection.prepare_cached(&format!(
                "SELECT {ENTRY_COLUMNS} FROM log WHERE conversation = ?1 AND target = ?2 AND kind = 'edit' ORDER BY seq"
            ))?;
            let rows = query.query_map((id.as_str(), signed(target)), rows::entry)?;
            Ok(rows.collect::<Result<_, _>>()?)
        };
        self.database.read(read).await
    }
}

/// Writes what is newer in `fold` than in the row; a deletion also blanks what was written, in the log too.
pub(super) fn save_fold(
    connection: &Connection,
    id: &ConversationId,
    seq: u64,
    fold: &MessageFold,
) -> rusqlite::Result<()> {
    let key = (id.as_str(), signed(seq));
    connection
        .prepare_cached("INSERT INTO message_folds (conversation, seq) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
        .execute(key)?;
    if let Some(deleted) = &fold.deleted {
        save_deletion(connection, id, seq, deleted)?;
    }
    if let Some(edit) = &fold.edit {
        connection
            .prepare_cached(
                "UPDATE message_folds SET edit_seq = ?3, edit_at = ?4, edit_body = ?5, edit_here = ?6
                 WHERE conversation = ?1 AND seq = ?2 AND deleted_seq IS NULL AND coalesce(edit_seq, 0) < ?3",
            )?
            .execute((
                key.0,
                key.1,
                signed(edit.seq),
                edit.at,
                &edit.body,
                rows::ids_text(&edit.here),
            ))?;
    }
    if let Some(pinned) = &fold.pinned {
        connection
            .prepare_cached(
                "UPDATE message_folds SET pin_seq = ?3, pinned = ?4
                 WHERE conversation = ?1 AND seq = ?2 AND coalesce(pin_seq, 0) < ?3",
            )?
            .execute((key.0, key.1, signed(pinned.seq), pinned.value))?;
    }
    let mut react = connection.prepare_cached(
        "INSERT INTO reactions (conversation, target, emoji, person, is_on, seq) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (conversation, target, emoji, person) DO UPDATE SET is_on = excluded.is_on, seq = excluded.seq
         WHERE excluded.seq > seq",
    )?;
    for ((emoji, person), held) in &fold.reactions {
        react.execute((key.0, key.1, emoji, person.as_str(), held.value, signed(held.seq)))?;
    }
    Ok(())
}

fn save_deletion(connection: &Connection, id: &ConversationId, seq: u64, deleted: &Deletion) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "UPDATE message_folds SET deleted_seq = ?3, deleted_at = ?4, deleted_by = ?5,
               edit_seq = NULL, edit_at = NULL, edit_body = NULL, edit_here = NULL
             WHERE conversation = ?1 AND seq = ?2 AND (deleted_seq IS NULL OR deleted_seq > ?3)",
        )?
        .execute((
            id.as_str(),
            signed(seq),
            signed(deleted.seq),
            deleted.at,
            deleted.by.as_str(),
        ))?;
    connection
        .prepare_cached(
            "UPDATE log SET text = '', here = NULL WHERE conversation = ?1 AND seq = ?2 AND kind = 'message'",
        )?
        .execute((id.as_str(), signed(seq)))?;
    connection
        .prepare_cached(
            "UPDATE log SET text = '', here = NULL WHERE conversation = ?1 AND target = ?2 AND kind = 'edit'",
        )?
        .execute((id.as_str(), signed(seq)))?;
    Ok(())
}

fn read_fold(connection: &Connection, id: &ConversationId, seq: u64) -> rusqlite::Result<Option<MessageFold>> {
    let mut query = connection.prepare_cached(
        "SELECT edit_seq, edit_at, edit_body, deleted_seq, deleted_at, deleted_by, pin_seq, pinned, edit_here
         FROM message_folds WHERE conversation = ?1 AND seq = ?2",
    )?;
    let Some(mut fold) = query.query_row((id.as_str(), signed(seq)), fold_of).optional()? else {
        return Ok(None);
    };
    let mut query = connection
        .prepare_cached("SELECT emoji, person, is_on, seq FROM reactions WHERE conversation = ?1 AND target = ?2")?;
    let reactions = query.query_map((id.as_str(), signed(seq)), |row| {
        let held = Written {
            value: row.get(2)?,
            seq: number(row, 3)?,
        };
        Ok(((row.get(0)?, rows::id(row, 1)?), held))
    })?;
    fold.reactions = reactions.collect::<Result<_, _>>()?;
    Ok(Some(fold))
}

fn fold_of(row: &Row<'_>) -> rusqlite::Result<MessageFold> {
    let is_there = |column: usize| {
        row.get_ref(column)
            .map(|value| value != rusqlite::types::ValueRef::Null)
    };
    let mut fold = MessageFold::default();
    if is_there(0)? {
        fold.edit = Some(MessageEdit {
            seq: number(row, 0)?,
            at: row.get(1)?,
            body: row.get(2)?,
            here: rows::ids(row, 8)?,
        });
    }
    if is_there(3)? {
        fold.deleted = Some(Deletion {
            seq: number(row, 3)?,
            at: row.get(4)?,
            by: rows::id(row, 5)?,
        });
    }
    if is_there(6)? {
        fold.pinned = Some(Written {
            seq: number(row, 6)?,
            value: row.get(7)?,
        });
    }
    Ok(fold)
}
