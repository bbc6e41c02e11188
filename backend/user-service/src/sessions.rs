//! Sessions: a right code becomes one, refresh tokens keep it going, and it ends when told (P7).

mod refresh;
#[cfg(test)]
mod tests;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use protocol::rest::identity::Device;
use protocol::{SessionId, UnixMs, UserId};
use service_kit::auth::DeniedSessions;
use service_kit::store::StoreError;
use service_kit::{SharedClock, SharedRandom};

use crate::codes::{CodeError, Codes};
use crate::people::{People, Person, PersonError};
use crate::store::SessionStore;
use crate::tokens::{AccessTokens, TokenFault};

use refresh::{Presented, RefreshToken};
pub(crate) use refresh::{RefreshKey, RefreshState};

const MS_PER_DAY: i64 = 24 * 60 * 60 * 1000;
/// The longest lifetime that can be set for access tokens: it may have been longer before a restart.
const LONGEST_TOKEN_LIFETIME_MS: i64 = 60 * 60 * 1000;
/// How often ended sessions are looked up: well within the two seconds that P7 allows.
const LOOK_FOR_ENDED: Duration = Duration::from_millis(500);
/// A denial outlives the last access token by this, for services whose clocks differ.
const DENIAL_MARGIN_MS: i64 = 2 * 60 * 1000;
/// How long an ended session is remembered: its code request must outlive the code.
const REMEMBER_ENDED_MS: i64 = 30 * MS_PER_DAY;
/// Refreshes with one token that may meet before we give up: each time one of them has won.
const ROTATION_TRIES: u32 = 4;
/// The longest name of a device or system that is kept, in characters.
const LONGEST_DEVICE_NAME: usize = 80;

/// One signed-in device of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Session {
    pub(crate) id: SessionId,
    pub(crate) user: UserId,
    /// The handle of the code that started it.
    pub(crate) code_request: String,
    pub(crate) device: Device,
    pub(crate) refresh: RefreshState,
    pub(crate) created_at: UnixMs,
    pub(crate) used_at: UnixMs,
    pub(crate) ended: Option<Ended>,
}

/// When and why a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ended {
    pub(crate) at: UnixMs,
    pub(crate) why: EndReason,
}

/// Why a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EndReason {
    SignedOut,
    /// A refresh token came that had been replaced and whose successor had been used: two hold it.
    TokenReused,
    /// Nobody refreshed it for long.
    Idle,
    Deactivated,
}

/// What a device gets.
pub(crate) struct Issued {
    pub(crate) access_token: String,
    pub(crate) expires_in_s: u32,
    pub(crate) refresh_token: String,
    pub(crate) user: UserId,
    pub(crate) session: SessionId,
}

