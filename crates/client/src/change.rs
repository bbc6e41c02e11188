//! What is different now. A window keeps its caches fresh by these and never polls.

use protocol::{ConversationId, Entry};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::view::{Connection, ConversationRow, PendingMessage, PersonView, Session};

/// One change, in the order in which it happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// Somebody signed in or out.
    Session { session: Session },
    /// The socket came or went.
    Connection { connection: Connection },
    /// These rows are new or different.
    Conversations { rows: Vec<ConversationRow> },
    /// This conversation is gone from this device.
    ConversationRemoved { conversation: ConversationId },
    /// New entries at the end of a conversation, in order, directly after what was known before. A conversation opened
    /// at this very moment may show some of them already: entries up to the last one drawn are to be passed over.
    Appended {
        conversation: ConversationId,
        entries: Vec<Entry>,
    },
    /// What was known of this conversation does not join up with the present: open it again.
    Reloaded { conversation: ConversationId },
    /// All messages of this conversation that are not stored on the server yet, in the order they were written.
    Pending {
        conversation: ConversationId,
        pending: Vec<PendingMessage>,
    },
    /// These people are new or different.
    People { people: Vec<PersonView> },
}
