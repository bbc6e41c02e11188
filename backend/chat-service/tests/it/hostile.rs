//! Texts and numbers that somebody made to break something: refused clearly, or kept exactly as typed.

use protocol::close;
use protocol::frame::ServerFrame;
use reqwest::Method;
use serde_json::json;

use crate::harness::{Request, Service, body};

#[tokio::test]
async fn strange_but_legal_text_is_kept_exactly() {
    let service = Service::start().await;
    let ada = service.person().await;
    let conversation = service.direct(&ada, &ada).await;
    let mut socket = service.socket(&ada).await;
    for text in [
        "\u{1}\u{7}\u{8}\u{1b}[31m\u{7f}\u{9b}",
        "\u{202E}desrever\u{202C} \u{2066}isolated\u{2069} \u{200F}",
        &format!("e{}", "\u{301}".repeat(8_000)),
        "\u{FEFF}\u{200B}\u{2028}\u{2029}\u{FFFF}\u{10FFFF}",
        "<script>alert(1)</script> ${jndi:ldap://x} '; DROP TABLE log; --",
    ] {
        assert_eq!(body(&socket.say(&conversation.id, text).await), text);
        let log = service.log(&ada, &conversation.id).await;
        assert_eq!(body(log.last().unwrap()), text);
        let path = format!("/v1/conversations/{}/messages/{}", conversation.id, log.len());
        service.patch(&ada, &path, json!({ "body": format!("{text}!") })).await;
    }
    let combining = format!("e{}", "\u{301}".repeat(10_000));
    let path = format!("/v1/conversations/{}/messages", conversation.id);
    let request = Request::of(&ada).body(json!({ "body": combining })).key("combining");
    assert_eq!(service.refused(Method::POST, &path, request).await, "body_too_long");
}

#[tokio::test]
async fn what_is_no_text_is_refused_and_the_connection_goes_on() {
    let service = Service::start().await;
    let ada = service.person().await;
    let conversation = service.direct(&ada, &ada).await;
    service.message(&ada, &conversation.id, "first").await;
    let path = format!("/v1/conversations/{}/messages", conversation.id);
    let bodies = [
        (r#"{"body":"\ud800"}"#.to_owned(), "malformed"),
        (r#"{"body":"\udc00\ud800"}"#.to_owned(), "malformed"),
        (r#"{"body":"a\u0000b"}"#.to_owned(), "malformed"),
        (r#"{"body":7}"#.to_owned(), "malformed"),
        (r#"{"body":"x","reply_to":-1}"#.to_owned(), "malformed"),
        (r#"{"body":"x","reply_to":1e30}"#.to_owned(), "malformed"),
        (
            r#"{"body":"x","reply_to":18446744073709551616}"#.to_owned(),
            "malformed",
        ),
        (
            r#"{"body":"x","reply_to":18446744073709551615}"#.to_owned(),
            "not_found",
        ),
        (format!(r#"{{"body":"x","deep":{}}}"#, "[".repeat(30_000)), "malformed"),
        (
            format!(r#"{{"body":"x","deep":{}}}"#, r#"{"a":"#.repeat(10_000)),
            "malformed",
        ),
        ("[".repeat(100_000), "too_large"),
    ];
    for (number, (json, expected)) in bodies.into_iter().enumerate() {
        let start: String = json.chars().take(60).collect();
        let (status, code) = service.post_raw(&ada, &path, &format!("key-{number}"), json).await;
        assert!((400..500).contains(&status), "{start}: {status}");
        assert_eq!(code, expected, "{start}");
    }

    let mut socket = service.socket(&ada).await;
    let send = |body: &str, more: &str| {
        let id = &conversation.id;
        format!(r#"{{"type":"send","id":7,"conversation":"{id}","client_id":"m-7","body":{body}{more}}}"#)
    };
    for (frame, expected) in [
        (send(r#""\ud800""#, ""), "malformed"),
        (send(r#""a\u0000b""#, ""), "malformed"),
        (send(r#""x""#, r#","reply_to":-1"#), "malformed"),
        (send(r#""x""#, r#","reply_to":18446744073709551615"#), "not_found"),
        (send(r#""x""#, r#","reply_to":0"#), "not_found"),
        (send(r#""x""#, r#","client_id":"m-7""#), "malformed"),
    ] {
        socket.send_text(frame.clone()).await;
        match socket.answer(7).await {
            ServerFrame::Refused { code, .. } => assert_eq!(code.as_str(), expected, "{frame}"),
            other => panic!("{frame}: {other:?}"),
        }
    }
    socket.say(&conversation.id, "the socket goes on").await;
    assert_eq!(service.log(&ada, &conversation.id).await.len(), 2);

    for deep in [
        r#"{"type":"send","id":7,"deep":"#.to_owned() + &"[".repeat(60_000),
        "[".repeat(60_000),
    ] {
        let mut socket = service.socket(&ada).await;
        socket.send_text(deep).await;
        assert_eq!(socket.closed().await.0, close::PROTOCOL_ERROR);
    }
    let mut socket = service.socket(&ada).await;
    socket.send_text("[".repeat(100_000)).await;
    socket.closed().await;
    service.message(&ada, &conversation.id, "and the service goes on").await;
}

#[tokio::test]
async fn targets_and_emoji_that_are_none_are_refused() {
    let service = Service::start().await;
    let ada = service.person().await;
    let conversation = service.direct(&ada, &ada).await;
    service.message(&ada, &conversation.id, "first").await;
    let here = format!("/v1/conversations/{}/messages", conversation.id);
    for target in [
        "0",
        "2",
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551615",
        "18446744073709551616",
        "-1",
        "1.0",
        "x",
        "%00",
    ] {
        let path = format!("{here}/{target}/pin");
        assert_eq!(
            service.refused(Method::PUT, &path, Request::of(&ada)).await,
            "not_found",
            "{target}"
        );
        let path = format!("{here}/{target}/versions");
        assert_eq!(
            service.refused(Method::GET, &path, Request::of(&ada)).await,
            "not_found",
            "{target}"
        );
    }
    let combining = format!("e{}", "%CC%81".repeat(1_000));
    let family = "%F0%9F%91%A9%E2%80%8D".repeat(40);
    for emoji in [
        "a",
        "ok",
        "%00",
        "%20",
        "%E2%80%8D",
        "%E2%80%AE",
        "%F0%9F%91%8D%F0%9F%91%8D",
        "%3Cb%3E",
        &combining,
        &family,
    ] {
        let path = format!("{here}/1/reactions/{emoji}");
        let code = service.refused(Method::PUT, &path, Request::of(&ada)).await;
        assert_eq!(code, "invalid_emoji", "{emoji:.40}");
    }
    for path in ["%FF", "%F0%9F", "a/b", ""] {
        let path = format!("{here}/1/reactions/{path}");
        assert_eq!(
            service.refused(Method::PUT, &path, Request::of(&ada)).await,
            "not_found"
        );
    }
    assert_eq!(service.log(&ada, &conversation.id).await.len(), 1);
}
