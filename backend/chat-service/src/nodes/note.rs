//! What nodes tell each other. All of it can be lost: the log and the documents are the truth.

use protocol::event::PersonChanged;
use protocol::{ConversationId, Entry, Presence, ReadMark, SessionId, UnixMs, UserId};
use serde::{Deserialize, Serialize};

/// Names a node as long as it runs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NodeId(pub String);

/// A note and who sent it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Letter {
    pub from: NodeId,
    #[serde(flatten)]
    pub note: Note,
}

/// One thing that others may want to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "note", rename_all = "snake_case")]
pub enum Note {
    /// These entries stand in the log, one behind the other.
    Entries { epoch: String, entries: Vec<Entry> },
    /// The log reaches this far; who is not told of the entries elsewhere reads them.
    Grown {
        conversation: ConversationId,
        epoch: String,
        head: u64,
    },
    /// The documents have everything that entries up to `folded` fold into.
    Saved { conversation: ConversationId, folded: u64 },
    /// A person was added to a conversation by the entry at `seq`, and the documents say so.
    Added {
        person: UserId,
        conversation: ConversationId,
        seq: u64,
    },
    /// How far a person has read.
    Read {
        person: UserId,
        conversation: ConversationId,
        mark: ReadMark,
    },
    /// Something that only concerns a person changed in a conversation.
    Changed {
        person: UserId,
        conversation: ConversationId,
    },
    /// A person looks otherwise now.
    Person(PersonChanged),
    /// Somebody types.
    Typing {
        person: UserId,
        conversation: ConversationId,
    },
    /// How people are there at this node, as far as that is news.
    Presence { people: Vec<PresenceHere> },
    /// Everybody who is there at this node, of those whose ids stand behind `after` and not behind `until`.
    Everybody {
        after: Option<UserId>,
        until: Option<UserId>,
        people: Vec<PresenceHere>,
    },
    /// Sessions that were ended.
    Ended { sessions: Vec<SessionId> },
    /// What people have used up of what they may do.
    Used { used: Vec<Used> },
    /// The node lives; on every channel, so that a broken one is noticed.
    Beat,
    /// Some of what the node wanted to tell was lost: whoever hears this looks for what it may have missed.
    Missed,
    /// The node listens since a moment and may have missed everything: tell it how people are there.
    Arrived,
    /// The node stops: nothing more comes from it.
    Leaves,
}

/// How a person is there at one node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PresenceHere {
    pub person: UserId,
    pub presence: Presence,
    pub last_seen: Option<UnixMs>,
}

/// What a person has used up since the last time it was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Used {
    pub person: UserId,
    /// As many of each kind as [`super::allowance::Kind`] numbers them.
    pub turns: [u32; 3],
}

/// Whom a note goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Address<'a> {
    /// Those who have members of this conversation.
    Conversation(&'a ConversationId),
    /// Those who have sockets of this person.
    Person(&'a UserId),
    All,
}

impl Note {
    /// Whom it concerns.
    pub fn address(&self) -> Address<'_> {
        match self {
            Self::Entries { entries, .. } => entries
                .first()
                .map_or(Address::All, |entry| Address::Conversation(&entry.conversation)),
            Self::Saved { conversation, .. } | Self::Grown { conversation, .. } | Self::Typing { conversation, .. } => {
                Address::Conversation(conversation)
            }
            Self::Added { person, .. } | Self::Read { person, .. } | Self::Changed { person, .. } => {
                Address::Person(person)
            }
            Self::Person(_)
            | Self::Presence { .. }
            | Self::Everybody { .. }
            | Self::Ended { .. }
            | Self::Used { .. }
            | Self::Beat
            | Self::Missed
            | Self::Arrived
            | Self::Leaves => Address::All,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{conversation, message, user};

    #[test]
    fn a_letter_reads_as_it_was_written() {
        let entries = vec![message(&conversation(1), 7, &user(2))];
        let letter = Letter {
            from: NodeId("one".to_owned()),
            note: Note::Entries {
                epoch: "e".to_owned(),
                entries,
            },
        };
        let read: Letter = serde_json::from_slice(&serde_json::to_vec(&letter).unwrap()).unwrap();
        assert_eq!((read.from, read.note), (letter.from, letter.note));
    }
}
