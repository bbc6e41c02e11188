//! The requests that chat-service answers.

use protocol::rest::chat::{ConversationChange, LevelChoice, NewConversation};
use protocol::{ConversationId, UserId};
use reqwest::Method;

use super::Request;
use crate::sync::Anchor;

/// Starts a conversation; under the same key a repeat answers the same one.
pub(crate) fn start(conversation: &NewConversation, key: String) -> Request {
    Request::post("/v1/conversations")
        .body(conversation)
        .idempotency_key(key)
}

pub(crate) fn conversation(conversation: &ConversationId) -> Request {
    Request::get(format!("/v1/conversations/{conversation}"))
}

/// Changes a channel's name, its topic, or whether it is archived.
pub(crate) fn change(conversation: &ConversationId, change: &ConversationChange) -> Request {
    Request::new(Method::PATCH, format!("/v1/conversations/{conversation}")).body(change)
}

/// Says of which messages the person wants to be told.
pub(crate) fn level(conversation: &ConversationId, choice: &LevelChoice) -> Request {
    Request::new(Method::PUT, format!("/v1/conversations/{conversation}/level")).body(choice)
}

/// Messages that mention the person, before a place in their order.
pub(crate) fn mentions(before: Option<&str>) -> Request {
    let newest = Request::get("/v1/mentions");
    match before {
        Some(before) => newest.query("before", before),
        None => newest,
    }
}

/// The first page of channels that fit.
pub(crate) fn channels(query: &str) -> Request {
    Request::get("/v1/channels").query("query", query).query("limit", 100)
}

pub(crate) fn members(conversation: &ConversationId) -> Request {
    Request::get(format!("/v1/conversations/{conversation}/members"))
}

/// Joins a public channel.
pub(crate) fn join(conversation: &ConversationId) -> Request {
    Request::post(format!("/v1/conversations/{conversation}/join"))
}

/// Adds somebody to a channel.
pub(crate) fn add_member(conversation: &ConversationId, person: &UserId) -> Request {
    Request::new(
        Method::PUT,
        format!("/v1/conversations/{conversation}/members/{person}"),
    )
}

/// Removes somebody; removing oneself is leaving.
pub(crate) fn remove_member(conversation: &ConversationId, person: &UserId) -> Request {
    Request::new(
        Method::DELETE,
        format!("/v1/conversations/{conversation}/members/{person}"),
    )
}

/// The newest entries.
pub(crate) fn newest(conversation: &ConversationId, limit: u32) -> Request {
    Request::get(format!("/v1/conversations/{conversation}/entries")).query("limit", limit)
}

/// The nearest entries on one side of a position, or around it.
pub(crate) fn history(conversation: &ConversationId, anchor: Anchor, limit: u32) -> Request {
    let page = newest(conversation, limit);
    match anchor {
        Anchor::Before(seq) => page.query("before", seq),
        Anchor::After(seq) => page.query("after", seq),
        Anchor::Around(seq) => page.query("around", seq),
    }
}

/// What a message said at which time.
pub(crate) fn versions(conversation: &ConversationId, seq: u64) -> Request {
    Request::get(format!("/v1/conversations/{conversation}/messages/{seq}/versions"))
}

pub(crate) fn pins(conversation: &ConversationId) -> Request {
    Request::get(format!("/v1/conversations/{conversation}/pins"))
}
