//! What became of one message: edits, deletion, reactions, pin.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::{Written, write};
use crate::{Entry, EntryKind, UnixMs, UserId};

/// The newest edit of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct MessageEdit {
    pub body: String,
    pub at: UnixMs,
    pub seq: u64,
    /// Whom `<!here>` in it means.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<Vec<UserId>>", optional)]
    pub here: Vec<UserId>,
}

/// The end of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Deletion {
    pub by: UserId,
    pub at: UnixMs,
    pub seq: u64,
}

/// One person's emoji beside a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Reaction {
    pub emoji: String,
    pub person: UserId,
    /// `false` once it was taken away again.
    pub on: bool,
    pub seq: u64,
}

/// Everything that later entries made of one message. Empty for a message that is as it was sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(from = "MessageFoldJson", into = "MessageFoldJson")]
#[schema(as = MessageFold)]
pub struct MessageFold {
    pub edit: Option<MessageEdit>,
    pub deleted: Option<Deletion>,
    pub pinned: Option<Written<bool>>,
    /// By emoji and person. In JSON a list of [`Reaction`].
    #[ts(as = "Vec<Reaction>")]
    #[schema(value_type = Vec<Reaction>)]
    pub reactions: BTreeMap<(String, UserId), Written<bool>>,
}

/// The message at `seq` and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct MessageState {
    pub seq: u64,
    pub state: MessageFold,
}

impl MessageFold {
    /// Applies an entry whose target this message is; returns whether anything changed.
    pub fn apply(&mut self, entry: &Entry) -> bool {
        match &entry.kind {
            EntryKind::Edit { body, here, .. } => self.set_edit(MessageEdit {
                body: body.clone(),
                here: here.clone(),
                at: entry.at,
                seq: entry.seq,
            }),
            EntryKind::Delete { .. } => self.set_deleted(Deletion {
                by: entry.author.clone(),
                at: entry.at,
                seq: entry.seq,
            }),
            EntryKind::React { emoji, on, .. } => self.set_reaction(emoji, &entry.author, *on, entry.seq),
            EntryKind::Pin { on, .. } => write(&mut self.pinned, *on, entry.seq),
            _ => false,
        }
    }

    /// Takes over whatever another fold of the same message knows better; returns whether anything changed.
    pub fn merge(&mut self, other: &Self) -> bool {
        let mut changed = false;
        if let Some(deleted) = &other.deleted {
            changed |= self.set_deleted(deleted.clone());
        }
        if let Some(edit) = &other.edit {
            changed |= self.set_edit(edit.clone());
        }
        if let Some(pinned) = &other.pinned {
            changed |= write(&mut self.pinned, pinned.value, pinned.seq);
        }
        for ((emoji, person), held) in &other.reactions {
            changed |= self.set_reaction(emoji, person, held.value, held.seq);
        }
        changed
    }

    /// Whether the message is just as it was sent.
    pub fn is_untouched(&self) -> bool {
        *self == Self::default()
    }

    /// Whether the message is gone.
    pub fn is_deleted(&self) -> bool {
        self.deleted.is_some()
    }

    /// Whether it is pinned. A deleted message is not.
    pub fn is_pinned(&self) -> bool {
        !self.is_deleted() && self.pinned.as_ref().is_some_and(|held| held.value)
    }

    /// Whether this person's emoji stands beside it.
    pub fn has_reaction(&self, emoji: &str, person: &UserId) -> bool {
        self.reactions
            .get(&(emoji.to_owned(), person.clone()))
            .is_some_and(|held| held.value)
    }

    /// The emoji beside it in the order in which they first came, each with its people in the order they put it there.
    /// None of a deleted message.
    pub fn current_reactions(&self) -> Vec<(String, Vec<UserId>)> {
        if self.is_deleted() {
            return Vec::new();
        }
        let mut on: Vec<_> = self.reactions.iter().filter(|(_, held)| held.value).collect();
        on.sort_by_key(|(_, held)| held.seq);
        let mut grouped: Vec<(String, Vec<UserId>)> = Vec::new();
        for ((emoji, person), _) in on {
            match grouped.iter_mut().find(|(known, _)| known == emoji) {
                Some((_, people)) => people.push(person.clone()),
                None => grouped.push((emoji.clone(), vec![person.clone()])),
            }
        }
        grouped
    }

    fn set_edit(&mut self, edit: MessageEdit) -> bool {
        // A deletion is final: what was written is gone, in whatever order the entries come.
        let newer = !self.is_deleted() && self.edit.as_ref().is_none_or(|held| held.seq < edit.seq);
        if newer {
            self.edit = Some(edit);
        }
        newer
    }

