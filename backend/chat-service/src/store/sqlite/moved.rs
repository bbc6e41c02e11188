//! What has to be known to move everything elsewhere.

use protocol::ConversationId;
use rusqlite::Connection;

use super::SqliteStore;
use crate::store::StoreError;

impl SqliteStore {
    /// Every conversation, in the order of the ids.
    pub(in crate::store) async fn conversation_ids(&self) -> Result<Vec<ConversationId>, StoreError> {
        let list = |connection: &Connection| {
            let mut query = connection.prepare_cached("SELECT id FROM conversations ORDER BY id")?;
            let ids = query.query_map([], |row| row.get::<_, String>(0))?;
            let ids: Vec<String> = ids.collect::<Result<_, _>>()?;
            let ids = ids.into_iter().map(ConversationId::try_from);
            ids.collect::<Result<_, _>>()
                .map_err(|fault| StoreError::Broken(fault.to_string()))
        };
        self.database.read(list).await
    }

    /// How many entries all logs have.
    pub(in crate::store) async fn entry_count(&self) -> Result<u64, StoreError> {
        let count = |connection: &Connection| {
            let count: i64 = connection.query_row("SELECT count(*) FROM log", [], |row| row.get(0))?;
            Ok(count.unsigned_abs())
        };
        self.database.read(count).await
    }

    /// The seqs of messages that are not as they were sent.
    pub(in crate::store) async fn touched_messages(&self, id: &ConversationId) -> Result<Vec<u64>, StoreError> {
        let id = id.clone();
        let list = move |connection: &Connection| {
            let sql = "SELECT seq FROM message_folds WHERE conversation = ?1 ORDER BY seq";
            let mut query = connection.prepare_cached(sql)?;
            let seqs = query.query_map([id.as_str()], |row| row.get::<_, i64>(0))?;
            Ok(seqs.map(|seq| seq.map(i64::unsigned_abs)).collect::<Result<_, _>>()?)
        };
        self.database.read(list).await
    }
}
