//! Sending notes: put into a queue at once, sent together by one task.

use std::sync::Arc;
use std::time::Duration;

use service_kit::Lifecycle;
use service_kit::metrics::{Counter, Metrics};
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior};

use super::note::{Letter, NodeId, Note};
use super::wire::{Parcel, Wire};
use super::{channel, channels};

/// Notes that wait to be sent; beyond, they are lost, and found by comparing.
const MOST_WAITING: usize = 8_192;
/// Notes that are sent together.
const SENT_TOGETHER: usize = 512;
/// How often the node says that it lives.
pub const BEAT_EVERY: Duration = Duration::from_millis(500);
/// When nothing was to be told for so long, a node that stops has told everything.
const QUIET: Duration = Duration::from_millis(250);
/// It goes on telling no longer than so, because it says no more that it lives.
const LONGEST_FAREWELL: Duration = Duration::from_secs(1);

/// Where notes to the other nodes are put. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Neighbours {
    queue: Option<mpsc::Sender<Note>>,
    lost: Counter,
}

impl Neighbours {
    /// There are no others: nothing is sent.
    pub fn none() -> Self {
        Self::default()
    }

    /// Tells the others, if there are any. Never waits.
    pub fn tell(&self, note: impl FnOnce() -> Note) {
        if let Some(queue) = &self.queue
            && queue.try_send(note()).is_err()
        {
            self.lost.inc();
        }
    }

    /// Whether there may be others.
    pub fn may_exist(&self) -> bool {
        self.queue.is_some()
    }
}

/// What sends the notes; [`Self::run`] it.
pub struct Sender {
    own: NodeId,
    wire: Arc<dyn Wire>,
    queue: mpsc::Receiver<Note>,
    lost: Counter,
    sent: Counter,
    /// How many were lost when the others were told of it last.
    told_lost: u64,
}

impl Sender {
    /// The place for notes, and who sends them.
    pub fn new(own: NodeId, wire: Arc<dyn Wire>, metrics: &Metrics) -> (Neighbours, Self) {
        let (put, queue) = mpsc::channel(MOST_WAITING);
        let lost = metrics.counter("node_notes_lost", "Notes to other nodes that could not be sent");
        let sent = metrics.counter("node_notes_sent", "Notes to other nodes that were sent");
        let neighbours = Neighbours {
            queue: Some(put),
            lost: lost.clone(),
        };
        let sender = Self {
            own,
            wire,
            queue,
            lost,
            sent,
            told_lost: 0,
        };
        (neighbours, sender)
    }

    /// Sends until the process stops, then says so.
    pub async fn run(mut self, lifecycle: Lifecycle) -> anyhow::Result<()> {
        let mut stopping = std::pin::pin!(lifecycle.stopping());
        let mut beat = tokio::time::interval_at(Instant::now(), BEAT_EVERY);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut notes = Vec::with_capacity(SENT_TOGETHER);
        loop {
            tokio::select! {
                biased;
                () = &mut stopping => break,
                _ = beat.tick() => self.send_beat().await,
                count = self.queue.recv_many(&mut notes, SENT_TOGETHER) => {
                    if count == 0 {
                        break;
                    }
                    self.send_notes(&mut notes).await;
                }
            }
        }
        self.send_rest(notes).await;
        let last = self.parcel(Note::Leaves);
        self.send(vec![last]).await;
        Ok(())
    }

    async fn send_notes(&self, notes: &mut Vec<Note>) {
        let parcels = notes.drain(..).map(|note| self.parcel(note)).collect();
        self.send(parcels).await;
    }

    /// What is still stored while the process stops is told like everything before.
    async fn send_rest(&mut self, mut notes: Vec<Note>) {
        let end = Instant::now() + LONGEST_FAREWELL;
        loop {
            let quiet = end.min(Instant::now() + QUIET);
            let next = self.queue.recv_many(&mut notes, SENT_TOGETHER);
            match tokio::time::timeout_at(quiet, next).await {
                Ok(1..) => self.send_notes(&mut notes).await,
                Ok(0) | Err(_) => return,
            }
        }
    }

    /// On every channel that may fail alone. Also tells that something was lost, when sending works again.
    async fn send_beat(&mut self) {
        let lost = self.lost.get();
        if lost > self.told_lost && self.send(vec![self.parcel(Note::Missed)]).await {
            self.told_lost = lost;
        }
        let beat = self.parcel(Note::Beat);
        let parcels = if self.wire.has_separate_channels() {
            let same = |channel| Parcel {
                channel,
                bytes: beat.bytes.clone(),
            };
            channels().into_iter().map(same).collect()
        } else {
            vec![beat]
        };
        let count = parcels.len() as u64;
        // One that is lost does not count as such: whoever listens misses it.
        if self.put(parcels).await {
            self.sent.inc_by(count);
        }
    }

    /// False when they are lost.
    async fn send(&self, parcels: Vec<Parcel>) -> bool {
        let count = parcels.len() as u64;
        let is_sent = self.put(parcels).await;
        let counter = if is_sent { &self.sent } else { &self.lost };
        counter.inc_by(count);
        is_sent
    }

    async fn put(&self, parcels: Vec<Parcel>) -> bool {
        let outcome = self.wire.send(parcels).await;
        if let Err(fault) = &outcome {
            tracing::debug!(%fault, "notes to other nodes are lost");
        }
        outcome.is_ok()
    }

    fn parcel(&self, note: Note) -> Parcel {
        let channel = channel(note.address());
        let letter = Letter {
            from: self.own.clone(),
            note,
        };
        // Nothing in a note has a form that JSON lacks.
        let bytes = serde_json::to_vec(&letter).unwrap_or_default();
        Parcel { channel, bytes }
    }
}
