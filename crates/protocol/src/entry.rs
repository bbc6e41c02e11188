//! One entry of a conversation's log: its immutable position and what happened.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use crate::{ClientId, ConversationId, UnixMs, UserId};

/// One thing that happened in a conversation. Never changes once it is stored (P2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Entry {
    pub conversation: ConversationId,
    /// Position in the conversation, dense from 1 over all kinds.
    pub seq: u64,
    /// Number of messages up to and including this entry; unread counts are differences of ordinals.
    pub ordinal: u64,
    /// When the server stored it. For display only: the order is `seq`.
    pub at: UnixMs,
    pub author: UserId,
    /// Unique per author, for ever (P3).
    pub client_id: ClientId,
    #[serde(flatten)]
    pub kind: EntryKind,
}

/// What an entry says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EntryKind {
    /// Something a person wrote, in Markdown as typed.
    Message { body: String },
    /// `person` became a member; the author is who added them, or they themselves.
    Joined { person: UserId },
    /// `person` is no longer a member; the author is who removed them, or they themselves.
    Left { person: UserId },
    /// The channel has a new name.
    Renamed { name: String },
    /// Something that this version does not know. Never sent by this version: it is how an entry of a newer one is
    /// read, so that the entry keeps its place in the log (P2) instead of looking like a hole.
    #[serde(other)]
    Unknown,
}

impl EntryKind {
    /// Whether this entry counts in ordinals, and so in unread counts.
    pub fn is_message(&self) -> bool {
        matches!(self, Self::Message { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_of_an_unknown_kind_keeps_its_place() {
        let json = r#"{"conversation":"c_1","seq":7,"ordinal":3,"at":1000,"author":"u_1","client_id":"m_1",
            "kind":"poll","question":"Lunch?","options":["yes",{"later":true}]}"#;

        let entry: Entry = serde_json::from_str(json).unwrap();

        assert_eq!(entry.kind, EntryKind::Unknown);
        assert_eq!((entry.seq, entry.ordinal), (7, 3));
        assert!(!entry.kind.is_message());
    }

    #[test]
    fn a_known_kind_without_its_fields_is_no_unknown_kind() {
        let json = r#"{"conversation":"c_1","seq":7,"ordinal":3,"at":1000,"author":"u_1","client_id":"m_1",
            "kind":"message"}"#;

        assert!(serde_json::from_str::<Entry>(json).is_err());
    }
}
