//! Editing, deleting, reacting and pinning, with and without a server.

use client::change::Change;
use client::view::{Connection, MessageAct};
use protocol::{EntryKind, ErrorCode};

use crate::fake::{Fake, ada, ben, together};
use crate::harness::{Computer, act, code, message, next, online, pending, until, write};

fn edit(body: &str) -> MessageAct {
    MessageAct::Edit { body: body.to_owned() }
}

fn react(emoji: &str, on: bool) -> MessageAct {
    MessageAct::React {
        emoji: emoji.to_owned(),
        on,
    }
}

#[tokio::test]
async fn every_act_looks_done_at_once_and_reaches_the_server() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    write(&client, "frist").await;
    write(&client, "to go").await;
    until("both are stored", || async {
        server.world.bodies().len() == 2 && pending(&client).await.is_empty()
    })
    .await;

    act(&client, 1, edit("first")).await;
    act(&client, 1, react("👍", true)).await;
    act(&client, 1, MessageAct::Pin { on: true }).await;
    act(&client, 2, MessageAct::Delete).await;

    let first = message(&client, 1).await;
    assert_eq!(first.body, "first");
    assert_eq!(
        (first.reactions[0].emoji.as_str(), first.reactions[0].mine),
        ("👍", true)
    );
    assert!(first.pinned && first.edited_at.is_some());
    assert_eq!(message(&client, 2).await.deleted_by, Some(ada()));
    until("the server has all four", || async {
        server.world.facts().log.len() == 6
    })
    .await;
    until("nothing is on its way", || async {
        !message(&client, 1).await.pending && !message(&client, 2).await.pending
    })
    .await;
    let fold = server.world.fold(1);
    assert_eq!(fold.edit.as_ref().unwrap().body, "first");
    assert!(fold.has_reaction("👍", &ada()) && fold.is_pinned() && server.world.fold(2).is_deleted());
    assert_eq!(server.world.bodies(), ["frist", ""]);
}

#[tokio::test]
async fn what_others_do_to_a_message_is_told_as_that_message() {
    let server = Fake::start().await;
    server.world.ben_writes("hello");
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    let mut changes = client.changes();
    let (target, emoji, on) = (1, "🎉".to_owned(), true);
    server.world.ben_does(EntryKind::React { target, emoji, on });
    let told = next(&mut changes, |change| match change {
        Change::Messages { messages, .. } => Some(messages),
        _ => None,
    });
    let told = told.await;
    assert_eq!(
        (told.len(), told[0].reactions[0].people.as_slice()),
        (1, [ben()].as_slice())
    );
    assert!(!told[0].reactions[0].mine);
    assert_eq!(client.open_conversation(together()).await.unwrap().page.last, 2);
}

#[tokio::test]
async fn acts_without_a_connection_survive_a_restart_and_go_in_order() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    write(&client, "frist").await;
    until("it is stored", || async { pending(&client).await.is_empty() }).await;
    let (world, address) = server.kill().await;
    until("it is offline", || async {
        matches!(client.connection(), Connection::Offline { .. })
    })
    .await;
    act(&client, 1, edit("second try")).await;
    act(&client, 1, react("👍", true)).await;
    act(&client, 1, edit("third try")).await;
    act(&client, 1, react("👍", false)).await;
    client.shut_down().await;
    drop(client);

    let client = computer.open().await;
    let shown = message(&client, 1).await;
    assert_eq!(
        (shown.body.as_str(), shown.reactions.len(), shown.pending),
        ("third try", 0, true)
    );

    let server = Fake::start_with(world, address).await;
    client.reconnect_now().await;
    online(&client).await;
    until("all are stored", || async { server.world.facts().log.len() == 5 }).await;
    until("none waits", || async { !message(&client, 1).await.pending }).await;
    let fold = server.world.fold(1);
    assert_eq!(fold.edit.unwrap().body, "third try");
    assert_eq!(message(&client, 1).await.body, "third try");
}

#[tokio::test]
async fn an_act_that_is_refused_for_good_is_undone_and_said() {
    let server = Fake::start().await;
    server.world.ben_writes("hello");
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    for (name, done, refusal) in [
        ("👍", react("👍", true), ErrorCode::TooManyReactions),
        ("delete", MessageAct::Delete, ErrorCode::Forbidden),
        ("pin", MessageAct::Pin { on: true }, ErrorCode::Archived),
    ] {
        let before = message(&client, 1).await;
        let mut changes = client.changes();
        server.world.facts().refusals.insert(name.to_owned(), refusal);
        act(&client, 1, done.clone()).await;
        let told = next(&mut changes, |change| match change {
            Change::ActRefused { seq, act, failure, .. } => Some((seq, act, failure)),
            _ => None,
        });
        let (seq, refused, failure) = told.await;
        assert_eq!((seq, refused, code(Err::<(), _>(failure))), (1, done, refusal));
        assert_eq!(message(&client, 1).await, before);
    }
}

