//! Starting, finding and changing conversations.

mod changes;
mod view;

use std::collections::BTreeSet;

use protocol::rest::chat::ChannelsQuery;
use protocol::timeline::{ConversationFold, Written};
use protocol::{
    ClientId, Conversation, ConversationId, ConversationKind, Entry, EntryKind, ErrorCode, UserId, Visibility, text,
};

use crate::chat::Chat;
use crate::log::Desk;
use crate::log::standing::require_reader;
use crate::mentions::{self, Seat};
use crate::people::{require_known, require_making_channels};
use crate::refusal::Refusal;
use crate::store::{Added, ChannelSearch, Record, StoreError, Tail, name_key};

pub use changes::{add_member, change, join, remove_member, take_turn};
pub use view::{Own, of_former, of_listed, of_record};

/// Channels in a page when nobody says how many, and at most.
const USUAL_PAGE: u32 = 50;
const LARGEST_PAGE: u32 = 100;

/// A conversation that was started, now or before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started {
    pub conversation: Conversation,
    pub is_new: bool,
}

/// Starts, or finds, the direct conversation with `with`, who may be the person themselves.
pub async fn start_direct(chat: &Chat, person: &UserId, with: UserId) -> Result<Started, Refusal> {
    let members = BTreeSet::from([person.clone(), with]);
    start_with(chat, person, ConversationKind::Direct, members).await
}

/// Starts, or finds, the conversation of exactly these people and the one who asks.
pub async fn start_group(chat: &Chat, person: &UserId, with: Vec<UserId>) -> Result<Started, Refusal> {
    let mut members: BTreeSet<UserId> = with.into_iter().collect();
    members.insert(person.clone());
    if members.len() < 3 {
        let detail = "A group has three or more people; with one person start a direct conversation.";
        return Err(Refusal::new(ErrorCode::Malformed, detail));
    }
    if members.len() > chat.limits.group_members as usize {
        let detail = format!(
            "A group has at most {} people; make a channel.",
            chat.limits.group_members
        );
        return Err(Refusal::new(ErrorCode::TooManyMembers, detail));
    }
    start_with(chat, person, ConversationKind::Group, members).await
}

async fn start_with(
    chat: &Chat,
    person: &UserId,
    kind: ConversationKind,
    members: BTreeSet<UserId>,
) -> Result<Started, Refusal> {
    let sorted: Vec<UserId> = members.into_iter().collect();
    let id = ConversationId::of_members(&sorted);
    // Found also when somebody in it was deactivated since.
    match get(chat, person, &id).await {
        Err(refusal) if refusal.code == ErrorCode::NotFound => {}
        found => {
            let conversation = found?;
            tell_members(chat, &sorted, &id);
            return Ok(Started {
                conversation,
                is_new: false,
            });
        }
    }
    take_turn(chat, person)?;
    let others: Vec<&UserId> = sorted.iter().filter(|member| *member != person).collect();
    require_known(chat, others).await?;
    let there = Written { value: true, seq: 0 };
    let fold = ConversationFold {
        members: sorted.iter().map(|member| (member.clone(), there.clone())).collect(),
        ..ConversationFold::default()
    };
    let record = new_record(chat, person, id.clone(), kind, fold);
    let is_new = chat.store.add_conversation(record, Vec::new()).await? == Added::New;
    tell_members(chat, &sorted, &id);
    let conversation = get(chat, person, &id).await?;
    Ok(Started { conversation, is_new })
}

/// Tells the sockets of the members, also when the conversation was there before: an earlier try may have stored it
/// and never learnt so. Sockets that have it already do nothing.
fn tell_members(chat: &Chat, members: &[UserId], id: &ConversationId) {
    for member in members {
        chat.sockets.added(member, id, 0);
    }
}

/// A channel somebody wants to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewChannel {
    pub name: String,
    pub visibility: Visibility,
    /// A repeat under the same key is the same channel.
    pub key: Option<ClientId>,
}

