//! Live signs: typing, receipts, presence, and what ends them.
//!
//! Longer than 400 lines: one story of live signs after another, on one harness.

use std::collections::BTreeMap;

use protocol::frame::ServerFrame;
use protocol::rest::chat::{PresentPeople, Receipts};
use protocol::{Activity, Conversation, ConversationId, PersonPresence, Presence, ReadMark, Receipt, UnixMs, UserId};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::{Duration, Instant};

use crate::harness::{Person, Request, Service, Socket, settings};

/// The service with a grace time that no test waits for by accident, or none at all.
async fn with_grace(presence_grace_s: u32) -> Service {
    Service::with(chat_service::settings::Settings {
        presence_grace_s,
        ..settings()
    })
    .await
}

/// Asks for something and answers `ack`, or the code of the refusal.
async fn ask(socket: &mut Socket, kind: &str, mut fields: Value) -> String {
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

async fn watch(socket: &mut Socket, conversations: &[&ConversationId], people: &[&Person]) {
    let people: Vec<&UserId> = people.iter().map(|person| &person.id).collect();
    let wish = json!({ "conversations": conversations, "people": people });
    assert_eq!(ask(socket, "watch", wish).await, "ack");
}

async fn types(socket: &mut Socket, conversation: &ConversationId) -> String {
    ask(socket, "typing", json!({ "conversation": conversation })).await
}

async fn acts(socket: &mut Socket, activity: Activity) {
    assert_eq!(ask(socket, "status", json!({ "activity": activity })).await, "ack");
}

/// Everything that came so far but entries and the like: what is said now comes after it.
async fn signs_until_now(socket: &mut Socket, conversation: &ConversationId) -> Vec<ServerFrame> {
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

async fn presence_of(socket: &mut Socket, person: &Person) -> PersonPresence {
    let of = |frame: &ServerFrame| match frame {
        ServerFrame::Presence { people } => people.iter().find(|other| other.person == person.id).cloned(),
        _ => None,
    };
    let told = socket.until(|frame| of(frame).is_some()).await;
    of(&told).unwrap_or_else(|| unreachable!("it was looked for"))
}

/// Waits until the person is seen so; answers when they were last seen.
async fn sees(socket: &mut Socket, person: &Person, presence: Presence) -> Option<UnixMs> {
    loop {
        let told = presence_of(socket, person).await;
        if told.presence == presence {
            return told.last_seen;
        }
    }
}

async fn receipts(socket: &mut Socket) -> BTreeMap<UserId, u64> {
    match socket
        .until(|frame| matches!(frame, ServerFrame::Receipts { .. }))
        .await
    {
        ServerFrame::Receipts { receipts, .. } => {
            receipts.into_iter().map(|read| (read.person, read.ordinal)).collect()
        }
        _ => unreachable!("it was looked for"),
    }
}

async fn reads(socket: &mut Socket, conversation: &Conversation, mark: ReadMark) {
    let fields = json!({ "conversation": conversation.id, "generation": mark.generation, "ordinal": mark.ordinal });
    assert_eq!(ask(socket, "read", fields).await, "ack");
}

async fn told_mark(socket: &mut Socket) -> (u32, u64) {
    match socket.until(|frame| matches!(frame, ServerFrame::Read { .. })).await {
        ServerFrame::Read {
            generation, ordinal, ..
        } => (generation, ordinal),
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

#[tokio::test]
async fn presence_follows_what_people_do_on_all_their_devices() {
    let service = with_grace(0).await;
    let [ada, ben] = service.people().await;
    let mut of_ada = service.socket(&ada).await;
    watch(&mut of_ada, &[], &[&ben]).await;
    let before = presence_of(&mut of_ada, &ben).await;
    assert_eq!((before.presence, before.last_seen), (Presence::Offline, None));

    let mut phone = service.socket(&ben).await;
    sees(&mut of_ada, &ben, Presence::Online).await;
    let laptop = Person {
        session: Person::new().session,
        ..ben.clone()
    };
    let mut laptop = service.socket(&laptop).await;
    acts(&mut phone, Activity::Idle).await;
    acts(&mut laptop, Activity::Idle).await;
    let away = presence_of(&mut of_ada, &ben).await;
    assert_eq!(away.presence, Presence::Away);
    assert!(away.last_seen.is_some());
    acts(&mut phone, Activity::Active).await;
    sees(&mut of_ada, &ben, Presence::Online).await;
    drop((phone, laptop));
    let gone = presence_of(&mut of_ada, &ben).await;
    assert_eq!(gone.presence, Presence::Offline);
    assert!(gone.last_seen >= away.last_seen);
}

#[tokio::test]
async fn a_reconnect_within_the_grace_time_is_not_seen() {
    let service = with_grace(600).await;
    let [ada, ben] = service.people().await;
    let direct = service.direct(&ada, &ada).await;
    let mut of_ada = service.socket(&ada).await;
    let mut of_ben = service.socket(&ben).await;
    watch(&mut of_ada, &[], &[&ben]).await;
    sees(&mut of_ada, &ben, Presence::Online).await;
    acts(&mut of_ben, Activity::Idle).await;
    sees(&mut of_ada, &ben, Presence::Away).await;
    for _ in 0..5 {
        drop(of_ben);
        of_ben = service.socket(&ben).await;
    }
    // Whatever there was to tell about him is told before this.
    let carol = service.person().await;
    watch(&mut of_ada, &[], &[&ben, &carol]).await;
    presence_of(&mut of_ada, &carol).await;
    let _of_carol = service.socket(&carol).await;
    sees(&mut of_ada, &carol, Presence::Online).await;
    let signs = signs_until_now(&mut of_ada, &direct.id).await;
    assert!(signs.is_empty(), "nothing of him was told: {signs:?}");
}

#[tokio::test]
async fn an_ended_session_is_offline_at_once() {
    let service = with_grace(600).await;
    let [ada, ben] = service.people().await;
    let (mut of_ada, mut of_ben) = (service.socket(&ada).await, service.socket(&ben).await);
    watch(&mut of_ada, &[], &[&ben]).await;
    sees(&mut of_ada, &ben, Presence::Online).await;
    service.denied.deny(ben.session.clone(), i64::MAX);
    of_ben.closed().await;
    sees(&mut of_ada, &ben, Presence::Offline).await;
}

#[tokio::test]
async fn when_somebody_was_last_seen_survives_a_restart() {
    let service = with_grace(600).await;
    let [ada, ben] = service.people().await;
    let socket = service.socket(&ben).await;
    let seen = |people: Value| -> (Presence, Option<UnixMs>) {
        let mut people: PresentPeople = serde_json::from_value(people).unwrap();
        let only = people.people.pop().unwrap();
        assert!(people.people.is_empty(), "an id that is nobody's is left out");
        (only.presence, only.last_seen)
    };
    let path = format!("/v1/presence?ids={},u_nobody", ben.id);
    let (presence, last_seen) = seen(service.get(&ada, &path).await);
    assert_eq!(presence, Presence::Online);
    let service = service.restart().await;
    drop(socket);
    let (presence, after) = seen(service.get(&ada, &path).await);
    assert_eq!(presence, Presence::Offline);
    assert!(after >= last_seen && after.is_some(), "{after:?} after {last_seen:?}");

    for ids in ["", "u_1,,u_2", "u_1,../x"] {
        let code = service
            .refused(Method::GET, &format!("/v1/presence?ids={ids}"), Request::of(&ada))
            .await;
        assert_eq!(code, "malformed", "{ids}");
    }
}

#[tokio::test]
async fn others_see_how_far_one_has_read_and_marking_as_unread_is_private() {
    let service = Service::start().await;
    let [ada, ben, carol] = service.people().await;
    let group = service.group(&ada, &[&ben, &carol]).await;
    for _ in 0..9 {
        service.message(&carol, &group.id, "read me").await;
    }
    let (mut of_ada, mut of_ben) = (service.socket(&ada).await, service.socket(&ben).await);
    let mark = |generation, ordinal| ReadMark { generation, ordinal };
    reads(&mut of_ben, &group, mark(0, 4)).await;
    watch(&mut of_ada, &[&group.id], &[]).await;
    assert_eq!(
        receipts(&mut of_ada).await,
        BTreeMap::from([(ben.id.clone(), 4), (carol.id.clone(), 9)])
    );

    reads(&mut of_ben, &group, mark(0, 7)).await;
    assert_eq!(receipts(&mut of_ada).await, BTreeMap::from([(ben.id.clone(), 7)]));
    reads(&mut of_ben, &group, mark(1, 2)).await;
    reads(&mut of_ben, &group, mark(1, 5)).await;
    let signs = signs_until_now(&mut of_ada, &group.id).await;
    assert!(signs.is_empty(), "{signs:?}");
    let path = format!("/v1/conversations/{}/receipts", group.id);
    let mut all: Receipts = serde_json::from_value(service.get(&ada, &path).await).unwrap();
    all.receipts.sort_by_key(|receipt| receipt.ordinal);
    let receipt = |person: &Person, ordinal| Receipt {
        person: person.id.clone(),
        ordinal,
    };
    assert_eq!(all.receipts, [receipt(&ben, 7), receipt(&carol, 9), receipt(&ada, 10)]);

    service.message(&ben, &group.id, "who writes has read").await;
    assert_eq!(receipts(&mut of_ada).await, BTreeMap::from([(ben.id.clone(), 11)]));
}

#[tokio::test]
async fn a_channel_has_no_receipts() {
    let service = Service::start().await;
    let [ada, ben] = service.people().await;
    let channel = service.channel(&ada, "public").await;
    service
        .post(&ben, &format!("/v1/conversations/{}/join", channel.id), json!(null))
        .await;
    let (mut of_ada, mut of_ben) = (service.socket(&ada).await, service.socket(&ben).await);
    watch(&mut of_ada, &[&channel.id], &[]).await;
    of_ben.say(&channel.id, "hi").await;
    let signs = signs_until_now(&mut of_ada, &channel.id).await;
    assert!(signs.is_empty(), "{signs:?}");
    let path = format!("/v1/conversations/{}/receipts", channel.id);
    assert_eq!(service.get(&ada, &path).await, json!({ "receipts": [] }));
}

#[tokio::test]
async fn marking_as_unread_is_told_to_all_devices_and_a_late_old_mark_changes_nothing() {
    let service = Service::start().await;
    let [ada, ben] = service.people().await;
    let direct = service.direct(&ada, &ben).await;
    for _ in 0..5 {
        service.message(&ben, &direct.id, "hi").await;
    }
    let (mut desk, mut phone) = (service.socket(&ada).await, service.socket(&ada).await);
    let mark = |generation, ordinal| ReadMark { generation, ordinal };
    reads(&mut desk, &direct, mark(0, 5)).await;
    assert_eq!(told_mark(&mut phone).await, (0, 5));
    reads(&mut desk, &direct, mark(1, 2)).await;
    assert_eq!(told_mark(&mut phone).await, (1, 2));
    reads(&mut phone, &direct, mark(0, 5)).await;
    assert_eq!(
        told_mark(&mut phone).await,
        (1, 2),
        "the late device is told how it stands"
    );
    let entry = desk.say(&direct.id, "writing is reading").await;
    assert_eq!(
        told_mark(&mut phone).await,
        (1, entry.ordinal),
        "within the new generation"
    );
    let again = service.connect(&ada).await.hello(Vec::new()).await;
    assert_eq!(again[0].read, mark(1, entry.ordinal));
}

#[tokio::test]
async fn a_mark_of_a_socket_that_closed_at_once_still_reaches_the_other_devices() {
    let service = Service::start().await;
    let [ada, ben] = service.people().await;
    let direct = service.direct(&ada, &ben).await;
    for _ in 0..30 {
        service.message(&ben, &direct.id, "hi").await;
    }
    let mut phone = service.socket(&ada).await;
    for ordinal in 1..=30 {
        let mut desk = service.socket(&ada).await;
        let frame = json!({ "type": "read", "id": 1, "conversation": direct.id, "generation": 0, "ordinal": ordinal });
        desk.send_text(frame.to_string()).await;
        drop(desk);
        assert_eq!(told_mark(&mut phone).await, (0, ordinal));
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_who_come_at_once_are_told_together() {
    const PEOPLE: usize = 150;
    let service = with_grace(600).await;
    let ada = service.person().await;
    let mut people = Vec::new();
    for _ in 0..PEOPLE {
        people.push(service.person().await);
    }
    let mut of_ada = service.socket(&ada).await;
    watch(&mut of_ada, &[], &people.iter().collect::<Vec<_>>()).await;
    presence_of(&mut of_ada, &people[0]).await;
    let started = Instant::now();
    let coming = people.iter().map(|person| service.socket(person));
    let _sockets = futures_util::future::join_all(coming).await;
    let (mut online, mut frames) = (0, 0);
    while online < PEOPLE {
        let told = of_ada
            .until(|frame| matches!(frame, ServerFrame::Presence { .. }))
            .await;
        if let ServerFrame::Presence { people } = told {
            frames += 1;
            online += people
                .iter()
                .filter(|person| person.presence == Presence::Online)
                .count();
        }
    }
    let quarters = started.elapsed().as_millis() / Duration::from_millis(250).as_millis();
    assert!(
        frames <= quarters + 2,
        "{frames} frames for {PEOPLE} people in {quarters} quarters of a second"
    );
}
