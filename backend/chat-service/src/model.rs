//! The service against a model: whatever people do, whatever fails and whoever dies, what is read is what the log says.
//!
//! After every few actions three things must be the same: a fresh snapshot from the service; an old snapshot with the
//! entries since applied to it, as a client does it; and the fold of the whole log.

mod actions;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use protocol::conversation::MOST_MENTIONS;
use protocol::rest::chat::EntriesQuery;
use protocol::timeline::{ConversationFold, MessageFold};
use protocol::{ClientId, ConversationKind, Entry, EntryKind, ErrorCode, Role, UserId, Visibility, mentions};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use self::actions::Actions;
use crate::chat::Chat;
use crate::history;
use crate::log::{Answer, Proposal};
use crate::mentions::Seat;
use crate::refusal::Refusal;
use crate::store::faulty::FaultyStore;
use crate::store::sqlite::SqliteStore;
use crate::store::{ConversationStore as _, LogStore as _, PersonStore as _};
use crate::testing::{channel, chat_on, conversation, sqlite, user};

const ROUNDS: u32 = 250;
const ACTIONS_PER_ROUND: usize = 10;
/// Tries of one action until it is answered for good.
const MOST_TRIES: u32 = 100;

/// The conversation as a client knows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Snapshot {
    head: u64,
    conversation: ConversationFold,
    /// Of messages that are not as they were sent.
    messages: BTreeMap<u64, MessageFold>,
}

impl Snapshot {
    fn apply(&mut self, entries: &[Entry]) {
        for entry in entries {
            assert_eq!(entry.seq, self.head + 1, "the log is dense");
            self.head = entry.seq;
            self.conversation.apply(entry);
            if let Some(target) = entry.kind.target() {
                self.messages.entry(target).or_default().apply(entry);
            }
        }
    }
}

/// A process over the common database, with faults of its own.
struct Node {
    store: Arc<FaultyStore>,
    chat: Arc<Chat>,
}

impl Node {
    fn start(database: &SqliteStore, seed: u64) -> Self {
        let store = Arc::new(FaultyStore::shaken_by(database.clone(), seed));
        let chat = chat_on(Arc::clone(&store) as Arc<dyn crate::store::ChatStore>);
        Self { store, chat }
    }

    /// Repeats until it is answered for good, as a client does.
    async fn carry_out(&self, proposal: &Proposal) -> Result<Answer, Refusal> {
        for _ in 0..MOST_TRIES {
            let answer = match self.chat.open(&conversation(1)).await {
                Ok(desk) => desk.carry_out(proposal.clone()).await,
                Err(refusal) => Err(refusal),
            };
            match answer {
                Err(refusal) if is_passing(&refusal) => {}
                answer => return answer,
            }
        }
        panic!("not answered for good: {proposal:?}");
    }

    /// Everything that stands in the log and what became of it, as the service tells it to somebody.
    async fn snapshot(&self, reader: &UserId) -> (Vec<Entry>, Snapshot) {
        let (id, mut entries, mut snapshot) = (conversation(1), Vec::new(), Snapshot::default());
        loop {
            let query = EntriesQuery {
                after: Some(snapshot.head),
                limit: Some(37),
                ..EntriesQuery::default()
            };
            let page = history::page(&self.chat, reader, &id, &query).await.unwrap();
            let Some(last) = page.entries.last() else { break };
            snapshot.head = last.seq;
            snapshot
                .messages
                .extend(page.messages.into_iter().map(|held| (held.seq, held.state)));
            entries.extend(page.entries);
        }
        let desk = self.chat.open(&id).await.unwrap();
        snapshot.conversation = desk.look(|record| record.fold.clone());
        (entries, snapshot)
    }
}

fn is_passing(refusal: &Refusal) -> bool {
    matches!(refusal.code, ErrorCode::Unavailable | ErrorCode::StorageFull)
}

/// One run: a database, the process that lives just now, and what was acknowledged.
struct Run {
    seed: u64,
    random: StdRng,
    _folder: tempfile::TempDir,
    database: SqliteStore,
    node: Node,
    /// What was acknowledged under a name that its author gave it.
    acknowledged: HashMap<(UserId, ClientId), (Proposal, Entry)>,
    at_the_start: ConversationFold,
    old: Snapshot,
}

