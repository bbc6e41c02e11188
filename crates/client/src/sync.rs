//! What arrives from the server, applied to the store: the rules that keep this copy equal to the log (P2, P4).
//!
//! No socket and no clock here: frames in, one transaction, and whether the copy still joins up. What must stay true
//! after every transaction:
//!
//! - the entries from a stretch's first to its last are all held;
//! - a conversation's edge is the last entry of its highest stretch, or 0 when there is none;
//! - a waiting message is gone from the outbox exactly when its entry is held, or lies in a hole below the edge.

mod page;

pub(crate) use page::{Anchor, History, Page, keep_history};

use std::collections::HashSet;

use protocol::{ClientId, Conversation, ConversationId, Entry, EntryKind, Membership, ReadMark, UserId};

use crate::originals::Original;
use crate::store::entries::Kept;
use crate::store::people::Renamed;
use crate::store::{StoreError, Writing, conversations, entries, folds, outbox, people};
use crate::view::Failure;

/// Something the server said, as far as it changes the store.
pub(crate) enum Event {
    /// Everything the person is a member of.
    Welcome(Vec<Conversation>),
    /// How an entry that follows came, whose kind is unknown here.
    Original(Original),
    Entry {
        epoch: String,
        entry: Entry,
    },
    /// The newest page of a conversation.
    Truncated(Page),
    Conversation(Conversation),
    Read {
        conversation: ConversationId,
        mark: ReadMark,
    },
    Person(Renamed),
    /// Changes of names may have been missed: nobody tells them again.
    PeopleInDoubt,
    /// A message or an act of ours is stored.
    Stored(Entry),
    /// An act of ours changed nothing, because it was so already.
    Unchanged(ClientId),
    /// A message or an act of ours is refused for good.
    SendRefused {
        client_id: ClientId,
        failure: Failure,
    },
    /// The server took our read mark, or will never take it.
    ReadTold {
        conversation: ConversationId,
        mark: ReadMark,
    },
}

/// What one batch of events came to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// The copy does not join up with what arrived: resume from the cursors. Says why.
    pub(crate) resume: Option<&'static str>,
    /// Conversations that reached what the server had when it welcomed us, or are gone.
    pub(crate) caught_up: HashSet<ConversationId>,
    /// Who has just written where, other than this person.
    pub(crate) wrote: HashSet<(ConversationId, UserId)>,
    /// Whether a conversation came, went or changed.
    pub(crate) introduced: bool,
    /// Somebody is to be asked about.
    pub(crate) meets_strangers: bool,
    /// A conversation is to be asked about its mentions.
    pub(crate) owes_words: bool,
}

/// Applies events in order. Stops at the first that does not join up; what came before it stands.
pub(crate) fn apply(writing: &mut Writing<'_>, me: &UserId, events: Vec<Event>) -> Result<Outcome, StoreError> {
    let mut outcome = Outcome::default();
    for event in events {
        match event {
            Event::Welcome(all) => welcome(writing, &all, &mut outcome)?,
            Event::Original(original) => writing.came_as(original),
            Event::Entry { epoch, entry } => outcome.resume = live(writing, me, Some(&epoch), entry, &mut outcome)?,
            Event::Truncated(page) => {
                outcome.resume = page::truncated(writing, me, &page)?;
                outcome.caught_up.insert(page.conversation);
            }
            Event::Conversation(said) => conversation(writing, &said, &mut outcome)?,
            Event::Read { conversation, mark } => {
                conversations::raise_read(writing, &conversation, mark)?;
            }
            Event::PeopleInDoubt => people::doubt_all(writing)?,
            Event::Person(renamed) => people::rename(writing, &renamed)?,
            Event::Stored(entry) => outcome.resume = stored(writing, me, entry, &mut outcome)?,
            Event::Unchanged(client_id) => outbox::arrived(writing, &client_id)?,
            Event::SendRefused { client_id, failure } => outbox::refused(writing, &client_id, &failure)?,
            Event::ReadTold { conversation, mark } => conversations::read_told(writing.disk, &conversation, mark)?,
        }
        if outcome.resume.is_some() {
            break;
        }
    }
    outcome.meets_strangers = writing.meets_strangers;
    outcome.owes_words = writing.owes_words;
    Ok(outcome)
}

