//! Moving conversations and their logs from the embedded database to a MongoDB, and comparing both.
//!
//! Logs go in pages, and how far they have come is remembered behind each, so that whoever goes on does not begin
//! anew. At the end every conversation is read through the ports of both sides, and the checksums are compared: what
//! was changed in the file between two runs shows there, and is moved again.

use std::cell::Cell;
use std::path::Path;

use mongodb::bson::{Document, serialize_to_document};
use protocol::ConversationId;
use serde::Serialize;
use service_kit::store::mongo::Mongo;
use service_kit::store::moving::{BATCH, Move, MoveError, Rows, Table, patiently};
use service_kit::store::sqlite::file_in;
use sha2::{Digest, Sha256};

use super::mongo::MongoStore;
use super::sqlite::SqliteStore;
use super::{ChatStore, ConversationStore as _, LogStore as _, MessageStore as _, StoreError};

/// The part whose progress is remembered.
const LOG: &str = "log";
/// Entries between two notes how far it has come: whoever goes on compares as many again.
const REMEMBER_EVERY: u64 = 4 * BATCH as u64;

const TABLES: [Table; 9] = [
    table(
        "people",
        "SELECT id AS _id, name, active, role, version FROM people",
        &["active"],
    ),
    table("last_seen", "SELECT person AS _id, at FROM last_seen", &[]),
    table(
        "workspace",
        "SELECT 'workspace' AS _id, channel_creation, version FROM workspace",
        &[],
    ),
    table(
        "ended_sessions",
        "SELECT session AS _id, noted_at FROM ended_sessions",
        &[],
    ),
    table(
        "channel_names",
        "SELECT name_key AS _id, conversation FROM channel_names",
        &[],
    ),
    table(
        "members",
        "SELECT conversation || '/' || person AS _id, conversation, person, member, seq FROM members",
        &["member"],
    ),
    table(
        "read_marks",
        "SELECT person || '/' || conversation AS _id, person, conversation, generation, ordinal, furthest
         FROM read_marks",
        &[],
    ),
    table(
        "mentions",
        "SELECT whom || '/' || conversation || '/' || printf('%013d', ordinal) AS _id, whom,
           printf('%013d/%s/%013d', at, conversation, seq) AS moment, seq, ordinal
         FROM mentions",
        &[],
    ),
    table(
        "levels",
        "SELECT person || '/' || conversation AS _id, person, conversation, level, version FROM levels",
        &[],
    ),
];

const fn table(collection: &'static str, rows: &'static str, flags: &'static [&'static str]) -> Table {
    Table {
        collection,
        rows,
        flags,
        lists: &[],
        empty: &[],
    }
}

/// Where everything is, and where it goes.
struct BothSides<'a> {
    moving: &'a Move,
    source: SqliteStore,
    target: MongoStore,
    /// Entries that were moved since it was last noted how far that has come.
    unremembered: Cell<u64>,
}

/// Moves everything that chat-service keeps in this data folder, or what is missing of it, and compares both.
///
/// `source` names the folder; `tell` is told how far it has come.
pub async fn migrate(folder: &Path, to: &Mongo, source: &str, tell: &dyn Fn(String)) -> Result<(), MoveError> {
    let moving = Move::begin(to, source).await?;
    if moving.was_finished() {
        tell("conversations were moved by an earlier run".to_owned());
        return Ok(());
    }
    let path = file_in(folder, "chat");
    let both = BothSides {
        moving: &moving,
        source: SqliteStore::open(&path)?,
        target: MongoStore::new(to.clone()),
        unremembered: Cell::new(0),
    };
    patiently(async || both.target.make_indexes().await).await?;
    let rows = Rows::open(&path)?;
    for table in &TABLES {
        let count = moving.table(&rows, table).await?;
        tell(format!("{count} documents in {}", table.collection));
    }
    let ids = both.source.conversation_ids().await?;
    let entries = both.move_conversations(&ids, tell).await?;
    both.compare(&ids, tell).await?;
    moving.require_count("conversations", ids.len() as u64).await?;
    moving.require_count(LOG, entries).await?;
    moving.finish().await
}

