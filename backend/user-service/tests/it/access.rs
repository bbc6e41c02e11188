//! Who may call what: every endpoint with no token, a stranger's, an expired one, one of an ended, a revoked and a
//! deactivated person's session, and those for administrators by somebody who is none.

use std::collections::BTreeSet;

use protocol::ErrorCode;
use protocol::rest::identity::{PersonChange, Tokens};
use reqwest::{Method, StatusCode};

use super::harness::{Answer, Service};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    /// Anybody may call it, with whatever token.
    Everyone,
    /// Only with a token of a running session.
    SignedIn,
    /// Only with a token of a running session of an administrator.
    Administrators,
}

use Access::{Administrators, Everyone, SignedIn};

/// Every endpoint of the OpenAPI document. One that is missing here fails the test below.
const ENDPOINTS: &[(&str, &str, Access)] = &[
    ("GET", "/.well-known/jwks.json", Everyone),
    ("GET", "/v1/auth/workspace", Everyone),
    ("POST", "/v1/auth/code", Everyone),
    ("POST", "/v1/auth/token", Everyone),
    ("GET", "/v1/users/me", SignedIn),
    ("PATCH", "/v1/users/me", SignedIn),
    ("PUT", "/v1/users/me/picture", SignedIn),
    ("DELETE", "/v1/users/me/picture", SignedIn),
    ("GET", "/v1/users", SignedIn),
    ("GET", "/v1/users/{id}", SignedIn),
    ("PATCH", "/v1/users/{id}", Administrators),
    ("GET", "/v1/users/{id}/picture/{picture}", SignedIn),
    ("GET", "/v1/sessions", SignedIn),
    ("DELETE", "/v1/sessions/{id}", SignedIn),
    ("DELETE", "/v1/sessions", SignedIn),
    ("GET", "/v1/invitations", Administrators),
    ("POST", "/v1/invitations", Administrators),
    ("DELETE", "/v1/invitations/{id}", Administrators),
    ("GET", "/v1/settings", SignedIn),
    ("PATCH", "/v1/settings", Administrators),
    ("GET", "/v1/audit", Administrators),
    ("GET", "/v1/audit/export", Administrators),
    // Last, because it closes the rest.
    ("POST", "/v1/auth/sign-out", SignedIn),
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
async fn the_description_says_who_may_call() {
    let service = Service::start().await;
    let api = serde_json::to_value(&service.api).unwrap();
    for (method, path, access) in ENDPOINTS {
        let described = &api["paths"][path][method.to_lowercase()];
        let security = described["security"].to_string();
        assert_eq!(
            security.contains("access_token"),
            *access != Everyone,
            "{method} {path}"
        );
        if *access == Administrators {
            assert!(described["responses"]["403"].is_object(), "{method} {path}");
        }
    }
}

#[tokio::test]
async fn a_token_that_does_not_count_opens_nothing() {
    let (service, elsewhere) = (Service::start().await, Service::start().await);
    let stranger = elsewhere.sign_in("eve@example.org").await.access_token;
    let expired = service.sign_in("root@example.org").await.access_token;
    service.clock.advance_ms(600_000);
    let ended = service.sign_in("ben@example.org").await.access_token;
    assert_eq!(service.sign_out(&ended).await.status, StatusCode::NO_CONTENT);
    let revoked = revoked(&service).await.access_token;
    let deactivated = deactivated(&service).await.access_token;

    let presented = [
        ("no token", None, ErrorCode::Unauthenticated),
        ("a stranger's token", Some(&stranger), ErrorCode::Unauthenticated),
        ("an expired token", Some(&expired), ErrorCode::TokenExpired),
        ("an ended session", Some(&ended), ErrorCode::SessionEnded),
        ("a revoked session", Some(&revoked), ErrorCode::SessionEnded),
        ("a deactivated person", Some(&deactivated), ErrorCode::SessionEnded),
    ];
    for (method, path, access) in ENDPOINTS {
        for (what, token, refusal) in &presented {
            let answer = call(&service, method, path, token.map(String::as_str)).await;
            if *access == Everyone {
                let (status, body) = (answer.status, &answer.body);
                assert_ne!(status, StatusCode::UNAUTHORIZED, "{method} {path} with {what}: {body}");
            } else {
                assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{method} {path} with {what}");
                assert_eq!(answer.code(), *refusal, "{method} {path} with {what}");
                assert_eq!(answer.headers["www-authenticate"], "Bearer");
            }
        }
    }
}

#[tokio::test]
async fn what_is_for_administrators_is_refused_to_everybody_else_and_changes_nothing() {
    let service = Service::start().await;
    let root = service.sign_in("root@example.org").await;
    let ada = service.sign_in("ada@example.org").await;
    for (method, path, access) in ENDPOINTS {
        let path = path.replace("{id}", ada.user.as_str());
        let answer = call(&service, method, &path, Some(&ada.access_token)).await;
        let refused = answer.status == StatusCode::FORBIDDEN;
        assert_eq!(refused, *access == Administrators, "{method} {path}: {}", answer.body);
        if refused {
            assert_eq!(answer.code(), ErrorCode::Forbidden, "{method} {path}");
        }
    }
    let ada = service.sign_in("ada@example.org").await;
    let everybody = service.get("/v1/users?deactivated=true", &ada.access_token).await;
    assert_eq!(everybody.code(), ErrorCode::Forbidden);
    let audit = service.get("/v1/audit", &root.access_token).await;
    for action in ["audit_exported", "invited", "role_changed", "settings_changed"] {
        assert!(!audit.body.contains(action), "{}", audit.body);
    }
}

#[tokio::test]
async fn whoever_is_an_administrator_no_more_is_refused_at_once() {
    let service = Service::start().await;
    let root = service.sign_in("root@example.org").await;
    let ada = service.sign_in("ada@example.org").await;
    let path = format!("/v1/users/{}", ada.user);
    for (role, status) in [("administrator", StatusCode::OK), ("member", StatusCode::FORBIDDEN)] {
        let change = serde_json::json!({ "role": role });
        assert_eq!(
            service.patch(&path, &root.access_token, &change).await.status,
            StatusCode::OK
        );
        assert_eq!(service.get("/v1/audit", &ada.access_token).await.status, status);
    }
}

#[tokio::test]
async fn a_good_token_opens_what_wants_one() {
    let service = Service::start().await;
    let root = service.sign_in("root@example.org").await;
    for (method, path, access) in ENDPOINTS {
        if *access == Everyone {
            continue;
        }
        let path = path.replace("{id}", root.user.as_str());
        let answer = call(&service, method, &path, Some(&root.access_token)).await;
        // What is asked for may be missing or not to be read; it was not refused.
        let refused = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN].contains(&answer.status);
        assert!(!refused, "{method} {path}: {}", answer.body);
    }
}

/// A session that its person ended from another device.
async fn revoked(service: &Service) -> Tokens {
    let desk = service.sign_in("cleo@example.org").await;
    let lost = service.sign_in("cleo@example.org").await;
    let answer = service.delete("/v1/sessions", &desk.access_token).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert_eq!(
        service.refresh(&lost.refresh_token).await.code(),
        ErrorCode::SessionRevoked
    );
    lost
}

/// A session of somebody whom an administrator deactivated.
async fn deactivated(service: &Service) -> Tokens {
    let root = service.sign_in("root@example.org").await;
    let dora = service.sign_in("dora@example.org").await;
    let change = PersonChange {
        active: Some(false),
        ..PersonChange::default()
    };
    let path = format!("/v1/users/{}", dora.user);
    let answer = service.patch(&path, &root.access_token, &change).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(
        service.refresh(&dora.refresh_token).await.code(),
        ErrorCode::Deactivated
    );
    dora
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
