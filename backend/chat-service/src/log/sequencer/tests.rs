mod touches;

use std::collections::BTreeMap;

use protocol::{ErrorCode, Visibility};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use super::super::standing::{Decision, Facts, decide};
use super::*;
use crate::log::{Act, Desk, Desks, Proposal};
use crate::store::faulty::{Fault, FaultyStore};
use crate::store::sqlite::SqliteStore;
use crate::store::{ConversationStore as _, LogStore as _, Record};
use crate::testing::{channel, client_id, conversation, desks, send, user};

/// A channel with the first two people as members, on a store that fails as planned.
struct Setting {
    _folder: tempfile::TempDir,
    store: Arc<FaultyStore>,
    desks: Desks,
}

impl Setting {
    async fn new() -> Self {
        Self::on(FaultyStore::over).await
    }

    async fn on(faulty: impl FnOnce(SqliteStore) -> FaultyStore) -> Self {
        let (folder, inner) = crate::testing::sqlite();
        let store = Arc::new(faulty(inner));
        let record = channel(1, Visibility::Private, &[user(1), user(2)]);
        store.add_conversation(record, Vec::new()).await.unwrap();
        let desks = desks(Arc::clone(&store) as Arc<dyn crate::store::ChatStore>);
        Self {
            _folder: folder,
            store,
            desks,
        }
    }

    async fn desk(&self) -> Arc<Desk> {
        self.desks.open(&conversation(1)).await.unwrap()
    }

    async fn log(&self) -> Vec<Entry> {
        self.store.entries(&conversation(1), 1..=u64::MAX).await.unwrap()
    }

    async fn bodies(&self) -> Vec<String> {
        let log = self.log().await;
        log.into_iter()
            .map(|entry| match entry.kind {
                EntryKind::Message { body, .. } => body,
                other => format!("{other:?}"),
            })
            .collect()
    }
}

fn stored(answer: Result<Answer, Refusal>) -> Entry {
    match answer {
        Ok(Answer::Stored(entry)) => entry,
        other => panic!("not stored: {other:?}"),
    }
}

fn code(answer: Result<Answer, Refusal>) -> ErrorCode {
    answer.expect_err("a refusal").code
}

fn after(author: u128, number: u128, predecessor: u128) -> Proposal {
    Proposal {
        author: user(author),
        act: Act::Send {
            client_id: client_id(number),
            body: format!("message {number}"),
            reply_to: None,
            after: Some(client_id(predecessor)),
        },
    }
}

fn from_another_node(number: u128) -> (UserId, ClientId, EntryKind) {
    let body = format!("other {number}");
    (user(2), client_id(number), EntryKind::message(body, None))
}

#[tokio::test]
async fn sends_at_once_are_stored_densely_in_the_order_of_submission() {
    let setting = Setting::new().await;
    let desk = setting.desk().await;
    let pending: Vec<_> = (1..=500)
        .map(|number| desk.submit(send(&user(1), number, &format!("m{number}"))).unwrap())
        .collect();
    let mut entries = Vec::new();
    for answer in pending {
        entries.push(stored(answer.settled().await));
    }
    let seqs: Vec<u64> = entries.iter().map(|entry| entry.seq).collect();
    assert_eq!(seqs, (1..=500).collect::<Vec<_>>());
    assert_eq!(setting.log().await, entries);
    assert_eq!(desk.look(|record| record.tail.seq), 500);
}

#[tokio::test]
async fn a_repeat_is_answered_with_what_was_stored() {
    let setting = Setting::new().await;
    let desk = setting.desk().await;
    let first = stored(desk.carry_out(send(&user(1), 7, "hi")).await);
    stored(desk.carry_out(send(&user(1), 8, "more")).await);

    assert_eq!(stored(desk.carry_out(send(&user(1), 7, "hi")).await), first);
    assert_eq!(
        code(desk.carry_out(send(&user(1), 7, "something else")).await),
        ErrorCode::ClientIdReused
    );
    assert_eq!(setting.bodies().await, ["hi", "more"]);
}

