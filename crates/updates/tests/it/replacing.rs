//! A program takes the place of another: small scripts stand for the app.
#![expect(clippy::unwrap_used, reason = "a harness fails where it stands")]

use std::path::{Path, PathBuf};
use std::time::Duration;

use test_kit::update_server::signature;
use test_kit::wait::{PATIENCE, until};
use updates::install::app_image::AppImage;
use updates::install::{InstallFault, Installer, Next, Successor, Update, WhyNot, installation};
use updates::succession::{Outcome, hand_over};
use updates::{Seal, Version};

use crate::offers::{HERE, Office, file_of};

/// An installed app: a script that says which version it is in a file beside it, and then lives on or ends.
struct Installed {
    folder: tempfile::TempDir,
}

/// What a version does after it has said its name.
const LIVES: &str = "exit 0";
const DIES: &str = "exit 3";

impl Installed {
    fn new() -> Self {
        let installed = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        std::fs::write(installed.app(), script("old", LIVES)).unwrap();
        let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(installed.app(), executable).unwrap();
        installed
    }

    fn app(&self) -> PathBuf {
        self.folder.path().join("Loquat.AppImage")
    }

    /// Installs a new version that was signed as 0.2.0.
    fn install(&self, office: &Office, content: &str) -> Result<Next, InstallFault> {
        let file = self.folder.path().join("fetched");
        std::fs::write(&file, content).unwrap();
        let signature = signature(&office.keys, content.as_bytes(), &file_of("0.2.0"));
        self.install_signed(office, (&file, &signature))
    }

    fn install_signed(&self, office: &Office, (file, signature): (&Path, &str)) -> Result<Next, InstallFault> {
        let seal = Seal::read(signature, &Version::new(0, 2, 0), HERE).unwrap();
        let key = office.key();
        let update = Update {
            file,
            key: &key,
            seal: &seal,
        };
        AppImage::at(&self.app()).install(&update)
    }

    fn content(&self) -> String {
        std::fs::read_to_string(self.app()).unwrap()
    }

    /// Which version said its name last.
    async fn spoke(&self, name: &str) {
        let said = self.folder.path().join("said");
        let is_said = || {
            let text = std::fs::read_to_string(&said).unwrap_or_default();
            std::future::ready(text.ends_with(&format!("{name}\n")).then_some(()))
        };
        until(&format!("{name} to speak"), PATIENCE, is_said).await.unwrap();
    }

    fn hidden(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name.starts_with('.')).collect()
    }
}

fn script(name: &str, then: &str) -> String {
    format!("#!/bin/sh\necho {name} >> \"$(dirname \"$0\")/said\"\n{then}\n")
}

fn successor(next: Next) -> Successor {
    match next {
        Next::Restart(successor) => successor,
        Next::End => panic!("nothing to start"),
    }
}

#[tokio::test]
async fn the_new_version_stands_in_the_place_of_the_old_one_and_runs() {
    let (office, installed) = (Office::open().await, Installed::new());
    let new = script("new", LIVES);

    let next = successor(installed.install(&office, &new).unwrap());
    assert_eq!(installed.content(), new);
    let said = installed.folder.path().join("said");
    let lives = async || said.exists();
    let outcome = hand_over(&next, &[], (lives, PATIENCE)).await.unwrap();

    assert_eq!(outcome, Outcome::Succeeded);
    installed.spoke("new").await;
    AppImage::at(&installed.app()).tidy();
    assert!(installed.hidden().is_empty(), "{:?}", installed.hidden());
    assert_eq!(installed.content(), new);
}

#[tokio::test]
async fn a_new_version_that_ends_at_once_is_replaced_by_the_old_one() {
    let (office, installed) = (Office::open().await, Installed::new());
    let next = successor(installed.install(&office, &script("new", DIES)).unwrap());

    let outcome = hand_over(&next, &[], (async || false, PATIENCE)).await.unwrap();

    assert_eq!(outcome, Outcome::WentBack);
    assert_eq!(installed.content(), script("old", LIVES));
    installed.spoke("old").await;
}

