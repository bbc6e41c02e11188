//! Stretches of the log from the server: the newest page after being away, and any other that is looked at.

use protocol::rest::chat::Entries;
use protocol::timeline::MessageState;
use protocol::{ConversationId, Entry, UserId};

use super::{meet, take_in};
use crate::store::entries::Kept;
use crate::store::{StoreError, Writing, conversations, entries, folds, mentions, outbox};

/// The newest entries, from a server that will not stream everything that was missed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Page {
    pub(crate) conversation: ConversationId,
    pub(crate) epoch: String,
    pub(crate) entries: Vec<Entry>,
    /// What became of the messages among them.
    pub(crate) messages: Vec<MessageState>,
}

/// What a page of history was asked for by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    /// It ends just before this seq.
    Before(u64),
    /// It begins just after this seq.
    After(u64),
    /// It has this seq in it.
    Around(u64),
}

impl Anchor {
    /// Whether what it asks for lies behind the newest entry that is held, and so comes on the socket.
    pub(crate) fn is_ahead_of(self, edge: u64) -> bool {
        match self {
            Self::Before(seq) => seq > edge + 1,
            Self::After(seq) => seq >= edge,
            Self::Around(seq) => seq > edge,
        }
    }

    fn is_met_by(self, page: &[Entry]) -> bool {
        let Some((first, last)) = page.first().zip(page.last()) else {
            return false;
        };
        match self {
            Self::Before(seq) => last.seq + 1 == seq,
            Self::After(seq) => first.seq == seq + 1,
            Self::Around(seq) => (first.seq..=last.seq).contains(&seq),
        }
    }
}

/// What a page of history from the server came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum History {
    /// It is held now.
    Kept,
    /// The server's log is another one: the copy was forgotten, resume.
    Another,
}

/// Takes in the newest page.
pub(super) fn truncated(
    writing: &mut Writing<'_>,
    me: &UserId,
    page: &Page,
) -> Result<Option<&'static str>, StoreError> {
    let conversation = &page.conversation;
    let Some(held) = conversations::held(writing.disk, conversation)? else {
        // Left in the meantime, and the page was already on its way.
        return Ok(None);
    };
    if held.epoch != page.epoch {
        return Ok(Some("a page of another epoch"));
    }
    if !is_dense(conversation, &page.entries) {
        return Ok(Some("a page with a hole"));
    }
    let (first, last) = ends(&page.entries).unwrap_or((1, 0));
    let mut edge = held.edge;
    if edge.is_some_and(|edge| edge > last) || keep_all(writing, &page.entries, last)? == Kept::Differs {
        // The server is the truth, also when it has less than this copy.
        conversations::forget_log(writing, conversation)?;
        keep_all(writing, &page.entries, last)?;
        edge = None;
    }
    if last > 0 {
        entries::add_stretch(writing.disk, conversation, first, last)?;
    } else {
        conversations::set_edge(writing.disk, conversation, 0)?;
    }
    merge_all(writing, conversation, &page.messages, (first, last))?;
    let joins_up = edge.is_some_and(|edge| first <= edge + 1);
    for entry in &page.entries {
        if edge.is_some_and(|edge| entry.seq <= edge) {
            continue;
        }
        take_in(writing, me, entry)?;
        let facts = conversations::held(writing.disk, conversation)?.unwrap_or_else(|| held.clone());
        conversations::advance(writing, entry, &facts)?;
        if joins_up {
            writing.appended(entry);
        }
    }
    outbox::passed(writing, conversation, last)?;
    if !joins_up {
        mentions::hole_before(writing, conversation, first)?;
        writing.reloaded(conversation);
    }
    Ok(None)
}

/// Keeps a page that was asked for because it lies in a hole, or to see whether what is held is still so.
pub(crate) fn keep_history(
    writing: &mut Writing<'_>,
    me: &UserId,
    conversation: &ConversationId,
    anchor: Anchor,
    page: &Entries,
) -> Result<History, StoreError> {
    let Some(held) = conversations::held(writing.disk, conversation)? else {
        return Ok(History::Another);
    };
    let Some(edge) = held.edge else {
        // The newest page is still on its way, and there is nothing yet that this could join up with.
        return Ok(History::Kept);
    };
    // What is newer than the edge comes on the socket, in order.
    let count = page.entries.iter().take_while(|entry| entry.seq <= edge).count();
    let older = &page.entries[..count];
    let fits = held.epoch == page.epoch && is_dense(conversation, &page.entries) && anchor.is_met_by(older);
    if !fits || keep_all(writing, older, page.head)? == Kept::Differs {
        conversations::forget_log(writing, conversation)?;
        return Ok(History::Another);
    }
    if let Some((first, last)) = ends(older) {
        entries::add_stretch(writing.disk, conversation, first, last)?;
        merge_all(writing, conversation, &page.messages, (first, last))?;
    }
    for entry in older {
        meet(writing, entry)?;
        if entry.author == *me {
            outbox::arrived(writing, &entry.client_id)?;
        }
    }
    Ok(History::Kept)
}

fn keep_all(writing: &mut Writing<'_>, page: &[Entry], head: u64) -> Result<Kept, StoreError> {
    for entry in page {
        if entries::keep(writing, entry, head.max(entry.seq))? == Kept::Differs {
            return Ok(Kept::Differs);
        }
    }
    Ok(Kept::Held)
}

/// Takes over what became of the messages of a page. A server that speaks of others says what nobody asked for.
fn merge_all(
    writing: &mut Writing<'_>,
    conversation: &ConversationId,
    messages: &[MessageState],
    (first, last): (u64, u64),
) -> Result<(), StoreError> {
    let of_the_page = messages.iter().filter(|said| (first..=last).contains(&said.seq));
    of_the_page
        .into_iter()
        .try_for_each(|said| folds::merge(writing, conversation, said))
}

fn ends(page: &[Entry]) -> Option<(u64, u64)> {
    page.first().zip(page.last()).map(|(first, last)| (first.seq, last.seq))
}

/// Whether these are entries of this conversation, one after the other without a hole.
fn is_dense(conversation: &ConversationId, page: &[Entry]) -> bool {
    page.windows(2).all(|pair| pair[0].seq + 1 == pair[1].seq)
        && page.first().is_none_or(|first| first.seq > 0)
        && page.iter().all(|entry| entry.conversation == *conversation)
}