#[tokio::test]
async fn two_equal_sends_at_once_are_one_entry() {
    let setting = Setting::new().await;
    let desk = setting.desk().await;
    let (one, other) = (
        desk.submit(send(&user(1), 7, "hi")).unwrap(),
        desk.submit(send(&user(1), 7, "hi")).unwrap(),
    );
    assert_eq!(stored(one.settled().await), stored(other.settled().await));
    assert_eq!(setting.bodies().await, ["hi"]);
}

#[tokio::test]
async fn a_repeat_from_someone_who_has_left_is_still_the_same_entry() {
    let setting = Setting::new().await;
    let desk = setting.desk().await;
    let first = stored(desk.carry_out(send(&user(1), 7, "hi")).await);
    let leave = Proposal {
        author: user(1),
        act: Act::Remove { person: user(1) },
    };
    stored(desk.carry_out(leave).await);
    assert_eq!(stored(desk.carry_out(send(&user(1), 7, "hi")).await), first);
    assert_eq!(
        code(desk.carry_out(send(&user(1), 8, "more")).await),
        ErrorCode::NotFound
    );
}

#[tokio::test]
async fn a_client_id_used_in_another_conversation_is_refused() {
    let setting = Setting::new().await;
    let other = channel(2, Visibility::Private, &[user(1)]);
    setting.store.add_conversation(other, Vec::new()).await.unwrap();
    stored(setting.desk().await.carry_out(send(&user(1), 7, "hi")).await);
    let there = setting.desks.open(&conversation(2)).await.unwrap();
    assert_eq!(
        code(there.carry_out(send(&user(1), 7, "hi")).await),
        ErrorCode::ClientIdReused
    );
}

#[tokio::test]
async fn another_node_that_was_faster_is_taken_in_first() {
    let setting = Setting::new().await;
    let desk = setting.desk().await;
    let others = vec![from_another_node(100), from_another_node(101)];
    setting.store.plan([Some(Fault::Overtaken(others))]);

    let entry = stored(desk.carry_out(send(&user(1), 1, "mine")).await);

    assert_eq!((entry.seq, entry.ordinal), (3, 3));
    assert_eq!(setting.bodies().await, ["other 100", "other 101", "mine"]);
    assert_eq!(desk.feed().head(), 3, "the others' entries are pushed as well");
}

#[tokio::test]
async fn who_was_removed_by_another_node_in_between_is_refused() {
    let setting = Setting::new().await;
    let desk = setting.desk().await;
    let removal = (user(2), client_id(100), EntryKind::Left { person: user(1) });
    setting.store.plan([Some(Fault::Overtaken(vec![removal]))]);

    assert_eq!(
        code(desk.carry_out(send(&user(1), 1, "too late")).await),
        ErrorCode::NotFound
    );
    assert_eq!(setting.log().await.len(), 1);
    assert!(!desk.look(|record| record.fold.is_member(&user(1))));
}

#[tokio::test]
async fn after_very_many_taken_places_the_send_is_refused_and_works_again_later() {
    let setting = Setting::new().await;
    let desk = setting.desk().await;
    let overtaken = |number| Some(Fault::Overtaken(vec![from_another_node(number)]));
    setting
        .store
        .plan((100..100 + u128::from(MOST_CONFLICTS)).map(overtaken));

    assert_eq!(
        code(desk.carry_out(send(&user(1), 1, "mine")).await),
        ErrorCode::Unavailable
    );
    let seq = stored(desk.carry_out(send(&user(1), 1, "mine")).await).seq;
    assert_eq!(seq, u64::from(MOST_CONFLICTS) + 1);
}

