//! A conversation as one person is told about it.

use protocol::timeline::Written;
use protocol::{ChosenLevel, Conversation, ConversationKind, Membership, Mention, ReadMark, UserId, Visibility};

use crate::store::{Listed, Record};

/// What is the person's own in a conversation.
#[derive(Debug, Clone, Default)]
pub struct Own {
    pub read: ReadMark,
    pub level: ChosenLevel,
    /// The newest messages behind the mark that mention them.
    pub mentions: Vec<Mention>,
}

/// From an open conversation.
pub fn of_record(record: &Record, person: &UserId, own: Own) -> Conversation {
    let members: Vec<&UserId> = record.fold.current_members().collect();
    let held = record.fold.members.get(person);
    let membership = match held {
        Some(held) if held.value => Membership::Member,
        Some(_) => Membership::Former,
        None => Membership::None,
    };
    Conversation {
        id: record.id.clone(),
        kind: record.kind,
        visibility: record.visibility,
        name: record.fold.name.as_ref().map(|name| name.value.clone()),
        topic: topic_text(record.fold.topic.as_ref()),
        archived: record.fold.is_archived(),
        member_count: u32::try_from(members.len()).unwrap_or(u32::MAX),
        members: match record.kind {
            ConversationKind::Channel => Vec::new(),
            ConversationKind::Direct | ConversationKind::Group => members.into_iter().cloned().collect(),
        },
        membership,
        epoch: record.epoch.clone(),
        head: record.tail.seq,
        ordinal: record.tail.ordinal,
        last_at: record.tail.at,
        read: own.read,
        created_by: record.created_by.clone(),
        member_since: held.filter(|held| held.value).map_or(0, |held| held.seq),
        mentions: own.mentions,
        level: own.level,
    }
}

/// For somebody who has left: of a private conversation nothing that came after that. `None` for anyone else.
pub fn of_former(record: &Record, person: &UserId) -> Option<Conversation> {
    let left = record.fold.members.get(person).filter(|held| !held.value)?;
    let seen = of_record(record, person, Own::default());
    if record.visibility == Visibility::Public {
        return Some(seen);
    }
    let name = record.fold.name.as_ref().filter(|name| name.seq < left.seq);
    let topic = record.fold.topic.as_ref().filter(|topic| topic.seq < left.seq);
    let archived = record.fold.archived.as_ref().filter(|archived| archived.seq < left.seq);
    Some(Conversation {
        name: name.map(|name| name.value.clone()),
        topic: topic_text(topic),
        archived: archived.is_some_and(|archived| archived.value),
        members: Vec::new(),
        member_count: 0,
        membership: Membership::Former,
        head: left.seq,
        ordinal: 0,
        last_at: record.created_at,
        ..seen
    })
}

fn topic_text(topic: Option<&Written<String>>) -> String {
    topic.map_or_else(String::new, |topic| topic.value.clone())
}

/// From a list, with the mentions that are not read.
pub fn of_listed(listed: Listed, mentions: Vec<Mention>) -> Conversation {
    Conversation {
        member_since: match listed.membership {
            Membership::Member => listed.member_seq,
            Membership::Former | Membership::None => 0,
        },
        mentions,
        level: listed.level,
        id: listed.id,
        kind: listed.kind,
        visibility: listed.visibility,
        name: listed.name,
        topic: listed.topic,
        archived: listed.archived,
        members: listed.members,
        member_count: listed.member_count,
        membership: listed.membership,
        epoch: listed.epoch,
        head: listed.tail.seq,
        ordinal: listed.tail.ordinal,
        last_at: listed.tail.at,
        read: listed.read,
        created_by: listed.created_by,
    }
}
