//! A server in memory: one log per conversation, and what it does with what a person asks for.
//!
//! Longer than 400 lines: the rules of a whole server, small enough to be read in one go.

use std::collections::BTreeMap;

use protocol::rest::chat::Entries;
use protocol::timeline::{MessageFold, MessageState};
use protocol::{
    ClientId, Conversation, ConversationId, ConversationKind, Entry, EntryKind, ErrorCode, Membership, ReadMark,
    UserId, Visibility,
};

use super::line::Line;
use super::random::Dice;
use crate::rest::refused_here;
use crate::store::outbox::{Outgoing, What};
use crate::sync::{Anchor, Event};
use crate::view::MessageAct;

/// Small, so that a few dozen entries already lie in holes.
pub(super) const RESUME: usize = 6;
pub(super) const PAGE: usize = 4;
const EMOJI: [&str; 3] = ["👍", "🎉", "❤️"];

pub(super) fn me() -> UserId {
    UserId::from_random(1)
}

fn other() -> UserId {
    UserId::from_random(2)
}

#[derive(Clone)]
pub(super) struct Log {
    epoch: u64,
    pub(super) entries: Vec<Entry>,
    pub(super) is_member: bool,
    pub(super) read: ReadMark,
}

/// The server, and a line to each device of one person.
pub(super) struct Server {
    pub(super) logs: BTreeMap<ConversationId, Log>,
    ids: u128,
    pub(super) lines: Vec<Line>,
    /// Whether the next request is refused because the server is busy.
    pub(super) is_busy: bool,
}

impl Log {
    pub(super) fn epoch(&self) -> String {
        format!("epoch{}", self.epoch)
    }

    pub(super) fn ordinal(&self) -> u64 {
        self.entries.last().map_or(0, |entry| entry.ordinal)
    }

    pub(super) fn said(&self, id: &ConversationId) -> Conversation {
        Conversation {
            id: id.clone(),
            kind: ConversationKind::Channel,
            visibility: Visibility::Public,
            name: Some(self.name()),
            topic: self.topic(),
            archived: self.is_archived(),
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

    fn newest<T>(&self, value: impl Fn(&EntryKind) -> Option<T>) -> Option<T> {
        self.entries.iter().rev().find_map(|entry| value(&entry.kind))
    }

    pub(super) fn name(&self) -> String {
        let name = |kind: &EntryKind| match kind {
            EntryKind::Renamed { name } => Some(name.clone()),
            _ => None,
        };
        self.newest(name).unwrap_or_default()
    }

    pub(super) fn topic(&self) -> String {
        let topic = |kind: &EntryKind| match kind {
            EntryKind::Topic { topic } => Some(topic.clone()),
            _ => None,
        };
        self.newest(topic).unwrap_or_default()
    }

    pub(super) fn is_archived(&self) -> bool {
        let archived = |kind: &EntryKind| match kind {
            EntryKind::Archived { on } => Some(*on),
            _ => None,
        };
        self.newest(archived).unwrap_or_default()
    }

    pub(super) fn member_count(&self) -> u32 {
        let change = |entry: &Entry| match entry.kind {
            EntryKind::Joined { .. } => 1_i64,
            EntryKind::Left { .. } => -1,
            _ => 0,
        };
        let count: i64 = self.entries.iter().map(change).sum();
        u32::try_from(count.max(0)).unwrap()
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

    fn message(&self, seq: u64) -> Option<&Entry> {
        let at = usize::try_from(seq).ok()?.checked_sub(1)?;
        self.entries.get(at).filter(|entry| entry.kind.is_message())
    }

    fn fold(&self, seq: u64) -> MessageFold {
        let mut fold = MessageFold::default();
        for entry in &self.entries {
            if entry.kind.target() == Some(seq) {
                fold.apply(entry);
            }
        }
        fold
    }

    /// What became of the messages among these entries.
    pub(super) fn messages(&self, entries: &[Entry]) -> Vec<MessageState> {
        let states = entries.iter().map(|entry| MessageState {
            seq: entry.seq,
            state: self.fold(entry.seq),
        });
        states.filter(|said| !said.state.is_untouched()).collect()
    }

    /// Everything at once, as a device that never saw it would get it.
    pub(super) fn whole(&self) -> Entries {
        self.page(0, self.entries.len())
    }

    fn page(&self, from: usize, to: usize) -> Entries {
        let entries = self.entries[from..to].to_vec();
        Entries {
            epoch: self.epoch(),
            head: self.entries.len() as u64,
            messages: self.messages(&entries),
            entries,
        }
    }

    /// `GET …/entries`
    pub(super) fn history(&self, anchor: Anchor) -> Entries {
        let length = self.entries.len();
        let position = |seq: u64| usize::try_from(seq).unwrap().min(length);
        let (from, to) = match anchor {
            Anchor::Before(seq) => (position(seq - 1).saturating_sub(PAGE), position(seq - 1)),
            Anchor::After(seq) => (position(seq), (position(seq) + PAGE).min(length)),
            Anchor::Around(seq) => {
                let middle = position(seq);
                (middle.saturating_sub(PAGE / 2), (middle + PAGE / 2).min(length))
            }
        };
        self.page(from, to)
    }
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
            epoch: 0,
            entries: Vec::new(),
            is_member: true,
            read: ReadMark::default(),
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
            (5..8, Some((target, true))) => EntryKind::Edit {
                target,
                body: format!("edit{number}"),
            },
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
            (13, _) if !messages.is_empty() => EntryKind::Message {
                body: format!("answer{number}"),
                reply_to: Some(messages[dice.below(messages.len())].seq),
            },
            _ => EntryKind::Message {
                body: format!("body{number}"),
                reply_to: None,
            },
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
                EntryKind::Message { body, reply_to }
            }
            What::Act { target, act } => {
                let Some(kind) = act_on(log, *target, act)? else {
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
        log.read = log.read.later(mark);
        let held = log.read;
        self.lines[device].say(Event::ReadTold {
            conversation: id.clone(),
            mark,
        });
        for line in &mut self.lines {
            line.say(Event::Read {
                conversation: id.clone(),
                mark: held,
            });
        }
    }

    /// The last entries are lost and the epoch changes, as after a restore from backup.
    pub(super) fn restore(&mut self, id: &ConversationId, dice: &mut Dice) {
        self.lines.iter_mut().for_each(Line::cut);
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
        log.entries.push(entry.clone());
        entry
    }
}

/// The entry that an act of this person makes; none when it is so already.
fn act_on(log: &Log, target: u64, act: &MessageAct) -> Result<Option<EntryKind>, ErrorCode> {
    let message = log.message(target).ok_or(ErrorCode::NotFound)?;
    let fold = log.fold(target);
    if fold.is_deleted() {
        return match act {
            MessageAct::Delete => Ok(None),
            _ => Err(ErrorCode::MessageDeleted),
        };
    }
    let (is_so, kind) = match act.clone() {
        MessageAct::Edit { .. } | MessageAct::Delete if message.author != me() => return Err(ErrorCode::Forbidden),
        MessageAct::Edit { body } => {
            let is_so = fold.edit.is_some_and(|edit| edit.body == body);
            (is_so, EntryKind::Edit { target, body })
        }
        MessageAct::Delete => (false, EntryKind::Delete { target }),
        MessageAct::React { emoji, on } => {
            let is_so = fold.has_reaction(&emoji, &me()) == on;
            (is_so, EntryKind::React { target, emoji, on })
        }
        MessageAct::Pin { on } => (fold.is_pinned() == on, EntryKind::Pin { target, on }),
    };
    Ok((!is_so).then_some(kind))
}
