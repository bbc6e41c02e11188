//! What is done to messages, over REST and over the socket, and how it is read again.

use protocol::frame::ServerFrame;
use protocol::timeline::{MessageFold, MessageState};
use protocol::{Entry, EntryKind};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Request, Service, body};

const THUMB: &str = "%F0%9F%91%8D";

fn entry(value: Value) -> Entry {
    serde_json::from_value(value).unwrap_or_else(|fault| panic!("not an entry: {fault}"))
}

fn states(page: &Value) -> Vec<MessageState> {
    serde_json::from_value(page["messages"].clone()).unwrap_or_default()
}

fn state(page: &Value, seq: u64) -> MessageFold {
    let found = states(page).into_iter().find(|held| held.seq == seq);
    found.map(|held| held.state).unwrap_or_default()
}

#[tokio::test]
async fn what_became_of_a_message_is_on_its_page_at_once() {
    let service = Service::start().await;
    let [ada, ben] = service.people().await;
    let conversation = service.direct(&ada, &ben).await;
    let here = format!("/v1/conversations/{}", conversation.id);
    let mut of_ben = service.socket(&ben).await;
    service.message(&ada, &conversation.id, "first").await;
    service.message(&ada, &conversation.id, "untouched").await;
    assert!(states(&service.get(&ben, &format!("{here}/entries")).await).is_empty());

    let edited = entry(
        service
            .patch(&ada, &format!("{here}/messages/1"), json!({ "body": "second" }))
            .await,
    );
    let reaction = format!("{here}/messages/1/reactions/{THUMB}");
    service.put(&ben, &reaction, Value::Null).await;
    service.put(&ada, &reaction, Value::Null).await;
    service.put(&ben, &format!("{here}/messages/1/pin"), Value::Null).await;
    let page = service.get(&ben, &format!("{here}/entries?before=3")).await;
    let fold = state(&page, 1);
    assert_eq!(
        fold.edit.as_ref().map(|edit| (edit.body.as_str(), edit.seq)),
        Some(("second", edited.seq))
    );
    assert_eq!(
        fold.current_reactions(),
        [("👍".to_owned(), vec![ben.id.clone(), ada.id.clone()])]
    );
    assert!(fold.is_pinned());
    assert_eq!(
        states(&page).len(),
        1,
        "only messages of the page that are not as they were sent"
    );
    assert_eq!(page["head"], 6);

    service.delete(&ben, &reaction).await;
    service.delete(&ada, &format!("{here}/messages/1/pin")).await;
    let fold = state(&service.get(&ben, &format!("{here}/entries?before=3")).await, 1);
    assert_eq!(fold.current_reactions(), [("👍".to_owned(), vec![ada.id.clone()])]);
    assert!(!fold.is_pinned());

    let mut told = Vec::new();
    for _ in 0..8 {
        told.push(of_ben.entry(&conversation.id).await);
    }
    assert_eq!(told, service.log(&ben, &conversation.id).await, "and everybody is told");
}

#[tokio::test]
async fn a_newest_page_on_the_socket_has_what_became_of_its_messages() {
    let service = Service::start().await;
    let ada = service.person().await;
    let conversation = service.direct(&ada, &ada).await;
    let here = format!("/v1/conversations/{}", conversation.id);
    service.message(&ada, &conversation.id, "first").await;
    service.message(&ada, &conversation.id, "gone").await;
    service
        .patch(&ada, &format!("{here}/messages/1"), json!({ "body": "second" }))
        .await;
    service.delete(&ada, &format!("{here}/messages/2")).await;

    let mut socket = service.connect(&ada).await;
    socket.hello(Vec::new()).await;
    let ServerFrame::Truncated { entries, messages, .. } = socket.next().await else {
        panic!("the newest page")
    };
    assert_eq!(messages.len(), 2);
    assert_eq!(
        messages[0].state.edit.as_ref().map(|edit| edit.body.as_str()),
        Some("second")
    );
    assert!(messages[1].state.is_deleted());
    assert_eq!(body(&entries[1]), "");
}

