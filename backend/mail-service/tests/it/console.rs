//! The program on its own: mails on the terminal in development, and every fault of the settings at once.

use std::process::Stdio;
use std::time::Duration;

use protocol::Email;
use protocol::event::{SEND_OTP, SendOtp};
use service_kit::{Clock, SystemClock};
use test_kit::clock::SettableClock;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

use super::harness::{TEN_MINUTES, open_bus};

const PROGRAM: &str = env!("CARGO_BIN_EXE_mail-service");

#[tokio::test]
async fn in_development_the_whole_mail_is_printed() {
    let folder = tempfile::tempdir().unwrap();
    let bus = open_bus(folder.path(), &SettableClock::at(SystemClock.now()));
    let queue = format!("sqlite:{}", folder.path().join("events.sqlite").display());
    let mut program = Command::new(PROGRAM)
        .arg("--dev")
        .args(["--listen", "127.0.0.1:0", "--broker-url", &queue, "--data-dir"])
        .arg(folder.path().join("mail"))
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let order = SendOtp {
        id: "otp_1".to_owned(),
        email: Email::parse("ada@example.org").unwrap(),
        code: "042137".to_owned(),
        workspace: "Analytical Engines".to_owned(),
        expires_at: SystemClock.now() + TEN_MINUTES,
    };
    bus.publish(SEND_OTP, &order.id, &order, Some(order.expires_at))
        .await
        .unwrap();

    let mut lines = BufReader::new(program.stdout.take().unwrap()).lines();
    let mut printed = Vec::new();
    let read = async {
        while !printed.iter().any(|line: &String| line.contains("Never give the code")) {
            printed.push(
                lines
                    .next_line()
                    .await
                    .unwrap()
                    .expect("the mail should be printed before the end"),
            );
        }
    };
    tokio::time::timeout(Duration::from_secs(30), read)
        .await
        .expect("the mail should be printed");

    assert!(printed.iter().any(|line| line == "To: ada@example.org"), "{printed:?}");
    assert!(
        printed.iter().any(|line| line == "042137"),
        "the code has a line of its own: {printed:?}"
    );
}

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
    for setting in ["SMTP_URL", "MAIL_FROM", "BROKER_URL"] {
        assert!(told.contains(setting), "{setting} is missing in {told}");
    }
}
