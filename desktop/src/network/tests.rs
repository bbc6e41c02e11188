//! What is chosen, decided and kept.

use async_trait::async_trait;
use client::network::NoDesktop;
use client::{MemorySecrets, SecretError};
use policy::{Policy, Reading};

use super::*;

const SERVER: &str = "https://chat.example.org";

fn nothing_decided() -> (Organisation, Option<PathBuf>) {
    decided(Policy::default())
}

fn decided(policy: Policy) -> (Organisation, Option<PathBuf>) {
    let reading = Reading {
        policy,
        ..Reading::default()
    };
    (Organisation::of(reading), Some(PathBuf::from("/environment/ca.pem")))
}

fn by_hand() -> NetworkChoice {
    NetworkChoice {
        mode: ProxyMode::Manual,
        proxy: "proxy.example.org:3128".to_owned(),
        bypass: vec!["intranet.example.org".to_owned(), " ".to_owned()],
        extra_ca_file: String::new(),
    }
}

fn ada() -> ProxyLoginChoice {
    ProxyLoginChoice {
        user: "ada".to_owned(),
        password: "correct horse".to_owned(),
    }
}

#[tokio::test]
async fn a_proxy_is_used_at_once_and_after_a_restart_and_its_password_lies_in_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let secrets = Arc::new(MemorySecrets::default());
    let open = || {
        NetworkDesk::of(
            folder.path(),
            nothing_decided(),
            Arc::clone(&secrets) as _,
            Arc::new(NoDesktop),
        )
    };
    let desk = open();
    desk.choose(by_hand()).unwrap();
    desk.set_login(Some(ada()), SERVER).await.unwrap();
    let view = desk.view(SERVER).await;
    assert_eq!(view.proxy_in_use.as_deref(), Some("http://proxy.example.org:3128"));
    assert_eq!(view.choice.bypass, ["intranet.example.org"]);
    assert_eq!((view.user.as_deref(), view.login_for_this_run), (Some("ada"), false));

    let again = open();
    let network = again.ready().await;

    let login = network.settings().login.unwrap();
    assert_eq!((login.user.as_str(), login.password.as_str()), ("ada", "correct horse"));
    assert_eq!(again.view(SERVER).await.choice, view.choice);
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let content = std::fs::read_to_string(file.unwrap().path()).unwrap();
        assert!(
            !content.contains("correct horse") && !content.contains("ada"),
            "{content}"
        );
    }

    again.set_login(None, SERVER).await.unwrap();
    assert_eq!(secrets.load().await, Ok(None));
    assert_eq!(again.view(SERVER).await.user, None);
}

#[tokio::test]
async fn a_login_is_bound_to_the_proxy_it_was_typed_for() {
    let folder = tempfile::tempdir().unwrap();
    let desk = NetworkDesk::testing(folder.path());
    desk.choose(by_hand()).unwrap();
    desk.set_login(Some(ada()), SERVER).await.unwrap();

    desk.choose(NetworkChoice {
        proxy: "socks5://elsewhere:1080".to_owned(),
        ..by_hand()
    })
    .unwrap();

    assert_eq!(desk.view(SERVER).await.user, None);
    let url = Url::parse(SERVER).unwrap();
    let route = desk.0.network.route(&url).await;
    assert!(!format!("{route:?}").contains("ProxyLogin"), "{route:?}");
}

#[tokio::test]
async fn what_the_organisation_decided_counts_whatever_was_chosen() {
    let folder = tempfile::tempdir().unwrap();
    let policy = Policy {
        proxy_mode: Some(policy::ProxyMode::Manual),
        proxy_url: Some("http://decided.example.org:8080".to_owned()),
        proxy_bypass: Some(vec!["near.example.org".to_owned()]),
        extra_ca_file: Some("/etc/ssl/decided.pem".to_owned()),
        ..Policy::default()
    };
    let desk = NetworkDesk::of(
        folder.path(),
        decided(policy),
        Arc::new(MemorySecrets::default()),
        Arc::new(NoDesktop),
    );
    desk.choose(NetworkChoice::default()).unwrap();

    let view = desk.view(SERVER).await;

    assert!(view.proxy_decided && view.ca_decided);
    assert_eq!(view.choice.mode, ProxyMode::Manual);
    assert_eq!(view.proxy_in_use.as_deref(), Some("http://decided.example.org:8080"));
    assert_eq!(desk.view("https://near.example.org").await.proxy_in_use, None);
    assert_eq!(
        desk.0.network.settings().extra_ca_file,
        Some(PathBuf::from("/etc/ssl/decided.pem"))
    );
}

#[tokio::test]
async fn a_file_of_authorities_is_the_persons_before_the_environments() {
    let folder = tempfile::tempdir().unwrap();
    let desk = NetworkDesk::of(
        folder.path(),
        nothing_decided(),
        Arc::new(MemorySecrets::default()),
        Arc::new(NoDesktop),
    );
    let file = || desk.0.network.settings().extra_ca_file.unwrap().display().to_string();
    assert_eq!(file(), "/environment/ca.pem");

    desk.choose(NetworkChoice {
        extra_ca_file: "/home/ada/ca.pem".to_owned(),
        ..NetworkChoice::default()
    })
    .unwrap();

    assert_eq!(file(), "/home/ada/ca.pem");
    let fault = desk.view(SERVER).await.ca_fault.unwrap();
    assert_eq!(fault.file, "/home/ada/ca.pem");
}

#[tokio::test]
async fn what_is_no_proxy_is_refused_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let desk = NetworkDesk::testing(folder.path());
    for typed in ["", "ftp://proxy", "http://ada:secret@proxy:1"] {
        let refused = desk.choose(NetworkChoice {
            proxy: typed.to_owned(),
            ..by_hand()
        });
        assert!(matches!(refused, Err(Failure::InvalidAddress { .. })), "{typed}");
    }
    assert_eq!(desk.view(SERVER).await.choice, NetworkChoice::default());
}

/// A keychain that is locked.
struct Locked;

#[async_trait]
impl SecretStore for Locked {
    async fn load(&self) -> Result<Option<String>, SecretError> {
        Err(SecretError::Locked)
    }

    async fn save(&self, _secret: &str) -> Result<(), SecretError> {
        Err(SecretError::Locked)
    }

    async fn clear(&self) -> Result<(), SecretError> {
        Err(SecretError::Locked)
    }
}

#[tokio::test]
async fn without_a_keychain_a_login_lasts_for_this_run_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let desk = NetworkDesk::of(folder.path(), nothing_decided(), Arc::new(Locked), Arc::new(NoDesktop));
    desk.choose(by_hand()).unwrap();

    desk.set_login(Some(ada()), SERVER).await.unwrap();

    let view = desk.view(SERVER).await;
    assert_eq!((view.user.as_deref(), view.login_for_this_run), (Some("ada"), true));
    assert!(desk.0.network.settings().login.is_some());
}
