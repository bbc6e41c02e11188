//! `session-ended` events: of every session that ended, however it did.

use std::sync::Arc;

use async_trait::async_trait;
use event_bus::Bus;
use protocol::event::{SESSION_ENDED, SessionEnded};

use crate::announcing::Announcement;
use crate::store::SessionStore;

/// Sessions announced between two looks at the table.
const AT_ONCE: u32 = 100;

/// Tells the others about sessions that ended.
pub(crate) struct SessionsAnnouncement {
    pub(crate) store: Arc<dyn SessionStore>,
    pub(crate) bus: Bus,
}

#[async_trait]
impl Announcement for SessionsAnnouncement {
    async fn tell_waiting(&self) -> anyhow::Result<()> {
        loop {
            let waiting = self.store.unannounced_ends(AT_ONCE).await?;
            if waiting.is_empty() {
                return Ok(());
            }
            for ended in waiting {
                let event = SessionEnded {
                    session: ended.session,
                    person: ended.person,
                    at: ended.at,
                };
                // A session ends once, so its id is the event's.
                let event_id = event.session.as_str();
                self.bus.publish(SESSION_ENDED, event_id, &event, None).await?;
                self.store.mark_end_announced(&event.session).await?;
            }
        }
    }
}
