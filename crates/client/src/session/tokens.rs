//! Access tokens, refreshed before they end, one refresh at a time.
//!
//! How long a token is good is counted from when it was received, by the seconds the server named: this device's clock may be
//! a day wrong. A refresh whose answer was lost is repeated with the same refresh token, which gives the same successor until
//! that has been used. So the successor is saved first and used afterwards, and at no moment does a crash end the session.

use std::sync::Arc;
use std::time::Duration;

use protocol::rest::identity::TokenRequest;
use protocol::{ErrorCode, SessionId};
use tokio::sync::{Mutex, watch};
use tokio::time::Instant;

use super::SavedSession;
use crate::clock::Clock;
use crate::rest::{Rest, identity};
use crate::secrets::{SecretError, SecretStore};
use crate::view::{Failure, Keychain};

/// A token is refreshed when this much, or a fifth of a short life, is left of it.
const MARGIN: Duration = Duration::from_mins(1);
/// A keychain may ask the person; longer than this and it counts as locked. A store with a deadline of its own should
/// have a shorter one.
pub(crate) const KEYCHAIN_WAIT: Duration = Duration::from_secs(30);

/// The tokens of the session.
pub(crate) struct Tokens {
    rest: Rest,
    session: SessionId,
    secrets: Arc<dyn SecretStore>,
    /// Whether fresh tokens may still go into the keychain. Locked while they do.
    kept: Mutex<bool>,
    clock: Arc<dyn Clock>,
    /// Locked for the length of a refresh: whoever else needs a token waits for that one.
    held: Mutex<Held>,
    keychain: watch::Sender<Keychain>,
    ended: watch::Sender<Option<ErrorCode>>,
}

struct Held {
    saved: SavedSession,
    refresh_at: Instant,
    /// Until then the token may still be used when it cannot be refreshed.
    ends_at: Instant,
}

/// An access token to be used now.
#[derive(Clone)]
pub(crate) struct Access {
    token: String,
    /// When a fresh one should take its place.
    pub(crate) refresh_at: Instant,
}

impl Access {
    pub(crate) fn token(&self) -> &str {
        &self.token
    }
}

impl Tokens {
    /// The tokens of a session that was just read or saved, `keychain` saying how that went.
    pub(crate) fn new(
        rest: Rest,
        secrets: Arc<dyn SecretStore>,
        clock: Arc<dyn Clock>,
        saved: SavedSession,
        keychain: Keychain,
    ) -> Self {
        let session = saved.session.clone();
        let left_ms = saved.access_until.saturating_sub(clock.now());
        let left = Duration::from_millis(u64::try_from(left_ms).unwrap_or(0));
        let held = Mutex::new(Held::new(saved, left));
        Self {
            rest,
            session,
            secrets,
            kept: Mutex::new(true),
            clock,
            held,
            keychain: watch::Sender::new(keychain),
            ended: watch::Sender::new(None),
        }
    }

    /// An access token that is good for a while.
    pub(crate) async fn access(&self) -> Result<Access, Failure> {
        let mut held = self.held.lock().await;
        if held.refresh_at > Instant::now() {
            return Ok(held.access());
        }
        match self.refresh(&mut held).await {
            Err(refusal) if self.ended.borrow().is_some() || held.ends_at <= Instant::now() => Err(refusal),
            // Fresh, or the server is away and the old one is still good.
            _ => Ok(held.access()),
        }
    }

    /// A fresh token in place of one the server refused. Where somebody else has refreshed it already, that one.
    pub(crate) async fn after_refusal(&self, refused: &Access) -> Result<Access, Failure> {
        let mut held = self.held.lock().await;
        if held.saved.access_token == refused.token {
            self.refresh(&mut held).await?;
        }
        Ok(held.access())
    }

    /// From now on the keychain belongs to whoever signs in next: a refresh that is still under way keeps its tokens
    /// to itself.
    pub(crate) async fn leave_keychain(&self) {
        *self.kept.lock().await = false;
    }

    /// How the session is kept, as it changes.
    pub(crate) fn keychain(&self) -> watch::Receiver<Keychain> {
        self.keychain.subscribe()
    }

    /// Why the session ended, once it has.
    pub(crate) fn ended(&self) -> watch::Receiver<Option<ErrorCode>> {
        self.ended.subscribe()
    }

    /// Which session it is.
    pub(crate) fn session(&self) -> &SessionId {
        &self.session
    }

    /// The server has ended the session.
    fn end(&self, code: ErrorCode) {
        self.ended
            .send_if_modified(|ended| ended.is_none() && ended.replace(code).is_none());
    }

    async fn refresh(&self, held: &mut Held) -> Result<(), Failure> {
        if let Some(code) = *self.ended.borrow() {
            return Err(crate::rest::refused_here(code));
        }
        let grant = TokenRequest::Refresh {
            refresh_token: held.saved.refresh_token.clone(),
        };
        let answer = self
            .rest
            .send::<protocol::rest::identity::Tokens>(&identity::token(&grant), None)
            .await;
        let fresh = answer.inspect_err(|refusal| {
            if let Failure::Refused { code, .. } = refusal
                && matches!(
                    code,
                    ErrorCode::SessionEnded
                        | ErrorCode::SessionRevoked
                        | ErrorCode::Unauthenticated
                        | ErrorCode::Deactivated
                )
            {
                self.end(*code);
            }
        })?;
        let life = Duration::from_secs(fresh.expires_in_s.into());
        let saved = SavedSession::new(&held.saved.server, fresh, self.clock.now());
        let kept = self.kept.lock().await;
        if *kept {
            let keychain = save(&*self.secrets, &saved).await;
            self.keychain
                .send_if_modified(|known| std::mem::replace(known, keychain) != keychain);
        }
        drop(kept);
        *held = Held::new(saved, life);
        Ok(())
    }
}

impl Held {
    fn new(saved: SavedSession, left: Duration) -> Self {
        let now = Instant::now();
        Self {
            saved,
            refresh_at: now + usable(left),
            ends_at: now + left,
        }
    }

    fn access(&self) -> Access {
        Access {
            token: self.saved.access_token.clone(),
            refresh_at: self.refresh_at,
        }
    }
}

/// How long a token of this life is used.
fn usable(life: Duration) -> Duration {
    life.saturating_sub(MARGIN.min(life / 5))
}

/// Puts the session into the keychain. Without one the session lasts for this run.
pub(crate) async fn save(secrets: &dyn SecretStore, saved: &SavedSession) -> Keychain {
    let text = serde_json::to_string(saved).unwrap_or_default();
    let result = tokio::time::timeout(KEYCHAIN_WAIT, secrets.save(&text))
        .await
        .unwrap_or(Err(SecretError::Locked));
    match result {
        Ok(()) => Keychain::Kept,
        Err(error) => without(&error),
    }
}

/// Takes the session out of the keychain.
pub(crate) async fn clear(secrets: &dyn SecretStore) {
    let cleared = tokio::time::timeout(KEYCHAIN_WAIT, secrets.clear())
        .await
        .unwrap_or(Err(SecretError::Locked));
    if let Err(error) = cleared {
        tracing::warn!(%error, "the session could not be taken out of the keychain");
    }
}

/// What a person is told of a keychain that failed.
pub(crate) fn without(error: &SecretError) -> Keychain {
    tracing::warn!(%error, "the session is kept for this run only");
    match error {
        SecretError::Locked => Keychain::Locked,
        SecretError::Missing | SecretError::Other(_) => Keychain::Missing,
    }
}
