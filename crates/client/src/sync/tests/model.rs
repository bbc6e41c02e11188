//! A server in memory: one log per conversation, and a socket with one cursor per conversation.

use std::collections::{BTreeMap, HashMap, VecDeque};

use protocol::frame::Cursor;
use protocol::rest::chat::Entries;
use protocol::{
    ClientId, Conversation, ConversationId, ConversationKind, Entry, EntryKind, ErrorCode, Membership, ReadMark,
    UserId, Visibility,
};

use super::random::Dice;
use crate::store::outbox::Outgoing;
use crate::sync::Event;
use crate::view::Failure;

/// Small, so that a few dozen entries already lie in holes.
const RESUME: usize = 6;
const PAGE: usize = 4;

pub(super) fn me() -> UserId {
    UserId::from_random(1)
}

fn other() -> UserId {
    UserId::from_random(2)
}

pub(super) struct Log {
    pub(super) epoch: u64,
    pub(super) entries: Vec<Entry>,
    pub(super) is_member: bool,
    pub(super) read: ReadMark,
}

#[derive(Default)]
pub(super) struct Server {
    pub(super) logs: BTreeMap<ConversationId, Log>,
    /// What was ever stored, which a restore may take away again.
    restored: bool,
    ids: u128,
    /// How far the socket has got; none while it is cut.
    sent: Option<HashMap<ConversationId, usize>>,
    /// Frames on the line.
    line: VecDeque<Event>,
    /// Whether the next send is refused because the server is busy.
    pub(super) is_busy: bool,
}

impl Log {
    fn epoch(&self) -> String {
        format!("epoch{}", self.epoch)
    }

    pub(super) fn ordinal(&self) -> u64 {
        self.entries.last().map_or(0, |entry| entry.ordinal)
    }

    fn said(&self, id: &ConversationId) -> Conversation {
        Conversation {
            id: id.clone(),
            kind: ConversationKind::Channel,
            visibility: Visibility::Public,
            name: Some(self.name()),
            members: Vec::new(),
            member_count: self.member_count(),
            membership: if self.is_member {
                Membership::Member
            } else {
                Membership::Former
            },
            epoch: self.epoch(),
            head: self.entries.len() as u64,
            ordinal: self.ordinal(),
            last_at: self.entries.last().map_or(0, |entry| entry.at),
            read: self.read,
            created_by: other(),
        }
    }

    pub(super) fn name(&self) -> String {
        let renamed = self.entries.iter().rev().find_map(|entry| match &entry.kind {
            EntryKind::Renamed { name } => Some(name.clone()),
            _ => None,
        });
        renamed.unwrap_or_default()
    }

    pub(super) fn member_count(&self) -> u32 {
        let joined = self
            .entries
            .iter()
            .filter(|entry| matches!(entry.kind, EntryKind::Joined { .. }))
            .count();
        let left = self
            .entries
            .iter()
            .filter(|entry| matches!(entry.kind, EntryKind::Left { .. }))
            .count();
        u32::try_from(joined)
            .unwrap()
            .saturating_sub(u32::try_from(left).unwrap())
    }

    /// The ordinal up to which the person has read, their own messages counting as read.
    pub(super) fn read_up_to(&self) -> u64 {
        let own = self
            .entries
            .iter()
            .rev()
            .find(|entry| entry.author == me() && entry.kind.is_message());
        own.map_or(0, |entry| entry.ordinal).max(self.read.ordinal)
    }
}

impl Server {
    pub(super) fn add_conversation(&mut self) -> ConversationId {
        self.ids += 1;
        let id = ConversationId::from_random(self.ids);
        let log = Log {
            epoch: 0,
            entries: Vec::new(),
            is_member: true,
            read: ReadMark::default(),
        };
        self.logs.insert(id.clone(), log);
        self.introduce(&id);
        id
    }