#[tokio::test]
async fn an_unknown_outcome_is_settled_by_asking() {
    for fault in [Fault::LostAnswer, Fault::LostRequest, Fault::Late] {
        let setting = Setting::new().await;
        let desk = setting.desk().await;
        setting.store.plan([Some(fault.clone())]);
        setting.store.leave_unanswered(2);

        let entry = stored(desk.carry_out(send(&user(1), 1, "once")).await);
        assert_eq!(entry.seq, 1, "after {fault:?}");
        stored(desk.carry_out(send(&user(1), 2, "then")).await);
        assert_eq!(setting.bodies().await, ["once", "then"], "after {fault:?}");
    }
}

#[tokio::test]
async fn a_full_disk_refuses_moves_nothing_and_recovers_by_itself() {
    let setting = Setting::new().await;
    let desk = setting.desk().await;
    setting.store.plan([Some(Fault::Full)]);
    assert_eq!(
        code(desk.carry_out(send(&user(1), 1, "one")).await),
        ErrorCode::StorageFull
    );
    assert_eq!((desk.look(|record| record.tail.seq), desk.feed().head()), (0, 0));
    assert_eq!(stored(desk.carry_out(send(&user(1), 1, "one")).await).seq, 1);
}

#[tokio::test]
async fn a_message_waits_for_the_one_it_follows() {
    let setting = Setting::new().await;
    let desk = setting.desk().await;
    assert_eq!(code(desk.carry_out(after(1, 2, 1)).await), ErrorCode::OutOfOrder);
    stored(desk.carry_out(send(&user(1), 1, "first")).await);
    stored(desk.carry_out(after(1, 2, 1)).await);
    assert_eq!(
        code(desk.carry_out(after(2, 3, 1)).await),
        ErrorCode::OutOfOrder,
        "somebody else's does not count"
    );
    stored(desk.carry_out(after(1, 2, 1)).await);
    assert_eq!(setting.bodies().await, ["first", "message 2"]);
}

#[tokio::test]
async fn a_refusal_in_the_middle_of_an_outbox_keeps_the_order() {
    let setting = Setting::new().await;
    let desk = setting.desk().await;
    stored(desk.carry_out(send(&user(1), 2, "taken before")).await);
    // The second one is refused for its client id; the third must not overtake it.
    let one = desk.submit(send(&user(1), 1, "one")).unwrap();
    let two = desk.submit(after(1, 2, 1)).unwrap();
    let three = desk.submit(after(1, 3, 9)).unwrap();
    stored(one.settled().await);
    assert_eq!(code(two.settled().await), ErrorCode::ClientIdReused);
    assert_eq!(code(three.settled().await), ErrorCode::OutOfOrder);
}

#[tokio::test]
async fn a_removal_is_answered_after_its_fold_and_again_when_that_failed() {
    let setting = Setting::new().await;
    let desk = setting.desk().await;
    let removal = || Proposal {
        author: user(1),
        act: Act::Remove { person: user(2) },
    };
    setting.store.leave_unanswered(1);
    assert_eq!(code(desk.carry_out(removal()).await), ErrorCode::Unavailable);
    assert!(
        !desk.look(|record| record.fold.is_member(&user(2))),
        "the entry stands, so nobody is pushed to"
    );
    assert_eq!(desk.carry_out(removal()).await.unwrap(), Answer::Unchanged);
    let record = setting.store.conversation(&conversation(1)).await.unwrap().unwrap();
    assert!(!record.fold.is_member(&user(2)));
}

#[tokio::test]
async fn a_message_that_has_the_name_of_a_change_does_not_block_it_for_ever() {
    let setting = Setting::new().await;
    let desk = setting.desk().await;
    let leave = Proposal {
        author: user(1),
        act: Act::Remove { person: user(1) },
    };
    let facts = Facts {
        target: None,
        is_administrator: false,
        most_reactions: 40,
    };
    let Ok(Decision::Append { client_id, .. }) = desk.look(|record| decide(record, &leave, &facts)) else {
        panic!("a member may leave")
    };
    let squat = Proposal {
        author: user(1),
        act: Act::Send {
            client_id,
            body: "squatting".to_owned(),
            reply_to: None,
            after: None,
        },
    };
    stored(desk.carry_out(squat).await);
    assert_eq!(code(desk.carry_out(leave).await), ErrorCode::ClientIdReused);
    stored(desk.carry_out(send(&user(2), 9, "and it goes on")).await);
}

