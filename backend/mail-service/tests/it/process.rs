//! The program on its own.

use std::path::Path;
use std::process::Stdio;

use test_kit::wait::PATIENCE;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;

const PROGRAM: &str = env!("CARGO_BIN_EXE_mail-service");

/// The program on a developer's machine, with its documents in a folder of their own.
fn program(folder: &Path) -> Command {
    let mut program = Command::new(PROGRAM);
    program
        .arg("--dev")
        .env_clear()
        .env("LISTEN", "127.0.0.1:0")
        .env("DATABASE_URL", format!("sqlite:{}", folder.join("documents").display()))
        .env(
            "BROKER_URL",
            format!("sqlite:{}", folder.join("events.sqlite").display()),
        )
        .env("DATA_DIR", folder.join("nothing"))
        .kill_on_drop(true);
    program
}

#[tokio::test]
async fn the_folder_of_the_documents_is_held_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let mut running = program(folder.path()).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(running.stdout.take().unwrap()).lines();
    let line = tokio::time::timeout(PATIENCE, lines.next_line()).await;
    line.unwrap().unwrap().expect("a line should come");

    let second = program(folder.path()).output().await.unwrap();

    let told = String::from_utf8_lossy(&second.stderr);
    assert_eq!(second.status.code(), Some(1), "{told}");
    assert!(told.contains("is in use by another Loquat server"), "{told}");
    assert!(!folder.path().join("nothing").exists(), "nothing is kept there");
}

#[tokio::test]
async fn a_check_needs_nothing_but_the_database() {
    let folder = tempfile::tempdir().unwrap();
    let data_dir = folder.path().join("nothing");
    let checked = Command::new(PROGRAM)
        .arg("--check")
        .env_clear()
        .env("DATA_DIR", &data_dir)
        .output()
        .await
        .unwrap();
    assert!(checked.status.success(), "{checked:?}");
    assert!(!data_dir.exists(), "looking makes nothing");
}
