//! One client's connection, from the upgraded request to the close frame.
//!
//! In reading order: [`handshake`] checks the request; [`connection`] is the task of one socket, which waits for
//! whatever comes first; [`requests`] carries out what the client asks and [`writing`] what it wants written; [`slots`]
//! and [`delivery`] bring it what happens, by cursors, each entry through a [`passage`], and [`loading`] what is missing;
//! [`signs`] and [`watching`] give and tell live signs; [`stream`] and [`wire`] hold the bytes that wait for the
//! network; [`ending`] closes.
//!
//! What must stay true: memory per socket is bounded by the limits, whatever the client or the network does, and
//! nothing a request waits for keeps pings from being answered.

mod connection;
mod delivery;
mod ending;
pub mod handshake;
mod loading;
mod passage;
mod requests;
mod signs;
mod slots;
mod stream;
mod watching;
mod wire;
mod writing;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt as _;
use hyper::upgrade::OnUpgrade;
use service_kit::auth::{Authority, Caller};

use crate::app::App;
use crate::chat::Chat;
use crate::fanout::signal::{Close, Signal};

/// Clients come back after a time between these, so that they do not all come at once.
const RETRY_AFTER_MS: std::ops::Range<u32> = 500..6_000;

/// Serves a socket once its request has been upgraded.
pub(crate) fn serve(app: App, upgrade: OnUpgrade, caller: Caller) {
    let lifecycle = app.chat.lifecycle.clone();
    lifecycle.spawn("socket", async move {
        let serving = AssertUnwindSafe(async move {
            let Ok(upgraded) = upgrade.await else { return };
            let Some((line, read)) = service_kit::http::Connection::of_upgraded(upgraded) else {
                tracing::error!("a socket needs a connection of our own server");
                return;
            };
            connection::Connection::open(app, line, read, caller).run().await;
        });
        // A fault in serving one client must not end the process, and with it everybody's connection.
        if serving.catch_unwind().await.is_err() {
            tracing::error!("serving a socket panicked; the socket is dropped");
        }
        Ok(())
    });
}

/// Tells a client that does not speak our protocol so, in a close frame.
pub(crate) fn refuse_version(app: &App, upgrade: OnUpgrade) {
    app.chat.lifecycle.spawn("socket", async move {
        if let Ok(upgraded) = upgrade.await {
            ending::refuse_version(upgraded).await;
        }
        Ok(())
    });
}

/// Closes sockets whose session was ended, and all of them when the process stops or others take over from it.
pub(crate) async fn watch_ends(chat: Arc<Chat>, authority: Authority) -> anyhow::Result<()> {
    let mut denials = authority.watch_denials();
    let mut draining = std::pin::pin!(chat.lifecycle.draining());
    loop {
        tokio::select! {
            () = &mut draining => break,
            changed = denials.changed() => {
                if changed.is_err() {
                    draining.await;
                    break;
                }
                let ended = |signal: &Signal| authority.is_denied(&signal.session).then_some(Close::SessionEnded);
                chat.sockets.close_where(ended);
            }
        }
    }
    chat.sockets.close_where(|_| Some(going_away(&chat)));
    Ok(())
}

fn going_away(chat: &Chat) -> Close {
    let spread = RETRY_AFTER_MS.end - RETRY_AFTER_MS.start;
    Close::GoingAway {
        retry_after_ms: u64::from(RETRY_AFTER_MS.start + chat.random.below(spread)),
    }
}
