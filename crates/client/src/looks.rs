//! What was looked at a moment ago: it stays on this device however old it is.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use protocol::ConversationId;
use tokio::time::Instant;

/// How long what was looked at stays. A window that shows it longer has it in its own memory.
const WHILE: Duration = Duration::from_hours(1);

/// From which seq on conversations were looked at, and when last.
#[derive(Default)]
pub(crate) struct Looks {
    looks: Mutex<HashMap<ConversationId, (u64, Instant)>>,
}

impl Looks {
    /// A page that begins with this entry is shown.
    pub(crate) fn note(&self, conversation: &ConversationId, first: u64) {
        let now = Instant::now();
        let mut looks = crate::lock(&self.looks);
        looks.retain(|_, (_, at)| now.duration_since(*at) < WHILE);
        let (seq, at) = looks.entry(conversation.clone()).or_insert((first, now));
        *seq = (*seq).min(first);
        *at = now;
    }

    /// The first entry of each conversation that is to stay.
    pub(crate) fn first_seqs(&self) -> HashMap<ConversationId, u64> {
        let now = Instant::now();
        let looks = crate::lock(&self.looks);
        let recent = looks.iter().filter(|(_, (_, at))| now.duration_since(*at) < WHILE);
        recent
            .map(|(conversation, (seq, _))| (conversation.clone(), *seq))
            .collect()
    }
}
