//! Clients that are cut off at random moments.

use std::collections::BTreeMap;
use std::time::Duration;

use chat_service::settings::Settings;
use protocol::frame::ServerFrame;
use protocol::{ConversationId, Entry};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use crate::harness::{Person, Service, Socket, cursor, settings};

/// What one client holds of one conversation: a stretch without a hole up to its newest entry.
#[derive(Default)]
struct Copy {
    epoch: String,
    entries: BTreeMap<u64, Entry>,
}

/// A client that keeps what it got, and complains about whatever is not the next entry.
struct Replica {
    person: Person,
    copies: BTreeMap<ConversationId, Copy>,
    truncations: u32,
}

impl Replica {
    fn new(person: &Person) -> Self {
        Self {
            person: person.clone(),
            copies: BTreeMap::new(),
            truncations: 0,
        }
    }

    fn take(&mut self, frame: ServerFrame, seed: u64) {
        match frame {
            ServerFrame::Entry { epoch, entry } => {
                let copy = self.copies.entry(entry.conversation.clone()).or_default();
                let last = copy.entries.last_key_value().map_or(0, |(seq, _)| *seq);
                assert_eq!(entry.seq, last + 1, "seed {seed}: the next entry, nothing else");
                copy.epoch = epoch;
                copy.entries.insert(entry.seq, entry);
            }
            ServerFrame::Truncated {
                conversation,
                epoch,
                entries,
                ..
            } => {
                self.truncations += 1;
                let dense = entries.windows(2).all(|two| two[1].seq == two[0].seq + 1);
                assert!(dense, "seed {seed}: a page without a hole");
                // What was held before lies below a hole; it is kept, as the checks at the end look at all of it.
                let copy = self.copies.entry(conversation).or_default();
                copy.epoch = epoch;
                copy.entries.extend(entries.into_iter().map(|entry| (entry.seq, entry)));
            }
            _ => {}
        }
    }

    async fn connect(&self, service: &Service) -> Socket {
        let cursors = self.copies.values().filter_map(|copy| {
            let (_, newest) = copy.entries.last_key_value()?;
            Some(cursor(&copy.epoch, newest))
        });
        let mut socket = service.connect(&self.person).await;
        socket.hello(cursors.collect()).await;
        socket
    }

    /// Stays connected until nothing is missing.
    async fn catch_up(&mut self, service: &Service, logs: &BTreeMap<ConversationId, Vec<Entry>>, seed: u64) {
        let mut socket = self.connect(service).await;
        while !logs
            .iter()
            .all(|(conversation, log)| self.newest(conversation) == log.len() as u64)
        {
            let frame = socket.next().await;
            self.take(frame, seed);
        }
    }

    fn newest(&self, conversation: &ConversationId) -> u64 {
        let copy = self.copies.get(conversation);
        copy.and_then(|copy| copy.entries.last_key_value())
            .map_or(0, |(seq, _)| *seq)
    }
}

/// Three conversations that all of them are in.
async fn start_conversations(service: &Service, people: &[Person; 4]) -> Vec<ConversationId> {
    let [ada, others @ ..] = people;
    let mut conversations = vec![service.group(ada, &others.each_ref()).await.id];
    for _ in 0..2 {
        let channel = service.channel(ada, "private").await.id;
        for other in others {
            let path = format!("/v1/conversations/{channel}/members/{}", other.id);
            service.put(ada, &path, serde_json::json!(null)).await;
        }
        conversations.push(channel);
    }
    conversations
}

/// Writes to one or another conversation; answers what was acknowledged.
async fn write(service: &Service, author: &Person, conversations: &[ConversationId], seed: u64) -> Vec<Entry> {
    let mut random = StdRng::seed_from_u64(seed);
    let mut writer = service.socket(author).await;
    let mut acknowledged = Vec::new();
    for number in 0..1200 {
        let conversation = &conversations[random.random_range(0..conversations.len())];
        acknowledged.push(writer.say(conversation, &format!("message {number}")).await);
    }
    acknowledged
}

/// Connects, takes some frames and is cut off, again and again.
async fn live_dangerously(service: &Service, replica: &mut Replica, seed: u64, number: u64) {
    let mut random = StdRng::seed_from_u64(seed.wrapping_add(number));
    for _ in 0..25 {
        let mut socket = replica.connect(service).await;
        for _ in 0..random.random_range(0..60) {
            let patience = Duration::from_millis(random.random_range(1..40));
            match tokio::time::timeout(patience, socket.next()).await {
                Ok(frame) => replica.take(frame, seed),
                Err(_elapsed) => break,
            }
        }
        // Dropping the stream cuts it without a goodbye.
    }
}

/// Cut at random moments, again and again, while others write; then everybody catches up.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_cut_every_client_ends_with_the_same_dense_log() {
    let seed: u64 = rand::random();
    eprintln!("seed {seed}");
    let service = Service::with(Settings {
        // Small, so that the frame log, the store and the newest page are all met.
        frame_log_bytes: 3_000,
        resume_entries: 40,
        ..settings()
    })
    .await;
    let people: [Person; 4] = service.people().await;
    let conversations = start_conversations(&service, &people).await;
    let mut replicas: Vec<Replica> = people[1..].iter().chain(&people[1..]).map(Replica::new).collect();

    let living = replicas
        .iter_mut()
        .zip(1..)
        .map(|(replica, number)| live_dangerously(&service, replica, seed, number));
    let (acknowledged, _) = tokio::join!(
        write(&service, &people[0], &conversations, seed),
        futures_util::future::join_all(living)
    );

    let mut logs = BTreeMap::new();
    for conversation in &conversations {
        let log = service.log(&people[1], conversation).await;
        assert!(
            log.iter().map(|entry| entry.seq).eq(1..=log.len() as u64),
            "seed {seed}: dense"
        );
        logs.insert(conversation.clone(), log);
    }
    let stands = |entry: &Entry| logs[&entry.conversation].get(usize::try_from(entry.seq - 1).unwrap()) == Some(entry);
    assert!(
        acknowledged.iter().all(stands),
        "seed {seed}: what was acknowledged stands"
    );
    for replica in &mut replicas {
        replica.catch_up(&service, &logs, seed).await;
        let held = replica.copies.values().flat_map(|copy| copy.entries.values());
        assert!(held.into_iter().all(stands), "seed {seed}: every copy is the log");
    }
    let truncations: u32 = replicas.iter().map(|replica| replica.truncations).sum();
    let entries: usize = logs.values().map(Vec::len).sum();
    eprintln!("{entries} entries, {truncations} truncations");
}
