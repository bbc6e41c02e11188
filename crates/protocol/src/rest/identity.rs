//! Bodies of user-service: sign-in, sessions, people.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::{IntoParams, ToSchema};

use crate::{SessionId, UserId};

/// `GET /v1/auth/workspace`: what a stranger may know before signing in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Workspace {
    pub name: String,
    /// The server's version.
    pub version: String,
}

/// `POST /v1/auth/code`: "mail me a code".
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CodeRequest {
    pub email: String,
}

/// The answer to every acceptable address, whether somebody has it or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CodeRequested {
    /// Handle of this request; the code works only together with it.
    pub request: String,
    /// Seconds until the code expires.
    pub expires_in_s: u32,
    /// Seconds until another code may be asked for.
    pub resend_after_s: u32,
}

/// The device a session belongs to, as it names itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Device {
    /// Such as the computer's name.
    pub name: String,
    /// Such as `Debian 12`.
    pub system: String,
}

/// `POST /v1/auth/token`: a code, or the last refresh token, for fresh tokens.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "grant", rename_all = "snake_case")]
pub enum TokenRequest {
    Code {
        request: String,
        code: String,
        device: Device,
    },
    Refresh {
        refresh_token: String,
    },
}

/// Fresh tokens. A repeated refresh gives the same ones until they have been used.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Tokens {
    /// JWT (EdDSA); goes into `Authorization: Bearer`.
    pub access_token: String,
    /// Seconds until the access token ends.
    pub expires_in_s: u32,
    /// Opaque; good for one refresh.
    pub refresh_token: String,
    pub user: UserId,
    pub session: SessionId,
}

/// A person as everyone in the workspace sees them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Person {
    pub id: UserId,
    pub name: String,
    /// What they do, such as `Office manager`; may be empty.
    pub title: String,
    /// IANA name, such as `Europe/Berlin`; empty when not known.
    pub time_zone: String,
    pub email: String,
    pub active: bool,
    /// Grows with every change.
    pub version: u64,
}

/// `PATCH /v1/users/me`: what is left out stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS, ToSchema)]
pub struct ProfileChange {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub time_zone: Option<String>,
}

/// `GET /v1/users`: a page of the directory, or the people with these ids.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PeopleQuery {
    /// Text that name or address must contain, without regard to case.
    #[serde(default)]
    pub query: String,
    /// `next` of the page before.
    #[serde(default)]
    pub after: Option<String>,
    /// People per page, at most 100.
    #[serde(default)]
    pub limit: Option<u32>,
    /// Up to 100 ids, separated by commas; the other fields are ignored.
    #[serde(default)]
    pub ids: Option<String>,
}

/// A page of people, ordered by name.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct People {
    pub people: Vec<Person>,
    /// Where the next page begins; none on the last.
    pub next: Option<String>,
}
