//! Messages that mention a person: those of one conversation that are not read, and all of them.
//!
//! The store finds messages of which some version named the person; whether they mention them is decided here, from what
//! became of each message and from how long the person has been a member (P6).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use protocol::conversation::MOST_MENTIONS;
use protocol::rest::chat::{MentionState, Mentions, MentionsQuery};
use protocol::timeline::{MessageFold, MessageState};
use protocol::{ConversationId, ConversationKind, ErrorCode, Membership, Mention, UserId, mentions};

use crate::chat::Chat;
use crate::read_marks::take_turn;
use crate::refusal::Refusal;
use crate::store::{Listed, MentionSearch, Moment, StoreError, StoredMessage};

/// Messages that are looked at together for the unread mentions of one conversation: some mention nobody any more.
const LOOKED_AT: u32 = 100;
/// How often more are looked at before those that were found count as all.
const MOST_LOOKS: u32 = 20;
/// Conversations whose mentions are looked up at the same time for one person.
const LOOKUPS: usize = 16;
/// Mentions in a page when nobody says how many.
const USUAL_PAGE: u32 = 30;

/// Somebody in a conversation, and how far they have read there.
#[derive(Debug, Clone)]
pub struct Seat {
    pub conversation: ConversationId,
    pub kind: ConversationKind,
    /// The seq that made them a member; none for who is none.
    pub member_since: Option<u64>,
    /// The ordinal of the newest message, and of the last that they have read.
    pub newest: u64,
    pub read: u64,
}

impl Seat {
    /// Of somebody with such a row in a list.
    pub fn of_listed(listed: &Listed) -> Self {
        Self {
            conversation: listed.id.clone(),
            kind: listed.kind,
            member_since: (listed.membership == Membership::Member).then_some(listed.member_seq),
            newest: listed.tail.ordinal,
            read: listed.read.ordinal,
        }
    }
}

/// The newest messages that mention a person and that they have not read; none in conversations where everything is for
/// everybody.
pub async fn unread(chat: &Chat, person: &UserId, seat: &Seat) -> Result<Vec<Mention>, StoreError> {
    let Some(since) = seat.member_since else {
        return Ok(Vec::new());
    };
    if seat.kind != ConversationKind::Channel || seat.newest <= seat.read {
        return Ok(Vec::new());
    }
    // Before the store is asked, as everything that is not saved yet.
    let unsaved = chat.desks.glance(&seat.conversation);
    let unsaved = unsaved.map_or_else(Vec::new, |desk| desk.unsaved_naming(person));
    let mut unread = BTreeSet::new();
    find_unread(chat, (person, since), seat, unsaved, &mut unread).await?;
    let mut before = u64::MAX;
    for _ in 0..MOST_LOOKS {
        let ordinals = (seat.read, before);
        let named = chat
            .store
            .named_between(person, &seat.conversation, ordinals, LOOKED_AT)
            .await?;
        let is_last = named.len() < LOOKED_AT as usize;
        before = named.last().map_or(0, |mention| mention.ordinal);
        let seqs = named.into_iter().map(|mention| mention.seq).collect();
        find_unread(chat, (person, since), seat, seqs, &mut unread).await?;
        if is_last || unread.len() >= MOST_MENTIONS {
            break;
        }
    }
    Ok(unread.into_iter().rev().take(MOST_MENTIONS).collect())
}

/// Adds those of these messages that mention the person and are not read.
async fn find_unread(
    chat: &Chat,
    (person, since): (&UserId, u64),
    seat: &Seat,
    seqs: Vec<u64>,
    unread: &mut BTreeSet<Mention>,
) -> Result<(), StoreError> {
    if seqs.is_empty() {
        return Ok(());
    }
    for StoredMessage { entry, fold } in messages(chat, &seat.conversation, seqs).await?.into_values() {
        if entry.ordinal > seat.read && mentions::mentions(&entry, &fold, person, since) {
            unread.insert(Mention {
                seq: entry.seq,
                ordinal: entry.ordinal,
            });
        }
    }
    Ok(())
}

/// The same for many conversations, in their order.
pub async fn unread_in(chat: &Chat, person: &UserId, listed: &[Listed]) -> Result<Vec<Vec<Mention>>, StoreError> {
    let seats = listed.iter().map(Seat::of_listed);
    let looking = stream::iter(seats).map(|seat| async move { unread(chat, person, &seat).await });
    looking.buffered(LOOKUPS).try_collect().await
}

/// Messages and what became of them, also what is not saved yet, by seq.
async fn messages(chat: &Chat, id: &ConversationId, seqs: Vec<u64>) -> Result<HashMap<u64, StoredMessage>, StoreError> {
    // Noted before the store is asked: whatever is not in the note is in the store by then.
    let unsaved: BTreeMap<u64, MessageFold> = chat.desks.glance(id).map_or_else(BTreeMap::new, |desk| {
        desk.look_with_unsaved(|_, unsaved| {
            let named = seqs.iter().filter_map(|seq| Some((*seq, unsaved.get(seq)?.clone())));
            named.collect()
        })
    });
    let mut messages = HashMap::new();
    for mut message in chat.store.messages(id, seqs).await? {
        if let Some(newer) = unsaved.get(&message.entry.seq) {
            message.fold.merge(newer);
        }
        messages.insert(message.entry.seq, message);
    }
    Ok(messages)
}

