//! The life of the window, with connections of a test in place of its program.

use std::path::{Path, PathBuf};
use std::time::Duration;

use client::view::Failure;
use door::{Answer, Door, FromWindow, Hello, Receiver, Sender, ToWindow};
use serde_json::value::RawValue;
use tempfile::TempDir;

use super::*;
use crate::desk::Desk;
use crate::desk::testing::desk_of;
use crate::opening::opening;
use crate::preferences::Preferences;

/// How long anything may take here.
const SOON: Duration = Duration::from_secs(10);

/// A resident whose window is this test.
struct Resident {
    desk: Desk,
    door: Door,
    place: PathBuf,
    folder: TempDir,
    _life: tokio::task::JoinSet<()>,
}

/// A connection as the window's program has it.
struct Shown {
    sender: Sender,
    receiver: Receiver,
}

impl Resident {
    fn with(unload_after: Duration, ends_with_window: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = door::place::of(folder.path(), folder.path());
        let door = Door::open(&place).unwrap();
        let (opener, client) = opening();
        opener.finish(Err(Failure::SignedOut));
        let (window, wished) = window();
        let desk = desk_of(client, window.clone(), folder.path());
        desk.preferences()
            .set(Preferences {
                ends_with_window,
                ..Preferences::default()
            })
            .unwrap();
        // Of the real program it has only the life: the test comes in for it.
        let program = Program {
            file: stand_in(folder.path()),
            door: place.clone(),
            data: folder.path().to_owned(),
        };
        let mut life = tokio::task::JoinSet::new();
        life.spawn(Life::new(&window, wished, (program, unload_after), desk.clone()).run());
        Self {
            desk,
            door,
            place,
            folder,
            _life: life,
        }
    }

    async fn window(&mut self) -> Shown {
        let coming = async {
            let mut line = door::connect(&self.place).await.unwrap();
            line.say(&Hello::Window).await.unwrap();
            line.split()
        };
        let letting_in = async {
            let mut line = self.door.next().await.unwrap();
            assert_eq!(line.first::<Hello>().await.unwrap(), Hello::Window);
            line
        };
        let ((sender, receiver), line) = tokio::join!(coming, letting_in);
        self.desk.window().came_in(line);
        self.until(|sight| sight.visible).await;
        Shown { sender, receiver }
    }

    /// Waits until the program was started this often.
    async fn starts(&self, count: usize) {
        let noted = self.folder.path().join("starts");
        let look = || async { (std::fs::read_to_string(&noted).ok()?.lines().count() == count).then_some(()) };
        test_kit::wait::until("the program to be started", SOON, look)
            .await
            .unwrap();
    }

    /// Lets the program end.
    async fn let_go(&self) {
        tokio::fs::write(self.folder.path().join("let-go"), "").await.unwrap();
    }

    async fn until(&self, wanted: impl FnMut(&Sight) -> bool) {
        let mut sight = self.desk.window().sight();
        let seen = tokio::time::timeout(SOON, sight.wait_for(wanted)).await;
        assert!(seen.is_ok_and(|seen| seen.is_ok()), "the sight did not become so");
    }
}

impl Shown {
    async fn says(&mut self, said: FromWindow) {
        self.sender.say(&said).await.unwrap();
    }

    async fn hears(&mut self) -> ToWindow {
        tokio::time::timeout(SOON, self.receiver.next()).await.unwrap().unwrap()
    }
}

/// A program that notes that it was started and lives until it is let go.
fn stand_in(folder: &Path) -> PathBuf {
    let file = folder.join("stand-in");
    let program = "#!/bin/sh\ncd \"$4\" && echo started >> starts && read -r _ < let-go\n";
    // Another program writes it: this one starts programs at the same time, which would keep it open while it is started.
    let written = std::process::Command::new("sh")
        .args([
            "-c",
            "printf '%s' \"$1\" > \"$0\" && chmod +x \"$0\" && mkfifo \"${0%/*}/let-go\"",
        ])
        .arg(&file)
        .arg(program)
        .status()
        .unwrap();
    assert!(written.success());
    file
}

fn ask(id: u64, command: &str) -> FromWindow {
    FromWindow::Ask {
        id,
        command: command.to_owned(),
        arguments: RawValue::from_string("{}".to_owned()).unwrap(),
    }
}

