//! What an app gets from a server that behaves well, and what it refuses from one that does not.
#![expect(clippy::unwrap_used, reason = "a harness fails where it stands")]

use std::io::ErrorKind;
use std::sync::Mutex;

use bytes::Bytes;
use test_kit::update_server::{Answer, keys, signature};
use updates::{FetchFault, Patience, SealFault, Verdict, Version, WebFault};

use crate::offers::{Office, file_of};

const SILENT: updates::Progress<'static> = &|_, _| {};

/// A content in which every byte has its place.
fn content(bytes: usize) -> Vec<u8> {
    (0..=u8::MAX).cycle().step_by(31).take(bytes).collect()
}

#[tokio::test]
async fn a_newer_version_is_fetched_and_proved() {
    let office = Office::open().await;
    let new = content(300_000);
    office.publish("0.2.0", &new, &office.keys);
    let told = Mutex::new(Vec::new());

    let release = office.newer().await;
    let progress = |done, total| told.lock().unwrap().push((done, total));
    let file = office.fetcher().fetch(&release, &progress).await.unwrap();

    assert_eq!(std::fs::read(&file).unwrap(), new);
    assert_eq!(
        (release.version, release.notes.as_str()),
        (Version::new(0, 2, 0), "New.")
    );
    assert_eq!(told.lock().unwrap().last(), Some(&(300_000, Some(300_000))));
}

#[tokio::test]
async fn what_is_here_is_not_fetched_again() {
    let office = Office::open().await;
    office.publish("0.2.0", b"new", &office.keys);
    let release = office.newer().await;
    let fetcher = office.fetcher();
    fetcher.fetch(&release, SILENT).await.unwrap();
    fetcher.fetch(&release, SILENT).await.unwrap();
    assert_eq!(office.server.asked(&file_of("0.2.0")).len(), 1);
}

#[tokio::test]
async fn an_older_version_is_not_wanted() {
    let office = Office::open().await;
    office.publish("0.0.9", b"old", &office.keys);
    assert_eq!(office.look().await.unwrap(), Verdict::Older(Version::new(0, 0, 9)));
}

#[tokio::test]
async fn a_file_that_was_changed_is_refused_and_thrown_away() {
    let office = Office::open().await;
    office.publish("0.2.0", b"good", &office.keys);
    office
        .server
        .put(&file_of("0.2.0"), Answer::File(Bytes::from_static(b"evil")));
    let refused = office.fetcher().fetch(&office.newer().await, SILENT).await;
    assert!(
        matches!(refused, Err(FetchFault::Seal(SealFault::Wrong(_)))),
        "{refused:?}"
    );
    assert!(nothing_is_left(&office), "the file stays");
}

#[tokio::test]
async fn a_file_signed_by_another_key_is_refused() {
    let office = Office::open().await;
    office.publish("0.2.0", b"evil", &keys());
    let refused = office.fetcher().fetch(&office.newer().await, SILENT).await;
    assert!(
        matches!(refused, Err(FetchFault::Seal(SealFault::Wrong(_)))),
        "{refused:?}"
    );
    assert!(nothing_is_left(&office), "the file stays");
}

#[tokio::test]
async fn an_old_file_under_a_new_version_is_refused_before_it_is_fetched() {
    let office = Office::open().await;
    let old = file_of("0.0.9");
    office.server.put(&old, Answer::File(Bytes::from_static(b"old")));
    office
        .server
        .offer("0.2.0", &old, &signature(&office.keys, b"old", &old));
    let refused = office.fetcher().fetch(&office.newer().await, SILENT).await;
    assert!(
        matches!(refused, Err(FetchFault::Seal(SealFault::ForAnotherFile { .. }))),
        "{refused:?}"
    );
    assert_eq!(office.server.asked(&old).len(), 0);
}

#[tokio::test]
async fn a_download_that_is_cut_goes_on_where_it_ended() {
    let office = Office::open().await;
    let new = content(400_000);
    office.publish("0.2.0", &new, &office.keys);
    let name = file_of("0.2.0");
    let (after, times) = (96 * 1024, 2);
    office.server.put(
        &name,
        Answer::Cut {
            content: new.clone().into(),
            after,
            times,
        },
    );

    let file = office.fetcher().fetch(&office.newer().await, SILENT).await.unwrap();

    assert_eq!(std::fs::read(file).unwrap(), new);
    let asked = office.server.asked(&name);
    assert_eq!((asked.len(), &asked[0]), (3, &None));
    assert!(
        asked[1].is_some() && asked[2].is_some() && asked[1] != asked[2],
        "{asked:?}"
    );
}

#[tokio::test]
async fn a_download_that_is_always_cut_is_given_up_and_goes_on_next_time() {
    let office = Office::open().await;
    let new = content(400_000);
    office.publish("0.2.0", &new, &office.keys);
    let name = file_of("0.2.0");
    let (after, times) = (32 * 1024, 5);
    office.server.put(
        &name,
        Answer::Cut {
            content: new.clone().into(),
            after,
            times,
        },
    );
    let release = office.newer().await;

    let cut = office.fetcher().fetch(&release, SILENT).await;
    assert!(matches!(cut, Err(FetchFault::Web(WebFault::Unreachable(_)))), "{cut:?}");
    let file = office.fetcher().fetch(&release, SILENT).await.unwrap();

    assert_eq!(std::fs::read(file).unwrap(), new);
    assert!(office.server.asked(&name)[5].is_some(), "the second look goes on");
}

