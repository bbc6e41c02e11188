//! Writing and reading the log over REST.

use reqwest::Method;
use serde_json::json;

use crate::harness::{Request, Service, body, settings};

#[tokio::test]
async fn a_message_needs_a_key_and_a_repeat_is_the_same_message() {
    let service = Service::start().await;
    let [ada, ben] = service.people().await;
    let conversation = service.direct(&ada, &ben).await;
    let path = format!("/v1/conversations/{}/messages", conversation.id);
    let hi = || Request::of(&ada).body(json!({ "body": "hi" }));
    assert_eq!(service.refused(Method::POST, &path, hi()).await, "malformed");
    assert_eq!(
        service.refused(Method::POST, &path, hi().key("not an id!")).await,
        "malformed"
    );
    let first = service.request(Method::POST, &path, hi().key("key-1")).await;
    assert_eq!(first.1["seq"], 1);
    assert_eq!(service.request(Method::POST, &path, hi().key("key-1")).await, first);
    let other = Request::of(&ada).body(json!({ "body": "ho" })).key("key-1");
    assert_eq!(service.refused(Method::POST, &path, other).await, "client_id_reused");
    let early = Request::of(&ada)
        .body(json!({ "body": "x", "after": "key-2" }))
        .key("key-3");
    assert_eq!(service.refused(Method::POST, &path, early).await, "out_of_order");
    let ordered = Request::of(&ada)
        .body(json!({ "body": "x", "after": "key-1" }))
        .key("key-3");
    assert_eq!(service.request(Method::POST, &path, ordered).await.1["seq"], 2);
}

#[tokio::test]
async fn a_body_is_kept_as_typed_within_its_limit() {
    let service = Service::start().await;
    let [ada, ben] = service.people().await;
    let conversation = service.direct(&ada, &ben).await;
    let path = format!("/v1/conversations/{}/messages", conversation.id);
    let text = "  *bold* \"quotes\" \\ \u{1F34B}\n\ttab\u{7f} ".to_owned();
    assert_eq!(body(&service.message(&ada, &conversation.id, &text).await), text);
    assert_eq!(body(&service.log(&ben, &conversation.id).await[0]), text);
    let longest = "x".repeat(16 * 1024);
    service.message(&ada, &conversation.id, &longest).await;
    for (text, expected) in [
        (" \n", "body_empty"),
        (&*format!("{longest}x"), "body_too_long"),
        ("\0", "malformed"),
    ] {
        let request = Request::of(&ada).body(json!({ "body": text })).key("key-1");
        assert_eq!(service.refused(Method::POST, &path, request).await, expected);
    }
    let request = Request::of(&ada)
        .body(json!({ "body": "x".repeat(70_000) }))
        .key("key-1");
    assert_eq!(service.refused(Method::POST, &path, request).await, "too_large");
}

#[tokio::test]
async fn pages_join_up_in_every_direction() {
    let service = Service::start().await;
    let [ada, ben] = service.people().await;
    let conversation = service.direct(&ada, &ben).await;
    for number in 1..=9 {
        service.message(&ada, &conversation.id, &number.to_string()).await;
    }
    let seqs = async |query: &str| {
        let page = service
            .get(&ben, &format!("/v1/conversations/{}/entries?{query}", conversation.id))
            .await;
        assert_eq!(
            (page["head"].as_u64(), page["epoch"].as_str()),
            (Some(9), Some(&*conversation.epoch))
        );
        let entries = page["entries"].as_array().unwrap().clone();
        entries
            .iter()
            .map(|entry| entry["seq"].as_u64().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(seqs("limit=3").await, [7, 8, 9]);
    assert_eq!(seqs("before=7&limit=3").await, [4, 5, 6]);
    assert_eq!(seqs("after=7&limit=3").await, [8, 9]);
    assert_eq!(seqs("around=5&limit=4").await, [3, 4, 5, 6]);
    assert_eq!(seqs("limit=100000").await.len(), 9);
    let path = format!("/v1/conversations/{}/entries?before=3&after=1", conversation.id);
    assert_eq!(
        service.refused(Method::GET, &path, Request::of(&ben)).await,
        "malformed"
    );
    let path = format!("/v1/conversations/{}/entries?before=-1", conversation.id);
    assert_eq!(
        service.refused(Method::GET, &path, Request::of(&ben)).await,
        "malformed"
    );
}

#[tokio::test]
async fn who_sends_too_much_is_told_when_to_come_back() {
    let service = Service::with(chat_service::settings::Settings {
        sends_per_s: 1,
        send_burst: 2,
        ..settings()
    })
    .await;
    let [ada, ben] = service.people().await;
    let conversation = service.direct(&ada, &ben).await;
    service.message(&ada, &conversation.id, "one").await;
    service.message(&ada, &conversation.id, "two").await;
    let path = format!("/v1/conversations/{}/messages", conversation.id);
    let request = Request::of(&ada).body(json!({ "body": "three" })).key("key-3");
    let (status, problem) = service.request(Method::POST, &path, request).await;
    assert_eq!((status.as_u16(), problem["retry_after_s"].as_u64()), (429, Some(1)));
    service
        .message(&ben, &conversation.id, "everyone has a bucket of their own")
        .await;
}
