//! Telling the others about changes, so that no change is lost between its storing and its event.
//!
//! What was changed says itself that it was not told yet. One task per kind tells and marks it afterwards, so a crash at any
//! point only makes it tell again; a copy keeps the highest version.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use service_kit::Lifecycle;
use tokio::sync::Notify;

/// The first pause after a failed publish; doubles up to [`LONGEST_PAUSE`], which is how long a code may have to wait
/// for its mail after the broker has come back.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// How soon it looks again without being woken: whoever changed something may be gone before they wake it, when
/// their caller hangs up or the store's answer is lost.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

/// What one kind of announcement does at every look.
#[async_trait]
pub(crate) trait Announcement: Send + Sync {
    /// Tells everything that was not told yet.
    async fn tell_waiting(&self) -> anyhow::Result<()>;
}

/// Wakes the task that announces.
#[derive(Clone, Default)]
pub(crate) struct Announcer {
    bell: Arc<Notify>,
}

impl Announcer {
    /// Something was added or changed.
    pub(crate) fn wake(&self) {
        // A permit is kept when nobody waits, so a change during a round starts another round.
        self.bell.notify_one();
    }

    /// Starts the task under this name; it first announces what an earlier process left.
    pub(crate) fn start(&self, name: &'static str, announcement: impl Announcement + 'static, lifecycle: &Lifecycle) {
        let (bell, stopping) = (Arc::clone(&self.bell), lifecycle.stopping());
        lifecycle.spawn(name, async move {
            tokio::select! {
                () = stopping => {}
                () = announce_for_ever(name, &announcement, &bell) => {}
            }
            Ok(())
        });
    }
}

async fn announce_for_ever(name: &str, announcement: &dyn Announcement, bell: &Notify) {
    let mut pause = FIRST_PAUSE;
    let mut failing = false;
    loop {
        match announcement.tell_waiting().await {
            Ok(()) => {
                if std::mem::take(&mut failing) {
                    tracing::info!(task = name, "changes are announced again");
                }
                pause = FIRST_PAUSE;
                // Woken or not: it looks again.
                drop(tokio::time::timeout(LOOK_AGAIN, bell.notified()).await);
            }
            Err(fault) => {
                if !std::mem::replace(&mut failing, true) {
                    let cause = format!("{fault:#}");
                    tracing::error!(cause, task = name, "cannot announce changes; trying again");
                }
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        }
    }
}
