//! One conversation's frame log and the sockets that watch it.

pub mod older;

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use protocol::{ConversationId, Entry, EntryKind};
use tokio::time::Instant;

use super::frame::EntryFrame;
use super::frame_log::{FrameLog, Position};
use super::lock;
use super::signal::{Signal, SlotNumber};

/// In a busy conversation sockets are woken at most this often; a quiet one is never delayed.
const COALESCE: Duration = Duration::from_millis(5);
/// The same for a conversation that very many sockets watch.
const COALESCE_WIDE: Duration = Duration::from_millis(20);
/// From this many watching sockets on, [`COALESCE_WIDE`] is used.
const WIDE: usize = 1000;

/// Lives as long as a sequencer or a socket needs it.
#[derive(Debug)]
pub struct Feed {
    pub conversation: ConversationId,
    pub epoch: String,
    limit_bytes: usize,
    state: Mutex<State>,
    older: older::Older,
}

#[derive(Debug, Default)]
struct State {
    frames: FrameLog,
    watchers: Vec<Watcher>,
    last_watcher: u64,
    rung_at: Option<Instant>,
    /// Frames were added since the watchers were woken.
    owed: bool,
}

#[derive(Debug)]
struct Watcher {
    number: u64,
    signal: Arc<Signal>,
    slot: SlotNumber,
}

/// Names a watcher, to end its watching.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WatchId(u64);

/// How a reading ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// There is nothing more; the watcher is told when there is.
    ToTheEnd,
    /// `take` wanted no more, perhaps with its last frame.
    Interrupted,
    /// The next frame is not in memory; entries up to `head` exist.
    Gone { head: u64 },
}

impl Feed {
    fn new(conversation: ConversationId, epoch: String, limit_bytes: usize) -> Self {
        Self {
            conversation,
            epoch,
            limit_bytes,
            state: Mutex::default(),
            older: older::Older::default(),
        }
    }

    /// Adds stored entries. Watchers are woken now, or by [`Self::ring_if_due`] when they were woken just before.
    ///
    /// Answers when that is due.
    pub fn push(&self, entries: &[Entry], now: Instant) -> Option<Instant> {
        // Encoding is done before the lock is taken: it is the expensive part.
        let frames: Vec<EntryFrame> = entries.iter().map(|entry| EntryFrame::of(&self.epoch, entry)).collect();
        let mut state = lock(&self.state);
        for (entry, frame) in entries.iter().zip(frames) {
            state.frames.push(frame, self.limit_bytes);
            if let EntryKind::Delete { target } = entry.kind {
                state.frames.blank(target);
                self.forget_older();
            }
        }
        state.owed = true;
        state.ring_if_due(now)
    }

    /// Wakes the watchers if they are owed it and it is time; answers when it will be.
    pub fn ring_if_due(&self, now: Instant) -> Option<Instant> {
        lock(&self.state).ring_if_due(now)
    }

    /// Says that what is pushed next follows this seq.
    pub fn continue_after(&self, head: u64) {
        lock(&self.state).frames.continue_after(head);
    }

    /// Forgets the frames, because nobody has used the conversation for a while.
    pub fn forget_frames(&self) {
        lock(&self.state).frames.clear();
    }

    /// The newest seq this node knows; 0 when it knows nothing.
    pub fn head(&self) -> u64 {
        lock(&self.state).frames.head()
    }

    /// From now on `signal` is marked with `slot` when there are new entries.
    pub fn watch(&self, signal: Arc<Signal>, slot: SlotNumber) -> WatchId {
        let mut state = lock(&self.state);
        state.last_watcher += 1;
        let number = state.last_watcher;
        state.watchers.push(Watcher { number, signal, slot });
        WatchId(number)
    }

    /// Ends a watching.
    pub fn unwatch(&self, watch: WatchId) {
        let mut state = lock(&self.state);
        // Numbers only grow, so the watchers are sorted by them.
        if let Ok(index) = state.watchers.binary_search_by_key(&watch.0, |watcher| watcher.number) {
            state.watchers.remove(index);
        }
    }

    /// Hands over the frames after a cursor, one after the other, until `take` wants no more.
    ///
    /// The feed is locked meanwhile: `take` only puts bytes into a queue.
    pub fn read(&self, cursor: u64, take: impl FnMut(&EntryFrame) -> ControlFlow<()>) -> Reading {
        let state = lock(&self.state);
        match state.frames.position(cursor) {
            Position::UpToDate => Reading::ToTheEnd,
            Position::Gone => Reading::Gone {
                head: state.frames.head(),
            },
            Position::At(index) => match state.frames.from(index).try_for_each(take) {
                ControlFlow::Continue(()) => Reading::ToTheEnd,
                ControlFlow::Break(()) => Reading::Interrupted,
            },
        }
    }

    /// Whether the entry at `seq` has this client id; `None` when the frame is not in memory.
    pub fn has_entry(&self, seq: u64, client_id: &protocol::ClientId) -> Option<bool> {
        let state = lock(&self.state);
        state.frames.get(seq).map(|frame| frame.client_id == *client_id)
    }
}

