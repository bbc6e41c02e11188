//! What waits for one socket, and the bell that wakes it.
//!
//! Everything here is bounded by what the socket watches, not by how much happens: a conversation is marked once
//! however many entries it got, a read mark replaces the one before.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use protocol::{ConversationId, PersonPresence, ReadMark, SessionId, UnixMs, UserId};
use tokio::net::TcpStream;
use tokio::sync::Notify;

use super::lane::{Lane, Place, Run};
use super::lock;

/// Signs of typing that wait for one socket; who does not take them in time needs them no more.
const MOST_TYPING: usize = 50;

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
    waiting: Mutex<Shared>,
    bell: Notify,
}

#[derive(Debug, Default)]
struct Shared {
    waiting: Waiting,
    /// One bit per slot: whether it is among those that wait.
    marked: Vec<u64>,
    lane: Lane,
}

/// What a socket has to look at.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Conversations with entries the socket may not have.
    pub slots: Vec<SlotNumber>,
    /// Conversations the person was added to, with the seq that did it.
    pub added: BTreeMap<ConversationId, u64>,
    /// Conversations in which something changed that only concerns the person.
    pub changed: BTreeSet<ConversationId>,
    /// Read marks that another device raised.
    pub read: BTreeMap<ConversationId, ReadMark>,
    /// Whether there is news about people.
    pub people: bool,
    /// Boxed, because most sockets have none most of the time.
    pub signs: Option<Box<Signs>>,
    pub close: Option<Close>,
}

