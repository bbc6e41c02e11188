//! The server, four people, two devices of each, and a network for every device.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, ensure};
use client::view::{Connection, Session};
use client::{Client, ClientSettings, HistoryLimit, MemorySecrets, SecretStore, Servers};
use protocol::rest::chat::NewConversation;
use protocol::rest::identity::{Device, Tokens};
use protocol::{ConversationId, UserId, Visibility};
use reqwest::Method;
use test_kit::fault_proxy::FaultProxy;
use test_kit::server::{Server, ServerSettings};
use test_kit::wait::{self, PATIENCE};

use crate::rest::Rest;

/// The first is the administrator, and owns the channels.
const PEOPLE: [&str; 4] = ["ada", "ben", "cleo", "dora"];
const DEVICES_EACH: usize = 2;
/// Limits that thousands of actions in a minute would meet.
const SETTINGS: [(&str, &str); 7] = [
    ("SENDS_PER_S", "100000"),
    ("SEND_BURST", "100000"),
    ("CODE_BURST_PER_ADDRESS", "1000"),
    ("CODE_BURST_PER_IP", "1000"),
    ("CODES_PER_ADDRESS_IP_AND_DAY", "1000"),
    ("CODES_PER_ADDRESS_AND_DAY", "1000"),
    ("CODE_TRIES_PER_ADDRESS_AND_DAY", "1000"),
];

pub(super) struct Cast {
    pub(super) server: Server,
    pub(super) rest: Rest,
    pub(super) people: Vec<Person>,
    pub(super) devices: Vec<Seat>,
    pub(super) conversations: Conversations,
    folder: PathBuf,
    /// Devices that were only signed in to be compared.
    visitors: usize,
}

/// Somebody, with a session for plain requests.
pub(super) struct Person {
    pub(super) email: String,
    pub(super) tokens: Tokens,
}

/// One device: the real client in this process, behind a network of its own.
pub(super) struct Seat {
    pub(super) name: String,
    /// Whose it is, by number.
    pub(super) person: usize,
    pub(super) client: Client,
    pub(super) proxy: FaultProxy,
    settings: ClientSettings,
    secrets: Arc<dyn SecretStore>,
}

/// Where everything happens. The first person is in all of them, always.
pub(super) struct Conversations {
    pub(super) group: ConversationId,
    pub(super) direct: ConversationId,
    pub(super) public: ConversationId,
    pub(super) private: ConversationId,
}

impl Conversations {
    pub(super) fn all(&self) -> [&ConversationId; 4] {
        [&self.group, &self.direct, &self.public, &self.private]
    }

    pub(super) fn channels(&self) -> [&ConversationId; 2] {
        [&self.public, &self.private]
    }
}

impl Cast {
    pub(super) async fn gather(server_binary: &Path, folder: &Path) -> anyhow::Result<Self> {
        let mut settings = ServerSettings::under(server_binary, folder);
        for (name, value) in SETTINGS {
            settings = settings.with(name, value);
        }
        let server = Server::start(settings).await?;
        let rest = Rest::at(server.url())?;
        let mut people = Vec::new();
        for name in PEOPLE {
            let email = format!("{name}@example.org");
            let tokens = rest.sign_in(&email, server.console()).await?;
            people.push(Person { email, tokens });
        }
        let conversations = make_conversations(&rest, &people).await?;
        let mut cast = Self {
            server,
            rest,
            people,
            devices: Vec::new(),
            conversations,
            folder: folder.to_owned(),
            visitors: 0,
        };
        for (person, called) in PEOPLE.iter().enumerate() {
            for number in 0..DEVICES_EACH {
                let name = format!("{called} {number}");
                let seat = cast.seat(&name, person).await?;
                cast.devices.push(seat);
            }
        }
        Ok(cast)
    }

    /// A device that knows nothing yet, signed in and caught up.
    pub(super) async fn visitor(&mut self, person: usize) -> anyhow::Result<Seat> {
        self.visitors += 1;
        self.seat(&format!("visitor {} of {}", self.visitors, PEOPLE[person]), person)
            .await
    }

    /// Kills the server and starts it again.
    pub(super) async fn restart_server(&mut self) -> anyhow::Result<()> {
        self.server.kill().await?;
        Ok(self.server.restart().await?)
    }

