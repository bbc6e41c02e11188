//! The server, the people, their devices and the conversations of a run.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use protocol::rest::chat::NewConversation;
use protocol::rest::identity::Tokens;
use protocol::{ConversationId, UserId, Visibility};
use reqwest::Method;
use test_kit::server::{Server, ServerSettings};
use test_kit::wait::PATIENCE;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::journal::Journal;
use crate::checker::Log;
use crate::device::{Device, DeviceSettings};
use crate::rest::Rest;

/// Each device with its owner; Ada has two.
const DEVICES: [(&str, &str); 4] = [
    ("ada-desk", "ada@example.org"),
    ("ada-lap", "ada@example.org"),
    ("ben", "ben@example.org"),
    ("cleo", "cleo@example.org"),
];
/// Reads over REST only.
const READER: &str = "olga@example.org";

pub(super) struct World {
    pub(super) server: Server,
    pub(super) devices: Vec<Arc<Device>>,
    pub(super) owners: Vec<UserId>,
    pub(super) conversations: Vec<ConversationId>,
    rest: Rest,
    reader: Tokens,
    _listener: JoinSet<()>,
}

impl World {
    /// Starts the server, signs everybody in and makes a group, a public and a private channel.
    pub(super) async fn set_up(server_binary: &Path, folder: &Path, journal: &Journal) -> anyhow::Result<Self> {
        let server = Server::start(ServerSettings::under(server_binary, folder)).await?;
        let rest = Rest::at(server.url())?;
        let (events, mut told) = mpsc::unbounded_channel();
        let mut listener = JoinSet::new();
        let noted = journal.clone();
        listener.spawn(async move {
            while let Some(event) = told.recv().await {
                noted.note(event);
            }
        });
        let reader = rest.sign_in(READER, server.console()).await?;
        let (mut devices, mut owners) = (Vec::new(), Vec::new());
        for (name, email) in DEVICES {
            let settings = DeviceSettings {
                name: name.to_owned(),
                folder: folder.join("devices").join(name),
                server: server.url(),
                clock_ahead_ms: 0,
            };
            let device = Device::open(settings, events.clone()).await?;
            let mark = server.console().mark();
            device.request_code(email).await?;
            let code = server.console().code_for(email, mark, PATIENCE).await?;
            owners.push(device.sign_in(&code).await?);
            device.until("to be online", |state| state.online).await?;
            devices.push(Arc::new(device));
        }
        let conversations = make_conversations(&rest, &reader.access_token, &owners).await?;
        let world = Self {
            server,
            devices,
            owners,
            conversations,
            rest,
            reader,
            _listener: listener,
        };
        world.wait_until_everybody_is_there().await?;
        Ok(world)
    }

    /// The log of every conversation at every device and over REST.
    pub(super) async fn logs(&self) -> anyhow::Result<Vec<Log>> {
        let reader = self.rest.refresh(&self.reader.refresh_token).await?;
        let mut logs = Vec::new();
        for conversation in &self.conversations {
            let entries = self.rest.log(&reader.access_token, conversation).await?;
            logs.push(Log {
                observer: "REST".to_owned(),
                conversation: conversation.clone(),
                entries,
            });
            for device in &self.devices {
                let entries = device.log(conversation).await?;
                logs.push(Log {
                    observer: device.name().to_owned(),
                    conversation: conversation.clone(),
                    entries,
                });
            }
        }
        Ok(logs)
    }

    /// Whether nothing is unsent and all devices know the same newest entries.
    pub(super) async fn is_settled(&self) -> anyhow::Result<bool> {
        let mut heads = Vec::new();
        for device in &self.devices {
            let mut state = device.state().await?;
            if !state.online || state.unsent > 0 {
                return Ok(false);
            }
            state.heads.sort();
            heads.push(state.heads);
        }
        Ok(heads.iter().all(|held| *held == heads[0]))
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