/// Live signs that wait. All of them are hints, and each replaces the one before.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Signs {
    /// Conversations that the socket looks at no more, because its person left them.
    pub ended: Vec<ConversationId>,
    /// Who types where.
    pub typing: Vec<(ConversationId, UserId)>,
    /// How far others have read.
    pub receipts: BTreeMap<ConversationId, BTreeMap<UserId, u64>>,
    /// People whose presence changed, and when they were last seen; how they are seen is asked when it is told.
    pub people: BTreeMap<UserId, Option<UnixMs>>,
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

    /// This is the socket's connection: entries may be written to it while its task sleeps.
    pub fn lead_to(&self, line: Arc<TcpStream>) {
        lock(&self.waiting).lane.lead_to(line);
    }

    /// The socket's task sleeps, and has nothing to write.
    pub fn open_lane(&self) {
        lock(&self.waiting).lane.open();
    }

    /// The task writes by itself from now on, beginning with what is answered: the end of a frame.
    pub fn close_lane(&self) -> Option<Bytes> {
        lock(&self.waiting).lane.close()
    }

    /// The socket is gone, and its connection with it.
    pub fn end_lane(&self) {
        lock(&self.waiting).lane.end();
    }

    /// Brings new entries of a conversation: at once where that is possible, which it answers, or by the task.
    pub fn bring(&self, run: &Run, slot: SlotNumber, place: &Place) -> bool {
        {
            let mut shared = lock(&self.waiting);
            // What waits already may have to be told before: that somebody has read, for one.
            let is_free = shared.lane.is_open() && shared.waiting == Waiting::default();
            // A lane that closed has the end of a frame for the task, which must be woken for it.
            if is_free && run.write(&mut shared.lane, place) && shared.lane.is_open() {
                return true;
            }
        }
        self.mark(slot);
        false
    }

    /// A conversation has entries to read.
    pub fn mark(&self, slot: SlotNumber) {
        {
            let mut shared = lock(&self.waiting);
            let (word, bit) = (slot as usize / 64, 1 << (slot % 64));
            if shared.marked.len() <= word {
                shared.marked.resize(word + 1, 0);
            }
            if shared.marked[word] & bit != 0 {
                return;
            }
            shared.marked[word] |= bit;
            shared.waiting.slots.push(slot);
        }
        self.bell.notify_one();
    }

    /// The person was added to a conversation.
    pub fn added(&self, conversation: &ConversationId, seq: u64) {
        lock(&self.waiting).waiting.added.insert(conversation.clone(), seq);
        self.bell.notify_one();
    }

    /// Something that only concerns the person changed in a conversation.
    pub fn changed(&self, conversation: &ConversationId) {
        lock(&self.waiting).waiting.changed.insert(conversation.clone());
        self.bell.notify_one();
    }

    /// The person has read further.
    pub fn read(&self, conversation: &ConversationId, mark: ReadMark) {
        let mut shared = lock(&self.waiting);
        let held = shared.waiting.read.entry(conversation.clone()).or_insert(mark);
        *held = held.later(mark);
        drop(shared);
        self.bell.notify_one();
    }

    /// There is news about people.
    pub fn people_changed(&self) {
        lock(&self.waiting).waiting.people = true;
        self.bell.notify_one();
    }

    /// Asks the socket to close. The first reason counts.
    pub fn close(&self, reason: Close) {
        lock(&self.waiting).waiting.close.get_or_insert(reason);
        self.bell.notify_one();
    }

    /// Somebody types in a conversation that the socket looks at.
    pub fn typing(&self, conversation: &ConversationId, typist: &UserId) {
        self.sign(|signs| {
            let sign = (conversation.clone(), typist.clone());
            if signs.typing.len() < MOST_TYPING && !signs.typing.contains(&sign) {
                signs.typing.push(sign);
            }
        });
    }

    /// Somebody has read up to this ordinal in a conversation that the socket looks at.
    pub fn receipt(&self, conversation: &ConversationId, reader: &UserId, ordinal: u64) {
        self.sign(|signs| {
            let receipts = signs.receipts.entry(conversation.clone()).or_default();
            let held = receipts.entry(reader.clone()).or_default();
            *held = ordinal.max(*held);
        });
    }

    /// Whether somebody is there has changed.
    pub fn presence(&self, news: &PersonPresence) {
        self.sign(|signs| {
            signs.people.insert(news.person.clone(), news.last_seen);
        });
    }

    /// The socket's person left a conversation that it looked at: nothing of that waits any more.
    pub fn watch_ended(&self, conversation: &ConversationId) {
        self.sign(|signs| {
            signs.typing.retain(|(other, _)| other != conversation);
            signs.receipts.remove(conversation);
            signs.ended.push(conversation.clone());
        });
    }

    fn sign(&self, put: impl FnOnce(&mut Signs)) {
        put(lock(&self.waiting).waiting.signs.get_or_insert_default());
        self.bell.notify_one();
    }

    /// Resolves when something waits.
    pub async fn rung(&self) {
        self.bell.notified().await;
    }

    /// Takes only the wish to close.
    pub fn take_close(&self) -> Option<Close> {
        lock(&self.waiting).waiting.close.take()
    }

    /// Takes everything that waits.
    pub fn take(&self) -> Waiting {
        let mut shared = lock(&self.waiting);
        shared.marked.fill(0);
        std::mem::take(&mut shared.waiting)
    }

    /// Takes only the read marks.
    pub fn take_read(&self) -> BTreeMap<ConversationId, ReadMark> {
        std::mem::take(&mut lock(&self.waiting).waiting.read)
    }

    /// Takes only the live signs.
    pub fn take_signs(&self) -> Option<Box<Signs>> {
        lock(&self.waiting).waiting.signs.take()
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
    fn every_slot_is_marked_once_until_it_is_taken() {
        let signal = Signal::new(UserId::from_random(1), SessionId::from_random(1));
        for slot in [3, 64, 3, 700, 64, 0] {
            signal.mark(slot);
        }
        assert_eq!(signal.take().slots, [3, 64, 700, 0]);
        signal.mark(64);
        assert_eq!(signal.take().slots, [64], "taken, it can be marked again");
    }

    #[test]
    fn signs_of_typing_that_nobody_takes_are_bounded_and_the_same_one_waits_once() {
        let signal = Signal::new(UserId::from_random(1), SessionId::from_random(1));
        for number in 0..1000 {
            signal.typing(&ConversationId::from_random(1), &UserId::from_random(number % 200));
        }
        assert_eq!(signal.take_signs().unwrap().typing.len(), MOST_TYPING);
        for _ in 0..10 {
            signal.typing(&ConversationId::from_random(1), &UserId::from_random(1));
        }
        assert_eq!(signal.take().signs.unwrap().typing.len(), 1);
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