impl Run {
    async fn start(seed: u64) -> Self {
        let (folder, database) = sqlite();
        let members: Vec<UserId> = (0..4).map(user).collect();
        let record = channel(1, Visibility::Public, &members);
        let at_the_start = record.fold.clone();
        database.add_conversation(record, Vec::new()).await.unwrap();
        let administrator = protocol::event::PersonChanged {
            id: user(3),
            name: "Administrator".to_owned(),
            active: true,
            role: Role::Administrator,
            version: 1,
        };
        database.put_person(administrator).await.unwrap();
        let old = Snapshot {
            conversation: at_the_start.clone(),
            ..Snapshot::default()
        };
        Self {
            seed,
            random: StdRng::seed_from_u64(seed),
            _folder: folder,
            node: Node::start(&database, seed),
            database,
            acknowledged: HashMap::new(),
            at_the_start,
            old,
        }
    }

    async fn log(&self) -> Vec<Entry> {
        self.database.entries(&conversation(1), 1..=u64::MAX).await.unwrap()
    }

    /// Several people act at once; now and then somebody repeats what was acknowledged long ago.
    async fn act(&mut self, actions: &mut Actions) {
        let log = self.log().await;
        let mut proposals: Vec<Proposal> = (0..ACTIONS_PER_ROUND)
            .map(|_| actions.next(&mut self.random, &log))
            .collect();
        let repeated = self.acknowledged.values().filter(|_| self.random.random_ratio(1, 400));
        proposals.extend(repeated.map(|(proposal, _)| proposal.clone()));
        let answers = proposals.iter().map(|proposal| self.node.carry_out(proposal));
        let answers = futures_util::future::join_all(answers).await;
        for (proposal, answer) in proposals.into_iter().zip(answers) {
            self.note(proposal, answer);
        }
    }

    fn note(&mut self, proposal: Proposal, answer: Result<Answer, Refusal>) {
        let Some(client_id) = proposal.act.client_id() else {
            return;
        };
        let key = (proposal.author.clone(), client_id.clone());
        let before = self.acknowledged.get(&key);
        match answer {
            Ok(Answer::Stored(entry)) => {
                if let Some((_, first)) = before {
                    assert!(first.is_same(&entry), "seed {}: {first:?} is {entry:?} now", self.seed);
                }
                self.acknowledged.insert(key, (proposal, entry));
            }
            other => assert!(
                before.is_none(),
                "seed {}: {proposal:?} was stored and is now {other:?}",
                self.seed
            ),
        }
    }

    /// The process dies, at whatever it was, and another one takes over.
    async fn die(&mut self) {
        self.node.store.die();
        self.node = Node::start(&self.database, self.random.random());
        // The store may fail at the start too; then what was not healed is when the conversation is opened.
        drop(self.node.chat.desks.heal().await);
    }

    /// Compares what the service tells with what the log says.
    async fn check(&mut self) {
        self.node.store.calm();
        let log = self.log().await;
        // Who is behind a message that landed late learns of it with the next one; this one may be refused.
        let probe = crate::testing::send(&user(0), self.random.random(), "is anybody behind?");
        drop(self.node.carry_out(&probe).await);
        let log_now = self.log().await;
        let seed = self.seed;
        let (entries, fresh) = self.node.snapshot(&user(9)).await;
        if fresh.head < log_now.len() as u64 {
            // Refused without a look at the log: what landed late is unknown until the next append.
            assert!(log.len() == log_now.len());
            return self.node.store.shake(self.random.random());
        }

        let mut whole = Snapshot {
            conversation: self.at_the_start.clone(),
            ..Snapshot::default()
        };
        whole.apply(&log_now);
        assert_eq!(fresh, whole, "seed {seed}: the service tells what the log says");
        let mut caught_up = self.old.clone();
        caught_up.apply(&log_now[usize::try_from(self.old.head).unwrap()..]);
        assert_eq!(
            caught_up, fresh,
            "seed {seed}: an old snapshot and the entries since make the fresh one"
        );
        assert_entries(seed, &entries, &log_now, &fresh);
        self.check_mentions(&log_now, &fresh).await;
        for (_, first) in self.acknowledged.values() {
            let held = &entries[usize::try_from(first.seq).unwrap() - 1];
            assert!(
                held.is_same(first),
                "seed {seed}: acknowledged {first:?}, stored {held:?}"
            );
        }
        self.old = fresh;
        self.node.store.shake(self.random.random());
    }
}

