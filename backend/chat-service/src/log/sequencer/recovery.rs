//! Finding out what stands in the log: after a taken key, and after an outcome that nobody knows.

use std::collections::VecDeque;
use std::time::Duration;

use protocol::{ClientId, Entry};

use super::super::Proposal;
use super::super::batch::Batch;
use super::super::standing::Decision;
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

/// Whether `stored` has the name that a client gave this proposal.
fn names(proposal: &Proposal, stored: &Entry) -> bool {
    proposal.author == stored.author && proposal.act.client_id() == Some(&stored.client_id)
}

impl Sequencer {
    /// The first order met a key that is taken: its own, by an earlier try, or its place, by another node.
    pub(super) async fn explain_refused_key(&mut self, orders: &mut VecDeque<Order>) -> Result<Explained, StoreError> {
        let Some(first) = orders.front() else {
            return Ok(Explained::Repeat);
        };
        let stored = match self.client_id_of(&first.proposal) {
            Some(client_id) => self.tools.store.find(&first.proposal.author, &client_id).await?,
            None => None,
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
            order.proposal.author == stored.author
                && self.client_id_of(&order.proposal).as_ref() == Some(&stored.client_id)
        };
        if orders.front().is_some_and(wants_this_name)
            && let Some(first) = orders.pop_front()
        {
            let answer = self.repeated(&first.proposal, stored).await;
            first.settle(answer);
        }
        Ok(Explained::Repeat)
    }

    /// The client id under which a proposal would be stored now: its own, or the one the server gives it.
    fn client_id_of(&self, proposal: &Proposal) -> Option<ClientId> {
        if let Some(client_id) = proposal.act.client_id() {
            return Some(client_id.clone());
        }
        match self.decide(proposal, &Batch::default()) {
            Ok(Decision::Append { client_id, .. }) => Some(client_id),
            Ok(Decision::Unchanged) | Err(_) => None,
        }
    }

    /// Reads and takes in everything behind the head. Orders that turn out to be stored are answered.
    pub(super) async fn catch_up(&mut self, orders: &mut VecDeque<Order>) -> Result<(), StoreError> {
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
            self.ring();
            self.answer_found(orders, &entries);
        }
    }

    fn answer_found(&self, orders: &mut VecDeque<Order>, entries: &[Entry]) {
        let mut unanswered = VecDeque::with_capacity(orders.len());
        for order in orders.drain(..) {
            // What others read must have a change of standing before that is answered: it is decided again.
            let found = entries.iter().find(|entry| names(&order.proposal, entry));
            match found.filter(|_| !order.proposal.act.changes_standing()) {
                Some(entry) => {
                    let answer = self.same_or_reused(&order.proposal, entry.clone());
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
                Ok(()) => {
                    // Perhaps some of it is ours, and then nobody else has told of it.
                    self.tell_how_far();
                    return true;
                }
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
