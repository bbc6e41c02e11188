//! What waits for one socket, and the bell that wakes it.
//!
//! Everything here is bounded by what the socket watches, not by how much happens: a conversation is marked once
//! however many entries it got, a read mark replaces the one before.

use std::collections::BTreeMap;
use std::sync::Mutex;

use protocol::{ConversationId, ReadMark, SessionId, UserId};
use tokio::sync::Notify;

use super::lock;

/// Which of a socket's conversations, by its own numbering.
pub type SlotNumber = u32;

/// Why the server closes a socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Close {
    /// The server stops; come back after this time.
    GoingAway {
        retry_after_ms: u64,
    },
    SlowReader,
    SessionEnded,
    ProtocolError(String),
    TokenExpired,
    TooManySockets,
    TimedOut,
}

/// The shared side of a socket.
#[derive(Debug)]
pub struct Signal {
    pub user: UserId,
    pub session: SessionId,
    waiting: Mutex<Waiting>,
    bell: Notify,
}

/// What a socket has to look at.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Conversations with entries the socket may not have.
    pub slots: Vec<SlotNumber>,
    /// Conversations the person was added to, with the seq that did it.
    pub added: BTreeMap<ConversationId, u64>,
    /// Read marks that another device raised.
    pub read: BTreeMap<ConversationId, ReadMark>,
    /// Whether there is news about people.
    pub people: bool,
    pub close: Option<Close>,
}

impl Signal {
    /// A socket of this person and session, with nothing waiting.
    pub fn new(user: UserId, session: SessionId) -> Self {
        Self {
            user,
            session,
            waiting: Mutex::default(),
            bell: Notify::new(),
        }
    }

    /// A conversation has entries to read.
    pub fn mark(&self, slot: SlotNumber) {
        {
            let waiting = &mut lock(&self.waiting).slots;
            if waiting.contains(&slot) {
                return;
            }
            waiting.push(slot);
        }
        self.bell.notify_one();
    }

    /// The person was added to a conversation.
    pub fn added(&self, conversation: &ConversationId, seq: u64) {
        lock(&self.waiting).added.insert(conversation.clone(), seq);
        self.bell.notify_one();
    }

    /// The person has read further.
    pub fn read(&self, conversation: &ConversationId, mark: ReadMark) {
        let mut waiting = lock(&self.waiting);
        let held = waiting.read.entry(conversation.clone()).or_insert(mark);
        *held = held.later(mark);
        drop(waiting);
        self.bell.notify_one();
    }

    /// There is news about people.
    pub fn people_changed(&self) {
        lock(&self.waiting).people = true;
        self.bell.notify_one();
    }

    /// Asks the socket to close. The first reason counts.
    pub fn close(&self, reason: Close) {
        lock(&self.waiting).close.get_or_insert(reason);
        self.bell.notify_one();
    }

    /// Resolves when something waits.
    pub async fn rung(&self) {
        self.bell.notified().await;
    }

    /// Takes only the wish to close.
    pub fn take_close(&self) -> Option<Close> {
        lock(&self.waiting).close.take()
    }

    /// Takes everything that waits.
    pub fn take(&self) -> Waiting {
        std::mem::take(&mut *lock(&self.waiting))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_thousand_entries_are_one_mark() {
        let signal = Signal::new(UserId::from_random(1), SessionId::from_random(1));
        for _ in 0..1000 {
            signal.mark(7);
        }
        signal.rung().await;
        assert_eq!(signal.take().slots, [7]);
        assert_eq!(signal.take(), Waiting::default());
    }

    #[test]
    fn of_two_read_marks_the_later_waits() {
        let signal = Signal::new(UserId::from_random(1), SessionId::from_random(1));
        let conversation = ConversationId::from_random(1);
        let (early, late) = (
            ReadMark {
                generation: 1,
                ordinal: 9,
            },
            ReadMark {
                generation: 2,
                ordinal: 3,
            },
        );
        signal.read(&conversation, late);
        signal.read(&conversation, early);
        assert_eq!(signal.take().read[&conversation], late);
    }
}
