//! Bodies of user-service: sign-in, sessions, people.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::{IntoParams, ToSchema};

use crate::{Email, SessionId, UnixMs, UserId};

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
    /// The code in an invitation's mail, once; possession proves the address.
    Invitation {
        invitation: String,
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

/// What a person may do in the workspace.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    #[default]
    Member,
    /// May invite, deactivate, change settings, read the audit log, and delete anybody's messages.
    Administrator,
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
    #[serde(default)]
    pub role: Role,
    /// Names the picture they have; another one has another name. None without a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
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
    /// Also people who were deactivated; only for administrators.
    #[serde(default)]
    pub deactivated: bool,
}

/// A page of people, ordered by name.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct People {
    pub people: Vec<Person>,
    /// Where the next page begins; none on the last.
    pub next: Option<String>,
}

/// `PATCH /v1/users/{id}`, for administrators: what is left out stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS, ToSchema)]
pub struct PersonChange {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub role: Option<Role>,
    /// `false` ends all their sessions at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub active: Option<bool>,
}

/// One signed-in device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct SessionInfo {
    pub id: SessionId,
    /// The device's name, such as the computer's.
    pub name: String,
    /// Such as `Debian 12`.
    pub system: String,
    pub signed_in_at: UnixMs,
    /// When it last asked for fresh tokens.
    pub last_seen_at: UnixMs,
    /// The network address it was last seen at.
    pub address: String,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// `GET /v1/sessions`: the person's own devices, the last seen first. `DELETE` ends all others.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Sessions {
    pub sessions: Vec<SessionInfo>,
}

/// `POST /v1/invitations`, for administrators.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct NewInvitation {
    pub email: String,
    /// What the person will be.
    #[serde(default)]
    pub role: Role,
}

/// An invitation that is open, or was accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Invitation {
    pub id: String,
    #[ts(type = "string")]
    #[schema(value_type = String)]
    pub email: Email,
    pub role: Role,
    pub invited_by: UserId,
    pub invited_at: UnixMs,
    pub expires_at: UnixMs,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_at: Option<UnixMs>,
}

/// `GET /v1/invitations`, for administrators: the newest first.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Invitations {
    pub invitations: Vec<Invitation>,
}

/// Who may make channels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChannelCreation {
    #[default]
    Everyone,
    Administrators,
}

/// `GET /v1/settings`: how the workspace is set up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct WorkspaceSettings {
    pub name: String,
    /// Whoever has an address there may sign in; nobody uninvited when there are none.
    pub sign_in_domains: Vec<String>,
    /// Whether any address may sign in, whatever the domains are: a development server.
    pub any_domain: bool,
    pub channel_creation: ChannelCreation,
    /// Grows with every change.
    pub version: u64,
}

/// `PATCH /v1/settings`, for administrators: what is left out stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS, ToSchema)]
pub struct SettingsChange {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub sign_in_domains: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub channel_creation: Option<ChannelCreation>,
}

/// What was done, in the audit log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AuditAction {
    SignedIn,
    SignedOut,
    /// A person ended one of their own sessions from another device.
    SessionRevoked,
    /// An old refresh token came: somebody may have copied it. The session was ended.
    RefreshTokenReused,
    Invited,
    InvitationWithdrawn,
    InvitationAccepted,
    RoleChanged,
    Deactivated,
    Reactivated,
    SettingsChanged,
    AuditExported,
}

/// One line of the audit log; never changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct AuditEvent {
    /// Position in the log, ascending.
    pub seq: u64,
    pub at: UnixMs,
    /// Who did it; none when the server did by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<UserId>,
    pub action: AuditAction,
    /// Whom or what it was done to: an id, or an address that was invited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// What changed, such as `role: member -> administrator`; may be empty.
    pub detail: String,
    /// The network address it came from; empty when the server did by itself.
    pub address: String,
}

/// `GET /v1/audit`, for administrators, and `GET /v1/audit/export`, which answers all of it as JSON lines.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// Events with a smaller seq.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub before: Option<u64>,
    /// Events per page, at most 200.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub limit: Option<u32>,
    /// Only what this person did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub actor: Option<UserId>,
    /// Only this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub action: Option<AuditAction>,
    /// Only what was not before this time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub since: Option<UnixMs>,
    /// Only what was before this time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub until: Option<UnixMs>,
}

/// A page of the audit log, the newest event first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct AuditPage {
    pub events: Vec<AuditEvent>,
    /// `before` of the next page; none on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<u64>,
}
