//! `/v1/conversations/{id}/entries` and `…/messages`: reading the log and writing to it.

use axum::extract::State;
use http::HeaderMap;
use protocol::rest::chat::{Entries, EntriesQuery, Mentions, MentionsQuery, NewMessage};
use protocol::{ConversationId, Entry, ErrorCode, Problem};
use service_kit::ApiError;
use service_kit::extract::{Json, Path, Query, idempotency_key};

use super::Person;
use crate::app::App;
use crate::messages::{self, Outgoing};
use crate::{history, mentions};

/// A page of the log, in ascending order.
#[utoipa::path(get, path = "/v1/conversations/{id}/entries", tag = "messages",
    params(("id" = ConversationId, Path), EntriesQuery),
    responses((status = 200, body = Entries), (status = "4XX", body = Problem)))]
pub(super) async fn page(
    State(app): State<App>,
    Person(person): Person,
    Path(id): Path<ConversationId>,
    Query(query): Query<EntriesQuery>,
) -> Result<Json<Entries>, ApiError> {
    Ok(Json(history::page(&app.chat, &person, &id, &query).await?))
}

/// Messages that mention the person, wherever they are a member, the newest first.
#[utoipa::path(get, path = "/v1/mentions", tag = "messages", params(MentionsQuery),
    responses((status = 200, body = Mentions), (status = "4XX", body = Problem)))]
pub(super) async fn mentions(
    State(app): State<App>,
    Person(person): Person,
    Query(query): Query<MentionsQuery>,
) -> Result<Json<Mentions>, ApiError> {
    Ok(Json(mentions::page(&app.chat, &person, query).await?))
}

/// Writes a message; answers what is stored, now or at the first try under this key.
#[utoipa::path(post, path = "/v1/conversations/{id}/messages", tag = "messages",
    params(("id" = ConversationId, Path),
        ("Idempotency-Key" = String, Header, description = "The message's client id: a repeat is the same message")),
    request_body = NewMessage,
    responses((status = 200, body = Entry), (status = "4XX", body = Problem)))]
pub(super) async fn send(
    State(app): State<App>,
    Person(person): Person,
    Path(id): Path<ConversationId>,
    headers: HeaderMap,
    Json(message): Json<NewMessage>,
) -> Result<Json<Entry>, ApiError> {
    let client_id = idempotency_key(&headers)?.ok_or_else(|| {
        let detail = "Send the header Idempotency-Key, so that a repeat is the same message.";
        ApiError::new(ErrorCode::Malformed, detail)
    })?;
    let outgoing = Outgoing {
        client_id,
        body: message.body,
        reply_to: message.reply_to,
        after: message.after,
    };
    Ok(Json(messages::send(&app.chat, &person, &id, outgoing).await?))
}
