//! Who is there, on all their devices, and when they were last seen.

use protocol::frame::ServerFrame;
use protocol::rest::chat::PresentPeople;
use protocol::{Activity, PersonPresence, Presence, UnixMs};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::{Duration, Instant};

use crate::harness::{Person, Request, Socket};
use crate::live::{ask, signs_until_now, watch, with_grace};

async fn acts(socket: &mut Socket, activity: Activity) {
    assert_eq!(ask(socket, "status", json!({ "activity": activity })).await, "ack");
}

/// Everything that came so far but entries and the like: what is said now comes after it.
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
