//! Topic and archive of channels, who may change them, and who may make them.

use protocol::Role;
use protocol::event::{PERSON_CHANGED, PersonChanged, WORKSPACE_CHANGED, WorkspaceChanged};
use protocol::frame::ServerFrame;
use protocol::rest::identity::ChannelCreation;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::harness::{DEADLINE, Person, Request, Service, fresh, settings};

impl Service {
    /// As when user-service has told that this person is an administrator.
    async fn make_administrator(&self, person: &Person) {
        let mut socket = self.socket(person).await;
        let event = PersonChanged {
            id: person.id.clone(),
            name: "Administrator".to_owned(),
            active: true,
            role: Role::Administrator,
            version: 5,
        };
        self.tell(PERSON_CHANGED, &event).await;
        socket.until(|frame| matches!(frame, ServerFrame::Person { .. })).await;
    }

    /// Asks until the answer is this one: events take a moment.
    async fn becomes(&self, expected: u16, ask: impl AsyncFn() -> u16) {
        let deadline = Instant::now() + DEADLINE;
        while ask().await != expected {
            assert!(Instant::now() < deadline, "the event was never heeded");
        }
    }
}

#[tokio::test]
async fn a_topic_and_a_name_change_together_and_everybody_sees_them() {
    let service = Service::start().await;
    let [ada, ben] = service.people().await;
    let channel = service.channel(&ada, "public").await;
    let path = format!("/v1/conversations/{}", channel.id);
    service.post(&ben, &format!("{path}/join"), Value::Null).await;
    let mut of_ben = service.socket(&ben).await;
    let change = json!({ "name": format!("lunch {}", fresh()), "topic": " Who brings what " });
    let changed = service.patch(&ada, &path, change.clone()).await;
    assert_eq!(
        (changed["name"].clone(), &changed["topic"]),
        (change["name"].clone(), &json!("Who brings what"))
    );
    assert_eq!(
        service.get(&ben, "/v1/conversations").await["conversations"][0]["topic"],
        "Who brings what"
    );
    assert_eq!(of_ben.entry(&channel.id).await.seq, 3);
    assert_eq!(of_ben.entry(&channel.id).await.seq, 4);
    let again = service.patch(&ada, &path, change).await;
    assert_eq!(again["head"], 4, "it is so already");
    for topic in ["two\nlines", &"x".repeat(251), "turned \u{202E}round"] {
        let request = Request::of(&ada).body(json!({ "topic": topic }));
        assert_eq!(service.refused(Method::PATCH, &path, request).await, "invalid_name");
    }
    let cleared = service.patch(&ben, &path, json!({ "topic": "" })).await;
    assert_eq!(cleared["topic"], "");
}

#[tokio::test]
async fn an_archived_channel_can_be_read_left_and_opened_again() {
    let service = Service::start().await;
    let [ada, ben] = service.people().await;
    let channel = service.channel(&ada, "public").await;
    let path = format!("/v1/conversations/{}", channel.id);
    service.post(&ben, &format!("{path}/join"), Value::Null).await;
    service.message(&ben, &channel.id, "before").await;
    let archive = |person: &Person, on: bool| Request::of(person).body(json!({ "archived": on }));
    assert_eq!(
        service.refused(Method::PATCH, &path, archive(&ben, true)).await,
        "forbidden"
    );
    assert_eq!(
        service.patch(&ada, &path, json!({ "archived": true })).await["archived"],
        true
    );

    let stranger = service.person().await;
    let message = Request::of(&ben).body(json!({ "body": "after" })).key("after");
    let refused = [
        (Method::POST, "/messages", message),
        (
            Method::PATCH,
            "/messages/3",
            Request::of(&ben).body(json!({ "body": "rewritten" })),
        ),
        (Method::DELETE, "/messages/3", Request::of(&ben)),
        (Method::PUT, "/messages/3/pin", Request::of(&ben)),
        (
            Method::PATCH,
            "",
            Request::of(&ada).body(json!({ "name": "another name" })),
        ),
        (
            Method::PATCH,
            "",
            Request::of(&ada).body(json!({ "topic": "another topic" })),
        ),
        (Method::POST, "/join", Request::of(&stranger)),
    ];
    for (method, below, request) in refused {
        let code = service
            .refused(method.clone(), &format!("{path}{below}"), request)
            .await;
        assert_eq!(code, "archived", "{method} {below}");
    }
    assert_eq!(service.log(&stranger, &channel.id).await.len(), 4);
    service
        .put(&ben, &format!("{path}/read"), json!({ "generation": 0, "ordinal": 1 }))
        .await;
    service.delete(&ben, &format!("{path}/members/{}", ben.id)).await;

    let changed = service
        .patch(&ada, &path, json!({ "archived": false, "topic": "open again" }))
        .await;
    assert_eq!(
        (&changed["archived"], &changed["topic"]),
        (&json!(false), &json!("open again"))
    );
    service.message(&ada, &channel.id, "and it goes on").await;
}

