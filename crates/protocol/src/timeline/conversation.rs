//! What a conversation looks like after its entries: name, topic, members.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Written, write};
use crate::{Entry, EntryKind, UserId};

/// The folded state of one conversation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConversationFold {
    /// The newest name, once an entry has set one.
    pub name: Option<Written<String>>,
    /// The newest topic, once an entry has set one.
    pub topic: Option<Written<String>>,
    /// Whether it is archived, once an entry has said so.
    pub archived: Option<Written<bool>>,
    /// Who is a member (`true`) or was one (`false`).
    pub members: BTreeMap<UserId, Written<bool>>,
}

impl ConversationFold {
    /// Applies one entry; returns whether anything changed.
    pub fn apply(&mut self, entry: &Entry) -> bool {
        match &entry.kind {
            // What is done to a message is in that message's own fold. What is not known folds into nothing; a version
            // that knows it folds the log again.
            EntryKind::Message { .. }
            | EntryKind::Edit { .. }
            | EntryKind::Delete { .. }
            | EntryKind::React { .. }
            | EntryKind::Pin { .. }
            | EntryKind::Unknown => false,
            EntryKind::Joined { person } => self.set_member(person, true, entry.seq),
            EntryKind::Left { person } => self.set_member(person, false, entry.seq),
            EntryKind::Renamed { name } => write(&mut self.name, name.clone(), entry.seq),
            EntryKind::Topic { topic } => write(&mut self.topic, topic.clone(), entry.seq),
            EntryKind::Archived { on } => write(&mut self.archived, *on, entry.seq),
        }
    }

    /// Whether it can only be read.
    pub fn is_archived(&self) -> bool {
        self.archived.as_ref().is_some_and(|held| held.value)
    }

    /// Whether `person` is a member now.
    pub fn is_member(&self, person: &UserId) -> bool {
        self.members.get(person).is_some_and(|held| held.value)
    }

    /// Everyone who is a member now, in the order of their ids.
    pub fn current_members(&self) -> impl Iterator<Item = &UserId> {
        self.members
            .iter()
            .filter(|(_, held)| held.value)
            .map(|(person, _)| person)
    }

    fn set_member(&mut self, person: &UserId, on: bool, seq: u64) -> bool {
        let newer = self.members.get(person).is_none_or(|held| held.seq < seq);
        if newer {
            self.members.insert(person.clone(), Written { value: on, seq });
        }
        newer
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ClientId, ConversationId};

    fn entry(seq: u64, kind: EntryKind) -> Entry {
        Entry {
            conversation: ConversationId::from_random(1),
            seq,
            ordinal: 0,
            at: 0,
            author: UserId::from_random(1),
            client_id: ClientId::from_random(u128::from(seq)),
            kind,
        }
    }

    #[test]
    fn the_fold_commutes_and_is_idempotent() {
        let ada = UserId::from_random(7);
        let entries = [
            entry(1, EntryKind::Joined { person: ada.clone() }),
            entry(2, EntryKind::Renamed { name: "old".to_owned() }),
            entry(3, EntryKind::Left { person: ada.clone() }),
            entry(4, EntryKind::Renamed { name: "new".to_owned() }),
        ];
        let mut forward = ConversationFold::default();
        for entry in &entries {
            forward.apply(entry);
        }
        let mut twice_backward = ConversationFold::default();
        for entry in entries.iter().rev().chain(entries.iter().rev()) {
            twice_backward.apply(entry);
        }
        assert_eq!(forward, twice_backward);
        assert!(!forward.is_member(&ada));
        assert_eq!(forward.name.unwrap().value, "new");
    }
}
