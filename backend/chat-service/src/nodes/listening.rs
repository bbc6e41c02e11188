//! Receiving notes: one line for all channels, opened again whenever it is lost.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use protocol::event::{SESSION_ENDED_CHANNEL, SessionEnded};
use service_kit::metrics::{Counter, Metrics};
use tokio::time::Instant;

use super::note::{Letter, NodeId, Note};
use super::wire::{Line, Parcel, Wire};
use super::{channel, channels, comparing, hearing};
use crate::chat::Chat;
use crate::nodes::note::Address;

/// A node of which nothing was heard for so long is gone; a channel on which not even we ourselves are heard is broken.
const SILENCE: Duration = Duration::from_secs(2);
/// The pause before listening anew, growing up to the second.
const PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
/// How often silence is looked for.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// Listens for one node.
pub struct Listener {
    own: NodeId,
    wire: Arc<dyn Wire>,
    /// When each of the other nodes was heard last.
    others: HashMap<NodeId, Instant>,
    /// When each channel that may fail alone was heard last.
    channels: HashMap<String, Instant>,
    losses: Counter,
    heard: Counter,
}

impl Listener {
    /// Listens as this node; [`Self::run`] it.
    pub fn new(own: NodeId, wire: Arc<dyn Wire>, metrics: &Metrics) -> Self {
        Self {
            own,
            wire,
            others: HashMap::new(),
            channels: HashMap::new(),
            losses: metrics.counter("node_lines_lost", "How often the line to the other nodes was lost"),
            heard: metrics.counter("node_notes_heard", "Notes of other nodes that arrived"),
        }
    }

    /// Listens until the process stops. After every gap whatever may have been missed is looked for.
    pub async fn run(mut self, chat: Arc<Chat>) -> anyhow::Result<()> {
        let mut stopping = std::pin::pin!(chat.lifecycle.stopping());
        let mut pause = PAUSE;
        let mut is_first = true;
        let all = channels();
        loop {
            let opened = tokio::select! {
                () = &mut stopping => return Ok(()),
                opened = self.wire.listen(&all) => opened,
            };
            match opened {
                Ok(mut line) => {
                    pause = PAUSE;
                    self.begin(&chat, std::mem::take(&mut is_first));
                    tokio::select! {
                        () = &mut stopping => return Ok(()),
                        () = self.follow(&chat, &mut *line) => {}
                    }
                    self.losses.inc();
                    tracing::warn!("the line to the other nodes is lost");
                }
                Err(fault) => tracing::debug!(%fault, "cannot listen to the other nodes"),
            }
            tokio::select! {
                () = &mut stopping => return Ok(()),
                () = tokio::time::sleep(pause) => pause = (pause * 2).min(LONGEST_PAUSE),
            }
        }
    }

    fn begin(&mut self, chat: &Arc<Chat>, is_first: bool) {
        let now = Instant::now();
        let separate = self.wire.has_separate_channels();
        let watched = if separate {
            channels()
        } else {
            vec![channel(Address::All)]
        };
        self.channels = watched.into_iter().map(|channel| (channel, now)).collect();
        // A node that died while nobody listened is missed like one that dies now.
        self.others.values_mut().for_each(|heard| *heard = now);
        chat.sockets.neighbours.tell(|| Note::Arrived);
        if !is_first {
            // What this node told may have been lost on the same way.
            hearing::tell_again(chat);
            comparing::after_a_gap(chat);
        }
    }

    /// Takes parcels until the line is lost.
    async fn follow(&mut self, chat: &Arc<Chat>, line: &mut dyn Line) {
        let mut look = tokio::time::interval(LOOK_EVERY);
        loop {
            tokio::select! {
                parcel = line.next() => match parcel {
                    Some(parcel) => self.take(chat, parcel),
                    None => return,
                },
                _ = look.tick() => {
                    let now = Instant::now();
                    self.miss(chat, now);
                    if self.channels.values().any(|heard| now - *heard > SILENCE) {
                        return;
                    }
                }
            }
        }
    }

    fn take(&mut self, chat: &Arc<Chat>, parcel: Parcel) {
        let now = Instant::now();
        if let Some(heard) = self.channels.get_mut(&parcel.channel) {
            *heard = now;
        }
        let letter: Letter = match serde_json::from_slice(&parcel.bytes) {
            Ok(letter) => letter,
            Err(_) if parcel.channel == SESSION_ENDED_CHANNEL => return hear_ended(chat, &parcel.bytes),
            // A newer node may say what this one does not know.
            Err(fault) => return tracing::debug!(%fault, "a note of another node cannot be read"),
        };
        if letter.from == self.own {
            if letter.note == Note::Missed {
                hearing::tell_again(chat);
            }
            return;
        }
        self.heard.inc();
        match letter.note {
            Note::Leaves => {
                self.others.remove(&letter.from);
                chat.presences.node_gone(&letter.from);
            }
            note => {
                if self.others.insert(letter.from.clone(), now).is_none() {
                    // New, or back after a silence in which it counted as gone: nothing is known of who is there.
                    chat.sockets.neighbours.tell(|| Note::Arrived);
                }
                hearing::hear(chat, &letter.from, note);
            }
        }
    }

    /// Nodes that died: nobody is there at them any more, and what they had stored last may never have been told.
    fn miss(&mut self, chat: &Arc<Chat>, now: Instant) {
        let silent = self.others.extract_if(|_, heard| now - *heard > SILENCE);
        let gone: Vec<NodeId> = silent.map(|(node, _)| node).collect();
        for node in &gone {
            tracing::warn!(node = node.0, "another node is not heard any more");
            chat.presences.node_gone(node);
        }
        if !gone.is_empty() {
            comparing::with_the_logs(chat);
        }
    }
}

/// user-service says so to whoever listens, before its event has gone its way.
fn hear_ended(chat: &Chat, bytes: &[u8]) {
    match serde_json::from_slice::<SessionEnded>(bytes) {
        Ok(ended) => chat.ended.deny(ended.session),
        Err(fault) => tracing::debug!(%fault, "what user-service says cannot be read"),
    }
}
