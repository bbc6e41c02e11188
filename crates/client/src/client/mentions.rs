//! Who is mentioned: the messages that mention this person, whom a message can mention, and of what one wants to be told.

use std::collections::HashMap;

use protocol::rest::chat::Mentions;
use protocol::timeline::MessageFold;
use protocol::{ConversationId, ErrorCode, NotificationLevel};

use super::Client;
use crate::rest::{chat, refused_here};
use crate::store::{Writing, levels, people as known};
use crate::view::{Failure, MentionsPage, MessageView, PersonView};
use crate::views::Viewer;

/// People that are offered to be mentioned.
const MOST_OFFERED: usize = 8;
/// From so many characters on, the directory is asked for somebody whom this device does not know.
const ASK_FROM: usize = 2;

impl Client {
    /// Messages that mention this person, wherever they are a member, the newest first; `before` is `next` of the page
    /// before. Asked of the server: without a connection it fails.
    pub async fn mentions(&self, before: Option<String>) -> Result<MentionsPage, Failure> {
        let signed_in = self.shared().signed_in()?;
        let page: Mentions = signed_in.api.send(chat::mentions(before.as_deref())).await?;
        let next = page.next;
        let draw = move |disk: &crate::store::Reading| {
            let viewer = Viewer::new(disk)?;
            let states = page.messages.into_iter();
            let states: HashMap<_, _> = states
                .map(|said| ((said.conversation, said.message.seq), said.message.state))
                .collect();
            let untouched = MessageFold::default();
            let messages = page.entries.into_iter().map(|entry| {
                let state = states.get(&(entry.conversation.clone(), entry.seq));
                viewer.message_with(entry, state.unwrap_or(&untouched))
            });
            messages.collect::<Result<Vec<MessageView>, _>>()
        };
        let messages = signed_in.store.read(draw).await?;
        Ok(MentionsPage { messages, next })
    }

    /// People whom a message of this conversation can mention, of whom a word of the name begins with `query`: first
    /// those who are in it as far as this device knows, then others, at most eight. Asks the directory only when nobody
    /// here fits.
    pub async fn mentionable(&self, conversation: ConversationId, query: String) -> Result<Vec<PersonView>, Failure> {
        let signed_in = self.shared().signed_in()?;
        let (me, wanted) = (signed_in.me.clone(), query.clone());
        let offered = signed_in
            .store
            .read(move |disk| {
                let mut offered = known::mentionable(disk, &conversation, &wanted)?;
                offered.retain(|person| person.id != me);
                offered.truncate(MOST_OFFERED);
                Ok(offered)
            })
            .await?;
        if !offered.is_empty() || query.trim().chars().count() < ASK_FROM {
            return Ok(offered);
        }
        let mut found = self.find_people(query.clone()).await?;
        found.retain(|person| person.active && person.id != signed_in.me && known::is_called(person, &query));
        found.truncate(MOST_OFFERED);
        Ok(found)
    }

    /// Of which messages of a conversation this person wants to be told; none for the usual of each device. Shown at once,
    /// and told to the server and the other devices when they can be.
    pub async fn set_level(
        &self,
        conversation: ConversationId,
        level: Option<NotificationLevel>,
    ) -> Result<(), Failure> {
        let signed_in = self.shared().signed_in()?;
        let choose = move |writing: &mut Writing<'_>| levels::choose(writing, &conversation, level);
        if !signed_in.store.write_through(choose).await? {
            return Err(refused_here(ErrorCode::NotFound));
        }
        signed_in.wake.words.notify_one();
        Ok(())
    }
}
