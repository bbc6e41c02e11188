//! A colleague at another computer: the same client, without a window.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use client::change::Change;
use client::view::{ConversationRow, MessageAct, MessageView, TimelineItem};
use client::{Client, ClientSettings, MemorySecrets};
use protocol::rest::identity::{Device, ProfileChange};
use protocol::{ConversationId, Visibility};
use test_kit::smtp::SmtpServer;
use test_kit::wait::{self, PATIENCE};

/// Somebody who is signed in elsewhere.
pub(crate) struct Colleague {
    client: Client,
}

impl Colleague {
    /// Signs in with the code of the mail, and takes a name.
    pub(crate) async fn sign_in(folder: &Path, server: &str, post: &SmtpServer, name: &str) -> anyhow::Result<Self> {
        let device = Device {
            name: "Elsewhere".to_owned(),
            system: "Test".to_owned(),
        };
        let settings = ClientSettings {
            data_dir: folder.to_owned(),
            device,
            servers: client::Servers::default(),
            history: client::HistoryLimit::default(),
            network: client::Network::default(),
        };
        let client = Client::open(settings, Arc::new(MemorySecrets::default())).await?;
        let address = format!("{}@example.org", name.to_lowercase().replace(' ', "."));
        client.request_code(server, &address).await?;
        let mail = post.next_mail(&address, PATIENCE).await?;
        client.sign_in(&mail.code().context("no code in the mail")?).await?;
        client
            .update_profile(ProfileChange {
                name: Some(name.to_owned()),
                ..ProfileChange::default()
            })
            .await?;
        Ok(Self { client })
    }

    /// The conversation that somebody started; waits until it has come.
    pub(crate) async fn conversation(&self) -> anyhow::Result<ConversationRow> {
        let look = || async { self.client.conversations().await.ok()?.into_iter().next() };
        Ok(wait::until("a conversation to reach the colleague", PATIENCE, look).await?)
    }

    /// Starts a conversation with somebody who has signed in.
    pub(crate) async fn start_conversation(&self, email: &str) -> anyhow::Result<ConversationRow> {
        let found = self.client.find_people(email.to_owned()).await?;
        let person = found.into_iter().find(|person| person.email == email);
        let person = person.with_context(|| format!("{email} is not in the workspace"))?;
        Ok(self.client.start_conversation(vec![person.id]).await?)
    }

    /// Makes a channel and puts somebody into it.
    pub(crate) async fn create_channel_with(&self, name: &str, email: &str) -> anyhow::Result<ConversationRow> {
        let channel = self.client.create_channel(name.to_owned(), Visibility::Public).await?;
        let found = self.client.find_people(email.to_owned()).await?;
        let person = found.into_iter().find(|person| person.email == email);
        let person = person.with_context(|| format!("{email} is not in the workspace"))?;
        self.client.add_member(channel.id.clone(), person.id).await?;
        Ok(channel)
    }

    /// Writes a message.
    pub(crate) async fn write(&self, conversation: &ConversationId, body: &str) -> anyhow::Result<()> {
        self.client
            .send_message(conversation.clone(), body.to_owned(), None)
            .await?;
        Ok(())
    }

    /// Waits until the messages of the conversation are exactly these.
    pub(crate) async fn sees(&self, conversation: &ConversationId, bodies: &[&str]) -> anyhow::Result<()> {
        let look = || async { (self.bodies(conversation).await.ok()? == bodies).then_some(()) };
        match wait::until("the messages", PATIENCE, look).await {
            Ok(()) => Ok(()),
            Err(_) => anyhow::bail!(
                "expected {bodies:?}, the colleague sees {:?}",
                self.bodies(conversation).await?
            ),
        }
    }

    /// Waits until the messages of the conversation are exactly these, on however many pages.
    pub(crate) async fn sees_all(&self, conversation: &ConversationId, bodies: &[String]) -> anyhow::Result<()> {
        let look = || async { (self.all_bodies(conversation).await.ok()? == bodies).then_some(()) };
        match wait::until("all messages", PATIENCE, look).await {
            Ok(()) => Ok(()),
            Err(_) => anyhow::bail!(
                "expected {} messages, the colleague sees {:?}",
                bodies.len(),
                self.all_bodies(conversation).await?
            ),
        }
    }

