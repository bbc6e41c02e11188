//! This person's devices.

use protocol::SessionId;
use protocol::rest::identity::{SessionInfo, Sessions};

use super::Client;
use crate::rest::identity;
use crate::view::Failure;

impl Client {
    /// This person's devices, the last seen first.
    pub async fn sessions(&self) -> Result<Vec<SessionInfo>, Failure> {
        let answer: Sessions = self.shared().signed_in()?.api.send(identity::sessions()).await?;
        Ok(answer.sessions)
    }

    /// Ends the session of a device. Ending this device's own is signing out.
    pub async fn end_session(&self, session: SessionId) -> Result<(), Failure> {
        let signed_in = self.shared().signed_in()?;
        if *signed_in.api.tokens.session() == session {
            return self.sign_out().await;
        }
        signed_in.api.tell(identity::end_session(&session)).await
    }

    /// Ends all sessions but this one.
    pub async fn end_other_sessions(&self) -> Result<(), Failure> {
        self.shared()
            .signed_in()?
            .api
            .tell(identity::end_other_sessions())
            .await
    }
}
