//! Live signs: who looks at what, who types, and what ends it.

use protocol::frame::ServerFrame;
use protocol::{ConversationId, UserId};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::harness::{Person, Service, Socket, settings};

/// The service with a grace time that no test waits for by accident, or none at all.
pub(crate) async fn with_grace(presence_grace_s: u32) -> Service {
    Service::with(chat_service::settings::Settings {
        presence_grace_s,
        ..settings()
    })
    .await
}

/// Asks for something and answers `ack`, or the code of the refusal.
pub(crate) async fn ask(socket: &mut Socket, kind: &str, mut fields: Value) -> String {
    let id = socket.next_id();
    fields["type"] = json!(kind);
    fields["id"] = json!(id);
    socket.send_text(fields.to_string()).await;
    match socket.answer(id).await {
        ServerFrame::Ack { .. } => "ack".to_owned(),
        ServerFrame::Refused { code, .. } => code.to_string(),
        other => panic!("{other:?}"),
    }
}

pub(crate) async fn watch(socket: &mut Socket, conversations: &[&ConversationId], people: &[&Person]) {
    let people: Vec<&UserId> = people.iter().map(|person| &person.id).collect();
    let wish = json!({ "conversations": conversations, "people": people });
    assert_eq!(ask(socket, "watch", wish).await, "ack");
}

async fn types(socket: &mut Socket, conversation: &ConversationId) -> String {
    ask(socket, "typing", json!({ "conversation": conversation })).await
}
pub(crate) async fn signs_until_now(socket: &mut Socket, conversation: &ConversationId) -> Vec<ServerFrame> {
    socket.say(conversation, "up to here").await;
    let is_sign = |frame: &&ServerFrame| {
        matches!(
            frame,
            ServerFrame::Typing { .. } | ServerFrame::Receipts { .. } | ServerFrame::Presence { .. }
        )
    };
    socket.early().iter().filter(is_sign).cloned().collect()
}

async fn typist(socket: &mut Socket) -> (ConversationId, UserId) {
    match socket.until(|frame| matches!(frame, ServerFrame::Typing { .. })).await {
        ServerFrame::Typing { conversation, person } => (conversation, person),
        _ => unreachable!("it was looked for"),
    }
}

#[tokio::test]
async fn typing_is_told_to_those_who_look_and_to_nobody_else() {
    let service = Service::start().await;
    let [ada, ben, carol] = service.people().await;
    let group = service.group(&ada, &[&ben, &carol]).await;
    let (mut of_ada, mut other_of_ada) = (service.socket(&ada).await, service.socket(&ada).await);
    let (mut of_ben, mut of_carol) = (service.socket(&ben).await, service.socket(&carol).await);
    for socket in [&mut of_ada, &mut other_of_ada, &mut of_ben] {
        watch(socket, &[&group.id], &[]).await;
    }
    for _ in 0..5 {
        assert_eq!(types(&mut of_ada, &group.id).await, "ack");
    }
    assert_eq!(typist(&mut of_ben).await, (group.id.clone(), ada.id.clone()));
    for socket in [&mut of_ada, &mut other_of_ada, &mut of_carol, &mut of_ben] {
        let signs = signs_until_now(socket, &group.id).await;
        let typing = signs.iter().filter(|sign| matches!(sign, ServerFrame::Typing { .. }));
        assert_eq!(
            typing.count(),
            0,
            "not oneself, not those who look elsewhere, and once per interval"
        );
    }

    // What was said up to here ended the typing.
    assert_eq!(types(&mut of_ada, &group.id).await, "ack");
    assert_eq!(typist(&mut of_ben).await.1, ada.id);
    watch(&mut of_carol, &[&group.id], &[]).await;
    assert_eq!(
        typist(&mut of_carol).await.1,
        ada.id,
        "who begins to look sees who types"
    );
    watch(&mut of_ben, &[], &[]).await;
    assert_eq!(types(&mut of_carol, &group.id).await, "ack");
    assert_eq!(typist(&mut of_ada).await.1, carol.id);
    let signs = signs_until_now(&mut of_ben, &group.id).await;
    assert!(
        signs.iter().all(|sign| !matches!(sign, ServerFrame::Typing { .. })),
        "{signs:?}"
    );
}

#[tokio::test]
async fn whoever_sent_a_message_types_anew_with_the_next_key() {
    let service = Service::start().await;
    let [ada, ben, carol] = service.people().await;
    let group = service.group(&ada, &[&ben, &carol]).await;
    let (mut of_ada, mut of_ben) = (service.socket(&ada).await, service.socket(&ben).await);
    watch(&mut of_ben, &[&group.id], &[]).await;
    assert_eq!(types(&mut of_ada, &group.id).await, "ack");
    assert_eq!(typist(&mut of_ben).await.1, ada.id);

    of_ada.say(&group.id, "One thing").await;
    let mut of_carol = service.socket(&carol).await;
    watch(&mut of_carol, &[&group.id], &[]).await;
    let signs = signs_until_now(&mut of_carol, &group.id).await;
    let typing = signs.iter().find(|sign| matches!(sign, ServerFrame::Typing { .. }));
    assert_eq!(typing, None, "who begins to look does not see whoever is done");

    assert_eq!(types(&mut of_ada, &group.id).await, "ack");
    assert_eq!(typist(&mut of_ben).await.1, ada.id, "within the interval");
}

