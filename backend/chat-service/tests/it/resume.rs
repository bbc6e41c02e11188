//! Coming back: every client ends with the same dense log, wherever it was cut off.

use std::collections::BTreeMap;
use std::time::Duration;

use chat_service::settings::Settings;
use protocol::frame::ServerFrame;
use protocol::{ClientId, ConversationId, Entry};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use crate::harness::{Person, Service, Socket, body, cursor, settings};

#[tokio::test]
async fn a_client_gets_exactly_what_it_missed() {
    let service = Service::start().await;
    let [ada, ben] = service.people().await;
    let conversation = service.direct(&ada, &ben).await;
    let seen = service.message(&ada, &conversation.id, "seen").await;
    for number in 2..=6 {
        service.message(&ada, &conversation.id, &number.to_string()).await;
    }
    let mut socket = service.connect(&ben).await;
    socket.hello(vec![cursor(&conversation.epoch, &seen)]).await;
    for seq in 2..=6 {
        let ServerFrame::Entry { entry, epoch } = socket.next().await else {
            panic!("entries, one after the other")
        };
        assert_eq!((entry.seq, epoch), (seq, conversation.epoch.clone()));
    }
    service.message(&ada, &conversation.id, "live").await;
    assert_eq!(body(&socket.entry(&conversation.id).await), "live");
}

#[tokio::test]
async fn a_client_that_has_everything_gets_nothing() {
    let service = Service::start().await;
    let [ada, ben] = service.people().await;
    let conversation = service.direct(&ada, &ben).await;
    let seen = service.message(&ada, &conversation.id, "seen").await;
    let mut socket = service.connect(&ben).await;
    socket.hello(vec![cursor(&conversation.epoch, &seen)]).await;
    service.message(&ada, &conversation.id, "new").await;
    assert!(matches!(socket.next().await, ServerFrame::Entry { entry, .. } if body(&entry) == "new"));
}

#[tokio::test]
async fn a_copy_that_does_not_match_begins_with_the_newest_page() {
    let service = Service::with(Settings {
        resume_entries: 10,
        ..settings()
    })
    .await;
    let [ada, ben] = service.people().await;
    let conversation = service.direct(&ada, &ben).await;
    let mut log = Vec::new();
    for number in 1..=30 {
        log.push(service.message(&ada, &conversation.id, &number.to_string()).await);
    }
    let epoch = &conversation.epoch;
    let exact = cursor(epoch, &log[24]);
    let of_another = |mut cursor: protocol::frame::Cursor| {
        cursor.client_id = ClientId::from_random(1);
        cursor
    };
    let ahead = Entry {
        seq: 31,
        ..log[29].clone()
    };
    for (what, cursor) in [
        ("another epoch", cursor("another", &log[24])),
        ("another entry behind", of_another(exact.clone())),
        ("another entry at the head", of_another(cursor(epoch, &log[29]))),
        ("beyond the head", cursor(epoch, &ahead)),
        ("too far behind", cursor(epoch, &log[18])),
    ] {
        // Once with the frames in memory, once with a service that has none of them.
        let mut socket = service.connect(&ben).await;
        socket.hello(vec![cursor.clone()]).await;
        let ServerFrame::Truncated { entries, .. } = socket.next().await else {
            panic!("{what}: the newest page")
        };
        assert_eq!(entries, log, "{what}");
    }
    let mut socket = service.connect(&ben).await;
    socket.hello(vec![exact.clone()]).await;
    assert!(matches!(socket.next().await, ServerFrame::Entry { entry, .. } if entry.seq == 26));

    let service = service.restart().await;
    for (cursor, expected_truncated) in [(of_another(exact.clone()), true), (exact, false)] {
        let mut socket = service.connect(&ben).await;
        socket.hello(vec![cursor]).await;
        let is_truncated = matches!(socket.next().await, ServerFrame::Truncated { .. });
        assert_eq!(is_truncated, expected_truncated, "read from the store");
    }
}

