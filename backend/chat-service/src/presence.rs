//! Whether people are there, at whichever node: who watches somebody is told of a change, at once when little happens and in turns when
//! much does.
//!
//! [`attendance`] has the rules. When somebody was last active is kept in the store, a while later and many at once.

pub mod attendance;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use protocol::{Activity, ErrorCode, PersonPresence, Presence, SessionId, UnixMs, UserId};
use service_kit::SharedClock;
use tokio::sync::Notify;
use tokio::time::Instant;

use self::attendance::Attendance;
use crate::chat::Chat;
use crate::nodes::note::{NodeId, Note, PresenceHere};
use crate::read_marks::take_turn;
use crate::refusal::Refusal;

/// People that may be asked for at once.
const MOST_ASKED: usize = 100;
/// The pause after watchers were told, in which further changes gather.
const GATHER: Duration = Duration::from_millis(250);
/// People whose watchers are told at once; with the pause this bounds what a storm costs.
const TOLD_AT_ONCE: usize = 250;
/// People in one note to other nodes.
const TOLD_TOGETHER: usize = 500;
/// How often last activities are written.
const SAVE_EVERY: Duration = Duration::from_secs(30);
/// Last activities in one write, so that no message waits long behind it.
const SAVED_AT_ONCE: usize = 256;
/// How often those who are active all the while are noted as such: what a crash may cost of "last seen".
const NOTE_EVERY: Duration = Duration::from_mins(5);

/// Who is there on this node.
pub struct Presences {
    clock: SharedClock,
    attendance: Mutex<Attendance>,
    /// People whose watchers may have to be told something.
    changed: Mutex<BTreeSet<UserId>>,
    news: Notify,
    /// Other nodes may have missed who is there.
    owes_everybody: AtomicBool,
}

impl Presences {
    /// Nobody is there yet.
    pub fn new(clock: SharedClock, grace_s: u32) -> Self {
        Self {
            clock,
            attendance: Mutex::new(Attendance::new(UnixMs::from(grace_s) * 1000)),
            changed: Mutex::default(),
            news: Notify::new(),
            owes_everybody: AtomicBool::new(false),
        }
    }

    /// A person's socket was opened; answers how it begins.
    pub fn came(&self, person: &UserId, session: &SessionId) -> Activity {
        let activity = self.attendance().came(person, session, self.clock.now());
        self.note_change(person);
        activity
    }

    /// A socket's device is used otherwise from now on.
    pub fn acts(&self, person: &UserId, session: &SessionId, change: (Activity, Activity)) {
        self.attendance().acts(person, session, change, self.clock.now());
        self.note_change(person);
    }

    /// A person's socket closed.
    pub fn went(&self, person: &UserId, session: &SessionId, activity: Activity) {
        self.attendance().went(person, session, activity, self.clock.now());
        self.note_change(person);
    }

    /// A session has ended, after its socket closed.
    pub fn ended(&self, person: &UserId, session: &SessionId) {
        self.attendance().ended(person, session);
        self.note_change(person);
    }

    /// How a person is seen now; `stored` is when the store says they were last active.
    pub fn look(&self, person: &UserId, stored: Option<UnixMs>) -> PersonPresence {
        let seen = self.attendance().look(person, self.clock.now());
        seen_as(person, seen, stored)
    }

    /// How those who watch a person were told to see them.
    pub fn told(&self, person: &UserId, stored: Option<UnixMs>) -> PersonPresence {
        let seen = self.attendance().told(person, self.clock.now());
        seen_as(person, seen, stored)
    }

