//! What a file for support says, and above all what it does not.

use std::io::Read;
use std::sync::Arc;

use client::network::{CaFault, CaProblem, CertificateFault, CertificateProblem, NoDesktop, ProxyFault};
use client::probe::{SkipReason, StepKind, StepOutcome, TestStep};
use client::{ClientSettings, MemorySecrets, Network, NetworkSettings};
use policy::{Policy, PolicyRow, PolicyView, Reading};
use protocol::ConversationId;
use protocol::rest::identity::Device;

use super::*;
use crate::desk::testing::desk_of;
use crate::network::{NetworkChoice, NetworkView, ProxyMode};
use crate::notifications::NotifyProblem;
use crate::notifications::journal::{JournalLine, Outcome};
use crate::opening::opening;
use crate::preferences::Preferences;
use crate::window::window;

/// What must never leave this computer: words that stand for every kind of it.
const SECRETS: [&str; 12] = [
    "tok_3f9a",
    "123456789",
    "ada@example.org",
    "the secret plan",
    "correct horse",
    "proxy.inside.example",
    "fileserver.example",
    "/home/ada",
    "Ada Lovelace",
    "adauser",
    "other.example",
    "c_conversation",
];

/// Every text of the zip, with the names of its files.
fn texts(zipped: Vec<u8>) -> Vec<(String, String)> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(zipped)).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    let text = |name: String| {
        let mut text = String::new();
        archive.by_name(&name).unwrap().read_to_string(&mut text).unwrap();
        (name, text)
    };
    names.into_iter().map(text).collect()
}

fn all() -> String {
    SECRETS.join(" ")
}

fn failed(kind: StepKind, failure: Failure) -> TestStep {
    TestStep {
        kind,
        took_ms: 7,
        outcome: StepOutcome::Failed { failure },
    }
}

/// A test in which every text that can come from elsewhere is full of secrets.
fn poisoned_test() -> ConnectionTest {
    let certificate = CertificateFault {
        problem: CertificateProblem::WrongName,
        subject: all(),
        issuer: all(),
        names: vec![all()],
        valid_from: Some(1),
        valid_until: Some(2),
        fingerprint: "AB:CD".to_owned(),
        looked_at: 3,
    };
    let (address, detail) = (all(), all());
    ConnectionTest {
        server: "https://chat.example.org".to_owned(),
        started_at: 5,
        proxy: Some(all()),
        steps: vec![
            TestStep {
                kind: StepKind::Dns,
                took_ms: 3,
                outcome: StepOutcome::Fine { detail: all() },
            },
            failed(StepKind::Tcp, Failure::Unreachable { address, detail }),
            failed(
                StepKind::Proxy,
                Failure::Proxy {
                    proxy: all(),
                    fault: ProxyFault::Refused { detail: all() },
                },
            ),
            failed(
                StepKind::Tls,
                Failure::CertificateNotTrusted {
                    address: all(),
                    certificate: Box::new(certificate),
                },
            ),
            TestStep {
                kind: StepKind::Socket,
                took_ms: 0,
                outcome: StepOutcome::Skipped {
                    why: SkipReason::OutOfReach,
                },
            },
        ],
        done: true,
    }
}

fn poisoned() -> Facts {
    let network = NetworkView {
        choice: NetworkChoice {
            mode: ProxyMode::Manual,
            proxy: all(),
            bypass: vec![all()],
            extra_ca_file: all(),
        },
        proxy_decided: false,
        ca_decided: false,
        proxy_in_use: Some(format!("http://{}", all())),
        user: Some(all()),
        login_for_this_run: true,
        ca_fault: Some(CaFault {
            file: all(),
            problem: CaProblem::Unreadable { detail: all() },
        }),
    };
    let row = |key: &str, value: String| PolicyRow {
        key: key.to_owned(),
        value,
        place: all(),
        fixed: true,
    };
    let line = format!(
        r#"{{"timestamp":"2026-10-14T09:41:00Z","level":"WARN","target":"client::rest","fields":{{"message":"{0}","error":"{0}","code":"{0}","tries":4}}}}"#,
        all()
    );
    let problem = NotifyProblem::Refused { detail: all() };
    Facts {
        system: "Debian GNU/Linux 12".to_owned(),
        now: 9,
        preferences: Preferences::default(),
        network,
        policy: PolicyView {
            rows: vec![row("proxy_url", all()), row("proxy_mode", "\"manual\"".to_owned())],
            faults: Vec::new(),
        },
        test: Some(poisoned_test()),
        store: None,
        journal: vec![JournalLine {
            at: 11,
            conversation: ConversationId::from_random(77),
            seq: 424_242,
            outcome: Outcome::Failed { problem },
        }],
        crash: None,
        log: format!("{line}\n{}\n", all()),
    }
}

