//! The service as a process of its own.

use std::sync::Arc;

use anyhow::Context as _;
use clap::Parser;
use event_bus::Bus;
use service_kit::data_dir::DataDir;
use service_kit::health::Health;
use service_kit::settings::ProcessSettings;
use service_kit::store::sqlite::file_in;
use service_kit::{Lifecycle, SharedClock, SystemClock, SystemRandom, http};
use tokio::net::TcpListener;

use crate::{Parts, Settings, start};

/// Sends the mails of Loquat: sign-in codes and invitations. It answers `/livez`, `/readyz` and `/healthz`.
#[derive(Debug, Parser)]
#[command(name = "mail-service", version)]
pub struct Process {
    /// For a developer's machine: mails are printed unless `SMTP_URL` is set.
    #[arg(long)]
    pub dev: bool,

    /// The queue it takes orders from: `sqlite:` and the path of the file that user-service on this machine
    /// publishes into. Needed outside development.
    #[arg(long, env = "BROKER_URL")]
    pub broker_url: Option<String>,

    #[command(flatten)]
    pub process: ProcessSettings,

    #[command(flatten)]
    pub mail: Settings,
}

impl Process {
    /// Everything that is wrong with the settings.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = self.mail.faults(self.dev);
        match event_bus::queue_file(self.broker_url.as_deref()) {
            Ok(None) if !self.dev => faults.push("BROKER_URL is missing: name the queue of user-service".to_owned()),
            Ok(_) => {}
            Err(fault) => faults.push(fault),
        }
        faults
    }

    /// Runs until told to stop.
    pub async fn run(self) -> anyhow::Result<()> {
        let data_dir = DataDir::open(&self.process.data_dir)?;
        let (lifecycle, health) = (Lifecycle::new(), Health::default());
        lifecycle.stop_on_signals()?;
        let listen = self.process.listen;
        let listener = TcpListener::bind(listen)
            .await
            .with_context(|| format!("cannot listen on {listen}"))?;
        let clock: SharedClock = Arc::new(SystemClock);
        let queue_file = event_bus::queue_file(self.broker_url.as_deref()).map_err(anyhow::Error::msg)?;
        let queue_file = queue_file.unwrap_or_else(|| file_in(data_dir.path(), "events"));
        let bus = Bus::open_sqlite(&queue_file, Arc::clone(&clock))?;
        bus.report_to(health.part("events"));
        let parts = Parts {
            bus,
            clock,
            random: Arc::new(SystemRandom),
            lifecycle: lifecycle.clone(),
            health: health.clone(),
            data_dir: data_dir.path().to_owned(),
            public_url: self.process.public_url.clone(),
            dev: self.dev,
        };
        start(&self.mail, parts).await?;
        let router = http::finish(axum::Router::new(), health, &lifecycle, Arc::new(SystemRandom));
        let limits = self.process.connection_limits();
        lifecycle.spawn("http", http::serve_within(listener, router, lifecycle.clone(), limits));
        lifecycle.finished(self.process.stop_grace()).await
    }
}
