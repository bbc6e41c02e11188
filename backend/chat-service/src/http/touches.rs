//! `/v1/conversations/{id}/messages/{seq}` and below: what is done to a message, and what it said before.

use axum::extract::State;
use http::{HeaderMap, StatusCode};
use protocol::rest::chat::{MessageEdit, Pins, Versions};
use protocol::{ClientId, ConversationId, Entry, Problem};
use service_kit::ApiError;
use service_kit::extract::{Json, Path, idempotency_key};

use super::Person;
use crate::app::App;
use crate::history;
use crate::log::Touch;
use crate::messages::{self, Touching};

/// The entry that was stored; 204 when it was so already.
type Touched = Result<Json<Entry>, StatusCode>;

/// Writes one's own message anew.
#[utoipa::path(patch, path = "/v1/conversations/{id}/messages/{seq}", tag = "messages",
    params(("id" = ConversationId, Path), ("seq" = u64, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "The edit's client id: a repeat is the same edit")),
    request_body = MessageEdit,
    responses((status = 200, body = Entry), (status = 204, description = "It says so already"),
        (status = "4XX", body = Problem)))]
pub(super) async fn edit(
    State(app): State<App>,
    Person(person): Person,
    Path((id, target)): Path<(ConversationId, u64)>,
    headers: HeaderMap,
    Json(edit): Json<MessageEdit>,
) -> Result<Touched, ApiError> {
    let touching = Touching {
        client_id: client_id(&app, &headers)?,
        target,
        touch: Touch::Edit { body: edit.body },
    };
    Ok(answer(messages::touch(&app.chat, &person, &id, touching).await?))
}

/// Deletes a message for good: one's own; as the owner of a channel, or an administrator in it, anybody's.
#[utoipa::path(delete, path = "/v1/conversations/{id}/messages/{seq}", tag = "messages",
    params(("id" = ConversationId, Path), ("seq" = u64, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "The deletion's client id")),
    responses((status = 200, body = Entry), (status = 204, description = "It is deleted already"),
        (status = "4XX", body = Problem)))]
pub(super) async fn delete(
    State(app): State<App>,
    Person(person): Person,
    Path((id, target)): Path<(ConversationId, u64)>,
    headers: HeaderMap,
) -> Result<Touched, ApiError> {
    let touching = Touching {
        client_id: client_id(&app, &headers)?,
        target,
        touch: Touch::Delete,
    };
    Ok(answer(messages::touch(&app.chat, &person, &id, touching).await?))
}

/// Puts an emoji beside a message.
#[utoipa::path(put, path = "/v1/conversations/{id}/messages/{seq}/reactions/{emoji}", tag = "messages",
    params(("id" = ConversationId, Path), ("seq" = u64, Path), ("emoji" = String, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "The reaction's client id")),
    responses((status = 200, body = Entry), (status = 204, description = "It is there already"),
        (status = "4XX", body = Problem)))]
pub(super) async fn react(
    State(app): State<App>,
    Person(person): Person,
    Path((id, target, emoji)): Path<(ConversationId, u64, String)>,
    headers: HeaderMap,
) -> Result<Touched, ApiError> {
    let touching = Touching {
        client_id: client_id(&app, &headers)?,
        target,
        touch: Touch::React { emoji, on: true },
    };
    Ok(answer(messages::touch(&app.chat, &person, &id, touching).await?))
}

/// Takes one's own emoji away again.
#[utoipa::path(delete, path = "/v1/conversations/{id}/messages/{seq}/reactions/{emoji}", tag = "messages",
    params(("id" = ConversationId, Path), ("seq" = u64, Path), ("emoji" = String, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "The client id of taking it away")),
    responses((status = 200, body = Entry), (status = 204, description = "It is not there"),
        (status = "4XX", body = Problem)))]
pub(super) async fn unreact(
    State(app): State<App>,
    Person(person): Person,
    Path((id, target, emoji)): Path<(ConversationId, u64, String)>,
    headers: HeaderMap,
) -> Result<Touched, ApiError> {
    let touching = Touching {
        client_id: client_id(&app, &headers)?,
        target,
        touch: Touch::React { emoji, on: false },
    };
    Ok(answer(messages::touch(&app.chat, &person, &id, touching).await?))
}

/// Pins a message to its conversation.
#[utoipa::path(put, path = "/v1/conversations/{id}/messages/{seq}/pin", tag = "messages",
    params(("id" = ConversationId, Path), ("seq" = u64, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "The pin's client id")),
    responses((status = 200, body = Entry), (status = 204, description = "It is pinned already"),
        (status = "4XX", body = Problem)))]
pub(super) async fn pin(
    State(app): State<App>,
    Person(person): Person,
    Path((id, target)): Path<(ConversationId, u64)>,
    headers: HeaderMap,
) -> Result<Touched, ApiError> {
    let touching = Touching {
        client_id: client_id(&app, &headers)?,
        target,
        touch: Touch::Pin { on: true },
    };
    Ok(answer(messages::touch(&app.chat, &person, &id, touching).await?))
}

/// Unpins a message.
#[utoipa::path(delete, path = "/v1/conversations/{id}/messages/{seq}/pin", tag = "messages",
    params(("id" = ConversationId, Path), ("seq" = u64, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "The client id of unpinning it")),
    responses((status = 200, body = Entry), (status = 204, description = "It is not pinned"),
        (status = "4XX", body = Problem)))]
pub(super) async fn unpin(
    State(app): State<App>,
    Person(person): Person,
    Path((id, target)): Path<(ConversationId, u64)>,
    headers: HeaderMap,
) -> Result<Touched, ApiError> {
    let touching = Touching {
        client_id: client_id(&app, &headers)?,
        target,
        touch: Touch::Pin { on: false },
    };
    Ok(answer(messages::touch(&app.chat, &person, &id, touching).await?))
}

/// What a message said at all times, the oldest version first; nothing of a deleted one.
#[utoipa::path(get, path = "/v1/conversations/{id}/messages/{seq}/versions", tag = "messages",
    params(("id" = ConversationId, Path), ("seq" = u64, Path)),
    responses((status = 200, body = Versions), (status = "4XX", body = Problem)))]
pub(super) async fn versions(
    State(app): State<App>,
    Person(person): Person,
    Path((id, seq)): Path<(ConversationId, u64)>,
) -> Result<Json<Versions>, ApiError> {
    let versions = history::versions(&app.chat, &person, &id, seq).await?;
    Ok(Json(Versions { versions }))
}

/// The pinned messages, the newest message first; at most a hundred.
#[utoipa::path(get, path = "/v1/conversations/{id}/pins", tag = "messages", params(("id" = ConversationId, Path)),
    responses((status = 200, body = Pins), (status = "4XX", body = Problem)))]
pub(super) async fn pins(
    State(app): State<App>,
    Person(person): Person,
    Path(id): Path<ConversationId>,
) -> Result<Json<Pins>, ApiError> {
    Ok(Json(history::pins(&app.chat, &person, &id).await?))
}

/// The client id from `Idempotency-Key`; without one every try is another.
fn client_id(app: &App, headers: &HeaderMap) -> Result<ClientId, ApiError> {
    let key = idempotency_key(headers)?;
    Ok(key.unwrap_or_else(|| ClientId::from_random(app.chat.random.bits())))
}

fn answer(stored: Option<Entry>) -> Touched {
    stored.map(Json).ok_or(StatusCode::NO_CONTENT)
}
