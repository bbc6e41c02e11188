//! What every ledger keeps.

use std::collections::HashSet;
use std::sync::Arc;

use tokio::task::JoinSet;

use super::{Claim, Ledger, Marked, MongoLedger, SqliteLedger};

/// Runs every rule on every adapter: one that is left out here is never used, so the build fails.
macro_rules! every_adapter {
    ($($rule:ident),* $(,)?) => {
        mod sqlite {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $rule() {
                    let folder = tempfile::tempdir().unwrap();
                    let ledger = super::SqliteLedger::open(&folder.path().join("mails.sqlite")).unwrap();
                    super::$rule(std::sync::Arc::new(ledger)).await;
                }
            )*
        }

        mod mongodb {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                #[ignore = "needs the servers that cargo xtask test starts"]
                async fn $rule() {
                    let database = test_kit::engines::MongoDatabase::fresh();
                    let address = service_kit::store::mongo::Address::parse(&database.url()).unwrap();
                    let mongo = service_kit::store::mongo::Mongo::new(address);
                    super::$rule(std::sync::Arc::new(super::MongoLedger::new(mongo))).await;
                }
            )*
        }
    };
}

every_adapter!(
    the_first_try_sends,
    a_mail_that_was_sent_is_never_sent_again,
    while_one_sends_nobody_else_does,
    asking_again_for_the_same_try_is_that_try,
    after_a_failed_try_the_next_begins_at_once,
    a_try_that_never_said_how_it_ended_is_known_as_such,
    a_late_word_of_an_old_try_changes_nothing,
    of_many_at_once_one_sends,
    what_is_old_is_forgotten,
);

const NOW: i64 = 1_000_000;
const MINUTE: i64 = 60_000;

fn claim_at(now: i64, by: &str) -> Claim {
    Claim {
        event_id: "one".to_owned(),
        by: by.to_owned(),
        now,
        until: now + MINUTE,
    }
}

fn claim(by: &str) -> Claim {
    claim_at(NOW, by)
}

async fn the_first_try_sends(ledger: Arc<dyn Ledger>) {
    assert_eq!(ledger.mark_sending(&claim("a")).await.unwrap(), Marked::Sending);
    let other = Claim {
        event_id: "two".to_owned(),
        ..claim("b")
    };
    assert_eq!(ledger.mark_sending(&other).await.unwrap(), Marked::Sending);
}

async fn a_mail_that_was_sent_is_never_sent_again(ledger: Arc<dyn Ledger>) {
    ledger.mark_sending(&claim("a")).await.unwrap();
    ledger.mark_sent("one", NOW).await.unwrap();
    for by in ["a", "b"] {
        let later = claim_at(NOW + 10 * MINUTE, by);
        assert_eq!(ledger.mark_sending(&later).await.unwrap(), Marked::AlreadySent);
    }
}

async fn while_one_sends_nobody_else_does(ledger: Arc<dyn Ledger>) {
    ledger.mark_sending(&claim("a")).await.unwrap();
    for now in [NOW, NOW + MINUTE - 1] {
        let marked = ledger.mark_sending(&claim_at(now, "b")).await.unwrap();
        assert_eq!(marked, Marked::Busy { until: NOW + MINUTE });
    }
}

async fn asking_again_for_the_same_try_is_that_try(ledger: Arc<dyn Ledger>) {
    for _ in 0..2 {
        assert_eq!(ledger.mark_sending(&claim("a")).await.unwrap(), Marked::Sending);
    }
}

async fn after_a_failed_try_the_next_begins_at_once(ledger: Arc<dyn Ledger>) {
    ledger.mark_sending(&claim("a")).await.unwrap();
    ledger.mark_failed(&claim("a")).await.unwrap();
    assert_eq!(ledger.mark_sending(&claim("b")).await.unwrap(), Marked::SendingAgain);
    let busy = ledger.mark_sending(&claim("c")).await.unwrap();
    assert_eq!(busy, Marked::Busy { until: NOW + MINUTE });
}

async fn a_try_that_never_said_how_it_ended_is_known_as_such(ledger: Arc<dyn Ledger>) {
    ledger.mark_sending(&claim("a")).await.unwrap();
    let later = NOW + MINUTE;
    let marked = ledger.mark_sending(&claim_at(later, "b")).await.unwrap();
    assert_eq!(marked, Marked::SendingAfterCrash);
    let marked = ledger.mark_sending(&claim_at(later, "c")).await.unwrap();
    assert_eq!(marked, Marked::Busy { until: later + MINUTE });
}

async fn a_late_word_of_an_old_try_changes_nothing(ledger: Arc<dyn Ledger>) {
    ledger.mark_sending(&claim("a")).await.unwrap();
    let later = claim_at(NOW + MINUTE, "b");
    ledger.mark_sending(&later).await.unwrap();
    ledger.mark_failed(&claim("a")).await.unwrap();
    let third = ledger.mark_sending(&claim_at(NOW + MINUTE, "c")).await.unwrap();
    assert_eq!(
        third,
        Marked::Busy {
            until: NOW + 2 * MINUTE
        }
    );

    ledger.mark_sent("one", NOW + MINUTE).await.unwrap();
    ledger.mark_failed(&later).await.unwrap();
    let marked = ledger.mark_sending(&claim_at(NOW + 9 * MINUTE, "d")).await.unwrap();
    assert_eq!(marked, Marked::AlreadySent);
}

async fn of_many_at_once_one_sends(ledger: Arc<dyn Ledger>) {
    // A first try, one after a failure, and one after a crash.
    for (round, expected) in [Marked::Sending, Marked::SendingAgain, Marked::SendingAfterCrash]
        .into_iter()
        .enumerate()
    {
        let now = NOW + i64::try_from(round).unwrap() * MINUTE;
        let mut tries = JoinSet::new();
        for number in 0..16 {
            let (ledger, claim) = (Arc::clone(&ledger), claim_at(now, &format!("{round}.{number}")));
            tries.spawn(async move { (ledger.mark_sending(&claim).await.unwrap(), claim) });
        }
        let outcomes = tries.join_all().await;
        let (senders, others): (Vec<_>, Vec<_>) = outcomes
            .into_iter()
            .partition(|(marked, _)| !matches!(marked, Marked::Busy { .. }));
        assert_eq!((senders.len(), others.len()), (1, 15), "{senders:?}");
        assert_eq!(senders[0].0, expected);
        if round == 0 {
            ledger.mark_failed(&senders[0].1).await.unwrap();
        }
    }
}

async fn what_is_old_is_forgotten(ledger: Arc<dyn Ledger>) {
    for (id, at) in [("old", NOW), ("young", NOW + MINUTE)] {
        let claim = Claim {
            event_id: id.to_owned(),
            ..claim_at(at, id)
        };
        ledger.mark_sending(&claim).await.unwrap();
        ledger.mark_sent(id, at).await.unwrap();
    }
    ledger.forget_before(NOW + 1).await.unwrap();
    let mut known = HashSet::new();
    for id in ["old", "young"] {
        let claim = Claim {
            event_id: id.to_owned(),
            ..claim("again")
        };
        if ledger.mark_sending(&claim).await.unwrap() == Marked::AlreadySent {
            known.insert(id);
        }
    }
    assert_eq!(known, HashSet::from(["young"]));
}
