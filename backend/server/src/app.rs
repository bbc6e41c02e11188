//! The process: engines, then services, then the address; and the way back when it stops.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use event_bus::Bus;
use service_kit::auth::{DeniedSessions, KeySet};
use service_kit::cache::Cache;
use service_kit::data_dir::DataDir;
use service_kit::health::Health;
use service_kit::metrics::Metrics;
use service_kit::process::tell_address;
use service_kit::store::Documents;
use service_kit::store::sqlite::file_in;
use service_kit::{Lifecycle, SharedClock, SharedRandom, SystemClock, SystemRandom, http};
use tokio::net::TcpListener;

use crate::demonstration::Cast;
use crate::openapi;
use crate::settings::Settings;

/// What the services of this process share.
struct House {
    clock: SharedClock,
    random: SharedRandom,
    lifecycle: Lifecycle,
    health: Health,
    metrics: Metrics,
    bus: Bus,
    keys: KeySet,
    denied: DeniedSessions,
    issuer: String,
}

/// Runs until told to stop. The data folder is held all the while.
pub(crate) async fn run(settings: Settings) -> anyhow::Result<()> {
    let data_dir = DataDir::open(&settings.process.data_dir)?;
    let house = House::open(data_dir.path(), settings.process.issuer())?;
    house.lifecycle.stop_on_signals()?;

    // The address is taken before anything else is started: if it is in use, nothing has happened yet.
    let address = settings.process.listen;
    let listener = TcpListener::bind(address).await.with_context(|| {
        format!("cannot listen on {address}. Is another server running? Choose another address with LISTEN")
    })?;
    let listening_on = listener.local_addr()?;

    let routes = house.start_services(&settings, data_dir.path(), listening_on).await?;
    let router = http::finish(
        routes,
        house.health.clone(),
        &house.lifecycle,
        Arc::clone(&house.random),
    );
    let limits = settings.process.connection_limits();
    let serving = http::serve_within(listener, router, house.lifecycle.clone(), limits);
    house.lifecycle.spawn("http", serving);
    tell_address("Loquat", listening_on);

    let ended = house.lifecycle.finished(settings.process.stop_grace()).await;
    drop(data_dir);
    ended
}

impl House {
    fn open(data_dir: &Path, issuer: String) -> anyhow::Result<Self> {
        let clock: SharedClock = Arc::new(SystemClock);
        let bus = Bus::open_sqlite(&file_in(data_dir, "events"), Arc::clone(&clock))?;
        let health = Health::default();
        bus.report_to(health.part("events"));
        Ok(Self {
            clock,
            random: Arc::new(SystemRandom),
            lifecycle: Lifecycle::new(),
            health,
            metrics: Metrics::default(),
            bus,
            keys: KeySet::default(),
            denied: DeniedSessions::new(),
            issuer,
        })
    }

    async fn start_services(
        &self,
        settings: &Settings,
        data_dir: &Path,
        listening_on: SocketAddr,
    ) -> anyhow::Result<axum::Router> {
        let parts = self.users(settings, data_dir, listening_on)?;
        let users = user_service::build(&settings.users, parts).await?;
        mail_service::start(&settings.mail, self.mail(settings, data_dir)).await?;
        let chat = chat_service::build(&settings.chat, self.chat(data_dir)).await?;
        if let Some(count) = settings.people {
            let cast = Cast::assemble(count as usize, users.demonstration, chat.chat).await?;
            self.lifecycle
                .spawn("demonstration", cast.greet_newcomers(self.lifecycle.clone()));
        }
        let description = openapi::route([users.api, chat.api])?;
        Ok(users.router.merge(chat.router).merge(description))
    }

    fn users(
        &self,
        settings: &Settings,
        data_dir: &Path,
        listening_on: SocketAddr,
    ) -> anyhow::Result<user_service::Parts> {
        Ok(user_service::Parts {
            clock: Arc::clone(&self.clock),
            random: Arc::clone(&self.random),
            lifecycle: self.lifecycle.clone(),
            health: self.health.clone(),
            data_dir: data_dir.to_owned(),
            documents: Documents::Sqlite {
                folder: data_dir.to_owned(),
            },
            cache: Cache::Memory,
            bus: self.bus.clone(),
            keys: self.keys.clone(),
            denied: self.denied.clone(),
            issuer: self.issuer.clone(),
            public_url: settings.process.public_address(listening_on)?,
            deployment: settings.deployment(),
        })
    }

    fn mail(&self, settings: &Settings, data_dir: &Path) -> mail_service::Parts {
        mail_service::Parts {
            clock: Arc::clone(&self.clock),
            random: Arc::clone(&self.random),
            lifecycle: self.lifecycle.clone(),
            health: self.health.clone(),
            metrics: self.metrics.clone(),
            documents: Documents::Sqlite {
                folder: data_dir.to_owned(),
            },
            bus: self.bus.clone(),
            public_url: settings.process.public_url.clone(),
            dev: settings.dev,
        }
    }

    fn chat(&self, data_dir: &Path) -> chat_service::Parts {
        chat_service::Parts {
            clock: Arc::clone(&self.clock),
            random: Arc::clone(&self.random),
            lifecycle: self.lifecycle.clone(),
            health: self.health.clone(),
            documents: Documents::Sqlite {
                folder: data_dir.to_owned(),
            },
            cache: Cache::Memory,
            metrics: self.metrics.clone(),
            bus: self.bus.clone(),
            keys: self.keys.clone(),
            denied: self.denied.clone(),
            issuer: self.issuer.clone(),
        }
    }
}
