//! The services as operators see them: a real Prometheus scrapes them under a little traffic, and everything that
//! dashboards and alerts ask is asked of it.
//!
//! A dashboard whose query has a typing error shows an empty panel, which looks like a quiet day; an alert with one never
//! fires. Here both fail. In the end mail-service is killed, and the alert about it has to fire.

mod addresses;
mod dashboards;
mod prometheus;
mod rules;
mod traffic;

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, bail};
use test_kit::random::SeededRandom;
use test_kit::wait;
use tokio::time::Instant;

use self::addresses::Addresses;
use self::prometheus::Prometheus;
use crate::load::key::KeyFile;
use crate::scaled::{Part, Scaled, ScaledSettings, Wishes};

/// How long all queries together may take to have data: a few scrapes are needed for rates, on a machine that is busy.
const DATA_WITHIN: Duration = Duration::from_mins(1);
/// How long a process that was killed may stay unnoticed here, where alerts wait for seconds and not minutes.
const NOTICED_WITHIN: Duration = Duration::from_secs(30);

#[derive(Debug, Clone, clap::Args)]
pub(crate) struct WatchedSettings {
    #[command(flatten)]
    scaled: ScaledSettings,
    /// The folder with the settings of Prometheus and the dashboards.
    #[arg(long, default_value = "infra/observability")]
    observability: PathBuf,
    /// Prometheus itself.
    #[arg(long, default_value = "prometheus")]
    prometheus: PathBuf,
}

/// True when every query of every dashboard and alert has data, and the fault was noticed.
pub(crate) async fn run(settings: WatchedSettings) -> anyhow::Result<bool> {
    let scratch = tempfile::tempdir()?;
    let random = SeededRandom::from_seed(rand::random());
    let addresses = Addresses::choose(&random)?;
    let key_path = scratch.path().join("signing-key.pem");
    let key = KeyFile::make(&key_path, &random)?;
    let mut scaled = Scaled::start(&settings.scaled, scratch.path(), &wishes(&addresses, &key_path)).await?;
    let prometheus = Prometheus::start(&settings, &addresses, scratch.path()).await?;

    let looked = tokio::select! {
        looked = look(&settings, &prometheus) => looked,
        ended = traffic::flow(&scaled, &key, &random) => match ended {
            Ok(never) => match never {},
            Err(fault) => Err(fault.context("the traffic stopped")),
        },
    };
    looked.with_context(|| format!("the services said last: {:?}", scaled.last_words().trim()))?;
    notices_a_fault(&mut scaled, &prometheus).await?;
    Ok(true)
}

/// Each process is asked for its figures at an address of its own.
fn wishes(addresses: &Addresses, key: &Path) -> Wishes {
    let operators = |address: std::net::SocketAddr| vec![("OPS_LISTEN".to_owned(), address.to_string())];
    Wishes {
        of_all: vec![
            ("SIGNING_KEY_FILE".to_owned(), key.to_string_lossy().into_owned()),
            ("LOG".to_owned(), "warn".to_owned()),
        ],
        of_user_service: operators(addresses.user_service),
        of_mail_service: operators(addresses.mail_service),
        of_chat_nodes: addresses.chat.map(operators),
    }
}

/// Waits until every query has data; an error names those that never had.
async fn look(settings: &WatchedSettings, prometheus: &Prometheus) -> anyhow::Result<()> {
    let mut queries = dashboards::queries(&settings.observability.join("grafana/dashboards"))?;
    let rules = prometheus.rules().await?;
    let selectors = rules::selectors(&rules)?;
    println!(
        "{} queries of dashboards, {} alerts with {} selectors",
        queries.len(),
        rules.len(),
        selectors.len()
    );
    queries.extend(selectors);
    let asked = Instant::now();
    let mut missing = Vec::new();
    for query in &queries {
        let left = DATA_WITHIN.saturating_sub(asked.elapsed()).max(Duration::from_secs(2));
        let has_data = wait::until("data", left, || async {
            query.fault(prometheus).await.is_none().then_some(())
        });
        if has_data.await.is_err() {
            let fault = query
                .fault(prometheus)
                .await
                .unwrap_or_else(|| "data came too late".to_owned());
            missing.push(format!("{}: {fault}: {}", query.place, query.expression));
        }
    }
    println!("asked in {:.1} s", asked.elapsed().as_secs_f64());
    if !missing.is_empty() {
        bail!("without data:\n{}", missing.join("\n"));
    }
    Ok(())
}

/// A process that is gone is an alert, and none any more when it is back. That other alerts are quiet is for promtool to
/// show: a machine that is busy with other tests may well be slow.
async fn notices_a_fault(scaled: &mut Scaled, prometheus: &Prometheus) -> anyhow::Result<()> {
    const ALERT: &str = "ServiceAway";
    let until = |what: &'static str, fires: bool| async move {
        let look = || async { (prometheus.fires(ALERT).await.ok()? == fires).then_some(()) };
        wait::until(what, NOTICED_WITHIN, look).await
    };
    until("every process to answer", false).await?;
    scaled.kill(Part::MailService).await?;
    until("the alert about a killed mail-service", true).await?;
    scaled.bring_back(Part::MailService).await?;
    until("the end of the alert", false).await?;
    println!("{ALERT} fired when mail-service was killed, and ended when it was back");
    Ok(())
}
