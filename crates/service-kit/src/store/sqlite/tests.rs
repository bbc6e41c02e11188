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

#[tokio::test]
async fn a_read_or_write_that_panics_takes_no_thread_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let database = Sqlite::open(&file_in(folder.path(), "test"), SCHEMA).unwrap();
    for _ in 0..=READERS {
        let read = database
            .read(|_| -> Result<(), StoreError> { panic!("on purpose") })
            .await;
        assert!(read.is_err());
    }
    let write = database
        .write(|connection| -> Result<(), StoreError> {
            connection.execute("INSERT INTO words VALUES ('half')", [])?;
            panic!("on purpose")
        })
        .await;
    assert!(write.is_err());

    database.write(insert("whole")).await.unwrap();
    assert_eq!(words(&database).await, ["whole"]);
}

#[tokio::test]
async fn what_reads_and_what_waits_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let database = Sqlite::open(&file_in(folder.path(), "test"), SCHEMA).unwrap();
    let threads = i64::try_from(READERS).unwrap() + 1;
    let busy = || {
        let pool = database.pool();
        (pool.connections(), pool.connections_in_use(), pool.operations())
    };
    assert_eq!(busy(), (threads, 0, 0));

    let (release, held) = std::sync::mpsc::channel::<()>();
    let held = Arc::new(Mutex::new(held));
    let reads = (0..=READERS).map(|_| {
        let held = Arc::clone(&held);
        database.read(move |_| {
            let ended_with_its_sender = held.lock().unwrap().recv().is_err();
            assert!(ended_with_its_sender);
            Ok(())
        })
    });
    let (reads, ()) = tokio::join!(futures_util::future::join_all(reads), async {
        until(|| busy() == (threads, threads - 1, threads)).await;
        drop(release);
    });
    for read in reads {
        read.unwrap();
    }
    database.write(insert("quince")).await.unwrap();
    until(|| busy() == (threads, 0, 0)).await;
}

#[tokio::test]
async fn nothing_is_acknowledged_into_a_file_that_was_taken_away() {
    let folder = tempfile::tempdir().unwrap();
    let (here, away) = (folder.path().join("data"), folder.path().join("away"));
    std::fs::create_dir(&here).unwrap();
    let database = Sqlite::open(&file_in(&here, "test"), SCHEMA).unwrap();
    std::fs::rename(&here, &away).unwrap();

    let refused = database.write(insert("lost")).await;
    assert!(matches!(refused, Err(StoreError::Unavailable)), "got {refused:?}");

    std::fs::rename(&away, &here).unwrap();
    database.write(insert("back")).await.unwrap();
    assert_eq!(words(&database).await, ["back"]);
}

#[tokio::test]
async fn readers_who_never_pause_do_not_make_the_log_of_writes_grow() {
    let folder = tempfile::tempdir().unwrap();
    let path = file_in(folder.path(), "test");
    let database = Sqlite::open(&path, SCHEMA).unwrap();
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let mut readers = tokio::task::JoinSet::new();
    for _ in 0..READERS {
        let (database, stopped) = (database.clone(), stopped.clone());
        readers.spawn(async move {
            while !*stopped.borrow() {
                // Each holds its snapshot for a while, so that there is always one.
                let held = |connection: &Connection| {
                    let count: u32 = connection.query_row(
                        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
                         SELECT count(*) FROM n, (SELECT count(*) FROM words)",
                        [],
                        |row| row.get(0),
                    )?;
                    Ok(count)
                };
                database.read(held).await.unwrap();
            }
        });
    }
    for number in 0..200 {
        let word = format!("{number}{}", "x".repeat(64 * 1024));
        let write = move |connection: &Connection| Ok(connection.execute("INSERT INTO words VALUES (?1)", [word])?);
        database.write(write).await.unwrap();
    }
    stop.send_replace(true);
    while readers.join_next().await.is_some() {}

    let wal = std::fs::metadata(folder.path().join("test.sqlite-wal")).unwrap().len();
    assert!(wal < 9 * 1024 * 1024, "the WAL holds {wal} bytes of 13 million written");
}

#[tokio::test]
async fn a_database_that_fails_is_not_ready_until_it_works_again_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let (here, away) = (folder.path().join("data"), folder.path().join("away"));
    std::fs::create_dir(&here).unwrap();
    let database = Sqlite::open(&file_in(&here, "test"), SCHEMA).unwrap();
    let health = crate::health::Health::default();
    database.report_to(health.part("database"));
    assert!(health.readiness().ready);

    // Nobody writes: it finds out by itself, both times.
    std::fs::rename(&here, &away).unwrap();
    until(|| !health.readiness().ready).await;
    assert!(matches!(database.read(|_| Ok(())).await, Err(StoreError::Unavailable)));
    std::fs::rename(&away, &here).unwrap();
    until(|| health.readiness().ready).await;
    database.write(insert("back")).await.unwrap();
}

#[tokio::test]
async fn a_full_disk_is_not_ready_until_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let database = Sqlite::open(&file_in(folder.path(), "test"), SCHEMA).unwrap();
    let health = crate::health::Health::default();
    database.report_to(health.part("database"));
    let pages = |most: u32| {
        move |connection: &Connection| Ok(connection.execute_batch(&format!("PRAGMA max_page_count = {most}"))?)
    };
    database.write(pages(3)).await.unwrap();
    let large =
        |connection: &Connection| Ok(connection.execute("INSERT INTO words VALUES (?1)", ["x".repeat(100_000)])?);

    let refused = database.write(large).await;

    assert!(matches!(refused, Err(StoreError::Full)), "got {refused:?}");
    assert_eq!(health.readiness().parts["database"], "the disk is full");
    // The next small write fits, and so would the one that tries by itself.
    until(|| health.readiness().ready).await;
}

#[tokio::test]
async fn a_database_that_may_only_be_read_refuses_and_is_not_ready() {
    let folder = tempfile::tempdir().unwrap();
    let database = Sqlite::open(&file_in(folder.path(), "test"), SCHEMA).unwrap();
    let health = crate::health::Health::default();
    database.report_to(health.part("database"));
    database
        .write(|connection| Ok(connection.execute_batch("PRAGMA query_only = ON")?))
        .await
        .unwrap();

    let refused = database.write(insert("apple")).await;

    assert!(matches!(refused, Err(StoreError::Unavailable)), "got {refused:?}");
    assert!(!health.readiness().ready);
    assert!(words(&database).await.is_empty(), "reading goes on");
}

async fn until(holds: impl Fn() -> bool) {
    let holding = async {
        while !holds() {
            tokio::task::yield_now().await;
        }
    };
    let waited = tokio::time::timeout(Duration::from_secs(20), holding).await;
    waited.expect("it should hold within the deadline");
}
