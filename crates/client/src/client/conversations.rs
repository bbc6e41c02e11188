//! Conversations: listing them, opening them, and starting new ones.

use protocol::rest::chat::{Entries, NewConversation};
use protocol::{Conversation, ConversationId, ErrorCode, Membership, UserId};

use super::Client;
use crate::rest::{chat, refused_here};
use crate::shared::SignedIn;
use crate::store::{Writing, conversations, drafts, entries, outbox};
use crate::timeline::{self, PAGE};
use crate::view::{ConversationRow, Failure, OpenConversation};
use crate::views::passing_items;

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
            let page = timeline::newest(disk, &wanted)?;
            let stale = entries::stale(disk, &wanted, (page.first, page.last))?;
            let open = OpenConversation {
                row,
                page,
                pending: outbox::of_conversation(disk, &wanted)?,
                draft: drafts::of(disk, &wanted)?,
                receipts: Vec::new(),
            };
            Ok(Some((open, stale)))
        });
        let Some((open, stale)) = read.await? else {
            return look_in(&signed_in, &conversation).await;
        };
        signed_in.looks.note(&conversation, open.page.first);
        if let Some(stale) = stale {
            signed_in.rechecks.add(&conversation, stale);
        }
        Ok(OpenConversation {
            receipts: signed_in.signs.receipts(&conversation),
            ..open
        })
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
        mentions: 0,
        level: None,
        read_ordinal: said.read.ordinal,
        has_draft: false,
        topic: said.topic,
        archived: said.archived,
        created_by: said.created_by,
    };
    let items = passing_items(&newest, &signed_in.me);
    Ok(OpenConversation {
        row,
        page: timeline::passing(conversation, &newest, items),
        pending: Vec::new(),
        draft: String::new(),
        receipts: Vec::new(),
    })
}
