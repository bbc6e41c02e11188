//! Which sockets have what on their screen: only they are told live signs.
//!
//! Signs are hints. They are put on the socket's signal, where they replace each other; nothing here waits for a
//! socket, and nothing is stored.
//!
//! What must stay true (P6): once [`Onlookers::left`] has returned, no sign of that conversation waits for a socket
//! of the person who left, and none will. So signals are marked while the list is locked.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::sync::{Arc, Mutex};

use protocol::{ConversationId, PersonPresence, ReadMark, UserId};

use super::lock;
use super::signal::Signal;

/// Sockets by what they look at.
#[derive(Debug, Default)]
pub struct Onlookers {
    conversations: Mutex<HashMap<ConversationId, Audience>>,
    people: Mutex<HashMap<UserId, Sockets>>,
}

/// Sockets under their address in memory, which is theirs alone as long as they are held here.
type Sockets = BTreeMap<usize, Arc<Signal>>;

#[derive(Debug)]
struct Audience {
    /// Receipts are told in direct and group conversations only.
    tells_receipts: bool,
    sockets: Sockets,
}

impl Onlookers {
    /// From now on the socket is told the signs of this conversation.
    pub fn enter(&self, conversation: &ConversationId, tells_receipts: bool, signal: &Arc<Signal>) {
        let mut conversations = lock(&self.conversations);
        let audience = conversations.entry(conversation.clone()).or_insert_with(|| Audience {
            tells_receipts,
            sockets: Sockets::new(),
        });
        audience.sockets.insert(address(signal), Arc::clone(signal));
    }

    /// The socket looks elsewhere.
    pub fn leave(&self, conversation: &ConversationId, signal: &Arc<Signal>) {
        let mut conversations = lock(&self.conversations);
        if let Some(audience) = conversations.get_mut(conversation) {
            audience.sockets.remove(&address(signal));
            if audience.sockets.is_empty() {
                conversations.remove(conversation);
            }
        }
    }

    /// From now on the socket is told whether this person is there.
    pub fn watch_person(&self, person: &UserId, signal: &Arc<Signal>) {
        let mut people = lock(&self.people);
        add(&mut people, person, signal);
    }

    /// The socket looks at somebody else.
    pub fn unwatch_person(&self, person: &UserId, signal: &Arc<Signal>) {
        let mut people = lock(&self.people);
        if let Some(sockets) = people.get_mut(person) {
            sockets.remove(&address(signal));
            if sockets.is_empty() {
                people.remove(person);
            }
        }
    }

    /// A person has left a conversation: their sockets look at it no more.
    pub fn left(&self, person: &UserId, conversation: &ConversationId) {
        self.keep_only(conversation, |other| other != person);
    }

    /// Of those who look at a conversation, the others look at it no more.
    pub fn keep_only(&self, conversation: &ConversationId, may_look: impl Fn(&UserId) -> bool) {
        let mut conversations = lock(&self.conversations);
        let Some(audience) = conversations.get_mut(conversation) else {
            return;
        };
        audience.sockets.retain(|_, signal| {
            let stays = may_look(&signal.user);
            if !stays {
                signal.watch_ended(conversation);
            }
            stays
        });
        if audience.sockets.is_empty() {
            conversations.remove(conversation);
        }
    }

    /// Somebody types.
    pub fn typing(&self, conversation: &ConversationId, typist: &UserId) {
        let conversations = lock(&self.conversations);
        let audience = conversations.get(conversation);
        for signal in audience.iter().flat_map(|audience| audience.sockets.values()) {
            if signal.user != *typist {
                signal.typing(conversation, typist);
            }
        }
    }

    /// Somebody's read mark is this now.
    pub fn read(&self, conversation: &ConversationId, reader: &UserId, mark: ReadMark) {
        let conversations = lock(&self.conversations);
        let audience = conversations
            .get(conversation)
            .filter(|audience| audience.tells_receipts);
        for signal in audience.iter().flat_map(|audience| audience.sockets.values()) {
            if signal.user != *reader {
                signal.receipt(conversation, reader, mark.ordinal);
            }
        }
    }

    /// Whether somebody is there has changed.
    pub fn presence_changed(&self, news: &PersonPresence) {
        let people = lock(&self.people);
        for signal in people.get(&news.person).into_iter().flat_map(BTreeMap::values) {
            signal.presence(news);
        }
    }
}

