//! The program on its own.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::EncodePrivateKey as _;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use event_bus::Bus;
use protocol::event::{SEND_OTP, SendOtp};
use protocol::rest::identity::{CodeRequest, CodeRequested, Device, TokenRequest, Tokens};
use service_kit::SystemClock;
use test_kit::engines::{MongoDatabase, redis_url};
use test_kit::wait::{PATIENCE, until};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

const PROGRAM: &str = env!("CARGO_BIN_EXE_user-service");

#[tokio::test]
async fn without_settings_it_ends_with_2_and_names_what_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let ended = Command::new(PROGRAM)
        .arg("--data-dir")
        .arg(folder.path())
        .env_clear()
        .output()
        .await
        .unwrap();
    let told = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(2), "{told}");
    for setting in [
        "SIGN_IN_DOMAINS",
        "FIRST_ADMIN",
        "CODE_PEPPER",
        "SIGNING_KEY_FILE",
        "BROKER_URL",
        "CACHE_URL",
    ] {
        assert!(told.contains(setting), "{setting} is missing in {told}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing was made");
}

/// The program with all that a node among others needs, and nothing that it would keep for itself.
fn a_node(folder: &Path, database: &MongoDatabase) -> Command {
    let key = folder.join("signing-key.pem");
    let made = SigningKey::from_bytes(&[7; 32]).to_pkcs8_pem(LineEnding::LF).unwrap();
    std::fs::write(&key, made.as_bytes()).unwrap();
    let mut program = Command::new(PROGRAM);
    program
        .env_clear()
        .env("LISTEN", "127.0.0.1:0")
        .env("DATABASE_URL", database.url())
        .env("CACHE_URL", redis_url())
        .env(
            "BROKER_URL",
            format!("sqlite:{}", folder.join("events.sqlite").display()),
        )
        .env("DATA_DIR", folder.join("nothing"))
        .env("CODE_PEPPER", "p".repeat(32))
        .env("SIGNING_KEY_FILE", key)
        .env("SIGN_IN_DOMAINS", "example.org")
        .env("FIRST_ADMIN", "root@example.org")
        .kill_on_drop(true);
    program
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn a_node_among_others_keeps_nothing_for_itself_and_makes_the_indexes() {
    let (folder, database) = (tempfile::tempdir().unwrap(), MongoDatabase::fresh());
    let check = async || a_node(folder.path(), &database).arg("--check").output().await.unwrap();
    let missing = check().await;
    let told = String::from_utf8_lossy(&missing.stdout);
    assert_eq!(missing.status.code(), Some(1), "{told}");
    assert!(told.contains("missing: people (email_key, unique)"), "{told}");

    let operators = a_free_address();
    let mut program = a_node(folder.path(), &database)
        .env("OPS_LISTEN", operators.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(program.stdout.take().unwrap()).lines();
    let line = tokio::time::timeout(PATIENCE, lines.next_line()).await;
    line.unwrap().unwrap().expect("a line should come");
    let is_complete = async || check().await.status.success().then_some(());
    until("all indexes", PATIENCE, is_complete).await.unwrap();

    assert!(!folder.path().join("nothing").exists(), "it has no folder of its own");
    drop(rustls::crypto::ring::default_provider().install_default());
    let connected = async || {
        let figures = reqwest::get(format!("http://{operators}/metrics")).await.ok()?;
        let figures = figures.text().await.ok()?;
        let open = figure(&figures, r#"loquat_database_connections{database="users"}"#)?;
        let cache = figure(&figures, r#"loquat_part_ready{part="cache"}"#)?;
        (open > 0 && cache == 1).then_some(())
    };
    until("connections among the figures", PATIENCE, connected)
        .await
        .unwrap();
}

fn a_free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

fn figure(figures: &str, name: &str) -> Option<u32> {
    let line = figures.lines().find_map(|line| line.strip_prefix(name));
    line?.trim().parse().ok()
}

#[tokio::test]
async fn in_development_it_signs_somebody_in_with_a_code_from_the_queue() {
    let folder = tempfile::tempdir().unwrap();
    let queue = folder.path().join("events.sqlite");
    let mut program = Command::new(PROGRAM)
        .args([
            "--dev",
            "--listen",
            "127.0.0.1:0",
            "--broker-url",
            &format!("sqlite:{}", queue.display()),
            "--data-dir",
        ])
        .arg(folder.path().join("users"))
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(program.stdout.take().unwrap()).lines();
    let line = tokio::time::timeout(PATIENCE, lines.next_line())
        .await
        .unwrap()
        .unwrap()
        .expect("a line should come");
    let address = line.rsplit(' ').next().unwrap().to_owned();
    drop(rustls::crypto::ring::default_provider().install_default());
    let client = reqwest::Client::builder()
        .timeout(Duration::from_secs(20))
        .build()
        .unwrap();

    let request = CodeRequest {
        email: "ada@example.org".to_owned(),
    };
    let asked = client
        .post(format!("{address}/v1/auth/code"))
        .json(&request)
        .send()
        .await
        .unwrap();
    let asked: CodeRequested = asked.json().await.unwrap();
    let bus = Bus::open_sqlite(&queue, Arc::new(SystemClock)).unwrap();
    let mut mails = bus.consume(SEND_OTP).await;
    let mail = tokio::time::timeout(PATIENCE, mails.next())
        .await
        .expect("a mail should be queued");
    let mail: SendOtp = serde_json::from_slice(&mail.payload).unwrap();

    let device = Device {
        name: "desk".to_owned(),
        system: "Debian 12".to_owned(),
    };
    let request = TokenRequest::Code {
        request: asked.request,
        code: mail.code,
        device,
    };
    let answer = client
        .post(format!("{address}/v1/auth/token"))
        .json(&request)
        .send()
        .await
        .unwrap();
    let tokens: Tokens = answer.json().await.unwrap();
    assert_eq!(tokens.expires_in_s, 600);
}
