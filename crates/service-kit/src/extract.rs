//! Reading requests: axum's extractors, but a request that cannot be read is answered with a problem document.

use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts};
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use protocol::ErrorCode;

use crate::ApiError;

/// Characters of a rejection that are told.
const LONGEST_DETAIL: usize = 300;

/// A JSON body, both ways.
#[derive(Debug, Clone, FromRequest)]
#[from_request(via(axum::Json), rejection(ApiError))]
pub struct Json<T>(pub T);

impl<T: serde::Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

/// Parts of the path.
#[derive(Debug, Clone, FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(ApiError))]
pub struct Path<T>(pub T);

/// The query string.
#[derive(Debug, Clone, FromRequestParts)]
#[from_request(via(axum::extract::Query), rejection(ApiError))]
pub struct Query<T>(pub T);

impl From<JsonRejection> for ApiError {
    fn from(rejection: JsonRejection) -> Self {
        let code = match rejection.status() {
            http::StatusCode::PAYLOAD_TOO_LARGE => ErrorCode::TooLarge,
            _ => ErrorCode::Malformed,
        };
        Self::new(code, shortened(&rejection.body_text()))
    }
}

impl From<PathRejection> for ApiError {
    /// A path whose parts are not ids names nothing that exists.
    fn from(_: PathRejection) -> Self {
        Self::not_found()
    }
}

impl From<QueryRejection> for ApiError {
    fn from(rejection: QueryRejection) -> Self {
        Self::new(ErrorCode::Malformed, shortened(&rejection.body_text()))
    }
}

/// What is wrong with a request may repeat what it said, however long that was.
fn shortened(text: &str) -> String {
    text.chars().take(LONGEST_DETAIL).collect()
}

/// The header under which a repeat of the same request is the same request.
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// Reads `Idempotency-Key`; it follows the rules of ids.
pub fn idempotency_key(headers: &HeaderMap) -> Result<Option<protocol::ClientId>, ApiError> {
    let Some(value) = headers.get(IDEMPOTENCY_KEY) else {
        return Ok(None);
    };
    let text = value.to_str().unwrap_or("");
    protocol::ClientId::parse(text)
        .map(Some)
        .map_err(|fault| ApiError::new(ErrorCode::Malformed, format!("Idempotency-Key: {fault}.")))
}
