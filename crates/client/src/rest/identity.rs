//! The requests that user-service answers.

use std::time::Duration;

use protocol::rest::identity::{
    AuditQuery, CodeRequest, NewInvitation, PersonChange, ProfileChange, SettingsChange, TokenRequest,
};
use protocol::{ErrorCode, SessionId, UserId};
use reqwest::Method;

use super::{Request, refused_here};
use crate::view::Failure;

/// The largest picture that is read: the server makes them small.
const LARGEST_PICTURE: usize = 1024 * 1024;
const PICTURE_TIMEOUT: Duration = Duration::from_secs(20);
/// The largest audit log that is read: some hundred thousand events.
const LARGEST_EXPORT: usize = 128 * 1024 * 1024;
const EXPORT_TIMEOUT: Duration = Duration::from_mins(5);

/// People one request may ask about.
pub(crate) const MOST_IDS: usize = 100;

/// What a server says of itself to strangers.
pub(crate) fn workspace() -> Request {
    Request::get("/v1/auth/workspace")
}

pub(crate) fn code(email: &str) -> Request {
    Request::post("/v1/auth/code").body(&CodeRequest {
        email: email.to_owned(),
    })
}

pub(crate) fn token(request: &TokenRequest) -> Request {
    Request::post("/v1/auth/token").body(request)
}

pub(crate) fn sign_out() -> Request {
    Request::post("/v1/auth/sign-out")
}

pub(crate) fn me() -> Request {
    Request::get("/v1/users/me")
}

pub(crate) fn change_me(change: &ProfileChange) -> Request {
    Request::new(Method::PATCH, "/v1/users/me").body(change)
}

/// The first page of the directory that fits.
pub(crate) fn search(query: &str) -> Request {
    Request::get("/v1/users").query("query", query).query("limit", 50)
}

/// At most [`MOST_IDS`] people.
pub(crate) fn people(ids: &[UserId]) -> Request {
    let ids: Vec<&str> = ids.iter().map(UserId::as_str).collect();
    Request::get("/v1/users").query("ids", ids.join(","))
}

/// The first page of the directory, with those who were deactivated, or the one after `after`.
pub(crate) fn everyone(query: &str, after: Option<&str>) -> Request {
    let page = Request::get("/v1/users")
        .query("query", query)
        .query("limit", 100)
        .query("deactivated", true);
    match after {
        Some(after) => page.query("after", after),
        None => page,
    }
}

pub(crate) fn change_person(person: &UserId, change: &PersonChange) -> Request {
    Request::new(Method::PATCH, format!("/v1/users/{person}")).body(change)
}

/// A picture under its name, which comes from the server and goes into a path.
pub(crate) fn picture(person: &UserId, picture: &str) -> Result<Request, Failure> {
    let path = format!("/v1/users/{person}/picture/{}", plain(picture)?);
    Ok(Request::get(path).expect(LARGEST_PICTURE, PICTURE_TIMEOUT))
}

pub(crate) fn set_picture(kind: &'static str, image: Vec<u8>) -> Request {
    Request::new(Method::PUT, "/v1/users/me/picture").file(kind, image)
}

pub(crate) fn remove_picture() -> Request {
    Request::new(Method::DELETE, "/v1/users/me/picture")
}

pub(crate) fn sessions() -> Request {
    Request::get("/v1/sessions")
}

pub(crate) fn end_session(session: &SessionId) -> Request {
    Request::new(Method::DELETE, format!("/v1/sessions/{session}"))
}

pub(crate) fn end_other_sessions() -> Request {
    Request::new(Method::DELETE, "/v1/sessions")
}

pub(crate) fn settings() -> Request {
    Request::get("/v1/settings")
}

pub(crate) fn change_settings(change: &SettingsChange) -> Request {
    Request::new(Method::PATCH, "/v1/settings").body(change)
}

pub(crate) fn invitations() -> Request {
    Request::get("/v1/invitations")
}

pub(crate) fn invite(invitation: &NewInvitation) -> Request {
    Request::post("/v1/invitations").body(invitation)
}

pub(crate) fn withdraw(invitation: &str) -> Result<Request, Failure> {
    let path = format!("/v1/invitations/{}", plain(invitation)?);
    Ok(Request::new(Method::DELETE, path))
}

pub(crate) fn audit(query: &AuditQuery) -> Request {
    audited("/v1/audit", query)
}

/// All of the audit log that fits, as JSON lines.
pub(crate) fn export_audit(query: &AuditQuery) -> Request {
    audited("/v1/audit/export", query).expect(LARGEST_EXPORT, EXPORT_TIMEOUT)
}

fn audited(path: &str, query: &AuditQuery) -> Request {
    let mut request = Request::get(path);
    let action = query.action.and_then(|action| serde_json::to_value(action).ok());
    let fields = [
        ("before", query.before.map(|before| before.to_string())),
        ("limit", query.limit.map(|limit| limit.to_string())),
        ("actor", query.actor.as_ref().map(ToString::to_string)),
        ("action", action.and_then(|action| action.as_str().map(str::to_owned))),
        ("since", query.since.map(|since| since.to_string())),
        ("until", query.until.map(|until| until.to_string())),
    ];
    for (name, value) in fields {
        if let Some(value) = value {
            request = request.query(name, value);
        }
    }
    request
}

/// A name that may stand in a path.
fn plain(name: &str) -> Result<&str, Failure> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    if (1..=128).contains(&name.len()) && name.bytes().all(is_plain) {
        Ok(name)
    } else {
        Err(refused_here(ErrorCode::NotFound))
    }
}
