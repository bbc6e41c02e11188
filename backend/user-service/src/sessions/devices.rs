//! The devices somebody is signed in on: seen, and signed out from afar.

use protocol::rest::identity::{AuditAction, Device};
use protocol::{SessionId, UserId};

use super::{EndReason, Session, SessionError, Sessions};
use crate::audit::{Actor, Note};

/// Devices that are listed; nobody has so many.
const LISTED: u32 = 200;

impl Sessions {
    /// A person's running sessions, the last seen first.
    pub(crate) async fn devices_of(&self, user: &UserId) -> Result<Vec<Session>, SessionError> {
        let unused_since = self.ports.clock.now() - self.idle_ms;
        let mut running = self.ports.store.running_sessions_of(user, LISTED).await?;
        running.retain(|session| session.seen.at >= unused_since);
        Ok(running)
    }

    /// Ends one of a person's own sessions. Ending twice is fine; somebody else's does not exist for them.
    pub(crate) async fn revoke(&self, by: &Actor, current: &SessionId, id: &SessionId) -> Result<(), SessionError> {
        if id == current {
            return self.sign_out(by, id).await;
        }
        let session = self.ports.store.session(id).await?;
        let session = session.filter(|session| session.user == by.user);
        let session = session.ok_or(SessionError::Unknown)?;
        self.revoke_session(by, &session).await
    }

    /// Ends all of a person's sessions but the one they are at.
    pub(crate) async fn revoke_others(&self, by: &Actor, current: &SessionId) -> Result<(), SessionError> {
        loop {
            let mut running = self.ports.store.running_sessions_of(&by.user, LISTED).await?;
            running.retain(|session| session.id != *current);
            if running.is_empty() {
                return Ok(());
            }
            for session in &running {
                self.revoke_session(by, session).await?;
            }
        }
    }

    /// Ends all sessions of somebody who was deactivated.
    pub(crate) async fn end_all_of(&self, user: &UserId) -> Result<(), SessionError> {
        loop {
            let running = self.ports.store.running_sessions_of(user, LISTED).await?;
            if running.is_empty() {
                return Ok(());
            }
            for session in &running {
                self.end(&session.id, EndReason::Deactivated, &[]).await?;
            }
        }
    }

    async fn revoke_session(&self, by: &Actor, session: &Session) -> Result<(), SessionError> {
        let note = Note::by(by, AuditAction::SessionRevoked, self.ports.clock.now())
            .to(session.id.as_str())
            .saying(told(&session.device));
        self.end(&session.id, EndReason::Revoked, &[note]).await
    }
}

/// A device as the audit log names it.
pub(super) fn told(device: &Device) -> String {
    let parts = [device.name.as_str(), device.system.as_str()];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(", ")
}
