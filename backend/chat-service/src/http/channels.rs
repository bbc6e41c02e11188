//! `/v1/channels`: finding channels to join.

use axum::extract::State;
use protocol::Problem;
use protocol::rest::chat::{Channels, ChannelsQuery};
use service_kit::ApiError;
use service_kit::extract::{Json, Query};

use super::Person;
use crate::app::App;
use crate::conversations;

/// Public channels, and private ones the person is a member of, by name.
#[utoipa::path(get, path = "/v1/channels", tag = "conversations", params(ChannelsQuery),
    responses((status = 200, body = Channels), (status = "4XX", body = Problem)))]
pub(super) async fn list(
    State(app): State<App>,
    Person(person): Person,
    Query(query): Query<ChannelsQuery>,
) -> Result<Json<Channels>, ApiError> {
    let (channels, next) = conversations::channels(&app.chat, &person, query).await?;
    Ok(Json(Channels { channels, next }))
}
