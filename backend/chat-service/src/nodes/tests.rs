mod cable;
mod gaps;

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use protocol::event::PersonChanged;
use protocol::{Activity, Entry, Presence, ReadMark, Role, SessionId, Visibility};
use service_kit::metrics::Metrics;
use tokio::time::Instant;

use self::cable::Cable;
use super::allowance::Kind;
use super::comparing;
use super::listening::Listener;
use super::note::{NodeId, Note};
use super::telling::Sender;
use crate::chat::Chat;
use crate::fanout::feed::Feed;
use crate::fanout::lane::Place;
use crate::fanout::signal::Signal;
use crate::log::{Act, Proposal};
use crate::store::ConversationStore as _;
use crate::store::sqlite::SqliteStore;
use crate::testing::{channel, chat_beside, conversation, react, send, sqlite, touch, user};

/// Everything a test waits for comes before this, even on a busy machine.
const DEADLINE: Duration = Duration::from_secs(20);

/// One node over the common documents.
struct Node {
    chat: Arc<Chat>,
}

impl Node {
    fn start(name: &str, store: &SqliteStore, cable: &Cable) -> Self {
        let own = NodeId(name.to_owned());
        let metrics = Metrics::default();
        let wire = Arc::new(cable.clone());
        let (neighbours, sender) = Sender::new(own.clone(), Arc::<Cable>::clone(&wire), &metrics);
        let chat = chat_beside(Arc::new(store.clone()), neighbours);
        let listener = Listener::new(own, wire, &metrics);
        let lifecycle = &chat.lifecycle;
        lifecycle.spawn("telling", sender.run(lifecycle.clone()));
        lifecycle.spawn("listening", listener.run(Arc::clone(&chat)));
        lifecycle.spawn("comparing", comparing::after_gaps(Arc::clone(&chat)));
        lifecycle.spawn("presence", crate::presence::follow(Arc::clone(&chat)));
        lifecycle.spawn("allowances", super::allowance::tell(Arc::clone(&chat)));
        Self { chat }
    }

    /// Somebody's socket that watches the conversation, and has everything up to now.
    fn watcher(&self, person: u128, head: u64) -> Watcher {
        let signal = Arc::new(Signal::new(user(person), SessionId::from_random(person)));
        self.chat.sockets.enter(Arc::clone(&signal), 10);
        let feed = self.chat.feeds.get(&conversation(1), "epoch 1");
        feed.begin_at(head);
        feed.watch(Arc::clone(&signal), 0, Place::elsewhere());
        Watcher {
            chat: Arc::clone(&self.chat),
            signal,
            feed,
            cursor: head,
            entries: Vec::new(),
        }
    }

    async fn say(&self, person: u128, number: u128) -> Entry {
        let desk = self.chat.open(&conversation(1)).await.unwrap();
        let answer = desk
            .carry_out(send(&user(person), number, &format!("message {number}")))
            .await;
        crate::messages::entry_of(answer.unwrap()).unwrap()
    }
}

/// What a socket does: reads behind its cursor when it is told, from the log what is not in memory.
struct Watcher {
    chat: Arc<Chat>,
    signal: Arc<Signal>,
    feed: Arc<Feed>,
    cursor: u64,
    entries: Vec<u64>,
}

impl Watcher {
    async fn has_up_to(&mut self, seq: u64) {
        let reading = async {
            while self.cursor < seq {
                self.signal.rung().await;
                drop(self.signal.take());
                self.read().await;
            }
        };
        let in_time = tokio::time::timeout(DEADLINE, reading).await;
        assert!(in_time.is_ok(), "still at {} of {seq}", self.cursor);
    }

    async fn read(&mut self) {
        let Self {
            feed, cursor, entries, ..
        } = self;
        let reading = feed.read(*cursor, |frame| {
            assert_eq!(frame.seq, *cursor + 1, "the next entry, nothing else");
            *cursor = frame.seq;
            entries.push(frame.seq);
            ControlFlow::Continue(())
        });
        if let crate::fanout::feed::Reading::Gone { head } = reading {
            let missed = self
                .chat
                .store
                .entries(&conversation(1), self.cursor + 1..=head)
                .await
                .unwrap();
            for entry in missed {
                assert_eq!(entry.seq, self.cursor + 1);
                self.cursor = entry.seq;
                self.entries.push(entry.seq);
            }
        }
    }
}

