//! What a scenario needs: a folder, a server, people and devices.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use client::view::TimelineItem;
use protocol::rest::chat::NewConversation;
use protocol::rest::identity::Tokens;
use protocol::{Conversation, ConversationId, Entry, EntryKind, ErrorCode, UserId};
use tempfile::TempDir;
use test_kit::console::Console;
use test_kit::server::{Server, ServerSettings};
use test_kit::wait::{self, PATIENCE};
use tokio::sync::mpsc;

use crate::checker::{self, Deed, History, Log, Promise, Shown};
use crate::device::{Device, DeviceSettings, Event, State};
use crate::rest::Rest;

/// An empty stage for one scenario. Everything is gone when it is dropped.
pub(super) struct Stage {
    server_binary: PathBuf,
    folder: TempDir,
}

/// A server, and plain requests to it.
pub(super) struct Playing {
    pub(super) server: Server,
    pub(super) rest: Rest,
}

impl Stage {
    pub(super) fn new(server_binary: &Path) -> anyhow::Result<Self> {
        Ok(Self {
            server_binary: server_binary.to_owned(),
            folder: tempfile::tempdir()?,
        })
    }

    /// Where this scenario may leave things.
    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The settings of this scenario's server.
    pub(super) fn settings(&self) -> ServerSettings {
        ServerSettings::under(&self.server_binary, self.folder())
    }

    /// Starts the server with its usual settings.
    pub(super) async fn play(&self) -> anyhow::Result<Playing> {
        self.play_with(self.settings()).await
    }

    /// Starts the server with these settings.
    pub(super) async fn play_with(&self, settings: ServerSettings) -> anyhow::Result<Playing> {
        let server = Server::start(settings).await?;
        let rest = Rest::at(server.url())?;
        Ok(Playing { server, rest })
    }

    /// Opens a device and signs `email` in on it. `server` is the address it uses, which may be a proxy's.
    pub(super) async fn device(&self, email: &str, server: &str, console: &Console) -> anyhow::Result<Device> {
        let device = self.device_with_clock(email, server, 0).await?;
        sign_in(&device, email, console).await?;
        Ok(device)
    }

    /// Opens a device whose clock is this far ahead; nobody is signed in on it.
    pub(super) async fn device_with_clock(&self, name: &str, server: &str, ahead_ms: i64) -> anyhow::Result<Device> {
        let settings = DeviceSettings {
            name: name.to_owned(),
            folder: self.folder().join(format!("device-{name}")),
            server: server.to_owned(),
            clock_ahead_ms: ahead_ms,
        };
        let (events, _) = mpsc::unbounded_channel::<Event>();
        Device::open(settings, events).await
    }
}

impl Playing {
    /// Signs a person in over REST.
    pub(super) async fn person(&self, email: &str) -> anyhow::Result<Tokens> {
        self.rest.sign_in(email, self.server.console()).await
    }

    /// The direct conversation of two people. Somebody new may be unknown for a moment: their name travels in an event.
    pub(super) async fn direct(&self, one: &Tokens, other: &Tokens) -> anyhow::Result<Conversation> {
        self.direct_with(one, &other.user).await
    }

    /// [`Self::direct`] with somebody whose tokens are on a device.
    pub(super) async fn direct_with(&self, one: &Tokens, other: &UserId) -> anyhow::Result<Conversation> {
        let new = NewConversation::Direct { with: other.clone() };
        let look = || async {
            let answer = self.rest.post("/v1/conversations", Some(&one.access_token), &new).await;
            let is_unknown = answer.as_ref().is_ok_and(|answer| {
                answer
                    .problem()
                    .is_ok_and(|problem| problem.code == ErrorCode::UnknownPerson)
            });
            (!is_unknown).then_some(answer)
        };
        wait::until("a new person to be known", PATIENCE, look).await??.json()
    }
}

/// Signs a person in on a device.
pub(super) async fn sign_in(device: &Device, email: &str, console: &Console) -> anyhow::Result<UserId> {
    let mark = console.mark();
    device.request_code(email).await?;
    let code = console.code_for(email, mark, PATIENCE).await?;
    let user = device.sign_in(&code).await?;
    device.until("to be online", |state| state.online).await?;
    Ok(user)
}

/// Waits until the device has sent everything and knows the conversation.
pub(super) async fn settled(device: &Device, conversation: &ConversationId) -> anyhow::Result<State> {
    let knows = |state: &State| {
        state
            .heads
            .iter()
            .any(|(known, head)| known == conversation && *head > 0)
    };
    device
        .until("to have sent everything", |state| {
            state.online && state.unsent == 0 && knows(state)
        })
        .await
}

/// Every message was kept on the device's disk; all must stand once, in order, in the log, and be shown on the device.
pub(super) fn check_kept(
    author: &Tokens,
    conversation: &ConversationId,
    bodies: &[String],
    log: Vec<Entry>,
    shown: Option<Vec<TimelineItem>>,
) -> anyhow::Result<()> {
    let kept = |body: &String| Deed {
        author: author.user.clone(),
        device: 0,
        conversation: conversation.clone(),
        kind: EntryKind::message(body.clone(), None),
        client_id: None,
        promise: Promise::Kept,
    };
    let shown = shown.map(|items| Shown {
        observer: "the device".to_owned(),
        conversation: conversation.clone(),
        person: author.user.clone(),
        items,
    });
    let violations = checker::check(&History {
        deeds: bodies.iter().map(kept).collect(),
        logs: vec![Log {
            observer: "REST".to_owned(),
            conversation: conversation.clone(),
            entries: log,
        }],
        shown: shown.into_iter().collect(),
        moderators: Vec::new(),
    });
    violations
        .first()
        .map_or(Ok(()), |first| Err(anyhow::anyhow!("{first}")))
        .with_context(|| format!("{} violations", violations.len()))
}
