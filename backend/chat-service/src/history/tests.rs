use protocol::Visibility;

use super::*;
use crate::log::Touch;
use crate::log::{Act, Proposal};
use crate::store::faulty::FaultyStore;
use crate::testing::{channel, chat, chat_on, conversation, edit, react, send, sqlite, touch, user};

fn seqs(query: EntriesQuery, head: u64, limit: u64) -> Vec<u64> {
    seqs_of(&query, head, limit).unwrap().collect()
}

#[test]
fn pages_are_the_nearest_entries_inside_the_log() {
    let query = EntriesQuery::default();
    assert_eq!(seqs(query.clone(), 9, 3), [7, 8, 9]);
    assert_eq!(seqs(query.clone(), 2, 3), [1, 2]);
    assert!(seqs(query.clone(), 0, 3).is_empty());
    let before = |before| EntriesQuery {
        before: Some(before),
        ..query.clone()
    };
    assert_eq!(seqs(before(7), 9, 3), [4, 5, 6]);
    assert_eq!(seqs(before(2), 9, 3), [1]);
    assert!(seqs(before(1), 9, 3).is_empty());
    assert_eq!(seqs(before(u64::MAX), 9, 3), [7, 8, 9]);
    let after = |after| EntriesQuery {
        after: Some(after),
        ..query.clone()
    };
    assert_eq!(seqs(after(0), 9, 3), [1, 2, 3]);
    assert_eq!(seqs(after(8), 9, 3), [9]);
    assert!(seqs(after(9), 9, 3).is_empty());
    assert!(seqs(after(u64::MAX), 9, 3).is_empty());
    let around = |around| EntriesQuery {
        around: Some(around),
        ..query.clone()
    };
    assert_eq!(seqs(around(5), 9, 4), [3, 4, 5, 6]);
    assert_eq!(seqs(around(1), 9, 4), [1, 2, 3, 4]);
}

#[test]
fn two_places_at_once_are_malformed() {
    let query = EntriesQuery {
        before: Some(1),
        after: Some(1),
        ..EntriesQuery::default()
    };
    assert_eq!(seqs_of(&query, 9, 3).unwrap_err().code, ErrorCode::Malformed);
}

#[tokio::test]
async fn the_newest_page_is_for_members_only_and_ends_at_the_head() {
    let (_folder, chat) = chat();
    let record = channel(1, Visibility::Public, &[user(1), user(2)]);
    chat.store.add_conversation(record, Vec::new()).await.unwrap();
    let desk = chat.open(&conversation(1)).await.unwrap();
    for number in 0..60 {
        desk.carry_out(send(&user(1), number, "hi")).await.unwrap();
    }
    let leave = Proposal {
        author: user(2),
        act: Act::Remove { person: user(2) },
    };
    desk.carry_out(leave).await.unwrap();

    let page = newest(&chat, &desk, &user(1), 1_000_000).await.unwrap();
    assert_eq!((page.head, page.entries.len(), page.member_since), (61, 50, 0));
    assert_eq!(page.entries.last().map(|entry| entry.seq), Some(61));
    for outsider in [user(2), user(3)] {
        let refusal = newest(&chat, &desk, &outsider, 1_000_000).await.unwrap_err();
        assert_eq!(refusal.code, ErrorCode::NotFound);
    }
    let cut = newest(&chat, &desk, &user(1), 1_000).await.unwrap();
    assert!((1..10).contains(&cut.entries.len()), "{} entries", cut.entries.len());
    assert_eq!(cut.entries.last().map(|entry| entry.seq), Some(61));
}

/// A channel on a store that from now on saves nothing of what entries fold into.
async fn nothing_saved() -> (tempfile::TempDir, std::sync::Arc<Chat>, std::sync::Arc<Desk>) {
    let (folder, inner) = sqlite();
    let store = std::sync::Arc::new(FaultyStore::over(inner));
    let chat = chat_on(std::sync::Arc::clone(&store) as std::sync::Arc<dyn crate::store::ChatStore>);
    let record = channel(1, Visibility::Public, &[user(1), user(2)]);
    chat.store.add_conversation(record, Vec::new()).await.unwrap();
    let desk = chat.open(&conversation(1)).await.unwrap();
    for number in 1..=3 {
        desk.carry_out(send(&user(1), number, &format!("message {number}")))
            .await
            .unwrap();
    }
    desk.carry_out(touch(&user(2), 9, 2, Touch::Pin { on: true }))
        .await
        .unwrap();
    store.fail_saving(u32::MAX);
    (folder, chat, desk)
}

