//! What a client has on its screen, and the live signs it is told of that: typing, receipts, presence.
//!
//! Signs are hints: they wait in one place each, and a sign of typing for which there is no room
//! is dropped. What must stay true (P6): a conversation is watched only while its person may read it, and the sign
//! is told only while it is watched.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use protocol::frame::ServerFrame;
use protocol::{ConversationId, ErrorCode, PersonPresence, Receipt, UnixMs, UserId};

use super::connection::{Connection, Done};
use super::requests::refused;
use crate::chat::Chat;
use crate::fanout::signal::Signs;
use crate::log::Desk;
use crate::log::standing::require_reader;
use crate::read_marks::take_turn;
use crate::receipts;
use crate::refusal::Refusal;

/// What one socket watches.
#[derive(Default)]
pub(super) struct Watching {
    /// Where receipts are told: how far others are known to have read.
    conversations: BTreeMap<ConversationId, Option<BTreeMap<UserId, u64>>>,
    people: BTreeSet<UserId>,
    /// Counts the requests, because only the last of several that run at once counts.
    newest: u64,
    /// Signs for which there was no room yet.
    held: Signs,
}

/// What a client wants to watch.
pub(super) struct Wish {
    id: u64,
    number: u64,
    conversations: BTreeSet<ConversationId>,
    people: BTreeSet<UserId>,
}

/// What there is of it that was not watched before.
pub(super) struct Found {
    desks: Vec<Arc<Desk>>,
    people: Vec<(UserId, Option<UnixMs>)>,
}

/// A request that goes on in the connection.
pub(super) enum Outcome {
    Found(Wish, Result<Found, Refusal>),
    Receipts(ConversationId, Vec<Receipt>),
}

impl Connection {
    /// Begins to watch what is new, once it is known to be there and readable; the rest is watched no more.
    pub(super) fn watch(&mut self, id: u64, conversations: Vec<ConversationId>, people: Vec<UserId>) {
        let chat = Arc::clone(&self.app.chat);
        let user = self.signal.user.clone();
        let few = require_few(&chat, &conversations, &people).and_then(|()| take_turn(&chat, &user));
        if let Err(refusal) = few {
            return self.refuse(id, refusal);
        }
        let watching = self.watching.get_or_insert_default();
        watching.newest += 1;
        let wish = Wish {
            id,
            number: watching.newest,
            conversations: conversations.into_iter().collect(),
            people: people.into_iter().collect(),
        };
        let is_new = |conversation: &&ConversationId| !watching.conversations.contains_key(*conversation);
        let new: Vec<_> = wish.conversations.iter().filter(is_new).cloned().collect();
        let new_people: Vec<_> = wish.people.difference(&watching.people).cloned().collect();
        self.unanswered += 1;
        self.pending.push(Box::pin(async move {
            let found = find(&chat, &user, new, new_people).await;
            Done::Watched(Outcome::Found(wish, found))
        }));
    }

