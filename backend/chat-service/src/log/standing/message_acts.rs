//! Writing messages, and what may be done to them.

use std::collections::BTreeSet;

use protocol::timeline::MessageFold;
use protocol::{ClientId, ErrorCode, UserId};

use super::{Act, Decision, Proposal, Touch, require_member, require_open};
use crate::refusal::Refusal;
use crate::store::{Record, StoredMessage};

/// What a decision needs to know beyond the conversation itself.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The message that the proposal names; none when there is no such message in this conversation.
    pub target: Option<&'a StoredMessage>,
    /// Whether the author is an administrator of the workspace.
    pub is_administrator: bool,
    /// Different emoji that may stand beside one message.
    pub most_reactions: usize,
}

pub(super) fn decide_send(record: &Record, proposal: &Proposal, facts: &Facts<'_>) -> Result<Decision, Refusal> {
    require_member(record, &proposal.author)?;
    require_open(record)?;
    // What was deleted can be answered: its place is still there.
    if proposal.act.target().is_some() && facts.target.is_none() {
        return Err(Refusal::no_such_message());
    }
    append(&proposal.act)
}

pub(super) fn decide_touch(
    record: &Record,
    proposal: &Proposal,
    touch: &Touch,
    facts: &Facts<'_>,
) -> Result<Decision, Refusal> {
    let author = &proposal.author;
    require_member(record, author)?;
    require_open(record)?;
    let target = facts.target.ok_or_else(Refusal::no_such_message)?;
    match touch {
        Touch::Edit { .. } => require_author(author, target)?,
        Touch::Delete => require_right_to_delete(record, author, target, facts)?,
        Touch::React { .. } | Touch::Pin { .. } => {}
    }
    if is_so_already(target, author, touch) {
        return Ok(Decision::Unchanged);
    }
    if target.fold.is_deleted() {
        return Err(Refusal::new(ErrorCode::MessageDeleted, "This message was deleted."));
    }
    if let Touch::React { emoji, on: true } = touch {
        require_room(&target.fold, author, emoji, facts.most_reactions)?;
    }
    append(&proposal.act)
}

fn append(act: &Act) -> Result<Decision, Refusal> {
    // Only what a client names comes here; the rest has names of the server's own.
    let (client_id, kind) = act.named().ok_or_else(Refusal::unavailable)?;
    let client_id: ClientId = client_id.clone();
    Ok(Decision::Append { client_id, kind })
}

fn require_author(author: &UserId, target: &StoredMessage) -> Result<(), Refusal> {
    if target.entry.author == *author {
        Ok(())
    } else {
        let detail = "Only who wrote a message edits it.";
        Err(Refusal::new(ErrorCode::Forbidden, detail))
    }
}

fn require_right_to_delete(
    record: &Record,
    author: &UserId,
    target: &StoredMessage,
    facts: &Facts<'_>,
) -> Result<(), Refusal> {
    let owns_channel = record.kind == protocol::ConversationKind::Channel && record.created_by == *author;
    if target.entry.author == *author || owns_channel || facts.is_administrator {
        return Ok(());
    }
    let detail = "Who wrote a message deletes it, or who made the channel, or an administrator.";
    Err(Refusal::new(ErrorCode::Forbidden, detail))
}

fn is_so_already(target: &StoredMessage, author: &UserId, touch: &Touch) -> bool {
    let fold = &target.fold;
    match touch {
        Touch::Delete => fold.is_deleted(),
        _ if fold.is_deleted() => false,
        Touch::Edit { body } => target.text().0 == body,
        Touch::React { emoji, on } => fold.has_reaction(emoji, author) == *on,
        Touch::Pin { on } => fold.is_pinned() == *on,
    }
}

/// Refuses one different emoji too many: beside the message, or of this person, where those they took away again count
/// too, because the fold remembers them for ever.
fn require_room(fold: &MessageFold, author: &UserId, emoji: &str, most: usize) -> Result<(), Refusal> {
    let mut standing: BTreeSet<&str> = BTreeSet::new();
    let mut own: BTreeSet<&str> = BTreeSet::new();
    for ((known, person), held) in &fold.reactions {
        if held.value {
            standing.insert(known);
        }
        if person == author {
            own.insert(known);
        }
    }
    let is_full = |emojis: &BTreeSet<&str>| emojis.len() >= most && !emojis.contains(emoji);
    if is_full(&standing) || is_full(&own) {
        let detail = format!("A message has at most {most} different emoji.");
        return Err(Refusal::new(ErrorCode::TooManyReactions, detail));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
