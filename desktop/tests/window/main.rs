//! The product end to end: the real app in its real window, a real server, a real mail server, a real keychain.
//!
//! Needs Xvfb, dbus-daemon, gnome-keyring, secret-tool and `WebKitWebDriver`, and both programs built. It keeps
//! a picture of every step.

#![cfg(target_os = "linux")]
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "figures are what some of it is run for, and a poisoned lock has nothing to say but where"
)]

mod app;
mod colleague;
mod desk;
mod devices;
mod hundred;
mod installed;
mod keyboard;
mod names;
mod notes;
mod notification_service;
mod panel;
mod people;
mod programs;
mod resident;
mod secrets;
mod speed;
mod steps;
mod weighs;
mod weight;
mod without_a_mouse;

use anyhow::Context;
use app::App;
use colleague::Colleague;
use desk::{Desk, Keyring, Theme};
use programs::Programs;
use tempfile::TempDir;
use test_kit::server::{self, Server, ServerSettings};
use test_kit::smtp::{SmtpServer, SmtpSettings};
use test_kit::wait::{self, PATIENCE};

const ADA: &str = "ada@example.org";
const BEN: &str = "Ben Okafor";

/// The world around one person's desk.
struct Office {
    programs: Programs,
    folder: TempDir,
    post: SmtpServer,
    server: Server,
}

impl Office {
    async fn open(story: &str) -> anyhow::Result<Self> {
        Self::open_with(story, &[]).await
    }

    /// An office whose server has these settings as well.
    async fn open_with(story: &str, environment: &[(&str, &str)]) -> anyhow::Result<Self> {
        let mut programs = Programs::find()?;
        programs.pictures.push(story);
        if programs.pictures.exists() {
            std::fs::remove_dir_all(&programs.pictures)?;
        }
        std::fs::create_dir_all(&programs.pictures)?;
        let folder = tempfile::tempdir()?;
        let post = SmtpServer::start(SmtpSettings::default()).await?;
        let mut settings = ServerSettings::under(&programs.server, folder.path()).with("SMTP_URL", &post.url());
        for (name, value) in environment {
            settings = settings.with(name, value);
        }
        let server = Server::start(settings).await?;
        Ok(Self {
            programs,
            folder,
            post,
            server,
        })
    }

    /// The colleague signs in first, so the person at the desk can find them.
    async fn colleague(&self) -> anyhow::Result<Colleague> {
        Colleague::sign_in(
            &self.folder.path().join("elsewhere"),
            &self.server.url(),
            &self.post,
            BEN,
        )
        .await
    }

    async fn desk(&self, keyring: Keyring, theme: Theme) -> anyhow::Result<Desk> {
        Desk::set_up(&self.folder.path().join("desk"), keyring, theme).await
    }

    async fn start_app(&self, desk: &Desk) -> anyhow::Result<App> {
        App::start(desk, &self.programs.app, &self.programs.pictures).await
    }

    async fn signed_in(&self, desk: &Desk) -> anyhow::Result<App> {
        let app = self.start_app(desk).await?;
        steps::sign_in(&app, &self.server.url(), ADA, &self.post).await?;
        Ok(app)
    }
}

#[tokio::test]
async fn a_conversation_survives_a_restart_of_everything() -> anyhow::Result<()> {
    let mut office = Office::open("restart").await?;
    let ben = office.colleague().await?;
    let desk = office.desk(Keyring::Unlocked, Theme::Light).await?;
    let app = office.signed_in(&desk).await?;

    steps::start_conversation(&app, BEN).await?;
    steps::write(&app, BEN, "Hello Ben, the report is **ready**.").await?;
    steps::sees_once(&app, "the report is ready", "stored").await?;
    let conversation = ben.conversation().await?.id;
    ben.sees(&conversation, &["Hello Ben, the report is **ready**."])
        .await?;
    ben.write(&conversation, "Thanks, I read it tonight.").await?;
    steps::sees_once(&app, "I read it tonight", "stored").await?;
    app.picture("5-conversation").await?;
    secrets::are_in_no_file(&desk.kept_secret().await?, &desk.app_data())?;
    secrets::no_token_in(&desk.app_data())?;

    app.kill().await?;
    office.server.kill().await?;
    desk.switch_off().await?;
    office.server.restart().await?;
    let desk = office.desk(Keyring::Unlocked, Theme::Light).await?;
    let app = office.start_app(&desk).await?;

    steps::open_conversation(&app, BEN).await?;
    steps::sees_once(&app, "the report is ready", "stored").await?;
    steps::sees_once(&app, "I read it tonight", "stored").await?;
    steps::write(&app, BEN, "Good morning.").await?;
    steps::sees_once(&app, "Good morning.", "stored").await?;
    ben.write(&conversation, "Morning. It is good.").await?;
    steps::sees_once(&app, "Morning. It is good.", "stored").await?;
    let all = [
        "Hello Ben, the report is **ready**.",
        "Thanks, I read it tonight.",
        "Good morning.",
        "Morning. It is good.",
    ];
    ben.sees(&conversation, &all).await?;
    app.count("[data-testid=conversation-row]", "unread", 0).await?;
    app.picture("6-after-the-restart").await?;
    app.close().await
}

