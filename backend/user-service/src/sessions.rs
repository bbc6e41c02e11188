//! Sessions: a right code or an invitation becomes one, refresh tokens keep it going, and it ends when told (P7).

mod announcement;
mod devices;
mod limits;
mod refresh;
mod renewal;
mod sign_in;
#[cfg(test)]
mod tests;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use protocol::rest::identity::{AuditAction, Device};
use protocol::{SessionId, UnixMs, UserId};
use service_kit::auth::DeniedSessions;
use service_kit::store::StoreError;
use service_kit::{SharedClock, SharedRandom};

use crate::admission::Admission;
use crate::announcing::Announcer;
use crate::audit::{Actor, Note, written_address};
use crate::codes::{CodeError, Codes};
use crate::invitations::Invitations;
use crate::measures::Measures;
use crate::people::{People, PersonError};
use crate::settings::Limits;
use crate::store::SessionStore;
use crate::tokens::{AccessTokens, TokenFault};

pub(crate) use announcement::SessionsAnnouncement;
use limits::TokenLimits;
use refresh::RefreshToken;
pub(crate) use refresh::{RefreshKey, RefreshState};

const MS_PER_DAY: i64 = 24 * 60 * 60 * 1000;
/// The longest lifetime that can be set for access tokens: it may have been longer before a restart.
const LONGEST_TOKEN_LIFETIME_MS: i64 = 60 * 60 * 1000;
/// How often ended sessions are looked up: well within the two seconds that P7 allows.
const LOOK_FOR_ENDED: Duration = Duration::from_millis(500);
/// How far clocks of nodes may differ: a denial outlives the last access token by this, and ends are looked for as far
/// back behind the last look.
const DENIAL_MARGIN_MS: i64 = 2 * 60 * 1000;
/// How long an ended session is remembered: its code request must outlive the code, and an invitation.
const REMEMBER_ENDED_MS: i64 = 40 * MS_PER_DAY;

/// One signed-in device of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Session {
    pub(crate) id: SessionId,
    pub(crate) user: UserId,
    /// The handle of the code, or the id of the invitation, that started it.
    pub(crate) code_request: String,
    pub(crate) device: Device,
    pub(crate) refresh: RefreshState,
    pub(crate) created_at: UnixMs,
    /// When and where it last asked for tokens.
    pub(crate) seen: Seen,
    pub(crate) ended: Option<Ended>,
}

/// When and where a device was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) at: UnixMs,
    /// The network address.
    pub(crate) address: String,
}

impl Seen {
    fn now(at: UnixMs, from: IpAddr) -> Self {
        Self {
            at,
            address: written_address(from),
        }
    }
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
    /// On the device itself.
    SignedOut,
    /// By its person, from another device.
    Revoked,
    /// A refresh token came that had been replaced and whose successor had been used: two hold it.
    TokenReused,
    /// Nobody refreshed it for long.
    Idle,
    Deactivated,
}

/// Every reason with the word it is stored under.
const REASONS: [(EndReason, &str); 5] = [
    (EndReason::SignedOut, "signed_out"),
    (EndReason::Revoked, "revoked"),
    (EndReason::TokenReused, "token_reused"),
    (EndReason::Idle, "idle"),
    (EndReason::Deactivated, "deactivated"),
];

/// The word of a reason.
pub(crate) fn reason_text(why: EndReason) -> &'static str {
    let found = REASONS.iter().find(|(known, _)| *known == why);
    found.map_or("unknown", |(_, text)| text)
}

/// The reason of a word.
pub(crate) fn reason_of(text: &str) -> Option<EndReason> {
    let found = REASONS.iter().find(|(_, known)| *known == text);
    found.map(|(why, _)| *why)
}

/// A session that has ended, as others are told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EndedSession {
    pub(crate) session: SessionId,
    pub(crate) person: UserId,
    pub(crate) at: UnixMs,
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
    #[error("the invitation was used, withdrawn, has expired, or never was")]
    InvitationInvalid,
    #[error("there is no such session")]
    Unknown,
    #[error("the session has ended")]
    Ended,
    #[error("the session was ended from another device")]
    Revoked,
    #[error("too many requests for tokens, come back in {retry_after_s} s")]
    Limited { retry_after_s: u32 },
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
    pub(crate) admission: Arc<Admission>,
    pub(crate) invitations: Arc<Invitations>,
    pub(crate) denied: DeniedSessions,
    /// Tells the others about sessions that end.
    pub(crate) announcer: Announcer,
    pub(crate) measures: Measures,
    pub(crate) clock: SharedClock,
    pub(crate) random: SharedRandom,
}

