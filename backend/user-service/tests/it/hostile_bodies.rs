//! Bodies that nobody would type: refused clearly, or kept as something that can be shown.

use protocol::rest::identity::{Person, Sessions};
use protocol::{ErrorCode, Problem};
use reqwest::Method;
use serde_json::{Value, json};

use super::harness::{Answer, Service};

/// An endpoint with a JSON body: method, path, and what puts a text where the endpoint reads one.
type Endpoint = (&'static str, String, Vec<fn(&str) -> Value>);

fn endpoints(person: &str) -> Vec<Endpoint> {
    vec![
        (
            "POST",
            "/v1/auth/code".to_owned(),
            vec![|text| json!({ "email": text })],
        ),
        (
            "POST",
            "/v1/auth/token".to_owned(),
            vec![
                |text| json!({ "grant": text }),
                |text| json!({ "grant": "code", "request": text, "code": text, "device": { "name": text, "system": text } }),
                |text| json!({ "grant": "invitation", "invitation": text, "device": { "name": text, "system": text } }),
                |text| json!({ "grant": "refresh", "refresh_token": text }),
            ],
        ),
        (
            "PATCH",
            "/v1/users/me".to_owned(),
            vec![
                |text| json!({ "name": text }),
                |text| json!({ "title": text }),
                |text| json!({ "time_zone": text }),
            ],
        ),
        (
            "PATCH",
            format!("/v1/users/{person}"),
            vec![|text| json!({ "role": text })],
        ),
        (
            "POST",
            "/v1/invitations".to_owned(),
            vec![
                |text| json!({ "email": text }),
                |text| json!({ "email": "a@b.org", "role": text }),
            ],
        ),
        (
            "PATCH",
            "/v1/settings".to_owned(),
            vec![
                |text| json!({ "name": text }),
                |text| json!({ "sign_in_domains": [text] }),
                |text| json!({ "channel_creation": text }),
            ],
        ),
    ]
}

async fn send(service: &Service, method: &str, path: &str, token: &str, body: Vec<u8>) -> Answer {
    let request = service
        .request(Method::from_bytes(method.as_bytes()).unwrap(), path)
        .bearer_auth(token)
        .header("content-type", "application/json")
        .body(body);
    Answer::of(request).await
}

/// A refusal of the request, with a code of the protocol.
fn refused(answer: &Answer) -> Problem {
    let problem = answer.problem();
    assert!((400..500).contains(&problem.status), "{}", answer.body);
    assert!(
        problem.detail.len() < 1_000,
        "an answer does not repeat what it was sent"
    );
    problem
}

#[tokio::test]
async fn every_endpoint_with_a_body_is_looked_at() {
    let service = Service::start().await;
    let api = serde_json::to_value(&service.api).unwrap();
    let mut with_body = Vec::new();
    for (path, item) in api["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if operation["requestBody"]["content"]["application/json"].is_object() {
                with_body.push((method.to_uppercase(), path.clone()));
            }
        }
    }
    let mut looked_at: Vec<(String, String)> = endpoints("{id}")
        .into_iter()
        .map(|(method, path, _)| (method.to_owned(), path))
        .collect();
    with_body.sort();
    looked_at.sort();
    assert_eq!(with_body, looked_at);
}

#[tokio::test]
async fn texts_that_nobody_would_type_are_refused_everywhere() {
    let service = Service::start().await;
    let root = service.sign_in("root@example.org").await;
    let marks = format!("a{}", "\u{301}".repeat(10_000));
    let texts = [
        ("control characters", "a\u{1}\u{7}\u{1b}[31mb"),
        ("a line break", "a\r\nBcc: eve@elsewhere.net"),
        ("NUL", "a\0b"),
        ("an override of direction", "a\u{202e}b"),
        ("an isolate of direction", "a\u{2066}b"),
        ("a line separator", "a\u{2028}b"),
        ("10,000 combining marks", &marks),
    ];
    for (method, path, bodies) in endpoints(root.user.as_str()) {
        for body in bodies {
            for (what, text) in texts {
                let body = body(text);
                let answer = send(&service, method, &path, &root.access_token, body.to_string().into()).await;
                let problem = refused(&answer);
                assert_ne!(problem.code, ErrorCode::Internal, "{method} {path} with {what}");
            }
        }
    }
    let me: Person = service.get("/v1/users/me", &root.access_token).await.read();
    assert_eq!(me.version, 1, "nothing was taken");
}

