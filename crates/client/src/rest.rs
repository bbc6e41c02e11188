//! One REST request and its answer. Every fault becomes a [`Failure`] that a person can be told.

pub(crate) mod chat;
pub(crate) mod identity;

use std::time::Duration;

use protocol::{ErrorCode, Problem};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde::de::DeserializeOwned;

use crate::address::Address;
use crate::network::{Network, NetworkError, ProxyFault, Route, failure_of};
use crate::view::Failure;

/// A whole request. The server answers in milliseconds; longer than this and the network is gone.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(20);
/// The largest answer that is read: a page of history of the longest messages, four times over.
const LARGEST_ANSWER: usize = 8 * 1024 * 1024;

/// A request as data, so that it can be sent again with a fresh token.
// Not Debug: bodies carry codes and tokens.
#[derive(Clone)]
pub(crate) struct Request {
    method: Method,
    path: String,
    query: Vec<(&'static str, String)>,
    body: Option<Body>,
    idempotency_key: Option<String>,
    /// The largest answer that is read.
    largest: usize,
    timeout: Duration,
}

#[derive(Clone)]
enum Body {
    Json(serde_json::Value),
    File { kind: &'static str, content: Vec<u8> },
}

impl Request {
    pub(crate) fn get(path: impl Into<String>) -> Self {
        Self::new(Method::GET, path)
    }

    pub(crate) fn post(path: impl Into<String>) -> Self {
        Self::new(Method::POST, path)
    }

    pub(crate) fn new(method: Method, path: impl Into<String>) -> Self {
        Self {
            method,
            path: path.into(),
            query: Vec::new(),
            body: None,
            idempotency_key: None,
            largest: LARGEST_ANSWER,
            timeout: REQUEST_TIMEOUT,
        }
    }

    pub(crate) fn query(mut self, name: &'static str, value: impl ToString) -> Self {
        self.query.push((name, value.to_string()));
        self
    }

    /// Bodies are our own types, whose JSON cannot fail.
    pub(crate) fn body(mut self, body: &impl serde::Serialize) -> Self {
        self.body = serde_json::to_value(body).ok().map(Body::Json);
        self
    }

    /// The content of a file of this media type.
    pub(crate) fn file(mut self, kind: &'static str, content: Vec<u8>) -> Self {
        self.body = Some(Body::File { kind, content });
        self
    }

    /// The answer may be as large as this, and take as long.
    pub(crate) fn expect(mut self, largest: usize, timeout: Duration) -> Self {
        self.largest = largest;
        self.timeout = timeout;
        self
    }

    pub(crate) fn idempotency_key(mut self, key: String) -> Self {
        self.idempotency_key = Some(key);
        self
    }
}

/// Asks one server.
#[derive(Clone)]
pub(crate) struct Rest {
    network: Network,
    server: Address,
}

impl Rest {
    pub(crate) fn new(network: Network, server: Address) -> Self {
        Self { network, server }
    }

    pub(crate) fn server(&self) -> &Address {
        &self.server
    }

    /// Sends a request and reads its JSON answer.
    pub(crate) async fn send<T: DeserializeOwned>(&self, request: &Request, token: Option<&str>) -> Result<T, Failure> {
        let body = self.answer(request, token).await?;
        serde_json::from_slice(&body).map_err(|_| self.not_loquat())
    }

    /// Sends a request whose answer says nothing more.
    pub(crate) async fn tell(&self, request: &Request, token: Option<&str>) -> Result<(), Failure> {
        self.answer(request, token).await.map(drop)
    }

    /// Sends a request whose answer is a file.
    pub(crate) async fn bytes(&self, request: &Request, token: Option<&str>) -> Result<Vec<u8>, Failure> {
        self.answer(request, token).await
    }

    async fn answer(&self, request: &Request, token: Option<&str>) -> Result<Vec<u8>, Failure> {
        let route = self.network.route(self.server.url()).await;
        let http = self.network.http(&route, self.server.is_encrypted()).await;
        let http = http.map_err(|error| self.not_even_tried(&route, &error))?;
        let mut builder = http
            .request(request.method.clone(), self.server.at(&request.path))
            .query(&request.query)
            .timeout(request.timeout);
        if let Some(token) = token {
            builder = builder.bearer_auth(token);
        }
        if let Some(key) = &request.idempotency_key {
            builder = builder.header("Idempotency-Key", key);
        }
        builder = match &request.body {
            Some(Body::Json(body)) => builder.json(body),
            Some(Body::File { kind, content }) => builder.header("Content-Type", *kind).body(content.clone()),
            None => builder,
        };
        let (status, body) = match read(builder, request.largest).await {
            Ok(Some(answer)) => answer,
            Ok(None) => return Err(self.not_loquat()),
            Err(error) => return Err(failure_of(&self.network, &route, self.server.text(), &error).await),
        };
        if status == StatusCode::PROXY_AUTHENTICATION_REQUIRED
            && let Route::Through { proxy, login } = &route
        {
            // Without TLS the proxy carries each request, and answers in the server's place.
            return Err(Failure::Proxy {
                proxy: proxy.text(),
                fault: ProxyFault::wants_login(login.is_some()),
            });
        }
        if status.is_success() {
            Ok(body)
        } else {
            Err(self.refusal(status.as_u16(), &body))
        }
    }

