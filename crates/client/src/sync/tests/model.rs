//! A server in memory: one log per conversation, and what it does with what a person asks for.

use std::collections::BTreeMap;

use protocol::{
    ChosenLevel, ClientId, ConversationId, Entry, EntryKind, ErrorCode, NotificationLevel, ReadMark, UserId,
};

use super::line::Line;
use super::log::{Log, me, other};
use super::random::Dice;
use crate::rest::refused_here;
use crate::store::outbox::{Outgoing, What};
use crate::sync::Event;

/// Small, so that a few dozen entries already lie in holes.
pub(super) const RESUME: usize = 6;
const EMOJI: [&str; 3] = ["👍", "🎉", "❤️"];

/// The server, and a line to each device of one person.
pub(super) struct Server {
    pub(super) logs: BTreeMap<ConversationId, Log>,
    ids: u128,
    pub(super) lines: Vec<Line>,
    /// Whether the next request is refused because the server is busy.
    pub(super) is_busy: bool,
}

impl Server {
    pub(super) fn new(devices: usize) -> Self {
        Self {
            logs: BTreeMap::new(),
            ids: 0,
            lines: (0..devices).map(|_| Line::default()).collect(),
            is_busy: false,
        }
    }

    pub(super) fn add_conversation(&mut self) -> ConversationId {
        self.ids += 1;
        let id = ConversationId::from_random(self.ids);
        let log = Log {
            restores: 0,
            entries: Vec::new(),
            is_member: true,
            read: ReadMark::default(),
            level: ChosenLevel::default(),
        };
        self.lines.iter_mut().for_each(|line| line.introduce(&id, &log));
        self.logs.insert(id.clone(), log);
        id
    }

    /// Something happens in a conversation that is not this person's doing.
    pub(super) fn happens(&mut self, id: &ConversationId, dice: &mut Dice) {
        self.ids += 1;
        let number = self.ids;
        let log = &self.logs[id];
        let person = UserId::from_random(100 + number);
        let messages: Vec<&Entry> = log.entries.iter().filter(|entry| entry.kind.is_message()).collect();
        let standing = messages.iter().filter(|entry| !log.fold(entry.seq).is_deleted());
        let standing: Vec<(u64, bool)> = standing.map(|entry| (entry.seq, entry.author == other())).collect();
        let target = (!standing.is_empty()).then(|| standing[dice.below(standing.len())]);
        let kind = match (dice.below(20), target) {
            (0, _) => EntryKind::Joined { person },
            (1, _) if log.member_count() > 0 => EntryKind::Left { person },
            (2, _) => EntryKind::Renamed {
                name: format!("name{number}"),
            },
            (3, _) => EntryKind::Topic {
                topic: format!("topic{number}"),
            },
            (4, _) => EntryKind::Archived { on: !log.is_archived() },
            (5..8, Some((target, true))) => EntryKind::edit(target, format!("edit{number}{}", naming(dice))),
            (8, Some((target, _))) => EntryKind::Delete { target },
            (9..12, Some((target, _))) => {
                let emoji = EMOJI[dice.below(EMOJI.len())].to_owned();
                let on = !log.fold(target).has_reaction(&emoji, &other());
                EntryKind::React { target, emoji, on }
            }
            (12, Some((target, _))) => EntryKind::Pin {
                target,
                on: !log.fold(target).is_pinned(),
            },
            (13, _) if !messages.is_empty() => {
                let answered = messages[dice.below(messages.len())].seq;
                EntryKind::message(format!("answer{number}"), Some(answered))
            }
            _ => EntryKind::message(format!("body{number}{}", naming(dice)), None),
        };
        self.append(id, other(), ClientId::from_random(number), kind);
    }

    /// Carries out what a device sent, as the protocol says; the answer may or may not arrive.
    pub(super) fn send(&mut self, device: usize, outgoing: &Outgoing) {
        if std::mem::take(&mut self.is_busy) {
            return;
        }
        let answer = match self.carried_out(outgoing) {
            Ok(Some(entry)) => Event::Stored(entry),
            Ok(None) => Event::Unchanged(outgoing.client_id.clone()),
            Err(ErrorCode::OutOfOrder) => return,
            Err(code) => Event::SendRefused {
                client_id: outgoing.client_id.clone(),
                failure: refused_here(code),
            },
        };
        self.lines[device].say(answer);
    }

