use std::time::Duration;

use protocol::event::PersonChanged;
use protocol::{Entry, EntryKind, NotificationLevel, ReadMark, Role, Visibility};
use service_kit::store::mongo::Address;
use test_kit::engines::MongoDatabase;
use test_kit::fault_proxy::FaultProxy;

use super::*;
use crate::store::{AttentionStore as _, Folded, LiveStore as _, MentionSearch, PersonStore as _};
use crate::testing::{channel, client_id, conversation, group, message, user};

/// What is moved: some conversations, each with messages and with what became of some of them.
async fn fill(source: &SqliteStore, conversations: u32, messages: u64) {
    for number in 0..conversations {
        let record = channel(number.into(), Visibility::Private, &[user(1), user(2)]);
        source.add_conversation(record.clone(), Vec::new()).await.unwrap();
        let mut folded = Folded::default();
        for first in (1..=messages).step_by(BATCH) {
            let page = first..=messages.min(first + BATCH as u64 - 1);
            let entries: Vec<Entry> = page.map(|seq| entry(&record.id, number, seq)).collect();
            for entry in &entries {
                folded.apply(entry);
            }
            assert_eq!(source.append(entries.clone()).await.unwrap().stored, entries.len());
        }
        source.save_fold(&record.id, folded, messages).await.unwrap();
    }
    source
        .add_conversation(group(&[user(1), user(2), user(3)]), Vec::new())
        .await
        .unwrap();
    source
        .choose_level(&user(1), &conversation(0), Some(NotificationLevel::Nothing))
        .await
        .unwrap();
    let person = PersonChanged {
        id: user(1),
        name: "Ada".to_owned(),
        active: true,
        role: Role::Administrator,
        version: 3,
    };
    source.put_person(person).await.unwrap();
    source
        .raise_last_seen(vec![(user(1), 1_700_000_000_000)])
        .await
        .unwrap();
}

/// Mostly messages, and now and then something else.
fn entry(id: &ConversationId, number: u32, seq: u64) -> Entry {
    let target = seq.saturating_sub(2).max(1);
    let kind = match seq % 50 {
        40 => EntryKind::edit(target, format!("edited {seq}")),
        41 => EntryKind::React {
            target,
            emoji: "👍".to_owned(),
            on: true,
        },
        45 => EntryKind::message(format!("<@{}> <!channel>", user(2)), None),
        42 => EntryKind::Pin { target, on: true },
        43 => EntryKind::Joined {
            person: user(seq.into()),
        },
        44 => EntryKind::Delete { target: seq - 20 },
        _ => message(id, seq, &user(1)).kind,
    };
    Entry {
        kind,
        client_id: client_id(u128::from(number) << 64 | u128::from(seq)),
        ..message(id, seq, &user(1 + u128::from(seq % 2)))
    }
}

fn connect(url: &str) -> Mongo {
    Mongo::new(Address::parse(url).unwrap().within(Duration::from_secs(20)))
}

