//! `/v1/conversations/{id}/members`: who is in a conversation.

use axum::extract::State;
use http::StatusCode;
use protocol::rest::chat::Members;
use protocol::{ConversationId, Problem, UserId};
use service_kit::ApiError;
use service_kit::extract::{Json, Path};

use super::Person;
use crate::app::App;
use crate::conversations;

/// Everyone who is a member now.
#[utoipa::path(get, path = "/v1/conversations/{id}/members", tag = "members", params(("id" = ConversationId, Path)),
    responses((status = 200, body = Members), (status = "4XX", body = Problem)))]
pub(super) async fn list(
    State(app): State<App>,
    Person(person): Person,
    Path(id): Path<ConversationId>,
) -> Result<Json<Members>, ApiError> {
    let members = conversations::members(&app.chat, &person, &id).await?;
    Ok(Json(Members { members }))
}

/// Adds somebody to a channel.
#[utoipa::path(put, path = "/v1/conversations/{id}/members/{user}", tag = "members",
    params(("id" = ConversationId, Path), ("user" = UserId, Path)),
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(super) async fn add(
    State(app): State<App>,
    Person(person): Person,
    Path((id, user)): Path<(ConversationId, UserId)>,
) -> Result<StatusCode, ApiError> {
    conversations::add_member(&app.chat, &person, &id, user).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Removes somebody from a channel, or oneself.
#[utoipa::path(delete, path = "/v1/conversations/{id}/members/{user}", tag = "members",
    params(("id" = ConversationId, Path), ("user" = UserId, Path)),
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(super) async fn remove(
    State(app): State<App>,
    Person(person): Person,
    Path((id, user)): Path<(ConversationId, UserId)>,
) -> Result<StatusCode, ApiError> {
    conversations::remove_member(&app.chat, &person, &id, user).await?;
    Ok(StatusCode::NO_CONTENT)
}
