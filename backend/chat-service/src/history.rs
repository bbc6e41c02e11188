//! Pages of a conversation's log.

use std::ops::RangeInclusive;

use protocol::rest::chat::{Entries, EntriesQuery};
use protocol::{ConversationId, Entry, ErrorCode, UserId};

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
    let head = desk.look(|record| require_reader(record, person).map(|()| record.tail.seq))?;
    let limit = query.limit.unwrap_or(USUAL_PAGE).clamp(1, chat.limits.page_entries);
    let seqs = seqs_of(query, head, u64::from(limit))?;
    let entries = chat.store.entries(conversation, seqs).await?;
    // Checked again after reading: somebody removed in between reads nothing (P6).
    desk.look(|record| require_reader(record, person))?;
    Ok(Entries {
        epoch: desk.feed().epoch.clone(),
        head,
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
    /// The seq up to which this is the end.
    pub head: u64,
    /// The seq that made the person a member.
    pub member_since: u64,
}

/// The newest entries, about `bytes` long in JSON at most.
pub async fn newest(chat: &Chat, desk: &Desk, person: &UserId, bytes: usize) -> Result<Newest, Refusal> {
    let (id, head) = desk.look(|record| (record.id.clone(), record.tail.seq));
    let first = head.saturating_sub(u64::from(USUAL_PAGE) - 1).max(1);
    let mut entries = chat.store.entries(&id, first..=head).await?;
    // Checked after reading: somebody removed in between reads nothing (P6).
    let held = desk.look(|record| record.fold.members.get(person).cloned());
    let member_since = held.filter(|held| held.value).ok_or_else(Refusal::not_found)?.seq;
    let mut left = bytes;
    let fitting = entries.iter().rev().take_while(|entry| {
        let size = serde_json::to_vec(entry).map_or(0, |json| json.len() + 1);
        let fits = size <= left;
        left = left.saturating_sub(size);
        fits
    });
    let kept = fitting.count();
    drop(entries.drain(..entries.len() - kept));
    Ok(Newest {
        entries,
        head,
        member_since,
    })
}

#[cfg(test)]
mod tests {
    use protocol::Visibility;

    use super::*;
    use crate::log::{Act, Proposal};
    use crate::testing::{channel, chat, conversation, send, user};

    fn seqs(query: EntriesQuery, head: u64, limit: u64) -> Vec<u64> {
        seqs_of(&query, head, limit).unwrap().collect()
    }

    #[test]
    fn pages_are_the_nearest_entries_inside_the_log() {
        let query = EntriesQuery::default();
        assert_eq!(seqs(query.clone(), 9, 3), [7, 8, 9]);
        assert_eq!(seqs(query.clone(), 2, 3), [1, 2]);
        assert!(seqs(query.clone(), 0, 3).is_empty());
        let before = |before| EntriesQuery {
            before: Some(before),
            ..query.clone()
        };
        assert_eq!(seqs(before(7), 9, 3), [4, 5, 6]);
        assert_eq!(seqs(before(2), 9, 3), [1]);
        assert!(seqs(before(1), 9, 3).is_empty());
        assert_eq!(seqs(before(u64::MAX), 9, 3), [7, 8, 9]);
        let after = |after| EntriesQuery {
            after: Some(after),
            ..query.clone()
        };
        assert_eq!(seqs(after(0), 9, 3), [1, 2, 3]);
        assert_eq!(seqs(after(8), 9, 3), [9]);
        assert!(seqs(after(9), 9, 3).is_empty());
        assert!(seqs(after(u64::MAX), 9, 3).is_empty());
        let around = |around| EntriesQuery {
            around: Some(around),
            ..query.clone()
        };
        assert_eq!(seqs(around(5), 9, 4), [3, 4, 5, 6]);
        assert_eq!(seqs(around(1), 9, 4), [1, 2, 3, 4]);
    }

    #[test]
    fn two_places_at_once_are_malformed() {
        let query = EntriesQuery {
            before: Some(1),
            after: Some(1),
            ..EntriesQuery::default()
        };
        assert_eq!(seqs_of(&query, 9, 3).unwrap_err().code, ErrorCode::Malformed);
    }

    #[tokio::test]
    async fn the_newest_page_is_for_members_only_and_ends_at_the_head() {
        let (_folder, chat) = chat();
        let record = channel(1, Visibility::Public, &[user(1), user(2)]);
        chat.store.add_conversation(record, Vec::new()).await.unwrap();
        let desk = chat.open(&conversation(1)).await.unwrap();
        for number in 0..60 {
            desk.carry_out(send(&user(1), number, "hi")).await.unwrap();
        }
        let leave = Proposal {
            author: user(2),
            act: Act::Remove { person: user(2) },
        };
        desk.carry_out(leave).await.unwrap();

        let page = newest(&chat, &desk, &user(1), 1_000_000).await.unwrap();
        assert_eq!((page.head, page.entries.len(), page.member_since), (61, 50, 0));
        assert_eq!(page.entries.last().map(|entry| entry.seq), Some(61));
        for outsider in [user(2), user(3)] {
            let refusal = newest(&chat, &desk, &outsider, 1_000_000).await.unwrap_err();
            assert_eq!(refusal.code, ErrorCode::NotFound);
        }
        let cut = newest(&chat, &desk, &user(1), 1_000).await.unwrap();
        assert!((1..10).contains(&cut.entries.len()), "{} entries", cut.entries.len());
        assert_eq!(cut.entries.last().map(|entry| entry.seq), Some(61));
    }
}
