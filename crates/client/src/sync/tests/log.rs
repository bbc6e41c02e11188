//! One conversation's log on the server in memory, and every view of it.

use protocol::conversation::MOST_MENTIONS;
use protocol::rest::chat::Entries;
use protocol::timeline::{MessageFold, MessageState};
use protocol::{
    ChosenLevel, Conversation, ConversationId, ConversationKind, Entry, EntryKind, ErrorCode, Membership, Mention,
    ReadMark, UserId, Visibility, mentions,
};

use crate::sync::Anchor;
use crate::view::MessageAct;

pub(super) const PAGE: usize = 4;

pub(super) fn me() -> UserId {
    UserId::from_random(1)
}

pub(super) fn other() -> UserId {
    UserId::from_random(2)
}

#[derive(Clone)]
pub(super) struct Log {
    pub(super) restores: u64,
    pub(super) entries: Vec<Entry>,
    pub(super) is_member: bool,
    pub(super) read: ReadMark,
    pub(super) level: ChosenLevel,
}

impl Log {
    pub(super) fn epoch(&self) -> String {
        format!("epoch{}", self.restores)
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
            member_since: self.member_since(),
            mentions: self.mentions_behind(self.read.ordinal),
            level: self.level,
        }
    }

    /// The seq that made this person a member the last time.
    fn member_since(&self) -> u64 {
        let is_own = |entry: &&Entry| matches!(&entry.kind, EntryKind::Joined { person } if *person == me());
        self.entries.iter().rev().find(is_own).map_or(0, |entry| entry.seq)
    }

    /// Whether a message mentions this person.
    pub(super) fn mentions_me(&self, entry: &Entry) -> bool {
        mentions::mentions(entry, &self.fold(entry.seq), &me(), self.member_since())
    }

    /// The newest messages behind an ordinal that mention this person.
    pub(super) fn mentions_behind(&self, ordinal: u64) -> Vec<Mention> {
        let mentions = self.entries.iter().rev().filter(|entry| {
            let is_behind = entry.kind.is_message() && entry.ordinal > ordinal;
            is_behind && self.mentions_me(entry)
        });
        mentions
            .map(|entry| Mention {
                seq: entry.seq,
                ordinal: entry.ordinal,
            })
            .take(MOST_MENTIONS)
            .collect()
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

    pub(super) fn message(&self, seq: u64) -> Option<&Entry> {
        let at = usize::try_from(seq).ok()?.checked_sub(1)?;
        self.entries.get(at).filter(|entry| entry.kind.is_message())
    }

    pub(super) fn fold(&self, seq: u64) -> MessageFold {
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

    /// The entry that an act of this person makes; none when it is so already.
    pub(super) fn act_on(&self, target: u64, act: &MessageAct) -> Result<Option<EntryKind>, ErrorCode> {
        let message = self.message(target).ok_or(ErrorCode::NotFound)?;
        let fold = self.fold(target);
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
                (is_so, EntryKind::edit(target, body))
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
}
