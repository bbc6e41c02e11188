//! What deciding needs to know beyond the conversation itself, read once for all proposals that wait.

use std::collections::{HashMap, VecDeque};

use protocol::{Entry, UserId};

use super::batch::{Batch, Order};
use super::standing::{Act, Facts};
use crate::store::StoredMessage;

/// The messages that proposals name, and whether authors are administrators.
#[derive(Debug, Default)]
pub(super) struct Lore {
    /// By seq; `None` where there is no message.
    messages: HashMap<u64, Option<StoredMessage>>,
    administrators: HashMap<UserId, bool>,
}

impl Lore {
    /// Forgets everything: the next proposals may come much later.
    pub(super) fn forget(&mut self) {
        self.messages.clear();
        self.administrators.clear();
    }

    /// The messages that these orders name and that are not known yet.
    pub(super) fn missing_messages(&self, orders: &VecDeque<Order>) -> Vec<u64> {
        let targets = orders.iter().filter_map(|order| order.proposal.act.target());
        let mut missing: Vec<u64> = targets.filter(|target| !self.messages.contains_key(target)).collect();
        missing.sort_unstable();
        missing.dedup();
        missing
    }

    /// Authors whose role matters and is not known yet.
    pub(super) fn missing_roles(&self, orders: &VecDeque<Order>) -> Vec<UserId> {
        let asking = orders.iter().filter(|order| order.proposal.act.asks_for_role());
        let authors = asking.map(|order| &order.proposal.author);
        let mut missing: Vec<UserId> = authors
            .filter(|author| !self.administrators.contains_key(author))
            .cloned()
            .collect();
        missing.sort_unstable();
        missing.dedup();
        missing
    }

    /// Remembers what was found at a seq.
    pub(super) fn put_message(&mut self, seq: u64, message: Option<StoredMessage>) {
        self.messages.insert(seq, message);
    }

    /// Remembers what somebody is.
    pub(super) fn put_role(&mut self, person: UserId, is_administrator: bool) {
        self.administrators.insert(person, is_administrator);
    }

    /// Takes an entry into account that stands in the log now.
    pub(super) fn apply(&mut self, entry: &Entry) {
        let target = entry.kind.target().and_then(|target| self.messages.get_mut(&target));
        if let Some(Some(message)) = target {
            message.fold.apply(entry);
        }
    }

    /// The message that an act names, as it will be after the batch.
    pub(super) fn target_after(&self, act: &Act, batch: &Batch) -> Option<StoredMessage> {
        let target = act.target()?;
        let mut message = self.messages.get(&target)?.clone()?;
        for entry in batch.touching(target) {
            message.fold.apply(entry);
        }
        Some(message)
    }

    /// The facts about one author, with the message they name.
    pub(super) fn facts<'a>(
        &self,
        author: &UserId,
        target: Option<&'a StoredMessage>,
        most_reactions: usize,
    ) -> Facts<'a> {
        Facts {
            target,
            is_administrator: self.administrators.get(author).copied().unwrap_or(false),
            most_reactions,
        }
    }
}