    fn carried_out(&mut self, outgoing: &Outgoing) -> Result<Option<Entry>, ErrorCode> {
        let Outgoing {
            conversation,
            client_id,
            what,
        } = outgoing;
        let log = &self.logs[conversation];
        if !log.is_member {
            return Err(ErrorCode::NotFound);
        }
        if let Some(stored) = self.find(client_id) {
            assert_eq!(stored.conversation, *conversation);
            return Ok(Some(stored));
        }
        let kind = match what {
            What::Message { body, reply_to, after } => {
                if after.as_ref().is_some_and(|after| self.find(after).is_none()) {
                    return Err(ErrorCode::OutOfOrder);
                }
                let (body, reply_to) = (body.clone(), *reply_to);
                if reply_to.is_some_and(|seq| log.message(seq).is_none()) {
                    return Err(ErrorCode::NotFound);
                }
                EntryKind::message(body, reply_to)
            }
            What::Act { target, act } => {
                let Some(kind) = log.act_on(*target, act)? else {
                    return Ok(None);
                };
                kind
            }
        };
        Ok(Some(self.append(conversation, me(), client_id.clone(), kind)))
    }

    pub(super) fn read(&mut self, device: usize, id: &ConversationId, mark: ReadMark) {
        let Some(log) = self.logs.get_mut(id) else { return };
        let mark = ReadMark {
            ordinal: mark.ordinal.min(log.ordinal()),
            ..mark
        };
        let begins_anew = mark.generation > log.read.generation;
        log.read = log.read.later(mark);
        self.lines[device].say(Event::ReadTold {
            conversation: id.clone(),
            mark,
        });
        self.tell_read(id);
        if begins_anew {
            // What is unread again may mention the person.
            self.tell_anew(id);
        }
    }

    /// A device chose a level.
    pub(super) fn choose(&mut self, id: &ConversationId, level: Option<NotificationLevel>) -> Option<ChosenLevel> {
        let log = self.logs.get_mut(id).filter(|log| log.is_member)?;
        log.level = ChosenLevel {
            level,
            version: log.level.version + 1,
        };
        let chosen = log.level;
        self.tell_anew(id);
        Some(chosen)
    }

    fn tell_anew(&mut self, id: &ConversationId) {
        let said = self.logs[id].said(id);
        for line in &mut self.lines {
            line.say(Event::Conversation(said.clone()));
        }
    }

    fn tell_read(&mut self, id: &ConversationId) {
        let mark = self.logs[id].read;
        for line in &mut self.lines {
            line.say(Event::Read {
                conversation: id.clone(),
                mark,
            });
        }
    }

    /// The last entries are lost and the epoch changes, as after a restore from backup.
    pub(super) fn restore(&mut self, id: &ConversationId, dice: &mut Dice) {
        self.lines.iter_mut().for_each(Line::cut);
        let log = self.logs.get_mut(id).unwrap();
        log.entries.truncate(dice.below(log.entries.len() + 1));
        log.restores += 1;
        log.read.ordinal = log.read.ordinal.min(log.ordinal());
    }

    pub(super) fn leave_or_join(&mut self, id: &ConversationId) {
        let was_member = self.logs[id].is_member;
        self.ids += 1;
        let client_id = ClientId::from_random(self.ids);
        let person = me();
        if was_member {
            self.append(id, other(), client_id, EntryKind::Left { person });
            self.logs.get_mut(id).unwrap().is_member = false;
            let log = &self.logs[id];
            self.lines.iter_mut().for_each(|line| line.dismiss(id, log));
        } else {
            self.logs.get_mut(id).unwrap().is_member = true;
            self.append(id, other(), client_id, EntryKind::Joined { person });
            let log = &self.logs[id];
            self.lines.iter_mut().for_each(|line| line.introduce(id, log));
        }
    }

    fn find(&self, client_id: &ClientId) -> Option<Entry> {
        let mut entries = self.logs.values().flat_map(|log| &log.entries);
        entries.find(|entry| entry.client_id == *client_id).cloned()
    }

    fn append(&mut self, id: &ConversationId, author: UserId, client_id: ClientId, kind: EntryKind) -> Entry {
        let log = self.logs.get_mut(id).unwrap();
        let seq = log.entries.len() as u64 + 1;
        if let EntryKind::Delete { target } = kind {
            for entry in &mut log.entries {
                if entry.seq == target || entry.kind.target() == Some(target) {
                    entry.kind = entry.kind.blanked();
                }
            }
        }
        let entry = Entry {
            conversation: id.clone(),
            seq,
            ordinal: log.ordinal() + u64::from(kind.is_message()),
            at: i64::try_from(seq).unwrap(),
            author,
            client_id,
            kind,
        };
        if entry.kind.is_message() && entry.author == me() {
            log.read.ordinal = log.read.ordinal.max(entry.ordinal);
            self.tell_read(id);
        }
        self.logs.get_mut(id).unwrap().entries.push(entry.clone());
        entry
    }
}

/// Now and then this person, another one, or everybody.
fn naming(dice: &mut Dice) -> String {
    match dice.below(6) {
        0 | 1 => format!(" <@{}>", me()),
        2 => format!(" <@{}>", other()),
        3 => " <!channel>".to_owned(),
        _ => String::new(),
    }
}
