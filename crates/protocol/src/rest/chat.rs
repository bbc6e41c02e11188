//! Bodies of chat-service: conversations, history, sends, read marks.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{ClientId, Conversation, Entry, UserId, Visibility};

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

/// `PATCH /v1/conversations/{id}`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ConversationChange {
    pub name: String,
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
}

/// `POST /v1/conversations/{id}/messages`, with the header `Idempotency-Key` as the client id.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct NewMessage {
    pub body: String,
    /// The client id of the message this one follows; refused `out_of_order` until that is stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<ClientId>,
}
