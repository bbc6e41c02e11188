//! How sockets end: tokens, sessions, the server itself, and too many of them.

use protocol::close;
use protocol::frame::{ClientFrame, ServerFrame};
use tokio::time::{Duration, Instant};
use tokio_tungstenite::tungstenite;

use crate::harness::{Person, Service, settings};

#[tokio::test]
async fn an_ended_session_closes_its_sockets_within_two_seconds_and_no_others() {
    let service = Service::start().await;
    let [ada, ben] = service.people().await;
    let (mut of_ada, mut of_ben) = (service.socket(&ada).await, service.socket(&ben).await);
    let mut silent = service.connect(&ada).await;
    let ended_at = Instant::now();
    service.denied.deny(ada.session.clone(), i64::MAX);
    assert_eq!(of_ada.closed().await.0, close::SESSION_ENDED);
    assert_eq!(silent.closed().await.0, close::SESSION_ENDED, "also before its hello");
    assert!(ended_at.elapsed() < Duration::from_secs(2));
    let conversation = service.direct(&ben, &ben).await;
    of_ben.say(&conversation.id, "still here").await;
    assert!(service.connect_with(&ada.token()).await.is_err());
}

#[tokio::test]
async fn without_a_fresh_token_the_socket_closes_at_expiry() {
    let service = Service::start().await;
    let ada = service.person().await;
    let mut socket = service.connect_with(&ada.token_for_s(4)).await.unwrap();
    socket.hello(Vec::new()).await;
    let warned = socket
        .until(|frame| matches!(frame, ServerFrame::TokenExpiring { .. }))
        .await;
    assert!(matches!(warned, ServerFrame::TokenExpiring { expires_at } if expires_at > 0));
    assert_eq!(socket.closed().await.0, close::TOKEN_EXPIRED);
}

#[tokio::test]
async fn a_fresh_token_of_the_same_session_keeps_the_socket() {
    let service = Service::start().await;
    let [ada, ben] = service.people().await;
    let other_device = Person {
        id: ada.id.clone(),
        ..Person::new()
    };
    let mut socket = service.connect_with(&ada.token_for_s(6)).await.unwrap();
    socket.hello(Vec::new()).await;
    let first_token = Instant::now() + Duration::from_secs(6);

    let mut renew = async |token: String| {
        let id = socket.next_id();
        socket.send(&ClientFrame::Token { id, token }).await;
        match socket.answer(id).await {
            ServerFrame::Ack { .. } => "ack".to_owned(),
            ServerFrame::Refused { code, .. } => code.to_string(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(renew(ben.token()).await, "unauthenticated");
    assert_eq!(
        renew(other_device.token()).await,
        "unauthenticated",
        "another session of the same person"
    );
    assert_eq!(renew("nonsense".to_owned()).await, "unauthenticated");
    assert_eq!(renew(ada.token_for_s(-5)).await, "token_expired");
    assert_eq!(renew(ada.token()).await, "ack");

    tokio::time::sleep_until(first_token + Duration::from_millis(200)).await;
    let conversation = service.direct(&ada, &ben).await;
    socket.say(&conversation.id, "past the first token's end").await;
}

#[tokio::test]
async fn a_token_that_does_not_count_opens_no_socket() {
    let service = Service::start().await;
    let ada = service.person().await;
    for token in ["nonsense".to_owned(), ada.token_for_s(-1), format!("{}x", ada.token())] {
        match service.connect_with(&token).await {
            Err(tungstenite::Error::Http(response)) => assert_eq!(response.status(), 401),
            Err(other) => panic!("{other}"),
            Ok(_) => panic!("a socket was opened"),
        }
    }
}

#[tokio::test]
async fn a_stopping_server_says_goodbye_and_when_to_come_back() {
    let service = Service::start().await;
    let [ada, ben] = service.people().await;
    let mut sockets = Vec::new();
    for person in [&ada, &ben, &ada] {
        sockets.push(service.socket(person).await);
    }
    service.lifecycle.stop();
    for socket in &mut sockets {
        let goodbye = socket.until(|frame| matches!(frame, ServerFrame::Goodbye { .. })).await;
        assert!(
            matches!(goodbye, ServerFrame::Goodbye { retry_after_ms, .. } if (500..=6000).contains(&retry_after_ms))
        );
        assert_eq!(socket.closed().await.0, close::GOING_AWAY);
    }
    service.lifecycle.finished(Duration::from_secs(10)).await.unwrap();
}

#[tokio::test]
async fn what_was_sent_before_the_stop_is_answered_or_not_stored() {
    let service = Service::start().await;
    let ada = service.person().await;
    let conversation = service.direct(&ada, &ada).await;
    let mut socket = service.socket(&ada).await;
    for number in 0..50 {
        socket.write(&conversation.id, &number.to_string()).await;
    }
    let first = socket.until(|frame| matches!(frame, ServerFrame::Ack { .. })).await;
    service.lifecycle.stop();
    assert_eq!(socket.closed().await.0, close::GOING_AWAY);
    let acknowledged = socket.early().iter().chain([&first]).filter_map(|frame| match frame {
        ServerFrame::Ack { entry, .. } => entry.clone(),
        _ => None,
    });
    let acknowledged: Vec<_> = acknowledged.collect();

    let service = service.restart().await;

    let log = service.log(&ada, &conversation.id).await;
    assert!(
        acknowledged
            .iter()
            .all(|entry| log[usize::try_from(entry.seq - 1).unwrap()] == *entry)
    );
    assert!(
        log.iter()
            .enumerate()
            .all(|(index, entry)| entry.seq == index as u64 + 1)
    );
}

#[tokio::test]
async fn one_socket_too_many_closes_the_oldest() {
    let service = Service::with(chat_service::settings::Settings {
        sockets_per_person: 2,
        ..settings()
    })
    .await;
    let ada = service.person().await;
    let mut oldest = service.socket(&ada).await;
    let mut second = service.socket(&ada).await;
    let mut newest = service.socket(&ada).await;
    assert_eq!(oldest.closed().await.0, close::TOO_MANY_SOCKETS);
    let conversation = service.direct(&ada, &ada).await;
    newest.say(&conversation.id, "hi").await;
    second.say(&conversation.id, "hi").await;
}
