//! `/.well-known/jwks.json`: the keys that access tokens are checked with.

use axum::extract::State;
use axum::response::IntoResponse;
use http::header::CACHE_CONTROL;
use service_kit::extract::Json;

use crate::app::App;

/// Short enough that a new key is known everywhere within the lifetime of a token.
const CACHED_FOR: &str = "public, max-age=60";

/// The public keys as a JWKS document (RFC 7517).
#[utoipa::path(get, path = "/.well-known/jwks.json", tag = "auth", security(()),
    responses((status = 200, description = "A JWKS document", content_type = "application/json")))]
pub(super) async fn published(State(app): State<App>) -> impl IntoResponse {
    ([(CACHE_CONTROL, CACHED_FOR)], Json(app.keys.jwks()))
}
