//! The file: what survives what, and whose it is.

mod pictures;
mod tables;
mod upgrade;

use std::collections::HashSet;
use std::path::Path;

use protocol::{
    ClientId, Conversation, ConversationId, ConversationKind, Membership, ReadMark, UnixMs, UserId, Visibility,
};
use tempfile::TempDir;

use super::account::Account;
use super::outbox::{Outgoing, What};
use super::{Store, StoreError, conversations, drafts, entries, outbox};
use crate::changes::Feed;
use crate::view::{Failure, PendingMessage};

fn account(user: u128) -> Account {
    Account {
        server: "https://chat.example.org".to_owned(),
        user: UserId::from_random(user),
        email: "ada@example.org".to_owned(),
        workspace: "Example".to_owned(),
    }
}

pub(crate) fn conversation(number: u128) -> Conversation {
    Conversation {
        id: ConversationId::from_random(number),
        kind: ConversationKind::Group,
        visibility: Visibility::Private,
        name: None,
        topic: String::new(),
        archived: false,
        members: vec![UserId::from_random(1), UserId::from_random(2)],
        member_count: 2,
        membership: Membership::Member,
        epoch: "epoch".to_owned(),
        head: 0,
        ordinal: 0,
        last_at: 1000,
        read: ReadMark::default(),
        created_by: UserId::from_random(1),
        member_since: 0,
        mentions: Vec::new(),
        level: protocol::ChosenLevel::default(),
    }
}

fn message(number: u128, conversation: &Conversation, body: &str) -> PendingMessage {
    PendingMessage {
        client_id: ClientId::from_random(number).into(),
        conversation: conversation.id.clone(),
        body: body.to_owned(),
        reply: None,
        written_at: UnixMs::try_from(number).unwrap(),
        failure: None,
    }
}

async fn store_in(folder: &Path) -> Store {
    Store::open(folder.to_owned(), Feed::default()).await.unwrap()
}

/// What waits to be sent, as a list of texts and whether each names the one before.
async fn waiting(store: &Store) -> Vec<(String, Option<ClientId>)> {
    let next = store
        .read(|disk| outbox::next(disk, &HashSet::new(), 100))
        .await
        .unwrap();
    next.into_iter().map(message_of).collect()
}

fn message_of(outgoing: Outgoing) -> (String, Option<ClientId>) {
    match outgoing.what {
        What::Message { body, after, .. } => (body, after),
        What::Act { .. } => panic!("not a message"),
    }
}

async fn write_three(store: &Store) {
    let said = conversation(1);
    let write = move |writing: &mut super::Writing<'_>| {
        conversations::put(writing, &said)?;
        drafts::put(writing, &said.id, "half a thought")?;
        for (number, body) in [(1, "one"), (2, "two"), (3, "three")] {
            outbox::add(writing, &message(number, &said, body))?;
        }
        Ok(())
    };
    store.write_through(write).await.unwrap();
}

#[tokio::test]
async fn what_was_written_is_there_after_a_restart() {
    let folder = TempDir::new().unwrap();
    let store = store_in(folder.path()).await;
    store.adopt(account(1)).await.unwrap();
    write_three(&store).await;
    drop(store);

    let store = store_in(folder.path()).await;

    assert_eq!(store.account().await.unwrap(), Some(account(1)));
    let draft = store.read(|disk| drafts::of(disk, &conversation(1).id)).await.unwrap();
    assert_eq!(draft, "half a thought");
    let after = |number| Some(ClientId::from_random(number));
    let expected = [
        ("one".to_owned(), None),
        ("two".to_owned(), after(1)),
        ("three".to_owned(), after(2)),
    ];
    assert_eq!(waiting(&store).await, expected);
}

#[tokio::test]
async fn another_person_finds_nothing_of_the_one_before() {
    let folder = TempDir::new().unwrap();
    let store = store_in(folder.path()).await;
    store.adopt(account(1)).await.unwrap();
    write_three(&store).await;

    store.adopt(account(2)).await.unwrap();

    assert_eq!(waiting(&store).await, []);
    assert_eq!(store.read(conversations::rows).await.unwrap(), []);
}

#[tokio::test]
async fn the_same_person_finds_everything() {
    let folder = TempDir::new().unwrap();
    let store = store_in(folder.path()).await;
    store.adopt(account(1)).await.unwrap();
    write_three(&store).await;

    store.adopt(account(1)).await.unwrap();

    assert_eq!(waiting(&store).await.len(), 3);
}

