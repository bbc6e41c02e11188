//! Every endpoint of the OpenAPI document, and every frame a client may send, with no token, a stranger's, an expired
//! one, and one of a session that was ended or whose person was deactivated.

use std::collections::BTreeSet;

use protocol::close;
use protocol::frame::{ClientFrame, ServerFrame};
use reqwest::Method;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite;

use crate::harness::{Person, Request, Service, Socket};

/// What a stranger may do with somebody else's private conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stranger {
    /// It concerns no one but the caller.
    Allowed,
    /// As if there were nothing.
    NotFound,
}

/// Every endpoint. `{id}` is a private channel, `{user}` its maker, `{seq}` a message there.
const ENDPOINTS: &[(&str, &str, Stranger)] = &[
    ("GET", "/v1/conversations", Stranger::Allowed),
    ("POST", "/v1/conversations", Stranger::Allowed),
    ("GET", "/v1/conversations/{id}", Stranger::NotFound),
    ("PATCH", "/v1/conversations/{id}", Stranger::NotFound),
    ("POST", "/v1/conversations/{id}/join", Stranger::NotFound),
    ("PUT", "/v1/conversations/{id}/read", Stranger::NotFound),
    ("PUT", "/v1/conversations/{id}/level", Stranger::NotFound),
    ("GET", "/v1/conversations/{id}/members", Stranger::NotFound),
    ("PUT", "/v1/conversations/{id}/members/{user}", Stranger::NotFound),
    ("DELETE", "/v1/conversations/{id}/members/{user}", Stranger::NotFound),
    ("GET", "/v1/conversations/{id}/entries", Stranger::NotFound),
    ("POST", "/v1/conversations/{id}/messages", Stranger::NotFound),
    ("PATCH", "/v1/conversations/{id}/messages/{seq}", Stranger::NotFound),
    ("DELETE", "/v1/conversations/{id}/messages/{seq}", Stranger::NotFound),
    (
        "PUT",
        "/v1/conversations/{id}/messages/{seq}/reactions/{emoji}",
        Stranger::NotFound,
    ),
    (
        "DELETE",
        "/v1/conversations/{id}/messages/{seq}/reactions/{emoji}",
        Stranger::NotFound,
    ),
    ("PUT", "/v1/conversations/{id}/messages/{seq}/pin", Stranger::NotFound),
    (
        "DELETE",
        "/v1/conversations/{id}/messages/{seq}/pin",
        Stranger::NotFound,
    ),
    (
        "GET",
        "/v1/conversations/{id}/messages/{seq}/versions",
        Stranger::NotFound,
    ),
    ("GET", "/v1/conversations/{id}/pins", Stranger::NotFound),
    ("GET", "/v1/conversations/{id}/receipts", Stranger::NotFound),
    ("POST", "/v1/conversations/{id}/typing", Stranger::NotFound),
    ("GET", "/v1/channels", Stranger::Allowed),
    ("GET", "/v1/mentions", Stranger::Allowed),
    ("GET", "/v1/presence", Stranger::Allowed),
    ("GET", "/v1/socket", Stranger::Allowed),
];

fn body_for(method: &str, path: &str) -> Option<Value> {
    match (method, path) {
        ("POST", "/v1/conversations") => {
            Some(json!({ "kind": "channel", "name": "a stranger's own", "visibility": "private" }))
        }
        ("PATCH", path) if path.ends_with("/{seq}") => Some(json!({ "body": "rewritten by a stranger" })),
        ("PATCH", _) => Some(json!({ "name": "renamed by a stranger" })),
        ("PUT", path) if path.ends_with("/read") => Some(json!({ "generation": 0, "ordinal": 1 })),
        ("PUT", path) if path.ends_with("/level") => Some(json!({ "level": "nothing" })),
        ("POST", path) if path.ends_with("/messages") => Some(json!({ "body": "from a stranger" })),
        _ => None,
    }
}

