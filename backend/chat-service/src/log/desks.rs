//! The conversations in use, each with its sequencer.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use protocol::timeline::MessageFold;
use protocol::{ConversationId, Entry, UserId};
use service_kit::{Lifecycle, SharedClock, SharedRandom};
use tokio::sync::{OnceCell, mpsc, oneshot};
use tokio::time::Instant;

use super::heard::Heard;
use super::ledger::Ledger;
use super::sequencer::{Inbox, Order, Sequencer};
use super::standing::require_reader;
use super::unsaved::Unsaved;
use super::{Answer, Proposal};
use crate::fanout::feed::{Feed, Feeds};
use crate::fanout::sockets::Sockets;
use crate::measures::Measures;
use crate::presence::Presences;
use crate::refusal::Refusal;
use crate::store::{ChatStore, Record, StoreError};

/// Proposals that may wait for one sequencer; more are refused, so that memory stays bounded.
const WAITING_ORDERS: usize = 1024;
/// Notes of other nodes that may wait for one sequencer.
const WAITING_NOTES: usize = 1024;
/// How long a conversation stays open that nobody uses.
///
/// What is appended between reading a person's memberships and watching their feeds is found in the feed's head,
/// which lives as long as the desk or a watcher. So this, and the next one too, is longer than a socket may take to
/// enter.
const IDLE: Duration = Duration::from_mins(1);
/// The same when there are more open conversations than the setting wants.
const IDLE_WHEN_CROWDED: Duration = Duration::from_secs(20);
/// How often idle conversations are looked for.
const SWEEP_EVERY: Duration = Duration::from_secs(5);
/// How long somebody waits for an entry that another node has stored.
const REACH_WITHIN: Duration = Duration::from_secs(10);
/// Entries that are folded at a time when a conversation is opened.
const FOLD_PAGE: u64 = 500;

/// What every sequencer works with.
pub(super) struct Tools {
    pub(super) store: Arc<dyn ChatStore>,
    pub(super) sockets: Arc<Sockets>,
    pub(super) presences: Arc<Presences>,
    pub(super) clock: SharedClock,
    pub(super) random: SharedRandom,
    pub(super) lifecycle: Lifecycle,
    pub(super) measures: Arc<Measures>,
    /// Different emoji that may stand beside one message.
    pub(super) most_reactions: usize,
}

/// A conversation in use. Holding it keeps it open, and so does every proposal that waits.
pub struct Desk {
    ledger: Arc<Ledger>,
    orders: mpsc::Sender<Order>,
    heard: mpsc::Sender<Heard>,
    /// Milliseconds since the desks were made.
    used_at_ms: AtomicU64,
}

/// The answer to a proposal that is on its way.
pub struct PendingAnswer(oneshot::Receiver<Result<Answer, Refusal>>);

impl PendingAnswer {
    /// Waits until the proposal is durable or refused.
    pub async fn settled(self) -> Result<Answer, Refusal> {
        // Dropped unanswered only when the process stops: whether it was stored is for the next try to find out.
        self.0.await.unwrap_or_else(|_| Err(Refusal::unavailable()))
    }
}

impl Desk {
    /// Puts a proposal behind those that wait. Proposals submitted one after the other are decided in that order.
    pub fn submit(self: &Arc<Self>, proposal: Proposal) -> Result<PendingAnswer, Refusal> {
        let (answer, settled) = oneshot::channel();
        let order = Order {
            proposal,
            answer,
            _open: Arc::clone(self),
        };
        match self.orders.try_send(order) {
            Ok(()) => Ok(PendingAnswer(settled)),
            Err(_full_or_closed) => Err(Refusal::unavailable()),
        }
    }

    /// Submits a proposal and waits for the answer.
    pub async fn carry_out(self: &Arc<Self>, proposal: Proposal) -> Result<Answer, Refusal> {
        self.submit(proposal)?.settled().await
    }

    /// Another node has stored these entries.
    pub fn hear(&self, entries: Vec<Entry>) {
        self.put(Heard::Entries(entries));
    }

    /// Another node has saved what entries up to here fold into.
    pub fn hear_saved(&self, folded: u64) {
        self.put(Heard::Saved(folded));
    }

    /// Whether the log of this epoch is the one that is open, and reaches farther than is known here.
    pub fn is_behind(&self, epoch: &str, head: u64) -> bool {
        self.feed().epoch == epoch && self.look(|record| record.tail.seq) < head
    }

    /// Looks for entries that nobody has told of.
    pub fn look_behind(&self) {
        self.put(Heard::Behind);
    }