/// A page of the messages that mention a person, in all conversations that they are a member of, the newest first.
pub async fn page(chat: &Chat, person: &UserId, query: MentionsQuery) -> Result<Mentions, Refusal> {
    take_turn(chat, person)?;
    let limit = query.limit.unwrap_or(USUAL_PAGE).clamp(1, chat.limits.page_entries);
    let before = query.before.as_deref().map(read_place).transpose()?;
    let listed = chat.store.conversations_of(person).await?;
    let conversations: BTreeSet<ConversationId> = listed.into_iter().map(|held| held.id).collect();
    let found = named(chat, person, &conversations, before, limit).await?;
    let next = (found.len() >= limit as usize)
        .then(|| found.last().map(place_text))
        .flatten();
    let mut by_conversation: BTreeMap<&ConversationId, Vec<u64>> = BTreeMap::new();
    for moment in found
        .iter()
        .filter(|moment| conversations.contains(&moment.conversation))
    {
        by_conversation
            .entry(&moment.conversation)
            .or_default()
            .push(moment.seq);
    }
    let mut held: HashMap<(ConversationId, u64), StoredMessage> = HashMap::new();
    for (conversation, seqs) in by_conversation {
        let (messages, since) = readable(chat, person, conversation, seqs).await?;
        let meant = messages.into_values().filter(|message| {
            let since = since.unwrap_or(u64::MAX);
            mentions::mentions(&message.entry, &message.fold, person, since)
        });
        held.extend(meant.map(|message| ((conversation.clone(), message.entry.seq), message)));
    }
    let mut page = Mentions {
        entries: Vec::new(),
        messages: Vec::new(),
        next,
    };
    for moment in found {
        if let Some(message) = held.remove(&(moment.conversation, moment.seq)) {
            put(&mut page, message);
        }
    }
    Ok(page)
}

/// Messages that named the person or everybody, the newest first, also those of which the store does not know it yet.
async fn named(
    chat: &Chat,
    person: &UserId,
    conversations: &BTreeSet<ConversationId>,
    before: Option<Moment>,
    limit: u32,
) -> Result<Vec<Moment>, StoreError> {
    let mut found = BTreeSet::new();
    for conversation in conversations {
        let unsaved = chat.desks.glance(conversation);
        let unsaved = unsaved.map_or_else(Vec::new, |desk| desk.unsaved_naming(person));
        if unsaved.is_empty() {
            continue;
        }
        let messages = chat.store.messages(conversation, unsaved).await?;
        let moments = messages.into_iter().map(|message| Moment {
            at: message.entry.at,
            conversation: conversation.clone(),
            seq: message.entry.seq,
        });
        found.extend(moments.filter(|moment| before.as_ref().is_none_or(|before| moment < before)));
    }
    let search = MentionSearch {
        person: person.clone(),
        conversations: conversations.iter().cloned().collect(),
        before,
        limit,
    };
    found.extend(chat.store.named(search).await?);
    Ok(found.into_iter().rev().take(limit as usize).collect())
}

/// Messages of a conversation, and since which entry the person is a member now that they were read: what they were when
/// the list was read counts no more (P6).
async fn readable(
    chat: &Chat,
    person: &UserId,
    conversation: &ConversationId,
    seqs: Vec<u64>,
) -> Result<(HashMap<u64, StoredMessage>, Option<u64>), Refusal> {
    let desk = chat.open(conversation).await?;
    let messages = messages(chat, conversation, seqs).await?;
    let since = desk.look(|record| {
        let held = record.fold.members.get(person).filter(|held| held.value);
        held.map(|held| held.seq)
    });
    Ok((messages, since))
}

fn put(page: &mut Mentions, message: StoredMessage) {
    let StoredMessage { entry, fold } = message;
    if !fold.is_untouched() {
        page.messages.push(MentionState {
            conversation: entry.conversation.clone(),
            message: MessageState {
                seq: entry.seq,
                state: fold,
            },
        });
    }
    page.entries.push(entry);
}

/// Where a page ends, as the next one is asked for.
fn place_text(moment: &Moment) -> String {
    format!("{}.{}.{}", moment.at, moment.conversation, moment.seq)
}

fn read_place(text: &str) -> Result<Moment, Refusal> {
    let malformed = || Refusal::new(ErrorCode::Malformed, "Give `next` of the page before.");
    let mut parts = text.splitn(3, '.');
    let mut part = || parts.next().ok_or_else(malformed);
    Ok(Moment {
        at: part()?.parse().map_err(|_| malformed())?,
        conversation: ConversationId::parse(part()?).map_err(|_| malformed())?,
        seq: part()?.parse().map_err(|_| malformed())?,
    })
}

#[cfg(test)]
mod tests;
