//! Proposals that go to the store together, each with the entry it became.

use std::collections::VecDeque;

use protocol::{ClientId, Entry, UserId};
use tokio::sync::oneshot;

use super::desks::Desk;
use super::{Answer, Proposal};
use crate::refusal::Refusal;
use std::sync::Arc;

/// Entries in one insert.
const MOST_ENTRIES: usize = 256;

/// A proposal and who waits for its answer.
pub(super) struct Order {
    pub(super) proposal: Proposal,
    pub(super) answer: oneshot::Sender<Result<Answer, Refusal>>,
    /// Keeps the conversation open until this is answered.
    pub(super) _open: Arc<Desk>,
}

impl Order {
    /// Answers. Whoever asked may have gone away; what was stored stands all the same.
    pub(super) fn settle(self, answer: Result<Answer, Refusal>) {
        drop(self.answer.send(answer));
    }
}

/// Refuses everything that waits, for one reason.
pub(super) fn refuse_all(orders: impl IntoIterator<Item = Order>, refusal: Refusal) {
    let mut orders = orders.into_iter();
    let Some(first) = orders.next() else { return };
    for order in orders {
        order.settle(Err(refusal.repeated()));
    }
    // One of them carries the cause, so that it is logged once.
    first.settle(Err(refusal));
}

/// Orders whose entries follow each other.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) entries: Vec<Entry>,
    pub(super) orders: VecDeque<Order>,
}

impl Batch {
    pub(super) fn push(&mut self, entry: Entry, order: Order) {
        self.entries.push(entry);
        self.orders.push_back(order);
    }

    pub(super) fn is_full(&self) -> bool {
        self.entries.len() >= MOST_ENTRIES
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether the author has an entry of this name in the batch.
    pub(super) fn has(&self, author: &UserId, client_id: &ClientId) -> bool {
        let mut entries = self.entries.iter();
        entries.any(|entry| entry.author == *author && entry.client_id == *client_id)
    }

    /// Its entries that change the message at `target`.
    pub(super) fn touching(&self, target: u64) -> impl Iterator<Item = &Entry> {
        self.entries
            .iter()
            .filter(move |entry| entry.kind.target() == Some(target))
    }

    pub(super) fn messages(&self) -> usize {
        self.entries.iter().filter(|entry| entry.kind.is_message()).count()
    }
}
