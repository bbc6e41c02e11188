//! The timeline of a conversation, page by page: from the disk, or from the server where this device has a hole.

use std::collections::HashMap;

use protocol::rest::chat::{Entries, Pins, Version, Versions};
use protocol::timeline::MessageFold;
use protocol::{ConversationId, ErrorCode};

use super::Client;
use crate::originals::HistoryPage;
use crate::rest::{chat, refused_here};
use crate::shared::SignedIn;
use crate::store::{Reading, StoreError, Writing, conversations, entries};
use crate::sync::{self, Anchor, History};
use crate::timeline::{self, PAGE};
use crate::view::{Failure, MessageView, TimelinePage};
use crate::views::{Viewer, passing_items};

/// Pages without a single item that are passed over in one go: reactions, edits and pins by the hundred.
const MOST_EMPTY_PAGES: usize = 20;

/// What the disk has of a page.
enum OnDisk {
    Page(TimelinePage),
    /// Not this page, though the conversation is held.
    Missing,
    /// The person is not a member: nothing is kept.
    NotKept,
}

impl Client {
    /// The page that ends just before an entry.
    pub async fn earlier(&self, conversation: ConversationId, before: u64) -> Result<TimelinePage, Failure> {
        self.page(conversation, Anchor::Before(before)).await
    }

    /// The page that begins just after an entry.
    pub async fn later(&self, conversation: ConversationId, after: u64) -> Result<TimelinePage, Failure> {
        self.page(conversation, Anchor::After(after)).await
    }

    /// A page with the entry at `seq` in its middle.
    pub async fn around(&self, conversation: ConversationId, seq: u64) -> Result<TimelinePage, Failure> {
        self.page(conversation, Anchor::Around(seq)).await
    }

    /// What a message said at which time, the oldest first. Asks the server.
    pub async fn message_versions(&self, conversation: ConversationId, seq: u64) -> Result<Vec<Version>, Failure> {
        let api = &self.shared().signed_in()?.api;
        let answer: Versions = api.send(chat::versions(&conversation, seq)).await?;
        Ok(answer.versions)
    }

    /// Pinned messages, the newest first. Asks the server.
    pub async fn pinned_messages(&self, conversation: ConversationId) -> Result<Vec<MessageView>, Failure> {
        let signed_in = self.shared().signed_in()?;
        let pins: Pins = signed_in.api.send(chat::pins(&conversation)).await?;
        let draw = move |disk: &Reading| {
            let viewer = Viewer::new(disk)?;
            let said: HashMap<u64, MessageFold> =
                pins.messages.into_iter().map(|said| (said.seq, said.state)).collect();
            let mut messages = Vec::new();
            for entry in pins.entries {
                if !entry.kind.is_message() || entry.conversation != conversation {
                    continue;
                }
                let fold = said.get(&entry.seq).cloned().unwrap_or_default();
                let message = viewer.message_with(entry, &fold)?;
                // One that was unpinned here a moment ago is pinned no more to whoever looks.
                messages.extend(Some(message).filter(|message| message.pinned));
            }
            Ok(messages)
        };
        Ok(signed_in.store.read(draw).await?)
    }

    /// A link that opens a message in the app of whoever may read it.
    pub async fn message_link(&self, conversation: ConversationId, seq: u64) -> Result<String, Failure> {
        let signed_in = self.shared().signed_in()?;
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let query = query
            .append_pair("server", signed_in.api.rest.server().text())
            .append_pair("conversation", conversation.as_str())
            .append_pair("seq", &seq.to_string());
        Ok(format!("loquat://open?{}", query.finish()))
    }

    async fn page(&self, conversation: ConversationId, anchor: Anchor) -> Result<TimelinePage, Failure> {
        let signed_in = self.shared().signed_in()?;
        for _ in 0..MOST_EMPTY_PAGES {
            match on_disk(&signed_in, &conversation, anchor).await? {
                OnDisk::Page(page) => match beyond(&page, anchor) {
                    // Nothing but changes to messages: what lies behind them belongs to the same page.
                    Some(beyond) if page.items.is_empty() => {
                        fetch(&signed_in, &conversation, beyond).await?;
                    }
                    _ => return Ok(page),
                },
                OnDisk::Missing => {
                    let answer = fetch(&signed_in, &conversation, anchor).await?;
                    if let OnDisk::Page(page) = on_disk(&signed_in, &conversation, anchor).await? {
                        if !page.items.is_empty() {
                            return Ok(page);
                        }
                    } else {
                        // Nothing that is held reaches there yet, such as a link to what was written a moment ago.
                        return passing(&signed_in, &conversation, anchor, &answer);
                    }
                }
                OnDisk::NotKept => {
                    let answer: Entries = signed_in.api.send(chat::history(&conversation, anchor, PAGE)).await?;
                    return passing(&signed_in, &conversation, anchor, &answer);
                }
            }
        }
        match on_disk(&signed_in, &conversation, anchor).await? {
            OnDisk::Page(page) => Ok(page),
            OnDisk::Missing | OnDisk::NotKept => Err(refused_here(ErrorCode::NotFound)),
        }
    }
}