#[tokio::test]
async fn a_new_version_that_cannot_be_started_is_replaced_by_the_old_one() {
    let (office, installed) = (Office::open().await, Installed::new());
    let next = successor(installed.install(&office, "#!/nowhere/at/all\n").unwrap());
    let outcome = hand_over(&next, &[], (async || false, PATIENCE)).await.unwrap();
    assert_eq!(outcome, Outcome::WentBack);
    installed.spoke("old").await;
}

#[tokio::test]
async fn a_new_version_that_is_never_heard_is_replaced_by_the_old_one() {
    let (office, installed) = (Office::open().await, Installed::new());
    let next = successor(installed.install(&office, &script("new", "exec sleep 600")).unwrap());
    let within = Duration::from_millis(300);
    let outcome = hand_over(&next, &[], (async || false, within)).await.unwrap();
    assert_eq!(outcome, Outcome::WentBack);
    installed.spoke("old").await;
}

#[tokio::test]
async fn a_file_that_changed_after_it_was_fetched_is_not_installed() {
    let (office, installed) = (Office::open().await, Installed::new());
    let file = installed.folder.path().join("fetched");
    std::fs::write(&file, "evil").unwrap();
    let signature = signature(&office.keys, b"good", &file_of("0.2.0"));

    let refused = installed.install_signed(&office, (&file, &signature));

    assert!(matches!(refused, Err(InstallFault::Seal(_))), "{refused:?}");
    assert_eq!(installed.content(), script("old", LIVES));
    assert!(installed.hidden().is_empty(), "{:?}", installed.hidden());
}

#[tokio::test]
async fn what_an_install_left_that_was_cut_off_is_in_nobodys_way() {
    let (office, installed) = (Office::open().await, Installed::new());
    std::fs::write(installed.folder.path().join(".Loquat.AppImage.new"), "half").unwrap();
    std::fs::write(installed.folder.path().join(".Loquat.AppImage.old"), "older").unwrap();
    assert_eq!(installed.content(), script("old", LIVES));
    let new = script("new", LIVES);
    installed.install(&office, &new).unwrap();
    assert_eq!(installed.content(), new);
}

#[tokio::test]
async fn a_link_to_the_app_stays_a_link() {
    let (office, installed) = (Office::open().await, Installed::new());
    let link = installed.folder.path().join("loquat");
    std::os::unix::fs::symlink(installed.app(), &link).unwrap();
    let running = updates::install::Running {
        program: PathBuf::from("/tmp/.mount/usr/bin/loquat"),
        app_image: Some((link.clone(), PathBuf::from("/tmp/.mount"))),
    };
    let new = script("new", LIVES);
    let file = installed.folder.path().join("fetched");
    std::fs::write(&file, &new).unwrap();
    let seal = signature(&office.keys, new.as_bytes(), &file_of("0.2.0"));
    let (key, seal) = (office.key(), Seal::read(&seal, &Version::new(0, 2, 0), HERE).unwrap());
    let update = Update {
        file: &file,
        key: &key,
        seal: &seal,
    };

    installation(&running).ok().unwrap().install(&update).unwrap();

    assert!(link.is_symlink());
    assert_eq!(installed.content(), new);
}

#[test]
fn a_program_in_a_folder_of_builds_is_not_installed() {
    let running = updates::install::Running {
        program: std::env::current_exe().unwrap(),
        app_image: None,
    };
    assert_eq!(installation(&running).err(), Some(WhyNot::NotInstalled));
    let in_a_terminal_that_is_one = updates::install::Running {
        app_image: Some((PathBuf::from("/opt/Terminal.AppImage"), PathBuf::from("/tmp/.mount"))),
        ..running
    };
    assert_eq!(
        installation(&in_a_terminal_that_is_one).err(),
        Some(WhyNot::NotInstalled)
    );
}