impl BothSides<'_> {
    /// Answers how many entries there are.
    async fn move_conversations(&self, ids: &[ConversationId], tell: &dyn Fn(String)) -> Result<u64, MoveError> {
        let reached = self.moving.reached(LOG).await?;
        let (at, behind) = reached
            .as_deref()
            .and_then(|reached| reached.split_once(' '))
            .unwrap_or_default();
        let (mut moved, all) = (0, self.source.entry_count().await?);
        for id in ids {
            self.move_folds(id).await?;
            let behind = match id.as_str().cmp(at) {
                std::cmp::Ordering::Less => u64::MAX,
                std::cmp::Ordering::Equal => behind.parse().unwrap_or(0),
                std::cmp::Ordering::Greater => 0,
            };
            let before = moved;
            moved += self.move_log(id, behind).await?;
            if moved / 10_000 > before / 10_000 {
                tell(format!("{moved} of {all} entries, in one go"));
            }
        }
        tell(format!("{moved} entries moved now, {all} in all"));
        Ok(all)
    }

    /// Moves the entries behind a seq, and answers how many.
    async fn move_log(&self, id: &ConversationId, behind: u64) -> Result<u64, MoveError> {
        let (mut last, mut moved) = (behind, 0);
        while last < u64::MAX {
            let page = self.source.entries(id, last + 1..=last + BATCH as u64).await?;
            let Some(end) = page.last() else { break };
            last = end.seq;
            moved += page.len() as u64;
            let documents: Result<Vec<Document>, StoreError> = page.iter().map(MongoStore::entry_as_document).collect();
            self.moving.store_what_differs(LOG, &documents?).await?;
            self.unremembered.set(self.unremembered.get() + page.len() as u64);
            if self.unremembered.get() >= REMEMBER_EVERY {
                self.unremembered.set(0);
                self.moving.remember(LOG, &format!("{id} {last}")).await?;
            }
        }
        Ok(moved)
    }

    /// Moves the conversation itself and what became of its messages.
    async fn move_folds(&self, id: &ConversationId) -> Result<(), MoveError> {
        if let Some(record) = self.source.conversation(id).await? {
            let document = MongoStore::record_as_document(&record)?;
            self.moving.store_what_differs("conversations", &[document]).await?;
        }
        let touched = self.source.touched_messages(id).await?;
        for seqs in touched.chunks(BATCH) {
            let folds = self.source.message_folds(id, seqs.to_vec()).await?;
            let documents: Result<Vec<Document>, StoreError> = folds
                .into_iter()
                .map(|(seq, fold)| MongoStore::fold_as_document(id, seq, fold))
                .collect();
            self.moving.store_what_differs("message_folds", &documents?).await?;
        }
        Ok(())
    }

    /// Compares every conversation; one that differs is moved once more.
    async fn compare(&self, ids: &[ConversationId], tell: &dyn Fn(String)) -> Result<(), MoveError> {
        let mut again = 0;
        for id in ids {
            let expected = checksum(&self.source, id).await?;
            if patiently(async || checksum(&self.target, id).await).await? != expected {
                again += 1;
                self.move_folds(id).await?;
                self.move_log(id, 0).await?;
                let found = patiently(async || checksum(&self.target, id).await).await?;
                self.moving
                    .require_equal(&format!("the checksums of {id}"), found, expected)?;
            }
        }
        tell(format!(
            "the checksums of {} conversations are the same, {again} of them moved again",
            ids.len()
        ));
        Ok(())
    }
}

/// The beginning of a hash over everything that the ports tell of a conversation.
async fn checksum(store: &dyn ChatStore, id: &ConversationId) -> Result<u64, StoreError> {
    let record = store.conversation(id).await?;
    let end = record.as_ref().map_or(0, |record| record.tail.seq);
    let mut hash = Sha256::new();
    hash.update(format!("{record:?}"));
    for first in (1..=end).step_by(BATCH) {
        let last = end.min(first + BATCH as u64 - 1);
        let entries = store.entries(id, first..=last).await?;
        let folds = store.message_folds(id, (first..=last).collect()).await?;
        hash.update(json(&entries)?);
        hash.update(json(&folds)?);
    }
    let hash: [u8; 32] = hash.finalize().into();
    Ok(hash.iter().take(8).fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
}

fn json(value: &impl Serialize) -> Result<Vec<u8>, StoreError> {
    serde_json::to_vec(value).map_err(|fault| StoreError::Broken(fault.to_string()))
}

/// A document as the adapter stores it.
pub(super) fn document(of: &impl Serialize) -> Result<Document, StoreError> {
    serialize_to_document(of).map_err(|fault| StoreError::Broken(fault.to_string()))
}

#[cfg(test)]
mod tests;