/// Moves through a network that is cut for good after so many remarks; whether it came to its end.
async fn move_until_cut(folder: &Path, database: &MongoDatabase, remarks: u32) -> bool {
    let proxy = FaultProxy::to(database.server()).await.unwrap();
    let mongo = connect(&database.url_by_way_of(proxy.address()));
    let left = Cell::new(remarks);
    let tell = |_: String| left.set(left.get().saturating_sub(1));
    let moving = migrate(folder, &mongo, "folder", &tell);
    let cut = test_kit::wait::until("the cut", Duration::from_mins(5), async || {
        (left.get() == 0).then_some(())
    });
    tokio::select! {
        moved = moving => moved.is_ok(),
        _ = cut => false,
    }
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn everything_arrives_however_often_it_is_interrupted() {
    let (folder, database) = (tempfile::tempdir().unwrap(), MongoDatabase::fresh());
    let source = SqliteStore::open(&file_in(folder.path(), "chat")).unwrap();
    fill(&source, 6, 1_300).await;

    assert!(!move_until_cut(folder.path(), &database, 3).await);
    assert!(!move_until_cut(folder.path(), &database, 8).await);
    // The server ran in between: a message is gone, another one came, somebody has read.
    let id = conversation(0);
    let late = [
        (1_301, message(&id, 1_301, &user(1)).kind),
        (1_302, EntryKind::Delete { target: 1 }),
    ];
    let late = late.map(|(seq, kind)| Entry {
        kind,
        ..entry(&id, 0, seq)
    });
    let mut folded = Folded::default();
    for entry in &late {
        folded.apply(entry);
    }
    source.append(late.to_vec()).await.unwrap();
    source.save_fold(&id, folded, 1_302).await.unwrap();
    let mark = ReadMark {
        generation: 2,
        ordinal: 7,
    };
    source.raise_read_mark(&user(2), &id, mark).await.unwrap();
    let told = std::cell::RefCell::new(Vec::new());
    let tell = |remark| told.borrow_mut().push(remark);
    migrate(folder.path(), &connect(&database.url()), "folder", &tell)
        .await
        .unwrap();

    let target = MongoStore::new(connect(&database.url()));
    for id in source.conversation_ids().await.unwrap() {
        assert_eq!(
            checksum(&source, &id).await.unwrap(),
            checksum(&target, &id).await.unwrap()
        );
    }
    let mut listed = target.conversations_of(&user(1)).await.unwrap();
    let mut expected = source.conversations_of(&user(1)).await.unwrap();
    listed.sort_by(|one, other| one.id.cmp(&other.id));
    expected.sort_by(|one, other| one.id.cmp(&other.id));
    assert_eq!(listed, expected);
    assert_eq!(target.read_mark(&user(2), &id).await.unwrap(), mark);
    assert_eq!(
        target.person(&user(1)).await.unwrap(),
        source.person(&user(1)).await.unwrap()
    );
    assert_eq!(
        target.last_seen(vec![user(1)]).await.unwrap(),
        [(user(1), Some(1_700_000_000_000))]
    );
    assert_same_mentions(&source, &target).await;
    assert_eq!(
        target.pinned(&id, 99).await.unwrap(),
        source.pinned(&id, 99).await.unwrap()
    );
    let last = told.borrow().last().cloned().unwrap_or_default();
    assert!(last.contains("7 conversations are the same"), "{told:?}");
}

async fn assert_same_mentions(source: &SqliteStore, target: &MongoStore) {
    let (id, all) = (conversation(0), (0, u64::MAX));
    let named = source.named_between(&user(2), &id, all, 999).await.unwrap();
    assert_eq!(target.named_between(&user(2), &id, all, 999).await.unwrap(), named);
    assert!(!named.is_empty());
    let search = || MentionSearch {
        person: user(2),
        conversations: vec![conversation(1)],
        before: None,
        limit: 999,
    };
    assert_eq!(
        target.named(search()).await.unwrap(),
        source.named(search()).await.unwrap()
    );
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn what_was_moved_is_not_moved_again() {
    let (folder, database) = (tempfile::tempdir().unwrap(), MongoDatabase::fresh());
    let source = SqliteStore::open(&file_in(folder.path(), "chat")).unwrap();
    fill(&source, 1, 10).await;
    let mongo = connect(&database.url());
    migrate(folder.path(), &mongo, "folder", &|_| {}).await.unwrap();

    // From now on the target is the truth, whatever happens to the file.
    let target = MongoStore::new(mongo.clone());
    target.append(vec![entry(&conversation(0), 0, 11)]).await.unwrap();
    source
        .append(vec![entry(&conversation(0), 0, 11), entry(&conversation(0), 0, 12)])
        .await
        .unwrap();
    migrate(folder.path(), &mongo, "folder", &|_| {}).await.unwrap();

    assert_eq!(target.entries(&conversation(0), 1..=99).await.unwrap().len(), 11);
    let other = migrate(folder.path(), &mongo, "another folder", &|_| {}).await;
    assert!(matches!(other, Err(MoveError::Occupied(_))), "got {other:?}");
}
