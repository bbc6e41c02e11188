//! Who is connected to this node.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use protocol::event::PersonChanged;
use protocol::frame::ServerFrame;
use protocol::{ConversationId, ReadMark, UserId};

use super::onlookers::Onlookers;
use super::signal::{Close, Signal};
use super::{frame, lock};
use crate::nodes::note::Note;
use crate::nodes::telling::Neighbours;

/// News about people that are kept for sockets which are busy; one that falls further behind comes back and asks.
const PEOPLE_NEWS: usize = 1024;

/// Every open socket by person, and the newest news about people.
#[derive(Debug, Default)]
pub struct Sockets {
    /// Who of them has what on the screen.
    pub onlookers: Onlookers,
    /// The sockets of other nodes; what happens at this node is told to both.
    pub neighbours: Neighbours,
    by_person: Mutex<HashMap<UserId, Vec<Arc<Signal>>>>,
    people: Mutex<PeopleNews>,
}

#[derive(Debug, Default)]
struct PeopleNews {
    /// How many there were since the start; the newest has this number.
    count: u64,
    newest: VecDeque<Bytes>,
    /// What the other nodes were told last.
    told: VecDeque<PersonChanged>,
}

impl Sockets {
    /// No sockets yet, beside those of other nodes.
    pub fn beside(neighbours: Neighbours) -> Self {
        Self {
            neighbours,
            ..Self::default()
        }
    }

    /// Adds a socket. When the person has `limit` of them already, the oldest is asked to close.
    pub fn enter(&self, signal: Arc<Signal>, limit: usize) {
        let mut people = lock(&self.by_person);
        let own = people.entry(signal.user.clone()).or_default();
        if own.len() >= limit.max(1) {
            own.remove(0).close(Close::TooManySockets);
        }
        own.push(signal);
    }

    /// Removes a socket.
    pub fn leave(&self, signal: &Arc<Signal>) {
        let mut people = lock(&self.by_person);
        if let Some(own) = people.get_mut(&signal.user) {
            own.retain(|held| !Arc::ptr_eq(held, signal));
            if own.is_empty() {
                people.remove(&signal.user);
            }
        }
    }

    /// How many sockets are open.
    pub fn count(&self) -> usize {
        lock(&self.by_person).values().map(Vec::len).sum()
    }

    /// Everybody who has a socket here.
    pub fn people(&self) -> HashSet<UserId> {
        lock(&self.by_person).keys().cloned().collect()
    }

    /// Tells a person's sockets that they were added to a conversation by the entry at `seq`.
    pub fn added(&self, person: &UserId, conversation: &ConversationId, seq: u64) {
        self.added_here(person, conversation, seq);
        self.neighbours.tell(|| Note::Added {
            person: person.clone(),
            conversation: conversation.clone(),
            seq,
        });
    }

    /// The same, at this node alone.
    pub fn added_here(&self, person: &UserId, conversation: &ConversationId, seq: u64) {
        for signal in lock(&self.by_person).get(person).into_iter().flatten() {
            signal.added(conversation, seq);
        }
    }

    /// Something that only concerns this person changed in a conversation: their sockets tell it anew.
    pub fn changed(&self, person: &UserId, conversation: &ConversationId) {
        self.changed_here(person, conversation);
        self.neighbours.tell(|| Note::Changed {
            person: person.clone(),
            conversation: conversation.clone(),
        });
    }

    /// The same, at this node alone.
    pub fn changed_here(&self, person: &UserId, conversation: &ConversationId) {
        for signal in lock(&self.by_person).get(person).into_iter().flatten() {
            signal.changed(conversation);
        }
    }

    /// A person has left a conversation: no live sign of it reaches them from now on (P6).
    pub fn left(&self, person: &UserId, conversation: &ConversationId) {
        self.onlookers.left(person, conversation);
    }

    /// Tells a person's sockets how far they have read, and those who look on.
    pub fn read(&self, person: &UserId, conversation: &ConversationId, mark: ReadMark) {
        self.read_here(person, conversation, mark);
        self.neighbours.tell(|| Note::Read {
            person: person.clone(),
            conversation: conversation.clone(),
            mark,
        });
    }

