//! `/v1/conversations`: read the request, ask [`conversations`], write the answer.

use axum::extract::State;
use http::{HeaderMap, StatusCode};
use protocol::rest::chat::{ConversationChange, Conversations, LevelChoice, NewConversation};
use protocol::{ChosenLevel, Conversation, ConversationId, Problem, ReadMark};
use service_kit::ApiError;
use service_kit::extract::{Json, Path, idempotency_key};

use super::Person;
use crate::app::App;
use crate::conversations::{self, NewChannel};
use crate::{levels, read_marks};

/// Everything the person is a member of.
#[utoipa::path(get, path = "/v1/conversations", tag = "conversations",
    responses((status = 200, body = Conversations), (status = "4XX", body = Problem)))]
pub(super) async fn list(State(app): State<App>, Person(person): Person) -> Result<Json<Conversations>, ApiError> {
    let conversations = conversations::list(&app.chat, &person).await?;
    Ok(Json(Conversations { conversations }))
}

/// Starts a direct or group conversation or a channel, or finds the one that was started before.
#[utoipa::path(post, path = "/v1/conversations", tag = "conversations", request_body = NewConversation,
    params(("Idempotency-Key" = Option<String>, Header, description = "A repeat under this key is the same channel")),
    responses((status = 201, body = Conversation), (status = 200, description = "It was there before", body = Conversation),
        (status = "4XX", body = Problem)))]
pub(super) async fn start(
    State(app): State<App>,
    Person(person): Person,
    headers: HeaderMap,
    Json(new): Json<NewConversation>,
) -> Result<(StatusCode, Json<Conversation>), ApiError> {
    let key = idempotency_key(&headers)?;
    let started = match new {
        NewConversation::Direct { with } => conversations::start_direct(&app.chat, &person, with).await?,
        NewConversation::Group { with } => conversations::start_group(&app.chat, &person, with).await?,
        NewConversation::Channel { name, visibility } => {
            let new = NewChannel { name, visibility, key };
            conversations::create_channel(&app.chat, &person, new).await?
        }
    };
    let status = if started.is_new {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    Ok((status, Json(started.conversation)))
}

/// One conversation.
#[utoipa::path(get, path = "/v1/conversations/{id}", tag = "conversations", params(("id" = ConversationId, Path)),
    responses((status = 200, body = Conversation), (status = "4XX", body = Problem)))]
pub(super) async fn get(
    State(app): State<App>,
    Person(person): Person,
    Path(id): Path<ConversationId>,
) -> Result<Json<Conversation>, ApiError> {
    Ok(Json(conversations::get(&app.chat, &person, &id).await?))
}

/// Gives a channel another name or topic, archives it or opens it again.
#[utoipa::path(patch, path = "/v1/conversations/{id}", tag = "conversations", params(("id" = ConversationId, Path)),
    request_body = ConversationChange,
    responses((status = 200, body = Conversation), (status = "4XX", body = Problem)))]
pub(super) async fn change(
    State(app): State<App>,
    Person(person): Person,
    Path(id): Path<ConversationId>,
    Json(change): Json<ConversationChange>,
) -> Result<Json<Conversation>, ApiError> {
    Ok(Json(conversations::change(&app.chat, &person, &id, change).await?))
}

/// Joins a public channel.
#[utoipa::path(post, path = "/v1/conversations/{id}/join", tag = "conversations",
    params(("id" = ConversationId, Path)),
    responses((status = 200, body = Conversation), (status = "4XX", body = Problem)))]
pub(super) async fn join(
    State(app): State<App>,
    Person(person): Person,
    Path(id): Path<ConversationId>,
) -> Result<Json<Conversation>, ApiError> {
    Ok(Json(conversations::join(&app.chat, &person, &id).await?))
}

/// Says how far the person has read; answers the mark that is kept.
#[utoipa::path(put, path = "/v1/conversations/{id}/read", tag = "conversations",
    params(("id" = ConversationId, Path)), request_body = ReadMark,
    responses((status = 200, body = ReadMark), (status = "4XX", body = Problem)))]
pub(super) async fn read(
    State(app): State<App>,
    Person(person): Person,
    Path(id): Path<ConversationId>,
    Json(mark): Json<ReadMark>,
) -> Result<Json<ReadMark>, ApiError> {
    Ok(Json(read_marks::mark(&app.chat, &person, &id, mark).await?))
}

/// Says of which messages the person wants to be told; answers what is kept.
#[utoipa::path(put, path = "/v1/conversations/{id}/level", tag = "conversations",
    params(("id" = ConversationId, Path)), request_body = LevelChoice,
    responses((status = 200, body = ChosenLevel), (status = "4XX", body = Problem)))]
pub(super) async fn level(
    State(app): State<App>,
    Person(person): Person,
    Path(id): Path<ConversationId>,
    Json(choice): Json<LevelChoice>,
) -> Result<Json<ChosenLevel>, ApiError> {
    Ok(Json(levels::choose(&app.chat, &person, &id, choice.level).await?))
}
