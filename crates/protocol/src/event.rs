//! Durable events between services, as they lie in a queue.

use serde::{Deserialize, Serialize};

use crate::{Email, UnixMs, UserId};

/// The queue of sign-in codes to be mailed.
pub const SEND_OTP: &str = "send-otp";
/// The queue of changes to people, for chat-service's copy.
pub const PERSON_CHANGED: &str = "person-changed";

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
    /// Grows by one with every change; 1 for a new person.
    pub version: u64,
}