#[tokio::test]
async fn a_page_of_long_messages_fits_into_a_frame() {
    let service = Service::with(Settings {
        server_frame_bytes: 128 * 1024,
        ..settings()
    })
    .await;
    let [ada, ben] = service.people().await;
    let conversation = service.direct(&ada, &ben).await;
    for _ in 0..40 {
        service.message(&ada, &conversation.id, &"\"".repeat(16_000)).await;
    }
    let mut socket = service.socket(&ben).await;
    let truncated = socket.next().await;
    assert!(serde_json::to_vec(&truncated).unwrap().len() <= 128 * 1024);
    let ServerFrame::Truncated { entries, .. } = truncated else {
        panic!("the newest page")
    };
    let seqs: Vec<u64> = entries.iter().map(|entry| entry.seq).collect();
    assert_eq!(seqs, [37, 38, 39, 40], "each is twice as long in JSON");
}

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

    fn has_all(&self, heads: &BTreeMap<ConversationId, u64>) -> bool {
        heads.iter().all(|(conversation, head)| {
            let copy = self.copies.get(conversation);
            copy.and_then(|copy| copy.entries.last_key_value())
                .map_or(0, |(seq, _)| *seq)
                == *head
        })
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
    let mut conversations = Vec::new();
    for _ in 0..3 {
        let others: Vec<&Person> = people[1..].iter().collect();
        conversations.push(match conversations.len() {
            0 => service.group(&people[0], &others).await.id,
            _ => {
                let channel = service.channel(&people[0], "private").await.id;
                for other in others {
                    let path = format!("/v1/conversations/{channel}/members/{}", other.id);
                    service.put(&people[0], &path, serde_json::json!(null)).await;
                }
                channel
            }
        });
    }

    let writing = async {
        let mut random = StdRng::seed_from_u64(seed);
        let mut writer = service.socket(&people[0]).await;
        let mut acknowledged = BTreeMap::new();
        for number in 0..1200 {
            let conversation = &conversations[random.random_range(0..conversations.len())];
            let entry = writer.say(conversation, &format!("message {number}")).await;
            acknowledged.insert((conversation.clone(), entry.seq), entry);
        }
        acknowledged
    };
    let mut replicas: Vec<Replica> = people[1..]
        .iter()
        .chain(&people[1..])
        .map(|person| Replica {
            person: person.clone(),
            copies: BTreeMap::new(),
            truncations: 0,
        })
        .collect();
    let cutting = replicas.iter_mut().enumerate().map(|(number, replica)| {
        let service = &service;
        let mut random = StdRng::seed_from_u64(seed.wrapping_add(number as u64 + 1));
        async move {
            for _ in 0..25 {
                let mut socket = replica.connect(service).await;
                // What came with the welcome must be looked at as well.
                let frames = random.random_range(0..60);
                for _ in 0..frames {
                    let patience = Duration::from_millis(random.random_range(1..40));
                    match tokio::time::timeout(patience, socket.next()).await {
                        Ok(frame) => replica.take(frame, seed),
                        Err(_elapsed) => break,
                    }
                }
                // Dropping the stream cuts it without a goodbye.
            }
        }
    });
    let (acknowledged, _) = tokio::join!(writing, futures_util::future::join_all(cutting));

    let mut heads = BTreeMap::new();
    let mut logs = BTreeMap::new();
    for conversation in &conversations {
        let log = service.log(&people[1], conversation).await;
        assert!(
            log.iter().map(|entry| entry.seq).eq(1..=log.len() as u64),
            "seed {seed}: dense"
        );
        heads.insert(conversation.clone(), log.len() as u64);
        logs.insert(conversation.clone(), log);
    }
    for ((conversation, seq), entry) in &acknowledged {
        assert_eq!(
            logs[conversation][usize::try_from(seq - 1).unwrap()],
            *entry,
            "seed {seed}"
        );
    }
    let mut truncations = 0;
    for replica in &mut replicas {
        let mut socket = replica.connect(&service).await;
        while !replica.has_all(&heads) {
            let frame = socket.next().await;
            replica.take(frame, seed);
        }
        for (conversation, copy) in &replica.copies {
            for (seq, entry) in &copy.entries {
                assert_eq!(
                    logs[conversation][usize::try_from(seq - 1).unwrap()],
                    *entry,
                    "seed {seed}"
                );
            }
        }
        truncations += replica.truncations;
    }
    eprintln!(
        "{} entries, {truncations} truncations",
        logs.values().map(Vec::len).sum::<usize>()
    );
}