#[tokio::test]
async fn erased_text_is_not_left_on_the_disk() {
    let folder = TempDir::new().unwrap();
    let store = store_in(folder.path()).await;
    write_three(&store).await;
    assert!(anything_in(folder.path(), b"half a thought"));

    store.erase().await.unwrap();

    assert!(!anything_in(folder.path(), b"half a thought"));
}

#[tokio::test]
async fn the_end_of_a_session_takes_copies_and_leaves_what_exists_only_here() {
    let folder = TempDir::new().unwrap();
    let store = store_in(folder.path()).await;
    store.adopt(account(1)).await.unwrap();
    write_three(&store).await;
    store
        .write(|writing| entries::keep(writing, &entry(1, "a secret of the company"), 1))
        .await
        .unwrap();
    std::fs::write(folder.path().join("store.sqlite.damaged"), "a secret of the company").unwrap();

    store.erase_copies().await.unwrap();

    assert_eq!(store.read(conversations::rows).await.unwrap(), []);
    assert!(!anything_in(folder.path(), b"a secret of the company"));
    assert_eq!(waiting(&store).await.len(), 3);
    let draft = store.read(|disk| drafts::of(disk, &conversation(1).id)).await.unwrap();
    assert_eq!(draft, "half a thought");
}

#[tokio::test]
async fn nothing_of_the_index_outlives_an_erasing() {
    for copies_only in [false, true] {
        let folder = TempDir::new().unwrap();
        let store = store_in(folder.path()).await;
        store.adopt(account(1)).await.unwrap();
        let keep = |writing: &mut super::Writing<'_>| {
            (1..=200).try_for_each(|seq| {
                entries::keep(writing, &entry(seq, &format!("Kolibrischwarm {seq}")), seq).map(drop)
            })
        };
        store.write(keep).await.unwrap();
        assert!(anything_in(folder.path(), b"kolibrischwarm"));

        if copies_only {
            store.erase_copies().await.unwrap();
        } else {
            store.erase().await.unwrap();
        }

        assert!(
            !anything_in(folder.path(), b"olibrischwarm"),
            "copies only: {copies_only}"
        );
        let names = std::fs::read_dir(folder.path())
            .unwrap()
            .map(|file| file.unwrap().file_name());
        let mut names: Vec<String> = names.map(|name| name.into_string().unwrap()).collect();
        names.retain(|name| !["store.sqlite", "store.sqlite-wal", "store.sqlite-shm"].contains(&name.as_str()));
        assert_eq!(names, [""; 0]);
    }
}

#[tokio::test]
async fn work_that_outlives_a_sign_out_changes_nothing() {
    let folder = TempDir::new().unwrap();
    let store = store_in(folder.path()).await;
    store.adopt(account(1)).await.unwrap();
    let theirs = store.of(&account(1).server, &account(1).user);
    store.erase().await.unwrap();

    let late = theirs
        .write(|writing| conversations::put(writing, &conversation(1)))
        .await;

    assert!(matches!(late, Err(StoreError::NotTheirs)), "got {late:?}");
    assert_eq!(store.read(conversations::rows).await.unwrap(), []);
}

#[tokio::test]
async fn a_second_program_on_the_same_folder_is_refused() {
    let folder = TempDir::new().unwrap();
    let store = store_in(folder.path()).await;
    write_three(&store).await;

    let second = Store::open(folder.path().to_owned(), Feed::default()).await;

    assert!(matches!(second, Err(StoreError::InUse)), "{:?}", second.err());
    assert_eq!(waiting(&store).await.len(), 3);
}

#[tokio::test]
async fn a_file_that_is_no_store_is_moved_aside() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("store.sqlite"), vec![b'x'; 20_000]).unwrap();

    let store = store_in(folder.path()).await;

    write_three(&store).await;
    assert_eq!(waiting(&store).await.len(), 3);
    assert!(folder.path().join("store.sqlite.damaged").exists());
}

#[tokio::test]
async fn what_exists_only_here_is_rescued_from_a_store_damaged_before_it_is_opened() {
    let folder = TempDir::new().unwrap();
    let store = store_in(folder.path()).await;
    store.adopt(account(1)).await.unwrap();
    write_three(&store).await;
    close(store, folder.path()).await;
    let page = root_page(folder.path(), "conversation");
    damage(folder.path(), page);

    let store = store_in(folder.path()).await;

    assert_eq!(store.account().await.unwrap(), Some(account(1)));
    assert_eq!(waiting(&store).await.len(), 3);
    assert_eq!(store.read(conversations::rows).await.unwrap(), []);
}

