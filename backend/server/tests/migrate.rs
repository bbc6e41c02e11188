//! A hundred thousand messages move to a MongoDB, though the program is killed twice on the way.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use chat_service::store::mongo::MongoStore;
use chat_service::store::sqlite::SqliteStore;
use chat_service::store::{ConversationStore as _, LogStore as _, Record, Tail};
use protocol::timeline::{ConversationFold, Written};
use protocol::{ClientId, ConversationId, ConversationKind, Entry, EntryKind, UserId, Visibility};
use service_kit::data_dir::DataDir;
use service_kit::store::mongo::{Address, Mongo};
use service_kit::store::sqlite::file_in;
use test_kit::engines::MongoDatabase;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;

const CONVERSATIONS: u64 = 20;
const MESSAGES_OF_EACH: u64 = 5_000;
/// Entries that are stored or compared at a time.
const PAGE: u64 = 500;
/// Far above what one run takes.
const PATIENCE: Duration = Duration::from_mins(8);

fn conversation(number: u64) -> ConversationId {
    ConversationId::from_random(number.into())
}

async fn fill(folder: &Path) {
    let store = SqliteStore::open(&file_in(folder, "chat")).unwrap();
    let there = Written { value: true, seq: 0 };
    for number in 0..CONVERSATIONS {
        let record = Record {
            id: conversation(number),
            kind: ConversationKind::Channel,
            visibility: Visibility::Private,
            created_by: UserId::from_random(1),
            created_at: 7,
            epoch: format!("epoch {number}"),
            first_name: Some(format!("Channel {number}")),
            fold: ConversationFold {
                name: Some(Written {
                    value: format!("Channel {number}"),
                    seq: 0,
                }),
                members: (1..4)
                    .map(|member| (UserId::from_random(member), there.clone()))
                    .collect(),
                ..ConversationFold::default()
            },
            folded: 0,
            tail: Tail::default(),
        };
        store.add_conversation(record, Vec::new()).await.unwrap();
        for first in (1..=MESSAGES_OF_EACH).step_by(500) {
            let page = (first..first + PAGE).map(|seq| message(number, seq));
            assert_eq!(store.append(page.collect()).await.unwrap().stored, 500);
        }
    }
}

fn message(number: u64, seq: u64) -> Entry {
    Entry {
        conversation: conversation(number),
        seq,
        ordinal: seq,
        at: 1_700_000_000_000,
        author: UserId::from_random(u128::from(1 + seq % 3)),
        client_id: ClientId::from_random(u128::from(number) << 64 | u128::from(seq)),
        kind: EntryKind::message(format!("message {seq} of {number}"), (seq > 9).then(|| seq - 9)),
    }
}

/// Runs the program; kills it once it has said this so often. What it said, and how it ended.
async fn migrate(folder: &Path, to: &str, killed_after: Option<(&str, usize)>) -> (Vec<String>, ExitStatus) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_loquat-server"))
        .arg("migrate")
        .env("MIGRATE_TO", to)
        .env("DATA_DIR", folder)
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut said = Vec::new();
    while let Some(line) = lines.next_line().await.unwrap() {
        said.push(line);
        let is_enough = |(text, times)| said.iter().filter(|line| line.contains(text)).count() >= times;
        if killed_after.is_some_and(is_enough) {
            child.start_kill().unwrap();
        }
    }
    (said, child.wait().await.unwrap())
}

/// The three databases of a move, dropped at the end of the test.
struct Databases {
    all: Vec<MongoDatabase>,
    to: String,
}

impl Databases {
    fn fresh() -> Self {
        let base = MongoDatabase::fresh();
        let all = ["users", "mail", "chat"].map(|service| base.beside(service)).into();
        Self { to: base.url(), all }
    }

    fn chat(&self) -> MongoStore {
        MongoStore::new(Mongo::new(Address::parse(&self.all[2].url()).unwrap()))
    }
}

async fn require_all_messages(store: &MongoStore) {
    for number in 0..CONVERSATIONS {
        for first in (1..=MESSAGES_OF_EACH).step_by(500) {
            let page = store
                .entries(&conversation(number), first..=first + PAGE - 1)
                .await
                .unwrap();
            assert!(
                page.into_iter()
                    .eq((first..first + PAGE).map(|seq| message(number, seq)))
            );
        }
        let record = store.conversation(&conversation(number)).await.unwrap().unwrap();
        assert_eq!(record.tail.seq, MESSAGES_OF_EACH);
        assert_eq!(record.fold.current_members().count(), 3);
    }
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn a_hundred_thousand_messages_arrive_though_the_program_is_killed_twice() {
    let (folder, databases) = (tempfile::tempdir().unwrap(), Databases::fresh());
    fill(folder.path()).await;
    let started = Instant::now();

    let (said, status) = migrate(folder.path(), &databases.to, Some(("in one go", 2))).await;
    assert!(!status.success(), "killed in the middle of the log: {said:?}");
    let (said, status) = migrate(folder.path(), &databases.to, Some(("in one go", 4))).await;
    assert!(!status.success(), "killed in the middle of the log: {said:?}");
    let last = tokio::time::timeout(PATIENCE, migrate(folder.path(), &databases.to, None));
    let (said, status) = last.await.unwrap();

    assert!(status.success(), "{said:?}");
    eprintln!(
        "moved in three runs of {:?} together:\n{}",
        started.elapsed(),
        said.join("\n")
    );
    assert!(
        said.iter()
            .any(|line| line.contains("the checksums of 20 conversations are the same, 0 of them"))
    );
    assert!(said.iter().any(|line| line.contains("100000 in all")), "{said:?}");
    require_all_messages(&databases.chat()).await;
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn nothing_is_moved_from_under_a_server_that_runs() {
    let (folder, databases) = (tempfile::tempdir().unwrap(), Databases::fresh());
    drop(SqliteStore::open(&file_in(folder.path(), "chat")).unwrap());
    let _server = DataDir::open(folder.path()).unwrap();

    let (said, status) = migrate(folder.path(), &databases.to, None).await;

    assert!(!status.success() && said.is_empty(), "{said:?}");
}