    /// Makes sure that the entry at `seq`, which another node has stored, is taken in.
    pub async fn reach(&self, seq: u64) -> Result<(), Refusal> {
        if self.look(|record| record.tail.seq) >= seq {
            return Ok(());
        }
        let (tell, told) = oneshot::channel();
        self.put(Heard::Awaited(tell));
        match tokio::time::timeout(REACH_WITHIN, told).await {
            Ok(Ok(true)) => Ok(()),
            _not_read => Err(Refusal::unavailable()),
        }
    }

    /// What there is no room for is found by comparing.
    fn put(&self, heard: Heard) {
        drop(self.heard.try_send(heard));
    }

    /// Looks at the conversation as it stands now.
    pub fn look<T>(&self, at: impl FnOnce(&Record) -> T) -> T {
        self.ledger.look(at)
    }

    /// Looks at the conversation, and at what became of its messages and is not in the store yet.
    ///
    /// Who asks the store afterwards, and merges both, knows everything up to the tail seen here.
    pub fn look_with_unsaved<T>(&self, at: impl FnOnce(&Record, &BTreeMap<u64, MessageFold>) -> T) -> T {
        let ledger = &self.ledger;
        ledger.look_with_unsaved(|record, unsaved| at(record, unsaved.messages()))
    }

    /// Messages of which a version named this person or everybody, and the store does not have that yet.
    pub fn unsaved_naming(&self, person: &UserId) -> Vec<u64> {
        self.ledger.look_with_unsaved(|_, unsaved| unsaved.naming(person))
    }

    /// The way to its subscribers.
    pub fn feed(&self) -> &Arc<Feed> {
        &self.ledger.feed
    }
}

/// A place in the table: filled once, by the first who opens the conversation.
type Place = Arc<OnceCell<Arc<Desk>>>;

/// The open conversations of this node.
pub struct Desks {
    tools: Arc<Tools>,
    feeds: Arc<Feeds>,
    most: usize,
    started: Instant,
    table: Mutex<HashMap<ConversationId, Place>>,
}

/// What [`Desks`] needs.
pub struct DesksParts {
    pub store: Arc<dyn ChatStore>,
    pub feeds: Arc<Feeds>,
    pub sockets: Arc<Sockets>,
    /// Who `<!here>` can mean.
    pub presences: Arc<Presences>,
    pub clock: SharedClock,
    pub random: SharedRandom,
    pub lifecycle: Lifecycle,
    pub measures: Arc<Measures>,
    /// Different emoji that may stand beside one message.
    pub most_reactions: usize,
    /// Above this many open conversations idle ones are closed sooner.
    pub most: usize,
}

impl Desks {
    /// No open conversations.
    pub fn new(parts: DesksParts) -> Self {
        let tools = Tools {
            store: parts.store,
            sockets: parts.sockets,
            presences: parts.presences,
            clock: parts.clock,
            random: parts.random,
            lifecycle: parts.lifecycle,
            measures: parts.measures,
            most_reactions: parts.most_reactions,
        };
        Self {
            tools: Arc::new(tools),
            feeds: parts.feeds,
            most: parts.most,
            started: Instant::now(),
            table: Mutex::default(),
        }
    }

    /// The conversation, opened if it was not.
    pub async fn open(&self, id: &ConversationId) -> Result<Arc<Desk>, Refusal> {
        let place = Arc::clone(self.table().entry(id.clone()).or_default());
        let opened = place.get_or_try_init(|| self.load(id)).await;
        match opened {
            Ok(desk) => {
                self.note_use(desk);
                // Another node may have told of more since the record was read.
                if desk.feed().head() > desk.look(|record| record.tail.seq) {
                    desk.look_behind();
                }
                Ok(Arc::clone(desk))
            }
            Err(refusal) => {
                self.forget_unopened(id, &place);
                Err(refusal)
            }
        }
    }

    /// The conversation if it is open already.
    pub fn opened(&self, id: &ConversationId) -> Option<Arc<Desk>> {
        let desk = self.glance(id)?;
        self.note_use(&desk);
        Some(desk)
    }

    /// It is in use now, and stays open for a while.
    pub fn note_use(&self, desk: &Desk) {
        desk.used_at_ms.store(self.now_ms(), Ordering::Relaxed);
    }

    /// The conversation if it is open already; looking does not count as using it.
    pub fn glance(&self, id: &ConversationId) -> Option<Arc<Desk>> {
        self.table().get(id).and_then(|place| place.get().cloned())
    }

    /// Whether somebody is just opening the conversation.
    pub fn is_opening(&self, id: &ConversationId) -> bool {
        self.table().get(id).is_some_and(|place| place.get().is_none())
    }

