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
    /// Something a person wrote, in Markdown as typed. Blank once it was deleted.
    Message {
        body: String,
        /// The seq of the message this one answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        reply_to: Option<u64>,
        /// Whom `<!here>` in the body means, set by the server: the members who were there when it was stored.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[ts(as = "Option<Vec<UserId>>", optional)]
        here: Vec<UserId>,
    },
    /// The author of the message at `target` wrote it anew. Blank once that message was deleted.
    Edit {
        target: u64,
        body: String,
        /// As in a message; if the message had `<!here>` before, those whom it meant then.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[ts(as = "Option<Vec<UserId>>", optional)]
        here: Vec<UserId>,
    },
    /// The message at `target` is gone for good; its place stays.
    Delete { target: u64 },
    /// The author put an emoji beside the message at `target`, or took theirs away again.
    React { target: u64, emoji: String, on: bool },
    /// The message at `target` was pinned to the conversation, or is pinned no more.
    Pin { target: u64, on: bool },
    /// `person` became a member; the author is who added them, or they themselves.
    Joined { person: UserId },
    /// `person` is no longer a member; the author is who removed them, or they themselves.
    Left { person: UserId },
    /// The channel has a new name.
    Renamed { name: String },
    /// The channel has a new topic; blank for none.
    Topic { topic: String },
    /// The channel is kept as it is and can only be read, or is open again.
    Archived { on: bool },
    /// Something that this version does not know. Never sent by this version: it is how an entry of a newer one is
    /// read, so that the entry keeps its place in the log (P2) instead of looking like a hole.
    #[serde(other)]
    Unknown,
}

impl EntryKind {
    /// A message as its author sends it.
    pub fn message(body: String, reply_to: Option<u64>) -> Self {
        let here = Vec::new();
        Self::Message { body, reply_to, here }
    }

    /// An edit as its author sends it.
    pub fn edit(target: u64, body: String) -> Self {
        let here = Vec::new();
        Self::Edit { target, body, here }
    }

    /// Whether this entry counts in ordinals, and so in unread counts.
    pub fn is_message(&self) -> bool {
        matches!(self, Self::Message { .. })
    }

    /// The seq of the message that this entry changes; none for entries that stand for themselves.
    pub fn target(&self) -> Option<u64> {
        match self {
            Self::Edit { target, .. }
            | Self::Delete { target }
            | Self::React { target, .. }
            | Self::Pin { target, .. } => Some(*target),
            _ => None,
        }
    }

    /// The same without what the server has added, as its author sent it.
    #[must_use]
    pub fn as_sent(&self) -> Self {
        match self {
            Self::Message { body, reply_to, .. } => Self::message(body.clone(), *reply_to),
            Self::Edit { target, body, .. } => Self::edit(*target, body.clone()),
            kind => kind.clone(),
        }
    }

    /// The same without what its author wrote, as a deletion leaves it in the log.
    #[must_use]
    pub fn blanked(&self) -> Self {
        match self {
            Self::Message { reply_to, .. } => Self::message(String::new(), *reply_to),
            Self::Edit { target, .. } => Self::edit(*target, String::new()),
            kind => kind.clone(),
        }
    }
}

impl Entry {
    /// Whether both are the same entry of the same log; one of them may have been blanked since.
    pub fn is_same(&self, other: &Self) -> bool {
        let rest = |entry: &Self| (entry.seq, entry.ordinal, entry.at);
        rest(self) == rest(other)
            && self.conversation == other.conversation
            && self.author == other.author
            && self.client_id == other.client_id
            && (self.kind == other.kind || self.kind == other.kind.blanked() || self.kind.blanked() == other.kind)
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
