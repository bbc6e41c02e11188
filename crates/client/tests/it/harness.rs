//! Devices, keychains that fail, and waiting for what must come true.

#![expect(clippy::unwrap_used, reason = "a test ends where its harness does")]

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use client::clock::Clock;
use client::random::SystemRandom;
use client::view::{Connection, Failure, MessageAct, MessageView, Session, TimelineItem};
use client::{
    Change, Changes, Client, ClientSettings, HistoryLimit, Network, Pace, SecretError, SecretStore, Surroundings,
};
use protocol::ErrorCode;
use protocol::rest::identity::Device;
use tempfile::TempDir;

use crate::fake::{CODE, Fake, together};

/// What does not come true within this time never will.
const DEADLINE: Duration = Duration::from_secs(30);

/// Waits until a question is answered with yes.
pub(crate) async fn until<F: Future<Output = bool>>(what: &str, mut question: impl FnMut() -> F) {
    let asking = async {
        while !question().await {
            // Nothing tells when a thing became true elsewhere; asking again is cheap.
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    assert!(
        tokio::time::timeout(DEADLINE, asking).await.is_ok(),
        "it never came true: {what}"
    );
}

/// A keychain that keeps its secret in a file, so that it outlives a killed process.
pub(crate) struct FileSecrets {
    pub(crate) path: PathBuf,
    pub(crate) failure: Mutex<Option<SecretError>>,
    /// Called with each secret once it is kept.
    pub(crate) on_save: Box<dyn Fn(&str) + Send + Sync>,
}

impl FileSecrets {
    pub(crate) fn new(folder: &Path) -> Self {
        Self {
            path: folder.join("secret.json"),
            failure: Mutex::new(None),
            on_save: Box::new(|_| {}),
        }
    }

    fn failing(&self) -> Result<(), SecretError> {
        self.failure.lock().unwrap().clone().map_or(Ok(()), Err)
    }
}

#[async_trait]
impl SecretStore for FileSecrets {
    async fn load(&self) -> Result<Option<String>, SecretError> {
        self.failing()?;
        Ok(std::fs::read_to_string(&self.path).ok())
    }

    async fn save(&self, secret: &str) -> Result<(), SecretError> {
        self.failing()?;
        std::fs::write(&self.path, secret).map_err(|error| SecretError::Other(error.to_string()))?;
        (self.on_save)(secret);
        Ok(())
    }

    async fn clear(&self) -> Result<(), SecretError> {
        self.failing()?;
        std::fs::remove_file(&self.path).map_err(|error| SecretError::Other(error.to_string()))
    }
}

/// The machine's clock, this much ahead.
pub(crate) struct WrongClock(pub(crate) i64);

impl Clock for WrongClock {
    fn now(&self) -> i64 {
        client::clock::SystemClock.now() + self.0
    }
}

/// A person's computer: a folder and a keychain.
pub(crate) struct Computer {
    pub(crate) folder: TempDir,
    pub(crate) secrets: Arc<FileSecrets>,
    pub(crate) clock_ahead_ms: i64,
    /// Nothing happens in the background unless a test asks for it.
    pub(crate) pace: Pace,
    pub(crate) history: HistoryLimit,
    pub(crate) network: Network,
}

impl Computer {
    pub(crate) fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let secrets = Arc::new(FileSecrets::new(folder.path()));
        Self {
            folder,
            secrets,
            clock_ahead_ms: 0,
            pace: Pace {
                page: DEADLINE * 10,
                ..Pace::default()
            },
            // The fake server's messages are of 1970.
            history: HistoryLimit {
                days: 100_000,
                ..HistoryLimit::default()
            },
            network: Network::default(),
        }
    }

    pub(crate) async fn open(&self) -> Client {
        let secrets: Arc<dyn SecretStore> = Arc::clone(&self.secrets) as Arc<dyn SecretStore>;
        let around = Surroundings {
            clock: Arc::new(WrongClock(self.clock_ahead_ms)),
            random: Arc::new(SystemRandom),
            pace: self.pace,
        };
        let settings = ClientSettings {
            history: self.history,
            network: self.network.clone(),
            ..settings(self.folder.path())
        };
        Client::open_in(settings, secrets, around).await.unwrap()
    }

    /// Opened, signed in and caught up.
    pub(crate) async fn signed_in(&self, server: &Fake) -> Client {
        let client = self.open().await;
        sign_in(&client, server).await;
        online(&client).await;
        client
    }
}

pub(crate) fn settings(folder: &Path) -> ClientSettings {
    ClientSettings {
        data_dir: folder.join("data"),
        device: Device {
            name: "desk".to_owned(),
            system: "Debian 12".to_owned(),
        },
        servers: client::Servers::default(),
        history: HistoryLimit::default(),
        network: Network::default(),
    }
}

pub(crate) async fn sign_in(client: &Client, server: &Fake) -> Session {
    client
        .request_code(&server.address.to_string(), "ada@example.org")
        .await
        .unwrap();
    client.sign_in(CODE).await.unwrap()
}

pub(crate) async fn online(client: &Client) {
    until("online", || async { client.connection() == Connection::Online }).await;
}

/// Bodies of the newest page, in order.
pub(crate) async fn shown(client: &Client) -> Vec<String> {
    let open = client.open_conversation(together()).await.unwrap();
    bodies(open.page.items)
}

/// The texts of messages, in order.
pub(crate) fn bodies(items: Vec<TimelineItem>) -> Vec<String> {
    let body = |item: TimelineItem| match item {
        TimelineItem::Message(message) => Some(message.body),
        TimelineItem::Event(_) => None,
    };
    items.into_iter().filter_map(body).collect()
}

/// The message at `seq`, as the newest page shows it.
pub(crate) async fn message(client: &Client, seq: u64) -> MessageView {
    let open = client.open_conversation(together()).await.unwrap();
    let is_it = |item: TimelineItem| match item {
        TimelineItem::Message(message) if message.seq == seq => Some(message),
        _ => None,
    };
    open.page.items.into_iter().find_map(is_it).expect("it is on the page")
}

/// Does something to the message at `seq`.
pub(crate) async fn act(client: &Client, seq: u64, act: MessageAct) {
    client.act_on_message(together(), seq, act).await.unwrap();
}

/// The next change that is asked for.
pub(crate) async fn next<T>(changes: &mut Changes, mut wanted: impl FnMut(Change) -> Option<T>) -> T {
    let reading = async {
        loop {
            let change = changes.next().await.expect("an open feed");
            if let Some(found) = wanted(change) {
                return found;
            }
        }
    };
    tokio::time::timeout(DEADLINE, reading)
        .await
        .expect("it was never told")
}

/// The code of a refusal.
pub(crate) fn code<T: std::fmt::Debug>(refused: Result<T, Failure>) -> ErrorCode {
    match refused {
        Err(Failure::Refused { code, .. }) => code,
        other => panic!("not refused: {other:?}"),
    }
}

/// Texts that wait to be sent, in order.
pub(crate) async fn pending(client: &Client) -> Vec<String> {
    let open = client.open_conversation(together()).await.unwrap();
    open.pending.into_iter().map(|message| message.body).collect()
}

pub(crate) async fn write(client: &Client, body: &str) -> String {
    client
        .send_message(together(), body.to_owned(), None)
        .await
        .unwrap()
        .client_id
}
