//! What travels over the socket: one JSON object per text frame, told apart by `type`.
//!
//! Unknown fields are ignored, so either side may learn new ones. An unknown `type` is refused.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::timeline::MessageState;
use crate::{
    Activity, ClientId, Conversation, ConversationId, Entry, ErrorCode, Limits, PersonPresence, ReadMark, Receipt,
    SessionId, UnixMs, UserId,
};

/// How far a client's copy of one conversation reaches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Cursor {
    pub conversation: ConversationId,
    pub epoch: String,
    /// The seq up to which the client has everything it asks no more for.
    pub seq: u64,
    /// The client id of the entry at `seq`; the server answers `truncated` when its own differs.
    pub client_id: ClientId,
}

/// What a client sends. `id` is chosen by the client and comes back in the one answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ClientFrame {
    /// First frame: where this client stopped. With `more` another `hello` follows with more cursors.
    Hello {
        id: u64,
        #[serde(default)]
        cursors: Vec<Cursor>,
        #[serde(default)]
        more: bool,
    },
    /// Writes a message. Answered by `ack` once it is durable, or by `refused`.
    Send {
        id: u64,
        conversation: ConversationId,
        client_id: ClientId,
        body: String,
        /// The seq of the message this one answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply_to: Option<u64>,
        /// The client id of the message this one follows; refused `out_of_order` until that is stored.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after: Option<ClientId>,
    },
    /// Writes one's own message at `target` anew. Answered like a `send`, as are the next three; when it is so already,
    /// the `ack` has no entry.
    Edit {
        id: u64,
        conversation: ConversationId,
        client_id: ClientId,
        target: u64,
        body: String,
    },
    /// Deletes a message: one's own, in one's own channel anybody's, an administrator's anybody's.
    Delete {
        id: u64,
        conversation: ConversationId,
        client_id: ClientId,
        target: u64,
    },
    /// Puts an emoji beside a message, or takes one's own away.
    React {
        id: u64,
        conversation: ConversationId,
        client_id: ClientId,
        target: u64,
        emoji: String,
        on: bool,
    },
    /// Pins a message to the conversation, or unpins it.
    Pin {
        id: u64,
        conversation: ConversationId,
        client_id: ClientId,
        target: u64,
        on: bool,
    },
    /// Says how far the person has read. A higher generation with a lower ordinal marks as unread.
    Read {
        id: u64,
        conversation: ConversationId,
        generation: u32,
        ordinal: u64,
    },
    /// The person is typing there; told at most every `limits.typing_interval_s`.
    Typing { id: u64, conversation: ConversationId },
    /// Whether the person uses this device just now. A fresh socket counts as active.
    Status { id: u64, activity: Activity },
    /// What is on this device's screen: only of these are `typing`, `receipts` and `presence` told. Replaces what was
    /// watched before. The present state of what is new follows the `ack`.
    Watch {
        id: u64,
        #[serde(default)]
        conversations: Vec<ConversationId>,
        #[serde(default)]
        people: Vec<UserId>,
    },
    /// A fresh access token of the same session.
    Token { id: u64, token: String },
}

impl ClientFrame {
    /// The request id, which the answer repeats.
    pub fn id(&self) -> u64 {
        match self {
            Self::Hello { id, .. }
            | Self::Send { id, .. }
            | Self::Edit { id, .. }
            | Self::Delete { id, .. }
            | Self::React { id, .. }
            | Self::Pin { id, .. }
            | Self::Read { id, .. }
            | Self::Typing { id, .. }
            | Self::Status { id, .. }
            | Self::Watch { id, .. }
            | Self::Token { id, .. } => *id,
        }
    }

    /// Every `type` a client may send.
    pub const TYPES: &[&str] = &[
        "hello", "send", "edit", "delete", "react", "pin", "read", "typing", "status", "watch", "token",
    ];
}