#[tokio::test]
async fn a_server_that_knows_no_parts_is_asked_from_the_start() {
    let office = Office::open().await;
    let new = content(100_000);
    office.publish("0.2.0", &new, &office.keys);
    office
        .server
        .put(&file_of("0.2.0"), Answer::OnlyWhole(new.clone().into()));
    begun(&office, &new[..5000]);
    let file = office.fetcher().fetch(&office.newer().await, SILENT).await.unwrap();
    assert_eq!(std::fs::read(file).unwrap(), new);
}

#[tokio::test]
async fn a_wrong_beginning_from_earlier_is_thrown_away() {
    let office = Office::open().await;
    let new = content(100_000);
    office.publish("0.2.0", &new, &office.keys);
    for length in [5000, 200_000] {
        begun(&office, &vec![7; length]);
        let file = office.fetcher().fetch(&office.newer().await, SILENT).await.unwrap();
        assert_eq!(std::fs::read(&file).unwrap(), new);
        std::fs::remove_file(file).unwrap();
    }
}

#[tokio::test]
async fn endless_bytes_end_at_the_bound() {
    let office = Office::open().await;
    office.publish("0.2.0", b"new", &office.keys);
    let mut fetcher = office.fetcher();
    fetcher.patience = Patience {
        largest: 1_000_000,
        ..fetcher.patience
    };
    for answer in [Answer::Endless, Answer::Promise(1 << 40)] {
        office.server.put(&file_of("0.2.0"), answer);
        let refused = fetcher.fetch(&office.newer().await, SILENT).await;
        assert!(
            matches!(refused, Err(FetchFault::Web(WebFault::TooLarge(1_000_000)))),
            "{refused:?}"
        );
    }
}

#[tokio::test]
async fn a_manifest_of_a_hundred_megabytes_is_not_read_to_its_end() {
    let office = Office::open().await;
    for answer in [
        Answer::File(Bytes::from(vec![b' '; 100_000_000])),
        Answer::Endless,
        Answer::Promise(100_000_000),
    ] {
        office.server.put("stable.json", answer);
        let refused = office.look().await;
        assert!(matches!(refused, Err(WebFault::TooLarge(_))), "{refused:?}");
    }
}

#[tokio::test]
async fn nobody_is_sent_on_to_a_server_that_speaks_plainly() {
    let office = Office::open().await;
    let to = Answer::Elsewhere("http://updates.example.org/stable.json".to_owned());
    office.server.put("stable.json", to);
    let refused = office.look().await;
    assert!(matches!(refused, Err(WebFault::NotEncrypted(_))), "{refused:?}");

    office.publish("0.2.0", b"new", &office.keys);
    let to = Answer::Elsewhere("http://updates.example.org/file".to_owned());
    office.server.put(&file_of("0.2.0"), to);
    let refused = office.fetcher().fetch(&office.newer().await, SILENT).await;
    assert!(
        matches!(refused, Err(FetchFault::Web(WebFault::NotEncrypted(_)))),
        "{refused:?}"
    );
}

#[tokio::test]
async fn who_is_sent_on_for_ever_gives_up() {
    let office = Office::open().await;
    office
        .server
        .put("stable.json", Answer::Elsewhere("stable.json".to_owned()));
    let refused = office.look().await;
    assert!(matches!(refused, Err(WebFault::Unreachable(_))), "{refused:?}");
}

#[tokio::test]
async fn a_server_without_a_manifest_says_so() {
    let office = Office::open().await;
    assert!(matches!(office.look().await, Err(WebFault::Status(404))));
    office
        .server
        .put("stable.json", Answer::File(Bytes::from_static(b"<html>")));
    assert!(matches!(office.look().await, Err(WebFault::Manifest(_))));
}

#[tokio::test]
async fn a_full_disk_is_named() {
    let office = Office::open().await;
    office.publish("0.2.0", b"new", &office.keys);
    let folder = office.folder.path().join("updates");
    std::fs::create_dir_all(&folder).unwrap();
    // Whatever is written to this device of Linux finds no room.
    std::os::unix::fs::symlink("/dev/full", folder.join(part_of("0.2.0"))).unwrap();
    let refused = office.fetcher().fetch(&office.newer().await, SILENT).await;
    let Err(FetchFault::Storage(error)) = refused else {
        panic!("not about the disk: {refused:?}");
    };
    assert_eq!(error.kind(), ErrorKind::StorageFull);
}

fn part_of(version: &str) -> String {
    format!("{}.part", file_of(version))
}

/// Leaves what a download that was cut would have left.
fn begun(office: &Office, beginning: &[u8]) {
    let folder = office.folder.path().join("updates");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(part_of("0.2.0")), beginning).unwrap();
}

fn nothing_is_left(office: &Office) -> bool {
    let left = std::fs::read_dir(office.folder.path().join("updates")).unwrap();
    left.count() == 0
}
