//! Conversations: listing them, opening them, scrolling back, and starting new ones.

use protocol::rest::chat::{Entries, NewConversation};
use protocol::{Conversation, ConversationId, ErrorCode, Membership, UserId};

use super::Client;
use crate::originals::HistoryPage;
use crate::rest::{chat, refused_here};
use crate::shared::SignedIn;
use crate::store::{Writing, conversations, drafts, outbox};
use crate::sync::{self, History, PAGE};
use crate::view::{ConversationRow, Failure, OpenConversation, TimelinePage};

impl Client {
    /// All conversations, newest activity first.
    pub async fn conversations(&self) -> Result<Vec<ConversationRow>, Failure> {
        let signed_in = self.shared().signed_in()?;
        Ok(signed_in.store.read(conversations::rows).await?)
    }

    /// What is needed to draw a conversation, from the disk. A public channel that was not joined is asked for.
    pub async fn open_conversation(&self, conversation: ConversationId) -> Result<OpenConversation, Failure> {
        let signed_in = self.shared().signed_in()?;
        let wanted = conversation.clone();
        let read = signed_in.store.read(move |disk| {
            let Some(row) = conversations::row(disk, &wanted)? else {
                return Ok(None);
            };
            let page = sync::newest_page(disk, &wanted)?;
            let pending = outbox::of_conversation(disk, &wanted)?;
            let draft = drafts::of(disk, &wanted)?;
            Ok(Some(OpenConversation {
                row,
                page,
                pending,
                draft,
            }))
        });
        match read.await? {
            Some(open) => Ok(open),
            None => look_in(&signed_in, &conversation).await,
        }
    }

    /// The page before an entry: from the disk, or from the server where this device has a hole.
    pub async fn earlier(&self, conversation: ConversationId, before: u64) -> Result<TimelinePage, Failure> {
        let signed_in = self.shared().signed_in()?;
        let wanted = conversation.clone();
        let read = move |disk: &_| {
            let member = conversations::held(disk, &wanted)?.is_some();
            Ok((member, sync::page_before(disk, &wanted, before)?))
        };
        let (member, held) = signed_in.store.read(read).await?;
        if !held.entries.is_empty() || before <= 1 {
            return Ok(held);
        }
        let page: HistoryPage = signed_in.api.send(chat::before(&conversation, before, PAGE)).await?;
        if !member {
            return Ok(passing_page(conversation, page.entries.entries, false));
        }
        let me = signed_in.me.clone();
        let keep = move |writing: &mut Writing<'_>| {
            for original in page.originals {
                writing.came_as(original);
            }
            let history = sync::keep_history(writing, &me, &conversation, before, &page.entries)?;
            Ok((history, sync::page_before(writing.disk, &conversation, before)?))
        };
        let (history, page) = signed_in.store.write(keep).await?;
        match history {
            History::Another => signed_in.wake.resume.notify_one(),
            History::Kept => signed_in.wake.people.notify_one(),
        }
        Ok(page)
    }

    /// Starts a conversation, or finds the one these people have: with one person a direct one, with more a group.
    pub async fn start_conversation(&self, with: Vec<UserId>) -> Result<ConversationRow, Failure> {
        let new = match <[UserId; 1]>::try_from(with) {
            Ok([with]) => NewConversation::Direct { with },
            Err(with) => NewConversation::Group { with },
        };
        self.start(&new).await
    }

    pub(super) async fn start(&self, new: &NewConversation) -> Result<ConversationRow, Failure> {
        let signed_in = self.shared().signed_in()?;
        let key = format!("{:032x}", self.shared().around.random.bits());
        let said: Conversation = signed_in.api.send(chat::start(new, key)).await?;
        keep(&signed_in, said)
            .await?
            .ok_or_else(|| refused_here(ErrorCode::NotFound))
    }
}

/// Keeps what the server answered about a conversation the person is a member of; returns its row.
pub(super) async fn keep(signed_in: &SignedIn, said: Conversation) -> Result<Option<ConversationRow>, Failure> {
    let keep = move |writing: &mut Writing<'_>| {
        conversations::put(writing, &said)?;
        conversations::row(writing.disk, &said.id)
    };
    let row = signed_in.store.write(keep).await?;
    signed_in.wake.people.notify_one();
    Ok(row)
}

/// A look into a conversation the person is not a member of. Nothing of it is kept.
async fn look_in(signed_in: &SignedIn, conversation: &ConversationId) -> Result<OpenConversation, Failure> {
    let said: Conversation = signed_in.api.send(chat::conversation(conversation)).await?;
    let newest: Entries = signed_in.api.send(chat::newest(conversation, PAGE)).await?;
    let row = ConversationRow {
        id: said.id,
        kind: said.kind,
        visibility: said.visibility,
        name: said.name,
        members: said.members,
        member_count: said.member_count,
        membership: said.membership,
        head: said.head,
        ordinal: said.ordinal,
        last_at: said.last_at,
        unread: if said.membership == Membership::Member {
            said.ordinal.saturating_sub(said.read.ordinal)
        } else {
            0
        },
        read_ordinal: said.read.ordinal,
        has_draft: false,
    };
    let page = passing_page(conversation.clone(), newest.entries, true);
    Ok(OpenConversation {
        row,
        page,
        pending: Vec::new(),
        draft: String::new(),
    })
}

fn passing_page(conversation: ConversationId, entries: Vec<protocol::Entry>, reaches_end: bool) -> TimelinePage {
    let has_earlier = entries.first().is_some_and(|first| first.seq > 1);
    TimelinePage {
        conversation,
        entries,
        has_earlier,
        reaches_end,
    }
}
