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
        let mut faults = self.mail.faults(self.dev);
        faults.extend(self.broker.faults(self.dev));
        faults.extend(self.database.faults());
        faults
    }

    /// Runs until told to stop.
    pub async fn run(self) -> anyhow::Result<()> {
        if self.check {
            let documents = self.database.open(&self.process.data_dir).map_err(anyhow::Error::msg)?;
            return documents.check(INDEXES).await;
        }
        let data_dir = DataDir::open(&self.process.data_dir)?;
        let house = House::open()?;
        let listener = house.listen(self.process.listen).await?;
        let documents = self.database.open(data_dir.path()).map_err(anyhow::Error::msg)?;
        let queue_file = file_in(data_dir.path(), "events");
        let bus = self
            .broker
            .open(&queue_file, Arc::clone(&house.clock), &house.lifecycle)?;
        bus.report_to(house.health.part("events"));
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
        house
            .serve("mail-service", &self.process, listener, axum::Router::new())
            .await
    }
}
