//! What every part of a process shares, and serving until it is told to stop.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context as _;
use axum::Router;
use tokio::net::TcpListener;

use super::tell_address;
use crate::health::Health;
use crate::http::{self, ConnectionLimits};
use crate::metrics::Metrics;
use crate::settings::ProcessSettings;
use crate::{Lifecycle, SharedClock, SharedRandom, SystemClock, SystemRandom, ops};

/// One per process.
pub struct House {
    pub clock: SharedClock,
    pub random: SharedRandom,
    pub lifecycle: Lifecycle,
    pub health: Health,
    pub metrics: Metrics,
}

impl House {
    /// Listens for the signals to stop from now on.
    pub fn open() -> anyhow::Result<Self> {
        let lifecycle = Lifecycle::new();
        lifecycle.stop_on_signals()?;
        let (health, metrics) = (Health::default(), Metrics::default());
        metrics.show_readiness(&health);
        Ok(Self {
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
            lifecycle,
            health,
            metrics,
        })
    }

    /// Takes the address. Done before anything else is started: if it is in use, nothing has happened yet.
    pub async fn listen(&self, address: SocketAddr) -> anyhow::Result<TcpListener> {
        let listener = TcpListener::bind(address).await;
        listener.with_context(|| format!("cannot listen on {address}: choose another address with LISTEN"))
    }

    /// Serves these routes, and operators on their own address, until told to stop.
    pub async fn serve(
        self,
        name: &str,
        settings: &ProcessSettings,
        listener: TcpListener,
        routes: Router,
    ) -> anyhow::Result<()> {
        let address = listener.local_addr()?;
        let routes = ops::measured(routes, &self.metrics);
        let router = http::finish(routes, self.health.clone(), &self.lifecycle, Arc::clone(&self.random));
        let limits = settings.connection_limits();
        let serving = http::serve_within(listener, router, self.lifecycle.clone(), limits);
        self.lifecycle.spawn("http", serving);
        if let Some(ops_address) = settings.ops_listen {
            let listener = TcpListener::bind(ops_address)
                .await
                .with_context(|| format!("cannot listen on {ops_address}: choose another address with OPS_LISTEN"))?;
            let routes = ops::routes(self.metrics.clone(), self.health.clone(), &self.lifecycle);
            let serving = http::serve_within(listener, routes, self.lifecycle.clone(), ConnectionLimits::default());
            self.lifecycle.spawn("operations", serving);
        }
        tell_address(name, address);
        self.lifecycle.finished(settings.stop_grace()).await
    }
}
