//! What one can ask of a client. Commands return when they are done; everything that changes meanwhile, by them
//! or by others, comes through [`Client::changes`].

mod acts;
mod administration;
mod channels;
mod conversations;
mod devices;
mod invitation;
mod mentions;
mod messages;
mod people;
mod pictures;
mod probe;
mod search;
mod sign_in;
mod signs;
mod support;
mod timeline;

use std::sync::{Arc, Mutex};

use crate::changes::{Changes, Feed};
use crate::network::Network;
use crate::secrets::SecretStore;
use crate::settings::{ClientSettings, Surroundings};
use crate::shared::Shared;
use crate::store::Store;
use crate::view::{Connection, Failure, Session};
use sign_in::Asked;
pub use support::StoreFacts;

/// A client of one person. Clones are the same client; it ends with the last of them.
#[derive(Clone)]
pub struct Client {
    handle: Arc<Handle>,
}

struct Handle {
    shared: Arc<Shared>,
    /// The code that was asked for last.
    asked: Mutex<Option<Asked>>,
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.shared.stop();
        self.shared.drop_farewells();
        self.shared.feed.close();
    }
}

impl Client {
    /// Opens what this device holds. It is ready to be drawn when this returns; connecting goes on behind it (P9).
    pub async fn open(settings: ClientSettings, secrets: Arc<dyn SecretStore>) -> Result<Self, Failure> {
        Self::open_in(settings, secrets, Surroundings::default()).await
    }

    /// [`Client::open`] with a clock and a random source of the caller's.
    pub async fn open_in(
        settings: ClientSettings,
        secrets: Arc<dyn SecretStore>,
        around: Surroundings,
    ) -> Result<Self, Failure> {
        let feed = Feed::default();
        let store = Store::open(settings.data_dir.clone(), feed.clone()).await?;
        let shared = Arc::new(Shared::new(settings, around, secrets, store, feed));
        sign_in::resume(&shared).await?;
        Ok(Self {
            handle: Arc::new(Handle {
                shared,
                asked: Mutex::new(None),
            }),
        })
    }

    /// What changes from now on. Ask for it before reading anything, then nothing is missed.
    pub fn changes(&self) -> Changes {
        self.shared().feed.read(Arc::clone(self.shared()))
    }

    /// Where the person is on the way to their conversations.
    pub async fn session(&self) -> Session {
        self.shared().session()
    }

    /// How the connection is.
    pub fn connection(&self) -> Connection {
        self.shared().connection()
    }

    /// The server of the person, or the one that sign-in starts with.
    pub async fn server(&self) -> Option<String> {
        match self.session().await {
            Session::SignedIn { server, .. } => Some(server),
            Session::SignedOut { server, .. } => server,
        }
    }

    /// How the server is reached.
    pub fn network(&self) -> &Network {
        &self.shared().settings.network
    }

    /// The network came back, or the computer woke up: do not wait for the next try.
    pub async fn reconnect_now(&self) {
        self.shared().settings.network.forget();
        if let Ok(signed_in) = self.shared().signed_in() {
            signed_in.wake.reconnect.notify_one();
        }
    }

    /// Stops everything. What was written stays, and goes on at the next start.
    pub async fn shut_down(&self) {
        let _turn = self.shared().turn.lock().await;
        self.shared().stop();
        self.shared().drop_farewells();
        // The store works in order: when this is answered, so is everything before it.
        if let Err(error) = self.shared().store.settle().await {
            tracing::warn!(%error, "the store did not close cleanly");
        }
        self.shared().feed.close();
    }

    fn shared(&self) -> &Arc<Shared> {
        &self.handle.shared
    }
}