#[tokio::test]
async fn a_busy_server_gets_acts_later_in_their_order() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    write(&client, "hello").await;
    until("it is stored", || async { pending(&client).await.is_empty() }).await;
    server
        .world
        .facts()
        .refusals
        .insert("one".to_owned(), ErrorCode::RateLimited);
    act(&client, 1, edit("one")).await;
    act(&client, 1, edit("two")).await;
    until("it was refused", || async { server.world.count("refused one") > 1 }).await;
    assert_eq!(
        (message(&client, 1).await.body.as_str(), server.world.count("sent two")),
        ("two", 0)
    );
    server.world.facts().refusals.clear();
    until("both are stored", || async { server.world.facts().log.len() == 3 }).await;
    assert_eq!(server.world.fold(1).edit.unwrap().body, "two");
}

#[tokio::test]
async fn a_socket_cut_in_the_middle_of_an_act_stores_it_once() {
    let server = Fake::start().await;
    server.world.ben_writes("hello");
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    server.world.facts().cut_sends = 1;
    act(&client, 1, react("👍", true)).await;
    until("nothing is on its way", || async { !message(&client, 1).await.pending }).await;
    assert_eq!(server.world.facts().log.len(), 2);
    assert!(message(&client, 1).await.reactions[0].mine);
}

#[tokio::test]
async fn what_is_so_already_is_not_sent() {
    let server = Fake::start().await;
    server.world.ben_writes("hello");
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    act(&client, 1, react("👍", false)).await;
    act(&client, 1, MessageAct::Pin { on: false }).await;
    act(&client, 1, MessageAct::Delete).await;
    act(&client, 1, MessageAct::Delete).await;
    until("it is deleted", || async { server.world.fold(1).is_deleted() }).await;
    write(&client, "after").await;
    until("it is stored", || async { server.world.bodies().len() == 2 }).await;
    assert_eq!(server.world.facts().log.len(), 3);
}

#[tokio::test]
async fn an_act_that_changed_nothing_on_the_server_waits_no_more() {
    let server = Fake::start().await;
    server.world.ben_writes("hello");
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    server.world.facts().deaf = true;
    act(&client, 1, MessageAct::Delete).await;
    // The other device was faster, and this one has not heard of it.
    server.world.ben_does(EntryKind::Delete { target: 1 });
    server.world.facts().deaf = false;
    server.world.cuts.send(()).unwrap();
    until("nothing is on its way", || async { !message(&client, 1).await.pending }).await;
    assert_eq!(server.world.facts().log.len(), 2);
}

#[tokio::test]
async fn what_cannot_be_done_to_a_message_is_refused_at_once() {
    let server = Fake::start().await;
    server.world.ben_writes("hello");
    server.world.ben_does(EntryKind::Delete { target: 1 });
    server.world.ben_writes("his own");
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    let long = "x".repeat(16 * 1024 + 1);
    for (seq, done, expected) in [
        (3, edit("mine now"), ErrorCode::Forbidden),
        (3, edit(" "), ErrorCode::BodyEmpty),
        (3, edit(&long), ErrorCode::BodyTooLong),
        (3, react("thumb", true), ErrorCode::InvalidEmoji),
        (1, react("👍", true), ErrorCode::MessageDeleted),
        (1, MessageAct::Pin { on: true }, ErrorCode::MessageDeleted),
        (2, MessageAct::Delete, ErrorCode::NotFound),
    ] {
        let refused = client.act_on_message(together(), seq, done.clone()).await;
        assert_eq!(code(refused), expected, "{done:?}");
    }
    let elsewhere = protocol::ConversationId::from_random(9);
    let refused = client.act_on_message(elsewhere, 1, MessageAct::Delete).await;
    assert_eq!(code(refused), ErrorCode::NotFound);
}

#[tokio::test]
async fn an_answer_names_what_it_answers() {
    let server = Fake::start().await;
    server.world.ben_writes("shall we?");
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    let sent = client
        .send_message(together(), "yes".to_owned(), Some(1))
        .await
        .unwrap();
    let answered = sent.reply.unwrap();
    assert_eq!(
        (answered.author, answered.excerpt.as_deref()),
        (Some(ben()), Some("shall we?"))
    );
    until("it is stored", || async { pending(&client).await.is_empty() }).await;
    let kind = server.world.facts().log[1].kind.clone();
    assert!(matches!(kind, EntryKind::Message { reply_to: Some(1), .. }), "{kind:?}");
    assert_eq!(
        message(&client, 2).await.reply.unwrap().excerpt.as_deref(),
        Some("shall we?")
    );
}

#[tokio::test]
async fn acts_on_messages_of_another_epoch_are_dropped() {
    let server = Fake::start().await;
    server.world.ben_writes("hello");
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    server.world.facts().deaf = true;
    act(&client, 1, react("👍", true)).await;
    let mut changes = client.changes();
    {
        let mut facts = server.world.facts();
        facts.epoch = "two".to_owned();
        facts.log.clear();
        facts.deaf = false;
    }
    server.world.ben_writes("another message");
    server.world.cuts.send(()).unwrap();
    let refused = next(&mut changes, |change| match change {
        Change::ActRefused { act, .. } => Some(act),
        _ => None,
    });
    assert_eq!(refused.await, react("👍", true));
    online(&client).await;
    until("it is the other message", || async {
        message(&client, 1).await.body == "another message"
    })
    .await;
    assert_eq!(message(&client, 1).await.reactions, []);
    assert_eq!(server.world.facts().log.len(), 1);
}
