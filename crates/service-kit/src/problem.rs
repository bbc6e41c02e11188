//! Errors at the border: RFC 9457 problem documents with a closed code.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use protocol::{ErrorCode, Problem};

/// An error answer. Its cause is logged once, by the layer that knows the request id, and never sent.
#[derive(Debug)]
pub struct ApiError {
    /// Boxed, because every handler returns this in a `Result`.
    problem: Box<Problem>,
    cause: Option<anyhow::Error>,
}

/// The answer's error, left in the response for the layer that adds the request id and logs the cause.
#[derive(Clone)]
pub(crate) struct Refusal {
    pub(crate) problem: Problem,
    pub(crate) cause: Option<std::sync::Arc<anyhow::Error>>,
}

impl ApiError {
    /// A refusal; `detail` says what happened and what to do.
    pub fn new(code: ErrorCode, detail: impl Into<String>) -> Self {
        Self {
            problem: Box::new(Problem::new(code, detail)),
            cause: None,
        }
    }

    /// A fault of the server, which the caller can do nothing about.
    pub fn internal(cause: impl Into<anyhow::Error>) -> Self {
        let problem = Problem::new(
            ErrorCode::Internal,
            "This is not your fault. Try again; if it stays, tell an administrator.",
        );
        Self {
            problem: Box::new(problem),
            cause: Some(cause.into()),
        }
    }

    /// The usual 404, the same for what is missing and for what belongs to someone else.
    pub fn not_found() -> Self {
        Self::new(ErrorCode::NotFound, "There is nothing here, or you may not see it.")
    }

    /// Adds when to come back.
    #[must_use]
    pub fn retry_after_s(mut self, seconds: u32) -> Self {
        self.problem.retry_after_s = Some(seconds);
        self
    }

    /// Adds how often a code may still be tried.
    #[must_use]
    pub fn tries_left(mut self, tries: u32) -> Self {
        self.problem.tries_left = Some(tries);
        self
    }

    /// Adds what went wrong inside, for the log.
    #[must_use]
    pub fn because(mut self, cause: impl Into<anyhow::Error>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// What kind of refusal it is.
    pub fn code(&self) -> ErrorCode {
        self.problem.code
    }

    /// The document that is sent.
    pub fn problem(&self) -> &Problem {
        &self.problem
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let refusal = Refusal {
            problem: *self.problem,
            cause: self.cause.map(std::sync::Arc::new),
        };
        let mut response = refusal.problem_response();
        response.extensions_mut().insert(refusal);
        response
    }
}

impl Refusal {
    /// The document as a response.
    pub(crate) fn problem_response(&self) -> Response {
        let status = StatusCode::from_u16(self.problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self.problem).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if let Some(seconds) = self.problem.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_says_when_to_come_back() {
        let response = ApiError::new(ErrorCode::RateLimited, "Too many codes.")
            .retry_after_s(240)
            .into_response();
        assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(response.headers()[header::RETRY_AFTER], "240");
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
    }
}
