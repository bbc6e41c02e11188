//! One conversation's actor: decides proposals in turn and appends them in batches (P1–P3).
//!
//! What must stay true:
//!
//! - Nobody is answered before the entry is durable, and nothing is pushed before that either.
//! - The head moves only over entries that are known to stand in the log.
//! - When a place is taken, everything in between is applied and every waiting proposal is decided again.
//! - Before a send is refused, the log is asked whether it is a repeat: a repeat is answered with what was stored,
//!   whatever has happened since.
//! - After an unknown outcome the log is asked until it answers; until then nobody is told anything.

mod deciding;
mod hearing;
mod recovery;
mod saving;

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use protocol::{ClientId, ConversationId, Entry, EntryKind, UserId};
use tokio::sync::mpsc;
use tokio::time::Instant;

use self::recovery::Explained;
use super::Answer;
pub(super) use super::batch::Order;
use super::batch::{Batch, refuse_all};
use super::desks::Tools;
use super::heard::{Ahead, Heard};
use super::ledger::Ledger;
use super::lore::Lore;
use crate::fanout::frame::Move;
use crate::nodes::note::Note;
use crate::refusal::Refusal;
use crate::store::{Appended, StoreError};

/// Proposals that are taken out of the queue at once.
const ORDERS_PER_ROUND: usize = 1024;
/// Unknown outcomes that are borne before the rest is refused.
const MOST_UNKNOWN: u32 = 3;
/// Taken places that are borne before the rest is refused: two nodes with much to say in one conversation take them
/// from each other in turns.
const MOST_CONFLICTS: u32 = 40;
/// Taken places after which another node is let ahead for a moment.
const CONFLICTS_WITHOUT_WAITING: u32 = 3;
/// An append that takes longer counts as unknown.
const APPEND_DEADLINE: Duration = Duration::from_secs(30);
/// Authors whose last message is remembered, to answer `after` without asking the store.
const REMEMBERED_AUTHORS: usize = 256;

pub(super) struct Sequencer {
    ledger: Arc<Ledger>,
    tools: Arc<Tools>,
    inbox: Inbox,
    /// Entries of other nodes that do not follow the head yet.
    ahead: Ahead,
    /// When what is missing before them is read from the log.
    look_at: Option<Instant>,
    /// What the proposals that are being settled need to know; empty between two rounds.
    lore: Lore,
    /// Who joined by an entry that is not saved in the documents yet, and its seq.
    newly_joined: Vec<(UserId, u64)>,
    last_of: HashMap<UserId, ClientId>,
    /// When the feed's watchers must be woken.
    ring_at: Option<Instant>,
    /// When what became of messages is saved.
    save_at: Option<Instant>,
}

/// What comes to a sequencer.
pub(super) struct Inbox {
    pub(super) orders: mpsc::Receiver<Order>,
    pub(super) heard: mpsc::Receiver<Heard>,
}

/// What a proposal came to before anything was stored.
enum Placed {
    Entry(Entry),
    /// Not in this batch; decide it again for the next.
    Later,
    Answered(Result<Answer, Refusal>),
}

impl Sequencer {
    pub(super) fn new(ledger: Arc<Ledger>, tools: Arc<Tools>, inbox: Inbox) -> Self {
        // Opening may have found more than those who watch were told of.
        let ring_at = ledger.feed.ring_if_due(Instant::now());
        Self {
            ledger,
            tools,
            inbox,
            ahead: Ahead::default(),
            look_at: None,
            lore: Lore::default(),
            newly_joined: Vec::new(),
            last_of: HashMap::new(),
            ring_at,
            save_at: None,
        }
    }

    /// Works until nobody holds the conversation any more.
    pub(super) async fn run(mut self) -> anyhow::Result<()> {
        while let Some(first) = self.next_order().await {
            let mut orders = VecDeque::from([first]);
            while orders.len() < ORDERS_PER_ROUND
                && let Ok(order) = self.inbox.orders.try_recv()
            {
                orders.push_back(order);
            }
            self.settle(orders).await;
            self.lore.forget();
            self.plan_saving().await;
        }
        // What cannot be saved now is folded by whoever opens the conversation next.
        drop(self.save_fold().await);
        if let Some(due) = self.ring_at {
            tokio::time::sleep_until(due).await;
            self.ledger.feed.ring_if_due(Instant::now());
        }
        self.ledger.feed.forget_frames();
        Ok(())
    }

