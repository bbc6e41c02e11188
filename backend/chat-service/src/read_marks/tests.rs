use std::sync::Arc;

use protocol::SessionId;

use super::*;
use crate::fanout::signal::Signal;
use crate::store::faulty::FaultyStore;
use crate::testing::{chat_on, group, message, sqlite, user};

const HELD: ReadMark = ReadMark {
    generation: 2,
    ordinal: 3,
};

/// A group with a few messages, its first member's other device, and the store behind it.
async fn stage() -> (
    tempfile::TempDir,
    Arc<FaultyStore>,
    Arc<Chat>,
    ConversationId,
    Arc<Signal>,
) {
    let (folder, store) = sqlite();
    let store = Arc::new(FaultyStore::over(store));
    let chat = chat_on(Arc::<FaultyStore>::clone(&store));
    let record = group(&[user(1), user(2), user(3)]);
    let id = record.id.clone();
    let messages = (1..=5).map(|seq| message(&id, seq, &user(2)));
    chat.store.add_conversation(record, messages.collect()).await.unwrap();
    let device = Arc::new(Signal::new(user(1), SessionId::from_random(1)));
    chat.sockets.enter(Arc::clone(&device), 10);
    (folder, store, chat, id, device)
}

#[tokio::test]
async fn a_mark_that_was_kept_though_the_answer_was_lost_reaches_the_other_devices() {
    let (_folder, store, chat, id, device) = stage().await;
    store.lose_answers_about_marks(1);
    assert_eq!(mark(&chat, &user(1), &id, HELD).await.unwrap(), HELD);
    assert_eq!(device.take().read[&id], HELD);
}

#[tokio::test]
async fn while_nobody_can_tell_what_became_of_a_mark_it_is_not_acknowledged() {
    let (_folder, store, chat, id, device) = stage().await;
    chat.open(&id).await.unwrap();
    store.lose_answers_about_marks(1);
    // What it was before, and three times what became of it.
    store.leave_unanswered(4);
    let refusal = mark(&chat, &user(1), &id, HELD).await.unwrap_err();
    assert_eq!(refusal.code, ErrorCode::Unavailable);
    assert!(device.take().read.is_empty());

    assert_eq!(
        mark(&chat, &user(1), &id, HELD).await.unwrap(),
        HELD,
        "the client repeats it"
    );
    assert_eq!(device.take().read[&id], HELD);
}

#[tokio::test]
async fn nobody_has_read_what_is_not_written() {
    let (_folder, _store, chat, id, _device) = stage().await;
    let far = ReadMark {
        generation: 0,
        ordinal: u64::MAX,
    };
    assert_eq!(mark(&chat, &user(1), &id, far).await.unwrap().ordinal, 5);
}
