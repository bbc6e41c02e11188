//! Who may do what in a conversation, decided from what its entries fold into. Pure: no clock, no store.

mod message_acts;

use protocol::{ClientId, ConversationKind, EntryKind, ErrorCode, UserId, Visibility};

pub use self::message_acts::Facts;
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
        /// The seq of the message this one answers.
        reply_to: Option<u64>,
        /// The client id of a message that must be stored before this one.
        after: Option<ClientId>,
    },
    /// Does something to the message at `target`.
    Touch {
        client_id: ClientId,
        target: u64,
        touch: Touch,
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
    SetTopic {
        topic: String,
    },
    /// Closes a channel for everything but reading, or opens it again.
    Archive {
        on: bool,
    },
}

/// What is done to a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Touch {
    Edit { body: String },
    Delete,
    React { emoji: String, on: bool },
    Pin { on: bool },
}

impl Act {
    /// The name that the client gave it and what it wants stored; none for what the server names itself.
    pub fn named(&self) -> Option<(&ClientId, EntryKind)> {
        match self {
            Self::Send {
                client_id,
                body,
                reply_to,
                ..
            } => {
                let (body, reply_to) = (body.clone(), *reply_to);
                Some((client_id, EntryKind::message(body, reply_to)))
            }
            Self::Touch {
                client_id,
                target,
                touch,
            } => Some((client_id, touch.entry(*target))),
            _ => None,
        }
    }

    /// The client id that the client gave it.
    pub fn client_id(&self) -> Option<&ClientId> {
        match self {
            Self::Send { client_id, .. } | Self::Touch { client_id, .. } => Some(client_id),
            _ => None,
        }
    }

    /// The message that must be known to decide it.
    pub fn target(&self) -> Option<u64> {
        match self {
            Self::Send { reply_to, .. } => *reply_to,
            Self::Touch { target, .. } => Some(*target),
            _ => None,
        }
    }

    /// Whether an administrator may do more here than others.
    pub fn asks_for_role(&self) -> bool {
        matches!(
            self,
            Self::Archive { .. }
                | Self::Add { .. }
                | Self::Touch {
                    touch: Touch::Delete,
                    ..
                }
        )
    }

    /// Whether deciding it needs more than the conversation itself.
    pub fn needs_lore(&self) -> bool {
        self.target().is_some() || self.asks_for_role()
    }

    /// Whether what comes behind it can be decided only when it stands: it goes to the store alone.
    pub fn changes_standing(&self) -> bool {
        match self {
            Self::Send { .. } => false,
            Self::Touch { touch, .. } => *touch == Touch::Delete,
            _ => true,
        }
    }
}

impl Touch {
    fn entry(&self, target: u64) -> EntryKind {
        match self.clone() {
            Self::Edit { body } => EntryKind::edit(target, body),
            Self::Delete => EntryKind::Delete { target },
            Self::React { emoji, on } => EntryKind::React { target, emoji, on },
            Self::Pin { on } => EntryKind::Pin { target, on },
        }
    }
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
pub fn decide(record: &Record, proposal: &Proposal, facts: &Facts<'_>) -> Result<Decision, Refusal> {
    let author = &proposal.author;
    match &proposal.act {
        Act::Send { .. } => message_acts::decide_send(record, proposal, facts),
        Act::Touch { touch, .. } => message_acts::decide_touch(record, proposal, touch, facts),
        Act::Add { person } => decide_add(record, author, person, facts),
        Act::Remove { person } => decide_remove(record, author, person),
        Act::Rename { name } => decide_rename(record, author, name),
        Act::SetTopic { topic } => decide_topic(record, author, topic),
        Act::Archive { on } => decide_archive(record, author, *on, facts),
    }
}

fn decide_add(record: &Record, author: &UserId, person: &UserId, facts: &Facts<'_>) -> Result<Decision, Refusal> {
    require_reader(record, author)?;
    require_changing_members(record)?;
    if record.fold.is_member(person) {
        return Ok(Decision::Unchanged);
    }
    if author != person {
        require_member(record, author)?;
    }
    // Whoever may open an archived channel must be able to come in for that.
    if author != person || !may_archive(record, author, facts) {
        require_open(record)?;
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
    if author != person {
        require_open(record)?;
    }
    Ok(Decision::Append {
        client_id: membership_change(record, "left", person),
        kind: EntryKind::Left { person: person.clone() },
    })
}

fn decide_rename(record: &Record, author: &UserId, name: &str) -> Result<Decision, Refusal> {
    require_member(record, author)?;
    require_channel(record, "Only channels have names.")?;
    let (held, seq) = match &record.fold.name {
        Some(held) => (held.value.as_str(), held.seq),
        None => ("", 0),
    };
    if held == name {
        return Ok(Decision::Unchanged);
    }
    require_open(record)?;
    Ok(Decision::Append {
        client_id: ClientId::of_operation(["renamed", record.id.as_str(), name, &seq.to_string()]),
        kind: EntryKind::Renamed { name: name.to_owned() },
    })
}

fn decide_topic(record: &Record, author: &UserId, topic: &str) -> Result<Decision, Refusal> {
    require_member(record, author)?;
    require_channel(record, "Only channels have topics.")?;
    let (held, seq) = match &record.fold.topic {
        Some(held) => (held.value.as_str(), held.seq),
        None => ("", 0),
    };
    if held == topic {
        return Ok(Decision::Unchanged);
    }
    require_open(record)?;
    Ok(Decision::Append {
        client_id: ClientId::of_operation(["topic", record.id.as_str(), topic, &seq.to_string()]),
        kind: EntryKind::Topic {
            topic: topic.to_owned(),
        },
    })
}

fn decide_archive(record: &Record, author: &UserId, on: bool, facts: &Facts<'_>) -> Result<Decision, Refusal> {
    require_member(record, author)?;
    require_channel(record, "Only channels are archived.")?;
    if !may_archive(record, author, facts) {
        let detail = "Who made the channel archives it, or an administrator.";
        return Err(Refusal::new(ErrorCode::Forbidden, detail));
    }
    if record.fold.is_archived() == on {
        return Ok(Decision::Unchanged);
    }
    let operation = if on { "archived" } else { "opened" };
    let seq = record.fold.archived.as_ref().map_or(0, |held| held.seq);
    Ok(Decision::Append {
        client_id: ClientId::of_operation([operation, record.id.as_str(), &seq.to_string()]),
        kind: EntryKind::Archived { on },
    })
}

fn may_archive(record: &Record, person: &UserId, facts: &Facts<'_>) -> bool {
    record.created_by == *person || facts.is_administrator
}

/// Refuses to change a channel that can only be read.
pub fn require_open(record: &Record) -> Result<(), Refusal> {
    if record.fold.is_archived() {
        let detail = "This channel is archived. Who made it, or an administrator, can open it again.";
        return Err(Refusal::new(ErrorCode::Archived, detail));
    }
    Ok(())
}

fn require_channel(record: &Record, detail: &str) -> Result<(), Refusal> {
    if record.kind == ConversationKind::Channel {
        Ok(())
    } else {
        Err(Refusal::new(ErrorCode::Forbidden, detail))
    }
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
