//! Mentions and levels: counted, drawn, chosen, and told.

use client::Client;
use client::view::{ConversationRow, TimelineItem};
use protocol::frame::ServerFrame;
use protocol::rest::chat::{MentionState, Mentions};
use protocol::timeline::{MessageFold, MessageState};
use protocol::{
    ChosenLevel, Conversation, ConversationId, ConversationKind, EntryKind, Mention, NotificationLevel, ReadMark,
    Visibility,
};

use crate::fake::{Fake, World, ada, ben, together};
use crate::harness::{Computer, until};

fn channel() -> ConversationId {
    ConversationId::from_random(77)
}

/// A channel of which nothing is held, with mentions that the server knows of.
fn said(world: &World, mentions: &[(u64, u64)], read: u64) -> Conversation {
    Conversation {
        id: channel(),
        kind: ConversationKind::Channel,
        visibility: Visibility::Public,
        name: Some("general".to_owned()),
        members: Vec::new(),
        head: 900,
        ordinal: 800,
        read: ReadMark {
            generation: 0,
            ordinal: read,
        },
        mentions: mentions
            .iter()
            .map(|(seq, ordinal)| Mention {
                seq: *seq,
                ordinal: *ordinal,
            })
            .collect(),
        ..world.said()
    }
}

async fn row(client: &Client, id: &ConversationId) -> Option<ConversationRow> {
    let rows = client.conversations().await.unwrap();
    rows.into_iter().find(|row| row.id == *id)
}

async fn mentions_of(client: &Client, id: &ConversationId) -> Option<u64> {
    row(client, id).await.map(|row| row.mentions)
}

fn push(world: &World, frame: ServerFrame) {
    world.pushes.send(frame).unwrap();
}

#[tokio::test]
async fn mentions_in_what_is_not_held_are_counted_as_the_server_tells_and_go_when_they_are_read() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    let conversation = said(&server.world, &[(880, 790), (500, 450), (20, 15)], 10);
    push(&server.world, ServerFrame::Conversation { conversation });
    until("they are counted", || async {
        mentions_of(&client, &channel()).await == Some(3)
    })
    .await;

    client.mark_read(channel(), 450).await.unwrap();
    assert_eq!(mentions_of(&client, &channel()).await, Some(1));

    // The server says that one was deleted meanwhile.
    let conversation = said(&server.world, &[], 450);
    push(&server.world, ServerFrame::Conversation { conversation });
    until("it is gone", || async {
        mentions_of(&client, &channel()).await == Some(0)
    })
    .await;
}

#[tokio::test]
async fn a_message_that_mentions_the_person_says_so_and_in_a_direct_conversation_every_message_counts() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    server.world.ben_writes(&format!("look, <@{}>", ada()));
    server.world.ben_writes(&format!("`<@{}>` is how it is written", ada()));
    until("both came", || async {
        mentions_of(&client, &together()).await == Some(2)
    })
    .await;

    let open = client.open_conversation(together()).await.unwrap();

    let meant = open.page.items.iter().map(|item| match item {
        TimelineItem::Message(message) => message.mentions_me,
        TimelineItem::Event(_) => false,
    });
    assert_eq!(meant.collect::<Vec<_>>(), [true, false]);
}

#[tokio::test]
async fn a_level_chosen_without_a_connection_shows_at_once_and_is_told_later() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    let (world, address) = server.kill().await;
    let nothing = Some(NotificationLevel::Nothing);
    client.set_level(together(), nothing).await.unwrap();
    assert_eq!(row(&client, &together()).await.unwrap().level, nothing);
    client.shut_down().await;
    drop(client);

    let question = format!("PUT /v1/conversations/{}/level", together());
    let kept = ChosenLevel {
        level: nothing,
        version: 5,
    };
    world.answers_json(&question, kept);
    let server = Fake::start_with(world, address).await;
    let client = computer.open().await;
    let told = format!(r#"{question} {{"level":"nothing"}}"#);
    until("it is told", || async { server.world.count(&told) == 1 }).await;
    assert_eq!(
        row(&client, &together()).await.unwrap().level,
        nothing,
        "the welcome says otherwise, and is older"
    );
    let unknown = client.set_level(ConversationId::from_random(404), None).await;
    assert!(unknown.is_err(), "{unknown:?}");
}

#[tokio::test]
async fn a_level_chosen_on_another_device_arrives_and_an_older_one_changes_nothing() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    let level = |level, version| Conversation {
        level: ChosenLevel { level, version },
        ..said(&server.world, &[], 0)
    };
    let mentions = Some(NotificationLevel::Mentions);
    for conversation in [level(mentions, 4), level(Some(NotificationLevel::All), 3)] {
        push(&server.world, ServerFrame::Conversation { conversation });
    }
    let renamed = Conversation {
        topic: "the last one".to_owned(),
        ..level(None, 2)
    };
    push(&server.world, ServerFrame::Conversation { conversation: renamed });
    until("the last one came", || async {
        row(&client, &channel())
            .await
            .is_some_and(|row| row.topic == "the last one")
    })
    .await;
    assert_eq!(row(&client, &channel()).await.unwrap().level, mentions);
}

#[tokio::test]
async fn the_view_of_mentions_draws_messages_as_they_are_now() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    let entry = server
        .world
        .ben_does(EntryKind::message(format!("first <@{}>", ada()), None));
    let mut fold = MessageFold::default();
    fold.apply(&protocol::Entry {
        seq: 2,
        kind: EntryKind::edit(1, format!("then <@{}>", ada())),
        ..entry.clone()
    });
    let page = Mentions {
        entries: vec![entry],
        messages: vec![MentionState {
            conversation: together(),
            message: MessageState { seq: 1, state: fold },
        }],
        next: Some("further".to_owned()),
    };
    server.world.answers_json("GET /v1/mentions", page);

    let page = client.mentions(Some("before".to_owned())).await.unwrap();

    assert_eq!(server.world.count("GET /v1/mentions?before=before"), 1);
    assert_eq!(page.next.as_deref(), Some("further"));
    let message = &page.messages[0];
    assert_eq!(message.body, format!("then <@{}>", ada()));
    assert!(message.mentions_me && message.conversation == together());
}

#[tokio::test]
async fn people_are_offered_by_the_beginning_of_any_word_of_their_name() {
    let server = Fake::start().await;
    server.world.facts().ben = ("Ben van Berg".to_owned(), 1);
    server.world.ben_writes("hello");
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    let offered = async |query: &str| {
        let people = client.mentionable(together(), query.to_owned()).await.unwrap();
        people.into_iter().map(|person| person.id).collect::<Vec<_>>()
    };
    until("ben is known", || async { offered("be").await == [ben()] }).await;
    for query in ["", "BEN", "van b", "ber"] {
        assert_eq!(offered(query).await, [ben()], "{query:?}");
    }
    assert!(
        offered("en").await.is_empty() && offered("ada").await.is_empty(),
        "not oneself"
    );
}
