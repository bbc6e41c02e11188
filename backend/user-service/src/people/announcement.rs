//! `person-changed` events: what a changed row holds.

use std::sync::Arc;

use async_trait::async_trait;
use event_bus::Bus;
use protocol::event::{PERSON_CHANGED, PersonChanged};

use super::Person;
use crate::announcing::Announcement;
use crate::store::PeopleStore;

/// People announced between two looks at the table.
const AT_ONCE: u32 = 100;

/// Tells the others about people whose version they do not know.
pub(crate) struct PeopleAnnouncement {
    pub(crate) store: Arc<dyn PeopleStore>,
    pub(crate) bus: Bus,
}

#[async_trait]
impl Announcement for PeopleAnnouncement {
    async fn tell_waiting(&self) -> anyhow::Result<()> {
        loop {
            let waiting = self.store.unannounced(AT_ONCE).await?;
            if waiting.is_empty() {
                return Ok(());
            }
            for person in waiting {
                self.tell(&person).await?;
                self.store.mark_announced(&person.id, person.version).await?;
            }
        }
    }
}

impl PeopleAnnouncement {
    async fn tell(&self, person: &Person) -> anyhow::Result<()> {
        let event = PersonChanged {
            id: person.id.clone(),
            name: person.name.clone(),
            active: person.active,
            role: person.role,
            version: person.version,
        };
        let event_id = format!("{}.{}", person.id, person.version);
        self.bus.publish(PERSON_CHANGED, &event_id, &event, None).await?;
        Ok(())
    }
}