    async fn next_order(&mut self) -> Option<Order> {
        loop {
            tokio::select! {
                order = self.inbox.orders.recv() => return order,
                Some(heard) = self.inbox.heard.recv() => self.hear(heard).await,
                () = until(self.look_at) => {
                    self.look_behind().await;
                }
                () = until(self.ring_at) => self.ring(),
                () = until(self.save_at) => self.save_now().await,
            }
        }
    }

    async fn settle(&mut self, mut orders: VecDeque<Order>) {
        let (mut conflicts, mut unknown) = (0, 0);
        while !orders.is_empty() {
            if let Err(fault) = self.learn(&mut orders).await {
                refuse_needy(&mut orders, fault);
            }
            let batch = self.next_batch(&mut orders).await;
            if batch.is_empty() {
                continue;
            }
            match self.append(batch.entries.clone()).await {
                Ok(appended) => {
                    let refused = self.commit(batch, appended).await;
                    if refused.is_empty() {
                        continue;
                    }
                    put_back(&mut orders, refused);
                    self.tools.measures.conflicts.inc();
                    match self.explain_refused_key(&mut orders).await {
                        Ok(Explained::Repeat) => continue,
                        Ok(Explained::PlaceTaken) => conflicts += 1,
                        Err(fault) => return refuse_all(orders, fault.into()),
                    }
                    if conflicts > CONFLICTS_WITHOUT_WAITING {
                        self.wait_a_little().await;
                    }
                }
                Err(StoreError::Unknown) => {
                    put_back(&mut orders, batch.orders);
                    self.tools.measures.unknown_outcomes.inc();
                    if !self.ask_until_known(&mut orders).await {
                        return;
                    }
                    unknown += 1;
                }
                Err(fault) => {
                    refuse_all(batch.orders, fault.into());
                    continue;
                }
            }
            if conflicts >= MOST_CONFLICTS || unknown >= MOST_UNKNOWN {
                return refuse_all(orders, Refusal::unavailable());
            }
        }
    }

    /// Takes orders from the front that can be stored together, and answers those that need no storing.
    ///
    /// Whatever changes who may do what goes alone: what comes after it is decided when it stands.
    async fn next_batch(&mut self, orders: &mut VecDeque<Order>) -> Batch {
        let mut batch = Batch::default();
        while let Some(order) = orders.pop_front() {
            let changes_standing = order.proposal.act.changes_standing();
            let placed = if batch.is_full() || (changes_standing && !batch.is_empty()) {
                Placed::Later
            } else {
                self.place(&order.proposal, &batch).await
            };
            match placed {
                Placed::Entry(entry) => batch.push(entry, order),
                Placed::Answered(answer) => {
                    order.settle(answer);
                    continue;
                }
                Placed::Later => {
                    orders.push_front(order);
                    break;
                }
            }
            if changes_standing {
                break;
            }
        }
        batch
    }

    /// Appends, and wakes the feed's watchers in time while the store works.
    async fn append(&mut self, entries: Vec<Entry>) -> Result<Appended, StoreError> {
        let store = Arc::clone(&self.tools.store);
        let started = Instant::now();
        self.tools.measures.batch.observe(count_of(entries.len()));
        let mut appending = std::pin::pin!(tokio::time::timeout(APPEND_DEADLINE, store.append(entries)));
        loop {
            tokio::select! {
                outcome = &mut appending => {
                    self.tools.measures.append.observe(started.elapsed().as_secs_f64());
                    return outcome.unwrap_or(Err(StoreError::Unknown));
                }
                () = until(self.ring_at) => self.ring(),
            }
        }
    }

