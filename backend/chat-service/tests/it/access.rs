//! Every endpoint of the OpenAPI document with no token, a stranger's, an expired one and one of an ended session.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::json;

use crate::harness::{Request, Service};

/// What a stranger may do with somebody else's private conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stranger {
    /// It concerns no one but the caller.
    Allowed,
    /// As if there were nothing.
    NotFound,
}

/// Every endpoint. `{id}` is a private channel, `{user}` its maker.
const ENDPOINTS: &[(&str, &str, Stranger)] = &[
    ("GET", "/v1/conversations", Stranger::Allowed),
    ("POST", "/v1/conversations", Stranger::Allowed),
    ("GET", "/v1/conversations/{id}", Stranger::NotFound),
    ("PATCH", "/v1/conversations/{id}", Stranger::NotFound),
    ("POST", "/v1/conversations/{id}/join", Stranger::NotFound),
    ("PUT", "/v1/conversations/{id}/read", Stranger::NotFound),
    ("GET", "/v1/conversations/{id}/members", Stranger::NotFound),
    ("PUT", "/v1/conversations/{id}/members/{user}", Stranger::NotFound),
    ("DELETE", "/v1/conversations/{id}/members/{user}", Stranger::NotFound),
    ("GET", "/v1/conversations/{id}/entries", Stranger::NotFound),
    ("POST", "/v1/conversations/{id}/messages", Stranger::NotFound),
    ("GET", "/v1/channels", Stranger::Allowed),
    ("GET", "/v1/socket", Stranger::Allowed),
];

fn body_for(method: &str, path: &str) -> Option<serde_json::Value> {
    match (method, path) {
        ("POST", "/v1/conversations") => {
            Some(json!({ "kind": "channel", "name": "a stranger's own", "visibility": "private" }))
        }
        ("PATCH", _) => Some(json!({ "name": "renamed by a stranger" })),
        ("PUT", path) if path.ends_with("/read") => Some(json!({ "generation": 0, "ordinal": 1 })),
        ("POST", path) if path.ends_with("/messages") => Some(json!({ "body": "from a stranger" })),
        _ => None,
    }
}

#[test]
fn the_list_has_every_endpoint_of_the_document() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let api = runtime.block_on(async { Service::start().await.api });
    let document = serde_json::to_value(&api).unwrap();
    let documented: BTreeSet<(String, String)> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, methods)| {
            let methods = methods.as_object().unwrap().keys();
            methods.map(|method| (method.to_uppercase(), path.clone()))
        })
        .collect();
    let listed = ENDPOINTS
        .iter()
        .map(|(method, path, _)| ((*method).to_owned(), (*path).to_owned()))
        .collect();
    assert_eq!(documented, listed);
}

#[tokio::test]
async fn nobody_gets_in_without_a_token_that_counts() {
    let service = Service::start().await;
    let [ada, ended] = service.people().await;
    let secret = service.channel(&ada, "private").await;
    service.denied.deny(ended.session.clone(), i64::MAX);
    let stranger_in_signature = format!("{}x", ada.token());
    let tokens = [
        (None, "unauthenticated"),
        (Some(stranger_in_signature), "unauthenticated"),
        (Some(ada.token_for_s(-1)), "token_expired"),
        (Some(ended.token()), "session_ended"),
    ];
    for (method, pattern, _) in ENDPOINTS {
        let path = pattern
            .replace("{id}", secret.id.as_str())
            .replace("{user}", ada.id.as_str());
        for (token, expected) in &tokens {
            let request = Request {
                token: token.clone(),
                key: Some("some-key"),
                body: body_for(method, pattern),
            };
            let code = service.refused(method.parse::<Method>().unwrap(), &path, request).await;
            assert_eq!(code, *expected, "{method} {pattern}");
        }
    }
}

#[tokio::test]
async fn a_strangers_conversation_is_like_a_missing_one() {
    let service = Service::start().await;
    let [ada, stranger, former] = service.people().await;
    let secret = service.channel(&ada, "private").await;
    service
        .put(
            &ada,
            &format!("/v1/conversations/{}/members/{}", secret.id, former.id),
            json!(null),
        )
        .await;
    service
        .delete(
            &former,
            &format!("/v1/conversations/{}/members/{}", secret.id, former.id),
        )
        .await;

    for (method, pattern, expected) in ENDPOINTS {
        for outsider in [&stranger, &former] {
            let mut answers = Vec::new();
            for id in [secret.id.as_str(), "c_missing"] {
                let path = pattern.replace("{id}", id).replace("{user}", ada.id.as_str());
                let request = Request {
                    body: body_for(method, pattern),
                    ..Request::of(outsider).key("some-key")
                };
                let (status, mut body) = service.request(method.parse().unwrap(), &path, request).await;
                if let Some(body) = body.as_object_mut() {
                    body.remove("request_id");
                }
                answers.push((status.as_u16(), body));
            }
            match expected {
                Stranger::NotFound => {
                    assert_eq!(answers[0].0, 404, "{method} {pattern}: {}", answers[0].1);
                    assert_eq!(answers[0], answers[1], "{method} {pattern} tells the two apart");
                }
                // The socket is asked without a handshake here, the others are refused nothing.
                Stranger::Allowed => assert!([200, 201, 400, 409].contains(&answers[0].0), "{method} {pattern}"),
            }
        }
    }
}

#[tokio::test]
async fn an_unknown_path_and_a_wrong_method_are_problems() {
    let service = Service::start().await;
    let ada = service.person().await;
    assert_eq!(
        service.refused(Method::GET, "/v1/nothing", Request::of(&ada)).await,
        "not_found"
    );
    assert_eq!(
        service.refused(Method::DELETE, "/v1/channels", Request::of(&ada)).await,
        "method_not_allowed"
    );
    let path = "/v1/conversations/not%20an%20id";
    assert_eq!(service.refused(Method::GET, path, Request::of(&ada)).await, "not_found");
}