    /// Folds what a process that died had stored but not folded. Run once, before anyone is served.
    pub async fn heal(&self) -> Result<usize, StoreError> {
        let unfolded = self.tools.store.unfolded().await?;
        for id in &unfolded {
            if let Some(record) = self.tools.store.conversation(id).await? {
                fold_rest(&*self.tools.store, record).await?;
            }
        }
        Ok(unfolded.len())
    }

    /// From time to time closes idle conversations; closes all of them when the process stops.
    pub async fn sweep_until_stopped(&self) {
        let mut stopping = std::pin::pin!(self.tools.lifecycle.stopping());
        loop {
            tokio::select! {
                () = &mut stopping => break,
                () = tokio::time::sleep(SWEEP_EVERY) => self.sweep(self.now_ms()),
            }
        }
        self.table().clear();
    }

    /// Ids that name nothing must not fill the table. A place that somebody else is just opening stays, because two
    /// sequencers of one conversation on one node would each know only half of it.
    fn forget_unopened(&self, id: &ConversationId, place: &Place) {
        let mut table = self.table();
        let only_ours = Arc::strong_count(place) == 2;
        if only_ours
            && table
                .get(id)
                .is_some_and(|held| Arc::ptr_eq(held, place) && held.get().is_none())
        {
            table.remove(id);
        }
    }

    /// Closes conversations that nobody holds and nobody used for a while.
    fn sweep(&self, now_ms: u64) {
        let mut table = self.table();
        let idle = if table.len() > self.most {
            IDLE_WHEN_CROWDED
        } else {
            IDLE
        };
        table.retain(|_, place| {
            let Some(desk) = place.get() else {
                return Arc::strong_count(place) > 1;
            };
            let unused_ms = now_ms.saturating_sub(desk.used_at_ms.load(Ordering::Relaxed));
            let held = Arc::strong_count(place) > 1 || Arc::strong_count(desk) > 1;
            held || u128::from(unused_ms) < idle.as_millis()
        });
        let open = i64::try_from(table.len()).unwrap_or(i64::MAX);
        self.tools.measures.open_conversations.set(open);
        drop(table);
        self.feeds.sweep();
    }

    async fn load(&self, id: &ConversationId) -> Result<Arc<Desk>, Refusal> {
        if self.tools.lifecycle.is_stopping() {
            return Err(Refusal::unavailable());
        }
        let record = self.tools.store.conversation(id).await?;
        let record = record.ok_or_else(Refusal::not_found)?;
        let (record, unsaved) = fold_rest(&*self.tools.store, record).await?;

        let feed = self.feeds.get(id, &record.epoch);
        feed.continue_after(record.tail.seq);
        let (orders, waiting) = mpsc::channel(WAITING_ORDERS);
        let (heard, waiting_notes) = mpsc::channel(WAITING_NOTES);
        let inbox = Inbox {
            orders: waiting,
            heard: waiting_notes,
        };
        // Whoever was removed while it was closed here looks on no more (P6).
        let may_read = |person: &UserId| require_reader(&record, person).is_ok();
        self.tools.sockets.onlookers.keep_only(id, may_read);
        let ledger = Arc::new(Ledger::new(feed, record, unsaved));
        let sequencer = Sequencer::new(Arc::clone(&ledger), Arc::clone(&self.tools), inbox);
        self.tools.lifecycle.spawn("sequencer", sequencer.run());
        Ok(Arc::new(Desk {
            ledger,
            orders,
            heard,
            used_at_ms: AtomicU64::new(self.now_ms()),
        }))
    }

    fn table(&self) -> std::sync::MutexGuard<'_, HashMap<ConversationId, Place>> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// Applies `folded + 1 … tail`, so that what people read is what the log says.
///
/// Answers the record and what of its fold could not be saved.
async fn fold_rest(store: &dyn ChatStore, mut record: Record) -> Result<(Record, Unsaved), StoreError> {
    let mut unsaved = Unsaved::nothing(record.folded);
    while record.folded < record.tail.seq {
        let last = record.tail.seq.min(record.folded + FOLD_PAGE);
        let entries = store.entries(&record.id, record.folded + 1..=last).await?;
        if entries.is_empty() {
            return Err(StoreError::Broken(format!("the log of {} has a hole", record.id)));
        }
        for entry in &entries {
            record.fold.apply(entry);
            unsaved.apply(entry);
            record.folded = entry.seq;
        }
    }
    match unsaved.save(store, &record.id).await {
        Ok(_) => unsaved.forget(),
        // With a full disk reading must go on; the sequencer saves it later.
        Err(StoreError::Full) => {}
        Err(fault) => return Err(fault),
    }
    Ok((record, unsaved))
}

#[cfg(test)]
mod tests;