    /// Takes what was stored into account, pushes and answers it; gives back the orders that were not stored.
    async fn commit(&mut self, batch: Batch, appended: Appended) -> VecDeque<Order> {
        let Batch {
            mut entries,
            mut orders,
        } = batch;
        entries.truncate(appended.stored);
        let refused = orders.split_off(entries.len());
        // Before the entries: on no device of the author are they unread for a moment.
        for (author, mark) in &appended.read {
            self.tools.sockets.read(author, self.id(), *mark);
        }
        self.take_in(&entries);
        self.tell_others(&entries);

        // Answering a change of members, name or the like waits until the documents that others read have it, and
        // answering a deletion until what was written is gone.
        let changes_standing = orders.iter().any(|order| order.proposal.act.changes_standing());
        if changes_standing {
            self.ring();
            if let Err(fault) = self.save_fold().await {
                refuse_all(orders, fault.into());
                return refused;
            }
        }
        if entries
            .iter()
            .any(|entry| matches!(entry.kind, EntryKind::Delete { .. }))
        {
            // What was read for sockets until now has the words in it.
            self.ledger.feed.forget_older();
        }
        for (order, entry) in orders.into_iter().zip(entries) {
            order.settle(Ok(Answer::Stored(entry)));
        }
        // Telling very many takes a while, and nobody's answer waits for that.
        self.ring();
        refused
    }

    /// Tells the other nodes what stands in the log now.
    fn tell_others(&self, entries: &[Entry]) {
        if !entries.is_empty() {
            self.tools.sockets.neighbours.tell(|| Note::Entries {
                epoch: self.ledger.feed.epoch.clone(),
                entries: entries.to_vec(),
            });
        }
    }

    /// Tells the other nodes how far the log reaches.
    fn tell_how_far(&self) {
        self.tools.sockets.neighbours.tell(|| Note::Grown {
            conversation: self.id().clone(),
            epoch: self.ledger.feed.epoch.clone(),
            head: self.head(),
        });
    }

    /// Tells those who watch what they were not told yet, now or when it is time.
    fn ring(&mut self) {
        self.ring_at = self.ledger.feed.ring_if_due(Instant::now());
    }

    /// Entries that stand in the log, directly behind the head: fold them, move the head. Those who watch are told by
    /// [`Self::ring`].
    fn take_in(&mut self, entries: &[Entry]) {
        if entries.is_empty() {
            return;
        }
        self.remember(entries);
        self.ledger.apply(entries);
        self.show(entries);
        self.note_joined(entries);
    }

    fn note_joined(&mut self, entries: &[Entry]) {
        let joined = entries.iter().filter_map(|entry| match Move::of(entry) {
            Some(Move { person, joined: true }) => Some((person, entry.seq)),
            _ => None,
        });
        self.newly_joined.extend(joined);
    }

    fn remember(&mut self, entries: &[Entry]) {
        for entry in entries {
            self.lore.apply(entry);
            if entry.kind.is_message() {
                if self.last_of.len() >= REMEMBERED_AUTHORS {
                    self.last_of.clear();
                }
                self.last_of.insert(entry.author.clone(), entry.client_id.clone());
            }
        }
    }

    fn show(&self, entries: &[Entry]) {
        self.turn_away_who_left(entries);
        self.ledger.feed.push(entries);
    }

    /// Whoever has left is told no live signs from now on (P6); entries end at their own leaving by themselves.
    fn turn_away_who_left(&self, entries: &[Entry]) {
        for entry in entries {
            if let Some(Move { person, joined: false }) = Move::of(entry) {
                self.tools.sockets.left(&person, self.id());
            }
        }
    }

    fn id(&self) -> &ConversationId {
        &self.ledger.feed.conversation
    }
}

/// Refuses the orders that cannot be decided because the store did not answer.
fn refuse_needy(orders: &mut VecDeque<Order>, fault: StoreError) {
    let (needy, others): (VecDeque<_>, VecDeque<_>) =
        orders.drain(..).partition(|order| order.proposal.act.needs_lore());
    *orders = others;
    refuse_all(needy, fault.into());
}

/// As a figure that is measured.
fn count_of(entries: usize) -> f64 {
    f64::from(u32::try_from(entries).unwrap_or(u32::MAX))
}

fn put_back(orders: &mut VecDeque<Order>, mut first: VecDeque<Order>) {
    first.append(orders);
    *orders = first;
}

async fn until(due: Option<Instant>) {
    match due {
        Some(due) => tokio::time::sleep_until(due).await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests;