#[test]
fn no_secret_comes_into_the_file_by_any_way() {
    let files = texts(bundle::zip(&poisoned()).unwrap());
    assert_eq!(files.len(), 8);
    let conversation = ConversationId::from_random(77).to_string();
    for (name, text) in &files {
        for secret in SECRETS.into_iter().chain([conversation.as_str(), "424242"]) {
            assert!(!text.contains(secret), "{secret:?} is in {name}: {text}");
        }
    }
    let whole = files.iter().map(|(_, text)| text.as_str()).collect::<String>();
    for useful in [
        "https://chat.example.org",
        "wrong_name",
        "AB:CD",
        "client::rest",
        "tries=4",
        "unreadable",
        "manual",
        "Debian",
    ] {
        assert!(whole.contains(useful), "{useful} is missing: {whole}");
    }
}

#[tokio::test]
async fn a_whole_app_with_secrets_in_it_saves_a_file_without_them() {
    let folder = tempfile::tempdir().unwrap();
    let settings = ClientSettings {
        data_dir: folder.path().join("data"),
        device: Device {
            name: "Ada Lovelace".to_owned(),
            system: "Debian".to_owned(),
        },
        servers: client::Servers {
            offered: vec!["http://127.0.0.1:9".to_owned()],
            only_these: false,
        },
        history: client::HistoryLimit::default(),
        network: Network::new(NetworkSettings::default(), Arc::new(NoDesktop)),
    };
    let client = Client::open(settings, Arc::new(MemorySecrets::default()))
        .await
        .unwrap();
    let (opener, opened) = opening();
    opener.finish(Ok(client));
    let desk = desk_of(opened, window().0, folder.path());
    desk.network()
        .choose(NetworkChoice {
            mode: ProxyMode::Manual,
            proxy: "http://proxy.inside.example:3128".to_owned(),
            bypass: vec!["fileserver.example".to_owned()],
            extra_ca_file: "/home/ada/ca.pem".to_owned(),
        })
        .unwrap();
    let log = log_file::LogFile::open(&folder.path().join(LOG));
    log.unwrap()
        .write(b"{\"secret\": \"tok_3f9a\"}\nthe secret plan\n")
        .unwrap();

    let files = texts(desk.support().bundle(&desk).await.unwrap());

    for (name, text) in &files {
        for secret in SECRETS {
            assert!(!text.contains(secret), "{secret:?} is in {name}: {text}");
        }
    }
    let (_, connection) = files.iter().find(|(name, _)| name == "connection.json").unwrap();
    assert!(
        connection.contains("http://127.0.0.1:9") && connection.contains("unreachable"),
        "{connection}"
    );
    let (_, store) = files.iter().find(|(name, _)| name == "store.json").unwrap();
    assert!(store.contains("\"conversations\": 0"), "{store}");
}

#[test]
fn a_level_counts_at_the_next_start_too_unless_it_is_decided() {
    let folder = tempfile::tempdir().unwrap();
    let view = Support::testing(folder.path()).set_level(LogLevel::Debug).unwrap();
    assert_eq!((view.log_level, view.log_decided), (LogLevel::Debug, false));
    assert_eq!(Support::testing(folder.path()).view().log_level, LogLevel::Debug);

    let policy = Policy {
        log_level: Some(policy::LogLevel::Warn),
        allow_diagnostics: Some(false),
        ..Policy::default()
    };
    let decided = Organisation::of(Reading {
        policy,
        ..Reading::default()
    });
    let view = Support::of(folder.path(), None, &decided).view();

    assert_eq!(
        (view.log_level, view.log_decided, view.allowed),
        (LogLevel::Warn, true, false)
    );
}
