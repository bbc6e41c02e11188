//! The process: engines, then services, then the address; and the way back when it stops.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use event_bus::Bus;
use service_kit::auth::{DeniedSessions, KeySet};
use service_kit::cache::Cache;
use service_kit::data_dir::DataDir;
use service_kit::process::House;
use service_kit::store::Documents;
use service_kit::store::sqlite::file_in;

use crate::demonstration::Cast;
use crate::settings::Settings;
use crate::{migrate, openapi};

/// What the services of this process share beside what every process has.
struct Household<'a> {
    house: &'a House,
    folder: PathBuf,
    bus: Bus,
    keys: KeySet,
    denied: DeniedSessions,
    issuer: String,
}

/// Runs until told to stop. The data folder is held all the while.
pub(crate) async fn run(settings: Settings) -> anyhow::Result<()> {
    let data_dir = DataDir::open(&settings.process.data_dir)?;
    migrate::warn_if_moved(data_dir.path());
    let house = House::open()?;
    let listener = house.listen(settings.process.listen).await?;
    let listening_on = listener.local_addr()?;
    let household = Household::open(&house, data_dir.path(), settings.process.issuer())?;
    let routes = household.start_services(&settings, listening_on).await?;
    drop(household);
    let ended = house.serve("Loquat", &settings.process, listener, routes).await;
    drop(data_dir);
    ended
}

impl<'a> Household<'a> {
    fn open(house: &'a House, folder: &Path, issuer: String) -> anyhow::Result<Self> {
        let bus = Bus::open_sqlite(&file_in(folder, "events"), Arc::clone(&house.clock))?;
        bus.report_to(house.health.part("events"));
        bus.count_in(&house.metrics);
        Ok(Self {
            house,
            folder: folder.to_owned(),
            bus,
            keys: KeySet::default(),
            denied: DeniedSessions::new(),
            issuer,
        })
    }

    async fn start_services(&self, settings: &Settings, listening_on: SocketAddr) -> anyhow::Result<axum::Router> {
        let users = user_service::build(&settings.users, self.users(settings, listening_on)?).await?;
        mail_service::start(&settings.mail, self.mail(settings)).await?;
        let chat = chat_service::build(&settings.chat, self.chat()).await?;
        if let Some(count) = settings.people {
            let cast = Cast::assemble(count as usize, users.demonstration, chat.chat).await?;
            let lifecycle = self.house.lifecycle.clone();
            self.house
                .lifecycle
                .spawn("demonstration", cast.greet_newcomers(lifecycle));
        }
        let description = openapi::route([users.api, chat.api])?;
        Ok(users.router.merge(chat.router).merge(description))
    }

    fn documents(&self) -> Documents {
        Documents::Sqlite {
            folder: self.folder.clone(),
        }
    }

    fn users(&self, settings: &Settings, listening_on: SocketAddr) -> anyhow::Result<user_service::Parts> {
        Ok(user_service::Parts {
            clock: Arc::clone(&self.house.clock),
            random: Arc::clone(&self.house.random),
            lifecycle: self.house.lifecycle.clone(),
            health: self.house.health.clone(),
            metrics: self.house.metrics.clone(),
            data_dir: self.folder.clone(),
            documents: self.documents(),
            cache: Cache::Memory,
            bus: self.bus.clone(),
            keys: self.keys.clone(),
            denied: self.denied.clone(),
            issuer: self.issuer.clone(),
            public_url: settings.process.public_address(listening_on)?,
            deployment: settings.deployment(),
        })
    }

    fn mail(&self, settings: &Settings) -> mail_service::Parts {
        mail_service::Parts {
            clock: Arc::clone(&self.house.clock),
            random: Arc::clone(&self.house.random),
            lifecycle: self.house.lifecycle.clone(),
            health: self.house.health.clone(),
            metrics: self.house.metrics.clone(),
            documents: self.documents(),
            bus: self.bus.clone(),
            public_url: settings.process.public_url.clone(),
            dev: settings.dev,
        }
    }

    fn chat(&self) -> chat_service::Parts {
        chat_service::Parts {
            clock: Arc::clone(&self.house.clock),
            random: Arc::clone(&self.house.random),
            lifecycle: self.house.lifecycle.clone(),
            health: self.house.health.clone(),
            metrics: self.house.metrics.clone(),
            documents: self.documents(),
            cache: Cache::Memory,
            bus: self.bus.clone(),
            keys: self.keys.clone(),
            denied: self.denied.clone(),
            issuer: self.issuer.clone(),
        }
    }
}