    fn refusal(&self, status: u16, body: &[u8]) -> Failure {
        match serde_json::from_slice::<Problem>(body) {
            Ok(problem) => refused(problem),
            Err(_) if is_problem(body) => refused(problem_of_a_newer_server(status, body)),
            // A load balancer speaks for a server that is away, without knowing our documents.
            Err(_) if matches!(status, 502..=504) => Failure::Refused {
                code: ErrorCode::Unavailable,
                detail: format!("the server answered with status {status}"),
                retry_after_s: None,
                tries_left: None,
            },
            Err(_) => self.not_loquat(),
        }
    }

    /// There is no way, or nobody is trusted.
    fn not_even_tried(&self, route: &Route, error: &NetworkError) -> Failure {
        match route {
            Route::Unusable { proxy } => Failure::Proxy {
                proxy: proxy.clone(),
                fault: ProxyFault::Unsupported,
            },
            _ => Failure::Unreachable {
                address: self.server.text().to_owned(),
                detail: error.to_string(),
            },
        }
    }

    /// Something answers there that does not speak as a Loquat server does.
    pub(crate) fn not_loquat(&self) -> Failure {
        Failure::NotLoquat {
            address: self.server.text().to_owned(),
        }
    }
}

/// Whether this is a problem document, though one whose code is not known here.
fn is_problem(body: &[u8]) -> bool {
    let json: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    let kind = json["type"].as_str().unwrap_or_default();
    kind.starts_with("urn:loquat:problem:") && json["code"].is_string()
}

/// A problem for a reason that this version does not know, as the nearest one that it knows.
fn problem_of_a_newer_server(status: u16, body: &[u8]) -> Problem {
    let json: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    let seconds = json["retry_after_s"].as_u64();
    let mut problem = Problem::new(
        code_in_place_of_unknown(status),
        json["detail"].as_str().unwrap_or_default(),
    );
    problem.retry_after_s = seconds.and_then(|seconds| u32::try_from(seconds).ok());
    problem
}

/// The code that a refusal for an unknown reason is treated as: repeated when the server is at fault, final otherwise.
pub(crate) fn code_in_place_of_unknown(status: u16) -> ErrorCode {
    match status {
        401 => ErrorCode::Unauthenticated,
        429 => ErrorCode::RateLimited,
        500.. => ErrorCode::Unavailable,
        _ => ErrorCode::Forbidden,
    }
}

/// A problem document as a person is told of it.
pub(crate) fn refused(problem: Problem) -> Failure {
    Failure::Refused {
        code: problem.code,
        detail: problem.detail,
        retry_after_s: problem.retry_after_s,
        tries_left: problem.tries_left,
    }
}

/// The refusal of something that was never sent because the server would refuse it.
pub(crate) fn refused_here(code: ErrorCode) -> Failure {
    Failure::Refused {
        code,
        detail: code.title().to_owned(),
        retry_after_s: None,
        tries_left: None,
    }
}

/// Sends a request and reads its answer; none when it is too large.
async fn read(request: RequestBuilder, largest: usize) -> Result<Option<(StatusCode, Vec<u8>)>, reqwest::Error> {
    let mut answer = request.send().await?;
    let status = answer.status();
    let mut body = Vec::new();
    while let Some(part) = answer.chunk().await? {
        if body.len() + part.len() > largest {
            return Ok(None);
        }
        body.extend_from_slice(&part);
    }
    Ok(Some((status, body)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_for_an_unknown_reason_is_a_refusal_of_a_loquat_server() {
        let rest = Rest::new(Network::default(), Address::parse("localhost:1").unwrap());
        let body =
            br#"{"type":"urn:loquat:problem:in_review","title":"In review","status":409,"detail":"It is in review.",
            "code":"in_review"}"#;
        for (status, expected) in [(409, ErrorCode::Forbidden), (503, ErrorCode::Unavailable)] {
            let Failure::Refused { code, detail, .. } = rest.refusal(status, body) else {
                panic!("not a refusal")
            };
            assert_eq!((code, detail.as_str()), (expected, "It is in review."));
        }
        assert!(matches!(rest.refusal(404, b"<html>"), Failure::NotLoquat { .. }));
    }
}