impl Run {
    /// What the service says of mentions is what the log says, for everybody and from wherever they have read.
    async fn check_mentions(&mut self, log: &[Entry], fresh: &Snapshot) {
        let newest = log.last().map_or(0, |entry| entry.ordinal);
        for number in 0..5 {
            let person = user(number);
            let read = self.random.random_range(0..=newest);
            let held = fresh.conversation.members.get(&person).filter(|held| held.value);
            let seat = Seat {
                conversation: conversation(1),
                kind: ConversationKind::Channel,
                member_since: held.map(|held| held.seq),
                newest,
                read,
            };
            let untouched = MessageFold::default();
            let meant = log.iter().rev().filter(|entry| {
                let fold = fresh.messages.get(&entry.seq).unwrap_or(&untouched);
                entry.ordinal > read && held.is_some_and(|held| mentions::mentions(entry, fold, &person, held.seq))
            });
            let expected: Vec<u64> = meant.map(|entry| entry.seq).take(MOST_MENTIONS).collect();
            let told = crate::mentions::unread(&self.node.chat, &person, &seat).await.unwrap();
            let told: Vec<u64> = told.into_iter().map(|mention| mention.seq).collect();
            assert_eq!(told, expected, "seed {}: mentions of {person} behind {read}", self.seed);
        }
    }
}

/// Every entry is told as it stands in the log, without the words of deleted messages; and those are gone there too.
fn assert_entries(seed: u64, told: &[Entry], log: &[Entry], snapshot: &Snapshot) {
    assert_eq!(told.len(), log.len(), "seed {seed}");
    for (told, stored) in told.iter().zip(log) {
        let (words_of, body) = match &told.kind {
            EntryKind::Message { body, .. } => (told.seq, body),
            EntryKind::Edit { target, body, .. } => (*target, body),
            _ => {
                assert_eq!(told, stored, "seed {seed}");
                continue;
            }
        };
        let is_deleted = snapshot.messages.get(&words_of).is_some_and(MessageFold::is_deleted);
        assert_eq!(body.is_empty(), is_deleted, "seed {seed}: {told:?}");
        assert!(told.is_same(stored), "seed {seed}: told {told:?}, stored {stored:?}");
    }
}

async fn run(seed: u64) {
    eprintln!("seed {seed}");
    let mut run = Run::start(seed).await;
    let mut actions = Actions::default();
    for round in 0..ROUNDS {
        run.act(&mut actions).await;
        if run.random.random_ratio(1, 10) {
            run.die().await;
        }
        if round % 5 == 4 {
            run.check().await;
        }
    }
    // At rest everything is known, saved and gone that has to be.
    run.die().await;
    run.node.store.calm();
    run.check().await;
    assert_eq!(
        run.old.head,
        run.log().await.len() as u64,
        "seed {seed}: nobody is behind"
    );
    for (entry, words_of) in run.log().await.iter().filter_map(words) {
        if run.old.messages.get(&words_of).is_some_and(MessageFold::is_deleted) {
            assert_eq!(
                entry.kind,
                entry.kind.blanked(),
                "seed {seed}: the words are gone from the log"
            );
        }
    }
    let mut kinds: BTreeMap<String, u32> = BTreeMap::new();
    for entry in run.log().await {
        *kinds.entry(kind_name(&entry.kind)).or_default() += 1;
    }
    eprintln!("entries: {kinds:?}");
    assert_eq!(kinds.len(), 10, "seed {seed}: every kind of entry happened: {kinds:?}");
}

fn words(entry: &Entry) -> Option<(&Entry, u64)> {
    match entry.kind {
        EntryKind::Message { .. } => Some((entry, entry.seq)),
        EntryKind::Edit { target, .. } => Some((entry, target)),
        _ => None,
    }
}

fn kind_name(kind: &EntryKind) -> String {
    serde_json::to_value(kind).unwrap()["kind"].to_string()
}

#[tokio::test]
async fn what_is_read_is_what_the_log_says() {
    tokio::join!(
        run(rand::random()),
        run(rand::random()),
        run(rand::random()),
        run(rand::random())
    );
}
