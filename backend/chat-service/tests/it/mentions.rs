//! Mentions and levels from outside: what a device is told that holds nothing, and what another device chose.

use protocol::frame::ServerFrame;
use protocol::{Conversation, NotificationLevel};
use serde_json::json;

use crate::harness::{Service, Socket};

async fn told_anew(socket: &mut Socket) -> Conversation {
    match socket
        .until(|frame| matches!(frame, ServerFrame::Conversation { .. }))
        .await
    {
        ServerFrame::Conversation { conversation } => conversation,
        _ => unreachable!("it was looked for"),
    }
}

#[tokio::test]
async fn a_device_that_holds_nothing_is_told_where_the_unread_mentions_stand() {
    let service = Service::start().await;
    let [ada, ben] = service.people().await;
    let channel = service.channel(&ada, "public").await;
    service
        .post(&ben, &format!("/v1/conversations/{}/join", channel.id), json!(null))
        .await;
    let first = service.message(&ada, &channel.id, &format!("<@{}>", ben.id)).await;
    for number in 0..60 {
        service.message(&ada, &channel.id, &format!("message {number}")).await;
    }
    let last = service.message(&ada, &channel.id, "<!channel>").await;

    let mut of_ben = service.connect(&ben).await;
    let welcome = of_ben.hello(Vec::new()).await;

    let told: Vec<(u64, u64)> = welcome[0]
        .mentions
        .iter()
        .map(|mention| (mention.seq, mention.ordinal))
        .collect();
    assert_eq!(told, [(last.seq, last.ordinal), (first.seq, first.ordinal)]);
    assert_eq!(welcome[0].member_since, 2);
    let page = service.get(&ben, "/v1/mentions").await;
    assert_eq!(page["entries"].as_array().unwrap().len(), 2);
    assert_eq!(page["entries"][0]["seq"], last.seq);
}

#[tokio::test]
async fn marking_as_unread_tells_every_device_where_the_mentions_stand() {
    let service = Service::start().await;
    let [ada, ben] = service.people().await;
    let channel = service.channel(&ada, "public").await;
    service
        .post(&ben, &format!("/v1/conversations/{}/join", channel.id), json!(null))
        .await;
    let mut of_ben = service.socket(&ben).await;
    let entry = service.message(&ada, &channel.id, &format!("<@{}>", ben.id)).await;
    let path = format!("/v1/conversations/{}/read", channel.id);
    service.put(&ben, &path, json!({ "generation": 0, "ordinal": 1 })).await;
    service.put(&ben, &path, json!({ "generation": 1, "ordinal": 0 })).await;
    let told = told_anew(&mut of_ben).await;
    assert_eq!(told.mentions.first().map(|mention| mention.seq), Some(entry.seq));
}

#[tokio::test]
async fn a_level_reaches_the_persons_other_devices_and_nobody_else() {
    let service = Service::start().await;
    let [ada, ben] = service.people().await;
    let channel = service.channel(&ada, "public").await;
    service
        .post(&ben, &format!("/v1/conversations/{}/join", channel.id), json!(null))
        .await;
    let (mut of_ada, mut of_ben) = (service.socket(&ada).await, service.socket(&ben).await);

    let path = format!("/v1/conversations/{}/level", channel.id);
    let kept = service.put(&ben, &path, json!({ "level": "mentions" })).await;

    assert_eq!(kept, json!({ "level": "mentions", "version": 1 }));
    let told = told_anew(&mut of_ben).await;
    assert_eq!(told.level.level, Some(NotificationLevel::Mentions));
    let entry = service.message(&ben, &channel.id, "after it").await;
    assert_eq!(
        of_ada.entry(&channel.id).await,
        entry,
        "ada hears the message and nothing before it"
    );
    let again = service.connect(&ben).await.hello(Vec::new()).await;
    assert_eq!(again[0].level.level, Some(NotificationLevel::Mentions));
}

#[tokio::test]
async fn who_is_there_is_named_in_the_entry_and_a_client_cannot_name_anybody() {
    let service = Service::start().await;
    let [ada, ben, eve] = service.people().await;
    let channel = service.channel(&ada, "public").await;
    for person in [&ben, &eve] {
        service
            .post(person, &format!("/v1/conversations/{}/join", channel.id), json!(null))
            .await;
    }
    let _of_ben = service.socket(&ben).await;
    let mut of_ada = service.socket(&ada).await;
    let id = of_ada.next_id();
    let frame = json!({
        "type": "send", "id": id, "conversation": channel.id, "client_id": "m_here", "body": "<!here>", "here": [eve.id],
    });
    let ServerFrame::Ack { entry: Some(entry), .. } = of_ada.ask(frame).await else {
        panic!("it is stored")
    };
    let told = serde_json::to_value(&entry).unwrap();
    assert_eq!(told["here"], json!([ben.id]));
}
