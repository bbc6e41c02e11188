use std::sync::Arc;

use protocol::Membership;
use protocol::event::PersonChanged;
use protocol::rest::chat::ConversationChange;

use super::*;
use crate::testing::{chat, user};

async fn workspace() -> (tempfile::TempDir, Arc<Chat>) {
    let (folder, chat) = chat();
    for number in 1..=25 {
        let person = PersonChanged {
            id: user(number),
            name: format!("Person {number}"),
            role: protocol::Role::Member,
            active: number != 25,
            version: 1,
        };
        chat.store.put_person(person).await.unwrap();
    }
    (folder, chat)
}

fn channel(name: &str, visibility: Visibility) -> NewChannel {
    NewChannel {
        name: name.to_owned(),
        visibility,
        key: None,
    }
}

async fn rename(chat: &Chat, person: &UserId, id: &ConversationId, name: &str) -> Result<Conversation, Refusal> {
    let name = Some(name.to_owned());
    let new = ConversationChange {
        name,
        ..ConversationChange::default()
    };
    change(chat, person, id, new).await
}

async fn made(chat: &Chat, name: &str, visibility: Visibility) -> ConversationId {
    let started = create_channel(chat, &user(1), channel(name, visibility)).await.unwrap();
    started.conversation.id
}

fn code<T: std::fmt::Debug>(outcome: Result<T, Refusal>) -> ErrorCode {
    outcome.expect_err("a refusal").code
}

#[tokio::test]
async fn two_people_who_start_at_once_start_the_same_conversation() {
    let (_folder, chat) = workspace().await;
    let (ada, ben) = (user(1), user(2));
    let (one, other) = tokio::join!(
        start_direct(&chat, &ada, ben.clone()),
        start_direct(&chat, &ben, ada.clone())
    );
    let (one, other) = (one.unwrap(), other.unwrap());
    assert_eq!(one.conversation.id, other.conversation.id);
    assert_eq!(one.conversation.epoch, other.conversation.epoch);
    assert!(one.is_new != other.is_new);
    assert_eq!((one.conversation.head, one.conversation.member_count), (0, 2));
}

#[tokio::test]
async fn a_person_may_talk_to_themselves() {
    let (_folder, chat) = workspace().await;
    let started = start_direct(&chat, &user(1), user(1)).await.unwrap();
    assert_eq!(started.conversation.members, [user(1)]);
}

#[tokio::test]
async fn nobody_talks_to_people_who_do_not_exist_or_were_deactivated() {
    let (_folder, chat) = workspace().await;
    for absent in [user(99), user(25)] {
        assert_eq!(
            code(start_direct(&chat, &user(1), absent.clone()).await),
            ErrorCode::UnknownPerson
        );
        let group = start_group(&chat, &user(1), vec![user(2), absent.clone()]).await;
        assert_eq!(code(group), ErrorCode::UnknownPerson);
        let id = made(&chat, &format!("for {absent}"), Visibility::Public).await;
        assert_eq!(
            code(add_member(&chat, &user(1), &id, absent).await),
            ErrorCode::UnknownPerson
        );
    }
}

#[tokio::test]
async fn a_group_has_three_to_twenty_people() {
    let (_folder, chat) = workspace().await;
    assert_eq!(
        code(start_group(&chat, &user(1), vec![user(1), user(2)]).await),
        ErrorCode::Malformed
    );
    assert_eq!(
        code(start_group(&chat, &user(1), (2..=21).map(user).collect()).await),
        ErrorCode::TooManyMembers
    );
    let largest = start_group(&chat, &user(1), (1..=20).map(user).collect())
        .await
        .unwrap();
    assert_eq!(largest.conversation.member_count, 20);
}

#[tokio::test]
async fn a_channel_begins_with_its_maker() {
    let (_folder, chat) = workspace().await;
    let started = create_channel(&chat, &user(1), channel(" #general ", Visibility::Public))
        .await
        .unwrap();
    let conversation = started.conversation;
    assert_eq!(conversation.name.as_deref(), Some("general"));
    assert_eq!(
        (conversation.head, conversation.ordinal, conversation.member_count),
        (1, 0, 1)
    );
    assert_eq!(conversation.membership, Membership::Member);
    let log = chat.store.entries(&conversation.id, 1..=9).await.unwrap();
    assert_eq!(log[0].kind, EntryKind::Joined { person: user(1) });
}

