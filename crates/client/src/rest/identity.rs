//! The requests that user-service answers.

use protocol::UserId;
use protocol::rest::identity::{CodeRequest, ProfileChange, TokenRequest};
use reqwest::Method;

use super::Request;

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