#[tokio::test]
async fn a_store_found_damaged_at_work_is_made_anew_and_goes_on() {
    let folder = TempDir::new().unwrap();
    let store = store_in(folder.path()).await;
    store.adopt(account(1)).await.unwrap();
    write_three(&store).await;
    close(store, folder.path()).await;
    let page = root_page(folder.path(), "entry");
    damage(folder.path(), page);
    let store = store_in(folder.path()).await;
    let mut made_anew = store.made_anew();

    let found = store
        .write(|writing| entries::keep(writing, &entry(1, "hello"), 1))
        .await;

    assert!(matches!(found, Err(StoreError::Broken)), "got {found:?}");
    assert!(made_anew.has_changed().unwrap());
    made_anew.mark_unchanged();
    assert_eq!(waiting(&store).await.len(), 3);
    assert_eq!(store.account().await.unwrap(), Some(account(1)));
    store
        .write(|writing| entries::keep(writing, &entry(1, "hello"), 1))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_full_disk_is_said_and_harms_nothing() {
    let folder = TempDir::new().unwrap();
    let store = store_in(folder.path()).await;
    write_three(&store).await;
    let fill = |writing: &mut super::Writing<'_>| {
        let pages: i64 = writing.disk.query_row("PRAGMA page_count", (), |row| row.get(0))?;
        writing.disk.pragma_update(None, "max_page_count", pages)?;
        Ok(())
    };
    store.write(fill).await.unwrap();

    let long = "x".repeat(100_000);
    let full = store
        .write_through(move |writing| outbox::add(writing, &message(4, &conversation(1), &long)))
        .await;

    let failure = Failure::from(full.unwrap_err());
    assert!(
        matches!(&failure, Failure::Storage { detail } if detail.contains("full")),
        "got {failure:?}"
    );
    assert_eq!(waiting(&store).await.len(), 3);

    // There is room again.
    let grow = |writing: &mut super::Writing<'_>| Ok(writing.disk.pragma_update(None, "max_page_count", 1_000_000)?);
    store.write(grow).await.unwrap();
    store
        .write_through(|writing| outbox::add(writing, &message(4, &conversation(1), "four")))
        .await
        .unwrap();
    assert_eq!(waiting(&store).await.len(), 4);
    let sound: String = store
        .read(|disk| Ok(disk.query_row("PRAGMA integrity_check", (), |row| row.get(0))?))
        .await
        .unwrap();
    assert_eq!(sound, "ok");
}

fn entry(seq: u64, body: &str) -> protocol::Entry {
    protocol::Entry {
        conversation: conversation(1).id,
        seq,
        ordinal: seq,
        at: 1000,
        author: UserId::from_random(2),
        client_id: ClientId::from_random(1000 + u128::from(seq)),
        kind: protocol::EntryKind::message(body.to_owned(), None),
    }
}

/// Waits until the thread has let go of the file: SQLite then removes its log.
async fn close(store: Store, folder: &Path) {
    drop(store);
    let log = folder.join("store.sqlite-wal");
    let closed = async {
        while log.exists() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), closed)
        .await
        .unwrap();
}

fn root_page(folder: &Path, table: &str) -> u64 {
    let disk = rusqlite::Connection::open(folder.join("store.sqlite")).unwrap();
    disk.query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |_| Ok(()))
        .unwrap();
    let page: i64 = disk
        .query_row("SELECT rootpage FROM sqlite_master WHERE name = ?1", [table], |row| {
            row.get(0)
        })
        .unwrap();
    u64::try_from(page).unwrap()
}

/// Overwrites one page of the file with nonsense.
fn damage(folder: &Path, page: u64) {
    use std::io::{Seek, SeekFrom, Write};
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .open(folder.join("store.sqlite"))
        .unwrap();
    file.seek(SeekFrom::Start((page - 1) * 4096)).unwrap();
    file.write_all(&[0xA5; 4096]).unwrap();
}

fn anything_in(folder: &Path, text: &[u8]) -> bool {
    std::fs::read_dir(folder).unwrap().any(|file| {
        let content = std::fs::read(file.unwrap().path()).unwrap();
        content.windows(text.len()).any(|window| window == text)
    })
}
