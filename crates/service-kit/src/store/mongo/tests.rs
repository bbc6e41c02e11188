use std::time::Duration;

use mongodb::bson::{Bson, Document, doc};
use serde::{Deserialize, Serialize};
use test_kit::engines::MongoDatabase;
use test_kit::fault_proxy::{Direction, FaultProxy, Network};
use test_kit::wait::{PATIENCE, until};

use super::*;
use crate::Lifecycle;
use crate::health::Health;
use crate::metrics::Metrics;

/// Long enough for a busy machine, short enough for a test of what happens when it has passed.
const DEADLINE: Duration = Duration::from_secs(2);

const BY_AUTHOR: Index = Index {
    collection: "notes",
    keys: &["author", "client_id"],
    unique: true,
};
const BY_TIME: Index = Index {
    collection: "notes",
    keys: &["at"],
    unique: false,
};

fn connect(url: &str) -> Mongo {
    Mongo::new(Address::parse(url).unwrap().within(DEADLINE))
}

/// A database of its own, and a way there that can fail.
async fn behind_a_proxy() -> (MongoDatabase, FaultProxy, Mongo) {
    let database = MongoDatabase::fresh();
    let proxy = FaultProxy::to(database.server()).await.unwrap();
    let mongo = connect(&database.url_by_way_of(proxy.address()));
    (database, proxy, mongo)
}

async fn notes(mongo: &Mongo) -> Collection<Document> {
    mongo.collection("notes").await.unwrap()
}

fn note(number: i32) -> Document {
    doc! { "_id": format!("note {number}") }
}

