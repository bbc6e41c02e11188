use std::sync::Arc;

use protocol::{ChosenLevel, NotificationLevel, ReadMark, SessionId, Visibility};

use super::*;
use crate::log::{Act, Proposal, Touch};
use crate::testing::{channel, chat, conversation, edit, group, send, touch, user};
use crate::{conversations, levels, read_marks};

/// A public channel of the first three people.
async fn place() -> (tempfile::TempDir, Arc<Chat>) {
    let (folder, chat) = chat();
    let record = channel(1, Visibility::Public, &[user(1), user(2), user(3)]);
    chat.store.add_conversation(record, Vec::new()).await.unwrap();
    (folder, chat)
}

async fn act(chat: &Chat, proposal: Proposal) {
    let desk = chat.open(&conversation(1)).await.unwrap();
    desk.carry_out(proposal).await.unwrap();
}

async fn say(chat: &Chat, number: u128, body: &str) {
    act(chat, send(&user(1), number, body)).await;
}

/// The seqs of unread mentions, as the conversation is told to this person.
async fn unread_of(chat: &Chat, person: u128) -> Vec<u64> {
    let told = conversations::get(chat, &user(person), &conversation(1)).await.unwrap();
    let listed = conversations::list(chat, &user(person)).await.unwrap();
    if let Some(listed) = listed.first() {
        assert_eq!(listed.mentions, told.mentions, "a list and a single one are the same");
    }
    told.mentions.iter().map(|mention| mention.seq).collect()
}

async fn mark(chat: &Chat, person: u128, generation: u32, ordinal: u64) {
    let mark = ReadMark { generation, ordinal };
    read_marks::mark(chat, &user(person), &conversation(1), mark)
        .await
        .unwrap();
}

async fn bodies(chat: &Chat, person: u128, query: MentionsQuery) -> (Vec<String>, Option<String>) {
    let page = page(chat, &user(person), query).await.unwrap();
    let bodies = page.entries.into_iter().map(|entry| match entry.kind {
        protocol::EntryKind::Message { body, .. } => body,
        other => format!("{other:?}"),
    });
    (bodies.collect(), page.next)
}

#[tokio::test]
async fn mentions_count_until_they_are_read_and_again_when_marked_as_unread() {
    let (_folder, chat) = place().await;
    let ben = user(2);
    say(&chat, 1, &format!("<@{ben}>")).await;
    say(&chat, 2, "nobody").await;
    say(&chat, 3, "<!channel>").await;
    assert_eq!(unread_of(&chat, 2).await, [3, 1]);
    assert_eq!(unread_of(&chat, 3).await, [3]);
    assert!(unread_of(&chat, 1).await.is_empty(), "nobody mentions themselves");
    mark(&chat, 2, 0, 2).await;
    assert_eq!(unread_of(&chat, 2).await, [3]);
    mark(&chat, 2, 0, 3).await;
    assert!(unread_of(&chat, 2).await.is_empty());
    mark(&chat, 2, 1, 0).await;
    assert_eq!(unread_of(&chat, 2).await, [3, 1]);
}

#[tokio::test]
async fn an_edit_and_a_deletion_change_whom_a_message_mentions() {
    let (_folder, chat) = place().await;
    say(&chat, 1, &format!("<@{}>", user(2))).await;
    say(&chat, 2, "nobody").await;
    act(&chat, touch(&user(1), 3, 1, edit(&format!("<@{}>", user(3))))).await;
    act(&chat, touch(&user(1), 4, 2, edit(&format!("now <@{}>", user(2))))).await;
    assert_eq!(
        (unread_of(&chat, 2).await, unread_of(&chat, 3).await),
        (vec![2], vec![1])
    );
    act(&chat, touch(&user(1), 5, 2, Touch::Delete)).await;
    assert!(unread_of(&chat, 2).await.is_empty());
    assert!(bodies(&chat, 2, MentionsQuery::default()).await.0.is_empty());
}

#[tokio::test]
async fn who_is_no_member_is_not_mentioned_and_who_comes_later_neither() {
    let (_folder, chat) = place().await;
    let (ada, eve) = (user(1), user(9));
    say(&chat, 1, &format!("<@{eve}> <!channel>")).await;
    assert!(unread_of(&chat, 9).await.is_empty(), "a reader of a public channel");
    assert!(bodies(&chat, 9, MentionsQuery::default()).await.0.is_empty());
    let add = Act::Add { person: eve.clone() };
    act(
        &chat,
        Proposal {
            author: ada.clone(),
            act: add,
        },
    )
    .await;
    assert!(unread_of(&chat, 9).await.is_empty(), "it was written before");
    say(&chat, 2, &format!("welcome <@{eve}>")).await;
    assert_eq!(unread_of(&chat, 9).await, [3]);
    let leave = Act::Remove { person: eve.clone() };
    act(
        &chat,
        Proposal {
            author: eve.clone(),
            act: leave,
        },
    )
    .await;
    assert!(unread_of(&chat, 9).await.is_empty());
    assert!(
        bodies(&chat, 9, MentionsQuery::default()).await.0.is_empty(),
        "members only"
    );
}

