//! How the parts are put together: the only place that picks adapters.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use event_bus::Bus;
use protocol::UnixMs;
use service_kit::health::Health;
use service_kit::metrics::Metrics;
use service_kit::store::Documents;
use service_kit::store::sqlite::file_in;
use service_kit::trace::Trace;
use service_kit::{Lifecycle, SharedClock, SharedRandom};
use tracing::Instrument as _;
use url::Url;

use crate::delivery::{self, Delivery, Reachability};
use crate::mails::{MailPorts, Mails};
use crate::measures::Measures;
use crate::order::Kind;
use crate::settings::Settings;
use crate::store::{INDEXES, Ledger, MongoLedger, SqliteLedger};

/// How long a mail is remembered; an invitation expires within 30 days, and the queue forgets a day after it was sent.
const REMEMBER_MS: i64 = 40 * 24 * 60 * 60 * 1000;
/// How often old mails are forgotten.
const FORGET_EVERY: Duration = Duration::from_hours(1);
/// What handing a mail over may take beside connecting and sending.
const HANDOVER_SPARE: Duration = Duration::from_secs(5);

/// What the process that runs this service shares with it.
pub struct Parts {
    pub clock: SharedClock,
    pub random: SharedRandom,
    pub lifecycle: Lifecycle,
    pub health: Health,
    pub metrics: Metrics,
    /// Where it remembers which mails went out.
    pub documents: Documents,
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
    let ledger = ledger(&parts).await?;
    let delivery: Arc<dyn Delivery> = delivery::pick(&settings, parts.public_url.as_ref())?;
    let reachability = Reachability::new(parts.health.part("mail"));
    reachability.watch(Arc::clone(&delivery), &parts.lifecycle);

    let ports = MailPorts {
        ledger: Arc::clone(&ledger),
        delivery,
        reachability,
        measures: Measures::new(&parts.metrics),
        handover: settings.timeout() * 2 + HANDOVER_SPARE,
        clock: Arc::clone(&parts.clock),
        random: Arc::clone(&parts.random),
    };
    let mails = Arc::new(Mails::new(ports));
    forget_regularly(ledger, &parts);
    for _ in 0..settings.smtp_connections {
        let mails = Arc::clone(&mails);
        let mut codes = parts.bus.consume(Kind::Code.queue()).await;
        let mut invitations = parts.bus.consume(Kind::Invitation.queue()).await;
        let (lifecycle, random) = (parts.lifecycle.clone(), Arc::clone(&parts.random));
        parts.lifecycle.spawn("send mail", async move {
            loop {
                let (kind, event) = tokio::select! {
                    // Codes first: somebody sits and waits for each of them.
                    biased;
                    () = lifecycle.stopping() => return Ok(()),
                    event = codes.next() => (Kind::Code, event),
                    event = invitations.next() => (Kind::Invitation, event),
                };
                let trace = Trace::below(event.traceparent.as_deref(), &*random);
                let span = tracing::info_span!("mail", trace_id = trace.id());
                trace.scope(mails.handle(kind, event)).instrument(span).await;
            }
        });
    }
    Ok(())
}

/// The ledger, where the settings want it.
async fn ledger(parts: &Parts) -> anyhow::Result<Arc<dyn Ledger>> {
    let ready = parts.health.part("mail-ledger");
    match &parts.documents {
        Documents::Sqlite { folder } => {
            let path = file_in(folder, "mails");
            let cannot_open = || format!("cannot open {}", path.display());
            let ledger = SqliteLedger::open(&path).with_context(cannot_open)?;
            ledger.end_old_claims().await.with_context(cannot_open)?;
            ledger.report_to(ready);
            parts.metrics.add_pool("mail-ledger", ledger.pool());
            Ok(Arc::new(ledger))
        }
        Documents::Mongo(mongo) => {
            mongo.watch(INDEXES, ready, &parts.lifecycle);
            parts.metrics.add_pool("mail-ledger", mongo.pool());
            Ok(Arc::new(MongoLedger::new(mongo.clone())))
        }
    }
}

fn forget_regularly(ledger: Arc<dyn Ledger>, parts: &Parts) {
    let (clock, stopping) = (Arc::clone(&parts.clock), parts.lifecycle.stopping());
    parts.lifecycle.spawn("forget old mails", async move {
        let forget_for_ever = async {
            let mut interval = tokio::time::interval(FORGET_EVERY);
            loop {
                interval.tick().await;
                let before: UnixMs = clock.now() - REMEMBER_MS;
                if let Err(fault) = ledger.forget_before(before).await {
                    tracing::warn!(%fault, "cannot forget old mails; trying again in an hour");
                }
            }
        };
        tokio::select! {
            () = stopping => {}
            () = forget_for_ever => {}
        }
        Ok(())
    });
}