impl State {
    fn ring_if_due(&mut self, now: Instant) -> Option<Instant> {
        if !self.owed {
            return None;
        }
        let window = if self.watchers.len() > WIDE {
            COALESCE_WIDE
        } else {
            COALESCE
        };
        if let Some(due) = self.rung_at.map(|rung_at| rung_at + window)
            && now < due
        {
            return Some(due);
        }
        self.rung_at = Some(now);
        self.owed = false;
        for watcher in &self.watchers {
            watcher.signal.mark(watcher.slot);
        }
        None
    }
}

/// Every feed somebody needs, by conversation.
#[derive(Debug)]
pub struct Feeds {
    limit_bytes: usize,
    feeds: Mutex<HashMap<ConversationId, Weak<Feed>>>,
}

impl Feeds {
    /// No feeds; each will keep at most `limit_bytes` of frames.
    pub fn new(limit_bytes: usize) -> Self {
        Self {
            limit_bytes,
            feeds: Mutex::default(),
        }
    }

    /// The feed of a conversation; a new one if nobody holds it.
    pub fn get(&self, conversation: &ConversationId, epoch: &str) -> Arc<Feed> {
        let mut feeds = lock(&self.feeds);
        if let Some(feed) = feeds.get(conversation).and_then(Weak::upgrade) {
            return feed;
        }
        let feed = Arc::new(Feed::new(conversation.clone(), epoch.to_owned(), self.limit_bytes));
        feeds.insert(conversation.clone(), Arc::downgrade(&feed));
        feed
    }

    /// Forgets feeds that nobody holds, and what was read from the log for sockets that have it by now.
    pub fn sweep(&self) {
        lock(&self.feeds).retain(|_, feed| {
            let held = feed.upgrade();
            if let Some(feed) = &held {
                feed.forget_older();
            }
            held.is_some()
        });
    }
}

#[cfg(test)]
mod tests {
    use protocol::{ClientId, SessionId, UserId};

    use super::*;

    fn entry(seq: u64) -> Entry {
        Entry {
            conversation: ConversationId::from_random(1),
            seq,
            ordinal: seq,
            at: 0,
            author: UserId::from_random(1),
            client_id: ClientId::from_random(u128::from(seq)),
            kind: EntryKind::Message {
                body: "hi".to_owned(),
                reply_to: None,
            },
        }
    }

    #[test]
    fn a_quiet_conversation_rings_at_once_and_a_busy_one_every_five_milliseconds() {
        let feed = Feeds::new(10_000).get(&ConversationId::from_random(1), "e");
        let signal = Arc::new(Signal::new(UserId::from_random(1), SessionId::from_random(1)));
        feed.watch(Arc::clone(&signal), 0);

        let now = Instant::now();
        assert_eq!(feed.push(&[entry(1)], now), None);
        assert_eq!(signal.take().slots, [0], "the first entry is not delayed");
        let due = feed.push(&[entry(2)], now + COALESCE / 2);
        assert_eq!(due, Some(now + COALESCE), "the second waits for the window");
        feed.push(&[entry(3)], now + COALESCE / 2);
        assert!(signal.take().slots.is_empty());

        assert_eq!(feed.ring_if_due(now + COALESCE), None);
        assert_eq!(signal.take().slots, [0]);
        let mut seqs = Vec::new();
        let reading = feed.read(1, |frame| {
            seqs.push(frame.seq);
            ControlFlow::Continue(())
        });
        assert_eq!((reading, seqs), (Reading::ToTheEnd, vec![2, 3]));
    }

    #[test]
    fn what_a_deleted_message_said_is_not_handed_over_any_more() {
        let feed = Feeds::new(10_000).get(&ConversationId::from_random(1), "e");
        let of_kind = |seq, kind| Entry { kind, ..entry(seq) };
        let body = "rewritten".to_owned();
        let edit = EntryKind::Edit { target: 1, body };
        let delete = EntryKind::Delete { target: 1 };
        let entries = [entry(1), entry(2), of_kind(3, edit), of_kind(4, delete)];
        feed.push(&entries[..3], Instant::now());
        feed.push(&entries[3..], Instant::now());

        let mut frames = Vec::new();
        let reading = feed.read(0, |frame| {
            frames.push(frame.bytes.clone());
            ControlFlow::Continue(())
        });

        assert_eq!(reading, Reading::ToTheEnd);
        let expected = entries.iter().map(|entry| {
            let kind = if entry.seq == 2 {
                entry.kind.clone()
            } else {
                entry.kind.blanked()
            };
            EntryFrame::of("e", &Entry { kind, ..entry.clone() }).bytes
        });
        assert_eq!(frames, expected.collect::<Vec<_>>());
    }

    #[test]
    fn who_stops_watching_is_not_woken() {
        let feeds = Feeds::new(10_000);
        let feed = feeds.get(&ConversationId::from_random(1), "e");
        let signals: Vec<_> = (0..3)
            .map(|number| Arc::new(Signal::new(UserId::from_random(number), SessionId::from_random(number))))
            .collect();
        let watches: Vec<_> = signals.iter().map(|signal| feed.watch(Arc::clone(signal), 4)).collect();
        feed.unwatch(watches[1]);
        feed.push(&[entry(1)], Instant::now());
        let woken: Vec<bool> = signals.iter().map(|signal| !signal.take().slots.is_empty()).collect();
        assert_eq!(woken, [true, false, true]);
    }
}