#[tokio::test]
async fn here_means_those_who_are_there_when_it_is_stored() {
    let (_folder, chat) = place().await;
    let session = SessionId::from_random(1);
    chat.presences.came(&user(2), &session);
    chat.presences.came(&user(1), &SessionId::from_random(2));
    chat.presences.came(&user(8), &SessionId::from_random(3));
    say(&chat, 1, "<!here> lunch").await;
    chat.presences.came(&user(3), &SessionId::from_random(4));
    assert_eq!(unread_of(&chat, 2).await, [1]);
    assert!(unread_of(&chat, 3).await.is_empty(), "came later");
    act(&chat, touch(&user(1), 2, 1, edit("<!here> lunch at one"))).await;
    assert!(unread_of(&chat, 3).await.is_empty(), "it is still the same call");
    let entries = chat.store.entries(&conversation(1), 1..=9).await.unwrap();
    for entry in &entries {
        let (protocol::EntryKind::Message { here, .. } | protocol::EntryKind::Edit { here, .. }) = &entry.kind else {
            panic!("{entry:?}")
        };
        assert_eq!(here, &[user(2)], "members, without the author");
    }
    act(&chat, touch(&user(1), 3, 1, edit("lunch"))).await;
    act(&chat, touch(&user(1), 4, 1, edit("<!here> lunch now"))).await;
    assert_eq!(unread_of(&chat, 3).await, [1], "called anew");
}

#[tokio::test]
async fn a_repeat_is_the_same_message_whoever_is_there_meanwhile() {
    let (_folder, chat) = place().await;
    let call = send(&user(1), 1, "<!here>");
    act(&chat, call.clone()).await;
    chat.presences.came(&user(2), &SessionId::from_random(1));
    act(&chat, call).await;
    assert_eq!(chat.store.entries(&conversation(1), 1..=9).await.unwrap().len(), 1);
    assert!(unread_of(&chat, 2).await.is_empty());
}

#[tokio::test]
async fn the_view_goes_from_the_newest_back_through_all_conversations() {
    let (_folder, chat) = place().await;
    let team = group(&[user(1), user(2), user(3)]);
    let team_id = team.id.clone();
    chat.store.add_conversation(team, Vec::new()).await.unwrap();
    let ben = user(2);
    for number in 0..5 {
        say(&chat, number, &format!("{number} <@{ben}>")).await;
        say(&chat, 100 + number, "nobody").await;
    }
    let desk = chat.open(&team_id).await.unwrap();
    desk.carry_out(send(&user(1), 200, "last <!channel>")).await.unwrap();
    let (mut seen, mut before) = (Vec::new(), None);
    loop {
        let query = MentionsQuery { before, limit: Some(2) };
        let (page, next) = bodies(&chat, 2, query).await;
        assert!(page.len() <= 2);
        seen.extend(page);
        before = next;
        if before.is_none() {
            break;
        }
    }
    seen.sort_by_key(|body| body.chars().next());
    assert_eq!(seen.len(), 6, "{seen:?}");
    let told = conversations::get(&chat, &ben, &team_id).await.unwrap();
    assert!(told.mentions.is_empty(), "in a group everything is for everybody");
    let nonsense = MentionsQuery {
        before: Some("yesterday".to_owned()),
        limit: None,
    };
    assert_eq!(
        page(&chat, &ben, nonsense).await.unwrap_err().code,
        ErrorCode::Malformed
    );
}

#[tokio::test]
async fn a_level_is_kept_per_person_for_members_only() {
    let (_folder, chat) = place().await;
    let id = conversation(1);
    let nothing = Some(NotificationLevel::Nothing);
    let first = levels::choose(&chat, &user(2), &id, nothing).await.unwrap();
    assert_eq!(
        first,
        ChosenLevel {
            level: nothing,
            version: 1
        }
    );
    let told = conversations::get(&chat, &user(2), &id).await.unwrap();
    assert_eq!(told.level, first);
    assert_eq!(conversations::list(&chat, &user(2)).await.unwrap()[0].level, first);
    assert_eq!(
        conversations::get(&chat, &user(3), &id).await.unwrap().level,
        ChosenLevel::default()
    );
    let back = levels::choose(&chat, &user(2), &id, None).await.unwrap();
    assert_eq!(
        back,
        ChosenLevel {
            level: None,
            version: 2
        }
    );
    let refusal = levels::choose(&chat, &user(9), &id, nothing).await.unwrap_err();
    assert_eq!(refusal.code, ErrorCode::Forbidden);
}
