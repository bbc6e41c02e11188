use service_kit::store::mongo::Address;
use test_kit::engines::MongoDatabase;

use super::*;
use crate::store::{Claim, Ledger as _, Marked, MongoLedger};

fn claim(event_id: &str, now: i64) -> Claim {
    Claim {
        event_id: event_id.to_owned(),
        by: "somebody".to_owned(),
        now,
        until: now + 60_000,
    }
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn a_mail_that_was_sent_is_not_sent_again_after_the_move() {
    let (folder, database) = (tempfile::tempdir().unwrap(), MongoDatabase::fresh());
    let source = SqliteLedger::open(&file_in(folder.path(), "mails")).unwrap();
    for event in ["sent", "cut off", "failed"] {
        source.mark_sending(&claim(event, 1)).await.unwrap();
    }
    source.mark_sent("sent", 2).await.unwrap();
    source.mark_failed(&claim("failed", 1)).await.unwrap();
    let mongo = Mongo::new(Address::parse(&database.url()).unwrap());

    migrate(folder.path(), &mongo, "folder", &|_| {}).await.unwrap();

    let target = MongoLedger::new(mongo);
    let marked = async |event| {
        let mut claim = claim(event, 5);
        claim.by = "another".to_owned();
        target.mark_sending(&claim).await.unwrap()
    };
    assert_eq!(marked("sent").await, Marked::AlreadySent);
    assert_eq!(marked("cut off").await, Marked::SendingAfterCrash);
    assert_eq!(marked("failed").await, Marked::SendingAgain);
    assert_eq!(marked("new").await, Marked::Sending);
}
