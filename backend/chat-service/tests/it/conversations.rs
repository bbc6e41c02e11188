//! Starting and finding conversations over REST.

use protocol::event::{PERSON_CHANGED, PersonChanged};
use protocol::{Conversation, ConversationKind};
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::harness::{Person, Request, Service};

#[tokio::test]
async fn a_conversation_is_created_once_and_found_afterwards() {
    let service = Service::start().await;
    let [ada, ben] = service.people().await;
    let body = json!({ "kind": "direct", "with": ben.id });
    let request = Request::of(&ada).body(body.clone());
    let (status, first) = service.request(Method::POST, "/v1/conversations", request).await;
    assert_eq!(status, StatusCode::CREATED);
    let with_ada = json!({ "kind": "direct", "with": ada.id });
    let request = Request::of(&ben).body(with_ada);
    let (status, second) = service.request(Method::POST, "/v1/conversations", request).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(first, second);

    let listed = service.get(&ben, "/v1/conversations").await;
    assert_eq!(listed["conversations"], json!([first]));
    let path = format!("/v1/conversations/{}", first["id"].as_str().unwrap());
    assert_eq!(service.get(&ada, &path).await, first);
}

#[tokio::test]
async fn a_repeated_creation_of_a_channel_is_one_channel() {
    let service = Service::start().await;
    let ada = service.person().await;
    let body = json!({ "kind": "channel", "name": "general", "visibility": "public" });
    let create = async || {
        let request = Request::of(&ada).body(body.clone()).key("once");
        service.request(Method::POST, "/v1/conversations", request).await
    };
    let ((first_status, first), (second_status, second)) = (create().await, create().await);
    assert_eq!((first_status, second_status), (StatusCode::CREATED, StatusCode::OK));
    assert_eq!(first, second);
    let other = Request::of(&ada).body(body.clone()).key("another");
    assert_eq!(
        service.refused(Method::POST, "/v1/conversations", other).await,
        "name_taken"
    );
}

#[tokio::test]
async fn a_newcomer_who_is_on_the_way_is_waited_for() {
    let service = Service::start().await;
    let ada = service.person().await;
    let newcomer = Person::new();
    let event = PersonChanged {
        id: newcomer.id.clone(),
        name: "Grace".to_owned(),
        role: protocol::Role::Member,
        active: true,
        version: 1,
    };
    let body = json!({ "kind": "direct", "with": newcomer.id });

    let (started, published) = tokio::join!(
        service.post(&ada, "/v1/conversations", body),
        service.bus.publish(PERSON_CHANGED, "event-1", &event, None)
    );

    published.unwrap();
    assert_eq!(started["kind"], "direct");
}

#[tokio::test]
async fn people_are_known_once_their_event_arrived() {
    let service = Service::start().await;
    let [ada, ben] = service.people().await;
    let newcomer = Person::new();
    let body = json!({ "kind": "direct", "with": newcomer.id });
    let ask = || Request::of(&ada).body(body.clone());
    assert_eq!(
        service.refused(Method::POST, "/v1/conversations", ask()).await,
        "unknown_person"
    );

    let mut socket = service.socket(&ada).await;
    let event = PersonChanged {
        id: newcomer.id.clone(),
        name: "Grace".to_owned(),
        role: protocol::Role::Member,
        active: true,
        version: 1,
    };
    service
        .bus
        .publish(PERSON_CHANGED, "event-1", &event, None)
        .await
        .unwrap();
    let is_person = |frame: &_| matches!(frame, protocol::frame::ServerFrame::Person { .. });
    let told = socket.until(is_person).await;
    assert!(matches!(told, protocol::frame::ServerFrame::Person { name, .. } if name == "Grace"));
    let started: Conversation =
        serde_json::from_value(service.post(&ada, "/v1/conversations", body.clone()).await).unwrap();
    assert_eq!(started.kind, ConversationKind::Direct);

    let gone = PersonChanged {
        active: false,
        version: 2,
        ..event.clone()
    };
    service
        .bus
        .publish(PERSON_CHANGED, "event-3", &gone, None)
        .await
        .unwrap();
    socket.until(is_person).await;
    service
        .bus
        .publish(PERSON_CHANGED, "event-1-again", &event, None)
        .await
        .unwrap();
    let group = json!({ "kind": "group", "with": [newcomer.id, ben.id] });
    let refused = service
        .refused(Method::POST, "/v1/conversations", Request::of(&ada).body(group))
        .await;
    assert_eq!(
        refused, "unknown_person",
        "deactivated, and an old event changes nothing"
    );
    assert_eq!(
        service.post(&ada, "/v1/conversations", body).await["id"],
        started.id.as_str()
    );
}

