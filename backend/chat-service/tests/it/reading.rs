//! How far people have read: on all their devices, and as the others may see it.

use std::collections::BTreeMap;

use protocol::frame::ServerFrame;
use protocol::rest::chat::Receipts;
use protocol::{Conversation, ReadMark, Receipt, UserId};
use serde_json::json;

use crate::harness::{Person, Service, Socket};
use crate::live::{ask, signs_until_now, watch};

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

#[tokio::test]
async fn whoever_writes_is_told_to_have_read_before_the_message_comes() {
    let service = Service::start().await;
    let [ada, ben] = service.people().await;
    let direct = service.direct(&ada, &ben).await;
    let (mut first, mut second) = (service.socket(&ada).await, service.socket(&ada).await);
    for socket in [&mut first, &mut second] {
        socket
            .until(|frame| matches!(frame, ServerFrame::Truncated { .. }))
            .await;
    }
    for ordinal in 1..=20 {
        first.write(&direct.id, "mine").await;
        for (socket, most) in [(&mut first, 3), (&mut second, 2)] {
            let mut frames = Vec::new();
            for _ in 0..most {
                frames.push(socket.next().await);
            }
            assert!(
                matches!(&frames[0], ServerFrame::Read { ordinal: told, .. } if *told == ordinal),
                "{frames:?}"
            );
        }
    }
}
