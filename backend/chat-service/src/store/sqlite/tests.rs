use std::sync::Arc;

use protocol::{ErrorCode, Visibility};
use rusqlite::Connection;

use super::SqliteStore;
use crate::log::Answer;
use crate::store::{ConversationStore as _, LogStore as _};
use crate::testing::{channel, conversation, desks, send, sqlite, user};

/// SQLite's own page limit answers exactly like a full disk.
async fn limit_pages(store: &SqliteStore, pages: u32) {
    let limit =
        move |connection: &Connection| Ok(connection.execute_batch(&format!("PRAGMA max_page_count = {pages}"))?);
    store.database.write(limit).await.unwrap();
}

#[tokio::test]
async fn a_full_disk_refuses_clearly_corrupts_nothing_and_recovers_by_itself() {
    let (_folder, store) = sqlite();
    let record = channel(1, Visibility::Private, &[user(1)]);
    store.add_conversation(record, Vec::new()).await.unwrap();
    limit_pages(&store, 40).await;
    let desks = desks(Arc::new(store.clone()));
    let desk = desks.open(&conversation(1)).await.unwrap();

    let body = "x".repeat(8_000);
    let mut acknowledged = Vec::new();
    let refusal = loop {
        let number = acknowledged.len() as u128;
        match desk.carry_out(send(&user(1), number, &body)).await {
            Ok(Answer::Stored(entry)) => acknowledged.push(entry),
            Ok(other) => panic!("{other:?}"),
            Err(refusal) => break refusal,
        }
    };
    assert_eq!(refusal.code, ErrorCode::StorageFull);
    assert!(!acknowledged.is_empty());
    assert_eq!(store.entries(&conversation(1), 1..=999).await.unwrap(), acknowledged);

    limit_pages(&store, 1_000_000).await;
    let number = acknowledged.len() as u128;
    let answer = desk.carry_out(send(&user(1), number, &body)).await.unwrap();
    let Answer::Stored(entry) = answer else {
        panic!("{answer:?}")
    };
    acknowledged.push(entry);
    assert_eq!(store.entries(&conversation(1), 1..=999).await.unwrap(), acknowledged);
    let check = |connection: &Connection| {
        let found: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
        Ok(found)
    };
    assert_eq!(store.database.read(check).await.unwrap(), "ok");
}