#[tokio::test]
async fn json_that_cannot_be_read_is_malformed_everywhere() {
    let service = Service::start().await;
    let root = service.sign_in("root@example.org").await;
    let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels)).into_bytes();
    let long = format!(r#"{{"email":"{}"}}"#, "x".repeat(100_000)).into_bytes();
    let bodies = [
        (
            "a lone surrogate",
            br#"{"email":"\ud800","grant":"\ud800","name":"\ud800","role":"\ud800"}"#.to_vec(),
            ErrorCode::Malformed,
        ),
        (
            "a low surrogate first",
            br#"{"email":"\udc00\ud800","grant":"\udc00","name":"\udc00","role":"\udc00"}"#.to_vec(),
            ErrorCode::Malformed,
        ),
        (
            "bytes that are no UTF-8",
            b"{\"email\":\"\xff\xfe\",\"name\":\"\xff\",\"role\":\"\xff\"}".to_vec(),
            ErrorCode::Malformed,
        ),
        ("30,000 levels", deep(30_000), ErrorCode::Malformed),
        ("100,000 levels", deep(100_000), ErrorCode::TooLarge),
        ("a long text", long, ErrorCode::TooLarge),
        ("half of an object", b"{\"email\":".to_vec(), ErrorCode::Malformed),
        ("nothing", Vec::new(), ErrorCode::Malformed),
        ("a number", b"7".to_vec(), ErrorCode::Malformed),
        ("null", b"null".to_vec(), ErrorCode::Malformed),
    ];
    for (method, path, _) in endpoints(root.user.as_str()) {
        for (what, body, code) in &bodies {
            let answer = send(&service, method, &path, &root.access_token, body.clone()).await;
            assert!(
                answer.status.is_client_error(),
                "{method} {path} with {what}: {}",
                answer.body
            );
            assert_eq!(refused(&answer).code, *code, "{method} {path} with {what}");
        }
    }
    assert!(
        service
            .get("/v1/users/me", &root.access_token)
            .await
            .status
            .is_success()
    );
}

#[tokio::test]
async fn depth_in_a_field_that_nobody_reads_breaks_nothing() {
    let service = Service::start().await;
    let root = service.sign_in("root@example.org").await;
    let levels = 6_000;
    let nested = format!("{}1{}", r#"{"unknown":"#.repeat(levels), "}".repeat(levels));
    for (method, path, _) in endpoints(root.user.as_str()) {
        let answer = send(&service, method, &path, &root.access_token, nested.clone().into()).await;
        assert!(!answer.status.is_server_error(), "{method} {path}: {}", answer.body);
    }
    let me: Person = service.get("/v1/users/me", &root.access_token).await.read();
    assert_eq!(me.version, 1);
}

#[tokio::test]
async fn a_device_that_names_itself_strangely_is_listed_as_one_short_line() {
    let service = Service::start().await;
    let (request, code) = service.code_for("ada@example.org").await;
    let marks = format!("a{}", "\u{301}".repeat(10_000));
    let device = json!({ "name": format!("de\0sk\u{202e}\r\n{marks}"), "system": "\u{1b}[31mDebian\u{2028}" });
    let body = json!({ "grant": "code", "request": request, "code": code, "device": device });
    let tokens: Value = service.post("/v1/auth/token", &body).await.read();
    let token = tokens["access_token"].as_str().unwrap();
    let listed: Sessions = service.get("/v1/sessions", token).await.read();
    let session = &listed.sessions[0];
    assert!(
        session.name.starts_with("deska") && session.name.chars().count() == 80,
        "{}",
        session.name
    );
    assert_eq!(session.system, "[31mDebian");
}
