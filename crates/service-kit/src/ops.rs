//! The operations address: figures and probes for machines, draining for people. Never for the world.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use http::{HeaderValue, StatusCode, header};
use prometheus_client::encoding::EncodeLabelSet;
use serde_json::json;

use crate::Lifecycle;
use crate::health::Health;
use crate::metrics::{CounterBy, Family, Histogram, Metrics};

/// The media type of OpenMetrics 1.0.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// `/metrics`, the probes, and `POST /admin/drain`.
pub fn routes(metrics: Metrics, health: Health, lifecycle: &Lifecycle) -> Router {
    Router::new()
        .route("/metrics", get(figures))
        .with_state(metrics)
        .route("/admin/drain", post(drain).with_state(lifecycle.clone()))
        .merge(crate::http::probes(health, lifecycle))
}

/// The classes of a status, by its first digit.
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// Measures how long requests take, by route and outcome, and counts how they ended.
pub fn measured(routes: Router, metrics: &Metrics) -> Router {
    let requests = Requests {
        times: metrics.times_by("http_request", "Answering a request, by route and status"),
        answers: metrics.counter_by(
            "http_answers",
            "Answers, by the class of their status",
            "class",
            &CLASSES,
        ),
    };
    routes.layer(middleware::from_fn_with_state(requests, measure))
}

/// What is known of requests. The times are there once somebody asked; the answers from the start, so that the first
/// fault is seen as one more.
#[derive(Debug, Clone)]
struct Requests {
    times: Family<Answered, Histogram>,
    answers: CounterBy,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: String,
    route: String,
    status: u16,
}

async fn measure(State(requests): State<Requests>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    // The pattern, because paths with ids would make a label without end; an unknown path or method likewise.
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map(|path| path.as_str().to_owned());
    let method = request.method().to_string();
    let response = next.run(request).await;
    let status = response.status().as_u16();
    if let Some(class) = CLASSES.get(usize::from(status / 100).wrapping_sub(1)) {
        requests.answers.count(class);
    }
    if let Some(route) = route {
        let answered = Answered { method, route, status };
        requests
            .times
            .get_or_create(&answered)
            .observe(started.elapsed().as_secs_f64());
    }
    response
}

async fn figures(State(metrics): State<Metrics>) -> Response {
    match metrics.text() {
        Ok(text) => ([(header::CONTENT_TYPE, HeaderValue::from_static(OPEN_METRICS))], text).into_response(),
        Err(fault) => {
            tracing::error!(%fault, "the metrics cannot be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Answers at once; connections are sent away over the next moments.
async fn drain(State(lifecycle): State<Lifecycle>) -> (StatusCode, Json<serde_json::Value>) {
    tracing::info!("draining: nobody is taken in any more");
    lifecycle.drain();
    (StatusCode::ACCEPTED, Json(json!({ "draining": true })))
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use tower::ServiceExt as _;

    use super::*;

    async fn ask(routes: &Router, method: &str, path: &str) -> (StatusCode, String) {
        let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
        let response = routes.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let body = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn a_drained_process_lives_and_is_neither_healthy_nor_ready() {
        let lifecycle = Lifecycle::new();
        let ops = routes(Metrics::default(), Health::default(), &lifecycle);
        assert_eq!(ask(&ops, "GET", "/readyz").await.0, StatusCode::OK);
        assert_eq!(ask(&ops, "POST", "/admin/drain").await.0, StatusCode::ACCEPTED);
        assert_eq!(ask(&ops, "GET", "/healthz").await.0, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(ask(&ops, "GET", "/readyz").await.0, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(ask(&ops, "GET", "/livez").await.0, StatusCode::OK);
        assert!(lifecycle.is_draining() && !lifecycle.is_stopping());
    }

    #[tokio::test]
    async fn requests_are_measured_by_route_and_never_by_path() {
        let metrics = Metrics::default();
        let served = Router::new().route("/v1/things/{id}", get(async || "thing"));
        let served = measured(served, &metrics);
        ask(&served, "GET", "/v1/things/secret-7").await;
        ask(&served, "GET", "/unknown/secret-8").await;
        let (_, text) = ask(
            &routes(metrics, Health::default(), &Lifecycle::new()),
            "GET",
            "/metrics",
        )
        .await;
        let line = r#"loquat_http_request_seconds_count{method="GET",route="/v1/things/{id}",status="200"} 1"#;
        assert!(text.contains(line), "{text}");
        assert!(!text.contains("secret"), "{text}");
    }

    #[tokio::test]
    async fn answers_are_counted_by_class_from_the_start() {
        let metrics = Metrics::default();
        let served = Router::new().route("/v1/fails", get(async || StatusCode::BAD_GATEWAY));
        let served = measured(served, &metrics);
        let count = |class: &str| {
            let line = format!("loquat_http_answers_total{{class=\"{class}\"}} ");
            let text = metrics.text().unwrap();
            let found = text
                .lines()
                .find_map(|found| found.strip_prefix(&line).map(str::to_owned));
            found.unwrap_or_else(|| panic!("{line} is not in {text}"))
        };
        for class in CLASSES {
            assert_eq!(count(class), "0", "{class}");
        }
        ask(&served, "GET", "/v1/fails").await;
        ask(&served, "GET", "/v1/nowhere").await;
        assert_eq!((count("5xx"), count("4xx")), ("1".to_owned(), "1".to_owned()));
    }
}
