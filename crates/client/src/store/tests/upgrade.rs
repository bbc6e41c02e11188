//! Files of older versions.

use std::path::Path;

use protocol::{ConversationId, EntryKind};
use rusqlite::Connection;
use tempfile::TempDir;

use super::{account, store_in, waiting};
use crate::store::entries;
use crate::store::schema::STEPS;
use crate::timeline;
use crate::view::TimelineItem;

/// What the first version wrote: it knew messages and members, and kept anything else as it came.
const WRITTEN: &str = r#"
    INSERT INTO account VALUES (1, 'https://chat.example.org', 'u_1', 'ada@example.org', 'Example');
    INSERT INTO conversation VALUES ('c_1', '"channel"', '"public"', 'general', '[]', 2, 'u_1', 4, 'one', 4, 2, 1000, 0, 0, 0, 4);
    INSERT INTO entry VALUES ('c_1', 1, 1, 1000, 'u_2', 'm_1', '{"kind":"message","body":"first"}');
    INSERT INTO entry VALUES ('c_1', 2, 2, 1000, 'u_2', 'm_2', '{"kind":"message","body":"a secret"}');
    INSERT INTO entry VALUES ('c_1', 3, 2, 1000, 'u_2', 'm_3',
        '{"conversation":"c_1","seq":3,"ordinal":2,"at":1000,"author":"u_2","client_id":"m_3","kind":"edit","target":1,"body":"better"}');
    INSERT INTO entry VALUES ('c_1', 4, 2, 1000, 'u_2', 'm_4',
        '{"conversation":"c_1","seq":4,"ordinal":2,"at":1000,"author":"u_2","client_id":"m_4","kind":"delete","target":2}');
    INSERT INTO stretch VALUES ('c_1', 1, 4);
    INSERT INTO person VALUES ('u_2', 'Ben', '', 'ben@example.org', '', 1, 3);
    INSERT INTO draft VALUES ('c_1', 'half a thought');
    INSERT INTO outbox (client_id, conversation, body, written_at) VALUES ('m_5', 'c_1', 'not sent yet', 1000);
"#;

fn write_with_the_first_version(folder: &Path) {
    let disk = Connection::open(folder.join("store.sqlite")).unwrap();
    disk.pragma_update(None, "journal_mode", "WAL").unwrap();
    disk.execute_batch(STEPS[0]).unwrap();
    disk.pragma_update(None, "user_version", 1).unwrap();
    disk.execute_batch(WRITTEN).unwrap();
}

#[tokio::test]
async fn a_file_of_the_first_version_opens_and_what_it_did_not_know_is_folded() {
    let folder = TempDir::new().unwrap();
    write_with_the_first_version(folder.path());

    let store = store_in(folder.path()).await;

    let id = ConversationId::parse("c_1").unwrap();
    let wanted = id.clone();
    let page = store.read(move |disk| timeline::newest(disk, &wanted)).await.unwrap();
    let shown: Vec<(u64, &str, bool)> = page
        .items
        .iter()
        .map(|item| match item {
            TimelineItem::Message(message) => (message.seq, message.body.as_str(), message.deleted_by.is_some()),
            TimelineItem::Event(entry) => panic!("{entry:?}"),
        })
        .collect();
    assert_eq!(shown, [(1, "better", false), (2, "", true)]);
    assert_eq!((page.first, page.last, page.reaches_end), (1, 4, true));
    let deleted = store
        .read(move |disk| entries::at(disk, &id, 2))
        .await
        .unwrap()
        .unwrap();
    let blank = EntryKind::message(String::new(), None);
    assert_eq!(deleted.kind, blank);
    assert_eq!(waiting(&store).await, [("not sent yet".to_owned(), None)]);
    assert_ne!(
        store.account().await.unwrap(),
        Some(account(1)),
        "it is the account of the file"
    );
    let people = store.read(crate::store::people::all).await.unwrap();
    assert_eq!((people[0].role, &people[0].picture), (protocol::Role::Member, &None));
}