    /// Those of these people who use one of their devices now, at most so many.
    pub fn active_of<'a>(&self, people: impl Iterator<Item = &'a UserId>, most: usize) -> Vec<UserId> {
        let (attendance, now) = (self.attendance(), self.clock.now());
        let is_active = |person: &&UserId| {
            let seen = attendance.look(person, now);
            seen.is_some_and(|(presence, _)| presence == Presence::Online)
        };
        people.filter(is_active).take(most).cloned().collect()
    }

    fn note_change(&self, person: &UserId) {
        self.changed().insert(person.clone());
        self.news.notify_one();
    }

    /// How people are there at another node.
    pub fn hear(&self, node: &NodeId, people: Vec<PresenceHere>) {
        let mut attendance = self.attendance();
        for here in &people {
            attendance.is_elsewhere(&here.person, node, here.presence, here.last_seen);
        }
        drop(attendance);
        self.changed().extend(people.into_iter().map(|here| here.person));
        self.news.notify_one();
    }

    /// Another node is gone, and whoever was there.
    pub fn node_gone(&self, node: &NodeId) {
        let concerned = self.attendance().gone_elsewhere(node, |_| true);
        self.changed().extend(concerned);
        self.news.notify_one();
    }

    /// These are all who are there at another node, of those with ids in this range: whoever else was, has gone.
    pub fn hear_everybody(&self, node: &NodeId, range: (Option<UserId>, Option<UserId>), people: Vec<PresenceHere>) {
        let gone = {
            let named: BTreeSet<&UserId> = people.iter().map(|here| &here.person).collect();
            let (after, until) = range;
            let is_gone = |person: &UserId| {
                let is_meant = after.as_ref().is_none_or(|after| person > after)
                    && until.as_ref().is_none_or(|until| person <= until);
                is_meant && !named.contains(person)
            };
            self.attendance().gone_elsewhere(node, is_gone)
        };
        self.changed().extend(gone);
        self.hear(node, people);
    }

    /// Has the other nodes told soon of everybody who is there at this one.
    pub fn tell_everybody(&self) {
        self.owes_everybody.store(true, Ordering::Relaxed);
        self.news.notify_one();
    }

    /// What the other nodes are told of everybody who is there, if they are owed it. Several notes, each of which says
    /// by itself who is not there.
    fn take_everybody(&self) -> Vec<Note> {
        if !self.owes_everybody.swap(false, Ordering::Relaxed) {
            return Vec::new();
        }
        let all = self.attendance().all_here().into_iter();
        let mut all: Vec<PresenceHere> = all
            .map(|(person, presence, last_seen)| PresenceHere {
                person,
                presence,
                last_seen,
            })
            .collect();
        all.sort_unstable_by(|one, other| one.person.cmp(&other.person));
        let (mut notes, mut after) = (Vec::new(), None);
        loop {
            let rest = all.split_off(all.len().min(TOLD_TOGETHER));
            let last = all.last().filter(|_| !rest.is_empty());
            let until = last.map(|here| here.person.clone());
            let people = std::mem::replace(&mut all, rest);
            notes.push(Note::Everybody {
                after: after.take(),
                until: until.clone(),
                people,
            });
            if all.is_empty() {
                return notes;
            }
            after = until;
        }
    }

    /// Whose watchers are to be told, and what; at most so many. And what other nodes are to be told.
    fn take_news(&self, most: usize) -> (Vec<PersonPresence>, Vec<PresenceHere>) {
        let now = self.clock.now();
        let settled = self.attendance().settle(now);
        let mut changed = self.changed();
        changed.extend(settled);
        let (mut news, mut here) = (Vec::new(), Vec::new());
        for _ in 0..most {
            let Some(person) = changed.pop_first() else { break };
            let told = self.attendance().news_of(&person, now);
            here.extend(told.here.map(|(presence, last_seen)| PresenceHere {
                person: person.clone(),
                presence,
                last_seen,
            }));
            news.extend(told.seen.map(|(presence, last_seen)| PersonPresence {
                person,
                presence,
                last_seen,
            }));
        }
        if !changed.is_empty() {
            self.news.notify_one();
        }
        (news, here)
    }

    /// Resolves when there may be something to tell.
    async fn awaited(&self) {
        let next = self.attendance().next_ending();
        let grace_over = async {
            match next {
                Some(at) => {
                    let wait_ms = u64::try_from(at - self.clock.now()).unwrap_or(0);
                    tokio::time::sleep(Duration::from_millis(wait_ms)).await;
                }
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = self.news.notified() => {}
            () = grace_over => {}
        }
    }

    fn attendance(&self) -> MutexGuard<'_, Attendance> {
        self.attendance.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn changed(&self) -> MutexGuard<'_, BTreeSet<UserId>> {
        self.changed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn seen_as(person: &UserId, seen: Option<(Presence, Option<UnixMs>)>, stored: Option<UnixMs>) -> PersonPresence {
    let (presence, last_seen) = seen.unwrap_or((Presence::Offline, None));
    PersonPresence {
        person: person.clone(),
        presence,
        last_seen: last_seen.max(stored),
    }
}

/// How these people are seen now; one for every id that is a person's.
pub async fn of(chat: &Chat, asker: &UserId, ids: &str) -> Result<Vec<PersonPresence>, Refusal> {
    take_turn(chat, asker)?;
    let malformed = |detail: String| Refusal::new(ErrorCode::Malformed, detail);
    let people: Result<BTreeSet<UserId>, _> = ids.split(',').map(UserId::parse).collect();
    let people = people.map_err(|fault| malformed(format!("Give ids separated by commas: {fault}.")))?;
    if people.len() > MOST_ASKED {
        return Err(malformed(format!("Ask for at most {MOST_ASKED} people at a time.")));
    }
    let stored = chat.store.last_seen(people.into_iter().collect()).await?;
    let seen = stored.iter().map(|(person, at)| chat.presences.look(person, *at));
    Ok(seen.collect())
}

/// Tells watchers what changes and saves last activities, until the process stops.
pub async fn follow(chat: Arc<Chat>) -> anyhow::Result<()> {
    let mut stopping = std::pin::pin!(chat.lifecycle.stopping());
    let mut save_at = Instant::now() + SAVE_EVERY;
    let mut note_at = Instant::now() + NOTE_EVERY;
    loop {
        tokio::select! {
            () = &mut stopping => break,
            () = chat.presences.awaited() => {
                tell(&chat);
                tokio::time::sleep(GATHER).await;
            }
            () = tokio::time::sleep_until(save_at) => {
                let now = Instant::now();
                if note_at <= now {
                    note_at = now + NOTE_EVERY;
                    chat.presences.attendance().note_active(chat.clock.now());
                }
                save(&chat).await;
                save_at = Instant::now() + SAVE_EVERY;
            }
        }
    }
    chat.presences.attendance().note_active(chat.clock.now());
    save(&chat).await;
    Ok(())
}

/// All that is told goes from here, so that what is told later is newer.
fn tell(chat: &Chat) {
    for note in chat.presences.take_everybody() {
        chat.sockets.neighbours.tell(|| note);
    }
    let (news, people) = chat.presences.take_news(TOLD_AT_ONCE);
    for news in &news {
        chat.sockets.onlookers.presence_changed(news);
    }
    if !people.is_empty() {
        chat.sockets.neighbours.tell(|| Note::Presence { people });
    }
}

/// Writes last activities in portions; what cannot be written now is written later.
async fn save(chat: &Chat) {
    loop {
        let portion = chat.presences.attendance().unsaved(SAVED_AT_ONCE);
        if portion.is_empty() {
            return;
        }
        if let Err(fault) = chat.store.raise_last_seen(portion.clone()).await {
            tracing::warn!(%fault, "cannot save when people were last active; it is tried again");
            return;
        }
        chat.presences.attendance().saved(&portion);
    }
}

#[cfg(test)]
mod tests;
