//! Entries that are not in the frame log any more, read once for all sockets that wait for them.
//!
//! After a node died thousands of clients come back at once, each a little behind in the same conversations.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::Mutex;

use super::{EntryFrame, Feed};
use crate::store::{LogStore, StoreError};

/// The stretch that was read last, and from where those who wait want the next one.
#[derive(Debug)]
pub(super) struct Older {
    wanted_from: AtomicU64,
    held: Mutex<Option<Arc<Stretch>>>,
}

impl Default for Older {
    fn default() -> Self {
        Self {
            wanted_from: AtomicU64::new(u64::MAX),
            held: Mutex::default(),
        }
    }
}

/// Entries without a hole, as frames.
#[derive(Debug)]
pub struct Stretch {
    frames: Vec<EntryFrame>,
}

impl Stretch {
    /// The frames from `seq` on; empty when the stretch does not have that one.
    pub fn from(&self, seq: u64) -> &[EntryFrame] {
        let first = self.frames.first().map_or(u64::MAX, |frame| frame.seq);
        let index = seq.checked_sub(first).and_then(|index| usize::try_from(index).ok());
        index.and_then(|index| self.frames.get(index..)).unwrap_or_default()
    }
}

impl Feed {
    /// A stretch that begins at or before `from`, of at most `limit` entries. Empty from there on when the log ends
    /// before.
    ///
    /// All who ask at the same time share one read that begins where the furthest behind of them stands.
    pub async fn older(&self, store: &dyn LogStore, from: u64, limit: u64) -> Result<Arc<Stretch>, StoreError> {
        self.older.wanted_from.fetch_min(from, Ordering::Relaxed);
        let mut held = self.older.held.lock().await;
        if let Some(stretch) = held.as_ref().filter(|stretch| !stretch.from(from).is_empty()) {
            return Ok(Arc::clone(stretch));
        }
        let wanted = self.older.wanted_from.swap(u64::MAX, Ordering::Relaxed).min(from);
        let mut stretch = self.read_stretch(store, wanted, limit).await?;
        if wanted < from && stretch.from(from).is_empty() {
            stretch = self.read_stretch(store, from, limit).await?;
        }
        *held = Some(Arc::clone(&stretch));
        Ok(stretch)
    }

    async fn read_stretch(&self, store: &dyn LogStore, from: u64, limit: u64) -> Result<Arc<Stretch>, StoreError> {
        let last = from.saturating_add(limit.max(1) - 1);
        let entries = store.entries(&self.conversation, from..=last).await?;
        let frames = entries.iter().map(|entry| EntryFrame::of(&self.epoch, entry));
        Ok(Arc::new(Stretch {
            frames: frames.collect(),
        }))
    }

    /// Forgets the stretch that was read last, unless somebody is reading just now.
    pub(crate) fn forget_older(&self) {
        if let Ok(mut held) = self.older.held.try_lock() {
            *held = None;
        }
    }
}
