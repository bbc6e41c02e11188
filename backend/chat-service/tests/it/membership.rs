//! Coming and going: what sockets are told, and what they are told no more.

use protocol::frame::{ClientFrame, ServerFrame};
use protocol::{ConversationId, EntryKind, Membership};
use serde_json::json;

use crate::harness::{Person, Service, Socket, body};

async fn add(service: &Service, member: &Person, conversation: &ConversationId, person: &Person) {
    let path = format!("/v1/conversations/{conversation}/members/{}", person.id);
    service.put(member, &path, json!(null)).await;
}

async fn remove(service: &Service, member: &Person, conversation: &ConversationId, person: &Person) {
    let path = format!("/v1/conversations/{conversation}/members/{}", person.id);
    service.delete(member, &path).await;
}

async fn conversation_frame(socket: &mut Socket) -> protocol::Conversation {
    match socket
        .until(|frame| matches!(frame, ServerFrame::Conversation { .. }))
        .await
    {
        ServerFrame::Conversation { conversation } => conversation,
        _ => unreachable!("it was looked for"),
    }
}

#[tokio::test]
async fn who_is_added_gets_the_conversation_its_newest_page_and_what_follows() {
    let service = Service::start().await;
    let [ada, ben] = service.people().await;
    let channel = service.channel(&ada, "private").await;
    service.message(&ada, &channel.id, "before").await;
    let mut of_ben = service.socket(&ben).await;

    add(&service, &ada, &channel.id, &ben).await;

    let ServerFrame::Conversation { conversation } = of_ben.next().await else {
        panic!("the conversation comes first")
    };
    assert_eq!(
        (conversation.id, conversation.membership),
        (channel.id.clone(), Membership::Member)
    );
    let ServerFrame::Truncated { entries, .. } = of_ben.next().await else {
        panic!("then its newest page")
    };
    let seqs: Vec<u64> = entries.iter().map(|entry| entry.seq).collect();
    assert_eq!(seqs, [1, 2, 3]);
    assert_eq!(body(&entries[1]), "before", "members read all history");
    service.message(&ada, &channel.id, "after").await;
    assert_eq!(of_ben.entry(&channel.id).await.seq, 4);
}

#[tokio::test]
async fn everyone_in_a_new_group_is_told_and_hears_the_first_message() {
    let service = Service::start().await;
    let [ada, ben, eve] = service.people().await;
    let (mut of_ada, mut of_ben) = (service.socket(&ada).await, service.socket(&ben).await);
    let group = service.group(&ada, &[&ben, &eve]).await;
    for socket in [&mut of_ada, &mut of_ben] {
        let told = conversation_frame(socket).await;
        assert_eq!((told.id, told.members.len()), (group.id.clone(), 3));
    }
    let entry = of_ada.say(&group.id, "hello").await;
    assert_eq!(of_ben.entry(&group.id).await, entry);
    assert_eq!(of_ada.entry(&group.id).await, entry);
}

#[tokio::test]
async fn the_own_leaving_is_the_last_thing_one_gets() {
    let service = Service::start().await;
    let [ada, ben] = service.people().await;
    let channel = service.channel(&ada, "private").await;
    add(&service, &ada, &channel.id, &ben).await;
    let mut of_ben = service.socket(&ben).await;
    service.message(&ada, &channel.id, "one").await;
    remove(&service, &ada, &channel.id, &ben).await;
    let secret = service.message(&ada, &channel.id, "about ben").await;

    assert_eq!(body(&of_ben.entry(&channel.id).await), "one");
    let left = of_ben.entry(&channel.id).await;
    assert_eq!(left.kind, EntryKind::Left { person: ben.id.clone() });
    let former = conversation_frame(&mut of_ben).await;
    assert_eq!(
        (former.membership, former.head, former.member_count),
        (Membership::Former, left.seq, 0)
    );

    // Something that certainly comes after the secret shows that the secret does not come.
    let other = service.direct(&ada, &ben).await;
    service.message(&ada, &other.id, "hi").await;
    conversation_frame(&mut of_ben).await;
    let told = |frame: &ServerFrame| {
        serde_json::to_string(frame)
            .unwrap()
            .contains(secret.client_id.as_str())
    };
    assert!(!of_ben.early().iter().any(told));

    let (id, _) = of_ben.write(&channel.id, "still here?").await;
    let ServerFrame::Refused { code, .. } = of_ben.answer(id).await else {
        panic!("a former member writes nothing")
    };
    assert_eq!(code.as_str(), "not_found");
}

#[tokio::test]
async fn leaving_and_joining_again_begins_anew() {
    let service = Service::start().await;
    let [ada, ben] = service.people().await;
    let channel = service.channel(&ada, "public").await;
    let mut of_ben = service.socket(&ben).await;
    let join = format!("/v1/conversations/{}/join", channel.id);
    for round in 0..3 {
        service.post(&ben, &join, json!(null)).await;
        assert_eq!(
            conversation_frame(&mut of_ben).await.membership,
            Membership::Member,
            "round {round}"
        );
        let said = of_ben.say(&channel.id, "here").await;
        assert_eq!(of_ben.entry(&channel.id).await, said);
        remove(&service, &ben, &channel.id, &ben).await;
        assert!(matches!(of_ben.entry(&channel.id).await.kind, EntryKind::Left { .. }));
        assert_eq!(
            conversation_frame(&mut of_ben).await.membership,
            Membership::Former,
            "round {round}"
        );
    }
}