fn welcome(writing: &mut Writing<'_>, all: &[Conversation], outcome: &mut Outcome) -> Result<(), StoreError> {
    let current: HashSet<&ConversationId> = all.iter().map(|said| &said.id).collect();
    for held in conversations::ids(writing.disk)? {
        if !current.contains(&held) {
            conversations::remove(writing, &held)?;
        }
    }
    for said in all {
        conversations::put(writing, said)?;
        let reaches = conversations::held(writing.disk, &said.id)?.and_then(|held| held.edge);
        if reaches.is_some_and(|edge| edge > 0 && edge >= said.head) {
            outcome.caught_up.insert(said.id.clone());
        }
    }
    Ok(())
}

fn conversation(writing: &mut Writing<'_>, said: &Conversation, outcome: &mut Outcome) -> Result<(), StoreError> {
    outcome.introduced = true;
    if said.membership == Membership::Member {
        return conversations::put(writing, said);
    }
    outcome.caught_up.insert(said.id.clone());
    conversations::remove(writing, &said.id)
}

/// The next entry of a conversation. Says why it does not join up, if it does not.
fn live(
    writing: &mut Writing<'_>,
    me: &UserId,
    epoch: Option<&str>,
    entry: Entry,
    outcome: &mut Outcome,
) -> Result<Option<&'static str>, StoreError> {
    let Some(held) = conversations::held(writing.disk, &entry.conversation)? else {
        // Just left, with this already on its way. Whatever one is a member of is introduced before its entries.
        return Ok(None);
    };
    if epoch.is_some_and(|epoch| epoch != held.epoch) {
        return Ok(Some("another epoch"));
    }
    let Some(edge) = held.edge else {
        return Ok(Some("an entry before the first page"));
    };
    if entry.seq > edge + 1 {
        return Ok(Some("a hole"));
    }
    if entry.seq <= edge {
        return repeat(writing, &entry);
    }
    entries::keep(writing, &entry, entry.seq)?;
    entries::add_stretch(writing.disk, &entry.conversation, entry.seq, entry.seq)?;
    take_in(writing, me, &entry)?;
    conversations::advance(writing, &entry, &held)?;
    if entry.seq >= held.head {
        outcome.caught_up.insert(entry.conversation.clone());
    }
    if entry.kind.is_message() && entry.author != *me {
        outcome.wrote.insert((entry.conversation.clone(), entry.author.clone()));
    }
    writing.appended(&entry);
    Ok(None)
}

/// An entry that is held, or lies in a hole that is filled when it is shown.
fn repeat(writing: &mut Writing<'_>, entry: &Entry) -> Result<Option<&'static str>, StoreError> {
    if entries::at(writing.disk, &entry.conversation, entry.seq)?.is_none() {
        folds::apply(writing, entry)?;
        return Ok(None);
    }
    if entries::keep(writing, entry, entry.seq)? == Kept::Held {
        return Ok(None);
    }
    conversations::forget_log(writing, &entry.conversation)?;
    Ok(Some("another entry at the same position"))
}

/// The answer to a send or an act: the message waits no more, and its entry is the newest one if nothing is missing
/// before it. An act is folded at once, wherever its entry stands, and waits no more either.
fn stored(
    writing: &mut Writing<'_>,
    me: &UserId,
    entry: Entry,
    outcome: &mut Outcome,
) -> Result<Option<&'static str>, StoreError> {
    let held = conversations::held(writing.disk, &entry.conversation)?;
    let edge = held.as_ref().and_then(|held| held.edge);
    let is_act = entry.kind.target().is_some();
    if is_act && held.is_some() {
        folds::apply(writing, &entry)?;
    }
    match edge {
        Some(edge) if entry.seq == edge + 1 => live(writing, me, None, entry, outcome),
        Some(edge) if entry.seq <= edge => outbox::arrived(writing, &entry.client_id).map(|()| None),
        _ if is_act => outbox::arrived(writing, &entry.client_id).map(|()| None),
        // What lies between is on its way, or the conversation is just being left.
        _ => outbox::stored_at(writing, &entry.client_id, entry.seq).map(|()| None),
    }
}

/// What a newly held entry means beyond its place in the log.
///
/// Whoever writes has read what stands above; but that is for the server to say, which knows whether the person has marked
/// something as unread since. It says so before the entry.
fn take_in(writing: &mut Writing<'_>, me: &UserId, entry: &Entry) -> Result<(), StoreError> {
    meet(writing, entry)?;
    if entry.author != *me {
        return Ok(());
    }
    outbox::arrived(writing, &entry.client_id)
}

/// Remembers to ask about the people this entry names, where they are not known.
fn meet(writing: &mut Writing<'_>, entry: &Entry) -> Result<(), StoreError> {
    people::want(writing, &entry.author)?;
    if let EntryKind::Joined { person } | EntryKind::Left { person } = &entry.kind {
        people::want(writing, person)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