    /// The same, at this node alone.
    pub fn read_here(&self, person: &UserId, conversation: &ConversationId, mark: ReadMark) {
        self.onlookers.read(conversation, person, mark);
        for signal in lock(&self.by_person).get(person).into_iter().flatten() {
            signal.read(conversation, mark);
        }
    }

    /// Tells every socket what a person looks like now.
    pub fn person_changed(&self, person: PersonChanged) {
        if self.neighbours.may_exist() {
            let mut people = lock(&self.people);
            people.told.push_back(person.clone());
            if people.told.len() > PEOPLE_NEWS {
                people.told.pop_front();
            }
        }
        self.neighbours.tell(|| Note::Person(person.clone()));
        self.person_changed_here(person);
    }

    /// The same, at this node alone.
    pub fn person_changed_here(&self, person: PersonChanged) {
        let news = frame::encode(&ServerFrame::Person {
            id: person.id,
            name: person.name,
            active: person.active,
            version: person.version,
        });
        {
            let mut people = lock(&self.people);
            people.count += 1;
            people.newest.push_back(news);
            if people.newest.len() > PEOPLE_NEWS {
                people.newest.pop_front();
            }
        }
        self.each(Signal::people_changed);
    }

    /// Tells the other nodes once more who changed lately: they may have missed it.
    pub fn tell_people_again(&self) {
        let lately: Vec<PersonChanged> = lock(&self.people).told.iter().cloned().collect();
        for person in lately {
            self.neighbours.tell(|| Note::Person(person));
        }
    }

    /// The number of the newest news about people.
    pub fn people_news(&self) -> u64 {
        lock(&self.people).count
    }

    /// The news after number `seen`, and the number of the newest; `None` when some of them are gone.
    pub fn people_news_after(&self, seen: u64) -> Option<(Vec<Bytes>, u64)> {
        let people = lock(&self.people);
        let missed = usize::try_from(people.count.saturating_sub(seen)).ok()?;
        let skip = people.newest.len().checked_sub(missed)?;
        Some((people.newest.iter().skip(skip).cloned().collect(), people.count))
    }

    /// Asks every socket to close for which `reason` gives one.
    pub fn close_where(&self, mut reason: impl FnMut(&Signal) -> Option<Close>) {
        self.each(|signal| {
            if let Some(reason) = reason(signal) {
                signal.close(reason);
            }
        });
    }

    fn each(&self, mut act: impl FnMut(&Signal)) {
        lock(&self.by_person).values().flatten().for_each(|signal| act(signal));
    }
}

#[cfg(test)]
mod tests {
    use protocol::SessionId;

    use super::*;

    fn signal(session: u128) -> Arc<Signal> {
        Arc::new(Signal::new(UserId::from_random(1), SessionId::from_random(session)))
    }

    #[test]
    fn one_socket_too_many_closes_the_oldest() {
        let sockets = Sockets::default();
        let all: Vec<_> = (0..3).map(signal).collect();
        for signal in &all {
            sockets.enter(Arc::clone(signal), 2);
        }
        assert_eq!(all[0].take().close, Some(Close::TooManySockets));
        assert_eq!(all[1].take().close, None);
        assert_eq!(sockets.count(), 2);
        sockets.leave(&all[1]);
        sockets.leave(&all[2]);
        assert_eq!(sockets.count(), 0);
    }

    #[test]
    fn news_about_people_reach_a_socket_from_where_it_stands() {
        let sockets = Sockets::default();
        let listener = signal(1);
        sockets.enter(Arc::clone(&listener), 2);
        for version in 1..=3 {
            sockets.person_changed(PersonChanged {
                id: UserId::from_random(9),
                name: "Ada".to_owned(),
                active: true,
                role: protocol::Role::Member,
                version,
            });
        }
        assert!(listener.take().people);
        let (news, seen) = sockets.people_news_after(1).unwrap();
        assert_eq!((news.len(), seen), (2, 3));
    }
}
