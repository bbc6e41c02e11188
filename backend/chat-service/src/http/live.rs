//! `/v1/presence`, `/v1/conversations/{id}/receipts` and `…/typing`: live signs for programs without a socket.

use axum::extract::State;
use http::StatusCode;
use protocol::rest::chat::{PresenceQuery, PresentPeople, Receipts};
use protocol::{ConversationId, Problem};
use service_kit::ApiError;
use service_kit::extract::{Json, Path, Query};

use super::Person;
use crate::app::App;
use crate::{presence, receipts, typing};

/// Whether people are there, and when they were last active.
#[utoipa::path(get, path = "/v1/presence", tag = "live", params(PresenceQuery),
    responses((status = 200, body = PresentPeople), (status = "4XX", body = Problem)))]
pub(super) async fn presence(
    State(app): State<App>,
    Person(person): Person,
    Query(query): Query<PresenceQuery>,
) -> Result<Json<PresentPeople>, ApiError> {
    let people = presence::of(&app.chat, &person, &query.ids).await?;
    Ok(Json(PresentPeople { people }))
}

/// How far everyone has read in a direct or group conversation; empty for channels.
#[utoipa::path(get, path = "/v1/conversations/{id}/receipts", tag = "live", params(("id" = ConversationId, Path)),
    responses((status = 200, body = Receipts), (status = "4XX", body = Problem)))]
pub(super) async fn receipts(
    State(app): State<App>,
    Person(person): Person,
    Path(id): Path<ConversationId>,
) -> Result<Json<Receipts>, ApiError> {
    let receipts = receipts::of(&app.chat, &person, &id).await?;
    Ok(Json(Receipts { receipts }))
}

/// Says that the person types there.
#[utoipa::path(post, path = "/v1/conversations/{id}/typing", tag = "live", params(("id" = ConversationId, Path)),
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(super) async fn typing(
    State(app): State<App>,
    Person(person): Person,
    Path(id): Path<ConversationId>,
) -> Result<StatusCode, ApiError> {
    typing::note(&app.chat, &person, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
