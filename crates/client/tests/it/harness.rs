//! Devices, keychains that fail, and waiting for what must come true.

#![expect(clippy::unwrap_used, reason = "a test ends where its harness does")]

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use client::clock::Clock;
use client::random::SystemRandom;
use client::view::{Connection, Session};
use client::{Client, ClientSettings, SecretError, SecretStore, Surroundings};
use protocol::EntryKind;
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
}

impl Computer {
    pub(crate) fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let secrets = Arc::new(FileSecrets::new(folder.path()));
        Self {
            folder,
            secrets,
            clock_ahead_ms: 0,
        }
    }

    pub(crate) async fn open(&self) -> Client {
        let secrets: Arc<dyn SecretStore> = Arc::clone(&self.secrets) as Arc<dyn SecretStore>;
        let around = Surroundings {
            clock: Arc::new(WrongClock(self.clock_ahead_ms)),
            random: Arc::new(SystemRandom),
        };
        Client::open_in(settings(self.folder.path()), secrets, around)
            .await
            .unwrap()
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
        server: None,
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
    let body = |entry: protocol::Entry| match entry.kind {
        EntryKind::Message { body } => Some(body),
        _ => None,
    };
    open.page.entries.into_iter().filter_map(body).collect()
}

/// Texts that wait to be sent, in order.
pub(crate) async fn pending(client: &Client) -> Vec<String> {
    let open = client.open_conversation(together()).await.unwrap();
    open.pending.into_iter().map(|message| message.body).collect()
}

pub(crate) async fn write(client: &Client, body: &str) -> String {
    client
        .send_message(together(), body.to_owned())
        .await
        .unwrap()
        .client_id
}