/// Where the next page begins behind one that has no items; none where there is no next page.
fn beyond(page: &TimelinePage, anchor: Anchor) -> Option<Anchor> {
    match anchor {
        Anchor::Before(_) if page.has_earlier && page.first > 0 => Some(Anchor::Before(page.first)),
        Anchor::After(_) if !page.reaches_end => Some(Anchor::After(page.last)),
        _ => None,
    }
}

/// Reads a page, and has it looked at again when changes to it may have been missed.
async fn on_disk(signed_in: &SignedIn, conversation: &ConversationId, anchor: Anchor) -> Result<OnDisk, Failure> {
    let wanted = conversation.clone();
    let read = move |disk: &Reading| {
        let page = read_page(disk, &wanted, anchor)?;
        let stale = match &page {
            OnDisk::Page(page) => entries::stale(disk, &wanted, (page.first, page.last))?,
            OnDisk::Missing | OnDisk::NotKept => None,
        };
        Ok((page, stale))
    };
    let (page, stale) = signed_in.store.read(read).await?;
    if let OnDisk::Page(page) = &page {
        signed_in.looks.note(conversation, page.first);
    }
    if let Some(stale) = stale {
        signed_in.rechecks.add(conversation, stale);
    }
    Ok(page)
}

fn read_page(disk: &Reading, conversation: &ConversationId, anchor: Anchor) -> Result<OnDisk, StoreError> {
    let Some(held) = conversations::held(disk, conversation)? else {
        return Ok(OnDisk::NotKept);
    };
    let page = match anchor {
        Anchor::Before(seq) if seq <= 1 => Some(timeline::beginning(conversation)),
        Anchor::After(seq) if held.edge.is_some_and(|edge| seq >= edge) => Some(timeline::end(conversation)),
        Anchor::Before(seq) => timeline::before(disk, conversation, seq)?,
        Anchor::After(seq) => timeline::after(disk, conversation, seq)?,
        Anchor::Around(seq) => timeline::around(disk, conversation, seq)?,
    };
    Ok(page.map_or(OnDisk::Missing, OnDisk::Page))
}

/// Asks the server for a page and keeps it.
async fn fetch(signed_in: &SignedIn, conversation: &ConversationId, anchor: Anchor) -> Result<Entries, Failure> {
    let page: HistoryPage = signed_in.api.send(chat::history(conversation, anchor, PAGE)).await?;
    if let Some(first) = page.entries.entries.first() {
        // Somebody is about to look at it, however old it is.
        signed_in.looks.note(conversation, first.seq);
    }
    let (me, wanted) = (signed_in.me.clone(), conversation.clone());
    let keep = move |writing: &mut Writing<'_>| {
        let edge = conversations::held(writing.disk, &wanted)?.and_then(|held| held.edge);
        if edge.is_some_and(|edge| anchor.is_ahead_of(edge)) {
            return Ok((History::Kept, page.entries));
        }
        for original in page.originals {
            writing.came_as(original);
        }
        let history = sync::keep_history(writing, &me, &wanted, anchor, &page.entries)?;
        Ok((history, page.entries))
    };
    let (history, answer) = signed_in.store.write(keep).await?;
    match history {
        History::Another => signed_in.wake.resume.notify_one(),
        History::Kept => signed_in.wake.people.notify_one(),
    }
    Ok(answer)
}

fn passing(
    signed_in: &SignedIn,
    conversation: &ConversationId,
    anchor: Anchor,
    answer: &Entries,
) -> Result<TimelinePage, Failure> {
    let is_there = |seq: u64| answer.entries.iter().any(|entry| entry.seq == seq);
    if matches!(anchor, Anchor::Around(seq) if !is_there(seq)) {
        return Err(refused_here(ErrorCode::NotFound));
    }
    let items = passing_items(answer, &signed_in.me);
    Ok(timeline::passing(conversation, answer, items))
}
