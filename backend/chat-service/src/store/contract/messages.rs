//! What became of messages, and what is left of them in the log.

use protocol::timeline::MessageFold;
use protocol::{ConversationId, Entry, EntryKind, Visibility};

use crate::store::{ChatStore, Folded};
use crate::testing::{channel, message, user};

every_adapter!(
    every_kind_of_entry_reads_back_as_it_was_stored,
    a_fold_reads_back_as_it_was_saved,
    folds_saved_in_pieces_and_in_any_order_make_the_whole,
    a_deletion_is_final_and_blanks_the_message_and_its_edits,
    only_messages_are_messages,
    pins_are_listed_the_newest_message_first,
    edits_are_found_by_their_message,
    topic_and_archive_are_guarded_like_names,
);

fn of_kind(id: &ConversationId, seq: u64, author: u128, kind: EntryKind) -> Entry {
    Entry {
        kind,
        ordinal: 1,
        ..message(id, seq, &user(author))
    }
}

fn edit(id: &ConversationId, seq: u64, target: u64) -> Entry {
    let body = format!("edit {seq}");
    of_kind(id, seq, 1, EntryKind::edit(target, body))
}

fn react(id: &ConversationId, seq: u64, author: u128, emoji: &str, on: bool) -> Entry {
    let (target, emoji) = (1, emoji.to_owned());
    of_kind(id, seq, author, EntryKind::React { target, emoji, on })
}

fn pin(id: &ConversationId, seq: u64, target: u64, on: bool) -> Entry {
    of_kind(id, seq, 2, EntryKind::Pin { target, on })
}

fn delete(id: &ConversationId, seq: u64, target: u64) -> Entry {
    of_kind(id, seq, 3, EntryKind::Delete { target })
}

fn folded<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Folded {
    let mut folded = Folded::default();
    for entry in entries {
        folded.apply(entry);
    }
    folded
}

/// A message, and everything but a deletion that may become of it.
fn story(id: &ConversationId) -> Vec<Entry> {
    vec![
        message(id, 1, &user(1)),
        edit(id, 2, 1),
        react(id, 3, 1, "👍", true),
        react(id, 4, 2, "👍", true),
        react(id, 5, 1, "🏴󠁧󠁢󠁥󠁮󠁧󠁿", true),
        react(id, 6, 1, "👍", false),
        edit(id, 7, 1),
        pin(id, 8, 1, true),
    ]
}

/// A channel whose log is this.
async fn with_log(store: &dyn ChatStore, log: impl FnOnce(&ConversationId) -> Vec<Entry>) -> ConversationId {
    let record = channel(1, Visibility::Private, &[user(1), user(2), user(3)]);
    let id = record.id.clone();
    store.add_conversation(record, Vec::new()).await.unwrap();
    let entries = log(&id);
    assert_eq!(store.append(entries.clone()).await.unwrap().stored, entries.len());
    id
}

async fn fold_of(store: &dyn ChatStore, id: &ConversationId, seq: u64) -> MessageFold {
    let mut folds = store.message_folds(id, vec![seq]).await.unwrap();
    folds.remove(&seq).unwrap_or_default()
}

async fn every_kind_of_entry_reads_back_as_it_was_stored(store: &dyn ChatStore) {
    let every_kind = |id: &ConversationId| {
        let mut log = story(id);
        let reply = EntryKind::message("an answer".to_owned(), Some(1));
        log.push(of_kind(id, 9, 2, reply));
        log.push(pin(id, 10, 1, false));
        log.push(delete(id, 11, 9));
        let topic = "O'Brien \"quoted\" 🙂".to_owned();
        log.push(of_kind(id, 12, 1, EntryKind::Topic { topic }));
        log.push(of_kind(id, 13, 1, EntryKind::Archived { on: true }));
        log.push(of_kind(id, 14, 1, EntryKind::Archived { on: false }));
        log
    };
    let id = with_log(store, every_kind).await;
    let log = every_kind(&id);
    assert_eq!(store.entries(&id, 1..=99).await.unwrap(), log);
    for entry in &log {
        let found = store.find(&entry.author, &entry.client_id).await.unwrap();
        assert_eq!(found.as_ref(), Some(entry));
    }
}

async fn a_fold_reads_back_as_it_was_saved(store: &dyn ChatStore) {
    let id = with_log(store, story).await;
    assert!(store.message_folds(&id, vec![1, 2]).await.unwrap().is_empty());
    let folded = folded(&story(&id));

    store.save_fold(&id, folded.clone(), 8).await.unwrap();
    store.save_fold(&id, folded.clone(), 8).await.unwrap();

    assert_eq!(store.message_folds(&id, vec![1, 2]).await.unwrap(), folded.messages);
    let messages = store.messages(&id, vec![1]).await.unwrap();
    assert_eq!(
        (&messages[0].entry, &messages[0].fold),
        (&story(&id)[0], &folded.messages[&1])
    );
    assert_eq!(store.conversation(&id).await.unwrap().unwrap().folded, 8);
    assert!(store.message_folds(&id, Vec::new()).await.unwrap().is_empty());
    let elsewhere = channel(2, Visibility::Private, &[]).id;
    assert!(store.message_folds(&elsewhere, vec![1]).await.unwrap().is_empty());
}

