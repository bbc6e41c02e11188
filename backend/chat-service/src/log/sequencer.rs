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

mod recovery;

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use protocol::{ClientId, ConversationId, Entry, EntryKind, ErrorCode, UserId};
use tokio::sync::mpsc;
use tokio::time::Instant;

use self::recovery::Explained;
pub(super) use super::batch::Order;
use super::batch::{Batch, refuse_all};
use super::desks::{Ledger, Tools};
use super::standing::{Act, Decision, decide};
use super::unsaved::Unsaved;
use super::{Answer, Proposal};
use crate::fanout::frame::Move;
use crate::refusal::Refusal;
use crate::store::{Appended, StoreError, name_key};

/// Proposals that are taken out of the queue at once.
const ORDERS_PER_ROUND: usize = 1024;
/// Taken places, and unknown outcomes, that are borne before the rest is refused.
const MOST_SETBACKS: u32 = 3;
/// An append that takes longer counts as unknown.
const APPEND_DEADLINE: Duration = Duration::from_secs(30);
/// Authors whose last message is remembered, to answer `after` without asking the store.
const REMEMBERED_AUTHORS: usize = 256;

pub(super) struct Sequencer {
    ledger: Arc<Ledger>,
    tools: Arc<Tools>,
    waiting: mpsc::Receiver<Order>,
    unsaved: Unsaved,
    /// Who joined by an entry that is not saved in the documents yet, and its seq.
    newly_joined: Vec<(UserId, u64)>,
    last_of: HashMap<UserId, ClientId>,
    /// When the feed's watchers must be woken.
    ring_at: Option<Instant>,
}

/// What a proposal came to before anything was stored.
enum Placed {
    Entry(Entry),
    /// Not in this batch; decide it again for the next.
    Later,
    Answered(Result<Answer, Refusal>),
}

impl Sequencer {
    pub(super) fn new(
        ledger: Arc<Ledger>,
        tools: Arc<Tools>,
        waiting: mpsc::Receiver<Order>,
        unsaved: Unsaved,
    ) -> Self {
        Self {
            ledger,
            tools,
            waiting,
            unsaved,
            newly_joined: Vec::new(),
            last_of: HashMap::new(),
            ring_at: None,
        }
    }