    /// Closes the app on one device and opens it again.
    pub(super) async fn restart_device(&mut self, device: usize) -> anyhow::Result<()> {
        let seat = self.devices.remove(device).restarted().await?;
        self.devices.insert(device, seat);
        Ok(())
    }

    /// Plain requests go on in the names of everybody.
    pub(super) async fn refresh(&mut self) -> anyhow::Result<()> {
        for person in &mut self.people {
            person.tokens = self.rest.refresh(&person.tokens.refresh_token).await?;
        }
        Ok(())
    }

    pub(super) fn id(&self, person: usize) -> &UserId {
        &self.people[person].tokens.user
    }

    pub(super) fn token(&self, person: usize) -> &str {
        &self.people[person].tokens.access_token
    }

    pub(super) async fn end(mut self) -> anyhow::Result<()> {
        for seat in &self.devices {
            seat.client.shut_down().await;
        }
        let status = self.server.stop().await?;
        ensure!(status.success(), "the server ended with {status}");
        Ok(())
    }

    async fn seat(&self, name: &str, person: usize) -> anyhow::Result<Seat> {
        let proxy = FaultProxy::to(self.server.address()).await?;
        let settings = ClientSettings {
            data_dir: self.folder.join(name.replace(' ', "-")),
            device: Device {
                name: name.to_owned(),
                system: "bench".to_owned(),
            },
            servers: Servers::proposing(proxy.url()),
            history: HistoryLimit::default(),
            network: client::Network::default(),
        };
        let secrets: Arc<dyn SecretStore> = Arc::new(MemorySecrets::default());
        let client = Client::open(settings.clone(), Arc::clone(&secrets)).await?;
        let email = &self.people[person].email;
        let mark = self.server.console().mark();
        client.request_code(&proxy.url(), email).await?;
        let code = self.server.console().code_for(email, mark, PATIENCE).await?;
        let session = client.sign_in(&code).await?;
        ensure!(matches!(session, Session::SignedIn { .. }), "{name} is {session:?}");
        let seat = Seat {
            name: name.to_owned(),
            person,
            client,
            proxy,
            settings,
            secrets,
        };
        let look = || std::future::ready((seat.client.connection() == Connection::Online).then_some(()));
        wait::until(&format!("{name} to be online"), PATIENCE, look).await?;
        Ok(seat)
    }
}

impl Seat {
    /// Closes the app and opens it again.
    async fn restarted(self) -> anyhow::Result<Self> {
        let Self { client, .. } = self;
        client.shut_down().await;
        // A store is let go by the last who holds it.
        drop(client);
        let client = Client::open(self.settings.clone(), Arc::clone(&self.secrets))
            .await
            .with_context(|| format!("opening {}", self.name))?;
        Ok(Self { client, ..self })
    }
}

async fn make_conversations(rest: &Rest, people: &[Person]) -> anyhow::Result<Conversations> {
    let [first, others @ ..] = people else {
        anyhow::bail!("nobody is here")
    };
    let token = first.tokens.access_token.as_str();
    let ids: Vec<UserId> = others.iter().map(|person| person.tokens.user.clone()).collect();
    let group = NewConversation::Group { with: ids.clone() };
    let direct = NewConversation::Direct { with: ids[0].clone() };
    let channel = |name: &str, visibility| NewConversation::Channel {
        name: name.to_owned(),
        visibility,
    };
    // Somebody new may be unknown for a moment: their name travels in an event.
    let look = || async { rest.start(token, &group).await.ok() };
    let group = wait::until("everybody to be known", PATIENCE, look).await?.id;
    let conversations = Conversations {
        group,
        direct: rest.start(token, &direct).await?.id,
        public: rest.start(token, &channel("general", Visibility::Public)).await?.id,
        private: rest.start(token, &channel("board", Visibility::Private)).await?.id,
    };
    for channel in conversations.channels() {
        for person in &ids {
            let path = format!("/v1/conversations/{channel}/members/{person}");
            let added = rest.answer(rest.request(Method::PUT, &path, Some(token))).await?;
            ensure!(
                added.status == 204,
                "adding was answered {}: {}",
                added.status,
                added.body
            );
        }
    }
    Ok(conversations)
}