/// Makes a channel whose first entry is that its maker joined.
pub async fn create_channel(chat: &Chat, person: &UserId, new: NewChannel) -> Result<Started, Refusal> {
    let name = channel_name(&new.name)?;
    require_making_channels(chat, person).await?;
    take_turn(chat, person)?;
    let key = new.key.unwrap_or_else(|| ClientId::from_random(chat.random.bits()));
    let id = ConversationId::of_channel(person, key.as_str());
    let joined = Entry {
        conversation: id.clone(),
        seq: 1,
        ordinal: 0,
        at: chat.clock.now(),
        author: person.clone(),
        client_id: ClientId::of_operation(["joined", id.as_str(), person.as_str(), "0"]),
        kind: EntryKind::Joined { person: person.clone() },
    };
    let mut fold = ConversationFold {
        name: Some(Written {
            value: name.clone(),
            seq: 0,
        }),
        ..ConversationFold::default()
    };
    fold.apply(&joined);
    let mut record = new_record(chat, person, id.clone(), ConversationKind::Channel, fold);
    record.visibility = new.visibility;
    record.first_name = Some(name.clone());
    record.folded = joined.seq;

    let is_new = match chat.store.add_conversation(record, vec![joined]).await? {
        Added::New => {
            chat.sockets.added(person, &id, 1);
            true
        }
        Added::Existing(existing) => {
            if existing.first_name.as_ref() != Some(&name) || existing.visibility != new.visibility {
                let detail = "This Idempotency-Key made another channel.";
                return Err(Refusal::new(ErrorCode::ClientIdReused, detail));
            }
            // An earlier try may have stored it and never learnt so.
            if existing.fold.is_member(person) {
                chat.sockets.added(person, &id, 1);
            }
            false
        }
        Added::NameTaken => return Err(Refusal::new(ErrorCode::NameTaken, "Another channel has this name.")),
    };
    let conversation = get(chat, person, &id).await?;
    Ok(Started { conversation, is_new })
}

fn new_record(
    chat: &Chat,
    person: &UserId,
    id: ConversationId,
    kind: ConversationKind,
    fold: ConversationFold,
) -> Record {
    let now = chat.clock.now();
    Record {
        id,
        kind,
        visibility: Visibility::Private,
        created_by: person.clone(),
        created_at: now,
        epoch: format!("{:016x}", chat.random.bits() >> 64),
        first_name: None,
        fold,
        folded: 0,
        tail: Tail {
            at: now,
            ..Tail::default()
        },
    }
}

fn channel_name(name: &str) -> Result<String, Refusal> {
    text::channel_name(name).map_err(|code| {
        let detail = format!(
            "A channel's name is one line of 1 to {} characters.",
            text::LONGEST_NAME
        );
        Refusal::new(code, detail)
    })
}

/// Everything the person is a member of.
pub async fn list(chat: &Chat, person: &UserId) -> Result<Vec<Conversation>, Refusal> {
    let listed = chat.store.conversations_of(person).await?;
    let unread = mentions::unread_in(chat, person, &listed).await?;
    let listed = listed.into_iter().zip(unread);
    Ok(listed.map(|(listed, mentions)| of_listed(listed, mentions)).collect())
}

/// One conversation, for whoever may read it.
pub async fn get(chat: &Chat, person: &UserId, id: &ConversationId) -> Result<Conversation, Refusal> {
    let desk = chat.open(id).await?;
    desk.look(|record| require_reader(record, person))?;
    let own = own(chat, person, &desk).await?;
    desk.look(|record| {
        require_reader(record, person)?;
        Ok(of_record(record, person, own))
    })
}

/// What is the person's own in an open conversation.
pub async fn own(chat: &Chat, person: &UserId, desk: &Desk) -> Result<Own, StoreError> {
    let id = &desk.feed().conversation;
    let read = chat.store.read_mark(person, id).await?;
    let seat = desk.look(|record| Seat {
        conversation: id.clone(),
        kind: record.kind,
        member_since: record
            .fold
            .members
            .get(person)
            .filter(|held| held.value)
            .map(|held| held.seq),
        newest: record.tail.ordinal,
        read: read.ordinal,
    });
    Ok(Own {
        read,
        level: chat.store.level(person, id).await?,
        mentions: mentions::unread(chat, person, &seat).await?,
    })
}

/// A page of the channels the person may know of, by name, and where the next one begins.
pub async fn channels(
    chat: &Chat,
    person: &UserId,
    query: ChannelsQuery,
) -> Result<(Vec<Conversation>, Option<String>), Refusal> {
    let limit = query.limit.unwrap_or(USUAL_PAGE).clamp(1, LARGEST_PAGE);
    let search = ChannelSearch {
        person: person.clone(),
        contains: name_key(query.query.trim().trim_start_matches('#')),
        after: query.after,
        limit: limit + 1,
    };
    let mut found = chat.store.channels(search).await?;
    let there_is_more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let last = found.last().and_then(|last| last.name.as_deref()).map(name_key);
    let next = last.filter(|_| there_is_more);
    let found = found.into_iter().map(|listed| of_listed(listed, Vec::new()));
    Ok((found.collect(), next))
}

/// The members of a conversation, for whoever may read it.
pub async fn members(chat: &Chat, person: &UserId, id: &ConversationId) -> Result<Vec<UserId>, Refusal> {
    let desk = chat.open(id).await?;
    desk.look(|record| {
        require_reader(record, person)?;
        Ok(record.fold.current_members().cloned().collect())
    })
}

#[cfg(test)]
mod tests;
