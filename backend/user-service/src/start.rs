//! What has to be done before the first request can be answered rightly.
//!
//! The workspace needs its first settings, and nobody may come in with a session that ended before this process started.
//! Both are tried until they are done, however long the database is away; until then requests are refused as
//! `unavailable`, and `/readyz` says why (P10).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use service_kit::Lifecycle;
use service_kit::health::Part;
use service_kit::store::StoreError;

use crate::sessions::Sessions;
use crate::store::Store;
use crate::workspace::Setup;

/// What the start itself waits for a database; one that takes longer is waited for beside it.
const LONGEST_WAIT: Duration = Duration::from_secs(1);
/// Between two tries.
const TRY_AGAIN: Duration = Duration::from_millis(500);

/// Whether requests are answered. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Gate {
    open: Arc<AtomicBool>,
}

impl Gate {
    pub(crate) fn is_open(&self) -> bool {
        self.open.load(Ordering::Acquire)
    }

    pub(crate) fn open(&self) {
        self.open.store(true, Ordering::Release);
    }
}

/// The work of a start.
pub(crate) struct Start {
    pub(crate) first: Setup,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) part: Part,
    pub(crate) gate: Gate,
}

impl Start {
    /// Stores the first settings, if the database is there: so that nobody who starts next looks for them in vain.
    pub(crate) async fn set_up_at_once(&self) {
        // What fails here is done, and told, by `finish`.
        drop(tokio::time::timeout(LONGEST_WAIT, self.store.set_up(&self.first)).await);
    }

    /// Does all of it: at once if the database is there, and otherwise beside everything else as soon as it is.
    pub(crate) async fn finish(self, sessions: &Arc<Sessions>, lifecycle: &Lifecycle) {
        match tokio::time::timeout(LONGEST_WAIT, self.attempt(sessions)).await {
            Ok(Ok(())) => return self.done(),
            Ok(Err(fault)) => self.failed(&fault),
            Err(_elapsed) => self.failed(&StoreError::Unavailable),
        }
        let (sessions, stopping) = (Arc::clone(sessions), lifecycle.stopping());
        lifecycle.spawn("start", async move {
            let until_done = async {
                while let Err(fault) = self.attempt(&sessions).await {
                    self.part.failed(format!("cannot start yet: {fault}"));
                    tokio::time::sleep(TRY_AGAIN).await;
                }
                tracing::info!("the database is there; requests are answered from now on");
                self.done();
            };
            tokio::select! {
                () = stopping => {}
                () = until_done => {}
            }
            Ok(())
        });
    }

    async fn attempt(&self, sessions: &Sessions) -> Result<(), StoreError> {
        self.store.set_up(&self.first).await?;
        sessions.deny_recently_ended().await
    }

    fn done(&self) {
        self.gate.open();
        self.part.ready();
    }

    fn failed(&self, fault: &StoreError) {
        tracing::warn!(%fault, "cannot answer requests yet; trying again");
        self.part.failed(format!("cannot start yet: {fault}"));
    }
}
