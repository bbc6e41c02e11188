//! What proposals come to before anything is stored: decided, or answered as repeats.

use std::collections::{HashMap, VecDeque};

use protocol::mentions::{self, MOST_HERE};
use protocol::{ClientId, Entry, EntryKind, ErrorCode, UserId};

use super::super::batch::{Batch, Order};
use super::super::standing::{Act, Decision, decide};
use super::super::{Answer, Proposal};
use super::{Placed, Sequencer};
use crate::people;
use crate::refusal::Refusal;
use crate::store::{StoreError, StoredMessage, name_key};

impl Sequencer {
    /// Reads what deciding these orders needs to know, all at once.
    pub(super) async fn learn(&mut self, orders: &mut VecDeque<Order>) -> Result<(), StoreError> {
        if !orders.iter().any(|order| order.proposal.act.needs_lore()) {
            return Ok(());
        }
        let mut missing = self.lore.missing_messages(orders);
        let head = self.ledger.look(|record| record.tail.seq);
        if missing.last().is_some_and(|last| *last > head) {
            // Perhaps another node has stored it.
            self.catch_up(orders).await?;
            let head = self.ledger.look(|record| record.tail.seq);
            missing.retain(|seq| *seq <= head);
        }
        if !missing.is_empty() {
            let found = self.tools.store.messages(self.id(), missing.clone()).await?;
            let mut found: HashMap<u64, StoredMessage> =
                found.into_iter().map(|message| (message.entry.seq, message)).collect();
            for seq in missing {
                let mut message = found.remove(&seq);
                if let Some(message) = &mut message {
                    self.ledger.look_with_unsaved(|_, unsaved| {
                        if let Some(newer) = unsaved.messages().get(&seq) {
                            message.fold.merge(newer);
                        }
                    });
                }
                self.lore.put_message(seq, message);
            }
        }
        for person in self.lore.missing_roles(orders) {
            let is_administrator = people::is_administrator(&*self.tools.store, &person).await?;
            self.lore.put_role(person, is_administrator);
        }
        Ok(())
    }

    /// Decides a proposal as if the batch stood in the log.
    pub(super) fn decide(&self, proposal: &Proposal, batch: &Batch) -> Result<Decision, Refusal> {
        let target = self.lore.target_after(&proposal.act, batch);
        let facts = self
            .lore
            .facts(&proposal.author, target.as_ref(), self.tools.most_reactions);
        self.ledger.look(|record| decide(record, proposal, &facts))
    }

    /// Decides one proposal and gives it the place behind the batch.
    pub(super) async fn place(&mut self, proposal: &Proposal, batch: &Batch) -> Placed {
        let (client_id, kind) = match self.decide(proposal, batch) {
            Ok(Decision::Append { client_id, kind }) => (client_id, kind),
            // That may follow from something in the batch, of which nobody may be told before it is stored.
            _ if !batch.is_empty() && proposal.act.target().is_some() => return Placed::Later,
            Ok(Decision::Unchanged) => return Placed::Answered(self.unchanged(proposal).await),
            Err(refusal) => return Placed::Answered(self.refused_unless_repeat(proposal, refusal).await),
        };
        if batch.has(&proposal.author, &client_id) {
            return Placed::Later;
        }
        match self.is_in_order(proposal, batch).await {
            Ok(true) => {}
            Ok(false) => {
                let refusal = Refusal::new(ErrorCode::OutOfOrder, "Send the message before this one first.");
                return Placed::Answered(self.refused_unless_repeat(proposal, refusal).await);
            }
            Err(fault) => return Placed::Answered(Err(fault.into())),
        }
        if let EntryKind::Renamed { name } = &kind
            && let Err(refusal) = self.claim_name(name).await
        {
            return Placed::Answered(Err(refusal));
        }
        let kind = self.name_those_here(kind, proposal, batch);
        Placed::Entry(self.entry(&proposal.author, client_id, kind, batch))
    }

    /// Names those whom `<!here>` in a text means: the members who are there now. An edit of a message that had it before
    /// means the same people as then.
    fn name_those_here(&self, mut kind: EntryKind, proposal: &Proposal, batch: &Batch) -> EntryKind {
        let (EntryKind::Message { body, here, .. } | EntryKind::Edit { body, here, .. }) = &mut kind else {
            return kind;
        };
        if !mentions::read(body).here {
            return kind;
        }
        let before = match proposal.act {
            Act::Touch { .. } => self.lore.target_after(&proposal.act, batch),
            _ => None,
        };
        let meant_before = before
            .as_ref()
            .map(StoredMessage::text)
            .filter(|(body, _)| mentions::read(body).here);
        *here = match meant_before {
            Some((_, here)) => here.to_vec(),
            None => self.ledger.look(|record| {
                let others = record
                    .fold
                    .current_members()
                    .filter(|person| **person != proposal.author);
                self.tools.presences.active_of(others, MOST_HERE)
            }),
        };
        kind
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

    async fn refused_unless_repeat(&mut self, proposal: &Proposal, refusal: Refusal) -> Result<Answer, Refusal> {
        match self.find_repeated(proposal).await? {
            Some(stored) => self.repeated(proposal, stored).await,
            None => Err(refusal),
        }
    }

    /// It is so already: says so once the documents say so too, with the entry if it was this very proposal.
    async fn unchanged(&mut self, proposal: &Proposal) -> Result<Answer, Refusal> {
        if let Some(stored) = self.find_repeated(proposal).await? {
            return self.repeated(proposal, stored).await;
        }
        if proposal.act.changes_standing() {
            self.save_fold().await?;
        }
        Ok(Answer::Unchanged)
    }

    /// What an earlier try of this proposal has stored.
    async fn find_repeated(&self, proposal: &Proposal) -> Result<Option<Entry>, StoreError> {
        match proposal.act.client_id() {
            Some(client_id) => self.tools.store.find(&proposal.author, client_id).await,
            None => Ok(None),
        }
    }

    /// The answer to a proposal whose author and client id are taken by `stored`, once others read what it did.
    pub(super) async fn repeated(&mut self, proposal: &Proposal, stored: Entry) -> Result<Answer, Refusal> {
        if proposal.act.changes_standing() {
            if self.ledger.look(|record| stored.seq > record.tail.seq) {
                self.catch_up(&mut VecDeque::new()).await?;
            }
            self.save_fold().await?;
        }
        // The first try may have died before it told anybody.
        self.tell_how_far();
        self.same_or_reused(proposal, stored)
    }

    /// The stored entry, if it is what the proposal wants; it may have been blanked since.
    pub(super) fn same_or_reused(&self, proposal: &Proposal, stored: Entry) -> Result<Answer, Refusal> {
        let is_same = match proposal.act.named() {
            Some((_, wanted)) => stored.kind.as_sent() == wanted || stored.kind == wanted.blanked(),
            // What the server names itself is decided again instead; only a message that took the name comes here.
            None => false,
        };
        if is_same && stored.conversation == *self.id() {
            return Ok(Answer::Stored(stored));
        }
        Err(Refusal::new(
            ErrorCode::ClientIdReused,
            "Give every message, and everything done to one, a client id of its own.",
        ))
    }

    async fn claim_name(&self, name: &str) -> Result<(), Refusal> {
        match self.tools.store.claim_name(self.id(), name_key(name)).await {
            Ok(()) => Ok(()),
            Err(StoreError::Duplicate) => Err(Refusal::new(ErrorCode::NameTaken, "Another channel has this name.")),
            Err(fault) => Err(fault.into()),
        }
    }
}