async fn folds_saved_in_pieces_and_in_any_order_make_the_whole(store: &dyn ChatStore) {
    let id = with_log(store, story).await;
    let story = story(&id);
    for entry in story.iter().rev().chain(&story[2..5]) {
        store.save_fold(&id, folded([entry]), entry.seq).await.unwrap();
    }
    assert_eq!(fold_of(store, &id, 1).await, folded(&story).messages[&1]);
    assert_eq!(store.conversation(&id).await.unwrap().unwrap().folded, 8);
}

async fn a_deletion_is_final_and_blanks_the_message_and_its_edits(store: &dyn ChatStore) {
    let log = |id: &ConversationId| {
        let mut log = story(id);
        log.push(message(id, 9, &user(1)));
        log.push(edit(id, 10, 9));
        log.push(delete(id, 11, 1));
        log
    };
    let id = with_log(store, log).await;
    let log = log(&id);

    // The deletion first, as by a node that was faster; then what came before it.
    store.save_fold(&id, folded(&log[10..]), 11).await.unwrap();
    store.save_fold(&id, folded(&log[..10]), 10).await.unwrap();

    assert_eq!(fold_of(store, &id, 1).await, folded(&log).messages[&1]);
    assert_eq!(
        fold_of(store, &id, 9).await,
        folded(&log).messages[&9],
        "the other one stays"
    );
    let stored = store.entries(&id, 1..=99).await.unwrap();
    for (stored, written) in stored.iter().zip(&log) {
        let is_gone = [1, 2, 7].contains(&written.seq);
        let kind = if is_gone {
            written.kind.blanked()
        } else {
            written.kind.clone()
        };
        assert_eq!(
            *stored,
            Entry {
                kind,
                ..written.clone()
            }
        );
        assert!(stored.is_same(written));
    }
    assert!(
        store.pinned(&id, 9).await.unwrap().is_empty(),
        "what is deleted is not pinned"
    );

    let mut second = delete(&id, 12, 1);
    second.author = user(2);
    store.save_fold(&id, folded([&second]), 12).await.unwrap();
    assert_eq!(
        fold_of(store, &id, 1).await.deleted.unwrap().seq,
        11,
        "the first one counts"
    );
}

async fn only_messages_are_messages(store: &dyn ChatStore) {
    let id = with_log(store, story).await;
    assert_eq!(
        store.messages(&id, vec![1, 2, 3, 8, 9, u64::MAX]).await.unwrap().len(),
        1
    );
    let message = store.messages(&id, vec![1]).await.unwrap().remove(0);
    assert!(message.fold.is_untouched(), "nothing was saved yet");
    assert!(store.messages(&id, vec![2]).await.unwrap().is_empty());
    assert!(store.messages(&id, Vec::new()).await.unwrap().is_empty());
}

async fn pins_are_listed_the_newest_message_first(store: &dyn ChatStore) {
    let log = |id: &ConversationId| {
        let mut log: Vec<_> = (1..=5).map(|seq| message(id, seq, &user(1))).collect();
        log.extend([pin(id, 6, 5, true), pin(id, 7, 1, true), pin(id, 8, 3, true)]);
        log.extend([pin(id, 9, 4, true), pin(id, 10, 4, false), pin(id, 11, 2, true)]);
        log.push(delete(id, 12, 2));
        log
    };
    let id = with_log(store, log).await;
    store.save_fold(&id, folded(&log(&id)), 12).await.unwrap();
    assert_eq!(store.pinned(&id, 9).await.unwrap(), [5, 3, 1]);
    assert_eq!(store.pinned(&id, 2).await.unwrap(), [5, 3]);
    assert!(
        store
            .pinned(&channel(2, Visibility::Private, &[]).id, 9)
            .await
            .unwrap()
            .is_empty()
    );
}

async fn edits_are_found_by_their_message(store: &dyn ChatStore) {
    let log = |id: &ConversationId| {
        let mut log = story(id);
        log.extend([message(id, 9, &user(1)), edit(id, 10, 9)]);
        log
    };
    let id = with_log(store, log).await;
    let seqs = async |target| {
        let edits = store.edits(&id, target).await.unwrap();
        edits.iter().map(|edit| edit.seq).collect::<Vec<_>>()
    };
    assert_eq!(
        (seqs(1).await, seqs(9).await, seqs(2).await),
        (vec![2, 7], vec![10], vec![])
    );
    assert_eq!(store.edits(&id, 9).await.unwrap(), [edit(&id, 10, 9)]);
}

async fn topic_and_archive_are_guarded_like_names(store: &dyn ChatStore) {
    let id = with_log(store, story).await;
    let topic = |seq, topic: &str| {
        let topic = topic.to_owned();
        of_kind(&id, seq, 1, EntryKind::Topic { topic })
    };
    let archived = |seq, on| of_kind(&id, seq, 1, EntryKind::Archived { on });
    for entry in [
        topic(12, "newest"),
        topic(9, "older"),
        archived(13, false),
        archived(11, true),
    ] {
        store.save_fold(&id, folded([&entry]), entry.seq).await.unwrap();
    }
    let fold = store.conversation(&id).await.unwrap().unwrap().fold;
    assert_eq!(
        fold.topic.map(|topic| (topic.value, topic.seq)),
        Some(("newest".to_owned(), 12))
    );
    assert_eq!(fold.archived.map(|held| (held.value, held.seq)), Some((false, 13)));
    store.save_fold(&id, folded([&archived(14, true)]), 14).await.unwrap();
    let listed = store.conversations_of(&user(1)).await.unwrap();
    assert_eq!((listed[0].topic.as_str(), listed[0].archived), ("newest", true));
}
