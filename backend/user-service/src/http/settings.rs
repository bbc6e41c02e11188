//! `/v1/settings`: how the workspace is set up.

use axum::extract::State;
use protocol::Problem;
use protocol::rest::identity::{SettingsChange, WorkspaceSettings};
use service_kit::ApiError;
use service_kit::auth::Caller;
use service_kit::extract::Json;

use super::administrator::Administrator;
use crate::app::App;
use crate::workspace::Setup;

/// How the workspace is set up, for everybody who is signed in.
#[utoipa::path(get, path = "/v1/settings", tag = "settings", security(("access_token" = [])),
    responses((status = 200, body = WorkspaceSettings), (status = 401, body = Problem)))]
pub(super) async fn read(State(app): State<App>, _caller: Caller) -> Result<Json<WorkspaceSettings>, ApiError> {
    let setup = app.workspace.setup().await?;
    Ok(Json(shown(&app, setup)))
}

/// Changes what is given, at once. For administrators.
#[utoipa::path(patch, path = "/v1/settings", tag = "settings", security(("access_token" = [])),
    request_body = SettingsChange,
    responses(
        (status = 200, body = WorkspaceSettings),
        (status = 401, body = Problem),
        (status = 403, description = "`forbidden`", body = Problem),
        (status = 422, description = "`invalid_name`, `invalid_domain`", body = Problem),
    ))]
pub(super) async fn change(
    State(app): State<App>,
    Administrator(by): Administrator,
    Json(change): Json<SettingsChange>,
) -> Result<Json<WorkspaceSettings>, ApiError> {
    let setup = app.workspace.change(&by, &change).await?;
    Ok(Json(shown(&app, setup)))
}

fn shown(app: &App, setup: Setup) -> WorkspaceSettings {
    WorkspaceSettings {
        any_domain: app.workspace.admits_any_domain(&setup),
        name: setup.name,
        sign_in_domains: setup.sign_in_domains,
        channel_creation: setup.channel_creation,
        version: setup.version,
    }
}
