//! The backend, the people, their devices and the conversations of a run.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use protocol::rest::chat::NewConversation;
use protocol::rest::identity::Tokens;
use protocol::{ConversationId, UserId, Visibility};
use reqwest::Method;
use test_kit::random::SeededRandom;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::backend::{Backend, Form};
use super::chores::Owner;
use super::follower::Followed;
use super::journal::Journal;
use crate::checker::{Log, Shown};
use crate::device::{Device, DeviceSettings};
use crate::rest::Rest;

/// Each device with its owner; Ada has two.
const DEVICES: [(&str, &str); 4] = [
    ("ada-desk", "ada"),
    ("ada-lap", "ada"),
    ("ben", "ben"),
    ("cleo", "cleo"),
];
/// Owns the channels, and is the administrator because she is the first.
const OWNER: &str = "olga";
const GUEST: &str = "guest";

pub(super) struct World {
    pub(super) backend: Backend,
    pub(super) devices: Vec<Arc<Device>>,
    pub(super) owners: Vec<UserId>,
    pub(super) conversations: Vec<ConversationId>,
    pub(super) rest: Rest,
    /// The owner of the channels, in a session for reading.
    reader: Tokens,
    /// The same person in a session for her socket.
    pub(super) listener: Tokens,
    worker: Tokens,
    guest: UserId,
    _listening: JoinSet<()>,
}

impl World {
    /// Starts the backend, signs everybody in and makes a group, a public and a private channel.
    pub(super) async fn set_up(form: Form<'_>, folder: &Path, journal: &Journal) -> anyhow::Result<Self> {
        let backend = Backend::start(form, folder).await?;
        let rest = Rest::at(backend.url())?;
        let (events, mut told) = mpsc::unbounded_channel();
        let mut listening = JoinSet::new();
        let noted = journal.clone();
        listening.spawn(async move {
            while let Some(event) = told.recv().await {
                noted.note(event);
            }
        });
        let reader = backend.sign_in(&rest, OWNER).await?;
        let listener = backend.sign_in(&rest, OWNER).await?;
        let worker = backend.sign_in(&rest, OWNER).await?;
        let guest = backend.sign_in(&rest, GUEST).await?.user;
        let (mut devices, mut owners) = (Vec::new(), Vec::new());
        for (name, person) in DEVICES {
            let settings = DeviceSettings {
                name: name.to_owned(),
                folder: folder.join("devices").join(name),
                server: backend.url(),
                clock_ahead_ms: 0,
            };
            let device = Device::open(settings, events.clone()).await?;
            let (letters, email) = (backend.letters(), backend.address_of(person));
            device.request_code(&email).await?;
            let code = letters.code_for(&email).await?;
            owners.push(device.sign_in(&code).await?);
            device.until("to be online", |state| state.online).await?;
            devices.push(Arc::new(device));
        }
        let conversations = make_conversations(&rest, &reader.access_token, &owners).await?;
        let world = Self {
            backend,
            devices,
            owners,
            conversations,
            rest,
            reader,
            listener,
            worker,
            guest,
            _listening: listening,
        };
        world.wait_until_everybody_is_there().await?;
        Ok(world)
    }

    /// The owner of the channels, about to begin her chores.
    pub(super) fn owner(&self, journal: &Journal, random: SeededRandom) -> Owner {
        Owner {
            rest: self.rest.clone(),
            tokens: self.worker.clone(),
            number: self.devices.len(),
            // The first conversation is the group, which has neither name nor topic.
            channels: self.conversations[1..].to_vec(),
            guest: self.guest.clone(),
            journal: journal.clone(),
            random,
        }
    }

    /// Who may delete what others wrote.
    pub(super) fn moderators(&self) -> Vec<UserId> {
        vec![self.reader.user.clone()]
    }

    /// The log of every conversation over REST.
    pub(super) async fn logs(&mut self) -> anyhow::Result<Vec<Log>> {
        self.reader = self.rest.refresh(&self.reader.refresh_token).await?;
        let mut logs = Vec::new();
        for conversation in &self.conversations {
            logs.push(Log {
                observer: "REST".to_owned(),
                conversation: conversation.clone(),
                entries: self.rest.log(&self.reader.access_token, conversation).await?,
            });
        }
        Ok(logs)
    }

    /// Every conversation as every device shows it.
    pub(super) async fn shown(&self) -> anyhow::Result<Vec<Shown>> {
        let mut shown = Vec::new();
        for conversation in &self.conversations {
            for (device, owner) in self.devices.iter().zip(&self.owners) {
                shown.push(Shown {
                    observer: device.name().to_owned(),
                    conversation: conversation.clone(),
                    person: owner.clone(),
                    items: device.view(conversation).await?,
                });
            }
        }
        Ok(shown)
    }

    /// Whether nothing is unsent and all devices, and the plain socket, know the same newest entries.
    pub(super) async fn is_settled(&self, followed: &Followed) -> anyhow::Result<bool> {
        for device in &self.devices {
            let state = device.state().await?;
            let is_level = |(conversation, head): &(ConversationId, u64)| followed.head(conversation) == *head;
            if !state.online || state.unsent > 0 || !state.heads.iter().all(is_level) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Lets every device try its connection now.
    pub(super) async fn reconnect_all(&self) {
        for device in &self.devices {
            // One that has died by itself is found when the devices settle.
            drop(device.reconnect().await);
        }
    }

    /// How every device is, for a failure message.
    pub(super) async fn states(&self) -> String {
        let mut states = Vec::new();
        for device in &self.devices {
            states.push(format!("  {}: {:?}", device.name(), device.state().await));
        }
        states.join("\n")
    }

    async fn wait_until_everybody_is_there(&self) -> anyhow::Result<()> {
        let all = self.conversations.len();
        for device in &self.devices {
            device
                .until("to know all conversations", |state| {
                    state.online && state.heads.len() == all
                })
                .await?;
        }
        Ok(())
    }
}

async fn make_conversations(rest: &Rest, token: &str, members: &[UserId]) -> anyhow::Result<Vec<ConversationId>> {
    let mut others = members.to_vec();
    others.dedup();
    let group = rest
        .start(token, &NewConversation::Group { with: others.clone() })
        .await?;
    let mut conversations = vec![group.id];
    for (name, visibility) in [("general", Visibility::Public), ("board", Visibility::Private)] {
        let channel = rest
            .start(
                token,
                &NewConversation::Channel {
                    name: name.to_owned(),
                    visibility,
                },
            )
            .await?;
        for person in &others {
            let path = format!("/v1/conversations/{}/members/{person}", channel.id);
            let added = rest.answer(rest.request(Method::PUT, &path, Some(token))).await?;
            anyhow::ensure!(
                added.status < 300,
                "adding a member was answered {}: {}",
                added.status,
                added.body
            );
        }
        conversations.push(channel.id);
    }
    conversations.first().context("no conversation")?;
    Ok(conversations)
}
