//! The session as it lies in the keychain.

use protocol::rest::identity::Tokens;
use protocol::{SessionId, UnixMs, UserId};
use serde::{Deserialize, Serialize};

/// The one secret text: everything needed to go on after a restart.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SavedSession {
    pub(crate) server: String,
    pub(crate) user: UserId,
    pub(crate) session: SessionId,
    pub(crate) access_token: String,
    pub(crate) refresh_token: String,
    /// When the access token ends, by this device's clock: a hint after a restart, never trusted.
    pub(crate) access_until: UnixMs,
}

impl SavedSession {
    pub(crate) fn new(server: &str, tokens: Tokens, device_now: UnixMs) -> Self {
        Self {
            server: server.to_owned(),
            user: tokens.user,
            session: tokens.session,
            access_token: tokens.access_token,
            refresh_token: tokens.refresh_token,
            access_until: device_now.saturating_add(UnixMs::from(tokens.expires_in_s) * 1000),
        }
    }
}

impl std::fmt::Debug for SavedSession {
    /// Leaves out the tokens: they may reach no log.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("SavedSession")
            .field("user", &self.user)
            .field("session", &self.session)
            .finish_non_exhaustive()
    }
}