/// Why there are no tokens.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SessionError {
    #[error(transparent)]
    Code(#[from] CodeError),
    #[error("the refresh token is not valid")]
    InvalidToken,
    #[error("the session has ended")]
    Ended,
    #[error("the person was deactivated")]
    Deactivated,
    #[error("the session was refreshed by others again and again")]
    Contended,
    #[error(transparent)]
    Person(#[from] PersonError),
    #[error(transparent)]
    Token(#[from] TokenFault),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What sessions are made of.
pub(crate) struct SessionPorts {
    pub(crate) store: Arc<dyn SessionStore>,
    pub(crate) codes: Arc<Codes>,
    pub(crate) people: Arc<People>,
    pub(crate) denied: DeniedSessions,
    pub(crate) clock: SharedClock,
    pub(crate) random: SharedRandom,
}

/// The sessions of the workspace.
pub(crate) struct Sessions {
    ports: SessionPorts,
    tokens: AccessTokens,
    refresh_key: RefreshKey,
    idle_ms: i64,
}

impl Sessions {
    pub(crate) fn new(ports: SessionPorts, tokens: AccessTokens, refresh_key: RefreshKey, idle_days: u32) -> Self {
        Self {
            ports,
            tokens,
            refresh_key,
            idle_ms: i64::from(idle_days) * MS_PER_DAY,
        }
    }

    /// Signs a device in with a code.
    pub(crate) async fn sign_in(
        &self,
        request: &str,
        code: &str,
        device: Device,
        from: IpAddr,
    ) -> Result<Issued, SessionError> {
        let email = self.ports.codes.check(request, code, from).await?;
        let person = self.ports.people.find_or_add(&email).await?;
        let (session, refresh_token) = self.new_session(&person, request, device);
        match self.ports.store.add_session(&session).await {
            // Two came with the same code at once, and the other one was faster.
            Err(StoreError::Duplicate) => return Err(CodeError::Expired.into()),
            stored => stored?,
        }
        self.ports.codes.spend(request);
        // Deactivating marks the person first and ends their sessions then: whichever of the two comes first,
        // either that sees this session or this sees the mark.
        self.refuse_deactivated(&session).await?;
        self.issue(&session, refresh_token)
    }

    /// Fresh tokens for a refresh token. A repeat gives the same refresh token until that has been used.
    pub(crate) async fn refresh(&self, token: &str) -> Result<Issued, SessionError> {
        let token = RefreshToken::parse(token).ok_or(SessionError::InvalidToken)?;
        for _ in 0..ROTATION_TRIES {
            let session = self
                .ports
                .store
                .session(token.session())
                .await?
                .ok_or(SessionError::InvalidToken)?;
            if session.ended.is_some() {
                return Err(SessionError::Ended);
            }
            let now = self.ports.clock.now();
            match token.against(&session.refresh, &self.refresh_key) {
                Presented::Newest if now - session.used_at > self.idle_ms => {
                    self.end(&session.id, EndReason::Idle).await?;
                    return Err(SessionError::Ended);
                }
                Presented::Newest => {
                    self.refuse_deactivated(&session).await?;
                    let successor = token.successor(&self.refresh_key);
                    if self.ports.store.rotate(&session.id, &successor.state(), now).await? {
                        return self.issue(&session, successor);
                    }
                    // The same token came twice at once; the other one has rotated. Look again.
                }
                Presented::RepeatedBeforeSuccessorWasUsed(successor) => {
                    self.refuse_deactivated(&session).await?;
                    return self.issue(&session, successor);
                }
                Presented::Older => {
                    tracing::warn!(session = %session.id, "a refresh token that had been replaced was used; the session is ended");
                    self.end(&session.id, EndReason::TokenReused).await?;
                    return Err(SessionError::Ended);
                }
                Presented::Foreign => return Err(SessionError::InvalidToken),
            }
        }
        Err(SessionError::Contended)
    }

    /// Ends a session: its refresh token is worthless at once, its access token is refused. Ending twice is fine.
    pub(crate) async fn end(&self, id: &SessionId, why: EndReason) -> Result<(), SessionError> {
        let now = self.ports.clock.now();
        if let Some(ended_at) = self.ports.store.end_session(id, why, now).await? {
            self.ports.denied.deny(id.clone(), last_token_ends(ended_at));
        }
        Ok(())
    }

    /// Denies what was ended, by whomever, and may still have living access tokens.
    pub(crate) async fn deny_recently_ended(&self) -> Result<(), StoreError> {
        let since = self.ports.clock.now().saturating_sub(last_token_ends(0));
        for (session, ended_at) in self.ports.store.sessions_ended_since(since).await? {
            self.ports.denied.deny(session, last_token_ends(ended_at));
        }
        Ok(())
    }

    /// Keeps looking for ended sessions: whoever ends one may be gone between the end and the denial, when a caller
    /// hangs up or the store's answer is lost.
    pub(crate) async fn deny_ended_for_ever(&self) {
        let mut interval = tokio::time::interval(LOOK_FOR_ENDED);
        interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut failing = false;
        loop {
            interval.tick().await;
            let looked = self.deny_recently_ended().await;
            match &looked {
                Err(fault) if !failing => tracing::error!(%fault, "cannot look for ended sessions; trying again"),
                _ => {}
            }
            failing = looked.is_err();
        }
    }

    /// Removes what time has made worthless.
    pub(crate) async fn sweep(&self) -> Result<(), StoreError> {
        let now = self.ports.clock.now();
        self.ports.denied.forget_before(now);
        self.ports
            .store
            .forget_sessions_ended_before(now - REMEMBER_ENDED_MS)
            .await
    }

    fn new_session(&self, person: &Person, request: &str, device: Device) -> (Session, RefreshToken) {
        let id = SessionId::from_random(self.ports.random.bits());
        let mut secret = [0; 32];
        self.ports.random.fill(&mut secret);
        let refresh_token = RefreshToken::first(id.clone(), secret, &self.refresh_key);
        let now = self.ports.clock.now();
        let session = Session {
            id,
            user: person.id.clone(),
            code_request: request.to_owned(),
            device: Device {
                name: one_line(&device.name),
                system: one_line(&device.system),
            },
            refresh: refresh_token.state(),
            created_at: now,
            used_at: now,
            ended: None,
        };
        (session, refresh_token)
    }

    async fn refuse_deactivated(&self, session: &Session) -> Result<(), SessionError> {
        if self.ports.people.find(&session.user).await?.active {
            return Ok(());
        }
        self.end(&session.id, EndReason::Deactivated).await?;
        Err(SessionError::Deactivated)
    }

    fn issue(&self, session: &Session, refresh_token: RefreshToken) -> Result<Issued, SessionError> {
        let (now, token_bits) = (self.ports.clock.now(), self.ports.random.bits());
        Ok(Issued {
            access_token: self.tokens.issue(&session.user, &session.id, now, token_bits)?,
            expires_in_s: self.tokens.lifetime_s(),
            refresh_token: refresh_token.text(),
            user: session.user.clone(),
            session: session.id.clone(),
        })
    }
}

fn last_token_ends(issued_at: UnixMs) -> UnixMs {
    issued_at.saturating_add(LONGEST_TOKEN_LIFETIME_MS + DENIAL_MARGIN_MS)
}

/// A device names itself; whatever it sends becomes one short line.
fn one_line(text: &str) -> String {
    text.chars()
        .filter(|character| !character.is_control())
        .take(LONGEST_DEVICE_NAME)
        .collect::<String>()
        .trim()
        .to_owned()
}
