//! A running mail-service with its queue, and a mail server it sends to.

use std::path::Path;
use std::sync::Arc;

use clap::Parser;
use event_bus::{Bus, DeadLetter};
use mail_service::{Parts, Settings};
use protocol::event::{SEND_INVITATION, SEND_OTP, SendInvitation, SendOtp};
use protocol::{Email, UnixMs};
use service_kit::health::Health;
use service_kit::metrics::Metrics;
use service_kit::store::Documents;
use service_kit::store::sqlite::file_in;
use service_kit::{Clock, Lifecycle, SharedClock, SystemRandom};
use tempfile::TempDir;
use test_kit::clock::SettableClock;
use test_kit::smtp::{Mail, SmtpServer};
use test_kit::wait::{PATIENCE, until};

pub(crate) const NOON: UnixMs = 20_000 * 86_400_000 + 12 * 3_600_000;
pub(crate) const TEN_MINUTES: i64 = 600_000;

#[derive(Parser)]
struct CommandLine {
    #[command(flatten)]
    settings: Settings,
}

/// The settings that this command line gives.
pub(crate) fn settings(arguments: &[&str]) -> Settings {
    CommandLine::parse_from(std::iter::once("test").chain(arguments.iter().copied())).settings
}

/// Settings for this mail server, with more arguments.
pub(crate) fn settings_for(server: &SmtpServer, more: &[&str]) -> Settings {
    let url = server.url();
    let mut arguments = vec!["--smtp-url", url.as_str(), "--mail-from", "Loquat <chat@example.org>"];
    arguments.extend(more);
    settings(&arguments)
}

struct TestClock(SettableClock);

impl Clock for TestClock {
    fn now(&self) -> UnixMs {
        self.0.now()
    }
}

/// A running mail-service; dropping it ends it as abruptly as a kill.
pub(crate) struct Service {
    pub(crate) clock: SettableClock,
    pub(crate) health: Health,
    bus: Bus,
    folder: TempDir,
    settings: Settings,
    _lifecycle: Lifecycle,
}

impl Service {
    pub(crate) async fn start(settings: Settings) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), settings, SettableClock::at(NOON)).await
    }

    /// Ends this process without any farewell and starts another on its data.
    pub(crate) async fn killed_and_started(self) -> Self {
        let Self {
            folder,
            settings,
            clock,
            ..
        } = self;
        Self::start_in(folder, settings, clock).await
    }

    /// The same, but the queue has forgotten everything.
    pub(crate) async fn with_empty_queue(self) -> Self {
        let Self {
            folder,
            settings,
            clock,
            ..
        } = self;
        for name in ["events.sqlite", "events.sqlite-wal", "events.sqlite-shm"] {
            // The last two come and go.
            drop(std::fs::remove_file(folder.path().join(name)));
        }
        Self::start_in(folder, settings, clock).await
    }

    /// Starts on data that somebody else has made.
    pub(crate) async fn start_on(folder: TempDir, settings: Settings) -> Self {
        Self::start_in(folder, settings, SettableClock::at(NOON)).await
    }

    async fn start_in(folder: TempDir, settings: Settings, clock: SettableClock) -> Self {
        let bus = open_bus(folder.path(), &clock);
        let (lifecycle, health) = (Lifecycle::new(), Health::default());
        let parts = Parts {
            clock: Arc::new(TestClock(clock.clone())),
            random: Arc::new(SystemRandom),
            lifecycle: lifecycle.clone(),
            health: health.clone(),
            metrics: Metrics::default(),
            documents: Documents::Sqlite {
                folder: folder.path().to_owned(),
            },
            bus: bus.clone(),
            public_url: None,
            dev: false,
        };
        mail_service::start(&settings, parts).await.unwrap();
        Self {
            clock,
            health,
            bus,
            folder,
            settings,
            _lifecycle: lifecycle,
        }
    }

    /// Orders a mail with this code that is good for ten minutes.
    pub(crate) async fn order(&self, id: &str, address: &str, code: &str) {
        self.order_until(id, address, code, self.clock.now() + TEN_MINUTES)
            .await;
    }

    pub(crate) async fn order_until(&self, id: &str, address: &str, code: &str, expires_at: UnixMs) {
        let order = SendOtp {
            id: id.to_owned(),
            email: Email::parse(address).unwrap(),
            code: code.to_owned(),
            workspace: "Analytical Engines".to_owned(),
            expires_at,
        };
        self.bus.publish(SEND_OTP, id, &order, Some(expires_at)).await.unwrap();
    }

    /// Orders an invitation with this code.
    pub(crate) async fn invite_until(&self, id: &str, address: &str, code: &str, expires_at: UnixMs) {
        let order = SendInvitation {
            id: id.to_owned(),
            email: Email::parse(address).unwrap(),
            invited_by: "Ada Lovelace".to_owned(),
            workspace: "Analytical Engines".to_owned(),
            link: format!("loquat://join?server=https%3A%2F%2Fchat.example.org&code={code}"),
            code: code.to_owned(),
            expires_at,
        };
        let expires_at = Some(expires_at);
        self.bus.publish(SEND_INVITATION, id, &order, expires_at).await.unwrap();
    }

    pub(crate) async fn dead_invitations(&self) -> Vec<DeadLetter> {
        self.bus.dead_letters(SEND_INVITATION).await.unwrap()
    }

    pub(crate) async fn publish_raw(&self, id: &str, payload: &serde_json::Value) {
        self.bus.publish(SEND_OTP, id, payload, None).await.unwrap();
    }

    pub(crate) async fn dead_letters(&self) -> Vec<DeadLetter> {
        self.bus.dead_letters(SEND_OTP).await.unwrap()
    }

    /// Waits for a dead letter and answers why it died.
    pub(crate) async fn death_of(&self, id: &str) -> String {
        let look = async || {
            self.dead_letters()
                .await
                .into_iter()
                .find(|letter| letter.event_id == id)
        };
        until("a dead letter", PATIENCE, look).await.unwrap().reason
    }

    /// Waits until `/readyz` would say this of mail.
    pub(crate) async fn mail_is(&self, ready: bool) {
        let look = async || ((self.health.readiness().parts["mail"] == "ready") == ready).then_some(());
        until("the readiness of mail", PATIENCE, look).await.unwrap();
    }

    /// Waits until this happens, while the clock goes on a little at every look, so that retries become due.
    pub(crate) async fn until_with_time<T>(&self, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
        let look = || {
            self.clock.advance_ms(100);
            std::future::ready(look())
        };
        until(what, PATIENCE, look).await.unwrap()
    }
}

pub(crate) fn open_bus(folder: &Path, clock: &SettableClock) -> Bus {
    let shared: SharedClock = Arc::new(TestClock(clock.clone()));
    Bus::open_sqlite(&file_in(folder, "events"), shared).unwrap()
}

/// The next mail to this address.
pub(crate) async fn received(server: &SmtpServer, address: &str) -> Mail {
    server.next_mail(address, PATIENCE).await.unwrap()
}
