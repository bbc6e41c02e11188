//! Live signs: who is there, and how far others have read. Hints that are never stored in the log.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use crate::{UnixMs, UserId};

/// Whether a person uses one of their devices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Activity {
    /// Keys or pointer moved on it within the last minutes.
    Active,
    /// It is on, and nobody is at it.
    Idle,
}

/// Whether a person is there, over all their devices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// Active on at least one device.
    Online,
    /// Connected, and idle on all devices.
    Away,
    /// Not connected for longer than the grace time.
    Offline,
}

/// A person and whether they are there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct PersonPresence {
    pub person: UserId,
    pub presence: Presence,
    /// When they were last active; none when that is not known. Now, roughly, for those who are online.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_seen: Option<UnixMs>,
}

/// How far somebody else has read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Receipt {
    pub person: UserId,
    /// The ordinal of the last message they have read; 0 for none.
    pub ordinal: u64,
}
