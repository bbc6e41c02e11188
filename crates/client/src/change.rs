//! What is different now. A window keeps its caches fresh by these and never polls.

use protocol::rest::identity::WorkspaceSettings;
use protocol::{ConversationId, UserId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::probe::ConnectionTest;
use crate::view::{
    Connection, ConversationRow, Failure, MessageAct, MessageView, PendingMessage, PersonView, PresenceView,
    ReceiptView, Session, TimelineItem,
};

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
        items: Vec<TimelineItem>,
        /// The seq of the last entry, which may be no item.
        last: u64,
    },
    /// These messages, which may be drawn or not, are different now: edited, deleted, reacted to, pinned, or what this
    /// person did to them arrived or was refused.
    Messages {
        conversation: ConversationId,
        messages: Vec<MessageView>,
    },
    /// The server refused something this person did to a message; it looks as before again.
    ActRefused {
        conversation: ConversationId,
        seq: u64,
        act: MessageAct,
        failure: Failure,
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
    /// Who types in this conversation just now; nobody when empty.
    Typing {
        conversation: ConversationId,
        people: Vec<UserId>,
    },
    /// Whether these people are there. Without a connection nobody's presence is known: once `Connection` says offline,
    /// whoever draws forgets them all, and is told anew when there is a connection again.
    Presence { people: Vec<PresenceView> },
    /// How far everyone else has read in this conversation.
    Receipts {
        conversation: ConversationId,
        receipts: Vec<ReceiptView>,
    },
    /// A test of the connection came one step further.
    ConnectionTest { test: ConnectionTest },
    /// The workspace is set up differently.
    Workspace { settings: WorkspaceSettings },
}