#[tokio::test]
async fn only_members_type_and_nobody_in_an_archived_channel() {
    let service = Service::start().await;
    let [ada, ben] = service.people().await;
    let (public, secret) = (
        service.channel(&ada, "public").await,
        service.channel(&ada, "private").await,
    );
    let (mut of_ada, mut of_ben) = (service.socket(&ada).await, service.socket(&ben).await);
    watch(&mut of_ben, &[&public.id], &[]).await;
    assert_eq!(types(&mut of_ada, &public.id).await, "ack");
    assert_eq!(
        typist(&mut of_ben).await.1,
        ada.id,
        "a reader of a public channel may look on"
    );
    assert_eq!(types(&mut of_ben, &public.id).await, "forbidden");
    assert_eq!(types(&mut of_ben, &secret.id).await, "not_found");
    let path = format!("/v1/conversations/{}", public.id);
    service.patch(&ada, &path, json!({ "archived": true })).await;
    assert_eq!(types(&mut of_ada, &public.id).await, "archived");
}

#[tokio::test]
async fn what_may_not_be_read_is_not_watched_and_changes_nothing() {
    let service = Service::start().await;
    let [ada, ben] = service.people().await;
    let (direct, secret) = (service.direct(&ada, &ben).await, service.channel(&ada, "private").await);
    let (mut of_ada, mut of_ben) = (service.socket(&ada).await, service.socket(&ben).await);
    watch(&mut of_ben, &[&direct.id], &[]).await;
    for conversation in [secret.id.as_str(), "c_missing"] {
        let wish = json!({ "conversations": [direct.id.as_str(), conversation] });
        assert_eq!(ask(&mut of_ben, "watch", wish).await, "not_found");
    }
    let many: Vec<String> = (0..11).map(|number| format!("c_{number}")).collect();
    assert_eq!(
        ask(&mut of_ben, "watch", json!({ "conversations": many })).await,
        "malformed"
    );
    let many: Vec<String> = (0..501).map(|number| format!("u_{number}")).collect();
    assert_eq!(ask(&mut of_ben, "watch", json!({ "people": many })).await, "malformed");

    types(&mut of_ada, &secret.id).await;
    types(&mut of_ada, &direct.id).await;
    assert_eq!(
        typist(&mut of_ben).await.0,
        direct.id,
        "it goes on watching what it watched"
    );
}

#[tokio::test]
async fn after_leaving_nothing_more_is_told_not_even_of_a_public_channel() {
    let service = Service::start().await;
    let [ada, ben] = service.people().await;
    for visibility in ["public", "private"] {
        let channel = service.channel(&ada, visibility).await;
        let member = format!("/v1/conversations/{}/members/{}", channel.id, ben.id);
        service.put(&ada, &member, json!(null)).await;
        let (mut of_ada, mut of_ben) = (service.socket(&ada).await, service.socket(&ben).await);
        let direct = service.direct(&ben, &ben).await;
        watch(&mut of_ben, &[&channel.id], &[]).await;
        service.delete(&ada, &member).await;

        types(&mut of_ada, &channel.id).await;
        let signs = signs_until_now(&mut of_ben, &direct.id).await;
        assert!(signs.is_empty(), "{visibility}: {signs:?}");
        let again = ask(&mut of_ben, "watch", json!({ "conversations": [channel.id.as_str()] })).await;
        assert_eq!(again, if visibility == "public" { "ack" } else { "not_found" });
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_who_type_at_once_cost_those_who_look_no_more_than_a_few() {
    const TYPISTS: usize = 100;
    let service = Service::start().await;
    let ada = service.person().await;
    let channel = service.channel(&ada, "public").await;
    let mut of_ada = service.socket(&ada).await;
    watch(&mut of_ada, &[&channel.id], &[]).await;
    let mut typists = Vec::new();
    for _ in 0..TYPISTS {
        let typist = service.person().await;
        service
            .post(&typist, &format!("/v1/conversations/{}/join", channel.id), json!(null))
            .await;
        typists.push(typist);
    }
    let (path, started) = (format!("/v1/conversations/{}/typing", channel.id), Instant::now());
    let typing = typists.iter().map(|typist| service.post(typist, &path, json!(null)));
    futures_util::future::join_all(typing).await;
    let intervals = started.elapsed().as_secs() / 3 + 1;
    let signs = signs_until_now(&mut of_ada, &channel.id).await;
    let most = usize::try_from(intervals * 5).unwrap();
    assert!(
        (1..=most).contains(&signs.len()),
        "{} signs of {TYPISTS} people",
        signs.len()
    );
}
