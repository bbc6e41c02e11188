//! Bodies of chat-service: conversations, history, sends, read marks.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::timeline::MessageState;
use crate::{
    ClientId, Conversation, ConversationId, Entry, NotificationLevel, PersonPresence, Receipt, UnixMs, UserId,
    Visibility,
};

/// `POST /v1/conversations`. With the header `Idempotency-Key` a repeat answers the same channel.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum NewConversation {
    /// With one other person, or with oneself.
    Direct {
        with: UserId,
    },
    /// With several people; who asks is added.
    Group {
        with: Vec<UserId>,
    },
    Channel {
        name: String,
        visibility: Visibility,
    },
}

/// `GET /v1/conversations`: those the person is a member of.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Conversations {
    pub conversations: Vec<Conversation>,
}

/// `GET /v1/channels`: public channels, and private ones the person is a member of.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ChannelsQuery {
    /// Text the name must contain, without regard to case.
    #[serde(default)]
    pub query: String,
    /// `next` of the page before.
    #[serde(default)]
    pub after: Option<String>,
    /// Channels per page, at most 100.
    #[serde(default)]
    pub limit: Option<u32>,
}

/// A page of channels, ordered by name.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Channels {
    pub channels: Vec<Conversation>,
    /// Where the next page begins; none on the last.
    pub next: Option<String>,
}

/// `PATCH /v1/conversations/{id}`: what is left out stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct ConversationChange {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// Only the owner of a channel and administrators may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived: Option<bool>,
}

/// `GET /v1/conversations/{id}/members`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Members {
    pub members: Vec<UserId>,
}

/// `GET /v1/conversations/{id}/entries`: one of `before`, `after`, `around`; none of them means the newest.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct EntriesQuery {
    /// Entries with a smaller seq, the nearest ones.
    #[serde(default)]
    pub before: Option<u64>,
    /// Entries with a greater seq, the nearest ones.
    #[serde(default)]
    pub after: Option<u64>,
    /// Half a page on either side of this seq.
    #[serde(default)]
    pub around: Option<u64>,
    /// Entries per page, at most `limits.page_entries`.
    #[serde(default)]
    pub limit: Option<u32>,
}

/// A stretch of the log without a hole, in ascending order of seq.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Entries {
    pub epoch: String,
    /// The seq of the newest entry of the conversation.
    pub head: u64,
    pub entries: Vec<Entry>,
    /// What became of those messages among them that are not as they were sent, by everything up to `head`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub messages: Vec<MessageState>,
}

/// `PATCH /v1/conversations/{id}/messages/{seq}`, with the header `Idempotency-Key` as the client id.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MessageEdit {
    pub body: String,
}

/// `GET /v1/conversations/{id}/messages/{seq}/versions`: what was written, oldest first. None of a deleted message.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Versions {
    pub versions: Vec<Version>,
}

/// A message as it was at one time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, ToSchema)]
pub struct Version {
    /// The entry that wrote it: the message itself, or an edit.
    pub seq: u64,
    pub at: UnixMs,
    pub body: String,
}

/// `GET /v1/conversations/{id}/pins`: pinned messages, the newest message first.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Pins {
    pub entries: Vec<Entry>,
    /// What became of those messages.
    pub messages: Vec<MessageState>,
}

/// `PUT /v1/conversations/{id}/level`; null for the usual of each device. The answer is a [`crate::ChosenLevel`].
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LevelChoice {
    pub level: Option<NotificationLevel>,
}

/// `GET /v1/mentions`: messages that mention the person, wherever they are a member, the newest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct MentionsQuery {
    /// `next` of the page before.
    #[serde(default)]
    pub before: Option<String>,
    /// Messages per page, at most `limits.page_entries`.
    #[serde(default)]
    pub limit: Option<u32>,
}

/// A page of them. It may be shorter than was asked for, and empty, without being the last.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Mentions {
    pub entries: Vec<Entry>,
    /// What became of those messages that are not as they were sent, each named with its conversation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub messages: Vec<MentionState>,
    /// Where the next page begins; none on the last.
    pub next: Option<String>,
}

/// A message of any conversation and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MentionState {
    pub conversation: ConversationId,
    #[serde(flatten)]
    pub message: MessageState,
}

/// `GET /v1/conversations/{id}/receipts`: how far everyone has read; empty for channels.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Receipts {
    pub receipts: Vec<Receipt>,
}

/// `GET /v1/presence`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PresenceQuery {
    /// Up to 100 ids, separated by commas.
    pub ids: String,
}

/// The answer: one for every id that is a person's.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PresentPeople {
    pub people: Vec<PersonPresence>,
}

/// `POST /v1/conversations/{id}/messages`, with the header `Idempotency-Key` as the client id.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct NewMessage {
    pub body: String,
    /// The seq of the message this one answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<u64>,
    /// The client id of the message this one follows; refused `out_of_order` until that is stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<ClientId>,
}
