//! What the rules share: the ports they work through and the limits they keep.

use std::sync::Arc;

use protocol::{ConversationId, Limits};
use service_kit::{Lifecycle, SharedClock, SharedRandom};
use tokio::sync::Notify;

use crate::ended::EndedSessions;
use crate::fanout::feed::Feeds;
use crate::fanout::sockets::Sockets;
use crate::log::{Desk, Desks};
use crate::measures::Measures;
use crate::nodes::allowance::Allowance;
use crate::people::Known;
use crate::presence::Presences;
use crate::refusal::Refusal;
use crate::store::ChatStore;
use crate::typing::Typing;

/// The rules' side of the service, shared by every request and socket.
pub struct Chat {
    pub store: Arc<dyn ChatStore>,
    pub desks: Desks,
    pub feeds: Arc<Feeds>,
    pub sockets: Arc<Sockets>,
    pub known: Known,
    pub presences: Arc<Presences>,
    pub typing: Typing,
    pub clock: SharedClock,
    pub random: SharedRandom,
    pub lifecycle: Lifecycle,
    pub limits: Limits,
    /// What each person may do in a time.
    pub allowance: Allowance,
    pub ended: EndedSessions,
    pub measures: Arc<Measures>,
    /// Told when news of other nodes may have been missed.
    pub gap: Notify,
}

impl Chat {
    /// The conversation, opened, if it exists.
    pub async fn open(&self, id: &ConversationId) -> Result<Arc<Desk>, Refusal> {
        self.desks.open(id).await
    }
}
