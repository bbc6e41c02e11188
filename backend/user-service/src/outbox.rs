//! Mails that were promised: their events are kept with the documents until the bus has confirmed them.
//!
//! Whoever asks for a code, or invites somebody, is answered once the event is kept, whether the broker is there or
//! not. One task publishes what waits, oldest first, and forgets it then; so a crash at any point only makes it
//! publish again, under the same event id, which is one mail. What has expired is dropped: nobody may mail it any more.
//! While it waits an event is sealed, for codes must not lie about where backups are made.

mod seal;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use async_trait::async_trait;
use event_bus::Bus;
use protocol::UnixMs;
use protocol::event::{SEND_INVITATION, SEND_OTP, SendInvitation, SendOtp};
use serde::{Deserialize, Serialize};
use service_kit::store::StoreError;
use service_kit::{SharedClock, SharedRandom};

use crate::announcing::{Announcement, Announcer};
use crate::measures::Measures;
use crate::store::OutboxStore;

pub(crate) use seal::Seal;

/// Events published between two looks at what waits.
const AT_ONCE: u32 = 100;

/// What is to be published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Order {
    Code(SendOtp),
    /// Kept and published like a code, but nobody gets a mail: neither the time it takes nor how it fails may tell
    /// that somebody was deactivated.
    CodeForNobody(SendOtp),
    Invitation(SendInvitation),
}

impl Order {
    /// The id of the event, and when it is worth nothing any more.
    fn id_and_end(&self) -> (&str, UnixMs) {
        match self {
            Self::Code(mail) | Self::CodeForNobody(mail) => (&mail.id, mail.expires_at),
            Self::Invitation(mail) => (&mail.id, mail.expires_at),
        }
    }
}

/// An event as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeptEvent {
    pub(crate) id: String,
    /// The order, readable only with the key.
    pub(crate) sealed: Vec<u8>,
    pub(crate) kept_at: UnixMs,
    pub(crate) expires_at: UnixMs,
}

/// Where events are kept until they are published.
pub(crate) struct Outbox {
    store: Arc<dyn OutboxStore>,
    seal: Seal,
    announcer: Announcer,
    clock: SharedClock,
    random: SharedRandom,
}

impl Outbox {
    pub(crate) fn new(
        store: Arc<dyn OutboxStore>,
        seal: Seal,
        announcer: Announcer,
        clock: SharedClock,
        random: SharedRandom,
    ) -> Self {
        Self {
            store,
            seal,
            announcer,
            clock,
            random,
        }
    }

    /// Keeps an event and has it published: once this answers `Ok` it is not lost any more.
    pub(crate) async fn send(&self, order: &Order) -> Result<(), StoreError> {
        self.store.keep(&self.sealed(order)?).await?;
        self.wake();
        Ok(())
    }

    /// The event, ready to be stored together with what it tells of; then [`Self::wake`].
    pub(crate) fn sealed(&self, order: &Order) -> Result<KeptEvent, StoreError> {
        let (id, expires_at) = order.id_and_end();
        Ok(KeptEvent {
            id: id.to_owned(),
            sealed: self.seal.close(id, order, &*self.random)?,
            kept_at: self.clock.now(),
            expires_at,
        })
    }

    /// Something was kept.
    pub(crate) fn wake(&self) {
        self.announcer.wake();
    }
}

/// Publishes what is kept.
pub(crate) struct OutboxAnnouncement {
    pub(crate) store: Arc<dyn OutboxStore>,
    pub(crate) seal: Seal,
    pub(crate) bus: Bus,
    pub(crate) clock: SharedClock,
    pub(crate) measures: Measures,
}

#[async_trait]
impl Announcement for OutboxAnnouncement {
    async fn tell_waiting(&self) -> anyhow::Result<()> {
        loop {
            let waiting = self.store.waiting(AT_ONCE).await?;
            if waiting.is_empty() {
                return Ok(());
            }
            for event in waiting {
                self.publish(&event).await?;
                self.store.forget(&event.id).await?;
            }
        }
    }
}

impl OutboxAnnouncement {
    /// Publishes an event, unless it is one that nobody can use.
    async fn publish(&self, event: &KeptEvent) -> anyhow::Result<()> {
        if event.expires_at <= self.clock.now() {
            tracing::warn!(event = event.id, "a mail expired before its event could be published");
            self.measures.mails_expired.inc();
            return Ok(());
        }
        let Some(order) = self.seal.open(&event.id, &event.sealed) else {
            tracing::error!(
                event = event.id,
                "a kept mail was sealed with another CODE_PEPPER; it is dropped"
            );
            return Ok(());
        };
        let expires_at = Some(event.expires_at);
        match order {
            Order::Code(mail) => {
                self.bus.publish(SEND_OTP, &event.id, &mail, expires_at).await?;
                self.measures.count_mail("code");
            }
            Order::CodeForNobody(_) => self.bus.publish_for_nobody(SEND_OTP, &event.id).await?,
            Order::Invitation(mail) => {
                self.bus.publish(SEND_INVITATION, &event.id, &mail, expires_at).await?;
                self.measures.count_mail("invitation");
            }
        }
        Ok(())
    }
}
