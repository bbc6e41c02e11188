//! The rest of the fake server's REST interface: it answers what a test told it to, and writes down what it was asked.

#![expect(clippy::unwrap_used, reason = "a test ends where its server does")]

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use protocol::ErrorCode;
use serde_json::Value;

use crate::fake::{World, problem};

/// What one question is answered with.
#[derive(Clone)]
pub(crate) enum Answer {
    Json(Value),
    File(Vec<u8>),
    Nothing,
    Refused(ErrorCode),
}

impl World {
    /// From now on `question`, such as `GET /v1/sessions`, is answered so.
    pub(crate) fn answers(&self, question: &str, answer: Answer) {
        self.facts().script.insert(question.to_owned(), answer);
    }

    pub(crate) fn answers_json(&self, question: &str, answer: impl serde::Serialize) {
        self.answers(question, Answer::Json(serde_json::to_value(answer).unwrap()));
    }
}

pub(crate) async fn scripted(
    State(world): State<World>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if let Some(code) = world.refusal(&headers) {
        return problem(code);
    }
    let question = format!("{method} {}", uri.path());
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let said = match std::str::from_utf8(&body) {
        Ok(text) if text.len() < 200 => text.to_owned(),
        _ => format!("{} bytes of {}", body.len(), headers["content-type"].to_str().unwrap()),
    };
    let mut facts = world.facts();
    facts.diary.push(format!("{question}{query} {said}").trim().to_owned());
    match facts.script.get(&question).cloned() {
        Some(Answer::Json(answer)) => Json(answer).into_response(),
        Some(Answer::File(content)) => content.into_response(),
        Some(Answer::Nothing) => StatusCode::NO_CONTENT.into_response(),
        Some(Answer::Refused(code)) => problem(code),
        None => problem(ErrorCode::NotFound),
    }
}