#[tokio::test]
async fn a_repeated_creation_is_the_same_channel_even_after_a_rename() {
    let (_folder, chat) = workspace().await;
    let create = async |name: &str| {
        let new = NewChannel {
            key: Some(ClientId::from_random(5)),
            ..channel(name, Visibility::Public)
        };
        create_channel(&chat, &user(1), new).await
    };
    let first = create("plans").await.unwrap();
    rename(&chat, &user(1), &first.conversation.id, "old plans")
        .await
        .unwrap();
    let again = create("plans").await.unwrap();
    assert_eq!(again.conversation.id, first.conversation.id);
    assert!(first.is_new && !again.is_new);
    assert_eq!(code(create("others").await), ErrorCode::ClientIdReused);
}

#[tokio::test]
async fn a_name_is_taken_until_it_is_given_up() {
    let (_folder, chat) = workspace().await;
    let plans = made(&chat, "Plans", Visibility::Private).await;
    let taken = create_channel(&chat, &user(2), channel("PLANS", Visibility::Public)).await;
    assert_eq!(code(taken), ErrorCode::NameTaken);
    let other = made(&chat, "other", Visibility::Public).await;
    assert_eq!(
        code(rename(&chat, &user(1), &other, "plans").await),
        ErrorCode::NameTaken
    );

    rename(&chat, &user(1), &plans, "Archive").await.unwrap();

    let renamed = rename(&chat, &user(1), &other, "plans").await.unwrap();
    assert_eq!(renamed.name.as_deref(), Some("plans"));
    assert_eq!(
        code(rename(&chat, &user(1), &other, " \n ").await),
        ErrorCode::InvalidName
    );
}

#[tokio::test]
async fn a_former_member_of_a_private_channel_reads_nothing() {
    let (_folder, chat) = workspace().await;
    let id = made(&chat, "secret", Visibility::Private).await;
    let (outsider, query) = (user(2), ChannelsQuery::default());
    assert_eq!(code(get(&chat, &outsider, &id).await), ErrorCode::NotFound);
    assert_eq!(code(join(&chat, &outsider, &id).await), ErrorCode::NotFound);

    add_member(&chat, &user(1), &id, outsider.clone()).await.unwrap();
    assert_eq!(get(&chat, &outsider, &id).await.unwrap().member_count, 2);
    assert_eq!(channels(&chat, &outsider, query.clone()).await.unwrap().0.len(), 1);
    assert_eq!(list(&chat, &outsider).await.unwrap().len(), 1);

    remove_member(&chat, &user(1), &id, outsider.clone()).await.unwrap();
    assert_eq!(code(get(&chat, &outsider, &id).await), ErrorCode::NotFound);
    assert_eq!(code(members(&chat, &outsider, &id).await), ErrorCode::NotFound);
    assert!(channels(&chat, &outsider, query).await.unwrap().0.is_empty());
    assert!(list(&chat, &outsider).await.unwrap().is_empty());
    remove_member(&chat, &outsider, &id, outsider.clone()).await.unwrap();
}

#[tokio::test]
async fn people_join_leave_and_join_again() {
    let (_folder, chat) = workspace().await;
    let id = made(&chat, "lunch", Visibility::Public).await;
    for head in [2, 4] {
        let joined = join(&chat, &user(2), &id).await.unwrap();
        assert_eq!((joined.head, joined.membership), (head, Membership::Member));
        join(&chat, &user(2), &id).await.unwrap();
        remove_member(&chat, &user(2), &id, user(2)).await.unwrap();
        let left = get(&chat, &user(2), &id).await.unwrap();
        assert_eq!(
            (left.head, left.membership, left.member_count),
            (head + 1, Membership::Former, 1)
        );
    }
}

#[tokio::test]
async fn channels_are_listed_page_by_page() {
    let (_folder, chat) = workspace().await;
    for number in 0..7 {
        made(&chat, &format!("Team {number}"), Visibility::Public).await;
    }
    let mut query = ChannelsQuery {
        query: "team".to_owned(),
        limit: Some(3),
        ..ChannelsQuery::default()
    };
    let mut names = Vec::new();
    loop {
        let (page, next) = channels(&chat, &user(2), query.clone()).await.unwrap();
        names.extend(page.into_iter().filter_map(|channel| channel.name));
        let Some(next) = next else { break };
        query.after = Some(next);
    }
    assert_eq!(names, (0..7).map(|number| format!("Team {number}")).collect::<Vec<_>>());
}
