//! `/v1/sessions`: the devices somebody is signed in on.

use axum::extract::State;
use http::StatusCode;
use protocol::rest::identity::{SessionInfo, Sessions};
use protocol::{Problem, SessionId};
use service_kit::ApiError;
use service_kit::auth::Caller;
use service_kit::extract::{Json, Path};

use super::administrator::Present;
use crate::app::App;
use crate::sessions::Session;

/// One's own devices, the last seen first.
#[utoipa::path(get, path = "/v1/sessions", tag = "sessions", security(("access_token" = [])),
    responses((status = 200, body = Sessions), (status = 401, body = Problem)))]
pub(super) async fn list(State(app): State<App>, caller: Caller) -> Result<Json<Sessions>, ApiError> {
    let devices = app.sessions.devices_of(&caller.user).await?;
    let sessions = devices
        .into_iter()
        .map(|session| shown(session, &caller.session))
        .collect();
    Ok(Json(Sessions { sessions }))
}

/// Ends all other sessions of the person: their devices erase what they hold.
#[utoipa::path(delete, path = "/v1/sessions", tag = "sessions", security(("access_token" = [])),
    responses((status = 204), (status = 401, body = Problem)))]
pub(super) async fn end_others(State(app): State<App>, present: Present) -> Result<StatusCode, ApiError> {
    app.sessions
        .revoke_others(&present.actor, &present.caller.session)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends one of one's own sessions: its device erases what it holds. Ending twice is fine.
#[utoipa::path(delete, path = "/v1/sessions/{id}", tag = "sessions", security(("access_token" = [])),
    params(("id" = String, Path, description = "The session's id")),
    responses((status = 204), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(super) async fn end(
    State(app): State<App>,
    present: Present,
    Path(id): Path<SessionId>,
) -> Result<StatusCode, ApiError> {
    app.sessions
        .revoke(&present.actor, &present.caller.session, &id)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

fn shown(session: Session, current: &SessionId) -> SessionInfo {
    SessionInfo {
        current: session.id == *current,
        id: session.id,
        name: session.device.name,
        system: session.device.system,
        signed_in_at: session.created_at,
        last_seen_at: session.seen.at,
        address: session.seen.address,
    }
}
