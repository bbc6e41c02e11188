//! What the store holds, in numbers only, for whoever looks into a problem.

use super::Client;
use crate::store::measure;
use crate::view::Failure;

/// How much this device holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoreFacts {
    pub bytes: u64,
    pub index_bytes: u64,
    pub conversations: u64,
    pub entries: u64,
    /// Messages that wait to be sent.
    pub waiting: u64,
}

impl Client {
    /// How much this device holds.
    pub async fn store_facts(&self) -> Result<StoreFacts, Failure> {
        let store = &self.shared().store;
        let (bytes, index_bytes) = store.read(measure::sizes).await?;
        let (conversations, entries, waiting) = store.read(measure::counts).await?;
        Ok(StoreFacts {
            bytes,
            index_bytes,
            conversations,
            entries,
            waiting,
        })
    }
}