/// The address of an endpoint.
fn path_of(pattern: &str, conversation: &str, user: &Person) -> String {
    let path = pattern
        .replace("{id}", conversation)
        .replace("{user}", user.id.as_str());
    let path = path.replace("{seq}", "2").replace("{emoji}", "%F0%9F%91%8D");
    if pattern == "/v1/presence" {
        return format!("{path}?ids={}", user.id);
    }
    path
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
    let [ada, ended, deactivated] = service.people().await;
    let secret = service.channel(&ada, "private").await;
    service.denied.deny(ended.session.clone(), i64::MAX);
    deactivate(&service, &deactivated).await;
    let stranger_in_signature = format!("{}x", ada.token());
    let tokens = [
        (None, "unauthenticated"),
        (Some(stranger_in_signature), "unauthenticated"),
        (Some(ada.token_for_s(-1)), "token_expired"),
        (Some(ended.token()), "session_ended"),
        (Some(deactivated.token()), "session_ended"),
    ];
    for (method, pattern, _) in ENDPOINTS {
        let path = path_of(pattern, secret.id.as_str(), &ada);
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
    service.message(&ada, &secret.id, "a secret").await;
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
                let path = path_of(pattern, id, &ada);
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

/// What user-service does when an administrator deactivates somebody: all their sessions end, and it tells.
async fn deactivate(service: &Service, person: &Person) {
    let event = protocol::event::PersonChanged {
        id: person.id.clone(),
        name: "Gone".to_owned(),
        active: false,
        role: protocol::Role::Member,
        version: 7,
    };
    service.tell(protocol::event::PERSON_CHANGED, &event).await;
    service.denied.deny(person.session.clone(), i64::MAX);
}

/// Every frame, as somebody sends it about a private channel; and the code a stranger is refused with, none when it is
/// about nobody but themselves.
const FRAMES: &[(&str, Option<&str>)] = &[
    ("hello", None),
    ("send", Some("not_found")),
    ("edit", Some("not_found")),
    ("delete", Some("not_found")),
    ("react", Some("not_found")),
    ("pin", Some("not_found")),
    ("read", Some("not_found")),
    ("typing", Some("not_found")),
    ("status", None),
    ("watch", Some("not_found")),
    ("token", Some("unauthenticated")),
];

fn frame(kind: &str, conversation: &str, of: &Person) -> Value {
    let mut frame = match kind {
        "hello" => {
            let cursor = json!({ "conversation": conversation, "epoch": "e", "seq": 1, "client_id": "m" });
            json!({ "cursors": [cursor] })
        }
        "send" => json!({ "conversation": conversation, "body": "from a stranger" }),
        "edit" => json!({ "conversation": conversation, "target": 2, "body": "from a stranger" }),
        "delete" => json!({ "conversation": conversation, "target": 2 }),
        "react" => json!({ "conversation": conversation, "target": 2, "emoji": "👍", "on": true }),
        "pin" => json!({ "conversation": conversation, "target": 2, "on": true }),
        "read" => json!({ "conversation": conversation, "generation": 0, "ordinal": 1 }),
        "typing" => json!({ "conversation": conversation }),
        "status" => json!({ "activity": "idle" }),
        "watch" => json!({ "conversations": [conversation], "people": [of.id] }),
        "token" => json!({ "token": of.token() }),
        other => panic!("no row for {other}"),
    };
    frame["type"] = kind.into();
    if ["send", "edit", "delete", "react", "pin"].contains(&kind) {
        frame["client_id"] = "by-a-stranger".into();
    }
    frame
}

#[test]
fn the_list_has_every_frame_a_client_may_send() {
    let listed: Vec<&str> = FRAMES.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(listed, ClientFrame::TYPES);
}

#[tokio::test]
async fn no_frame_gets_in_without_a_token_that_counts() {
    let service = Service::start().await;
    let [ada, ended, deactivated] = service.people().await;
    let secret = service.channel(&ada, "private").await;
    service.message(&ada, &secret.id, "a secret").await;
    service.denied.deny(ended.session.clone(), i64::MAX);
    deactivate(&service, &deactivated).await;
    let tokens = [String::new(), ada.token_for_s(-1), ended.token(), deactivated.token()];
    for token in tokens {
        // There is no socket to send any of the frames on.
        match service.connect_with(&token).await {
            Err(tungstenite::Error::Http(response)) => assert_eq!(response.status(), 401),
            Err(other) => panic!("{other}"),
            Ok(_) => panic!("a socket was opened"),
        }
    }
}

#[tokio::test]
async fn no_frame_is_answered_once_the_session_has_ended_the_token_expired_or_the_person_was_deactivated() {
    let service = Service::start().await;
    let ada = service.person().await;
    let secret = service.channel(&ada, "private").await;
    service.message(&ada, &secret.id, "a secret").await;
    let mut sockets = Vec::new();
    for (kind, _) in FRAMES {
        // Members, so that nothing but the end of the session keeps them from it.
        let [ended, deactivated, expiring] = service.people().await;
        for member in [&ended, &deactivated, &expiring] {
            let path = format!("/v1/conversations/{}/members/{}", secret.id, member.id);
            service.put(&ada, &path, Value::Null).await;
        }
        sockets.push((kind, service.socket(&ended).await, close::SESSION_ENDED));
        sockets.push((kind, service.socket(&deactivated).await, close::SESSION_ENDED));
        sockets.push((kind, soon_expiring(&service, &expiring).await, close::TOKEN_EXPIRED));
        service.denied.deny(ended.session.clone(), i64::MAX);
        deactivate(&service, &deactivated).await;
    }
    let before = service.log(&ada, &secret.id).await.len();
    for (kind, mut socket, code) in sockets {
        assert_eq!(socket.closed().await.0, code, "{kind}");
        let mut frame = frame(kind, secret.id.as_str(), &ada);
        frame["id"] = 77.into();
        socket.try_send_text(frame.to_string()).await;
        assert!(socket.receive().await.is_err(), "{kind} was answered");
    }
    assert_eq!(
        service.log(&ada, &secret.id).await.len(),
        before,
        "and nothing was written"
    );
}

/// A socket, past its hello, of a token with as little time left as this machine, however loaded, needs to get there.
async fn soon_expiring(service: &Service, person: &Person) -> Socket {
    for seconds in [1, 2, 4, 8, 16] {
        let mut socket = match service.connect_with(&person.token_for_s(seconds)).await {
            Ok(socket) => socket,
            Err(tungstenite::Error::Http(response)) if response.status() == 401 => continue,
            Err(other) => panic!("{other}"),
        };
        let id = socket.next_id();
        socket
            .try_send_text(json!({ "type": "hello", "id": id, "cursors": [] }).to_string())
            .await;
        while let Ok(frame) = socket.receive().await {
            if matches!(frame, ServerFrame::Welcome { .. }) {
                return socket;
            }
        }
    }
    panic!("no socket got past its hello in 16 s");
}

#[tokio::test]
async fn to_a_strangers_frame_a_conversation_is_like_a_missing_one() {
    let service = Service::start().await;
    let [ada, stranger] = service.people().await;
    let secret = service.channel(&ada, "private").await;
    service.message(&ada, &secret.id, "a secret").await;
    for (kind, expected) in FRAMES {
        let mut answers = Vec::new();
        for id in [secret.id.as_str(), "c_missing"] {
            let mut socket = service.connect(&stranger).await;
            if *kind == "hello" {
                let mut hello = frame(kind, id, &ada);
                hello["id"] = 1.into();
                socket.send_text(hello.to_string()).await;
                let ServerFrame::Welcome { conversations, .. } = socket.next().await else {
                    panic!("welcome")
                };
                assert!(conversations.is_empty());
                continue;
            }
            let early = socket.ask(frame(kind, id, &ada)).await;
            let early = refusal(&early);
            assert!(
                *kind == "token" || early.as_ref().is_some_and(|(code, _)| code == "hello_first"),
                "{kind} before the hello: {early:?}"
            );
            socket.hello(Vec::new()).await;
            let answer = socket.ask(frame(kind, id, &ada)).await;
            answers.push(refusal(&answer));
        }
        let code = answers
            .first()
            .and_then(|answer| answer.as_ref().map(|(code, _)| code.as_str()));
        assert_eq!(code, *expected, "{kind}");
        assert!(
            answers.windows(2).all(|pair| pair[0] == pair[1]),
            "{kind} tells the two apart: {answers:?}"
        );
    }
    assert_eq!(service.log(&ada, &secret.id).await.len(), 2);
}

/// The code and the words of a refusal.
fn refusal(answer: &ServerFrame) -> Option<(String, String)> {
    match answer {
        ServerFrame::Refused { code, detail, .. } => Some((code.to_string(), detail.clone())),
        _ => None,
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
