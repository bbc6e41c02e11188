//! Stretches of a conversation as they lie on the disk, in the shape a window draws.
//!
//! A page has entries without a hole between its first and last seq. Entries that change messages are no items, so a page
//! is as many items as there is room for and however many entries that takes.

use protocol::ConversationId;
use protocol::rest::chat::Entries;

use crate::store::{Reading, StoreError, conversations, entries};
use crate::view::{TimelineItem, TimelinePage};
use crate::views::Viewer;

/// Items of one page.
pub(crate) const PAGE: u32 = 100;

/// The newest page that is held.
pub(crate) fn newest(disk: &Reading, conversation: &ConversationId) -> Result<TimelinePage, StoreError> {
    let held = conversations::held(disk, conversation)?;
    let edge = held.as_ref().and_then(|held| held.edge);
    let mut page = before(disk, conversation, edge.unwrap_or(0) + 1)?.unwrap_or_else(|| empty(conversation));
    page.reaches_end = edge.is_some();
    // Nothing arrived yet, but the server said that there is something.
    page.has_earlier |= page.last == 0 && held.is_some_and(|held| held.head > edge.unwrap_or(0));
    Ok(page)
}

/// The page that ends just before `before`; none when the entry there is not held.
pub(crate) fn before(
    disk: &Reading,
    conversation: &ConversationId,
    before: u64,
) -> Result<Option<TimelinePage>, StoreError> {
    let last = before.saturating_sub(1);
    let Some((first, _)) = entries::stretch_of(disk, conversation, last)? else {
        return Ok(None);
    };
    let items = entries::last_items(disk, conversation, (first, last), PAGE)?;
    let first = if items.len() < PAGE as usize {
        first
    } else {
        items.first().map_or(first, |item| item.seq)
    };
    page(disk, conversation, (first, last), items).map(Some)
}

/// The page that begins just after `after`; none when the entry there is not held.
pub(crate) fn after(
    disk: &Reading,
    conversation: &ConversationId,
    after: u64,
) -> Result<Option<TimelinePage>, StoreError> {
    let first = after.saturating_add(1);
    let Some((_, last)) = entries::stretch_of(disk, conversation, first)? else {
        return Ok(None);
    };
    let items = entries::first_items(disk, conversation, (first, last), PAGE)?;
    let last = if items.len() < PAGE as usize {
        last
    } else {
        items.last().map_or(last, |item| item.seq)
    };
    page(disk, conversation, (first, last), items).map(Some)
}

/// The page with `seq` in its middle; none when that entry is not held.
pub(crate) fn around(
    disk: &Reading,
    conversation: &ConversationId,
    seq: u64,
) -> Result<Option<TimelinePage>, StoreError> {
    let Some((first, last)) = entries::stretch_of(disk, conversation, seq)? else {
        return Ok(None);
    };
    let half = PAGE / 2;
    let mut items = entries::last_items(disk, conversation, (first, seq.saturating_sub(1)), half)?;
    let after = entries::first_items(disk, conversation, (seq, last), half)?;
    let first = if items.len() < half as usize {
        first
    } else {
        items.first().map_or(first, |item| item.seq)
    };
    let last = if after.len() < half as usize {
        last
    } else {
        after.last().map_or(last, |item| item.seq)
    };
    items.extend(after);
    page(disk, conversation, (first, last), items).map(Some)
}

/// The page before the first entry: there is nothing on it.
pub(crate) fn beginning(conversation: &ConversationId) -> TimelinePage {
    empty(conversation)
}

/// The page behind the newest entry: there is nothing on it.
pub(crate) fn end(conversation: &ConversationId) -> TimelinePage {
    TimelinePage {
        reaches_end: true,
        has_earlier: true,
        ..empty(conversation)
    }
}

/// A page that is shown and not kept.
pub(crate) fn passing(conversation: &ConversationId, answer: &Entries, items: Vec<TimelineItem>) -> TimelinePage {
    let first = answer.entries.first().map_or(0, |entry| entry.seq);
    let last = answer.entries.last().map_or(0, |entry| entry.seq);
    TimelinePage {
        conversation: conversation.clone(),
        items,
        first,
        last,
        has_earlier: first > 1,
        reaches_end: last >= answer.head,
    }
}

fn page(
    disk: &Reading,
    conversation: &ConversationId,
    (first, last): (u64, u64),
    items: Vec<protocol::Entry>,
) -> Result<TimelinePage, StoreError> {
    let edge = conversations::held(disk, conversation)?.and_then(|held| held.edge);
    Ok(TimelinePage {
        conversation: conversation.clone(),
        items: Viewer::new(disk)?.items(items)?,
        first,
        last,
        has_earlier: first > 1,
        reaches_end: Some(last) == edge,
    })
}

fn empty(conversation: &ConversationId) -> TimelinePage {
    TimelinePage {
        conversation: conversation.clone(),
        items: Vec::new(),
        first: 0,
        last: 0,
        has_earlier: false,
        reaches_end: false,
    }
}
