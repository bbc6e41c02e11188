//! The service as a process of its own.

use std::sync::Arc;

use clap::Parser;
use event_bus::BrokerSettings;
use service_kit::data_dir::DataDir;
use service_kit::process::House;
use service_kit::settings::ProcessSettings;
use service_kit::store::DatabaseSettings;
use service_kit::store::sqlite::file_in;

use crate::store::INDEXES;
use crate::{Parts, Settings, start};

/// Sends the mails of Loquat: sign-in codes and invitations. It answers `/livez`, `/readyz` and `/healthz`.
#[derive(Debug, Parser)]
#[command(name = "mail-service", version)]
pub struct Process {
    /// For a developer's machine: mails are printed unless `SMTP_URL` is set.
    #[arg(long)]
    pub dev: bool,

    /// Says which indexes of the database are missing, and ends with 0 if none is. Changes nothing.
    #[arg(long)]
    pub check: bool,

    #[command(flatten)]
    pub broker: BrokerSettings,

    #[command(flatten)]
    pub database: DatabaseSettings,

    #[command(flatten)]
    pub process: ProcessSettings,

    #[command(flatten)]
    pub mail: Settings,
}

impl Process {
    /// Everything that is wrong with the settings.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = self.database.faults();
        if !self.check {
            faults.extend(self.mail.faults(self.dev));
            faults.extend(self.broker.faults(self.dev));
        }
        faults
    }

    /// Runs until told to stop.
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
        let events = file_in(data_dir, "events");
        let bus = self.broker.open(&events, Arc::clone(&house.clock), &house.lifecycle)?;
        bus.report_to(house.health.part("events"));
        bus.count_in(&house.metrics);
        let parts = Parts {
            bus,
            clock: Arc::clone(&house.clock),
            random: Arc::clone(&house.random),
            lifecycle: house.lifecycle.clone(),
            health: house.health.clone(),
            metrics: house.metrics.clone(),
            documents,
            public_url: self.process.public_url.clone(),
            dev: self.dev,
        };
        start(&self.mail, parts).await?;
        let ended = house
            .serve("mail-service", &self.process, listener, axum::Router::new())
            .await;
        drop(held);
        ended
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_missing_is_named_at_once() {
        let faults = Process::parse_from(["mail-service"]).faults().join("\n");
        for setting in ["SMTP_URL", "MAIL_FROM", "BROKER_URL"] {
            assert!(faults.contains(setting), "{setting} is not in {faults}");
        }
    }

    #[test]
    fn a_check_needs_nothing_but_the_database() {
        assert_eq!(Process::parse_from(["mail-service", "--check"]).faults(), [""; 0]);
    }
}
