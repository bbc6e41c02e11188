//! Sessions that ended at user-service: refused here at every node within two seconds (P7).
//!
//! Several ways lead here, and any one of them is enough: user-service's event, which one node takes from the broker and
//! keeps in the documents; that node's note to the others; the documents, which every node reads once a second; and
//! what user-service says on a channel that every node listens to. In
//! one process with user-service both share what is denied, and there is nothing left to learn.

use std::sync::Arc;
use std::time::Duration;

use event_bus::Bus;
use protocol::event::{SESSION_ENDED, SessionEnded};
use protocol::{SessionId, UnixMs};
use service_kit::SharedClock;
use service_kit::auth::DeniedSessions;

use crate::chat::Chat;
use crate::nodes::note::Note;
use crate::people::settle;
use crate::refusal::Refusal;

/// How often the documents are read.
const READ_EVERY: Duration = Duration::from_secs(1);
/// How far a reading goes back behind the newest known end: clocks of nodes differ, and a write may take its time.
const OVERLAP_MS: UnixMs = 60_000;
/// No access token lives longer than an hour after its session ended; more, for clocks that differ.
const REMEMBERED_MS: UnixMs = 2 * 60 * 60 * 1000;
/// How often old ones are forgotten.
const FORGET_EVERY: Duration = Duration::from_mins(10);

/// Refuses sessions.
#[derive(Clone)]
pub struct EndedSessions {
    denied: DeniedSessions,
    clock: SharedClock,
}

impl EndedSessions {
    /// Refuses by adding to these.
    pub fn new(denied: DeniedSessions, clock: SharedClock) -> Self {
        Self { denied, clock }
    }

    /// From now on nobody gets in with this session, and its sockets close.
    pub fn deny(&self, session: SessionId) {
        self.denied.deny(session, self.clock.now() + REMEMBERED_MS);
    }

    #[cfg(test)]
    pub(crate) fn is_denied(&self, session: &SessionId) -> bool {
        self.denied.is_denied(session)
    }
}

/// Takes over what user-service says, until the process stops.
pub async fn follow(chat: Arc<Chat>, bus: Bus) -> anyhow::Result<()> {
    let mut consumer = bus.consume(SESSION_ENDED).await;
    let mut stopping = std::pin::pin!(chat.lifecycle.stopping());
    loop {
        tokio::select! {
            () = &mut stopping => return Ok(()),
            delivery = consumer.next() => settle(&chat, delivery, take_over).await,
        }
    }
}

/// Denied first, so that no failing database keeps a socket open.
async fn take_over(chat: &Chat, event: SessionEnded) -> Result<(), Refusal> {
    chat.ended.deny(event.session.clone());
    chat.sockets.neighbours.tell(|| Note::Ended {
        sessions: vec![event.session.clone()],
    });
    let now = chat.clock.now();
    chat.store.add_ended_session(&event.session, now).await?;
    Ok(())
}

/// Reads what other nodes were told, until the process stops.
pub async fn read_regularly(chat: Arc<Chat>) -> anyhow::Result<()> {
    let mut stopping = std::pin::pin!(chat.lifecycle.stopping());
    let mut since = chat.clock.now() - REMEMBERED_MS;
    let mut forget = tokio::time::interval(FORGET_EVERY);
    loop {
        match chat.store.sessions_ended_since(since).await {
            Ok(ended) => {
                let newest = ended.iter().map(|(_, noted_at)| *noted_at).max();
                since = newest.map_or(since, |newest| since.max(newest - OVERLAP_MS));
                for (session, _) in ended {
                    chat.ended.deny(session);
                }
            }
            Err(fault) => tracing::debug!(%fault, "cannot read which sessions ended"),
        }
        tokio::select! {
            () = &mut stopping => return Ok(()),
            () = tokio::time::sleep(READ_EVERY) => {}
            _ = forget.tick() => {
                let now = chat.clock.now();
                chat.ended.denied.forget_before(now);
                if let Err(fault) = chat.store.forget_sessions_ended_before(now - REMEMBERED_MS).await {
                    tracing::debug!(%fault, "cannot forget old ended sessions");
                }
            }
        }
    }
}