#[tokio::test]
async fn an_administrator_deletes_and_archives_where_they_are_a_member() {
    let service = Service::start().await;
    let [ada, boss] = service.people().await;
    let channel = service.channel(&ada, "public").await;
    let path = format!("/v1/conversations/{}", channel.id);
    service.message(&ada, &channel.id, "hi").await;
    service.make_administrator(&boss).await;
    let delete = || Request::of(&boss);
    let message = format!("{path}/messages/2");
    assert_eq!(
        service.refused(Method::DELETE, &message, delete()).await,
        "forbidden",
        "no member yet"
    );
    service.post(&boss, &format!("{path}/join"), Value::Null).await;
    service.delete(&boss, &message).await;
    assert_eq!(
        service.patch(&boss, &path, json!({ "archived": true })).await["archived"],
        true
    );
}

#[tokio::test]
async fn an_archived_public_channel_is_opened_again_by_an_administrator_who_comes_in() {
    let service = Service::start().await;
    let [ada, ben, boss] = service.people().await;
    let channel = service.channel(&ada, "public").await;
    let path = format!("/v1/conversations/{}", channel.id);
    service.patch(&ada, &path, json!({ "archived": true })).await;
    service.delete(&ada, &format!("{path}/members/{}", ada.id)).await;
    service.make_administrator(&boss).await;
    let join = format!("{path}/join");
    let body = |person: &Person| Request::of(person).body(Value::Null);
    assert_eq!(service.refused(Method::POST, &join, body(&ben)).await, "archived");
    service.post(&boss, &join, Value::Null).await;
    assert_eq!(
        service.patch(&boss, &path, json!({ "archived": false })).await["archived"],
        false
    );
    service.post(&ben, &join, Value::Null).await;
}

#[tokio::test]
async fn where_administrators_make_the_channels_nobody_else_does() {
    let service = Service::start().await;
    let [ada, boss] = service.people().await;
    service.make_administrator(&boss).await;
    let make = async |person: &Person| {
        let body = json!({ "kind": "channel", "name": format!("channel {}", fresh()), "visibility": "public" });
        let made = service
            .request(Method::POST, "/v1/conversations", Request::of(person).body(body))
            .await;
        made.0.as_u16()
    };
    let tell = async |channel_creation, version| {
        let event = WorkspaceChanged {
            channel_creation,
            version,
        };
        service.tell(WORKSPACE_CHANGED, &event).await;
    };
    assert_eq!(make(&ada).await, 201);
    tell(ChannelCreation::Administrators, 2).await;
    service.becomes(403, async || make(&ada).await).await;
    assert_eq!(make(&boss).await, 201);
    service.direct(&ada, &boss).await;
    tell(ChannelCreation::Everyone, 1).await;
    tell(ChannelCreation::Everyone, 3).await;
    service.becomes(201, async || make(&ada).await).await;
}

#[tokio::test]
async fn who_makes_and_joins_too_much_is_told_when_to_come_back() {
    let service = Service::with(chat_service::settings::Settings {
        changes_per_min: 1,
        change_burst: 2,
        ..settings()
    })
    .await;
    let [ada, ben] = service.people().await;
    let channel = service.channel(&ada, "public").await;
    let path = format!("/v1/conversations/{}", channel.id);
    service.patch(&ada, &path, json!({ "topic": "one" })).await;
    let request = Request::of(&ada).body(json!({ "topic": "two" }));
    let (status, problem) = service.request(Method::PATCH, &path, request).await;
    assert_eq!((status.as_u16(), &problem["code"]), (429, &json!("rate_limited")));
    assert!((1..=60).contains(&problem["retry_after_s"].as_u64().unwrap()));
    let direct = Request::of(&ada).body(json!({ "kind": "direct", "with": ben.id }));
    assert_eq!(
        service.refused(Method::POST, "/v1/conversations", direct).await,
        "rate_limited"
    );
    service.message(&ada, &channel.id, "writing goes on").await;
    let direct = service.direct(&ben, &ada).await;
    assert_eq!(
        service.direct(&ada, &ben).await.id,
        direct.id,
        "what is there can be opened"
    );
    service.delete(&ada, &format!("{path}/members/{}", ada.id)).await;
}
