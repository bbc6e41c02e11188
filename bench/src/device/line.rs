//! What a device and its driver say to each other, one JSON object per line.

use client::view::Failure;
use protocol::{ConversationId, Entry, UserId};
use serde::{Deserialize, Serialize};

/// A command with the number its answer repeats.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Question {
    pub(super) id: u64,
    pub(super) ask: Ask,
}

/// What a device can be asked to do.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Ask {
    RequestCode { email: String },
    SignIn { code: String },
    Write { conversation: ConversationId, body: String },
    State,
    Reconnect,
    Log { conversation: ConversationId },
}

/// A line of a device: an answer, or something it tells unasked.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Said {
    Answer { id: u64, answer: Answer },
    Event(Event),
}

/// The answer to one command.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Answer {
    Done,
    SignedIn {
        user: UserId,
    },
    /// The message lies in the outbox on the device's disk.
    Written {
        client_id: String,
    },
    State(State),
    Log {
        entries: Vec<Entry>,
    },
    Failed(Failure),
}

/// How a device is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct State {
    /// Whether it is connected and caught up.
    pub online: bool,
    pub signed_in: bool,
    /// Messages that wait in the outbox, over all conversations.
    pub unsent: u64,
    /// Messages that were refused, with the reason of the first.
    pub refused: u64,
    pub first_refusal: Option<Failure>,
    /// The newest seq it knows of each conversation.
    pub heads: Vec<(ConversationId, u64)>,
}

/// What a device tells unasked, in the order in which it happened.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Event {
    /// The client was opened; what it shows begins anew.
    Opened { device: String },
    /// Entries at the end of a conversation, directly after what was shown before.
    Appended {
        device: String,
        conversation: ConversationId,
        entries: Vec<Entry>,
    },
    /// What was shown of this conversation is no longer to be relied on.
    Reloaded {
        device: String,
        conversation: ConversationId,
    },
}
