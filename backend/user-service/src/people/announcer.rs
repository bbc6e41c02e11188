//! Telling the others about people: `person-changed` events.
//!
//! A changed row says itself that it was not announced yet. One task publishes what such rows hold and marks
//! them afterwards, so a crash at any point only makes it publish again; a copy keeps the highest version.

use std::sync::Arc;
use std::time::Duration;

use event_bus::Bus;
use protocol::event::{PERSON_CHANGED, PersonChanged};
use service_kit::Lifecycle;
use tokio::sync::Notify;

use super::Person;
use crate::store::PeopleStore;

/// People announced between two looks at the table.
const AT_ONCE: u32 = 100;
/// The first pause after a failed publish; doubles up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// How soon it looks again without being woken: whoever changed somebody may be gone before they wake it, when
/// their caller hangs up or the store's answer is lost.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

/// Wakes the task that announces.
#[derive(Clone, Default)]
pub(crate) struct Announcer {
    bell: Arc<Notify>,
}

impl Announcer {
    /// Somebody was added or changed.
    pub(crate) fn wake(&self) {
        // A permit is kept when nobody waits, so a change during a round starts another round.
        self.bell.notify_one();
    }

    /// Starts the task; it first announces what an earlier process left.
    pub(crate) fn start(&self, store: Arc<dyn PeopleStore>, bus: Bus, lifecycle: &Lifecycle) {
        let (bell, stopping) = (Arc::clone(&self.bell), lifecycle.stopping());
        lifecycle.spawn("announce people", async move {
            tokio::select! {
                () = stopping => {}
                () = announce_for_ever(&*store, &bus, &bell) => {}
            }
            Ok(())
        });
    }
}

async fn announce_for_ever(store: &dyn PeopleStore, bus: &Bus, bell: &Notify) {
    let mut pause = FIRST_PAUSE;
    loop {
        match announce_waiting(store, bus).await {
            Ok(()) => {
                pause = FIRST_PAUSE;
                // Woken or not: it looks again.
                drop(tokio::time::timeout(LOOK_AGAIN, bell.notified()).await);
            }
            Err(fault) => {
                tracing::error!(
                    cause = format!("{fault:#}"),
                    "cannot announce changed people; trying again"
                );
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        }
    }
}

async fn announce_waiting(store: &dyn PeopleStore, bus: &Bus) -> anyhow::Result<()> {
    loop {
        let waiting = store.unannounced(AT_ONCE).await?;
        if waiting.is_empty() {
            return Ok(());
        }
        for person in waiting {
            announce(bus, &person).await?;
            store.mark_announced(&person.id, person.version).await?;
        }
    }
}

async fn announce(bus: &Bus, person: &Person) -> anyhow::Result<()> {
    let event = PersonChanged {
        id: person.id.clone(),
        name: person.name.clone(),
        active: person.active,
        version: person.version,
    };
    bus.publish(
        PERSON_CHANGED,
        &format!("{}.{}", person.id, person.version),
        &event,
        None,
    )
    .await?;
    Ok(())
}