    async fn all_bodies(&self, conversation: &ConversationId) -> anyhow::Result<Vec<String>> {
        let mut page = self.client.open_conversation(conversation.clone()).await?.page;
        let mut pages = vec![];
        while page.has_earlier {
            let earlier = self.client.earlier(conversation.clone(), page.first).await?;
            pages.push(std::mem::replace(&mut page, earlier));
        }
        pages.push(page);
        let items = pages.into_iter().rev().flat_map(|page| page.items);
        let messages = items.filter_map(|item| match item {
            TimelineItem::Message(message) => Some(message.body),
            TimelineItem::Event(_) => None,
        });
        Ok(messages.collect())
    }

    async fn bodies(&self, conversation: &ConversationId) -> anyhow::Result<Vec<String>> {
        let messages = self.messages(conversation).await?;
        Ok(messages.into_iter().map(|message| message.body).collect())
    }

    async fn messages(&self, conversation: &ConversationId) -> anyhow::Result<Vec<MessageView>> {
        let open = self.client.open_conversation(conversation.clone()).await?;
        let messages = open.page.items.into_iter().filter_map(|item| match item {
            TimelineItem::Message(message) => Some(message),
            TimelineItem::Event(_) => None,
        });
        Ok(messages.collect())
    }

    /// Waits until the newest message of the conversation is so.
    pub(crate) async fn sees_newest(
        &self,
        conversation: &ConversationId,
        what: &str,
        is_so: impl Fn(&MessageView) -> bool,
    ) -> anyhow::Result<()> {
        let newest = || async { self.messages(conversation).await.ok()?.pop() };
        let look = || async { newest().await.is_some_and(|message| is_so(&message)).then_some(()) };
        match wait::until(what, PATIENCE, look).await {
            Ok(()) => Ok(()),
            Err(waited) => anyhow::bail!("{waited}; the colleague's newest message is {:?}", newest().await),
        }
    }

    /// Does something to the newest message of the conversation.
    pub(crate) async fn act(&self, conversation: &ConversationId, act: MessageAct) -> anyhow::Result<()> {
        let newest = self.messages(conversation).await?.pop();
        let newest = newest.context("there is no message yet")?.seq;
        Ok(self.client.act_on_message(conversation.clone(), newest, act).await?)
    }

    /// Waits until somebody types, from this call on.
    pub(crate) fn sees_typing(&self, conversation: &ConversationId) -> impl Future<Output = anyhow::Result<()>> {
        let mut changes = self.client.changes();
        let conversation = conversation.clone();
        let told = async move {
            while let Some(change) = changes.next().await {
                match change {
                    Change::Typing {
                        conversation: at,
                        people,
                    } if at == conversation && !people.is_empty() => return Ok(()),
                    _ => {}
                }
            }
            anyhow::bail!("the colleague's client ended")
        };
        async {
            tokio::time::timeout(PATIENCE, told)
                .await
                .context("the colleague saw nobody type")?
        }
    }

    /// Waits until somebody else has read everything.
    pub(crate) async fn sees_all_read(&self, conversation: &ConversationId) -> anyhow::Result<()> {
        let look = || async {
            let open = self.client.open_conversation(conversation.clone()).await.ok()?;
            let read = open.receipts.iter().any(|receipt| receipt.ordinal == open.row.ordinal);
            read.then_some(())
        };
        Ok(wait::until("the receipt at the colleague's", PATIENCE, look).await?)
    }

    /// Types and has the conversation on the screen.
    pub(crate) async fn type_something(&self, conversation: &ConversationId) -> anyhow::Result<()> {
        self.client.watch(vec![conversation.clone()], Vec::new()).await?;
        Ok(self.client.typing(conversation.clone()).await?)
    }

    /// Has read everything.
    pub(crate) async fn read_all(&self, conversation: &ConversationId) -> anyhow::Result<()> {
        let row = self.client.open_conversation(conversation.clone()).await?.row;
        Ok(self.client.mark_read(conversation.clone(), row.ordinal).await?)
    }
}
