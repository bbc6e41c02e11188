//! The service as a process of its own.

use std::path::Path;
use std::sync::Arc;

use axum::Json;
use axum::routing::get;
use clap::Parser;
use event_bus::BrokerSettings;
use service_kit::auth::{DeniedSessions, KeySet};
use service_kit::cache::CacheSettings;
use service_kit::data_dir::DataDir;
use service_kit::process::House;
use service_kit::settings::ProcessSettings;
use service_kit::store::DatabaseSettings;
use service_kit::store::sqlite::file_in;

use crate::store::INDEXES;
use crate::{Deployment, Parts, Settings, build};

/// Knows who someone is: sign-in, sessions and people of Loquat.
#[derive(Parser)]
#[command(name = "user-service", version)]
pub struct Process {
    /// For a developer's machine: any e-mail domain may sign in, the first person becomes the administrator, and
    /// secrets are made at the first start.
    #[arg(long)]
    pub dev: bool,

    /// Says which indexes of the database are missing, and ends with 0 if none is. Changes nothing.
    #[arg(long)]
    pub check: bool,

    #[command(flatten)]
    pub process: ProcessSettings,

    #[command(flatten)]
    pub database: DatabaseSettings,

    #[command(flatten)]
    pub cache: CacheSettings,

    #[command(flatten)]
    pub broker: BrokerSettings,

    #[command(flatten)]
    pub users: Settings,
}

impl Process {
    /// Everything that is wrong with the settings.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = self.database.faults();
        if !self.check {
            faults.extend(self.users.faults(self.deployment()));
            faults.extend(self.cache.faults(self.dev));
            faults.extend(self.broker.faults(self.dev));
        }
        faults
    }

    /// Runs until told to stop, or does what it was asked for instead.
    pub async fn run(self) -> anyhow::Result<()> {
        let documents = self.database.open(&self.process.data_dir).map_err(anyhow::Error::msg)?;
        if self.check {
            return documents.check(INDEXES).await;
        }
        let data_dir = &self.process.data_dir;
        let folders = [
            documents.folder(),
            self.broker.folder(data_dir),
            self.folder_of_secrets(),
        ];
        let held = DataDir::open_all(folders.into_iter().flatten())?;
        let house = House::open()?;
        let listener = house.listen(self.process.listen).await?;
        let events = file_in(data_dir, "events");
        let bus = self.broker.open(&events, Arc::clone(&house.clock), &house.lifecycle)?;
        bus.report_to(house.health.part("events"));
        bus.count_in(&house.metrics);
        let cache = self.cache.open().map_err(anyhow::Error::msg)?;
        cache.watch(&house.health, &house.lifecycle);
        let parts = Parts {
            bus,
            cache,
            documents,
            clock: Arc::clone(&house.clock),
            random: Arc::clone(&house.random),
            lifecycle: house.lifecycle.clone(),
            health: house.health.clone(),
            metrics: house.metrics.clone(),
            data_dir: data_dir.clone(),
            keys: KeySet::default(),
            denied: DeniedSessions::new(),
            issuer: self.process.issuer(),
            public_url: self.process.public_address(listener.local_addr()?)?,
            deployment: self.deployment(),
        };
        let service = build(&self.users, parts).await?;
        let api = service.api;
        let routes = service.router.route("/openapi.json", get(async move || Json(api)));
        let ended = house.serve("user-service", &self.process, listener, routes).await;
        drop(held);
        ended
    }

    /// Where secrets lie that are made here.
    fn folder_of_secrets(&self) -> Option<&Path> {
        let are_made = self.users.code_pepper.is_none() || self.users.signing_key_file.is_none();
        are_made.then_some(&*self.process.data_dir)
    }

    fn deployment(&self) -> Deployment {
        if self.dev {
            Deployment::Development
        } else {
            Deployment::Separate
        }
    }
}