/// The sessions of the workspace.
pub(crate) struct Sessions {
    ports: SessionPorts,
    tokens: AccessTokens,
    refresh_key: RefreshKey,
    limits: TokenLimits,
    idle_ms: i64,
}

impl Sessions {
    pub(crate) fn new(ports: SessionPorts, tokens: AccessTokens, refresh_key: RefreshKey, limits: &Limits) -> Self {
        Self {
            ports,
            tokens,
            refresh_key,
            limits: TokenLimits::new(limits),
            idle_ms: i64::from(limits.session_idle_days) * MS_PER_DAY,
        }
    }

    /// Ends the session that this person is signed in with on this device. Ending twice is fine.
    pub(crate) async fn sign_out(&self, by: &Actor, id: &SessionId) -> Result<(), SessionError> {
        let note = Note::by(by, AuditAction::SignedOut, self.ports.clock.now()).to(id.as_str());
        self.end(id, EndReason::SignedOut, &[note]).await
    }

    /// Ends a session: its refresh token is worthless at once, its access token is refused. The first end stands.
    async fn end(&self, id: &SessionId, why: EndReason, notes: &[Note]) -> Result<(), SessionError> {
        let end = Ended {
            at: self.ports.clock.now(),
            why,
        };
        if let Some(ended_at) = self.ports.store.end_session(id, end, notes).await? {
            self.ports.denied.deny(id.clone(), last_token_ends(ended_at));
            self.ports.announcer.wake();
        }
        Ok(())
    }

    /// Denies what was ended, by whomever, and may still have living access tokens.
    pub(crate) async fn deny_recently_ended(&self) -> Result<(), StoreError> {
        self.deny_ended_since(self.ports.clock.now().saturating_sub(last_token_ends(0)))
            .await
    }

    /// Keeps looking for ended sessions: another node may have ended one, and whoever ends one here may be gone between
    /// the end and the denial, when a caller hangs up or the store's answer is lost.
    pub(crate) async fn deny_ended_for_ever(&self) {
        let mut interval = tokio::time::interval(LOOK_FOR_ENDED);
        interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut failing = false;
        // Only what ended since the last look is new; the first look finds all that matters.
        let mut looked_at = None;
        loop {
            interval.tick().await;
            let now = self.ports.clock.now();
            let looked = self.look_for_ended(looked_at).await;
            match &looked {
                Ok(()) => looked_at = Some(now),
                Err(fault) if !failing => tracing::error!(%fault, "cannot look for ended sessions; trying again"),
                Err(_) => {}
            }
            failing = looked.is_err();
        }
    }

    async fn look_for_ended(&self, looked_at: Option<UnixMs>) -> Result<(), SessionError> {
        // Whoever marked a person as deactivated may be gone before they ended the sessions.
        for session in self.ports.store.running_sessions_of_the_deactivated().await? {
            self.end(&session, EndReason::Deactivated, &[]).await?;
        }
        match looked_at {
            None => self.deny_recently_ended().await?,
            Some(at) => {
                let since = at.min(self.ports.clock.now()) - DENIAL_MARGIN_MS;
                self.deny_ended_since(since).await?;
            }
        }
        Ok(())
    }

    async fn deny_ended_since(&self, since: UnixMs) -> Result<(), StoreError> {
        for (session, ended_at) in self.ports.store.sessions_ended_since(since).await? {
            self.ports.denied.deny(session, last_token_ends(ended_at));
        }
        Ok(())
    }

    /// Removes what time has made worthless.
    pub(crate) async fn sweep(&self) -> Result<(), StoreError> {
        let now = self.ports.clock.now();
        self.ports.denied.forget_before(now);
        let end = Ended {
            at: now,
            why: EndReason::Idle,
        };
        self.ports
            .store
            .end_sessions_unused_since(now - self.idle_ms, end)
            .await?;
        self.ports.announcer.wake();
        self.ports
            .store
            .forget_sessions_ended_before(now - REMEMBER_ENDED_MS)
            .await
    }
}

fn last_token_ends(issued_at: UnixMs) -> UnixMs {
    issued_at.saturating_add(LONGEST_TOKEN_LIFETIME_MS + DENIAL_MARGIN_MS)
}
