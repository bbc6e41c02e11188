//! One conversation's frame log and the sockets that watch it.

pub mod older;
mod table;

pub use table::Feeds;

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use protocol::{ConversationId, Entry, EntryKind};
use service_kit::metrics::Counter;
use tokio::time::Instant;

use super::frame::EntryFrame;
use super::frame_log::{FrameLog, Position};
use super::lane::{Place, Run};
use super::lock;
use super::signal::{Signal, SlotNumber};

/// In a busy conversation sockets are woken at most this often; a quiet one is never delayed.
const COALESCE: Duration = Duration::from_millis(5);
/// The same for a conversation that very many sockets watch.
const COALESCE_WIDE: Duration = Duration::from_millis(20);
/// From this many watching sockets on, [`COALESCE_WIDE`] is used.
const WIDE: usize = 1000;
/// Watchers that are told while their list is locked: a socket that comes or goes waits for these and no more.
const TOLD_AT_ONCE: usize = 32;

/// Lives as long as a sequencer or a socket needs it.
#[derive(Debug)]
pub struct Feed {
    pub conversation: ConversationId,
    pub epoch: String,
    limit_bytes: usize,
    state: Mutex<State>,
    /// Never locked together with the state: telling many takes a while.
    watchers: Mutex<Watchers>,
    older: older::Older,
    deliveries: Counter,
}

#[derive(Debug, Default)]
struct State {
    frames: FrameLog,
    rung_at: Option<Instant>,
    /// Up to which seq the watchers were told, when there is more.
    owed_after: Option<u64>,
}

#[derive(Debug, Default)]
struct Watchers {
    all: Vec<Watcher>,
    last: u64,
}

#[derive(Debug)]
struct Watcher {
    number: u64,
    signal: Arc<Signal>,
    slot: SlotNumber,
    place: Arc<Place>,
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
    /// Nobody watches, and nothing is known of the log.
    fn new(conversation: ConversationId, epoch: String, limit_bytes: usize, deliveries: Counter) -> Self {
        Self {
            conversation,
            epoch,
            limit_bytes,
            state: Mutex::default(),
            watchers: Mutex::default(),
            older: older::Older::default(),
            deliveries,
        }
    }

    /// Adds stored entries. Watchers are told by [`Self::ring_if_due`].
    pub fn push(&self, entries: &[Entry]) {
        // Encoding is done before the lock is taken: it is the expensive part.
        let frames: Vec<EntryFrame> = entries.iter().map(|entry| EntryFrame::of(&self.epoch, entry)).collect();
        let mut state = lock(&self.state);
        let told = state.frames.head();
        state.owed_after.get_or_insert(told);
        for (entry, frame) in entries.iter().zip(frames) {
            state.frames.push(frame, self.limit_bytes);
            if let EntryKind::Delete { target } = entry.kind {
                state.frames.blank(target);
                self.forget_older();
            }
        }
    }

    /// Tells the watchers if they are owed it and it is time; answers when it will be.
    pub fn ring_if_due(&self, now: Instant) -> Option<Instant> {
        let watching = lock(&self.watchers).all.len();
        let run = {
            let mut state = lock(&self.state);
            let owed_after = state.owed_after?;
            let window = if watching > WIDE { COALESCE_WIDE } else { COALESCE };
            if let Some(due) = state.rung_at.map(|rung_at| rung_at + window)
                && now < due
            {
                return Some(due);
            }
            state.rung_at = Some(now);
            state.owed_after = None;
            // Very many are told by their own tasks: one after the other, from here, would take too long.
            match state.frames.position(owed_after) {
                Position::At(index) if watching <= WIDE => Run::of(state.frames.from(index)),
                _ => None,
            }
        };
        self.tell_watchers(run.as_ref());
        None
    }

    /// Tells everybody who watches. Whoever comes meanwhile reads what there is by itself.
    fn tell_watchers(&self, run: Option<&Run>) {
        let mut told = 0;
        loop {
            let watchers = lock(&self.watchers);
            let first = watchers.all.partition_point(|watcher| watcher.number <= told);
            let next = watchers.all.iter().skip(first).take(TOLD_AT_ONCE);
            let Some(last) = next.clone().next_back() else { return };
            told = last.number;
            for watcher in next {
                match run {
                    Some(run) => {
                        if watcher.signal.bring(run, watcher.slot, &watcher.place) {
                            self.deliveries.inc_by(run.entries());
                        }
                    }
                    None => watcher.signal.mark(watcher.slot),
                }
            }
        }
    }

