//! Who is there, over all their devices. Pure: the time comes in, and what others see differently is answered.
//!
//! What must stay true: a device that comes back within the grace time goes on as if it had never been away, so a
//! reconnect is not seen by anybody.

use std::collections::{BTreeSet, HashMap};

use protocol::{Activity, Presence, SessionId, UnixMs, UserId};

use crate::nodes::note::NodeId;

/// Devices of one person that are kept in mind; of more, those that went first are forgotten early.
const MOST_DEVICES: usize = 32;

/// Everybody who has a socket, had one within the grace time, or whose last activity is not saved yet.
#[derive(Debug)]
pub struct Attendance {
    grace_ms: UnixMs,
    people: HashMap<UserId, Person>,
    /// When somebody's next device is forgotten, soonest first.
    endings: BTreeSet<(UnixMs, UserId)>,
    /// Who was last active when, as far as it is not saved.
    unsaved: HashMap<UserId, UnixMs>,
}

#[derive(Debug)]
struct Person {
    devices: Vec<Device>,
    /// How the person is there at other nodes, where they are.
    elsewhere: Vec<(NodeId, Presence)>,
    /// What others were told last.
    told: Presence,
    /// What other nodes were told last of the devices of this one.
    told_nodes: Presence,
    last_active: Option<UnixMs>,
    /// Where the person stands in the endings.
    ending: Option<UnixMs>,
}

/// What has to be told about a person.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct News {
    /// To those who watch the person: how they are seen, and when they were last active.
    pub seen: Option<(Presence, Option<UnixMs>)>,
    /// To other nodes: the same by the devices of this node alone.
    pub here: Option<(Presence, Option<UnixMs>)>,
}

/// One session, with however many sockets it has just now.
#[derive(Debug)]
struct Device {
    session: SessionId,
    active: u32,
    idle: u32,
    /// When the last socket closed, and how the device was used then.
    gone: Option<(UnixMs, Activity)>,
}

impl Device {
    fn activity(&self) -> Activity {
        match self.gone {
            Some((_, activity)) => activity,
            None if self.active > 0 => Activity::Active,
            None => Activity::Idle,
        }
    }

    fn sockets(&mut self, activity: Activity) -> &mut u32 {
        match activity {
            Activity::Active => &mut self.active,
            Activity::Idle => &mut self.idle,
        }
    }
}

impl Person {
    fn nobody() -> Self {
        Self {
            devices: Vec::new(),
            elsewhere: Vec::new(),
            told: Presence::Offline,
            told_nodes: Presence::Offline,
            last_active: None,
            ending: None,
        }
    }

    /// Over all devices, of all nodes.
    fn presence(&self) -> Presence {
        let everywhere = self.elsewhere.iter().map(|(_, presence)| *presence);
        everywhere
            .chain([self.presence_here()])
            .max_by_key(|presence| rank(*presence))
            .unwrap_or(Presence::Offline)
    }

    /// Over the devices of this node.
    fn presence_here(&self) -> Presence {
        let is_used = |device: &Device| device.activity() == Activity::Active;
        match self.devices.as_slice() {
            [] => Presence::Offline,
            devices if devices.iter().any(is_used) => Presence::Online,
            _ => Presence::Away,
        }
    }

    fn device(&mut self, session: &SessionId) -> Option<&mut Device> {
        self.devices.iter_mut().find(|device| device.session == *session)
    }

    /// Makes room for one more device.
    fn forget_surplus(&mut self) {
        while self.devices.len() >= MOST_DEVICES {
            let gone = self.devices.iter().enumerate();
            let first = gone.filter_map(|(index, device)| device.gone.map(|(at, _)| (at, index)));
            let Some((_, index)) = first.min() else { return };
            self.devices.remove(index);
        }
    }
}

impl Attendance {
    /// Nobody is there. Devices are forgotten so long after their last socket closed.
    pub fn new(grace_ms: UnixMs) -> Self {
        Self {
            grace_ms,
            people: HashMap::new(),
            endings: BTreeSet::new(),
            unsaved: HashMap::new(),
        }
    }

