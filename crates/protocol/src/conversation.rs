//! A conversation as one person sees it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use crate::{ConversationId, UnixMs, UserId};

/// What sort of conversation it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConversationKind {
    /// One person with another, or with themselves. Its members never change.
    Direct,
    /// Three or more people. Its members never change.
    Group,
    /// A named place people join and leave.
    Channel,
}

/// Who may find and read a channel. Direct and group conversations are always private.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Anyone in the workspace may read and join.
    Public,
    /// Only members know that it exists.
    Private,
}

/// Where the person who asks stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Membership {
    Member,
    /// Was a member once; reads nothing of a private conversation any more.
    Former,
    /// Never a member; may read a public channel.
    None,
}

/// How far a person has read.
///
/// Reading raises the ordinal; "mark unread" starts a new generation, so an old device that comes back
/// late with an old generation changes nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS, ToSchema)]
pub struct ReadMark {
    pub generation: u32,
    /// The ordinal of the last message that was read; 0 for none.
    pub ordinal: u64,
}

impl ReadMark {
    /// The later of two marks: a higher generation wins, within one the higher ordinal.
    #[must_use]
    pub fn later(self, other: Self) -> Self {
        self.max(other)
    }
}

/// Of which messages of a conversation a person is told by their devices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NotificationLevel {
    /// Of every message.
    All,
    /// Of those that mention the person, and of direct and group conversations.
    Mentions,
    /// Of none.
    Nothing,
}

/// The level that a person has chosen for a conversation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ChosenLevel {
    /// None for the usual of each device.
    pub level: Option<NotificationLevel>,
    /// How often it was chosen: of two, the higher counts.
    pub version: u64,
}

/// A message that mentions the person who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS, ToSchema)]
pub struct Mention {
    pub seq: u64,
    pub ordinal: u64,
}

/// A conversation with what the person who asks needs to list it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Conversation {
    pub id: ConversationId,
    pub kind: ConversationKind,
    pub visibility: Visibility,
    /// A channel's name; none for direct and group conversations, which are named by their members.
    pub name: Option<String>,
    /// What a channel is about; blank for none.
    #[serde(default)]
    pub topic: String,
    /// Whether the channel can only be read.
    #[serde(default)]
    pub archived: bool,
    /// Everyone in a direct or group conversation; empty for a channel, whose members have a list of their own.
    pub members: Vec<UserId>,
    /// How many members it has now.
    pub member_count: u32,
    pub membership: Membership,
    /// Random; changes after a restore from backup, which makes every client reload.
    pub epoch: String,
    /// The seq of the newest entry; 0 when there is none.
    pub head: u64,
    /// The ordinal of the newest entry.
    pub ordinal: u64,
    /// When the newest entry was stored, or the conversation was made.
    pub last_at: UnixMs,
    /// How far the person who asks has read.
    pub read: ReadMark,
    /// Who made it, and so owns it.
    pub created_by: UserId,
    /// The seq of the entry that made the person who asks a member; 0 when they were one from the start.
    #[serde(default)]
    pub member_since: u64,
    /// The newest messages of a channel behind the read mark that mention the person, at most [`MOST_MENTIONS`]. Of direct
    /// and group conversations none are told, because everything there is for everybody.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<Mention>,
    /// Of which messages the person wants to be told.
    #[serde(default)]
    pub level: ChosenLevel,
}

/// Mentions that are told of one conversation.
pub const MOST_MENTIONS: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_late_device_with_an_old_generation_changes_nothing() {
        let marked_unread = ReadMark {
            generation: 2,
            ordinal: 4,
        };
        let late = ReadMark {
            generation: 1,
            ordinal: 900,
        };
        assert_eq!(marked_unread.later(late), marked_unread);
    }
}
