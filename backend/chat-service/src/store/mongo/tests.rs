mod cuts;
mod making;
mod nodes;
mod speed;

use protocol::ConversationId;

use super::MongoStore;
use crate::store::LogStore as _;

/// The seqs of a log.
async fn seqs(store: &MongoStore, id: &ConversationId) -> Vec<u64> {
    let entries = store.entries(id, 1..=u64::MAX).await.unwrap();
    entries.iter().map(|entry| entry.seq).collect()
}