    /// A socket was opened; answers how it begins.
    ///
    /// Whoever comes is active. Only a device that is back within the grace time goes on with what it was.
    pub fn came(&mut self, person: &UserId, session: &SessionId, now: UnixMs) -> Activity {
        let held = self.people.entry(person.clone()).or_insert_with(Person::nobody);
        let begins = if let Some(device) = held.device(session) {
            let begins = device.gone.take().map_or(Activity::Active, |(_, activity)| activity);
            *device.sockets(begins) += 1;
            begins
        } else {
            held.forget_surplus();
            held.devices.push(Device {
                session: session.clone(),
                active: 1,
                idle: 0,
                gone: None,
            });
            Activity::Active
        };
        if begins == Activity::Active {
            self.was_active(person, now);
        }
        self.schedule(person);
        begins
    }

    /// A socket's device is used otherwise from now on.
    pub fn acts(&mut self, person: &UserId, session: &SessionId, change: (Activity, Activity), now: UnixMs) {
        let (from, to) = change;
        let device = self.people.get_mut(person).and_then(|held| held.device(session));
        if let Some(device) = device {
            let before = device.sockets(from);
            *before = before.saturating_sub(1);
            *device.sockets(to) += 1;
            if [from, to].contains(&Activity::Active) {
                self.was_active(person, now);
            }
        }
    }

    /// A socket closed; the person is seen as before until the grace time is over.
    pub fn went(&mut self, person: &UserId, session: &SessionId, activity: Activity, now: UnixMs) {
        let device = self.people.get_mut(person).and_then(|held| held.device(session));
        let Some(device) = device else { return };
        let open = device.sockets(activity);
        *open = open.saturating_sub(1);
        if device.active + device.idle == 0 {
            device.gone = Some((now, activity));
        }
        if activity == Activity::Active {
            self.was_active(person, now);
        }
        self.schedule(person);
    }

    /// A session has ended: a device without sockets is not waited for.
    pub fn ended(&mut self, person: &UserId, session: &SessionId) {
        if let Some(held) = self.people.get_mut(person) {
            held.devices
                .retain(|device| device.session != *session || device.gone.is_none());
            self.schedule(person);
        }
    }

    /// Forgets devices whose grace time is over, and answers whom that concerns.
    pub fn settle(&mut self, now: UnixMs) -> Vec<UserId> {
        let mut settled = Vec::new();
        while let Some(person) = self.next_due(now) {
            if let Some(held) = self.people.get_mut(&person) {
                let grace_ms = self.grace_ms;
                held.devices.retain(|device| match device.gone {
                    Some((at, _)) => !is_over(at + grace_ms, now, grace_ms),
                    None => true,
                });
            }
            self.schedule(&person);
            settled.push(person);
        }
        settled
    }

    /// When the next device is to be forgotten.
    pub fn next_ending(&self) -> Option<UnixMs> {
        self.endings.first().map(|(at, _)| *at)
    }

    /// What others see differently than they were told, which counts as told from now on.
    pub fn news_of(&mut self, person: &UserId, now: UnixMs) -> News {
        let Some(held) = self.people.get_mut(person) else {
            return News::default();
        };
        let (presence, here) = (held.presence(), held.presence_here());
        let is_news = held.told != presence;
        let is_news_of_here = held.told_nodes != here;
        (held.told, held.told_nodes) = (presence, here);
        let last_active = held.last_active;
        let seen = self.look(person, now);
        if presence == Presence::Offline {
            self.people.remove(person);
        }
        News {
            seen: seen.filter(|_| is_news),
            here: is_news_of_here.then_some((here, last_active)),
        }
    }

    /// How a person is there at another node now.
    pub fn is_elsewhere(&mut self, person: &UserId, node: &NodeId, presence: Presence, last_seen: Option<UnixMs>) {
        let held = self.people.entry(person.clone()).or_insert_with(Person::nobody);
        held.elsewhere.retain(|(other, _)| other != node);
        if presence != Presence::Offline {
            held.elsewhere.push((node.clone(), presence));
        }
        held.last_active = held.last_active.max(last_seen);
    }

    /// These people are not there at a node any more; answers whom that concerns.
    pub fn gone_elsewhere(&mut self, node: &NodeId, is_gone: impl Fn(&UserId) -> bool) -> Vec<UserId> {
        let mut concerned = Vec::new();
        for (person, held) in self.people.iter_mut().filter(|(person, _)| is_gone(person)) {
            let before = held.elsewhere.len();
            held.elsewhere.retain(|(other, _)| other != node);
            if held.elsewhere.len() < before {
                concerned.push(person.clone());
            }
        }
        concerned
    }