/// Two nodes over one log in which nothing was said yet.
async fn two_nodes() -> (tempfile::TempDir, Cable, [Node; 2]) {
    two_nodes_over(Visibility::Public).await
}

async fn two_nodes_over(visibility: Visibility) -> (tempfile::TempDir, Cable, [Node; 2]) {
    let (folder, store) = sqlite();
    let members: Vec<_> = (0..9).map(user).collect();
    let record = channel(1, visibility, &members);
    store.add_conversation(record, Vec::new()).await.unwrap();
    let cable = Cable::new();
    let nodes = ["one", "two"].map(|name| Node::start(name, &store, &cable));
    for [from, to] in [[0, 1], [1, 0]] {
        let probe = SessionId::from_random(1_000 + from as u128);
        until("both nodes listen", || {
            tell_ended(&nodes[from], &probe);
            nodes[to].chat.ended.is_denied(&probe)
        })
        .await;
    }
    (folder, cable, nodes)
}

fn tell_ended(node: &Node, session: &SessionId) {
    node.chat.sockets.neighbours.tell(|| Note::Ended {
        sessions: vec![session.clone()],
    });
}

async fn until(what: &str, is_so: impl Fn() -> bool) {
    let waiting = async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    assert!(tokio::time::timeout(DEADLINE, waiting).await.is_ok(), "{what}");
}

#[tokio::test]
async fn what_one_node_stores_reaches_who_watches_at_the_other() {
    let (_folder, _cable, [one, two]) = two_nodes().await;
    let mut watcher = two.watcher(2, 0);
    for number in 1..=50 {
        one.say(1, number).await;
    }
    watcher.has_up_to(50).await;
    assert!(watcher.entries.iter().copied().eq(1..=50));
}

#[tokio::test]
async fn both_nodes_write_one_dense_log_and_everybody_has_all_of_it() {
    let (_folder, _cable, [one, two]) = two_nodes().await;
    let mut watchers = [one.watcher(1, 0), two.watcher(2, 0)];
    let write = async |node: &Node, person: u128| {
        for number in 0..100 {
            node.say(person, person * 1000 + number).await;
        }
    };
    tokio::join!(write(&one, 1), write(&two, 2), write(&one, 3), write(&two, 4));
    let log = one.chat.store.entries(&conversation(1), 1..=u64::MAX).await.unwrap();
    assert!(log.iter().map(|entry| entry.seq).eq(1..=400));
    for watcher in &mut watchers {
        watcher.has_up_to(400).await;
        assert!(watcher.entries.iter().copied().eq(1..=400));
    }
}

#[tokio::test]
async fn notes_that_are_lost_or_late_leave_no_hole() {
    let seed: u64 = rand::random();
    eprintln!("seed {seed}");
    let (_folder, cable, [one, two]) = two_nodes().await;
    let mut watcher = two.watcher(2, 0);
    cable.shake(seed, 20, 20);
    for number in 1..=200 {
        one.say(1, number).await;
    }
    cable.shake(seed, 0, 0);
    // The last notes may be lost without a visible hole.
    comparing::after_a_gap(&two.chat);
    watcher.has_up_to(200).await;
    assert!(watcher.entries.iter().copied().eq(1..=200), "seed {seed}");
    assert!(
        two.chat.measures.hole_repairs.get() > 0,
        "seed {seed}: some were read from the log"
    );
}

#[tokio::test]
async fn after_a_cut_line_nobody_has_to_come_back_to_have_everything() {
    let (_folder, cable, [one, two]) = two_nodes().await;
    let mut watcher = two.watcher(2, 0);
    one.say(1, 1).await;
    watcher.has_up_to(1).await;
    cable.cut();
    for number in 2..=30 {
        one.say(1, number).await;
    }
    let joined = Proposal {
        author: user(1),
        act: Act::Add { person: user(20) },
    };
    one.chat
        .open(&conversation(1))
        .await
        .unwrap()
        .carry_out(joined)
        .await
        .unwrap();
    let newcomer = Arc::new(Signal::new(user(20), SessionId::from_random(20)));
    two.chat.sockets.enter(Arc::clone(&newcomer), 10);
    cable.mend();
    watcher.has_up_to(31).await;
    assert!(watcher.entries.iter().copied().eq(1..=31));
    assert_eq!(watcher.signal.take().close, None);
    until("the newcomer is told of the conversation", || {
        newcomer.take().added.contains_key(&conversation(1))
    })
    .await;
}

