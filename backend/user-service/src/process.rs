//! The service as a process of its own.

use std::sync::Arc;

use anyhow::Context as _;
use axum::Json;
use axum::routing::get;
use clap::Parser;
use event_bus::Bus;
use service_kit::auth::{DeniedSessions, KeySet};
use service_kit::data_dir::DataDir;
use service_kit::health::Health;
use service_kit::process::tell_address;
use service_kit::settings::ProcessSettings;
use service_kit::store::sqlite::file_in;
use service_kit::{Lifecycle, SharedClock, SystemClock, SystemRandom, http};
use tokio::net::TcpListener;

use crate::{Deployment, Parts, Settings, build};

/// Knows who someone is: sign-in, sessions and people of Loquat.
#[derive(Debug, Parser)]
#[command(name = "user-service", version)]
pub struct Process {
    /// For a developer's machine: any e-mail domain may sign in, the first person becomes the administrator, and
    /// secrets are made at the first start.
    #[arg(long)]
    pub dev: bool,

    /// The queue it publishes into: `sqlite:` and the path of a file that mail-service on this machine takes orders
    /// from. Needed outside development.
    #[arg(long, env = "BROKER_URL")]
    pub broker_url: Option<String>,

    #[command(flatten)]
    pub process: ProcessSettings,

    #[command(flatten)]
    pub users: Settings,
}

impl Process {
    /// Everything that is wrong with the settings.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = self.users.faults(self.deployment());
        match event_bus::queue_file(self.broker_url.as_deref()) {
            Ok(None) if !self.dev => faults.push("BROKER_URL is missing: name the queue of mail-service".to_owned()),
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
        let address = listener.local_addr()?;
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
            keys: KeySet::default(),
            denied: DeniedSessions::new(),
            issuer: self.process.issuer(),
            public_url: self.process.public_address(address)?,
            deployment: self.deployment(),
        };
        let service = build(&self.users, parts).await?;
        let api = service.api;
        let routes = service.router.route("/openapi.json", get(async move || Json(api)));
        let router = http::finish(routes, health, &lifecycle, Arc::new(SystemRandom));
        let limits = self.process.connection_limits();
        lifecycle.spawn("http", http::serve_within(listener, router, lifecycle.clone(), limits));
        tell_address("user-service", address);
        lifecycle.finished(self.process.stop_grace()).await
    }

    fn deployment(&self) -> Deployment {
        if self.dev {
            Deployment::Development
        } else {
            Deployment::Separate
        }
    }
}
