//! Who may do what in a conversation, decided from what its entries fold into. Pure: no clock, no store.

use protocol::{ClientId, ConversationKind, EntryKind, ErrorCode, UserId, Visibility};

use crate::refusal::Refusal;
use crate::store::Record;

/// Something a person wants to happen in a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    pub author: UserId,
    pub act: Act,
}

/// What they want. Texts have been checked already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    Send {
        client_id: ClientId,
        body: String,
        /// The client id of a message that must be stored before this one.
        after: Option<ClientId>,
    },
    /// Makes `person` a member; the author themselves when they join.
    Add {
        person: UserId,
    },
    /// Ends the membership of `person`; the author's own when they leave.
    Remove {
        person: UserId,
    },
    Rename {
        name: String,
    },
}

/// What a proposal comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    Append {
        client_id: ClientId,
        kind: EntryKind,
    },
    /// It is so already.
    Unchanged,
}

/// Whether `person` may read the conversation (P6).
pub fn may_read(record: &Record, person: &UserId) -> bool {
    record.visibility == Visibility::Public || record.fold.is_member(person)
}

/// Refuses who may not read: to them the conversation does not exist.
pub fn require_reader(record: &Record, person: &UserId) -> Result<(), Refusal> {
    if may_read(record, person) {
        Ok(())
    } else {
        Err(Refusal::not_found())
    }
}

/// Refuses who is not a member; only readers learn that the conversation exists.
pub fn require_member(record: &Record, person: &UserId) -> Result<(), Refusal> {
    require_reader(record, person)?;
    if record.fold.is_member(person) {
        Ok(())
    } else {
        Err(Refusal::new(ErrorCode::Forbidden, "Join the channel first."))
    }
}

/// Decides a proposal.
pub fn decide(record: &Record, proposal: &Proposal) -> Result<Decision, Refusal> {
    let author = &proposal.author;
    match &proposal.act {
        Act::Send { client_id, body, .. } => {
            require_member(record, author)?;
            Ok(Decision::Append {
                client_id: client_id.clone(),
                kind: EntryKind::Message { body: body.clone() },
            })
        }
        Act::Add { person } => decide_add(record, author, person),
        Act::Remove { person } => decide_remove(record, author, person),
        Act::Rename { name } => decide_rename(record, author, name),
    }
}

fn decide_add(record: &Record, author: &UserId, person: &UserId) -> Result<Decision, Refusal> {
    require_reader(record, author)?;
    require_changing_members(record)?;
    if record.fold.is_member(person) {
        return Ok(Decision::Unchanged);
    }
    if author != person {
        require_member(record, author)?;
    }
    Ok(Decision::Append {
        client_id: membership_change(record, "joined", person),
        kind: EntryKind::Joined { person: person.clone() },
    })
}

fn decide_remove(record: &Record, author: &UserId, person: &UserId) -> Result<Decision, Refusal> {
    // Who left and says so again, perhaps after a lost answer, is told the same again.
    if author == person && record.fold.members.get(person).is_some_and(|held| !held.value) {
        return Ok(Decision::Unchanged);
    }
    require_reader(record, author)?;
    require_changing_members(record)?;
    if author != person {
        require_member(record, author)?;
    }
    if !record.fold.is_member(person) {
        return Ok(Decision::Unchanged);
    }
    Ok(Decision::Append {
        client_id: membership_change(record, "left", person),
        kind: EntryKind::Left { person: person.clone() },
    })
}

fn decide_rename(record: &Record, author: &UserId, name: &str) -> Result<Decision, Refusal> {
    require_member(record, author)?;
    if record.kind != ConversationKind::Channel {
        return Err(Refusal::new(ErrorCode::Forbidden, "Only channels have names."));
    }
    let (held, seq) = match &record.fold.name {
        Some(held) => (held.value.as_str(), held.seq),
        None => ("", 0),
    };
    if held == name {
        return Ok(Decision::Unchanged);
    }
    Ok(Decision::Append {
        client_id: ClientId::of_operation(["renamed", record.id.as_str(), name, &seq.to_string()]),
        kind: EntryKind::Renamed { name: name.to_owned() },
    })
}

fn require_changing_members(record: &Record) -> Result<(), Refusal> {
    if record.kind == ConversationKind::Channel {
        return Ok(());
    }
    let detail = "A direct or group conversation keeps the members it was started with. Start another one.";
    Err(Refusal::new(ErrorCode::MembersFixed, detail))
}

/// The client id of a change of membership: the same for a repeat, another one for the next change of that person.
fn membership_change(record: &Record, operation: &str, person: &UserId) -> ClientId {
    let written_at = record.fold.members.get(person).map_or(0, |held| held.seq);
    ClientId::of_operation([operation, record.id.as_str(), person.as_str(), &written_at.to_string()])
}

#[cfg(test)]
mod tests;