#[tokio::test]
async fn what_was_stored_before_anybody_watched_is_met_by_who_begins_to() {
    let (_folder, _cable, [one, two]) = two_nodes().await;
    // As a socket does: the memberships are read, entries come, the watching begins.
    for number in 1..=3 {
        one.say(1, number).await;
    }
    until("the note arrives", || {
        two.chat.feeds.get(&conversation(1), "epoch 1").head() == 3
    })
    .await;
}

#[tokio::test]
async fn a_node_that_dies_silently_leaves_nobody_behind() {
    let (_folder, cable, [one, two]) = two_nodes().await;
    let mut watcher = two.watcher(2, 0);
    one.chat.presences.came(&user(1), &SessionId::from_random(1));
    until("presence arrives", || {
        two.chat.presences.look(&user(1), None).presence == Presence::Online
    })
    .await;
    // Everything it says from now on is lost: what it stores last, too.
    cable.shake(1, 100, 0);
    one.say(1, 1).await;
    one.chat.lifecycle.stop();
    until("it is missed", || {
        two.chat.presences.look(&user(1), None).presence == Presence::Offline
    })
    .await;
    watcher.has_up_to(1).await;
}

#[tokio::test]
async fn what_concerns_a_person_reaches_their_sockets_at_other_nodes() {
    let (_folder, _cable, [one, two]) = two_nodes().await;
    let there = two.watcher(2, 0).signal;
    one.say(2, 1).await;
    let mark = ReadMark {
        generation: 0,
        ordinal: 1,
    };
    until("what one has written is read at one's other devices", || {
        there.take().read.get(&conversation(1)) == Some(&mark)
    })
    .await;

    let ada = PersonChanged {
        id: user(1),
        name: "Ada".to_owned(),
        active: true,
        role: Role::Member,
        version: 4,
    };
    crate::people::change(&one.chat, ada).await.unwrap();
    until("a new name", || there.take().people).await;

    two.chat.sockets.onlookers.enter(&conversation(1), false, &there);
    crate::typing::note(&one.chat, &user(1), &conversation(1))
        .await
        .unwrap();
    until("typing", || {
        there.take().signs.is_some_and(|signs| !signs.typing.is_empty())
    })
    .await;

    one.chat.presences.came(&user(3), &SessionId::from_random(3));
    until("presence", || {
        two.chat.presences.look(&user(3), None).presence == Presence::Online
    })
    .await;
    one.chat
        .presences
        .went(&user(3), &SessionId::from_random(3), Activity::Active);
    one.chat.presences.ended(&user(3), &SessionId::from_random(3));
    until("absence", || {
        two.chat.presences.look(&user(3), None).presence == Presence::Offline
    })
    .await;
}

#[tokio::test]
async fn somebody_with_sockets_at_two_nodes_has_one_allowance() {
    let (_folder, _cable, [one, two]) = two_nodes().await;
    let now = one.chat.clock.now();
    while one.chat.allowance.take(Kind::Change, &user(1), now).is_ok() {}
    until("the other node knows", || {
        let now = two.chat.clock.now();
        two.chat.allowance.take(Kind::Change, &user(1), now).is_err()
    })
    .await;
    assert!(
        two.chat.allowance.take(Kind::Send, &user(1), now).is_ok(),
        "of another kind there is enough"
    );
}

#[tokio::test]
async fn an_ended_session_is_refused_at_every_node() {
    let (_folder, _cable, [one, two]) = two_nodes().await;
    let session = SessionId::from_random(77);
    tell_ended(&one, &session);
    until("it is denied", || two.chat.ended.is_denied(&session)).await;
}

#[tokio::test]
async fn what_another_node_has_saved_is_let_go() {
    let (_folder, _cable, [one, two]) = two_nodes().await;
    let there = two.chat.open(&conversation(1)).await.unwrap();
    one.say(1, 1).await;
    let desk = one.chat.open(&conversation(1)).await.unwrap();
    desk.carry_out(touch(&user(2), 2, 1, react("👍", true))).await.unwrap();
    until("it is known", || there.look(|record| record.tail.seq == 2)).await;
    let known_at = Instant::now();
    until("it is in the documents", || {
        there.look_with_unsaved(|_, unsaved| unsaved.is_empty())
    })
    .await;
    // Had the note not come, this node would have saved it, too.
    assert!(
        known_at.elapsed() < Duration::from_secs(8),
        "took {:?}",
        known_at.elapsed()
    );
}
