//! Fresh tokens for a refresh token.

use std::net::IpAddr;

use protocol::rest::identity::AuditAction;

use super::refresh::Presented;
use super::{EndReason, Issued, RefreshToken, Seen, Session, SessionError, Sessions};
use crate::audit::Note;

/// Refreshes with one token that may meet before we give up: each time one of them has won.
const ROTATION_TRIES: u32 = 4;

impl Sessions {
    /// Fresh tokens for a refresh token. A repeat gives the same refresh token until that has been used.
    pub(crate) async fn refresh(&self, token: &str, from: IpAddr) -> Result<Issued, SessionError> {
        self.limits.take_by_ip(from, self.ports.clock.now())?;
        let token = RefreshToken::parse(token).ok_or(SessionError::InvalidToken)?;
        for _ in 0..ROTATION_TRIES {
            let session = self.ports.store.session(token.session()).await?;
            let session = session.ok_or(SessionError::InvalidToken)?;
            let presented = token.against(&session.refresh, &self.refresh_key);
            if matches!(presented, Presented::Foreign) {
                return Err(SessionError::InvalidToken);
            }
            self.refuse_ended(&session).await?;
            let now = self.ports.clock.now();
            // Only whoever holds a token of this session can use up its allowance.
            self.limits.take_by_session(&session.id, now)?;
            match presented {
                Presented::Newest if now - session.seen.at > self.idle_ms => {
                    self.end(&session.id, EndReason::Idle, &[]).await?;
                    return Err(SessionError::Ended);
                }
                Presented::Newest => {
                    self.refuse_deactivated(&session).await?;
                    let (successor, seen) = (token.successor(&self.refresh_key), Seen::now(now, from));
                    if self.ports.store.rotate(&session.id, &successor.state(), &seen).await? {
                        return self.issue(&session, successor);
                    }
                    // The same token came twice at once; the other one has rotated. Look again.
                }
                Presented::RepeatedBeforeSuccessorWasUsed(successor) => {
                    self.refuse_deactivated(&session).await?;
                    return self.issue(&session, successor);
                }
                Presented::Older => return Err(self.end_reused(&session, from).await?),
                Presented::Foreign => return Err(SessionError::InvalidToken),
            }
        }
        Err(SessionError::Contended)
    }

    /// A device is told why its session ended, because what it does then depends on it.
    async fn refuse_ended(&self, session: &Session) -> Result<(), SessionError> {
        let Some(ended) = session.ended else {
            return Ok(());
        };
        // Whatever ended it: the device of a person who was deactivated since is to know that.
        if ended.why == EndReason::Deactivated || !self.ports.people.find(&session.user).await?.active {
            return Err(SessionError::Deactivated);
        }
        match ended.why {
            EndReason::Revoked => Err(SessionError::Revoked),
            _ => Err(SessionError::Ended),
        }
    }

    /// Two hold a token of this session; which of them may is not known, so neither may.
    async fn end_reused(&self, session: &Session, from: IpAddr) -> Result<SessionError, SessionError> {
        tracing::warn!(session = %session.id, "a refresh token that had been replaced was used; the session is ended");
        let note = Note::by_the_server(AuditAction::RefreshTokenReused, self.ports.clock.now())
            .to(session.user.as_str())
            .saying(format!("session: {}", session.id))
            .from(from);
        self.end(&session.id, EndReason::TokenReused, &[note]).await?;
        Ok(SessionError::Ended)
    }
}
