//! The rules on a real database, with a clock in the hand of the test.

use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use event_bus::{Bus, Consumer};
use protocol::event::{SEND_INVITATION, SEND_OTP, SendInvitation, SendOtp};
use protocol::rest::identity::{Device, PersonChange};
use protocol::{Email, UnixMs, UserId};
use service_kit::auth::{DeniedSessions, KeySet};
use service_kit::cache::Cache;
use service_kit::health::Health;
use service_kit::metrics::Metrics;
use service_kit::store::Documents;
use service_kit::store::sqlite::file_in;
use service_kit::{Clock, Lifecycle, SharedClock, SystemRandom};
use tempfile::TempDir;
use test_kit::clock::SettableClock;
use url::Url;

use crate::administration;
use crate::app::{App, Parts, assemble, first_setup};
use crate::audit::{Actor, Filter, Line};
use crate::codes::{CodeError, Requested};
use crate::people::Person;
use crate::secrets::{Pepper, signing_keys_in_data_dir};
use crate::sessions::{Issued, SessionError};
use crate::settings::{Deployment, Settings};
use crate::store::{AuditStore as _, SqliteStore, Store, WorkspaceStore as _};

/// Ten in the morning of some day (UTC).
pub(crate) const MORNING: UnixMs = 20_000 * 86_400_000 + 10 * 3_600_000;

/// How long something that must happen may take.
pub(crate) const DEADLINE: Duration = Duration::from_secs(20);

#[derive(Parser)]
struct CommandLine {
    #[command(flatten)]
    settings: Settings,
}

/// The settings that this command line gives.
pub(crate) fn settings(arguments: &[&str]) -> Settings {
    CommandLine::parse_from(std::iter::once("test").chain(arguments.iter().copied())).settings
}

struct TestClock(SettableClock);

impl Clock for TestClock {
    fn now(&self) -> UnixMs {
        self.0.now()
    }
}

/// user-service without its URLs.
pub(crate) struct House {
    pub(crate) app: App,
    pub(crate) store: Arc<SqliteStore>,
    pub(crate) clock: SettableClock,
    pub(crate) denied: DeniedSessions,
    pub(crate) bus: Bus,
    mails: Consumer,
    /// Dropping it would end the background tasks.
    _lifecycle: Lifecycle,
    folder: TempDir,
    settings: Settings,
}

impl House {
    /// A new server in development with these settings.
    pub(crate) async fn with(arguments: &[&str]) -> Self {
        Self::on(
            tempfile::tempdir().unwrap(),
            settings(arguments),
            SettableClock::at(MORNING),
        )
        .await
    }

    pub(crate) async fn new() -> Self {
        Self::with(&[]).await
    }

    /// The same data, as a process sees it that was started after this one died.
    pub(crate) async fn restarted(self) -> Self {
        let Self {
            folder,
            settings,
            clock,
            ..
        } = self;
        Self::on(folder, settings, clock).await
    }

    async fn on(folder: TempDir, settings: Settings, clock: SettableClock) -> Self {
        let shared: SharedClock = Arc::new(TestClock(clock.clone()));
        let bus = Bus::open_sqlite(&file_in(folder.path(), "events"), Arc::clone(&shared)).unwrap();
        let parts = parts(folder.path(), shared, bus.clone());
        let denied = parts.denied.clone();
        let store = Arc::new(SqliteStore::open(&file_in(folder.path(), "users")).unwrap());
        let keys = signing_keys_in_data_dir(folder.path(), &SystemRandom).unwrap();
        let pepper = Pepper::in_data_dir(folder.path(), &SystemRandom).unwrap();
        store.set_up(&first_setup(&settings)).await.unwrap();
        let shared: Arc<dyn Store> = Arc::<SqliteStore>::clone(&store);
        let app = assemble(&settings, &parts, &shared, keys, &pepper).unwrap();
        app.sessions.deny_recently_ended().await.unwrap();
        let mails = bus.consume(SEND_OTP).await;
        Self {
            app,
            store,
            clock,
            denied,
            bus,
            mails,
            _lifecycle: parts.lifecycle,
            folder,
            settings,
        }
    }

    pub(crate) async fn ask(&self, address: &str, from: &str) -> Result<Requested, CodeError> {
        self.app.codes.request(&email(address), ip(from)).await
    }

