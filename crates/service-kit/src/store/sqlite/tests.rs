use super::*;

const SCHEMA: &[&str] = &["CREATE TABLE words (word TEXT PRIMARY KEY) STRICT"];

fn insert(word: &'static str) -> impl FnOnce(&Connection) -> Result<(), StoreError> + Send {
    move |connection| Ok(connection.execute("INSERT INTO words VALUES (?1)", [word]).map(drop)?)
}

async fn words(database: &Sqlite) -> Vec<String> {
    database
        .read(|connection| {
            let mut query = connection.prepare("SELECT word FROM words ORDER BY word")?;
            let words = query.query_map([], |row| row.get(0))?;
            Ok(words.collect::<Result<_, _>>()?)
        })
        .await
        .unwrap()
}

#[tokio::test]
async fn a_write_that_fails_takes_no_other_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let database = Sqlite::open(&file_in(folder.path(), "test"), SCHEMA).unwrap();
    database.write(insert("apple")).await.unwrap();

    // All three are queued before the first is polled to its end, so they share a commit when they can.
    let (one, two, three) = tokio::join!(
        database.write(insert("pear")),
        database.write(insert("apple")),
        database.write(insert("quince"))
    );

    assert!(one.is_ok() && three.is_ok());
    assert!(matches!(two, Err(StoreError::Duplicate)), "got {two:?}");
    assert_eq!(words(&database).await, ["apple", "pear", "quince"]);
}

#[tokio::test]
async fn what_was_answered_is_there_after_opening_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = file_in(folder.path(), "test");
    Sqlite::open(&path, SCHEMA)
        .unwrap()
        .write(insert("loquat"))
        .await
        .unwrap();

    assert_eq!(words(&Sqlite::open(&path, SCHEMA).unwrap()).await, ["loquat"]);
}

#[tokio::test]
async fn a_migration_runs_once_and_a_newer_schema_is_refused() {
    const TWO: &[&str] = &[
        "CREATE TABLE words (word TEXT PRIMARY KEY) STRICT",
        "INSERT INTO words VALUES ('medlar')",
    ];
    let folder = tempfile::tempdir().unwrap();
    let path = file_in(folder.path(), "test");
    Sqlite::open(&path, SCHEMA).unwrap();
    Sqlite::open(&path, TWO).unwrap();

    assert_eq!(words(&Sqlite::open(&path, TWO).unwrap()).await, ["medlar"]);
    assert!(matches!(Sqlite::open(&path, SCHEMA), Err(StoreError::Broken(_))));
}

#[tokio::test]
async fn a_full_disk_refuses_and_recovers() {
    let folder = tempfile::tempdir().unwrap();
    let database = Sqlite::open(&file_in(folder.path(), "test"), SCHEMA).unwrap();
    // SQLite's own page limit answers exactly like a full disk.
    database
        .write(|connection| Ok(connection.execute_batch("PRAGMA max_page_count = 4")?))
        .await
        .unwrap();

    let mut refused = None;
    for number in 0..200 {
        let word = format!("{number}{}", "x".repeat(1000));
        let outcome = database
            .write(move |connection| Ok(connection.execute("INSERT INTO words VALUES (?1)", [word])?))
            .await;
        if outcome.is_err() {
            refused = outcome.err();
            break;
        }
    }
    assert!(matches!(refused, Some(StoreError::Full)), "got {refused:?}");

    database
        .write(|connection| Ok(connection.execute_batch("PRAGMA max_page_count = 100000")?))
        .await
        .unwrap();
    database.write(insert("room again")).await.unwrap();
    assert!(words(&database).await.contains(&"room again".to_owned()));
}
