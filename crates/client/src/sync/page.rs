//! Stretches of the log: the newest page after being away, and older ones while scrolling back.

use protocol::rest::chat::Entries;
use protocol::{ConversationId, Entry, UserId};

use super::{meet, take_in};
use crate::store::entries::Kept;
use crate::store::{Reading, StoreError, Writing, conversations, entries, outbox};
use crate::view::TimelinePage;

/// Entries of one page, on the disk and from the server.
pub(crate) const PAGE: u32 = 100;

/// What a page of history from the server came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum History {
    /// It is held now.
    Kept,
    /// The server's log is another one: the copy was forgotten, resume.
    Another,
}

/// The newest entries, from a server that will not stream everything that was missed.
pub(super) fn truncated(
    writing: &mut Writing<'_>,
    me: &UserId,
    conversation: &ConversationId,
    epoch: &str,
    page: Vec<Entry>,
) -> Result<Option<&'static str>, StoreError> {
    let Some(held) = conversations::held(writing.disk, conversation)? else {
        // Left in the meantime, and the page was already on its way.
        return Ok(None);
    };
    if held.epoch != epoch {
        return Ok(Some("a page of another epoch"));
    }
    if !is_dense(&page) {
        return Ok(Some("a page with a hole"));
    }
    let (first, last) = page
        .first()
        .zip(page.last())
        .map_or((1, 0), |(first, last)| (first.seq, last.seq));
    let mut edge = held.edge;
    if edge.is_some_and(|edge| edge > last) || keep_all(writing, &page)? == Kept::Differs {
        // The server is the truth, also when it has less than this copy.
        conversations::forget_log(writing, conversation)?;
        keep_all(writing, &page)?;
        edge = None;
    }
    if last > 0 {
        entries::add_stretch(writing.disk, conversation, first, last)?;
    } else {
        conversations::set_edge(writing.disk, conversation, 0)?;
    }
    let joins_up = edge.is_some_and(|edge| first <= edge + 1);
    for entry in page {
        if edge.is_some_and(|edge| entry.seq <= edge) {
            continue;
        }
        take_in(writing, me, &entry)?;
        let facts = conversations::held(writing.disk, conversation)?.unwrap_or_else(|| held.clone());
        conversations::advance(writing, &entry, &facts)?;
        if joins_up {
            writing.appended(entry);
        }
    }
    outbox::passed(writing, conversation, last)?;
    if !joins_up {
        writing.reloaded(conversation);
    }
    Ok(None)
}

/// Keeps a page that was asked for because it lies in a hole before `before`.
pub(crate) fn keep_history(
    writing: &mut Writing<'_>,
    me: &UserId,
    conversation: &ConversationId,
    before: u64,
    page: &Entries,
) -> Result<History, StoreError> {
    let Some(held) = conversations::held(writing.disk, conversation)? else {
        return Ok(History::Another);
    };
    let Some(edge) = held.edge else {
        // The newest page is still on its way, and there is nothing yet that this could join up with.
        return Ok(History::Kept);
    };
    let fits = held.epoch == page.epoch
        && is_dense(&page.entries)
        && page.entries.last().is_some_and(|last| last.seq + 1 == before)
        && before <= edge + 1;
    if !fits || keep_all(writing, &page.entries)? == Kept::Differs {
        conversations::forget_log(writing, conversation)?;
        return Ok(History::Another);
    }
    if let Some((first, last)) = page.entries.first().zip(page.entries.last()) {
        entries::add_stretch(writing.disk, conversation, first.seq, last.seq)?;
    }
    for entry in &page.entries {
        meet(writing, entry)?;
        if entry.author == *me {
            outbox::arrived(writing, &entry.client_id)?;
        }
    }
    Ok(History::Kept)
}

/// The newest page that is held.
pub(crate) fn newest_page(disk: &Reading, conversation: &ConversationId) -> Result<TimelinePage, StoreError> {
    let held = conversations::held(disk, conversation)?;
    let edge = held.as_ref().and_then(|held| held.edge);
    let mut page = page_before(disk, conversation, edge.map_or(0, |edge| edge + 1))?;
    page.reaches_end = edge.is_some();
    // Nothing arrived yet, but the server said that there is something.
    page.has_earlier |= page.entries.is_empty() && held.is_some_and(|held| held.head > edge.unwrap_or(0));
    Ok(page)
}

/// The page before `before`, as far as it is held without a hole.
pub(crate) fn page_before(
    disk: &Reading,
    conversation: &ConversationId,
    before: u64,
) -> Result<TimelinePage, StoreError> {
    let entries = entries::before(disk, conversation, before, PAGE)?;
    let first = entries.first().map_or(before, |entry| entry.seq);
    let edge = conversations::held(disk, conversation)?.and_then(|held| held.edge);
    let reaches_end = entries.last().is_some_and(|last| Some(last.seq) == edge);
    Ok(TimelinePage {
        conversation: conversation.clone(),
        entries,
        has_earlier: first > 1,
        reaches_end,
    })
}

fn keep_all(writing: &Writing<'_>, page: &[Entry]) -> Result<Kept, StoreError> {
    for entry in page {
        if entries::keep(writing, entry)? == Kept::Differs {
            return Ok(Kept::Differs);
        }
    }
    Ok(Kept::New)
}

fn is_dense(page: &[Entry]) -> bool {
    page.windows(2).all(|pair| pair[0].seq + 1 == pair[1].seq) && page.first().is_none_or(|first| first.seq > 0)
}