    /// Goes on with a request after what it waited for.
    pub(super) fn watched(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Found(wish, found) => {
                self.unanswered -= 1;
                let id = wish.id;
                let answer = match found.and_then(|found| self.begin_watching(wish, found)) {
                    Ok(first_signs) => {
                        self.push(&ServerFrame::Ack { id, entry: None });
                        return first_signs.into_iter().for_each(|sign| self.push(&sign));
                    }
                    Err(refusal) => refused(id, refusal),
                };
                self.push(&answer);
            }
            Outcome::Receipts(conversation, read) => self.tell_receipts(conversation, read),
        }
    }

    /// Answers how what is new stands now.
    fn begin_watching(&mut self, wish: Wish, found: Found) -> Result<Vec<ServerFrame>, Refusal> {
        // What was left before this is not what is watched from now on.
        let signs = self.signal.take_signs();
        self.hold(signs);
        let Some(watching) = self.watching.as_deref_mut().filter(|held| held.newest == wish.number) else {
            return Ok(Vec::new());
        };
        let (onlookers, signal) = (&self.app.chat.sockets.onlookers, &self.signal);
        // Registered first and checked then: whoever leaves in between is taken off the list again.
        let mut new = Vec::new();
        for desk in found.desks {
            let tells_receipts = desk.look(receipts::are_told);
            let conversation = &desk.feed().conversation;
            onlookers.enter(conversation, tells_receipts, signal);
            new.push((conversation.clone(), tells_receipts, Arc::clone(&desk)));
            if let Err(refusal) = desk.look(|record| require_reader(record, &signal.user)) {
                for (conversation, ..) in &new {
                    onlookers.leave(conversation, signal);
                }
                return Err(refusal);
            }
        }
        watching.conversations.retain(|conversation, _| {
            let stays = wish.conversations.contains(conversation);
            if !stays {
                onlookers.leave(conversation, signal);
            }
            stays
        });
        watching.people.retain(|person| {
            let stays = wish.people.contains(person);
            if !stays {
                onlookers.unwatch_person(person, signal);
            }
            stays
        });
        for (person, _) in &found.people {
            onlookers.watch_person(person, signal);
            watching.people.insert(person.clone());
        }
        for (conversation, tells_receipts, _) in &new {
            let known = tells_receipts.then(BTreeMap::new);
            watching.conversations.insert(conversation.clone(), known);
        }
        let signs = self.first_signs(&new, &found.people);
        for (_, _, desk) in new.into_iter().filter(|(_, tells_receipts, _)| *tells_receipts) {
            self.load_receipts(desk);
        }
        Ok(signs)
    }

    /// Who types now, and who is there.
    fn first_signs(
        &self,
        new: &[(ConversationId, bool, Arc<Desk>)],
        people: &[(UserId, Option<UnixMs>)],
    ) -> Vec<ServerFrame> {
        let chat = &self.app.chat;
        let mut signs = Vec::new();
        for (conversation, ..) in new {
            for person in chat.typing.typists(conversation, chat.clock.now()) {
                if person != self.signal.user {
                    let conversation = conversation.clone();
                    signs.push(ServerFrame::Typing { conversation, person });
                }
            }
        }
        let people: Vec<PersonPresence> = people
            .iter()
            .map(|(person, stored)| chat.presences.told(person, *stored))
            .collect();
        if !people.is_empty() {
            signs.push(ServerFrame::Presence { people });
        }
        signs
    }

    fn load_receipts(&mut self, desk: Arc<Desk>) {
        let chat = Arc::clone(&self.app.chat);
        self.pending.push(Box::pin(async move {
            let conversation = desk.feed().conversation.clone();
            let read = receipts::of_members(&chat, &desk).await.unwrap_or_else(|fault| {
                // A hint: the next one who reads is told all the same.
                tracing::warn!(%fault, "cannot read how far people have read");
                Vec::new()
            });
            Done::Watched(Outcome::Receipts(conversation, read))
        }));
    }

    /// Tells the signs that wait, if there is room for them.
    pub(super) fn tell_signs(&mut self) {
        let has_room = self.room_bytes() > 0;
        let Some(watching) = self.watching.as_deref_mut() else {
            return;
        };
        if !has_room {
            watching.held.typing.clear();
            return;
        }
        let Signs {
            ended: _,
            typing,
            receipts,
            people,
        } = std::mem::take(&mut watching.held);
        for (conversation, person) in typing {
            if self.watches(&conversation) {
                self.push(&ServerFrame::Typing { conversation, person });
            }
        }
        for (conversation, read) in receipts {
            let read = read.into_iter().map(|(person, ordinal)| Receipt { person, ordinal });
            self.tell_receipts(conversation, read.collect());
        }
        self.tell_presence(people);
    }

    /// Puts signs to those that wait for room; what was left meanwhile is watched no more.
    pub(super) fn hold(&mut self, signs: Option<Box<Signs>>) {
        let (Some(signs), Some(watching)) = (signs, self.watching.as_deref_mut()) else {
            return;
        };
        for conversation in &signs.ended {
            watching.conversations.remove(conversation);
        }
        watching.held.typing.extend(signs.typing);
        watching.held.people.extend(signs.people);
        for (conversation, read) in signs.receipts {
            let held = watching.held.receipts.entry(conversation).or_default();
            for (person, ordinal) in read {
                let before = held.entry(person).or_default();
                *before = ordinal.max(*before);
            }
        }
    }

    /// Whether signs wait for room.
    pub(super) fn holds_signs(&self) -> bool {
        let held = self.watching.as_deref().map(|watching| &watching.held);
        held.is_some_and(|held| !held.receipts.is_empty() || !held.people.is_empty())
    }

    /// Looks at nothing any more.
    pub(super) fn end_watching(&mut self) {
        let Some(watching) = self.watching.take() else { return };
        let onlookers = &self.app.chat.sockets.onlookers;
        for conversation in watching.conversations.keys() {
            onlookers.leave(conversation, &self.signal);
        }
        for person in &watching.people {
            onlookers.unwatch_person(person, &self.signal);
        }
    }

    fn watches(&self, conversation: &ConversationId) -> bool {
        let watching = self.watching.as_deref();
        watching.is_some_and(|watching| watching.conversations.contains_key(conversation))
    }

    /// Tells how far others have read, as far as it is further than was told before.
    fn tell_receipts(&mut self, conversation: ConversationId, read: Vec<Receipt>) {
        let watching = self.watching.as_deref_mut();
        let known = watching.and_then(|watching| watching.conversations.get_mut(&conversation)?.as_mut());
        let Some(known) = known else { return };
        let mut receipts = Vec::new();
        for receipt in read {
            let is_further = known
                .get(&receipt.person)
                .is_none_or(|before| *before < receipt.ordinal);
            if is_further && receipt.person != self.signal.user {
                known.insert(receipt.person.clone(), receipt.ordinal);
                receipts.push(receipt);
            }
        }
        if !receipts.is_empty() {
            self.push(&ServerFrame::Receipts { conversation, receipts });
        }
    }

    fn tell_presence(&mut self, changed: BTreeMap<UserId, Option<UnixMs>>) {
        let Some(watching) = self.watching.as_deref() else {
            return;
        };
        let presences = &self.app.chat.presences;
        let watched = changed
            .into_iter()
            .filter(|(person, _)| watching.people.contains(person));
        let people: Vec<PersonPresence> = watched.map(|(person, seen)| presences.told(&person, seen)).collect();
        if !people.is_empty() {
            self.push(&ServerFrame::Presence { people });
        }
    }
}

fn require_few(chat: &Chat, conversations: &[ConversationId], people: &[UserId]) -> Result<(), Refusal> {
    let most = (chat.limits.watched_conversations, chat.limits.watched_people);
    if conversations.len() <= most.0 as usize && people.len() <= most.1 as usize {
        return Ok(());
    }
    let detail = format!("Watch at most {} conversations and {} people.", most.0, most.1);
    Err(Refusal::new(ErrorCode::Malformed, detail))
}

/// Opens conversations that the person may read, and finds people; whoever is none is left out.
async fn find(
    chat: &Chat,
    person: &UserId,
    conversations: Vec<ConversationId>,
    people: Vec<UserId>,
) -> Result<Found, Refusal> {
    let mut desks = Vec::new();
    for conversation in &conversations {
        let desk = chat.open(conversation).await?;
        desk.look(|record| require_reader(record, person))?;
        desks.push(desk);
    }
    let people = if people.is_empty() {
        Vec::new()
    } else {
        chat.store.last_seen(people).await?
    };
    Ok(Found { desks, people })
}