#[tokio::test]
async fn what_is_written_without_a_server_is_sent_when_it_returns() -> anyhow::Result<()> {
    let mut office = Office::open("offline").await?;
    let ben = office.colleague().await?;
    let desk = office.desk(Keyring::Unlocked, Theme::Dark).await?;
    let app = office.signed_in(&desk).await?;
    steps::start_conversation(&app, BEN).await?;
    steps::write(&app, BEN, "Written in the evening.").await?;
    steps::sees_once(&app, "Written in the evening.", "stored").await?;
    let conversation = ben.conversation().await?.id;
    ben.write(&conversation, "Read in the evening.").await?;
    steps::sees_once(&app, "Read in the evening.", "stored").await?;
    app.picture("5-conversation").await?;

    app.close().await?;
    office.server.stop().await?;
    let app = office.start_app(&desk).await?;
    steps::open_conversation(&app, BEN).await?;
    steps::sees_once(&app, "Written in the evening.", "stored").await?;
    steps::sees_once(&app, "Read in the evening.", "stored").await?;
    steps::write(&app, BEN, "Written on the train.").await?;
    steps::sees_once(&app, "Written on the train.", "pending").await?;
    app.find("[data-testid=connection][data-state=offline]").await?;
    app.picture("6-without-the-server").await?;

    office.server.restart().await?;
    steps::sees_once(&app, "Written on the train.", "stored").await?;
    ben.sees(
        &conversation,
        &[
            "Written in the evening.",
            "Read in the evening.",
            "Written on the train.",
        ],
    )
    .await?;
    app.picture("7-back").await?;
    app.close().await
}

#[tokio::test]
async fn without_a_keychain_the_session_lasts_for_this_run() -> anyhow::Result<()> {
    let said = "This computer has no keychain, so you are signed in for this run only.";
    for_this_run_only("no-keychain", Keyring::Missing, said).await
}

#[tokio::test]
async fn with_a_locked_keychain_the_session_lasts_for_this_run() -> anyhow::Result<()> {
    let said = "The keychain is locked, so you are signed in for this run only.";
    for_this_run_only("locked-keychain", Keyring::Locked, said).await
}

/// Signs in, is told that the session is not kept, and has to sign in again at the next start.
async fn for_this_run_only(story: &str, keyring: Keyring, said: &str) -> anyhow::Result<()> {
    let office = Office::open(story).await?;
    let desk = office.desk(keyring, Theme::Light).await?;
    let app = office.signed_in(&desk).await?;
    app.shows(said).await?;
    app.picture("4-said").await?;
    secrets::no_token_in(&desk.app_data())?;

    app.close().await?;
    let app = office.start_app(&desk).await?;
    app.named("textbox", "E-mail").await?;
    app.picture("5-signed-out-again").await?;
    app.close().await
}

#[tokio::test]
async fn a_first_look_at_the_demonstration_is_no_empty_room() -> anyhow::Result<()> {
    let office = Office::open_with("first-look", &[("DEMONSTRATION_PEOPLE", "12")]).await?;
    for (theme, name) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
        let desk = Desk::set_up(&office.folder.path().join(name), Keyring::Unlocked, theme).await?;
        let app = office.start_app(&desk).await?;
        steps::sign_in(
            &app,
            &office.server.url(),
            &format!("robin.{name}@example.org"),
            &office.post,
        )
        .await?;
        // The list moves while people write to the newcomer; when all of it is there, it stands still.
        app.count("[data-testid=conversation-row]", "", 5).await?;
        app.press("engineering…").await?;
        steps::sees_once(&app, "Then let us build that one.", "stored").await?;
        app.picture(name).await?;
        app.close().await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_second_start_ends_at_once_and_the_first_ends_when_told() -> anyhow::Result<()> {
    let office = Office::open("second-start").await?;
    let desk = office.desk(Keyring::Missing, Theme::Light).await?;
    let program = &office.programs.app;
    let mut first = desk.command(program).spawn()?;
    let door = desk.app_data().join("window.sock");
    wait::until("the first window", PATIENCE, || {
        std::future::ready(door.exists().then_some(()))
    })
    .await?;

    let second = tokio::time::timeout(PATIENCE, desk.command(program).status()).await??;
    anyhow::ensure!(second.success(), "the second start ended with {second}");
    anyhow::ensure!(first.try_wait()?.is_none(), "the first start ended by the second");

    server::terminate(first.id().context("the first start has ended")?).await?;
    let ended = tokio::time::timeout(PATIENCE, first.wait()).await??;
    anyhow::ensure!(ended.success(), "the first start ended with {ended}");
    Ok(())
}