#[tokio::test]
async fn while_away_somebody_was_removed_and_gets_nothing() {
    let service = Service::start().await;
    let [ada, ben] = service.people().await;
    let channel = service.channel(&ada, "private").await;
    add(&service, &ada, &channel.id, &ben).await;
    let last = service.message(&ada, &channel.id, "seen").await;
    remove(&service, &ada, &channel.id, &ben).await;
    service.message(&ada, &channel.id, "not for ben").await;

    let mut of_ben = service.connect(&ben).await;
    let memberships = of_ben.hello(vec![crate::harness::cursor(&channel.epoch, &last)]).await;
    assert!(memberships.is_empty());
    let other = service.direct(&ada, &ben).await;
    assert_eq!(conversation_frame(&mut of_ben).await.id, other.id);
    assert!(of_ben.early().is_empty(), "nothing of the channel came before");
}

#[tokio::test]
async fn a_rename_is_an_entry_for_the_members_and_changes_the_list() {
    let service = Service::start().await;
    let [ada, ben] = service.people().await;
    let channel = service.channel(&ada, "public").await;
    let mut of_ada = service.socket(&ada).await;
    let path = format!("/v1/conversations/{}", channel.id);
    let rename = |person: &Person| crate::harness::Request::of(person).body(json!({ "name": "#Plans 2027" }));
    let refused = service.refused(reqwest::Method::PATCH, &path, rename(&ben)).await;
    assert_eq!(refused, "forbidden", "only members rename");
    let (_, renamed) = service.request(reqwest::Method::PATCH, &path, rename(&ada)).await;
    assert_eq!(renamed["name"], "Plans 2027");
    let entry = of_ada.entry(&channel.id).await;
    assert_eq!(
        entry.kind,
        EntryKind::Renamed {
            name: "Plans 2027".to_owned()
        }
    );
    assert_eq!(service.get(&ben, &path).await["name"], "Plans 2027");
}

#[tokio::test]
async fn a_strangers_conversation_is_not_found_on_the_socket_either() {
    let service = Service::start().await;
    let [ada, eve] = service.people().await;
    let secret = service.channel(&ada, "private").await;
    let public = service.channel(&ada, "public").await;
    let mut of_eve = service.socket(&eve).await;
    let missing = ConversationId::from_random(crate::harness::fresh());
    for (conversation, expected) in [
        (&secret.id, "not_found"),
        (&missing, "not_found"),
        (&public.id, "forbidden"),
    ] {
        let (id, _) = of_eve.write(conversation, "let me in").await;
        let ServerFrame::Refused { code, .. } = of_eve.answer(id).await else {
            panic!("refused")
        };
        assert_eq!(code.as_str(), expected);
        let id = of_eve.next_id();
        let read = ClientFrame::Read {
            id,
            conversation: conversation.clone(),
            generation: 9,
            ordinal: 9,
        };
        of_eve.send(&read).await;
        let ServerFrame::Refused { code, .. } = of_eve.answer(id).await else {
            panic!("refused")
        };
        assert_eq!(code.as_str(), expected);
    }
}

/// Whatever the moment, the new member is told of the channel once, by the welcome or afterwards.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_connects_while_being_added_misses_nothing() {
    let service = Service::start().await;
    let ada = service.person().await;
    let channel = service.channel(&ada, "private").await;
    for round in 0..40 {
        let newcomer = service.person().await;
        let connecting = async {
            let mut socket = service.connect(&newcomer).await;
            let memberships = socket.hello(Vec::new()).await;
            (socket, memberships)
        };
        let ((mut socket, memberships), ()) = tokio::join!(connecting, add(&service, &ada, &channel.id, &newcomer));
        if memberships.is_empty() {
            let told = conversation_frame(&mut socket).await;
            assert_eq!(
                (told.id, told.membership),
                (channel.id.clone(), Membership::Member),
                "round {round}"
            );
        }
        let truncated = socket
            .until(|frame| matches!(frame, ServerFrame::Truncated { .. }))
            .await;
        let ServerFrame::Truncated { entries, .. } = truncated else {
            unreachable!("it was looked for")
        };
        let mut last = entries.last().map_or(0, |entry| entry.seq);
        let message = service.message(&ada, &channel.id, "welcome").await;
        while last < message.seq {
            let entry = socket.entry(&channel.id).await;
            assert_eq!(entry.seq, last + 1, "round {round}");
            last = entry.seq;
        }
        let told_twice =
            |frame: &ServerFrame| matches!(frame, ServerFrame::Truncated { .. } | ServerFrame::Entry { .. });
        assert!(!socket.early().iter().any(told_twice), "round {round}");
    }
}
