//! The service as a process of its own, one of several over the same engines.

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
use url::Url;

use crate::keys::PublishedKeys;
use crate::settings::Settings;
use crate::store::mongo::INDEXES;
use crate::{Parts, build};

/// Conversations, their logs and the sockets that carry them. Run as many as are needed, on one MongoDB, one Redis and
/// one RabbitMQ.
#[derive(Parser)]
#[command(name = "chat-service", version)]
pub struct Process {
    /// For a developer's machine: one process may go without a Redis and a RabbitMQ.
    #[arg(long)]
    pub dev: bool,

    /// Says which indexes of the database are missing, and ends with 0 if none is. Changes nothing.
    #[arg(long)]
    pub check: bool,

    /// Where user-service publishes the keys of access tokens, such as
    /// `http://user-service:8080/.well-known/jwks.json`.
    #[arg(long, env = "JWKS_URL")]
    pub jwks_url: Option<Url>,

    #[command(flatten)]
    pub process: ProcessSettings,

    #[command(flatten)]
    pub database: DatabaseSettings,

    #[command(flatten)]
    pub cache: CacheSettings,

    #[command(flatten)]
    pub broker: BrokerSettings,

    #[command(flatten)]
    pub chat: Settings,
}

impl Process {
    /// Everything that is wrong with the settings.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = self.database.faults();
        if self.check {
            return faults;
        }
        faults.extend(self.cache.faults(self.dev));
        faults.extend(self.broker.faults(self.dev));
        if self.jwks_url.is_none() {
            faults.push("JWKS_URL is missing: name where user-service publishes its keys".to_owned());
        }
        if self.process.public_url.is_none() && !self.dev {
            faults.push("PUBLIC_URL is missing: it is who issues access tokens".to_owned());
        }
        faults
    }

    /// Runs until told to stop, or says what was asked for instead.
    pub async fn run(self) -> anyhow::Result<()> {
        let data_dir = &self.process.data_dir;
        let documents = self.database.open(data_dir).map_err(anyhow::Error::msg)?;
        if self.check {
            return documents.check(INDEXES).await;
        }
        let folders = [documents.folder(), self.broker.folder(data_dir)];
        let held = DataDir::open_all(folders.into_iter().flatten())?;
        let house = House::open()?;
        let listener = house.listen(self.process.listen).await?;
        let cache = self.cache.open().map_err(anyhow::Error::msg)?;
        cache.watch(&house.health, &house.lifecycle);
        let events = file_in(data_dir, "events");
        let bus = self.broker.open(&events, Arc::clone(&house.clock), &house.lifecycle)?;
        bus.report_to(house.health.part("events"));
        bus.count_in(&house.metrics);
        let keys = KeySet::default();
        if let Some(url) = self.jwks_url {
            let published = PublishedKeys {
                url,
                keys: keys.clone(),
                health: house.health.part("token-keys"),
                lifecycle: house.lifecycle.clone(),
            };
            house.lifecycle.spawn("keys of tokens", published.follow());
        }
        let parts = Parts {
            clock: Arc::clone(&house.clock),
            random: Arc::clone(&house.random),
            lifecycle: house.lifecycle.clone(),
            health: house.health.clone(),
            documents,
            cache,
            bus,
            metrics: house.metrics.clone(),
            keys,
            denied: DeniedSessions::new(),
            issuer: self.process.issuer(),
        };
        let service = build(&self.chat, parts).await?;
        let api = service.api;
        let routes = service.router.route("/openapi.json", get(async move || Json(api)));
        let ended = house.serve("chat-service", &self.process, listener, routes).await;
        drop(held);
        ended
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_settings_stand_side_by_side() {
        Process::command().debug_assert();
    }

    #[test]
    fn everything_that_is_missing_is_named_at_once() {
        let faults = Process::parse_from(["chat-service"]).faults().join("\n");
        for setting in ["CACHE_URL", "BROKER_URL", "JWKS_URL", "PUBLIC_URL"] {
            assert!(faults.contains(setting), "{setting} is not in {faults}");
        }
    }

    #[test]
    fn a_check_needs_nothing_but_the_database() {
        assert_eq!(Process::parse_from(["chat-service", "--check"]).faults(), [""; 0]);
    }
}