#[tokio::test]
async fn channels_are_listed_with_what_the_person_may_know_of() {
    let service = Service::start().await;
    let [ada, ben] = service.people().await;
    let public = service.channel(&ada, "public").await;
    let private = service.channel(&ada, "private").await;
    let ids = async |person: &Person, query: &str| {
        let listed = service.get(person, &format!("/v1/channels?{query}")).await;
        let channels: Vec<Conversation> = serde_json::from_value(listed["channels"].clone()).unwrap();
        channels.into_iter().map(|channel| channel.id).collect::<Vec<_>>()
    };
    assert_eq!(ids(&ada, "").await, [public.id.clone(), private.id.clone()]);
    assert_eq!(ids(&ben, "").await, std::slice::from_ref(&public.id));
    let name = private.name.unwrap().to_uppercase().replace(' ', "%20");
    assert_eq!(ids(&ada, &format!("query={name}")).await, [private.id]);
    assert!(ids(&ben, &format!("query={name}")).await.is_empty());
}

#[tokio::test]
async fn a_read_mark_is_kept_by_the_rules_of_generations() {
    let service = Service::start().await;
    let [ada, ben, stranger] = service.people().await;
    let conversation = service.direct(&ada, &ben).await;
    for number in 0..4 {
        service
            .message(&ada, &conversation.id, &format!("message {number}"))
            .await;
    }
    let path = format!("/v1/conversations/{}/read", conversation.id);
    let mark = |generation: u32, ordinal: u64| json!({ "generation": generation, "ordinal": ordinal });
    assert_eq!(service.put(&ben, &path, mark(0, 2)).await, mark(0, 2));
    assert_eq!(
        service.put(&ben, &path, mark(0, 900)).await,
        mark(0, 4),
        "nobody has read what is not written"
    );
    assert_eq!(service.put(&ben, &path, mark(1, 1)).await, mark(1, 1));
    assert_eq!(
        service.put(&ben, &path, mark(0, 4)).await,
        mark(1, 1),
        "an old device changes nothing"
    );
    let refused = service
        .refused(Method::PUT, &path, Request::of(&stranger).body(mark(0, 1)))
        .await;
    assert_eq!(refused, "not_found");

    let seen = service
        .get(&ada, &format!("/v1/conversations/{}", conversation.id))
        .await;
    assert_eq!(seen["read"], mark(0, 4), "whoever writes has read up to there");
}

#[tokio::test]
async fn everything_is_still_there_after_a_restart() {
    let service = Service::start().await;
    let [ada, ben] = service.people().await;
    let conversation = service.direct(&ada, &ben).await;
    let channel = service.channel(&ada, "private").await;
    service.message(&ada, &conversation.id, "before").await;
    let path = format!("/v1/conversations/{}/members/{}", channel.id, ben.id);
    service.put(&ada, &path, json!(null)).await;
    let before = service.get(&ben, "/v1/conversations").await;
    let log = service.log(&ben, &conversation.id).await;

    let service = service.restart().await;

    assert_eq!(service.get(&ben, "/v1/conversations").await, before);
    assert_eq!(service.log(&ben, &conversation.id).await, log);
    assert_eq!(service.message(&ben, &conversation.id, "after").await.seq, 2);
}