#[tokio::test]
async fn opening_folds_what_a_process_that_died_had_only_stored() {
    let setting = Setting::new().await;
    let joined = Entry {
        kind: EntryKind::Joined { person: user(3) },
        ordinal: 0,
        ..crate::testing::message(&conversation(1), 1, &user(1))
    };
    setting.store.append(vec![joined]).await.unwrap();
    assert_eq!(setting.desks.heal().await.unwrap(), 1);
    let listed = setting.store.conversations_of(&user(3)).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert!(setting.desk().await.look(|record| record.fold.is_member(&user(3))));
}

/// Several authors, each with an outbox that is repeated until everything is acknowledged, on a store that fails
/// in every way at random.
#[tokio::test]
async fn whatever_fails_every_acknowledged_message_stands_once_and_in_order() {
    let seed: u64 = rand::random();
    eprintln!("seed {seed}");
    let setting = Setting::on(|inner| FaultyStore::shaken_by(inner, seed)).await;
    let desk = setting.desk().await;
    let authors = [user(1), user(2)];
    let outboxes = (0..6).map(|outbox: u128| {
        let desk = Arc::clone(&desk);
        let author = authors[usize::try_from(outbox % 2).unwrap()].clone();
        let mut random = StdRng::seed_from_u64(seed.wrapping_add(u64::try_from(outbox).unwrap()));
        async move {
            let mut acknowledged = Vec::new();
            for number in 0..20 {
                let name = 1_000_000 + outbox * 1000 + number;
                let body = format!("{outbox}/{number}");
                acknowledged.push(loop {
                    let proposal = send(&author, name, &body);
                    match desk.carry_out(proposal).await {
                        // Now and then the client does not hear the answer and repeats.
                        Ok(Answer::Stored(_)) if random.random_ratio(1, 5) => {}
                        Ok(Answer::Stored(entry)) => break entry,
                        Ok(Answer::Unchanged) => panic!("a message is always stored"),
                        Err(refusal) => assert!(
                            matches!(refusal.code, ErrorCode::Unavailable | ErrorCode::StorageFull),
                            "seed {seed}: {refusal}"
                        ),
                    }
                });
            }
            acknowledged
        }
    });
    let acknowledged = futures_util::future::join_all(outboxes).await;

    setting.store.calm();
    let log = setting.log().await;
    let by_seq: BTreeMap<u64, &Entry> = log.iter().map(|entry| (entry.seq, entry)).collect();
    assert!(
        log.iter().map(|entry| entry.seq).eq(1..=log.len() as u64),
        "seed {seed}: dense"
    );
    assert!(
        log.iter().map(|entry| entry.ordinal).eq(1..=log.len() as u64),
        "seed {seed}: ordinals"
    );
    for outbox in &acknowledged {
        assert!(outbox.is_sorted_by_key(|entry| entry.seq), "seed {seed}: in order");
        for entry in outbox {
            assert_eq!(
                by_seq[&entry.seq], entry,
                "seed {seed}: what was acknowledged is what is stored"
            );
        }
    }
    let ours = log
        .iter()
        .filter(|entry| !matches!(&entry.kind, EntryKind::Message { body, .. } if body == "from another node"));
    assert_eq!(ours.count(), 120, "seed {seed}: each exactly once");
    let record: Record = setting.store.conversation(&conversation(1)).await.unwrap().unwrap();
    assert_eq!(
        record.tail.seq,
        desk.look(|record| record.tail.seq).max(record.tail.seq),
        "seed {seed}"
    );
}
