//! Pages of a conversation's log, with what became of the messages on them.

mod messages;
mod states;

use std::ops::RangeInclusive;

use protocol::rest::chat::{Entries, EntriesQuery};
use protocol::timeline::MessageState;
use protocol::{ConversationId, Entry, ErrorCode, UserId};
use serde::Serialize;

pub use self::messages::{pins, versions};
use self::states::Noted;
use crate::chat::Chat;
use crate::log::Desk;
use crate::log::standing::require_reader;
use crate::refusal::Refusal;

/// Entries in a page when nobody says how many.
const USUAL_PAGE: u32 = 50;

/// One page, for whoever may read the conversation.
pub async fn page(
    chat: &Chat,
    person: &UserId,
    conversation: &ConversationId,
    query: &EntriesQuery,
) -> Result<Entries, Refusal> {
    let desk = chat.open(conversation).await?;
    let noted = Noted::now(&desk);
    desk.look(|record| require_reader(record, person))?;
    let limit = query.limit.unwrap_or(USUAL_PAGE).clamp(1, chat.limits.page_entries);
    let seqs = seqs_of(query, noted.head, u64::from(limit))?;
    let mut entries = chat.store.entries(conversation, seqs).await?;
    let states = noted.states_of(&*chat.store, conversation, &mut entries).await?;
    // Checked again after reading: somebody removed in between reads nothing (P6).
    desk.look(|record| require_reader(record, person))?;
    Ok(Entries {
        epoch: desk.feed().epoch.clone(),
        head: noted.head,
        messages: states.list(),
        entries,
    })
}

/// Which seqs a page has; they are dense, so this needs no question to the store.
fn seqs_of(query: &EntriesQuery, head: u64, limit: u64) -> Result<RangeInclusive<u64>, Refusal> {
    let (first, last) = match (query.before, query.after, query.around) {
        (None, None, None) => (head.saturating_sub(limit - 1), head),
        (Some(before), None, None) => {
            let last = before.saturating_sub(1).min(head);
            (last.saturating_sub(limit - 1), last)
        }
        (None, Some(after), None) => (after.saturating_add(1), after.saturating_add(limit)),
        (None, None, Some(around)) => {
            let first = around.saturating_sub(limit / 2).max(1);
            (first, first.saturating_add(limit - 1))
        }
        _ => {
            let detail = "Give one of before, after and around.";
            return Err(Refusal::new(ErrorCode::Malformed, detail));
        }
    };
    Ok(first.max(1)..=last.min(head))
}

/// The end of a conversation, for a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Newest {
    pub entries: Vec<Entry>,
    /// What became of those messages among them that are not as they were sent.
    pub messages: Vec<MessageState>,
    /// The seq up to which this is the end.
    pub head: u64,
    /// The seq that made the person a member.
    pub member_since: u64,
}

/// The newest entries, about `bytes` long in JSON at most with what became of them; but always the very newest.
pub async fn newest(chat: &Chat, desk: &Desk, person: &UserId, bytes: usize) -> Result<Newest, Refusal> {
    let noted = Noted::now(desk);
    let (id, head) = (desk.feed().conversation.clone(), noted.head);
    let first = head.saturating_sub(u64::from(USUAL_PAGE) - 1).max(1);
    let mut entries = chat.store.entries(&id, first..=head).await?;
    let mut states = noted.states_of(&*chat.store, &id, &mut entries).await?;
    // Checked after reading: somebody removed in between reads nothing (P6).
    let held = desk.look(|record| record.fold.members.get(person).cloned());
    let member_since = held.filter(|held| held.value).ok_or_else(Refusal::not_found)?.seq;
    let mut left = bytes;
    let fitting = entries.iter().rev().take_while(|entry| {
        let size = json_bytes(entry) + states.of(entry.seq).map_or(0, json_bytes);
        let fits = size <= left;
        left = left.saturating_sub(size);
        fits || entry.seq == head
    });
    let kept = fitting.count();
    drop(entries.drain(..entries.len() - kept));
    states.keep_from(entries.first().map_or(u64::MAX, |entry| entry.seq));
    Ok(Newest {
        entries,
        messages: states.list(),
        head,
        member_since,
    })
}

/// How much room a value takes in a list in JSON.
fn json_bytes(value: &impl Serialize) -> usize {
    /// Around a state stand its seq and the names of its fields; behind everything a comma.
    const AROUND: usize = 48;
    serde_json::to_vec(value).map_or(0, |json| json.len() + AROUND)
}

#[cfg(test)]
mod tests;
