//! What a device and its driver say to each other, one JSON object per line.

use client::view::{Failure, MessageAct, TimelineItem};
use protocol::{ConversationId, UserId};
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
    RequestCode {
        email: String,
    },
    SignIn {
        code: String,
    },
    Write {
        conversation: ConversationId,
        body: String,
        reply_to: Option<u64>,
    },
    Act {
        conversation: ConversationId,
        seq: u64,
        act: MessageAct,
    },
    State,
    Reconnect,
    View {
        conversation: ConversationId,
    },
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
    View {
        items: Vec<TimelineItem>,
    },
    Failed(Failure),
}

/// How a device is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct State {
    /// Whether it is connected and caught up.
    pub online: bool,
    pub signed_in: bool,
    /// Why nobody is signed in, where the person did not ask for it.
    pub signed_out_because: Option<String>,
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
    /// What came at the end of a conversation, directly after what was shown before, up to the entry `last`.
    Appended {
        device: String,
        conversation: ConversationId,
        items: Vec<TimelineItem>,
        last: u64,
    },
    /// The server refused something that was done to a message.
    ActRefused {
        device: String,
        conversation: ConversationId,
        seq: u64,
        failure: Failure,
    },
    /// What was shown of this conversation is no longer to be relied on.
    Reloaded {
        device: String,
        conversation: ConversationId,
    },
}
