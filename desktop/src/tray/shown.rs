//! What the tray shows, as a pure function of what is known.

use client::view::{ConversationRow, PersonView};
use protocol::{ConversationId, ConversationKind, NotificationLevel, UserId};

/// Conversations in the menu.
const MOST_RECENT: usize = 5;

/// How the tray looks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Shown {
    /// Unread messages of conversations that are not muted.
    pub(crate) unread: u64,
    /// Unread messages that are meant for the person.
    pub(crate) mentions: u64,
    /// The last conversations, with their names.
    pub(crate) recent: Vec<(ConversationId, String)>,
}

impl Shown {
    /// What these rows come to, for this person.
    pub(crate) fn of(mut rows: Vec<ConversationRow>, people: &[PersonView], me: Option<&UserId>) -> Self {
        rows.retain(|row| !row.archived);
        rows.sort_by_key(|row| std::cmp::Reverse(row.last_at));
        let wanted = rows.iter().filter(|row| row.level != Some(NotificationLevel::Nothing));
        Self {
            unread: wanted.clone().map(|row| row.unread).sum(),
            mentions: wanted.map(|row| row.mentions).sum(),
            recent: rows
                .iter()
                .take(MOST_RECENT)
                .map(|row| (row.id.clone(), name(row, people, me)))
                .collect(),
        }
    }
}

/// A channel by its name, others by the people in them.
fn name(row: &ConversationRow, people: &[PersonView], me: Option<&UserId>) -> String {
    if let (ConversationKind::Channel, Some(name)) = (row.kind, &row.name) {
        return format!("#{name}");
    }
    let others = row
        .members
        .iter()
        .filter(|member| Some(*member) != me || row.members.len() == 1);
    let names: Vec<&str> = others
        .filter_map(|member| people.iter().find(|person| person.id == *member))
        .map(|person| person.name.as_str())
        .collect();
    names.join(", ")
}