/// What the server sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerFrame {
    /// Answer to the last `hello`. What the client missed follows, conversation by conversation.
    Welcome {
        id: u64,
        user: UserId,
        session: SessionId,
        /// The server's clock, so that a client whose clock is wrong shows right times.
        server_time: UnixMs,
        /// When the token ends that the socket was opened with.
        token_expires_at: UnixMs,
        /// Every conversation the person is a member of.
        conversations: Vec<Conversation>,
        limits: Limits,
    },
    /// The request was carried out. For a `send`, `entry` is what was stored, now or at the first try.
    Ack {
        id: u64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        entry: Option<Entry>,
    },
    /// The request was not carried out.
    Refused {
        id: u64,
        code: ErrorCode,
        detail: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after_ms: Option<u64>,
    },
    /// The next entry of a conversation; seq follows seq without a hole.
    Entry { epoch: String, entry: Entry },
    /// Too far behind, or another epoch: these are the newest entries; what lies before is to be fetched when shown.
    Truncated {
        conversation: ConversationId,
        epoch: String,
        entries: Vec<Entry>,
        /// What became of those messages among them that are not as they were sent.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        messages: Vec<MessageState>,
    },
    /// How far the person has read, told to all their devices.
    Read {
        conversation: ConversationId,
        generation: u32,
        ordinal: u64,
    },
    /// How far others have read in a direct or group conversation on this device's screen.
    Receipts {
        conversation: ConversationId,
        receipts: Vec<Receipt>,
    },
    /// Somebody types in a conversation on this device's screen; forget it after 5 s.
    Typing {
        conversation: ConversationId,
        person: UserId,
    },
    /// Whether watched people are there.
    Presence { people: Vec<PersonPresence> },
    /// The person was added to a conversation, left it, or something of it changed that is not in an entry.
    Conversation { conversation: Conversation },
    /// A person's name changed, or they were deactivated.
    Person {
        id: UserId,
        name: String,
        active: bool,
        version: u64,
    },
    /// Send a fresh token before this time, or the socket closes.
    TokenExpiring { expires_at: UnixMs },
    /// The socket closes; come back after this time, which differs from client to client.
    Goodbye { reason: String, retry_after_ms: u64 },
}

impl ServerFrame {
    /// A mark as the frame that tells it.
    pub fn read(conversation: ConversationId, mark: ReadMark) -> Self {
        Self::Read {
            conversation,
            generation: mark.generation,
            ordinal: mark.ordinal,
        }
    }

    /// Every `type` a server may send.
    pub const TYPES: &[&str] = &[
        "welcome",
        "ack",
        "refused",
        "entry",
        "truncated",
        "read",
        "receipts",
        "typing",
        "presence",
        "conversation",
        "person",
        "token_expiring",
        "goodbye",
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_fields_are_ignored_and_unknown_types_refused() {
        let send = r#"{"type":"send","id":7,"conversation":"c_1","client_id":"m_1","body":"hi","colour":"red"}"#;
        let frame: ClientFrame = serde_json::from_str(send).unwrap();
        assert_eq!(frame.id(), 7);
        assert!(serde_json::from_str::<ClientFrame>(r#"{"type":"shout","id":7}"#).is_err());
    }

    #[test]
    fn an_entry_lies_flat_in_json() {
        let entry = Entry {
            conversation: ConversationId::parse("c_1").unwrap(),
            seq: 3,
            ordinal: 2,
            at: 1_790_000_000_000,
            author: UserId::parse("u_1").unwrap(),
            client_id: ClientId::parse("m_1").unwrap(),
            kind: crate::EntryKind::message("hi".to_owned(), None),
        };
        let json = serde_json::to_value(ServerFrame::Entry {
            epoch: "e".to_owned(),
            entry,
        })
        .unwrap();
        assert_eq!(json["entry"]["kind"], "message");
        assert_eq!(json["entry"]["body"], "hi");
        assert_eq!(json["type"], "entry");
    }
}
