//! The program on its own.
#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::Stdio;

use test_kit::wait::PATIENCE;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

const PROGRAM: &str = env!("CARGO_BIN_EXE_chat-service");

/// The program on a developer's machine, with its documents in a folder of their own.
fn program(folder: &Path) -> Command {
    let mut program = Command::new(PROGRAM);
    program
        .arg("--dev")
        .env_clear()
        .env("LISTEN", "127.0.0.1:0")
        .env("OPS_LISTEN", "")
        .env("DATABASE_URL", format!("sqlite:{}", folder.join("documents").display()))
        .env(
            "BROKER_URL",
            format!("sqlite:{}", folder.join("events.sqlite").display()),
        )
        .env("DATA_DIR", folder.join("nothing"))
        .env("JWKS_URL", "http://127.0.0.1:1/.well-known/jwks.json")
        .kill_on_drop(true);
    program
}

async fn start(mut program: Command) -> Child {
    let mut running = program.stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(running.stdout.take().unwrap()).lines();
    let line = tokio::time::timeout(PATIENCE, lines.next_line()).await;
    line.unwrap().unwrap().expect("a line should come");
    running
}

#[tokio::test]
async fn the_folder_of_the_documents_is_held_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let _running = start(program(folder.path())).await;

    let second = program(folder.path()).output().await.unwrap();

    let told = String::from_utf8_lossy(&second.stderr);
    assert_eq!(second.status.code(), Some(1), "{told}");
    assert!(told.contains("is in use by another Loquat server"), "{told}");
    assert!(!folder.path().join("nothing").exists(), "nothing is kept there");
}

#[tokio::test]
async fn operators_see_how_its_engines_are() {
    let folder = tempfile::tempdir().unwrap();
    let operators = a_free_address();
    let mut program = program(folder.path());
    program.env("OPS_LISTEN", operators.to_string());
    let _running = start(program).await;
    drop(rustls::crypto::ring::default_provider().install_default());

    let figures = reqwest::get(format!("http://{operators}/metrics")).await.unwrap();

    let figures = figures.text().await.unwrap();
    for figure in [
        r#"loquat_database_connections{database="chat-database"} 4"#,
        r#"loquat_database_connections{database="events"} 4"#,
        r#"loquat_part_ready{part="chat-database"} 1"#,
        r#"loquat_part_ready{part="token-keys"} 0"#,
        r#"loquat_sockets_closed_total{reason="slow_reader"} 0"#,
    ] {
        assert!(figures.contains(figure), "{figure} is not in {figures}");
    }
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

fn a_free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}