    /// Says that what is pushed next follows this seq. Whoever watches and is behind it is told by
    /// [`Self::ring_if_due`].
    pub fn continue_after(&self, head: u64) {
        let mut state = lock(&self.state);
        let known = state.frames.head();
        if head > known {
            state.owed_after.get_or_insert(known);
        }
        state.frames.continue_after(head);
    }

    /// Says that the log reached at least this seq when somebody began to watch.
    pub fn begin_at(&self, head: u64) {
        let mut state = lock(&self.state);
        if state.frames.head() == 0 {
            state.frames.continue_after(head);
        }
    }

    /// Forgets the frames, because nobody has used the conversation for a while.
    pub fn forget_frames(&self) {
        lock(&self.state).frames.clear();
    }

    /// An entry was brought to one socket by its own task.
    pub fn count_delivery(&self) {
        self.deliveries.inc();
    }

    /// The newest seq this node knows; 0 when it knows nothing.
    pub fn head(&self) -> u64 {
        lock(&self.state).frames.head()
    }

    /// From now on `signal` is marked with `slot` when there are new entries that it is not brought at once.
    pub fn watch(&self, signal: Arc<Signal>, slot: SlotNumber, place: Arc<Place>) -> WatchId {
        let mut watchers = lock(&self.watchers);
        watchers.last += 1;
        let number = watchers.last;
        watchers.all.push(Watcher {
            number,
            signal,
            slot,
            place,
        });
        WatchId(number)
    }

    /// Ends a watching.
    pub fn unwatch(&self, watch: WatchId) {
        let watchers = &mut lock(&self.watchers).all;
        // Numbers only grow, so the watchers are sorted by them.
        if let Ok(index) = watchers.binary_search_by_key(&watch.0, |watcher| watcher.number) {
            watchers.remove(index);
        }
    }

    /// Whether a socket here has the conversation.
    pub fn is_watched(&self) -> bool {
        !lock(&self.watchers).all.is_empty()
    }

    /// Hands over the frames after a cursor, one after the other, until `take` wants no more.
    ///
    /// The frames are locked meanwhile: `take` only puts bytes into a queue.
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
            kind: EntryKind::message("hi".to_owned(), None),
        }
    }

    #[test]
    fn a_quiet_conversation_rings_at_once_and_a_busy_one_every_five_milliseconds() {
        let feed = Feeds::new(10_000).get(&ConversationId::from_random(1), "e");
        let signal = Arc::new(Signal::new(UserId::from_random(1), SessionId::from_random(1)));
        feed.watch(Arc::clone(&signal), 0, Place::elsewhere());

        let now = Instant::now();
        feed.push(&[entry(1)]);
        assert_eq!(feed.ring_if_due(now), None);
        assert_eq!(signal.take().slots, [0], "the first entry is not delayed");
        feed.push(&[entry(2)]);
        let due = feed.ring_if_due(now + COALESCE / 2);
        assert_eq!(due, Some(now + COALESCE), "the second waits for the window");
        feed.push(&[entry(3)]);
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
        let edit = EntryKind::edit(1, body);
        let delete = EntryKind::Delete { target: 1 };
        let entries = [entry(1), entry(2), of_kind(3, edit), of_kind(4, delete)];
        feed.push(&entries[..3]);
        feed.push(&entries[3..]);

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
        let watches: Vec<_> = signals
            .iter()
            .map(|signal| feed.watch(Arc::clone(signal), 4, Place::elsewhere()))
            .collect();
        feed.unwatch(watches[1]);
        feed.push(&[entry(1)]);
        feed.ring_if_due(Instant::now());
        let woken: Vec<bool> = signals.iter().map(|signal| !signal.take().slots.is_empty()).collect();
        assert_eq!(woken, [true, false, true]);
    }
}
