//! How the parts are put together: the only place that picks adapters.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use event_bus::Bus;
use service_kit::health::Health;
use service_kit::store::sqlite::file_in;
use service_kit::{Lifecycle, SharedClock, SharedRandom};
use url::Url;

use crate::delivery::{self, Delivery, Reachability};
use crate::mails::{MailPorts, Mails};
use crate::order::Kind;
use crate::settings::Settings;
use crate::store::SqliteLedger;

/// What the process that runs this service shares with it.
pub struct Parts {
    pub clock: SharedClock,
    pub random: SharedRandom,
    pub lifecycle: Lifecycle,
    pub health: Health,
    /// Where it remembers which mails went out.
    pub data_dir: PathBuf,
    pub bus: Bus,
    /// The address people use; its host is the name this server greets mail servers with.
    pub public_url: Option<Url>,
    /// On a developer's machine mails are printed unless a server is set.
    pub dev: bool,
}

/// Starts sending what is in the queue, until the lifecycle stops.
pub async fn start(settings: &Settings, parts: Parts) -> anyhow::Result<()> {
    let faults = settings.faults(parts.dev);
    if !faults.is_empty() {
        bail!(faults.join("\n"));
    }
    let settings = settings.completed(parts.dev);
    let path = file_in(&parts.data_dir, "mails");
    let ledger = SqliteLedger::open(&path).with_context(|| format!("cannot open {}", path.display()))?;
    ledger.report_to(parts.health.part("mail-ledger"));
    let delivery: Arc<dyn Delivery> = delivery::pick(&settings, parts.public_url.as_ref())?;
    let reachability = Reachability::new(parts.health.part("mail"));
    reachability.watch(Arc::clone(&delivery), &parts.lifecycle);

    let ports = MailPorts {
        ledger: Arc::new(ledger),
        delivery,
        reachability,
        clock: parts.clock,
        random: parts.random,
    };
    let mails = Arc::new(Mails::new(ports));
    for _ in 0..settings.smtp_connections {
        let mails = Arc::clone(&mails);
        let mut codes = parts.bus.consume(Kind::Code.queue()).await;
        let mut invitations = parts.bus.consume(Kind::Invitation.queue()).await;
        let lifecycle = parts.lifecycle.clone();
        parts.lifecycle.spawn("send mail", async move {
            loop {
                let (kind, event) = tokio::select! {
                    // Codes first: somebody sits and waits for each of them.
                    biased;
                    () = lifecycle.stopping() => return Ok(()),
                    event = codes.next() => (Kind::Code, event),
                    event = invitations.next() => (Kind::Invitation, event),
                };
                mails.handle(kind, event).await;
            }
        });
    }
    Ok(())
}
