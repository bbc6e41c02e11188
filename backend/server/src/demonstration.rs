//! `--people N`: demonstration people with a conversation, so that a first look is not an empty room.
//!
//! Everything goes through the same rules as a person's own doing, and under client ids that follow from the
//! script: a second start adds nothing twice (P3).

mod script;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use chat_service::chat::Chat;
use chat_service::conversations::{self, NewChannel};
use chat_service::log::{Act, Proposal};
use chat_service::refusal::Refusal;
use protocol::{ClientId, ConversationId, Email, UserId, Visibility};
use service_kit::Lifecycle;
use user_service::demonstration::Demonstration;

use self::script::{CHANNELS, PEOPLE, WELCOMES};

/// How many demonstration people there are at most.
pub(crate) const MOST_PEOPLE: usize = PEOPLE.len();

/// How often newcomers are looked for. Only a developer's machine does this, and only when asked to.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// The demonstration people, at home in their channels.
pub(crate) struct Cast {
    users: Demonstration,
    chat: Arc<Chat>,
    people: Vec<UserId>,
    channels: Vec<ConversationId>,
}

impl Cast {
    /// Adds the first `count` people and what they said to each other.
    pub(crate) async fn assemble(count: usize, users: Demonstration, chat: Arc<Chat>) -> anyhow::Result<Self> {
        let mut people = Vec::new();
        for (name, title) in PEOPLE.iter().take(count) {
            people.push(users.ensure(&address(name)?, name, title).await?);
        }
        let mut cast = Self {
            users,
            chat,
            people,
            channels: Vec::new(),
        };
        for channel in CHANNELS {
            let id = cast
                .play(channel)
                .await
                .with_context(|| format!("the channel {}", channel.name))?;
            cast.channels.push(id);
        }
        Ok(cast)
    }

    /// Greets everyone who signs in, until the process stops.
    pub(crate) async fn greet_newcomers(self, lifecycle: Lifecycle) -> anyhow::Result<()> {
        let mut greeted: HashSet<UserId> = self.people.iter().cloned().collect();
        let mut stopping = std::pin::pin!(lifecycle.stopping());
        loop {
            tokio::select! {
                () = &mut stopping => return Ok(()),
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
            for newcomer in self.users.everybody().await? {
                if !greeted.contains(&newcomer) {
                    self.greet(&newcomer).await?;
                    greeted.insert(newcomer);
                }
            }
        }
    }

    /// Says every line of a channel that one of the people has.
    async fn play(&self, channel: &script::Channel) -> anyhow::Result<ConversationId> {
        let host = self.people.first().context("there is nobody to open a channel")?;
        let new = NewChannel {
            name: channel.name.to_owned(),
            visibility: Visibility::Public,
            key: Some(ClientId::of_operation(["demonstration", channel.name])),
        };
        done(known(&self.chat, &self.people).await)?;
        let id = done(conversations::create_channel(&self.chat, host, new).await)?
            .conversation
            .id;
        for person in &self.people {
            done(conversations::join(&self.chat, person, &id).await)?;
        }
        for (number, (speaker, body)) in channel.lines.iter().enumerate() {
            if let Some(author) = self.people.get(*speaker) {
                let client_id = ClientId::of_operation(["demonstration", channel.name, &number.to_string()]);
                self.say(author, &id, client_id, body).await?;
            }
        }
        Ok(id)
    }

    /// Shows a newcomer around.
    async fn greet(&self, newcomer: &UserId) -> anyhow::Result<()> {
        done(known(&self.chat, [newcomer]).await)?;
        for channel in &self.channels {
            done(conversations::join(&self.chat, newcomer, channel).await)?;
        }
        for (speaker, body) in WELCOMES {
            if let Some(author) = self.people.get(*speaker) {
                let direct = done(conversations::start_direct(&self.chat, author, newcomer.clone()).await)?;
                let client_id = ClientId::of_operation(["demonstration", newcomer.as_str(), &speaker.to_string()]);
                self.say(author, &direct.conversation.id, client_id, body).await?;
            }
        }
        Ok(())
    }

    /// Says one line. The limits on sending are for people, not for a script.
    async fn say(
        &self,
        author: &UserId,
        conversation: &ConversationId,
        client_id: ClientId,
        body: &str,
    ) -> anyhow::Result<()> {
        let desk = done(self.chat.open(conversation).await)?;
        let act = Act::Send {
            client_id,
            body: body.to_owned(),
            reply_to: None,
            after: None,
        };
        done(
            desk.carry_out(Proposal {
                author: author.clone(),
                act,
            })
            .await,
        )
        .map(drop)
    }
}

/// Notes that these people exist, as their tokens would.
async fn known<'a>(chat: &Chat, people: impl IntoIterator<Item = &'a UserId>) -> Result<(), Refusal> {
    for person in people {
        chat_service::people::note_caller(chat, person).await?;
    }
    Ok(())
}

fn done<T>(outcome: Result<T, Refusal>) -> anyhow::Result<T> {
    outcome.map_err(|refusal| anyhow!("{refusal}"))
}

/// `mei.tan@demo.loquat.test`: a domain that can never be mailed to (RFC 2606).
fn address(name: &str) -> anyhow::Result<Email> {
    let plain = |character: char| match character {
        ' ' => Some('.'),
        'á' => Some('a'),
        'ö' => Some('o'),
        'š' => Some('s'),
        letter if letter.is_ascii_alphabetic() => Some(letter.to_ascii_lowercase()),
        _ => None,
    };
    let local: String = name.chars().filter_map(plain).collect();
    Email::parse(&format!("{local}@demo.loquat.test")).with_context(|| format!("{name} has no address"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_demonstration_person_has_an_address_of_their_own() {
        let addresses: HashSet<Email> = PEOPLE.iter().map(|(name, _)| address(name).unwrap()).collect();
        assert_eq!(addresses.len(), PEOPLE.len());
        assert!(addresses.contains(&Email::parse("tomas.novak@demo.loquat.test").unwrap()));
    }

    #[test]
    fn every_line_is_said_by_somebody_who_exists() {
        let speakers = CHANNELS
            .iter()
            .flat_map(|channel| channel.lines)
            .map(|(speaker, _)| *speaker);
        assert!(
            speakers
                .chain(WELCOMES.iter().map(|(speaker, _)| *speaker))
                .all(|speaker| speaker < MOST_PEOPLE)
        );
    }
}
