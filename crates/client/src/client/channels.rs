//! Channels: finding them, making them, and changing who is in them.

use protocol::rest::chat::{Channels, ConversationChange, Members, NewConversation};
use protocol::{Conversation, ConversationId, UserId, Visibility};

use super::Client;
use super::conversations::keep;
use crate::people;
use crate::rest::identity::MOST_IDS;
use crate::rest::{chat, refused_here};
use crate::store::{Writing, conversations, people as known};
use crate::view::{ChannelRow, ConversationRow, Failure, PersonView};

impl Client {
    /// Makes a channel.
    pub async fn create_channel(&self, name: String, visibility: Visibility) -> Result<ConversationRow, Failure> {
        let name = protocol::text::channel_name(&name).map_err(refused_here)?;
        self.start(&NewConversation::Channel { name, visibility }).await
    }

    /// Channels whose name contains a text, by name: public ones, and private ones one is in.
    pub async fn find_channels(&self, query: String) -> Result<Vec<ChannelRow>, Failure> {
        let found: Channels = self.shared().signed_in()?.api.send(chat::channels(&query)).await?;
        let row = |said: Conversation| ChannelRow {
            id: said.id,
            name: said.name.unwrap_or_default(),
            visibility: said.visibility,
            member_count: said.member_count,
            membership: said.membership,
        };
        Ok(found.channels.into_iter().map(row).collect())
    }

    /// Joins a public channel.
    pub async fn join_channel(&self, conversation: ConversationId) -> Result<(), Failure> {
        let signed_in = self.shared().signed_in()?;
        let said: Conversation = signed_in.api.send(chat::join(&conversation)).await?;
        keep(&signed_in, said).await.map(drop)
    }

    /// Leaves a channel. It is gone from this device when this returns.
    pub async fn leave_channel(&self, conversation: ConversationId) -> Result<(), Failure> {
        let signed_in = self.shared().signed_in()?;
        let leave = chat::remove_member(&conversation, &signed_in.me);
        signed_in.api.tell(leave).await?;
        let forget = move |writing: &mut Writing<'_>| conversations::remove(writing, &conversation);
        Ok(signed_in.store.write(forget).await?)
    }

    /// Gives a channel another name.
    pub async fn rename_channel(&self, conversation: ConversationId, name: String) -> Result<(), Failure> {
        let name = protocol::text::channel_name(&name).map_err(refused_here)?;
        let signed_in = self.shared().signed_in()?;
        let change = ConversationChange {
            name: Some(name),
            ..ConversationChange::default()
        };
        let said: Conversation = signed_in.api.send(chat::change(&conversation, &change)).await?;
        keep(&signed_in, said).await.map(drop)
    }

    /// Says what a channel is about; blank for nothing.
    pub async fn set_topic(&self, conversation: ConversationId, topic: String) -> Result<(), Failure> {
        let topic = protocol::text::topic(&topic).map_err(refused_here)?;
        let signed_in = self.shared().signed_in()?;
        let change = ConversationChange {
            topic: Some(topic),
            ..ConversationChange::default()
        };
        let said: Conversation = signed_in.api.send(chat::change(&conversation, &change)).await?;
        keep(&signed_in, said).await.map(drop)
    }

    /// Archives a channel, so that it can only be read, or opens it again.
    pub async fn set_archived(&self, conversation: ConversationId, on: bool) -> Result<(), Failure> {
        let signed_in = self.shared().signed_in()?;
        let change = ConversationChange {
            archived: Some(on),
            ..ConversationChange::default()
        };
        let said: Conversation = signed_in.api.send(chat::change(&conversation, &change)).await?;
        keep(&signed_in, said).await.map(drop)
    }

    /// Adds somebody to a channel.
    pub async fn add_member(&self, conversation: ConversationId, person: UserId) -> Result<(), Failure> {
        self.shared()
            .signed_in()?
            .api
            .tell(chat::add_member(&conversation, &person))
            .await
    }

    /// Removes somebody from a channel.
    pub async fn remove_member(&self, conversation: ConversationId, person: UserId) -> Result<(), Failure> {
        self.shared()
            .signed_in()?
            .api
            .tell(chat::remove_member(&conversation, &person))
            .await
    }

    /// Everyone in a channel, by name.
    pub async fn channel_members(&self, conversation: ConversationId) -> Result<Vec<PersonView>, Failure> {
        let signed_in = self.shared().signed_in()?;
        let members: Members = signed_in.api.send(chat::members(&conversation)).await?;
        let ids = members.members.clone();
        let unknown = move |disk: &_| {
            let mut unknown = Vec::new();
            for id in ids {
                if known::find(disk, &id)?.is_none() {
                    unknown.push(id);
                }
            }
            Ok(unknown)
        };
        let unknown: Vec<UserId> = signed_in.store.read(unknown).await?;
        for batch in unknown.chunks(MOST_IDS) {
            people::fetch(&signed_in.store, &signed_in.api, batch.to_vec()).await?;
        }
        let read = move |disk: &_| {
            let mut people = Vec::new();
            for id in &members.members {
                people.extend(known::find(disk, id)?);
            }
            people.sort_by_key(|person: &PersonView| person.name.to_lowercase());
            Ok(people)
        };
        Ok(signed_in.store.read(read).await?)
    }
}
