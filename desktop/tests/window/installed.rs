//! The app as a package on a machine of its own: used, upgraded while it runs, removed. The desk stands outside: display,
//! session bus and keychain are the machine's, and the app has nothing but what its package asked for.

use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use test_kit::wait::PATIENCE;
use tokio::process::Command;

use crate::desk::{Desk, Keyring, Theme};
use crate::resident::Resident;
use crate::{ADA, BEN, Office, secrets, steps};

/// How long installing may take on a slow disk.
const INSTALLING: std::time::Duration = std::time::Duration::from_mins(5);

/// A machine with the older package on it.
struct Machine {
    /// `LOQUAT_CLEAN_ROOT`: runs a program on it.
    enter: PathBuf,
    /// `LOQUAT_NEWER_PACKAGE`: the package that replaces the older one.
    newer: PathBuf,
    /// `LOQUAT_NEWER_VERSION`: what that one says of itself.
    version: String,
}

impl Machine {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the place where this story's settings are read"
    )]
    fn find() -> anyhow::Result<Self> {
        let setting = |name: &str| std::env::var(name).with_context(|| format!("{name} is not set"));
        Ok(Self {
            enter: setting("LOQUAT_CLEAN_ROOT")?.into(),
            newer: setting("LOQUAT_NEWER_PACKAGE")?.into(),
            version: setting("LOQUAT_NEWER_VERSION")?,
        })
    }

    /// Installs the newer package, which it finds in this folder as well.
    async fn upgrade(&self, folder: &Path) -> anyhow::Result<()> {
        let package = folder.join("loquat.deb");
        std::fs::copy(&self.newer, &package)?;
        let package = package.to_str().context("a folder without a proper name")?;
        self.run(&["apt-get", "install", "-q", "-y", package]).await?;
        let installed = self
            .run(&["dpkg-query", "--show", "--showformat=${Version}", "loquat"])
            .await?;
        ensure!(installed == self.version, "{installed} is installed");
        Ok(())
    }

    async fn remove(&self) -> anyhow::Result<()> {
        self.run(&["apt-get", "remove", "-q", "-y", "loquat"]).await?;
        let gone = ["sh", "-c", "! command -v loquat && ! test -e /usr/lib/loquat"];
        self.run(&gone).await.context("the app is still there")?;
        Ok(())
    }

    async fn run(&self, words: &[&str]) -> anyhow::Result<String> {
        let mut command = Command::new(&self.enter);
        command
            .args(words)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .kill_on_drop(true);
        let output = tokio::time::timeout(INSTALLING, command.output())
            .await
            .with_context(|| format!("{words:?} took too long"))??;
        ensure!(output.status.success(), "{words:?} failed: {output:?}");
        Ok(String::from_utf8(output.stdout)?)
    }
}

#[tokio::test]
#[ignore = "needs a machine with the package on it: cargo xtask prove package"]
async fn an_installed_app_is_upgraded_under_the_person_and_removed() -> anyhow::Result<()> {
    let machine = Machine::find()?;
    let office = Office::open("installed").await?;
    let ben = office.colleague().await?;
    let desk = office.desk(Keyring::Unlocked, Theme::Light).await?;
    let resident = Resident::start(&office, &desk).await?;
    let app = resident.window(&office, &desk).await?;
    steps::sign_in(&app, &office.server.url(), ADA, &office.post).await?;
    steps::start_conversation(&app, BEN).await?;
    steps::write(&app, BEN, "Written with the old version.").await?;
    steps::sees_once(&app, "Written with the old version.", "stored").await?;
    println!("   signed in on the older version, and wrote a message that is stored");

    machine.upgrade(office.folder.path()).await?;
    steps::write(&app, BEN, "Written over the upgrade.").await?;
    steps::sees_once(&app, "Written over the upgrade.", "stored").await?;
    app.hide().await;
    app.leave().await?;
    resident.window_is_unloaded().await?;
    start_again(&office, &desk).await?;
    let app = resident.window(&office, &desk).await?;
    steps::sees_once(&app, "Written over the upgrade.", "stored").await?;
    app.leave().await?;
    resident.end().await?;
    println!("   upgraded under the running app, which went on and opened a window of the new version");

    let resident = Resident::start(&office, &desk).await?;
    let app = resident.window(&office, &desk).await?;
    steps::open_conversation(&app, BEN).await?;
    steps::write(&app, BEN, "Written with the new version.").await?;
    steps::sees_once(&app, "Written with the new version.", "stored").await?;
    app.picture("5-new-version").await?;
    let all = [
        "Written with the old version.",
        "Written over the upgrade.",
        "Written with the new version.",
    ];
    ben.sees(&ben.conversation().await?.id, &all).await?;
    app.leave().await?;
    resident.end().await?;
    println!("   started anew on the newer version: still signed in, all three messages there");

    machine.remove().await?;
    ensure!(
        desk.app_data().join("profile.lock").exists(),
        "the person's data is gone"
    );
    secrets::are_in_no_file(&desk.kept_secret().await?, &desk.app_data())?;
    machine.upgrade(office.folder.path()).await?;
    let resident = Resident::start(&office, &desk).await?;
    let app = resident.window(&office, &desk).await?;
    steps::open_conversation(&app, BEN).await?;
    steps::sees_once(&app, "Written with the new version.", "stored").await?;
    app.leave().await?;
    resident.end().await?;
    println!("   removed and installed again: the person's messages and their session were kept");
    Ok(())
}

/// What a person does who wants to see the app: starts it, although it runs.
async fn start_again(office: &Office, desk: &Desk) -> anyhow::Result<()> {
    let second = tokio::time::timeout(PATIENCE, desk.command(&office.programs.app).status()).await??;
    ensure!(second.success(), "the second start ended with {second}");
    Ok(())
}