fn address(signal: &Arc<Signal>) -> usize {
    Arc::as_ptr(signal).addr()
}

fn add<K: Eq + Hash + Clone>(held: &mut HashMap<K, Sockets>, key: &K, signal: &Arc<Signal>) {
    if let Some(sockets) = held.get_mut(key) {
        sockets.insert(address(signal), Arc::clone(signal));
    } else {
        held.insert(key.clone(), BTreeMap::from([(address(signal), Arc::clone(signal))]));
    }
}

#[cfg(test)]
mod tests {
    use protocol::{Presence, SessionId};

    use super::*;
    use crate::testing::{conversation, user};

    fn socket_of(person: u128) -> Arc<Signal> {
        Arc::new(Signal::new(user(person), SessionId::from_random(person)))
    }

    #[test]
    fn typing_is_told_to_those_who_look_but_not_to_oneself() {
        let onlookers = Onlookers::default();
        let (ada, ben, carol) = (socket_of(1), socket_of(2), socket_of(3));
        onlookers.enter(&conversation(1), false, &ada);
        onlookers.enter(&conversation(1), false, &ben);
        onlookers.enter(&conversation(2), false, &carol);
        onlookers.typing(&conversation(1), &user(1));
        assert!(ada.take().signs.is_none() && carol.take().signs.is_none());
        assert_eq!(ben.take().signs.unwrap().typing, [(conversation(1), user(1))]);
        onlookers.leave(&conversation(1), &ben);
        onlookers.typing(&conversation(1), &user(1));
        assert!(ben.take().signs.is_none());
    }

    #[test]
    fn receipts_are_told_where_they_belong() {
        let onlookers = Onlookers::default();
        let ben = socket_of(2);
        onlookers.enter(&conversation(1), true, &ben);
        onlookers.enter(&conversation(2), false, &ben);
        let mark = |ordinal| ReadMark { generation: 0, ordinal };
        for number in [1, 2] {
            onlookers.read(&conversation(number), &user(1), mark(5));
            onlookers.read(&conversation(number), &user(1), mark(4));
            onlookers.read(&conversation(number), &user(2), mark(9));
        }
        let told = ben.take().signs.unwrap().receipts;
        assert_eq!(told.len(), 1, "none in the channel: {told:?}");
        assert_eq!(
            told[&conversation(1)],
            BTreeMap::from([(user(1), 5)]),
            "the highest waits"
        );
    }

    #[test]
    fn nothing_of_a_conversation_waits_for_somebody_who_left_it() {
        let onlookers = Onlookers::default();
        let (ada, ben) = (socket_of(1), socket_of(2));
        for (number, signal) in [(1, &ada), (2, &ada), (1, &ben)] {
            onlookers.enter(&conversation(number), true, signal);
            onlookers.typing(&conversation(number), &user(3));
        }
        onlookers.left(&user(1), &conversation(1));
        onlookers.typing(&conversation(1), &user(4));
        onlookers.read(&conversation(1), &user(4), ReadMark::default());
        let signs = ada.take().signs.unwrap();
        assert_eq!(signs.ended, [conversation(1)]);
        assert_eq!(signs.typing, [(conversation(2), user(3))], "the other one goes on");
        assert!(signs.receipts.is_empty());
        assert_eq!(ben.take().signs.unwrap().typing.len(), 2, "others stay");
    }

    #[test]
    fn presence_is_told_to_those_who_look_at_the_person_and_only_the_newest() {
        let onlookers = Onlookers::default();
        let (ada, ben) = (socket_of(1), socket_of(2));
        onlookers.watch_person(&user(9), &ada);
        onlookers.watch_person(&user(8), &ben);
        for presence in [Presence::Online, Presence::Away] {
            onlookers.presence_changed(&PersonPresence {
                person: user(9),
                presence,
                last_seen: None,
            });
        }
        let told = ada.take().signs.unwrap().people;
        assert_eq!(told, BTreeMap::from([(user(9), None)]));
        assert!(ben.take().signs.is_none());
        onlookers.unwatch_person(&user(9), &ada);
        assert!(!onlookers.people.lock().unwrap().contains_key(&user(9)));
    }
}
