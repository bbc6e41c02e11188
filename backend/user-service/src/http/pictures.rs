//! Pictures of people: set, taken away, shown.

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::response::IntoResponse;
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use protocol::rest::identity::Person;
use protocol::{ErrorCode, Problem, UserId};
use service_kit::ApiError;
use service_kit::auth::Caller;
use service_kit::extract::{Json, Path};

use super::users::shown;
use crate::app::App;

/// Another picture has another name, so what lies under a name never changes.
const CACHED_FOR_EVER: &str = "private, max-age=31536000, immutable";

/// Gives the person who asks the picture in the body: PNG, JPEG or WebP. It is drawn anew, 256 pixels square.
#[utoipa::path(put, path = "/v1/users/me/picture", tag = "users", security(("access_token" = [])),
    request_body(content_type = "application/octet-stream", description = "The file"),
    responses(
        (status = 200, body = Person),
        (status = 401, body = Problem),
        (status = 413, description = "`too_large`", body = Problem),
        (status = 422, description = "`invalid_picture`", body = Problem),
        (status = 429, description = "`rate_limited`, with `Retry-After`", body = Problem),
    ))]
pub(super) async fn set(
    State(app): State<App>,
    caller: Caller,
    file: Result<Bytes, BytesRejection>,
) -> Result<Json<Person>, ApiError> {
    let file = file.map_err(|rejection| unread(&rejection))?;
    Ok(Json(shown(app.pictures.set(&caller.user, file.into()).await?)))
}

/// Takes the picture of the person who asks away.
#[utoipa::path(delete, path = "/v1/users/me/picture", tag = "users", security(("access_token" = [])),
    responses((status = 200, body = Person), (status = 401, body = Problem)))]
pub(super) async fn remove(State(app): State<App>, caller: Caller) -> Result<Json<Person>, ApiError> {
    Ok(Json(shown(app.pictures.remove(&caller.user).await?)))
}

/// Somebody's picture, under the name it has in `Person`.
#[utoipa::path(get, path = "/v1/users/{id}/picture/{picture}", tag = "users", security(("access_token" = [])),
    params(
        ("id" = String, Path, description = "The person's id"),
        ("picture" = String, Path, description = "`picture` of the person"),
    ),
    responses(
        (status = 200, description = "256 x 256 pixels", content_type = "image/png"),
        (status = 401, body = Problem),
        (status = 404, body = Problem),
    ))]
pub(super) async fn show(
    State(app): State<App>,
    _caller: Caller,
    Path((id, picture)): Path<(UserId, String)>,
) -> Result<impl IntoResponse, ApiError> {
    let png = app.pictures.find(&id, &picture).await?;
    let png = png.ok_or_else(ApiError::not_found)?;
    let headers = [
        (CONTENT_TYPE, "image/png"),
        (CACHE_CONTROL, CACHED_FOR_EVER),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
    ];
    Ok((headers, png))
}

fn unread(rejection: &BytesRejection) -> ApiError {
    let code = match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => ErrorCode::TooLarge,
        _ => ErrorCode::Malformed,
    };
    ApiError::new(code, rejection.body_text())
}
