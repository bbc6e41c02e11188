//! Serving a router: request ids, size limits, one access log line, health, an orderly end.

mod connections;

use std::future::Future;
use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use axum::extract::{ConnectInfo, DefaultBodyLimit, MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Router, middleware};
use futures_util::FutureExt as _;
use http::{HeaderValue, StatusCode};
use protocol::ErrorCode;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tracing::Instrument as _;

use crate::health::Health;
use crate::problem::Refusal;
use crate::trace::Trace;
use crate::{ApiError, Lifecycle, SharedRandom};

pub use connections::{Connection, ConnectionLimits, serve_within};

/// The largest request body, in bytes. Every body of the interface is far smaller.
const LONGEST_BODY: usize = 64 * 1024;
/// A request that is not answered after this time is given up.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
/// The header that carries the request id, both ways.
const REQUEST_ID: &str = "x-request-id";

/// Adds what every service's interface has around its own routes: problem documents for unknown paths and
/// methods, request ids, limits, the access log, and `/livez`, `/readyz`, `/healthz`.
pub fn finish(routes: Router, health: Health, lifecycle: &Lifecycle, random: SharedRandom) -> Router {
    routes
        .merge(probes(health, lifecycle))
        .fallback(async || ApiError::not_found())
        .method_not_allowed_fallback(async || {
            ApiError::new(
                ErrorCode::MethodNotAllowed,
                "This path exists, but not with this method.",
            )
        })
        .layer(DefaultBodyLimit::max(LONGEST_BODY))
        .layer(middleware::from_fn_with_state(
            (random, lifecycle.clone()),
            around_request,
        ))
}

/// `/livez`, `/readyz` and `/healthz`.
pub(crate) fn probes(health: Health, lifecycle: &Lifecycle) -> Router {
    Router::new()
        .route("/livez", get(async || "alive"))
        .route("/readyz", get(readyz))
        .route("/healthz", get(healthz))
        .with_state((health, lifecycle.clone()))
}

/// Serves until the lifecycle stops, then finishes the requests that are running.
pub async fn serve(listener: TcpListener, router: Router, lifecycle: Lifecycle) -> anyhow::Result<()> {
    serve_within(listener, router, lifecycle, ConnectionLimits::default()).await
}

/// Whether it can do its work.
async fn readyz(State((health, lifecycle)): State<(Health, Lifecycle)>) -> Response {
    let mut readiness = health.readiness();
    if lifecycle.is_draining() {
        readiness.ready = false;
        readiness.parts.insert("process", "draining".to_owned());
    }
    let status = if readiness.ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, axum::Json(readiness)).into_response()
}

/// Whether a load balancer should send anyone here: fails only while draining, never for an engine that is away.
async fn healthz(State((_, lifecycle)): State<(Health, Lifecycle)>) -> Response {
    if lifecycle.is_draining() {
        (StatusCode::SERVICE_UNAVAILABLE, "draining").into_response()
    } else {
        "healthy".into_response()
    }
}

async fn around_request(
    State((random, lifecycle)): State<(SharedRandom, Lifecycle)>,
    request: Request,
    next: Next,
) -> Response {
    let request_id = request_id(&request, &random);
    let method = request.method().clone();
    // The pattern, not the path: ids of people and conversations stay out of the log.
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "unknown".to_owned(), |path| path.as_str().to_owned());
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|info| info.0.ip().to_string());
    let started = Instant::now();
    let trace = Trace::of(request.headers(), &*random);
    let span = tracing::info_span!("request", request_id, trace_id = trace.id());

    let answering = trace.scope(next.run(request)).instrument(span.clone());
    let response = answer_to(answering, &lifecycle).await;
    let _inside = span.enter();
    let mut response = name_refusal(response, &request_id);
    if let Ok(value) = HeaderValue::from_str(&request_id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    let status = response.status().as_u16();
    // A number of 128 bits would stand in quotes in the log.
    let elapsed_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::debug!(%method, route, status, elapsed_ms, peer, "request");
    response
}

/// Runs the handler to its end, also when the caller hangs up meanwhile.
///
/// What is stored must have its effects: who else is told, what is denied from now on. A handler that was dropped
/// between the two would leave them undone.
async fn answer_to(handler: impl Future<Output = Response> + Send + 'static, lifecycle: &Lifecycle) -> Response {
    let (answer, answered) = oneshot::channel();
    lifecycle.spawn("request", async move {
        // Nothing is shared with a handler that panics but what other requests share, too, and locks bear it.
        let answering = AssertUnwindSafe(handler).catch_unwind();
        let response = match tokio::time::timeout(REQUEST_TIMEOUT, answering).await {
            Ok(Ok(response)) => response,
            Ok(Err(_panic)) => ApiError::internal(anyhow::anyhow!("the handler panicked")).into_response(),
            Err(_elapsed) => unavailable("This took too long. Try again in a moment."),
        };
        // The caller may have hung up.
        drop(answer.send(response));
        Ok(())
    });
    answered
        .await
        .unwrap_or_else(|_dropped| unavailable("The server stops. Try again in a moment."))
}

