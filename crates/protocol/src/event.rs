//! Durable events between services, as they lie in a queue.

use serde::{Deserialize, Serialize};

use crate::rest::identity::ChannelCreation;
use crate::{Email, Role, SessionId, UnixMs, UserId};

/// The queue of sign-in codes to be mailed.
pub const SEND_OTP: &str = "send-otp";
/// The queue of invitations to be mailed.
pub const SEND_INVITATION: &str = "send-invitation";
/// The queue of changes to the workspace's settings, for chat-service's copy.
pub const WORKSPACE_CHANGED: &str = "workspace-changed";
/// The queue of changes to people, for chat-service's copy.
pub const PERSON_CHANGED: &str = "person-changed";
/// The queue of sessions that ended, so that chat-service closes their sockets.
pub const SESSION_ENDED: &str = "session-ended";
/// The channel of the cache on which the same is said at once; whoever misses it hears of it by the queue.
pub const SESSION_ENDED_CHANNEL: &str = "sessions:ended";

/// "Mail this sign-in code." Worthless, and never mailed, after `expires_at`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendOtp {
    /// Names the mail: one event id is mailed once.
    pub id: String,
    pub email: Email,
    /// Six digits.
    pub code: String,
    pub workspace: String,
    pub expires_at: UnixMs,
}

impl std::fmt::Debug for SendOtp {
    /// Leaves out the address and the code: neither may reach a log.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("SendOtp")
            .field("id", &self.id)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// "This is what a person looks like now." A copy keeps the highest version it has seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonChanged {
    pub id: UserId,
    pub name: String,
    pub active: bool,
    #[serde(default)]
    pub role: Role,
    /// Grows by one with every change; 1 for a new person.
    pub version: u64,
}

/// "This is how the workspace is set up now." A copy keeps the highest version it has seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkspaceChanged {
    pub channel_creation: ChannelCreation,
    /// Grows by one with every change; 1 for a new workspace.
    pub version: u64,
}

/// "This session has ended, and counts nowhere any more." Ended is final, so a repeat changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionEnded {
    pub session: SessionId,
    pub person: UserId,
    /// When it ended. Access tokens that were given to it live at most an hour longer.
    pub at: UnixMs,
}

/// "Mail this invitation." Worthless, and never mailed, after `expires_at`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendInvitation {
    /// Names the mail: one event id is mailed once.
    pub id: String,
    pub email: Email,
    /// Name of who invites.
    pub invited_by: String,
    pub workspace: String,
    /// The `loquat://` link that the app opens.
    pub link: String,
    /// What can be typed where the link does not open.
    pub code: String,
    pub expires_at: UnixMs,
}

impl std::fmt::Debug for SendInvitation {
    /// Leaves out the address, the link and the code: none may reach a log.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("SendInvitation")
            .field("id", &self.id)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}