#[tokio::test]
async fn a_deleted_message_keeps_its_place_and_nothing_of_what_it_said() {
    let service = Service::start().await;
    let [ada, ben] = service.people().await;
    let conversation = service.direct(&ada, &ben).await;
    let here = format!("/v1/conversations/{}", conversation.id);
    let said = service.message(&ada, &conversation.id, "a secret").await;
    service
        .patch(&ada, &format!("{here}/messages/1"), json!({ "body": "another secret" }))
        .await;
    service.put(&ben, &format!("{here}/messages/1/pin"), Value::Null).await;
    let versions = service.get(&ben, &format!("{here}/messages/1/versions")).await;
    let bodies: Vec<_> = versions["versions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|version| &version["body"])
        .collect();
    assert_eq!(bodies, ["a secret", "another secret"]);
    let pins = service.get(&ben, &format!("{here}/pins")).await;
    assert_eq!((pins["entries"][0]["seq"].as_u64(), states(&pins).len()), (Some(1), 1));
    let forbidden = service
        .refused(Method::DELETE, &format!("{here}/messages/1"), Request::of(&ben))
        .await;
    assert_eq!(forbidden, "forbidden");

    let gone = entry(service.delete(&ada, &format!("{here}/messages/1")).await);
    assert_eq!(gone.kind, EntryKind::Delete { target: 1 });

    for service in [service.restart().await] {
        let log = service.log(&ben, &conversation.id).await;
        let text = serde_json::to_string(&log).unwrap();
        assert!(log[0].is_same(&said) && !text.contains("secret"), "{text}");
        let page = service.get(&ben, &format!("{here}/entries")).await;
        assert!(state(&page, 1).is_deleted() && !page.to_string().contains("secret"));
        assert_eq!(
            service.get(&ben, &format!("{here}/messages/1/versions")).await,
            json!({ "versions": [] })
        );
        assert_eq!(service.get(&ben, &format!("{here}/pins")).await["entries"], json!([]));
        let refused = async |method: Method, path: &str, body: Value| {
            let request = Request::of(&ada).body(body);
            service
                .refused(method, &format!("{here}/messages/1{path}"), request)
                .await
        };
        assert_eq!(
            refused(Method::PATCH, "", json!({ "body": "again" })).await,
            "message_deleted"
        );
        assert_eq!(refused(Method::PUT, "/pin", Value::Null).await, "message_deleted");
        let reaction = format!("/reactions/{THUMB}");
        assert_eq!(refused(Method::PUT, &reaction, Value::Null).await, "message_deleted");
        let again = service
            .request(Method::DELETE, &format!("{here}/messages/1"), Request::of(&ada))
            .await;
        assert_eq!(again.0, 204, "it is so already");
    }
}

#[tokio::test]
async fn a_repeat_under_its_key_is_the_same_entry_and_what_is_so_already_is_none() {
    let service = Service::start().await;
    let [ada, ben] = service.people().await;
    let conversation = service.direct(&ada, &ben).await;
    let here = format!("/v1/conversations/{}/messages", conversation.id);
    service.message(&ada, &conversation.id, "first").await;
    let edit = |body: &str| Request::of(&ada).body(json!({ "body": body })).key("edit-1");
    let path = format!("{here}/1");
    let first = service.request(Method::PATCH, &path, edit("second")).await;
    assert_eq!(first.1["seq"], 2);
    assert_eq!(service.request(Method::PATCH, &path, edit("second")).await, first);
    assert_eq!(
        service.refused(Method::PATCH, &path, edit("third")).await,
        "client_id_reused"
    );
    let same = Request::of(&ada).body(json!({ "body": "second" }));
    assert_eq!(service.request(Method::PATCH, &path, same).await.0, 204);

    let reaction = format!("{here}/1/reactions/{THUMB}");
    assert_eq!(
        service.request(Method::DELETE, &reaction, Request::of(&ben)).await.0,
        204
    );
    let on = || Request::of(&ben).key("on-1");
    let put = service.request(Method::PUT, &reaction, on()).await;
    assert_eq!(put.1["seq"], 3);
    service.delete(&ben, &reaction).await;
    assert_eq!(
        service.request(Method::PUT, &reaction, on()).await,
        put,
        "and nothing is put back"
    );
    assert_eq!(service.log(&ben, &conversation.id).await.len(), 4);
}

#[tokio::test]
async fn every_touch_has_a_frame_and_an_answer_to_a_message_too() {
    let service = Service::start().await;
    let [ada, ben] = service.people().await;
    let conversation = service.direct(&ada, &ben).await;
    let (mut of_ada, mut of_ben) = (service.socket(&ada).await, service.socket(&ben).await);
    of_ada.say(&conversation.id, "first").await;
    let frame = |kind: &str, client_id: &str, more: Value| {
        let mut frame = json!({ "type": kind, "conversation": conversation.id, "client_id": client_id, "target": 1 });
        frame.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        frame
    };
    let acked = |answer: ServerFrame| match answer {
        ServerFrame::Ack { entry, .. } => entry,
        other => panic!("not acknowledged: {other:?}"),
    };
    let code = |answer: ServerFrame| match answer {
        ServerFrame::Refused { code, .. } => code.to_string(),
        other => panic!("not refused: {other:?}"),
    };

    let edit = frame("edit", "e-1", json!({ "body": "second" }));
    let edited = acked(of_ada.ask(edit.clone()).await).unwrap();
    assert_eq!(
        acked(of_ada.ask(edit).await),
        Some(edited),
        "a repeat is the same entry"
    );
    assert_eq!(
        acked(of_ada.ask(frame("edit", "e-2", json!({ "body": "second" }))).await),
        None
    );
    assert_eq!(
        code(of_ben.ask(frame("edit", "e-3", json!({ "body": "mine" }))).await),
        "forbidden"
    );
    let react = frame("react", "r-1", json!({ "emoji": "👍", "on": true }));
    assert!(acked(of_ben.ask(react).await).is_some());
    let garbage = frame("react", "r-2", json!({ "emoji": "ok", "on": true }));
    assert_eq!(code(of_ben.ask(garbage).await), "invalid_emoji");
    assert!(acked(of_ben.ask(frame("pin", "p-1", json!({ "on": true }))).await).is_some());
    let reply = json!({ "type": "send", "conversation": conversation.id, "client_id": "s-1", "body": "an answer",
        "reply_to": 1 });
    let reply = acked(of_ben.ask(reply).await).unwrap();
    assert!(matches!(reply.kind, EntryKind::Message { reply_to: Some(1), .. }));
    let reply = json!({ "type": "send", "conversation": conversation.id, "client_id": "s-2", "body": "an answer",
        "reply_to": 2 });
    assert_eq!(code(of_ben.ask(reply).await), "not_found", "that one is an edit");
    assert_eq!(code(of_ben.ask(frame("delete", "d-1", json!({}))).await), "forbidden");
    assert!(acked(of_ada.ask(frame("delete", "d-1", json!({}))).await).is_some());
    assert_eq!(acked(of_ada.ask(frame("delete", "d-2", json!({}))).await), None);
    assert_eq!(
        code(of_ben.ask(frame("pin", "p-2", json!({ "on": false }))).await),
        "message_deleted"
    );

    let log = service.log(&ada, &conversation.id).await;
    assert_eq!(log.len(), 6);
    for stored in &log {
        let told = of_ben.entry(&conversation.id).await;
        assert!(told.is_same(stored), "{told:?}");
    }
}

#[tokio::test]
async fn touches_count_as_sends_for_the_rate() {
    let service = Service::with(chat_service::settings::Settings {
        sends_per_s: 1,
        send_burst: 2,
        ..crate::harness::settings()
    })
    .await;
    let ada = service.person().await;
    let conversation = service.direct(&ada, &ada).await;
    service.message(&ada, &conversation.id, "one").await;
    let reaction = format!("/v1/conversations/{}/messages/1/reactions/{THUMB}", conversation.id);
    service.put(&ada, &reaction, Value::Null).await;
    assert_eq!(
        service.refused(Method::DELETE, &reaction, Request::of(&ada)).await,
        "rate_limited"
    );
}