    /// The next mail that was queued.
    pub(crate) async fn next_mail(&mut self) -> SendOtp {
        let delivery = tokio::time::timeout(DEADLINE, self.mails.next())
            .await
            .expect("a mail should be queued");
        let mail = serde_json::from_slice(&delivery.payload).unwrap();
        delivery.done().await.unwrap();
        mail
    }

    /// The next invitation that was queued.
    pub(crate) async fn next_invitation(&self) -> SendInvitation {
        let mut queue = self.bus.consume(SEND_INVITATION).await;
        let delivery = tokio::time::timeout(DEADLINE, queue.next())
            .await
            .expect("an invitation should be queued");
        let mail = serde_json::from_slice(&delivery.payload).unwrap();
        delivery.done().await.unwrap();
        mail
    }

    /// Takes the queue's file away, so that nothing can be queued.
    pub(crate) fn lose_the_queue(&self) {
        std::fs::rename(file_in(self.folder.path(), "events"), self.folder.path().join("lost")).unwrap();
    }

    /// Puts the queue's file back.
    pub(crate) fn find_the_queue_again(&self) {
        std::fs::rename(self.folder.path().join("lost"), file_in(self.folder.path(), "events")).unwrap();
    }

    /// Asks for a code and reads it from the mail.
    pub(crate) async fn code_for(&mut self, address: &str, from: &str) -> (String, String) {
        let requested = self.ask(address, from).await.unwrap();
        (requested.request, self.next_mail().await.code)
    }

    pub(crate) async fn try_code(&self, request: &str, code: &str, from: &str) -> Result<Issued, SessionError> {
        self.app.sessions.sign_in(request, code, device(), ip(from)).await
    }

    pub(crate) async fn accept(&self, invitation: &str) -> Result<Issued, SessionError> {
        let from = ip("192.0.2.1");
        self.app.sessions.accept_invitation(invitation, device(), from).await
    }

    pub(crate) async fn refresh(&self, token: &str) -> Result<Issued, SessionError> {
        self.app.sessions.refresh(token, ip("192.0.2.1")).await
    }

    pub(crate) async fn change_person(
        &self,
        by: &UserId,
        id: &UserId,
        change: PersonChange,
    ) -> Result<Person, SessionError> {
        let (people, sessions) = (&self.app.people, &self.app.sessions);
        administration::change_person(people, sessions, &actor(by), id, &change).await
    }

    /// Everything the audit log says, the oldest first.
    pub(crate) async fn audit(&self) -> Vec<Line> {
        let mut lines = self.store.audit_lines(&Filter::default(), 1_000).await.unwrap();
        lines.reverse();
        lines
    }

    pub(crate) async fn sign_in(&mut self, address: &str) -> Issued {
        let (request, code) = self.code_for(address, "192.0.2.1").await;
        self.try_code(&request, &code, "192.0.2.1").await.unwrap()
    }
}

fn parts(folder: &Path, clock: SharedClock, bus: Bus) -> Parts {
    Parts {
        clock,
        random: Arc::new(SystemRandom),
        lifecycle: Lifecycle::new(),
        health: Health::default(),
        metrics: Metrics::default(),
        data_dir: folder.to_owned(),
        documents: Documents::Sqlite {
            folder: folder.to_owned(),
        },
        cache: Cache::Memory,
        bus,
        keys: KeySet::default(),
        denied: DeniedSessions::new(),
        issuer: "loquat".to_owned(),
        public_url: Url::parse("https://chat.example.org").unwrap(),
        deployment: Deployment::Development,
    }
}

pub(crate) fn email(address: &str) -> Email {
    Email::parse(address).unwrap()
}

pub(crate) fn device() -> Device {
    Device {
        name: "desk".to_owned(),
        system: "Debian 12".to_owned(),
    }
}

/// This person, at their desk.
pub(crate) fn actor(user: &UserId) -> Actor {
    Actor {
        user: user.clone(),
        address: ip("192.0.2.1"),
    }
}

/// What deactivates somebody.
pub(crate) fn deactivate() -> PersonChange {
    PersonChange {
        active: Some(false),
        ..PersonChange::default()
    }
}

pub(crate) fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

/// A code that is not this one.
pub(crate) fn another_code(code: &str) -> String {
    let number: u32 = code.parse().unwrap();
    format!("{:06}", (number + 1) % 1_000_000)
}
