//! Messages of people whose names are still on their way: a note waits a moment rather than say "somebody".

use std::time::Duration;

use client::view::MessageView;
use protocol::{ConversationId, UserId};
use tokio::time::Instant;

/// How long a name is waited for. It usually comes with the next answer of the server.
const WAIT: Duration = Duration::from_secs(3);

/// Messages that wait at most; more of them are told at once, without a name.
const MOST: usize = 64;

/// A message that waits.
struct Held {
    conversation: ConversationId,
    message: MessageView,
    until: Instant,
}

/// The messages that wait, in the order in which they came.
#[derive(Default)]
pub(super) struct Unnamed {
    held: Vec<Held>,
}

impl Unnamed {
    /// Keeps a message whose author is not known, or that follows one which waits in the same conversation; gives it
    /// back when it is to be told now.
    pub(super) fn hold(
        &mut self,
        conversation: &ConversationId,
        message: MessageView,
        is_known: bool,
        now: Instant,
    ) -> Option<MessageView> {
        let follows = self.held.iter().any(|held| held.conversation == *conversation);
        if (is_known && !follows) || self.held.len() >= MOST {
            return Some(message);
        }
        self.held.push(Held {
            conversation: conversation.clone(),
            message,
            until: now + WAIT,
        });
        None
    }

    /// When the first of them has waited long enough.
    pub(super) fn due(&self) -> Option<Instant> {
        self.held.first().map(|held| held.until)
    }

    /// Takes those that wait no longer, in order: of people who are known by now, and those whose time is over.
    pub(super) fn take(
        &mut self,
        now: Instant,
        is_known: impl Fn(&UserId) -> bool,
    ) -> Vec<(ConversationId, MessageView)> {
        let mut stay: Vec<Held> = Vec::new();
        let mut go = Vec::new();
        for held in std::mem::take(&mut self.held) {
            let follows = stay.iter().any(|earlier| earlier.conversation == held.conversation);
            if !follows && (held.until <= now || is_known(&held.message.author)) {
                go.push((held.conversation, held.message));
            } else {
                stay.push(held);
            }
        }
        self.held = stay;
        go
    }

    /// Forgets all of them, when somebody else sits down.
    pub(super) fn clear(&mut self) {
        self.held.clear();
    }
}
