//! The connection to the server: kept up for as long as somebody is signed in.
//!
//! One task dials, resumes, applies what arrives, sends what waits, and starts again when anything breaks. Everything it
//! knows is in the store, so it may be cut off at any point.

mod backoff;
mod dial;
mod frames;
mod hearing;
mod hello;
mod online;
mod requests;
mod sending;
mod signs;

use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::time::Duration;

use protocol::{ErrorCode, UserId};
use tokio::sync::Notify;
use tokio::time::Instant;

pub(crate) use self::backoff::Backoff;
pub(crate) use self::dial::try_socket;
use crate::session::{Access, Api};
use crate::shared::Shared;
use crate::signs::Signs;
use crate::store::Store;
use crate::view::Failure;

/// How other parts of the client ask for something.
#[derive(Default)]
pub(crate) struct Wake {
    /// There is a message, an act, a read mark or a sign to send.
    pub(crate) work: Notify,
    /// The network came back: do not wait any longer.
    pub(crate) reconnect: Notify,
    /// The copy was found not to join up: resume.
    pub(crate) resume: Notify,
    /// There are people to ask about.
    pub(crate) people: Notify,
    /// The workspace may be set up differently.
    pub(crate) workspace: Notify,
    /// There is a level to tell, or a conversation to ask about its mentions.
    pub(crate) words: Notify,
}

/// What the task works with.
pub(crate) struct Link {
    pub(crate) shared: Arc<Shared>,
    pub(crate) store: Store,
    pub(crate) api: Api,
    pub(crate) me: UserId,
    pub(crate) wake: Arc<Wake>,
    pub(crate) signs: Arc<Signs>,
    /// When the server was last heard, by this device's clock; 0 before the first time in this run.
    pub(crate) heard_at: AtomicI64,
}

/// Why a connection, or the try to make one, is over.
#[derive(Debug)]
enum Ended {
    /// The session is over; there will be no other connection.
    Session(ErrorCode),
    /// The server says that the session is over. Whether it is, and why, is for a refresh to say.
    Doubted,
    /// Everything is well, connect again and resume.
    AtOnce(&'static str),
    /// The server said when to come back.
    After(Duration),
    /// Something broke.
    Lost(String),
    /// The server cannot be reached.
    Failed(Failure),
}

/// Keeps the connection up until the session ends.
pub(crate) async fn run(link: Link) {
    let mut backoff = Backoff::default();
    link.shared.connecting();
    let mut network = link.shared.settings.network.changes();
    let code = loop {
        let began = Instant::now();
        let ended = tokio::select! {
            ended = link.connect() => ended,
            Ok(()) = network.changed() => {
                backoff = Backoff::default();
                Ended::AtOnce("the way to the server changed")
            }
        };
        link.signs.cut();
        backoff.lasted(began.elapsed());
        let random = &*link.shared.around.random;
        let mut trouble = None;
        let wait = match ended {
            Ended::Session(code) => break code,
            Ended::AtOnce(reason) => {
                tracing::info!(reason, "connecting again");
                backoff.at_once(random)
            }
            Ended::Doubted => backoff.at_once(random),
            Ended::After(wait) => backoff.asked(wait, random),
            Ended::Lost(reason) => {
                tracing::info!(reason, "the connection is lost");
                backoff.next(random)
            }
            Ended::Failed(failure) => {
                tracing::info!(%failure, "there is no connection");
                trouble = Some(failure).filter(is_for_a_person);
                backoff.next(random)
            }
        };
        if !wait.is_zero() {
            link.shared.offline(wait, trouble).await;
            link.signs.offline();
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = link.wake.reconnect.notified() => backoff = Backoff::default(),
                Ok(()) = network.changed() => backoff = Backoff::default(),
            }
        }
        link.shared.connecting();
    };
    // Ending the session drops this very task, so somebody else must do it.
    crate::tasks::finish_alone(async move { link.shared.session_ended(&link.api.tokens, code).await });
}

impl Link {
    async fn connect(&self) -> Ended {
        if let Some(code) = *self.api.tokens.ended().borrow() {
            return Ended::Session(code);
        }
        let access = match self.api.tokens.access().await {
            Ok(access) => access,
            Err(failure) => return self.ended_or(failure),
        };
        let network = &self.shared.settings.network;
        let socket = match dial::dial(network, self.api.rest.server(), access.token()).await {
            Ok(socket) => socket,
            Err(dial::Refusal::Token) => return self.judge(&access).await,
            Err(dial::Refusal::After(wait)) => return Ended::After(wait),
            Err(dial::Refusal::Other(reason)) => return Ended::Lost(reason),
            Err(dial::Refusal::Failed(failure)) => return Ended::Failed(failure),
        };
        online::stay(self, socket, access).await
    }

    /// A fresh token in place of one that is not accepted, or why there is none.
    async fn judge(&self, access: &Access) -> Ended {
        match self.api.tokens.after_refusal(access).await {
            Ok(_) => Ended::AtOnce("the access token was refreshed"),
            Err(failure) => self.ended_or(failure),
        }
    }

    fn ended_or(&self, failure: Failure) -> Ended {
        let ended = *self.api.tokens.ended().borrow();
        ended.map_or(Ended::Failed(failure), Ended::Session)
    }
}

/// Whether somebody has to do something before it works again.
fn is_for_a_person(failure: &Failure) -> bool {
    matches!(failure, Failure::CertificateNotTrusted { .. } | Failure::Proxy { .. })
}
