//! The everyday of a socket: sending, receiving, read marks, other devices.

use protocol::frame::{ClientFrame, ServerFrame};
use protocol::{Limits, Membership, ReadMark};

use crate::harness::{Service, body, cursor, settings};

#[tokio::test]
async fn a_message_is_acknowledged_and_reaches_everybody_once() {
    let service = Service::start().await;
    let [ada, ben] = service.people().await;
    let conversation = service.direct(&ada, &ben).await;
    let (mut of_ada, mut of_ben) = (service.socket(&ada).await, service.socket(&ben).await);

    for number in 1..=20 {
        let entry = of_ada.say(&conversation.id, &format!("message {number}")).await;
        assert_eq!((entry.seq, entry.ordinal), (number, number));
        assert_eq!(of_ben.entry(&conversation.id).await, entry);
        assert_eq!(
            of_ada.entry(&conversation.id).await,
            entry,
            "the author's own socket gets it as well"
        );
    }
    assert_eq!(service.log(&ben, &conversation.id).await.len(), 20);
}

#[tokio::test]
async fn sends_without_waiting_are_stored_in_their_order() {
    let service = Service::start().await;
    let [ada, ben] = service.people().await;
    let conversation = service.direct(&ada, &ben).await;
    let seen = service.message(&ada, &conversation.id, "seen").await;
    // A fresh process has the conversation on the disk only: opening it must not let later sends overtake.
    let service = service.restart().await;
    let (mut of_ada, mut of_ben) = (service.connect(&ada).await, service.connect(&ben).await);
    for socket in [&mut of_ada, &mut of_ben] {
        socket.hello(vec![cursor(&conversation.epoch, &seen)]).await;
    }
    for number in 0..200 {
        of_ada.write(&conversation.id, &number.to_string()).await;
    }
    for number in 0..200 {
        assert_eq!(body(&of_ben.entry(&conversation.id).await), number.to_string());
    }
}

#[tokio::test]
async fn the_welcome_says_who_where_and_how_much() {
    let service = Service::start().await;
    let [ada, ben] = service.people().await;
    let conversation = service.direct(&ada, &ben).await;
    service.message(&ben, &conversation.id, "hi").await;
    let mut socket = service.connect(&ada).await;
    socket
        .send_text(r#"{"type":"hello","id":41,"a_field_of_tomorrow":true}"#)
        .await;
    let ServerFrame::Welcome {
        id,
        user,
        session,
        conversations,
        limits,
        ..
    } = socket.next().await
    else {
        panic!("a welcome comes first")
    };
    assert_eq!((id, user, session), (41, ada.id.clone(), ada.session.clone()));
    assert_eq!(limits.body_bytes, Limits::default().body_bytes);
    assert_eq!(conversations.len(), 1);
    assert_eq!(
        (conversations[0].head, conversations[0].membership),
        (1, Membership::Member)
    );
    assert_eq!(
        (conversations[0].ordinal, conversations[0].read),
        (1, ReadMark::default())
    );
    let ServerFrame::Truncated { entries, .. } = socket.next().await else {
        panic!("a conversation without a cursor begins with its newest page")
    };
    assert_eq!(body(&entries[0]), "hi");
}

#[tokio::test]
async fn an_empty_conversation_is_told_with_no_entries() {
    let service = Service::start().await;
    let [ada, ben] = service.people().await;
    let conversation = service.direct(&ada, &ben).await;
    let mut socket = service.socket(&ada).await;
    let ServerFrame::Truncated {
        conversation: id,
        entries,
        epoch,
        ..
    } = socket.next().await
    else {
        panic!("the newest page, though it is empty")
    };
    assert_eq!((id, entries.len(), epoch), (conversation.id, 0, conversation.epoch));
}

#[tokio::test]
async fn reading_on_one_device_is_told_to_the_others() {
    let service = Service::start().await;
    let [ada, ben] = service.people().await;
    let conversation = service.direct(&ada, &ben).await;
    let (mut desk, mut laptop) = (service.socket(&ada).await, service.socket(&ada).await);
    for _ in 0..3 {
        service.message(&ben, &conversation.id, "hi").await;
    }
    let id = desk.next_id();
    let read = ClientFrame::Read {
        id,
        conversation: conversation.id.clone(),
        generation: 0,
        ordinal: 2,
    };
    desk.send(&read).await;
    assert!(matches!(desk.answer(id).await, ServerFrame::Ack { entry: None, .. }));
    let told = laptop.until(|frame| matches!(frame, ServerFrame::Read { .. })).await;
    let mark = |ordinal| ServerFrame::read(conversation.id.clone(), ReadMark { generation: 0, ordinal });
    assert_eq!(told, mark(2));

    desk.say(&conversation.id, "my own message counts as read").await;
    assert_eq!(
        laptop.until(|frame| matches!(frame, ServerFrame::Read { .. })).await,
        mark(4)
    );
}

#[tokio::test]
async fn a_send_repeated_on_another_socket_is_the_same_entry() {
    let service = Service::start().await;
    let [ada, ben] = service.people().await;
    let conversation = service.direct(&ada, &ben).await;
    let mut first = service.socket(&ada).await;
    let (id, client_id) = first.write(&conversation.id, "once").await;
    let acknowledged = first.answer(id).await;

    let mut second = service.socket(&ada).await;
    let id = second.next_id();
    let send = ClientFrame::Send {
        id,
        conversation: conversation.id.clone(),
        client_id,
        body: "once".to_owned(),
        reply_to: None,
        after: None,
    };
    second.send(&send).await;
    let (ServerFrame::Ack { entry: one, .. }, ServerFrame::Ack { entry: other, .. }) =
        (acknowledged, second.answer(id).await)
    else {
        panic!("both are acknowledged")
    };
    assert_eq!(one, other);
    assert_eq!(service.log(&ben, &conversation.id).await.len(), 1);
}

#[tokio::test]
async fn too_many_sends_are_refused_with_the_time_to_wait() {
    let service = Service::with(chat_service::settings::Settings {
        sends_per_s: 20,
        send_burst: 5,
        ..settings()
    })
    .await;
    let [ada, ben] = service.people().await;
    let conversation = service.direct(&ada, &ben).await;
    let mut socket = service.socket(&ada).await;
    let mut refused = 0;
    for _ in 0..40 {
        let (id, _) = socket.write(&conversation.id, "spam").await;
        if let ServerFrame::Refused {
            code, retry_after_ms, ..
        } = socket.answer(id).await
        {
            assert_eq!(code.as_str(), "rate_limited");
            assert!(retry_after_ms.is_some_and(|wait_ms| (1..=50).contains(&wait_ms)));
            refused += 1;
        }
    }
    assert!(refused > 5, "only {refused} of 40 were refused");
}
