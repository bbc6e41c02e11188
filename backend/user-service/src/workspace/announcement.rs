//! `workspace-changed` events: at every start, and whenever the settings have changed.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use event_bus::Bus;
use protocol::event::{WORKSPACE_CHANGED, WorkspaceChanged};

use crate::announcing::Announcement;
use crate::store::WorkspaceStore;

/// Tells the others how the workspace is set up.
pub(crate) struct WorkspaceAnnouncement {
    store: Arc<dyn WorkspaceStore>,
    bus: Bus,
    /// Makes the event of every start another one: a copy that was lost meanwhile is filled again.
    start: u128,
    /// The version that was told by this process; 0 for none.
    told: AtomicU64,
}

impl WorkspaceAnnouncement {
    /// `start` is random.
    pub(crate) fn new(store: Arc<dyn WorkspaceStore>, bus: Bus, start: u128) -> Self {
        Self {
            store,
            bus,
            start,
            told: AtomicU64::new(0),
        }
    }
}

#[async_trait]
impl Announcement for WorkspaceAnnouncement {
    async fn tell_waiting(&self) -> anyhow::Result<()> {
        let setup = self.store.setup().await?;
        if self.told.load(Ordering::Relaxed) == setup.version {
            return Ok(());
        }
        let event = WorkspaceChanged {
            channel_creation: setup.channel_creation,
            version: setup.version,
        };
        let event_id = format!("{:032x}.{}", self.start, setup.version);
        self.bus.publish(WORKSPACE_CHANGED, &event_id, &event, None).await?;
        self.told.store(setup.version, Ordering::Relaxed);
        Ok(())
    }
}
