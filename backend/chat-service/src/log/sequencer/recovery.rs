//! Finding out what stands in the log: after a taken key, and after an outcome that nobody knows.

use std::collections::VecDeque;
use std::time::Duration;

use protocol::{ClientId, Entry};

use super::super::Proposal;
use super::super::standing::{Act, Decision, decide};
use super::{Order, Sequencer};
use crate::store::StoreError;

/// The random wait after a taken place is shorter than this, in milliseconds.
const LONGEST_WAIT_MS: u32 = 20;
/// Between two questions after an unknown outcome, growing up to the second.
const ASK_AGAIN: Duration = Duration::from_millis(20);
const ASK_AGAIN_AT_MOST: Duration = Duration::from_secs(1);
/// Entries that are read at a time when catching up.
const CATCH_UP_PAGE: u64 = 500;

/// What a taken key was.
pub(super) enum Explained {
    Repeat,
    PlaceTaken,
}

/// Whether `stored` is what a send wanted to store, now or at an earlier try.
fn names(proposal: &Proposal, stored: &Entry) -> bool {
    let Act::Send { client_id, .. } = &proposal.act else {
        return false;
    };
    proposal.author == stored.author && *client_id == stored.client_id
}

impl Sequencer {
    /// The first order met a key that is taken: its own, by an earlier try, or its place, by another node.
    pub(super) async fn explain_refused_key(&mut self, orders: &mut VecDeque<Order>) -> Result<Explained, StoreError> {
        let Some(first) = orders.front() else {
            return Ok(Explained::Repeat);
        };
        let decision = self.ledger.look(|record| decide(record, &first.proposal));
        let stored = match decision {
            Ok(Decision::Append { client_id, .. }) => self.tools.store.find(&first.proposal.author, &client_id).await?,
            _ => None,
        };
        // Even a repeat may have been stored by another node, behind entries we do not know.
        let head = self.ledger.look(|record| record.tail.seq);
        let unknown_here = |stored: &Entry| stored.conversation == *self.id() && stored.seq > head;
        if stored.as_ref().is_none_or(unknown_here) {
            self.catch_up(orders).await?;
        }
        let Some(stored) = stored else {
            return Ok(Explained::PlaceTaken);
        };
        // Decided again, because catching up may have answered it or made it needless.
        let wants_this_name = |order: &Order| {
            let decision = self.ledger.look(|record| decide(record, &order.proposal));
            let wanted =
                |client_id: &ClientId| *client_id == stored.client_id && order.proposal.author == stored.author;
            matches!(decision, Ok(Decision::Append { client_id, .. }) if wanted(&client_id))
        };
        if orders.front().is_some_and(wants_this_name)
            && let Some(first) = orders.pop_front()
        {
            let answer = self.repeated(&first.proposal, stored);
            first.settle(answer);
        }
        Ok(Explained::Repeat)
    }

    /// Reads and takes in everything behind the head. Orders that turn out to be stored are answered.
    async fn catch_up(&mut self, orders: &mut VecDeque<Order>) -> Result<(), StoreError> {
        loop {
            let head = self.ledger.look(|record| record.tail.seq);
            let store = &self.tools.store;
            let entries = store.entries(self.id(), head + 1..=head + CATCH_UP_PAGE).await?;
            if entries.is_empty() {
                return Ok(());
            }
            if entries.iter().zip(head + 1..).any(|(entry, seq)| entry.seq != seq) {
                return Err(StoreError::Broken(format!("the log of {} has a hole", self.id())));
            }
            self.take_in(&entries);
            self.answer_found(orders, &entries);
        }
    }

    fn answer_found(&self, orders: &mut VecDeque<Order>, entries: &[Entry]) {
        let mut unanswered = VecDeque::with_capacity(orders.len());
        for order in orders.drain(..) {
            match entries.iter().find(|entry| names(&order.proposal, entry)) {
                Some(entry) => {
                    let answer = self.repeated(&order.proposal, entry.clone());
                    order.settle(answer);
                }
                None => unanswered.push_back(order),
            }
        }
        *orders = unanswered;
    }

    /// After an unknown outcome: asks until the log answers. False when the process stops before it does.
    pub(super) async fn ask_until_known(&mut self, orders: &mut VecDeque<Order>) -> bool {
        let mut pause = ASK_AGAIN;
        let mut stopping = std::pin::pin!(self.tools.lifecycle.stopping());
        loop {
            match self.catch_up(orders).await {
                Ok(()) => return true,
                Err(fault) => {
                    tracing::warn!(%fault, conversation = %self.id(), "cannot learn whether an append was stored");
                }
            }
            tokio::select! {
                () = tokio::time::sleep(pause) => pause = (pause * 2).min(ASK_AGAIN_AT_MOST),
                () = &mut stopping => return false,
            }
        }
    }

    pub(super) async fn wait_a_little(&self) {
        let wait_ms = self.tools.random.below(LONGEST_WAIT_MS);
        tokio::time::sleep(Duration::from_millis(u64::from(wait_ms))).await;
    }
}