    /// Something happens in a conversation that is not our doing.
    pub(super) fn happens(&mut self, id: &ConversationId, dice: &mut Dice) {
        self.ids += 1;
        let number = self.ids;
        let person = UserId::from_random(100 + number);
        let kind = match dice.below(8) {
            0 => EntryKind::Joined { person },
            1 if self.logs[id].member_count() > 0 => EntryKind::Left { person },
            2 => EntryKind::Renamed {
                name: format!("name{number}"),
            },
            _ => EntryKind::Message {
                body: format!("body{number}"),
            },
        };
        self.append(id, other(), ClientId::from_random(number), kind);
    }

    /// Carries out a send as the protocol says; the answer may or may not arrive.
    pub(super) fn send(&mut self, message: &Outgoing) {
        if std::mem::take(&mut self.is_busy) {
            return;
        }
        let log = &self.logs[&message.conversation];
        if !log.is_member {
            let code = ErrorCode::NotFound;
            let detail = String::new();
            let failure = Failure::Refused {
                code,
                detail,
                retry_after_s: None,
                tries_left: None,
            };
            self.line.push_back(Event::SendRefused {
                client_id: message.client_id.clone(),
                failure,
            });
            return;
        }
        if let Some(stored) = self.find(&message.client_id) {
            assert_eq!(stored.conversation, message.conversation);
            self.line.push_back(Event::Stored(stored));
            return;
        }
        if message.after.as_ref().is_some_and(|after| self.find(after).is_none()) {
            return;
        }
        let kind = EntryKind::Message {
            body: message.body.clone(),
        };
        let entry = self.append(&message.conversation, me(), message.client_id.clone(), kind);
        self.line.push_back(Event::Stored(entry));
    }

    pub(super) fn read(&mut self, id: &ConversationId, mark: ReadMark) {
        let Some(log) = self.logs.get_mut(id) else { return };
        let mark = ReadMark {
            ordinal: mark.ordinal.min(log.ordinal()),
            ..mark
        };
        log.read = log.read.later(mark);
        let held = log.read;
        self.line.push_back(Event::ReadTold {
            conversation: id.clone(),
            mark,
        });
        self.line.push_back(Event::Read {
            conversation: id.clone(),
            mark: held,
        });
    }

    /// The last entries are lost and the epoch changes, as after a restore from backup.
    pub(super) fn restore(&mut self, id: &ConversationId, dice: &mut Dice) {
        self.cut();
        self.restored = true;
        let log = self.logs.get_mut(id).unwrap();
        log.entries.truncate(dice.below(log.entries.len() + 1));
        log.epoch += 1;
        log.read.ordinal = log.read.ordinal.min(log.ordinal());
    }

    pub(super) fn leave_or_join(&mut self, id: &ConversationId) {
        let was_member = self.logs[id].is_member;
        self.ids += 1;
        let client_id = ClientId::from_random(self.ids);
        let person = me();
        let kind = if was_member {
            EntryKind::Left { person }
        } else {
            EntryKind::Joined { person }
        };
        if was_member {
            self.append(id, other(), client_id, kind);
            self.drain(id);
            self.logs.get_mut(id).unwrap().is_member = false;
            self.line.push_back(Event::Conversation(self.logs[id].said(id)));
            if let Some(sent) = &mut self.sent {
                sent.remove(id);
            }
        } else {
            self.logs.get_mut(id).unwrap().is_member = true;
            self.append(id, other(), client_id, kind);
            self.introduce(id);
        }
    }

    /// A fresh socket: welcome, and for each conversation what was missed or the newest page.
    pub(super) fn hello(&mut self, cursors: Vec<Cursor>) {
        self.line.clear();
        let mut cursors: HashMap<_, _> = cursors
            .into_iter()
            .map(|cursor| (cursor.conversation.clone(), cursor))
            .collect();
        let members: Vec<_> = self.logs.iter().filter(|(_, log)| log.is_member).collect();
        self.line
            .push_back(Event::Welcome(members.iter().map(|(id, log)| log.said(id)).collect()));
        let mut sent = HashMap::new();
        for (id, log) in members {
            let at = cursors.remove(id).filter(|cursor| cursor.epoch == log.epoch());
            let at = at.and_then(|cursor| {
                let seq = usize::try_from(cursor.seq).unwrap();
                let fits = log
                    .entries
                    .get(seq - 1)
                    .is_some_and(|entry| entry.client_id == cursor.client_id);
                (fits && log.entries.len() - seq <= RESUME).then_some(seq)
            });
            if at.is_none() {
                self.line.push_back(newest(id, log));
            }
            sent.insert(id.clone(), at.unwrap_or(log.entries.len()));
        }
        self.sent = Some(sent);
    }

