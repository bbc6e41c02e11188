//! Ending a session on the server, now or when it can be reached again.
//!
//! The tokens of a session that was left are in memory only: a program that is closed before the server is back leaves
//! the session open there, until it is ended from another device or runs out.

use std::sync::Arc;
use std::time::Duration;

use protocol::ErrorCode;
use tokio::time::Instant;

use crate::link::Backoff;
use crate::random::Random;
use crate::rest::identity;
use crate::session::Api;
use crate::view::Failure;

/// A person who signs out does not wait longer than this for a server that is away.
const GOODBYE_TIMEOUT: Duration = Duration::from_secs(5);
/// A session that could not be ended for this long has run out on the server, or will.
const GIVE_UP_AFTER: Duration = Duration::from_hours(24);

/// Whether the server knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Farewell {
    /// The session has ended, or the server will hear nothing more of it.
    Done,
    /// The server did not hear it.
    NotHeard,
}

/// Ends the session on the server, if that can be done soon.
pub(crate) async fn farewell(goodbye: impl Future<Output = Result<(), Failure>>) -> Farewell {
    match tokio::time::timeout(GOODBYE_TIMEOUT, goodbye).await {
        Ok(Ok(())) => Farewell::Done,
        Ok(Err(failure)) => {
            tracing::warn!(%failure, "the server could not be told to end the session");
            judged(&failure)
        }
        Err(_) => {
            tracing::warn!("the server could not be told in time to end the session");
            Farewell::NotHeard
        }
    }
}

/// Tells the server as soon as it can be reached.
pub(crate) async fn say_later(api: Api, random: Arc<dyn Random>) {
    let began = Instant::now();
    let mut backoff = Backoff::default();
    while began.elapsed() < GIVE_UP_AFTER {
        tokio::time::sleep(backoff.next(&*random)).await;
        let told = api.tell(identity::sign_out()).await;
        if told.map_or_else(|failure| judged(&failure), |()| Farewell::Done) == Farewell::Done {
            tracing::info!("the server was told to end the session");
            return;
        }
    }
}

fn judged(failure: &Failure) -> Farewell {
    match failure {
        Failure::Refused { code, .. } if code.status() < 500 && *code != ErrorCode::RateLimited => Farewell::Done,
        _ => Farewell::NotHeard,
    }
}
