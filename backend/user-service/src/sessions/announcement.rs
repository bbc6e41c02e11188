//! `session-ended` events: of every session that ended, however it did.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use event_bus::Bus;
use protocol::event::{SESSION_ENDED, SESSION_ENDED_CHANNEL, SessionEnded};
use service_kit::cache::Cache;

use crate::announcing::Announcement;
use crate::store::SessionStore;

/// Sessions announced between two looks at the table.
const AT_ONCE: u32 = 100;

/// What telling at once may take: the next session waits for it.
const AT_ONCE_WITHIN: Duration = Duration::from_millis(200);

/// Tells the others about sessions that ended.
pub(crate) struct SessionsAnnouncement {
    pub(crate) store: Arc<dyn SessionStore>,
    pub(crate) bus: Bus,
    pub(crate) cache: Cache,
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
                let publishing = self.bus.publish(SESSION_ENDED, event.session.as_str(), &event, None);
                let (published, ()) = tokio::join!(publishing, self.tell_at_once(&event));
                published?;
                self.store.mark_end_announced(&event.session).await?;
            }
        }
    }
}

impl SessionsAnnouncement {
    /// Closes sockets within moments, also while the broker is away; the event is what counts.
    async fn tell_at_once(&self, event: &SessionEnded) {
        let payload = serde_json::to_vec(event).unwrap_or_default();
        let telling = self.cache.publish(SESSION_ENDED_CHANNEL, payload);
        match tokio::time::timeout(AT_ONCE_WITHIN, telling).await {
            Ok(Ok(())) => {}
            Ok(Err(fault)) => tracing::debug!(%fault, "an ended session is told by its event alone"),
            Err(_elapsed) => tracing::debug!("an ended session is told by its event alone"),
        }
    }
}