    fn set_deleted(&mut self, deleted: Deletion) -> bool {
        // The first one counts; the server stores no second.
        let first = self.deleted.as_ref().is_none_or(|held| deleted.seq < held.seq);
        if first {
            self.deleted = Some(deleted);
            self.edit = None;
        }
        first
    }

    fn set_reaction(&mut self, emoji: &str, person: &UserId, on: bool, seq: u64) -> bool {
        let key = (emoji.to_owned(), person.clone());
        let newer = self.reactions.get(&key).is_none_or(|held| held.seq < seq);
        if newer {
            self.reactions.insert(key, Written { value: on, seq });
        }
        newer
    }
}

/// [`MessageFold`] as it is written in JSON, where a key cannot be a pair.
#[derive(Serialize, Deserialize)]
struct MessageFoldJson {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    edit: Option<MessageEdit>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    deleted: Option<Deletion>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pinned: Option<Written<bool>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    reactions: Vec<Reaction>,
}

impl From<MessageFoldJson> for MessageFold {
    fn from(json: MessageFoldJson) -> Self {
        let mut fold = Self {
            edit: json.edit,
            deleted: json.deleted,
            pinned: json.pinned,
            reactions: BTreeMap::new(),
        };
        for Reaction { emoji, person, on, seq } in json.reactions {
            fold.set_reaction(&emoji, &person, on, seq);
        }
        fold
    }
}

impl From<MessageFold> for MessageFoldJson {
    fn from(fold: MessageFold) -> Self {
        let reactions = fold.reactions.into_iter().map(|((emoji, person), held)| Reaction {
            emoji,
            person,
            on: held.value,
            seq: held.seq,
        });
        Self {
            edit: fold.edit,
            deleted: fold.deleted,
            pinned: fold.pinned,
            reactions: reactions.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ClientId, ConversationId};

    fn entry(seq: u64, author: u128, kind: EntryKind) -> Entry {
        Entry {
            conversation: ConversationId::from_random(1),
            seq,
            ordinal: 0,
            at: i64::try_from(seq).unwrap() * 1000,
            author: UserId::from_random(author),
            client_id: ClientId::from_random(u128::from(seq)),
            kind,
        }
    }

    fn react(seq: u64, author: u128, emoji: &str, on: bool) -> Entry {
        let emoji = emoji.to_owned();
        entry(seq, author, EntryKind::React { target: 1, emoji, on })
    }

    fn edit(seq: u64, body: &str) -> Entry {
        let body = body.to_owned();
        entry(seq, 1, EntryKind::edit(1, body))
    }

    fn fold<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> MessageFold {
        let mut fold = MessageFold::default();
        for entry in entries {
            fold.apply(entry);
        }
        fold
    }

    fn story() -> Vec<Entry> {
        vec![
            edit(2, "second"),
            react(3, 7, "👍", true),
            react(4, 8, "🎉", true),
            react(5, 9, "👍", true),
            react(6, 7, "👍", false),
            edit(7, "third"),
            entry(8, 2, EntryKind::Pin { target: 1, on: true }),
        ]
    }

    #[test]
    fn the_fold_commutes_and_is_idempotent() {
        let mut entries = story();
        entries.push(entry(9, 3, EntryKind::Delete { target: 1 }));
        entries.push(edit(10, "too late"));

        let forward = fold(&entries);
        let twice_backward = fold(entries.iter().rev().chain(entries.iter().rev()));

        assert_eq!(forward, twice_backward);
        assert!(forward.is_deleted() && forward.edit.is_none() && !forward.is_pinned());
    }

    #[test]
    fn two_halves_merge_into_the_whole_whatever_they_share() {
        let entries = story();
        let mut merged = fold(&entries[..5]);
        merged.merge(&fold(&entries[2..]));
        assert_eq!(merged, fold(&entries));
        assert!(!merged.merge(&fold(&entries[1..4])), "nothing new, nothing changed");
    }

    #[test]
    fn reactions_stand_in_the_order_they_came() {
        let fold = fold(&story());
        let eight = vec![UserId::from_random(8)];
        let nine = vec![UserId::from_random(9)];
        assert_eq!(
            fold.current_reactions(),
            vec![("🎉".to_owned(), eight), ("👍".to_owned(), nine)]
        );
        assert!(fold.is_pinned());
        assert_eq!(fold.edit.unwrap().body, "third");
    }

    #[test]
    fn json_keeps_the_fold_whole() {
        let fold = fold(&story());
        let json = serde_json::to_string(&fold).unwrap();
        assert_eq!(serde_json::from_str::<MessageFold>(&json).unwrap(), fold);
        assert_eq!(serde_json::to_string(&MessageFold::default()).unwrap(), "{}");
    }
}
