//! One REST request and its answer. Every fault becomes a [`Failure`] that a person can be told.

pub(crate) mod chat;
pub(crate) mod identity;

use std::error::Error;
use std::time::Duration;

use protocol::{ErrorCode, Problem};
use reqwest::Method;
use serde::de::DeserializeOwned;

use crate::address::Address;
use crate::view::Failure;

/// Finding the server and shaking hands.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// A whole request. The server answers in milliseconds; longer than this and the network is gone.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(20);
/// The largest answer that is read: a page of history of the longest messages, four times over.
const LARGEST_ANSWER: usize = 8 * 1024 * 1024;

/// A request as data, so that it can be sent again with a fresh token.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    method: Method,
    path: String,
    query: Vec<(&'static str, String)>,
    body: Option<serde_json::Value>,
    idempotency_key: Option<String>,
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
        }
    }

    pub(crate) fn query(mut self, name: &'static str, value: impl ToString) -> Self {
        self.query.push((name, value.to_string()));
        self
    }

    /// Bodies are our own types, whose JSON cannot fail.
    pub(crate) fn body(mut self, body: &impl serde::Serialize) -> Self {
        self.body = serde_json::to_value(body).ok();
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
    http: reqwest::Client,
    server: Address,
}

impl Rest {
    pub(crate) fn new(server: Address) -> Result<Self, Failure> {
        crate::tls::install();
        let mut builder = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(REQUEST_TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("loquat/", env!("CARGO_PKG_VERSION")));
        if server.is_this_machine() {
            // A proxy of the system stands elsewhere and would look for the server on itself.
            builder = builder.no_proxy();
        }
        if !server.is_encrypted() {
            builder = builder.tls_backend_preconfigured(crate::tls::unused());
        }
        let http = builder.build().map_err(|error| unreachable(&server, &error))?;
        Ok(Self { http, server })
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

    async fn answer(&self, request: &Request, token: Option<&str>) -> Result<Vec<u8>, Failure> {
        let mut builder = self
            .http
            .request(request.method.clone(), self.server.at(&request.path))
            .query(&request.query);
        if let Some(token) = token {
            builder = builder.bearer_auth(token);
        }
        if let Some(key) = &request.idempotency_key {
            builder = builder.header("Idempotency-Key", key);
        }
        if let Some(body) = &request.body {
            builder = builder.json(body);
        }
        let mut answer = builder
            .send()
            .await
            .map_err(|error| unreachable(&self.server, &error))?;
        let status = answer.status();
        let mut body = Vec::new();
        while let Some(part) = answer
            .chunk()
            .await
            .map_err(|error| unreachable(&self.server, &error))?
        {
            if body.len() + part.len() > LARGEST_ANSWER {
                return Err(self.not_loquat());
            }
            body.extend_from_slice(&part);
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

    fn not_loquat(&self) -> Failure {
        Failure::NotLoquat {
            address: self.server.text().to_owned(),
        }
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

/// Why there was no answer, told apart from a certificate that is not trusted.
pub(crate) fn unreachable(server: &Address, error: &(dyn Error + 'static)) -> Failure {
    let address = server.text().to_owned();
    if let Some(detail) = crate::tls::certificate_fault(error) {
        return Failure::CertificateNotTrusted { address, detail };
    }
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    Failure::Unreachable {
        address,
        detail: innermost.to_string(),
    }
}