#[tokio::test]
async fn every_call_is_answered_under_its_number() {
    let mut resident = Resident::with(SOON, false);
    let mut window = resident.window().await;

    window.says(ask(7, "version")).await;
    let ToWindow::Answer {
        id,
        answer: Answer::Done(version),
    } = window.hears().await
    else {
        panic!("not an answer");
    };
    assert_eq!((id, version.get()), (7, concat!("\"", env!("CARGO_PKG_VERSION"), "\"")));

    window.says(ask(8, "dance")).await;
    assert!(matches!(
        window.hears().await,
        ToWindow::Answer {
            id: 8,
            answer: Answer::Wrong(_)
        }
    ));
}

#[tokio::test]
async fn a_window_that_nobody_sees_is_unloaded_after_a_while() {
    let mut resident = Resident::with(Duration::from_millis(50), false);
    let mut window = resident.window().await;

    window.says(FromWindow::Visible(false)).await;

    assert!(matches!(window.hears().await, ToWindow::Close));
}

#[tokio::test]
async fn a_window_that_is_shown_again_in_time_stays() {
    let mut resident = Resident::with(SOON, false);
    let mut window = resident.window().await;
    window.says(FromWindow::Visible(false)).await;
    resident.until(|sight| !sight.visible).await;

    resident.desk.open(None);
    assert!(matches!(window.hears().await, ToWindow::Show));
    window.says(FromWindow::Visible(true)).await;
    resident.until(|sight| sight.visible).await;
}

#[tokio::test]
async fn a_window_that_is_wanted_while_it_leaves_is_started_again() {
    let mut resident = Resident::with(Duration::from_millis(50), false);
    resident.desk.open(None);
    resident.starts(1).await;
    let mut window = resident.window().await;
    window.says(FromWindow::Visible(false)).await;
    assert!(matches!(window.hears().await, ToWindow::Close));

    resident.desk.open(None);
    drop(window);
    resident.let_go().await;

    resident.starts(2).await;
}

#[tokio::test]
async fn a_window_that_does_not_leave_is_ended() {
    let mut resident = Resident::with(Duration::from_millis(50), false);
    resident.desk.open(None);
    resident.starts(1).await;
    let mut window = resident.window().await;
    window.says(FromWindow::Visible(false)).await;
    assert!(matches!(window.hears().await, ToWindow::Close));
    resident.until(|sight| *sight == Sight::default()).await;

    resident.desk.open(None);

    resident.starts(2).await;
}

#[tokio::test]
async fn a_window_that_is_shown_again_at_once_does_not_end_the_app() {
    let mut resident = Resident::with(SOON, true);
    let mut window = resident.window().await;
    window.says(FromWindow::Visible(false)).await;
    resident.until(|sight| !sight.visible).await;

    resident.desk.open(None);
    assert!(matches!(window.hears().await, ToWindow::Show));

    let ended = tokio::time::timeout(life::LAST_WORDS * 2, resident.desk.ending().cancelled()).await;
    assert!(ended.is_err(), "the app ended under an open window");
}

#[tokio::test]
async fn closing_the_window_ends_the_app_where_that_is_wanted() {
    let mut resident = Resident::with(SOON, true);
    let mut window = resident.window().await;

    window.says(FromWindow::Visible(false)).await;

    tokio::time::timeout(SOON, resident.desk.ending().cancelled())
        .await
        .unwrap();
    assert!(matches!(window.hears().await, ToWindow::Close));
}

#[tokio::test]
async fn what_the_person_sees_is_known_until_the_window_is_gone() {
    let mut resident = Resident::with(SOON, false);
    let mut window = resident.window().await;
    window.says(FromWindow::Focus(true)).await;
    resident.until(|sight| sight.focused).await;

    drop(window);

    resident.until(|sight| *sight == Sight::default()).await;
}

#[tokio::test]
async fn a_link_waits_for_the_interface_and_is_taken_once() {
    let mut resident = Resident::with(SOON, false);
    let mut window = resident.window().await;

    resident.desk.open(Some("loquat://open?seq=3".to_owned()));

    assert!(matches!(window.hears().await, ToWindow::Link));
    assert!(matches!(window.hears().await, ToWindow::Show));
    assert_eq!(resident.desk.take_link().as_deref(), Some("loquat://open?seq=3"));
    assert_eq!(resident.desk.take_link(), None);
}

#[tokio::test]
async fn a_second_window_takes_the_place_of_the_first() {
    let mut resident = Resident::with(SOON, false);
    let first = resident.window().await;
    let mut second = resident.window().await;

    drop(first);
    resident.desk.open(None);

    assert!(matches!(second.hears().await, ToWindow::Show));
    resident.until(|sight| sight.visible).await;
}