    /// Works until nobody holds the conversation any more.
    pub(super) async fn run(mut self) -> anyhow::Result<()> {
        while let Some(first) = self.next_order().await {
            let mut orders = VecDeque::from([first]);
            while orders.len() < ORDERS_PER_ROUND
                && let Ok(order) = self.waiting.try_recv()
            {
                orders.push_back(order);
            }
            self.settle(orders).await;
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
                order = self.waiting.recv() => return order,
                () = until(self.ring_at) => self.ring_at = self.ledger.feed.ring_if_due(Instant::now()),
            }
        }
    }

    async fn settle(&mut self, mut orders: VecDeque<Order>) {
        let mut setbacks = 0;
        while !orders.is_empty() {
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
                    match self.explain_refused_key(&mut orders).await {
                        Ok(Explained::Repeat) => continue,
                        Ok(Explained::PlaceTaken) => self.wait_a_little().await,
                        Err(fault) => return refuse_all(orders, fault.into()),
                    }
                }
                Err(StoreError::Unknown) => {
                    put_back(&mut orders, batch.orders);
                    if !self.ask_until_known(&mut orders).await {
                        return;
                    }
                }
                Err(fault) => {
                    refuse_all(batch.orders, fault.into());
                    continue;
                }
            }
            setbacks += 1;
            if setbacks >= MOST_SETBACKS {
                return refuse_all(orders, Refusal::unavailable());
            }
        }
        if self.unsaved.is_due() {
            // A failure was logged, and the next round tries again.
            drop(self.save_fold().await);
        }
    }

    /// Takes orders from the front that can be stored together, and answers those that need no storing.
    ///
    /// Whatever changes members or name goes alone: what comes after it is decided when it stands.
    async fn next_batch(&mut self, orders: &mut VecDeque<Order>) -> Batch {
        let mut batch = Batch::default();
        while let Some(order) = orders.pop_front() {
            let changes_standing = !matches!(order.proposal.act, Act::Send { .. });
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

    /// Decides one proposal and gives it the place behind the batch.
    async fn place(&mut self, proposal: &Proposal, batch: &Batch) -> Placed {
        let decision = self.ledger.look(|record| decide(record, proposal));
        let (client_id, kind) = match decision {
            Ok(Decision::Append { client_id, kind }) => (client_id, kind),
            Ok(Decision::Unchanged) => return Placed::Answered(self.unchanged().await),
            Err(refusal) => return self.refused_unless_repeat(proposal, refusal).await,
        };
        if batch.has(&proposal.author, &client_id) {
            return Placed::Later;
        }
        match self.is_in_order(proposal, batch).await {
            Ok(true) => {}
            Ok(false) => {
                let refusal = Refusal::new(ErrorCode::OutOfOrder, "Send the message before this one first.");
                return self.refused_unless_repeat(proposal, refusal).await;
            }
            Err(fault) => return Placed::Answered(Err(fault.into())),
        }
        if let EntryKind::Renamed { name } = &kind
            && let Err(refusal) = self.claim_name(name).await
        {
            return Placed::Answered(Err(refusal));
        }
        Placed::Entry(self.entry(&proposal.author, client_id, kind, batch))
    }

    fn entry(&self, author: &UserId, client_id: ClientId, kind: EntryKind, batch: &Batch) -> Entry {
        let counted = batch.messages() + usize::from(kind.is_message());
        self.ledger.look(|record| Entry {
            conversation: record.id.clone(),
            seq: record.tail.seq + batch.entries.len() as u64 + 1,
            ordinal: record.tail.ordinal + counted as u64,
            at: self.tools.clock.now(),
            author: author.clone(),
            client_id,
            kind,
        })
    }

    /// Whether the message that this one follows is stored, or goes before it in the same batch.
    async fn is_in_order(&self, proposal: &Proposal, batch: &Batch) -> Result<bool, StoreError> {
        let Act::Send { after: Some(after), .. } = &proposal.act else {
            return Ok(true);
        };
        let author = &proposal.author;
        if batch.has(author, after) || self.last_of.get(author) == Some(after) {
            return Ok(true);
        }
        Ok(self.tools.store.find(author, after).await?.is_some())
    }

    async fn refused_unless_repeat(&self, proposal: &Proposal, refusal: Refusal) -> Placed {
        let Act::Send { client_id, .. } = &proposal.act else {
            return Placed::Answered(Err(refusal));
        };
        Placed::Answered(match self.tools.store.find(&proposal.author, client_id).await {
            Ok(Some(stored)) => self.repeated(proposal, stored),
            Ok(None) => Err(refusal),
            Err(fault) => Err(fault.into()),
        })
    }

    /// The answer to a proposal whose author and client id are taken by `stored`.
    fn repeated(&self, proposal: &Proposal, stored: Entry) -> Result<Answer, Refusal> {
        let same = match (&proposal.act, &stored.kind) {
            (Act::Send { body, .. }, EntryKind::Message { body: stored_body }) => body == stored_body,
            _ => false,
        };
        if same && stored.conversation == *self.id() {
            return Ok(Answer::Stored(stored));
        }
        Err(Refusal::new(
            ErrorCode::ClientIdReused,
            "Give every message a client id of its own.",
        ))
    }

    /// Says that it is so already, once the documents say so too.
    async fn unchanged(&mut self) -> Result<Answer, Refusal> {
        self.save_fold().await?;
        Ok(Answer::Unchanged)
    }

    async fn claim_name(&self, name: &str) -> Result<(), Refusal> {
        match self.tools.store.claim_name(self.id(), name_key(name)).await {
            Ok(()) => Ok(()),
            Err(StoreError::Duplicate) => Err(Refusal::new(ErrorCode::NameTaken, "Another channel has this name.")),
            Err(fault) => Err(fault.into()),
        }
    }

    /// Appends, and wakes the feed's watchers in time while the store works.
    async fn append(&mut self, entries: Vec<Entry>) -> Result<Appended, StoreError> {
        let store = Arc::clone(&self.tools.store);
        let mut appending = std::pin::pin!(tokio::time::timeout(APPEND_DEADLINE, store.append(entries)));
        loop {
            tokio::select! {
                outcome = &mut appending => return outcome.unwrap_or(Err(StoreError::Unknown)),
                () = until(self.ring_at) => self.ring_at = self.ledger.feed.ring_if_due(Instant::now()),
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
        self.take_in(&entries);
        for (author, mark) in &appended.read {
            self.tools.sockets.read(author, self.id(), *mark);
        }

        // Answering a change of members or name waits until the documents that others read have it.
        let changes_standing = entries.iter().any(|entry| !entry.kind.is_message());
        if changes_standing && let Err(fault) = self.save_fold().await {
            refuse_all(orders, fault.into());
            return refused;
        }
        for (order, entry) in orders.into_iter().zip(entries) {
            order.settle(Ok(Answer::Stored(entry)));
        }
        refused
    }

    /// Entries that stand in the log, directly behind the head: fold them, move the head, tell the subscribers.
    fn take_in(&mut self, entries: &[Entry]) {
        if entries.is_empty() {
            return;
        }
        for entry in entries {
            self.unsaved.apply(entry);
            if entry.kind.is_message() {
                if self.last_of.len() >= REMEMBERED_AUTHORS {
                    self.last_of.clear();
                }
                self.last_of.insert(entry.author.clone(), entry.client_id.clone());
            }
        }
        self.ledger.apply(entries);
        self.ring_at = self.ledger.feed.push(entries, Instant::now());
        let joined = entries.iter().filter_map(|entry| match Move::of(entry) {
            Some(Move { person, joined: true }) => Some((person, entry.seq)),
            _ => None,
        });
        self.newly_joined.extend(joined);
    }

    /// Writes what entries fold into, then tells those who joined.
    ///
    /// In this order, because a socket that opens in between reads its memberships from the documents: it finds the
    /// new one there, or it was registered early enough to be told. When the writing fails they are told all the
    /// same, and again later.
    async fn save_fold(&mut self) -> Result<(), StoreError> {
        let saved = self
            .unsaved
            .save(&*self.tools.store, &self.ledger.feed.conversation)
            .await;
        for (person, seq) in &self.newly_joined {
            self.tools.sockets.added(person, self.id(), *seq);
        }
        match &saved {
            Ok(()) => self.newly_joined.clear(),
            Err(fault) => tracing::warn!(
                %fault,
                conversation = %self.id(),
                "cannot save what entries fold into; it is tried again"
            ),
        }
        saved
    }

    fn id(&self) -> &ConversationId {
        &self.ledger.feed.conversation
    }
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