    /// Everybody who is there at this node, as other nodes are told.
    pub fn all_here(&mut self) -> Vec<(UserId, Presence, Option<UnixMs>)> {
        let mut all = Vec::new();
        for (person, held) in &mut self.people {
            let here = held.presence_here();
            held.told_nodes = here;
            if here != Presence::Offline {
                all.push((person.clone(), here, held.last_active));
            }
        }
        all
    }

    /// How a person is seen now, and when they were last active; none when that is only known to the store.
    pub fn look(&self, person: &UserId, now: UnixMs) -> Option<(Presence, Option<UnixMs>)> {
        let unsaved = self.unsaved.get(person).copied();
        let Some(held) = self.people.get(person) else {
            return unsaved.map(|at| (Presence::Offline, Some(at)));
        };
        match held.presence() {
            Presence::Online => Some((Presence::Online, Some(now))),
            other => Some((other, unsaved.max(held.last_active))),
        }
    }

    /// How those who watch a person were told to see them. Who begins to watch is told this, too: what is different
    /// by now is news that is still to come.
    pub fn told(&self, person: &UserId, now: UnixMs) -> Option<(Presence, Option<UnixMs>)> {
        let told = self.people.get(person).map_or(Presence::Offline, |held| held.told);
        let (_, last_active) = self.look(person, now)?;
        Some((told, last_active))
    }

    /// Who was last active when and is not saved yet, at most so many.
    pub fn unsaved(&self, most: usize) -> Vec<(UserId, UnixMs)> {
        let unsaved = self.unsaved.iter().take(most);
        unsaved.map(|(person, at)| (person.clone(), *at)).collect()
    }

    /// These are saved; who was active again since is not.
    pub fn saved(&mut self, people: &[(UserId, UnixMs)]) {
        for (person, at) in people {
            if self.unsaved.get(person) == Some(at) {
                self.unsaved.remove(person);
            }
        }
    }

    /// Notes everybody who is there just now as active, so that a crash costs no more than what follows.
    pub fn note_active(&mut self, now: UnixMs) {
        let online = self.people.iter().filter(|(_, held)| {
            let in_use = |device: &Device| device.gone.is_none() && device.active > 0;
            held.devices.iter().any(in_use)
        });
        let online: Vec<UserId> = online.map(|(person, _)| person.clone()).collect();
        for person in online {
            self.was_active(&person, now);
        }
    }

    fn was_active(&mut self, person: &UserId, now: UnixMs) {
        if let Some(held) = self.people.get_mut(person) {
            held.last_active = held.last_active.max(Some(now));
        }
        let at = self.unsaved.entry(person.clone()).or_insert(now);
        *at = now.max(*at);
    }

    fn next_due(&self, now: UnixMs) -> Option<UserId> {
        let is_due = |ending: &&(UnixMs, UserId)| is_over(ending.0, now, self.grace_ms);
        let (_, person) = self
            .endings
            .first()
            .filter(is_due)
            .or_else(|| self.endings.last().filter(is_due))?;
        Some(person.clone())
    }

    /// Puts the person's place in the endings right.
    fn schedule(&mut self, person: &UserId) {
        let Some(held) = self.people.get_mut(person) else {
            return;
        };
        let first_gone = held
            .devices
            .iter()
            .filter_map(|device| device.gone)
            .min_by_key(|gone| gone.0);
        let ending = first_gone.map(|(at, _)| at + self.grace_ms);
        if held.ending != ending {
            if let Some(before) = held.ending {
                self.endings.remove(&(before, person.clone()));
            }
            held.ending = ending;
            if let Some(at) = ending {
                self.endings.insert((at, person.clone()));
            }
        }
    }
}

/// Which of two is seen.
fn rank(presence: Presence) -> u8 {
    match presence {
        Presence::Online => 2,
        Presence::Away => 1,
        Presence::Offline => 0,
    }
}

/// Whether a time has come. One that is further away than the grace time was set by a clock that went back since.
fn is_over(at: UnixMs, now: UnixMs, grace_ms: UnixMs) -> bool {
    at <= now || at > now + grace_ms
}

#[cfg(test)]
mod tests;