/// How many notes there are. After a cut the driver first has to find its server again, which is not what is tested.
async fn count(mongo: &Mongo) -> usize {
    let notes = notes(mongo).await;
    let read = async || mongo.all(notes.find(doc! {})).await.ok();
    until("the notes to be read", PATIENCE, read).await.unwrap().len()
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn a_taken_key_is_a_duplicate_however_it_is_written() {
    let database = MongoDatabase::fresh();
    let mongo = connect(&database.url());
    let notes = notes(&mongo).await;
    mongo.write(notes.insert_one(note(1))).await.unwrap();
    mongo.write(notes.insert_one(note(2))).await.unwrap();
    mongo
        .make_indexes(&[Index {
            unique: true,
            ..BY_TIME
        }])
        .await
        .unwrap();

    let again = mongo.write(notes.insert_one(note(1))).await;
    assert!(matches!(again, Err(StoreError::Duplicate)), "got {again:?}");
    let at_one_time = doc! { "$set": { "at": 1 } };
    mongo
        .write(notes.update_one(note(1), at_one_time.clone()))
        .await
        .unwrap();
    let changed = mongo.write(notes.update_one(note(2), at_one_time)).await;
    assert!(matches!(changed, Err(StoreError::Duplicate)), "got {changed:?}");
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn an_insert_in_order_stops_at_the_first_taken_key() {
    let database = MongoDatabase::fresh();
    let mongo = connect(&database.url());
    let notes = notes(&mongo).await;
    mongo.write(notes.insert_one(note(3))).await.unwrap();

    let stored = mongo
        .insert_until_taken(&notes, &[note(1), note(2), note(3), note(4)])
        .await;

    assert_eq!(stored.unwrap(), 2);
    assert_eq!(count(&mongo).await, 3);
    assert_eq!(mongo.insert_until_taken(&notes, &[]).await.unwrap(), 0);
    assert_eq!(mongo.insert_until_taken(&notes, &[note(5), note(6)]).await.unwrap(), 2);
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn a_write_whose_answer_is_lost_is_unknown() {
    let (_database, proxy, mongo) = behind_a_proxy().await;
    let notes = notes(&mongo).await;
    mongo.write(notes.insert_one(note(0))).await.unwrap();

    proxy.cut_after(Direction::ToClient, 0);
    let outcome = mongo.insert_until_taken(&notes, &[note(1), note(2)]).await;
    assert!(matches!(outcome, Err(StoreError::Unknown)), "got {outcome:?}");

    // It had arrived; asking again finds that, and nothing twice.
    until("both to be stored", PATIENCE, async || {
        (count(&mongo).await == 3).then_some(())
    })
    .await
    .unwrap();
    proxy.cut_after(Direction::ToClient, 0);
    let outcome = mongo.write(notes.insert_one(note(1))).await;
    assert!(matches!(outcome, Err(StoreError::Unknown)), "got {outcome:?}");
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn a_write_that_is_cut_in_its_middle_is_unknown_and_not_there() {
    let (_database, proxy, mongo) = behind_a_proxy().await;
    let notes = notes(&mongo).await;
    mongo.write(notes.insert_one(note(0))).await.unwrap();

    proxy.cut_after(Direction::ToServer, 60);
    let outcome = mongo.insert_until_taken(&notes, &[note(1), note(2)]).await;

    assert!(matches!(outcome, Err(StoreError::Unknown)), "got {outcome:?}");
    assert_eq!(count(&mongo).await, 1);
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn a_server_that_does_not_answer_leaves_writes_unknown_and_reads_unavailable() {
    let (_database, proxy, mongo) = behind_a_proxy().await;
    let notes = notes(&mongo).await;
    mongo.write(notes.insert_one(note(0))).await.unwrap();

    proxy.set(Network::Stalled);
    let (write, read) = tokio::join!(mongo.write(notes.insert_one(note(1))), mongo.all(notes.find(doc! {})));

    assert!(matches!(write, Err(StoreError::Unknown)), "got {write:?}");
    assert!(matches!(read, Err(StoreError::Unavailable)), "got {read:?}");
    proxy.set(Network::Whole);
    until("an answer", PATIENCE, async || mongo.ping().await.ok())
        .await
        .unwrap();
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unavailable_for_writes_too() {
    let mongo = connect("mongodb://127.0.0.1:1/chat");
    let notes = notes(&mongo).await;
    let (write, read) = tokio::join!(mongo.write(notes.insert_one(note(1))), mongo.all(notes.find(doc! {})));
    assert!(matches!(write, Err(StoreError::Unavailable)), "got {write:?}");
    assert!(matches!(read, Err(StoreError::Unavailable)), "got {read:?}");
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn indexes_are_made_once_and_told_apart_by_their_keys() {
    let database = MongoDatabase::fresh();
    let mongo = connect(&database.url());
    assert_eq!(
        mongo.missing_indexes(&[BY_AUTHOR, BY_TIME]).await.unwrap(),
        [BY_AUTHOR, BY_TIME]
    );

    mongo.make_indexes(&[BY_AUTHOR]).await.unwrap();
    assert_eq!(mongo.missing_indexes(&[BY_AUTHOR, BY_TIME]).await.unwrap(), [BY_TIME]);
    mongo.make_indexes(&[BY_AUTHOR, BY_TIME]).await.unwrap();
    mongo.make_indexes(&[BY_AUTHOR, BY_TIME]).await.unwrap();

    assert_eq!(mongo.missing_indexes(&[BY_AUTHOR, BY_TIME]).await.unwrap(), []);
    let unique = Index {
        unique: true,
        ..BY_TIME
    };
    assert_eq!(mongo.missing_indexes(&[unique]).await.unwrap(), [unique]);
    assert_eq!(BY_AUTHOR.to_string(), "notes (author, client_id, unique)");
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn a_database_that_was_away_at_the_start_becomes_ready_by_itself() {
    let (_database, proxy, mongo) = behind_a_proxy().await;
    proxy.set(Network::Refusing);
    let (health, lifecycle) = (Health::default(), Lifecycle::new());
    mongo.watch(&[BY_AUTHOR], health.part("database"), &lifecycle);
    until("a reason", PATIENCE, async || {
        (health.readiness().parts["database"] == "the database is away").then_some(())
    })
    .await
    .unwrap();

    proxy.set(Network::Whole);
    until("readiness", PATIENCE, async || health.readiness().ready.then_some(()))
        .await
        .unwrap();
    assert_eq!(mongo.missing_indexes(&[BY_AUTHOR]).await.unwrap(), []);

    proxy.set(Network::Refusing);
    proxy.cut();
    until("to be not ready", PATIENCE, async || {
        (!health.readiness().ready).then_some(())
    })
    .await
    .unwrap();
    lifecycle.stop();
    lifecycle.finished(PATIENCE).await.unwrap();
}

/// The figure comes to this; the driver tells of its connections a moment after they have changed.
async fn becomes(what: &str, pool: &Pool, is_so: impl Fn(&Pool) -> bool) {
    until(what, PATIENCE, async || is_so(pool).then_some(()))
        .await
        .unwrap_or_else(|fault| panic!("{fault}: {pool:?}"));
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn connections_and_what_waits_for_an_answer_are_counted() {
    let (_database, proxy, mongo) = behind_a_proxy().await;
    let (metrics, pool) = (Metrics::default(), mongo.pool());
    metrics.add_pool("notes", pool);
    assert!(
        metrics
            .text()
            .unwrap()
            .contains(r#"loquat_database_connections{database="notes"} 0"#)
    );
    mongo.ping().await.unwrap();
    becomes("one connection that rests", pool, |pool| {
        (pool.connections(), pool.connections_in_use(), pool.operations()) == (1, 0, 0)
    })
    .await;

    proxy.set(Network::Stalled);
    let (one, two, ()) = tokio::join!(mongo.ping(), mongo.ping(), async {
        becomes("two questions that wait, a connection in use", pool, |pool| {
            pool.operations() == 2 && pool.connections_in_use() >= 1
        })
        .await;
    });
    for answer in [one, two] {
        assert!(matches!(answer, Err(StoreError::Unavailable)), "got {answer:?}");
    }
    becomes("nothing in use", pool, |pool| {
        (pool.connections_in_use(), pool.operations()) == (0, 0)
    })
    .await;

    proxy.set(Network::Whole);
    until("an answer", PATIENCE, async || mongo.ping().await.ok())
        .await
        .unwrap();
    let busy = (0..20).map(|_| mongo.ping());
    for answer in futures_util::future::join_all(busy).await {
        answer.unwrap();
    }
    becomes("connections that rest", pool, |pool| {
        pool.connections() > 1 && (pool.connections_in_use(), pool.operations()) == (0, 0)
    })
    .await;
    let text = metrics.text().unwrap();
    let line = format!(
        r#"loquat_database_connections{{database="notes"}} {}"#,
        pool.connections()
    );
    assert!(text.contains(&line), "{line} is not in {text}");
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Numbers {
    #[serde(with = "number")]
    seq: u64,
    #[serde(with = "number::optional", default)]
    reply_to: Option<u64>,
    #[serde(with = "flag")]
    on: bool,
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn numbers_come_back_as_they_were_written() {
    let database = MongoDatabase::fresh();
    let mongo = connect(&database.url());
    let written = [
        (0, None),
        (7, Some(1)),
        (1 << 40, Some(u64::try_from(i64::MAX).unwrap())),
    ];
    let written = written.map(|(seq, reply_to)| Numbers {
        seq,
        reply_to,
        on: false,
    });
    let numbers: Collection<Numbers> = mongo.collection("numbers").await.unwrap();
    mongo.insert_until_taken(&numbers, &written).await.unwrap();

    let read = mongo.all(numbers.find(doc! {}).sort(doc! { "seq": 1 })).await.unwrap();

    assert_eq!(read, written);
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn a_flag_comes_back_as_it_was_changed() {
    let database = MongoDatabase::fresh();
    let mongo = connect(&database.url());
    let numbers: Collection<Numbers> = mongo.collection("numbers").await.unwrap();
    let written = Numbers {
        seq: 1,
        reply_to: None,
        on: false,
    };
    mongo.write(numbers.insert_one(&written)).await.unwrap();

    let switch = numbers.update_one(doc! { "seq": 1 }, doc! { "$set": { "on": true } });
    mongo.write(switch).await.unwrap();

    let read = mongo.read(numbers.find_one(doc! { "on": true })).await.unwrap();
    assert_eq!(read, Some(Numbers { on: true, ..written }));
}

#[test]
fn a_flag_is_read_from_a_number_and_nothing_else() {
    let read = |value: Bson| {
        mongodb::bson::deserialize_from_document::<Numbers>(doc! { "seq": 1, "on": value }).map(|read| read.on)
    };
    assert!(read(Bson::Boolean(true)).unwrap() && !read(Bson::Boolean(false)).unwrap());
    assert!(read(Bson::Int32(1)).unwrap() && !read(Bson::Int64(0)).unwrap() && read(Bson::Double(1.0)).unwrap());
    for wrong in [
        Bson::Int32(2),
        Bson::Double(0.5),
        Bson::String("true".into()),
        Bson::Null,
    ] {
        assert!(read(wrong.clone()).is_err(), "{wrong:?} was read");
    }
}

#[test]
fn a_number_of_any_width_is_read_and_nothing_else() {
    let read = |value: Bson| {
        mongodb::bson::deserialize_from_document::<Numbers>(doc! { "seq": value, "on": true }).map(|read| read.seq)
    };
    assert_eq!(read(Bson::Int32(7)).unwrap(), 7);
    assert_eq!(read(Bson::Int64(7)).unwrap(), 7);
    assert_eq!(read(Bson::Double(7.0)).unwrap(), 7);
    for wrong in [
        Bson::Double(7.5),
        Bson::Double(f64::NAN),
        Bson::Double(1e300),
        Bson::Int32(-1),
        Bson::String("7".into()),
    ] {
        assert!(read(wrong.clone()).is_err(), "{wrong:?} was read");
    }
}