    /// The next frames that arrive, at most `most`.
    pub(super) fn receive(&mut self, dice: &mut Dice, most: usize) -> Vec<Event> {
        for _ in 0..most {
            self.put_one_on_the_line(dice);
        }
        let count = most.min(self.line.len());
        self.line.drain(..count).collect()
    }

    /// The line is cut, with whatever was on it.
    pub(super) fn cut(&mut self) {
        self.sent = None;
        self.line.clear();
    }

    pub(super) fn is_connected(&self) -> bool {
        self.sent.is_some()
    }

    /// Whether the socket has nothing more to bring.
    pub(super) fn is_drained(&self) -> bool {
        self.line.is_empty()
            && self
                .sent
                .as_ref()
                .is_some_and(|sent| sent.iter().all(|(id, at)| *at == self.logs[id].entries.len()))
    }

    /// `GET …/entries?before=`
    pub(super) fn history(&self, id: &ConversationId, before: u64) -> Entries {
        let log = &self.logs[id];
        let end = log.entries.len().min(usize::try_from(before - 1).unwrap());
        Entries {
            epoch: log.epoch(),
            head: log.entries.len() as u64,
            entries: log.entries[end.saturating_sub(PAGE)..end].to_vec(),
        }
    }

    fn find(&self, client_id: &ClientId) -> Option<Entry> {
        self.logs
            .values()
            .flat_map(|log| &log.entries)
            .find(|entry| entry.client_id == *client_id)
            .cloned()
    }

    fn append(&mut self, id: &ConversationId, author: UserId, client_id: ClientId, kind: EntryKind) -> Entry {
        let log = self.logs.get_mut(id).unwrap();
        let seq = log.entries.len() as u64 + 1;
        let ordinal = log.ordinal() + u64::from(kind.is_message());
        let at = i64::try_from(seq).unwrap();
        let entry = Entry {
            conversation: id.clone(),
            seq,
            ordinal,
            at,
            author,
            client_id,
            kind,
        };
        log.entries.push(entry.clone());
        entry
    }

    fn introduce(&mut self, id: &ConversationId) {
        let log = &self.logs[id];
        if let Some(sent) = &mut self.sent {
            self.line.push_back(Event::Conversation(log.said(id)));
            self.line.push_back(newest(id, log));
            sent.insert(id.clone(), log.entries.len());
        }
    }

    /// Brings everything of one conversation onto the line.
    fn drain(&mut self, id: &ConversationId) {
        while self.put_next(id) {}
    }

    fn put_one_on_the_line(&mut self, dice: &mut Dice) {
        let Some(sent) = &self.sent else { return };
        let mut ids: Vec<ConversationId> = sent.keys().cloned().collect();
        ids.sort();
        if !ids.is_empty() {
            self.put_next(&ids[dice.below(ids.len())]);
        }
    }

    fn put_next(&mut self, id: &ConversationId) -> bool {
        let Some(at) = self.sent.as_mut().and_then(|sent| sent.get_mut(id)) else {
            return false;
        };
        let log = &self.logs[id];
        let Some(entry) = log.entries.get(*at) else {
            return false;
        };
        *at += 1;
        self.line.push_back(Event::Entry {
            epoch: log.epoch(),
            entry: entry.clone(),
        });
        true
    }
}

fn newest(id: &ConversationId, log: &Log) -> Event {
    let entries = log.entries[log.entries.len().saturating_sub(PAGE)..].to_vec();
    Event::Truncated {
        conversation: id.clone(),
        epoch: log.epoch(),
        entries,
    }
}
