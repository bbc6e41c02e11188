//! Who may call what: every endpoint with no token, a stranger's, an expired one, and one of an ended session.

use std::collections::BTreeSet;

use protocol::ErrorCode;
use reqwest::{Method, StatusCode};

use super::harness::{Answer, Service};

enum Access {
    /// Anybody may call it, with whatever token.
    Everyone,
    /// Only with a token of a running session.
    SignedIn,
}

use Access::{Everyone, SignedIn};

/// Every endpoint of the OpenAPI document. One that is missing here fails the test below.
const ENDPOINTS: &[(&str, &str, Access)] = &[
    ("GET", "/.well-known/jwks.json", Everyone),
    ("GET", "/v1/auth/workspace", Everyone),
    ("POST", "/v1/auth/code", Everyone),
    ("POST", "/v1/auth/token", Everyone),
    ("POST", "/v1/auth/sign-out", SignedIn),
    ("GET", "/v1/users/me", SignedIn),
    ("PATCH", "/v1/users/me", SignedIn),
    ("GET", "/v1/users", SignedIn),
    ("GET", "/v1/users/{id}", SignedIn),
];

#[tokio::test]
async fn every_endpoint_of_the_description_has_a_row() {
    let service = Service::start().await;
    let described: BTreeSet<(String, String)> = service
        .api
        .paths
        .paths
        .iter()
        .flat_map(|(path, item)| {
            let operations = serde_json::to_value(item).unwrap();
            let methods: Vec<String> = operations
                .as_object()
                .unwrap()
                .keys()
                .map(|key| key.to_uppercase())
                .collect();
            methods.into_iter().map(|method| (method, path.clone()))
        })
        .collect();
    let rows = ENDPOINTS
        .iter()
        .map(|(method, path, _)| ((*method).to_owned(), (*path).to_owned()))
        .collect();
    assert_eq!(described, rows);
}

#[tokio::test]
async fn the_description_says_which_endpoints_want_a_token() {
    let service = Service::start().await;
    let api = serde_json::to_value(&service.api).unwrap();
    for (method, path, access) in ENDPOINTS {
        let security = api["paths"][path][method.to_lowercase()]["security"].to_string();
        assert_eq!(
            security.contains("access_token"),
            matches!(access, SignedIn),
            "{method} {path}: {security}"
        );
    }
}

#[tokio::test]
async fn a_token_that_does_not_count_opens_nothing() {
    let (service, elsewhere) = (Service::start().await, Service::start().await);
    let stranger = elsewhere.sign_in("eve@example.org").await.access_token;
    let expired = service.sign_in("ada@example.org").await.access_token;
    service.clock.advance_ms(600_000);
    let ended = service.sign_in("ben@example.org").await.access_token;
    assert_eq!(service.sign_out(&ended).await.status, StatusCode::NO_CONTENT);

    let presented = [
        ("no token", None, ErrorCode::Unauthenticated),
        ("a stranger's token", Some(&stranger), ErrorCode::Unauthenticated),
        ("an expired token", Some(&expired), ErrorCode::TokenExpired),
        ("an ended session", Some(&ended), ErrorCode::SessionEnded),
    ];
    for (method, path, access) in ENDPOINTS {
        for (what, token, refusal) in &presented {
            let answer = call(&service, method, path, token.map(String::as_str)).await;
            match access {
                SignedIn => {
                    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{method} {path} with {what}");
                    assert_eq!(answer.code(), *refusal, "{method} {path} with {what}");
                    assert_eq!(answer.headers["www-authenticate"], "Bearer");
                }
                Everyone => {
                    assert_ne!(
                        answer.status,
                        StatusCode::UNAUTHORIZED,
                        "{method} {path} with {what}: {}",
                        answer.body
                    );
                }
            }
        }
    }
}

#[tokio::test]
async fn a_good_token_opens_what_wants_one() {
    let service = Service::start().await;
    let ada = service.sign_in("ada@example.org").await;
    for (method, path, access) in ENDPOINTS {
        // Signing out would close the rest.
        if matches!(access, SignedIn) && *path != "/v1/auth/sign-out" {
            let path = path.replace("{id}", ada.user.as_str());
            let answer = call(&service, method, &path, Some(&ada.access_token)).await;
            assert_eq!(answer.status, StatusCode::OK, "{method} {path}: {}", answer.body);
        }
    }
}

async fn call(service: &Service, method: &str, path: &str, token: Option<&str>) -> Answer {
    let mut request = service.request(Method::from_bytes(method.as_bytes()).unwrap(), path);
    if method != "GET" {
        // Readable JSON of no particular kind: what is looked at here comes before the body.
        request = request.header("content-type", "application/json").body("{}");
    }
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    Answer::of(request).await
}
