//! What is wrong with a policy, in sentences for the administrator who wrote it.

use serde::Serialize;
use ts_rs::TS;

/// One thing that was left out of a policy, and why. Everything else of the policy counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS, thiserror::Error)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(rename = "PolicyFault")]
pub enum Fault {
    /// No setting has this name; one that is spelled nearly so is named beside it.
    #[error("{place}: \"{key}\" is no setting of this version{}; it is ignored", hint(meant.as_deref()))]
    UnknownKey {
        place: String,
        key: String,
        meant: Option<String>,
    },
    /// The value cannot be used.
    #[error("{place}: \"{key}\" is {value}, but has to be {expected}; it is ignored")]
    WrongValue {
        place: String,
        key: String,
        value: String,
        expected: String,
    },
    /// The value means nothing without another setting.
    #[error("{place}: \"{key}\" is {value} and therefore needs {needed}; it is ignored")]
    Incomplete {
        place: String,
        key: String,
        value: String,
        needed: String,
    },
    /// Somebody without the rights of an administrator could have written it.
    #[error("{place} is not used: {why}")]
    NotTrusted { place: String, why: String },
    /// The place is there, but what it holds cannot be read.
    #[error("{place} cannot be read: {why}")]
    Unreadable { place: String, why: String },
}

fn hint(meant: Option<&str>) -> String {
    meant.map_or(String::new(), |meant| format!(" (\"{meant}\" is one)"))
}
