//! The index says what the messages say, whatever happens to them.

use protocol::{ClientId, EntryKind, UserId};

use super::*;
use crate::store::conversations;
use crate::store::testing::OpenFile;
use crate::store::tests::conversation;

fn entry(seq: u64, kind: EntryKind) -> Entry {
    Entry {
        conversation: conversation(1).id,
        seq,
        ordinal: seq,
        at: 1_790_000_000_000,
        author: UserId::from_random(2),
        client_id: ClientId::from_random(u128::from(seq)),
        kind,
    }
}

fn message(seq: u64, body: &str) -> Entry {
    entry(seq, EntryKind::message(body.to_owned(), None))
}

fn keep(file: &mut OpenFile, entries: &[Entry]) {
    file.write(|writing| {
        for entry in entries {
            entries::keep(writing, entry, entry.seq)?;
        }
        Ok(())
    })
    .unwrap();
}

/// Seqs of the messages in which this word stands; the index and its rows agree.
fn with(file: &mut OpenFile, word: &str) -> Vec<u64> {
    let disk = file.connection();
    disk.execute(
        "INSERT INTO message_index (message_index, rank) VALUES ('integrity-check', 1)",
        (),
    )
    .unwrap();
    let mut select = disk
        .prepare("SELECT seq FROM searched WHERE id IN (SELECT rowid FROM message_index WHERE message_index MATCH ?1) ORDER BY id")
        .unwrap();
    let seqs = select
        .query_map([format!("text:\"{word}\"")], |row| number(row, 0))
        .unwrap();
    seqs.collect::<Result<_, _>>().unwrap()
}

/// What the file holds, without its log.
fn is_in_file(file: &mut OpenFile, text: &str) -> bool {
    let disk = file.connection();
    disk.query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |_| Ok(()))
        .unwrap();
    let path: String = disk
        .query_row("SELECT file FROM pragma_database_list", (), |row| row.get(0))
        .unwrap();
    let content = std::fs::read(path).unwrap();
    content.windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn an_edited_message_is_found_by_its_newest_words_only() {
    let mut file = OpenFile::new();
    keep(&mut file, &[message(1, "first thought"), message(2, "another thought")]);
    keep(&mut file, &[entry(3, EntryKind::edit(1, "second idea".to_owned()))]);
    assert_eq!(
        (with(&mut file, "thought"), with(&mut file, "idea")),
        (vec![2], vec![1])
    );
}

#[test]
fn an_edit_that_comes_before_its_message_counts() {
    let mut file = OpenFile::new();
    keep(&mut file, &[entry(3, EntryKind::edit(1, "second idea".to_owned()))]);
    keep(&mut file, &[message(1, "first thought")]);
    assert_eq!((with(&mut file, "thought"), with(&mut file, "idea")), (vec![], vec![1]));
}

#[test]
fn a_deleted_message_leaves_no_trace_in_the_file() {
    let mut file = OpenFile::new();
    let others: Vec<Entry> = (10..200)
        .map(|seq| message(seq, &format!("nothing special {seq}")))
        .collect();
    keep(&mut file, &others);
    keep(
        &mut file,
        &[
            message(1, "Kolibrischwarm over it"),
            message(2, "Zwergflamingo and more"),
        ],
    );
    keep(&mut file, &[entry(3, EntryKind::edit(2, "Tannenhäherin".to_owned()))]);
    assert!(is_in_file(&mut file, "kolibrischwarm") && is_in_file(&mut file, "tannenhaherin"));

    keep(
        &mut file,
        &[
            entry(4, EntryKind::Delete { target: 1 }),
            entry(5, EntryKind::Delete { target: 2 }),
        ],
    );

    for trace in ["olibrischwarm", "wergflamingo", "annenhäherin", "annenhaherin"] {
        assert!(!is_in_file(&mut file, trace), "{trace}");
    }
    assert_eq!(with(&mut file, "nothing").len(), 190);
}

#[test]
fn a_message_kept_as_deleted_is_not_in_the_index() {
    let mut file = OpenFile::new();
    keep(
        &mut file,
        &[entry(5, EntryKind::Delete { target: 1 }), message(1, "gone already")],
    );
    assert_eq!(with(&mut file, "gone"), [0; 0]);
}

#[test]
fn a_forgotten_log_goes_in_small_steps_and_what_came_again_stays() {
    let mut file = OpenFile::new();
    file.write(|writing| conversations::put(writing, &conversation(1)))
        .unwrap();
    let many: Vec<Entry> = (1..=100).map(|seq| message(seq, "old log")).collect();
    keep(&mut file, &many);
    file.write(|writing| conversations::forget_log(writing, &conversation(1).id))
        .unwrap();
    let another = Entry {
        author: UserId::from_random(3),
        ..message(50, "new log")
    };
    keep(&mut file, &[another]);

    let mut steps = 0;
    while file.write(|writing| step(writing.disk)).unwrap().0 {
        steps += 1;
    }

    assert!(steps > 2, "{steps}");
    assert_eq!((with(&mut file, "old"), with(&mut file, "new")), (vec![], vec![50]));
}

#[test]
fn messages_of_an_older_version_are_added_in_small_steps() {
    let mut file = OpenFile::new();
    let many: Vec<Entry> = (1..=100).map(|seq| message(seq, "kept before")).collect();
    keep(&mut file, &many);
    // As a file looks just after the step that brought the index.
    doubt(file.connection()).unwrap();
    assert!(!is_complete(file.connection()).unwrap());
    keep(
        &mut file,
        &[message(101, "kept since"), entry(102, EntryKind::Delete { target: 7 })],
    );
    assert_eq!(with(&mut file, "kept"), [101]);

    while file.write(|writing| step(writing.disk)).unwrap().0 {}

    assert!(is_complete(file.connection()).unwrap());
    assert_eq!(with(&mut file, "kept").len(), 100);
}

#[test]
fn messages_of_one_moment_keep_their_order() {
    let mut file = OpenFile::new();
    let many: Vec<Entry> = (1..=1_100).map(|seq| message(seq, "at once")).collect();
    keep(&mut file, &many);
    let seqs = with(&mut file, "once");
    assert!(seqs.is_sorted() && seqs.len() == 1_100);
}

#[test]
fn an_emptied_index_works_on() {
    let mut file = OpenFile::new();
    keep(&mut file, &[message(1, "before")]);
    file.write(|writing| empty(writing.disk)).unwrap();
    assert_eq!(with(&mut file, "before"), [0; 0]);
    file.connection().execute("DELETE FROM entry", ()).unwrap();
    keep(&mut file, &[message(2, "after")]);
    assert_eq!((with(&mut file, "before"), with(&mut file, "after")), (vec![], vec![2]));
}

#[test]
fn what_is_no_message_takes_away_the_message_of_another_log() {
    let mut file = OpenFile::new();
    let said = conversation(1);
    file.write(|writing| conversations::put(writing, &said)).unwrap();
    keep(&mut file, &[message(1, "old log")]);
    file.write(|writing| conversations::forget_log(writing, &said.id))
        .unwrap();
    let person = UserId::from_random(2);
    keep(&mut file, &[entry(1, EntryKind::Joined { person })]);
    assert_eq!(with(&mut file, "old"), [0; 0]);
}