#[tokio::test]
async fn what_is_not_saved_yet_is_read_all_the_same() {
    let (_folder, chat, desk) = nothing_saved().await;
    desk.carry_out(touch(&user(1), 10, 1, edit("rewritten"))).await.unwrap();
    desk.carry_out(touch(&user(2), 11, 1, react("👍", true))).await.unwrap();
    desk.carry_out(touch(&user(2), 12, 3, Touch::Pin { on: true }))
        .await
        .unwrap();
    desk.carry_out(touch(&user(2), 13, 2, Touch::Pin { on: false }))
        .await
        .unwrap();
    let folds = chat.store.message_folds(&conversation(1), vec![1, 2, 3]).await.unwrap();
    assert!(
        folds.values().all(|fold| fold.edit.is_none()),
        "the store has nothing of it"
    );

    let page = page(&chat, &user(3), &conversation(1), &EntriesQuery::default())
        .await
        .unwrap();
    let seqs: Vec<u64> = page.messages.iter().map(|held| held.seq).collect();
    assert_eq!((page.head, seqs), (8, vec![1, 2, 3]));
    let first = &page.messages[0].state;
    assert_eq!(first.edit.as_ref().map(|edit| edit.body.as_str()), Some("rewritten"));
    assert!(first.has_reaction("👍", &user(2)));
    assert!(!page.messages[1].state.is_pinned() && page.messages[2].state.is_pinned());
    let pins = pins(&chat, &user(3), &conversation(1)).await.unwrap();
    let pinned: Vec<u64> = pins.entries.iter().map(|entry| entry.seq).collect();
    assert_eq!(pinned, [3]);
    let newest = newest(&chat, &desk, &user(1), 1_000_000).await.unwrap();
    assert_eq!(newest.messages, page.messages);
}

#[tokio::test]
async fn words_that_are_deleted_and_not_gone_from_the_log_yet_are_not_told() {
    let (_folder, chat, desk) = nothing_saved().await;
    desk.carry_out(touch(&user(1), 10, 2, edit("rewritten"))).await.unwrap();
    let refusal = desk.carry_out(touch(&user(1), 11, 2, Touch::Delete)).await.unwrap_err();
    assert_eq!(refusal.code, ErrorCode::Unavailable, "it is not acknowledged");
    let log = chat.store.entries(&conversation(1), 1..=9).await.unwrap();
    assert!(
        serde_json::to_string(&log).unwrap().contains("message 2"),
        "the entry stands, the words too"
    );

    let id = conversation(1);
    let page_of_all = page(&chat, &user(3), &id, &EntriesQuery::default()).await.unwrap();
    // A page that has the edit without its message.
    let query = EntriesQuery {
        after: Some(3),
        ..EntriesQuery::default()
    };
    let page_of_edit = page(&chat, &user(3), &id, &query).await.unwrap();
    assert_eq!(page_of_edit.entries.len(), 3);
    let newest = newest(&chat, &desk, &user(1), 1_000_000).await.unwrap();
    for entries in [&page_of_all.entries, &page_of_edit.entries, &newest.entries] {
        let told = serde_json::to_string(entries).unwrap();
        assert!(!told.contains("message 2") && !told.contains("rewritten"), "{told}");
    }
    assert!(versions(&chat, &user(3), &id, 2).await.unwrap().is_empty());
    assert!(pins(&chat, &user(3), &id).await.unwrap().entries.is_empty());
    assert_eq!(
        versions(&chat, &user(3), &id, 4).await.unwrap_err().code,
        ErrorCode::NotFound
    );
}

#[tokio::test]
async fn what_became_of_messages_counts_in_the_size_of_a_newest_page() {
    let (_folder, chat, desk) = nothing_saved().await;
    let whole = newest(&chat, &desk, &user(1), 1_000_000).await.unwrap();
    let bytes = serde_json::to_vec(&whole.entries).unwrap().len();
    for (number, emoji) in (100..).zip(["👍", "🎉", "🙂", "🚀", "❤️", "😀", "😁", "😂"]) {
        desk.carry_out(touch(&user(1), number, 3, react(emoji, true)))
            .await
            .unwrap();
    }
    desk.carry_out(send(&user(1), 4, "the last one")).await.unwrap();

    let cut = newest(&chat, &desk, &user(1), bytes * 4).await.unwrap();

    assert!(cut.entries.len() < 13);
    let sent = serde_json::to_vec(&cut.entries).unwrap().len() + serde_json::to_vec(&cut.messages).unwrap().len();
    assert!(sent <= bytes * 4, "{sent} of {}", bytes * 4);
    let nothing = newest(&chat, &desk, &user(1), 0).await.unwrap();
    assert_eq!(nothing.entries.len(), 1, "the very newest is always told");
}
