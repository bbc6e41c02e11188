use std::path::Path;

use rusqlite::Connection;
use test_kit::engines::MongoDatabase;

use super::*;
use crate::store::mongo::Address;

const THINGS: Table = Table {
    collection: "things",
    rows: "SELECT id AS _id, name, words, is_on, weight, raw FROM things",
    flags: &["is_on"],
    lists: &["words"],
    empty: &["notes"],
};

fn file(folder: &Path, rows: u32) -> std::path::PathBuf {
    let path = folder.join("things.sqlite");
    let connection = Connection::open(&path).unwrap();
    let table =
        "CREATE TABLE things (id TEXT PRIMARY KEY, name TEXT, words TEXT, is_on INTEGER, weight INTEGER, raw BLOB)";
    connection.execute_batch(table).unwrap();
    for row in 0..rows {
        let insert = "INSERT INTO things VALUES (printf('%05d', ?1), 'Öl', 'a b', ?1 % 2, ?1 * 10000000000, x'00ff')";
        connection.execute(insert, [row]).unwrap();
    }
    path
}

fn connect(database: &MongoDatabase) -> Mongo {
    Mongo::new(Address::parse(&database.url()).unwrap())
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn rows_become_documents_however_often_they_are_moved() {
    let (folder, database) = (tempfile::tempdir().unwrap(), MongoDatabase::fresh());
    let path = file(folder.path(), 1_203);
    let (rows, mongo) = (Rows::open(&path).unwrap(), connect(&database));

    let moving = Move::begin(&mongo, "folder").await.unwrap();
    assert_eq!(moving.table(&rows, &THINGS).await.unwrap(), 1_203);
    let change = "UPDATE things SET name = 'Oil', is_on = 0 WHERE id = '00007'";
    Connection::open(&path).unwrap().execute(change, []).unwrap();
    let again = Move::begin(&mongo, "folder").await.unwrap();
    assert_eq!(again.table(&rows, &THINGS).await.unwrap(), 1_203);

    let things: Collection<Document> = mongo.collection("things").await.unwrap();
    let seventh = mongo
        .read(things.find_one(doc! { "_id": "00007" }))
        .await
        .unwrap()
        .unwrap();
    let expected = rows.read(&THINGS, "00006").unwrap().remove(0);
    assert_eq!(expected.get_str("name").unwrap(), "Oil");
    assert!(is_same(&seventh, &expected), "{seventh:?} is not {expected:?}");
    assert_eq!(expected.get_array("words").unwrap().len(), 2);
    assert_eq!(expected.get_i64("weight").unwrap(), 70_000_000_000);
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn a_database_that_holds_something_else_is_refused() {
    let (full, empty) = (MongoDatabase::fresh(), MongoDatabase::fresh());
    let mongo = connect(&full);
    let people: Collection<Document> = mongo.collection("people").await.unwrap();
    mongo.write(people.insert_one(doc! { "_id": "u_1" })).await.unwrap();
    let refused = Move::begin(&mongo, "folder").await;
    assert!(matches!(refused, Err(MoveError::Occupied(_))), "got {refused:?}");

    Move::begin(&connect(&empty), "folder").await.unwrap();
    let refused = Move::begin(&connect(&empty), "another folder").await;
    assert!(matches!(refused, Err(MoveError::Occupied(_))), "got {refused:?}");
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn what_was_finished_stays_so_and_what_is_too_much_is_found() {
    let (folder, database) = (tempfile::tempdir().unwrap(), MongoDatabase::fresh());
    let rows = Rows::open(&file(folder.path(), 3)).unwrap();
    let mongo = connect(&database);
    let moving = Move::begin(&mongo, "folder").await.unwrap();
    moving.store("things", &[doc! { "_id": "of nobody" }]).await.unwrap();
    let different = moving.table(&rows, &THINGS).await;
    assert!(
        matches!(
            different,
            Err(MoveError::Different {
                found: 4,
                expected: 3,
                ..
            })
        ),
        "got {different:?}"
    );

    assert!(!Move::begin(&mongo, "folder").await.unwrap().was_finished());
    moving.remember("log", "c_1").await.unwrap();
    moving.remember("log", "c_2").await.unwrap();
    moving.finish().await.unwrap();
    assert!(Move::begin(&mongo, "folder").await.unwrap().was_finished());
    assert_eq!(moving.reached("log").await.unwrap().as_deref(), Some("c_2"));
    assert_eq!(moving.reached("people").await.unwrap(), None);
}