fn unavailable(detail: &str) -> Response {
    ApiError::new(ErrorCode::Unavailable, detail)
        .retry_after_s(1)
        .into_response()
}

/// Takes the caller's id when it is a plain short text, so that one id follows a request through all services.
fn request_id(request: &Request, random: &SharedRandom) -> String {
    let given = request.headers().get(REQUEST_ID).and_then(|value| value.to_str().ok());
    let plain = |text: &&str| {
        (8..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    given
        .filter(plain)
        .map_or_else(|| format!("{:032x}", random.bits()), str::to_owned)
}

/// Writes the request id into a problem document and logs its cause, once.
fn name_refusal(mut response: Response, request_id: &str) -> Response {
    let Some(mut refusal) = response.extensions_mut().remove::<Refusal>() else {
        return response;
    };
    if let Some(cause) = &refusal.cause {
        let code = refusal.problem.code.as_str();
        tracing::error!(code, cause = format!("{cause:#}"), "a request failed");
    }
    request_id.clone_into(&mut refusal.problem.request_id);
    let mut named = refusal.problem_response();
    for (name, value) in response.headers() {
        if !named.headers().contains_key(name) && name != http::header::CONTENT_LENGTH {
            named.headers_mut().append(name, value.clone());
        }
    }
    named
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use protocol::Problem;
    use tower::ServiceExt as _;

    use super::*;
    use crate::SystemRandom;

    async fn answer(routes: Router, path: &str) -> (StatusCode, Vec<u8>) {
        let router = finish(routes, Health::default(), &Lifecycle::new(), Arc::new(SystemRandom));
        let request = Request::builder()
            .uri(path)
            .header(REQUEST_ID, "abcdefgh-1")
            .body(axum::body::Body::empty())
            .unwrap();
        let response = router.oneshot(request).await.unwrap();
        let status = response.status();
        (
            status,
            axum::body::to_bytes(response.into_body(), LONGEST_BODY)
                .await
                .unwrap()
                .to_vec(),
        )
    }

    #[tokio::test]
    async fn an_unknown_path_is_a_problem_with_the_request_id() {
        let (status, body) = answer(Router::new(), "/v1/nowhere").await;
        let problem: Problem = serde_json::from_slice(&body).unwrap();
        assert_eq!(status, StatusCode::NOT_FOUND);
        assert_eq!(
            (problem.code, problem.request_id.as_str()),
            (ErrorCode::NotFound, "abcdefgh-1")
        );
    }

    #[tokio::test]
    async fn the_cause_of_a_fault_is_never_sent() {
        let routes = Router::new().route(
            "/",
            get(async || ApiError::internal(anyhow::anyhow!("the secret cause"))),
        );
        let (status, body) = answer(routes, "/").await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!String::from_utf8(body).unwrap().contains("secret cause"));
    }

    #[tokio::test]
    async fn a_handler_that_panics_is_a_fault_like_others() {
        async fn careless() -> &'static str {
            panic!("on purpose")
        }
        let (status, body) = answer(Router::new().route("/", get(careless)), "/").await;
        let problem: Problem = serde_json::from_slice(&body).unwrap();
        assert_eq!(
            (status, problem.code),
            (StatusCode::INTERNAL_SERVER_ERROR, ErrorCode::Internal)
        );
    }

    #[tokio::test]
    async fn a_request_is_carried_out_to_its_end_when_the_caller_hangs_up() {
        // The process goes on, whoever hangs up.
        let lifecycle = Lifecycle::new();
        let (begun, finished) = (
            Arc::new(tokio::sync::Notify::new()),
            Arc::new(tokio::sync::Notify::new()),
        );
        let (begin, go_on, finish_up) = (
            Arc::clone(&begun),
            Arc::new(tokio::sync::Notify::new()),
            Arc::clone(&finished),
        );
        let wait = Arc::clone(&go_on);
        let handler = move || async move {
            begin.notify_one();
            wait.notified().await;
            finish_up.notify_one();
        };
        let router = finish(
            Router::new().route("/", get(handler)),
            Health::default(),
            &lifecycle,
            Arc::new(SystemRandom),
        );
        let request = Request::builder().body(axum::body::Body::empty()).unwrap();
        tokio::select! {
            _ = router.oneshot(request) => panic!("it waits"),
            () = begun.notified() => {}
        }
        // The caller is gone: its future was dropped.
        go_on.notify_one();
        let ended = tokio::time::timeout(Duration::from_secs(20), finished.notified());
        assert!(ended.await.is_ok());
    }
}
