//! A real Prometheus with the settings of this house, but other addresses and less patience.

use std::fs::{self, File};
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context as _, bail, ensure};
use reqwest::Method;
use serde_json::Value;
use test_kit::wait::{self, PATIENCE};
use tokio::process::{Child, Command};

use super::WatchedSettings;
use super::addresses::Addresses;
use crate::rest::Rest;

/// Dropping it kills it.
pub(super) struct Prometheus {
    rest: Rest,
    _child: Child,
}

impl Prometheus {
    /// Starts it with its files below `scratch`, and waits until it has reached every process.
    pub(super) async fn start(
        settings: &WatchedSettings,
        addresses: &Addresses,
        scratch: &Path,
    ) -> anyhow::Result<Self> {
        let folder = scratch.join("prometheus");
        fs::create_dir_all(&folder)?;
        let read = |name: &str| {
            let file = settings.observability.join(name);
            fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))
        };
        fs::write(
            folder.join("prometheus.yml"),
            here(&read("prometheus.yml")?, addresses)?,
        )?;
        fs::write(folder.join("rules.yml"), impatient(&read("rules.yml")?))?;
        let log = File::create(folder.join("log.txt"))?;
        let child = Command::new(&settings.prometheus)
            .arg(format!("--config.file={}", folder.join("prometheus.yml").display()))
            .arg(format!("--storage.tsdb.path={}", folder.join("data").display()))
            .arg(format!("--web.listen-address={}", addresses.prometheus))
            .arg("--log.level=warn")
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("starting {}", settings.prometheus.display()))?;
        let prometheus = Self {
            rest: Rest::at(format!("http://{}", addresses.prometheus))?,
            _child: child,
        };
        let processes = addresses.chat.len() + 2;
        let look = || async { (prometheus.ask("sum(up)").await.ok()? == [Value::from(processes)]).then_some(()) };
        if let Err(waited) = wait::until("Prometheus to reach every process", PATIENCE, look).await {
            let said = fs::read_to_string(folder.join("log.txt")).unwrap_or_default();
            bail!("{waited}; it printed:\n{said}");
        }
        Ok(prometheus)
    }

    /// The numbers that it answers now.
    async fn ask(&self, expression: &str) -> anyhow::Result<Vec<Value>> {
        let samples = self.query(expression).await?;
        let values = samples
            .iter()
            .map(|sample| sample["value"][1].as_str().unwrap_or_default());
        values.map(|value| Ok(serde_json::from_str(value)?)).collect()
    }

    /// What it answers now: one element for each series.
    pub(super) async fn query(&self, expression: &str) -> anyhow::Result<Vec<Value>> {
        let request = self.rest.request(Method::GET, "/api/v1/query", None);
        let answer = self.rest.answer(request.query(&[("query", expression)])).await?;
        let body: Value = serde_json::from_str(&answer.body).context("an answer of Prometheus")?;
        ensure!(answer.status == 200, "{}", body["error"]);
        let series = body["data"]["result"]
            .as_array()
            .context("an answer without a result")?;
        Ok(series.clone())
    }

    /// The alerts it knows, as it read them.
    pub(super) async fn rules(&self) -> anyhow::Result<Vec<Value>> {
        let body: Value = self.rest.get("/api/v1/rules?type=alert", None).await?.json()?;
        let groups = body["data"]["groups"].as_array().context("Prometheus knows no rules")?;
        let rules = groups
            .iter()
            .flat_map(|group| group["rules"].as_array().into_iter().flatten());
        Ok(rules.cloned().collect())
    }

    /// Whether this alert fires now.
    pub(super) async fn fires(&self, alert: &str) -> anyhow::Result<bool> {
        let rules = self.rules().await?;
        let rule = rules.iter().find(|rule| rule["name"] == alert);
        Ok(rule.with_context(|| format!("there is no alert {alert}"))?["state"] == "firing")
    }
}

/// The settings with the addresses of this run, asking every two seconds.
fn here(settings: &str, addresses: &Addresses) -> anyhow::Result<String> {
    let [first, second] = addresses.chat;
    let mut here = settings.to_owned();
    for (named, wanted) in [
        ("\"user-service:9090\"", format!("\"{}\"", addresses.user_service)),
        ("\"mail-service:9090\"", format!("\"{}\"", addresses.mail_service)),
        (
            "\"chat-service-1:9090\", \"chat-service-2:9090\"",
            format!("\"{first}\", \"{second}\""),
        ),
        ("scrape_interval: 10s", "scrape_interval: 2s".to_owned()),
        ("evaluation_interval: 10s", "evaluation_interval: 1s".to_owned()),
    ] {
        ensure!(here.contains(named), "prometheus.yml does not name {named} any more");
        here = here.replace(named, &wanted);
    }
    Ok(here)
}

/// The rules, waiting two seconds where they would wait for minutes.
fn impatient(rules: &str) -> String {
    let lines = rules.lines().map(|line| match line.split_once("for: ") {
        Some((before, _)) if before.trim().is_empty() => format!("{before}for: 2s\n"),
        _ => format!("{line}\n"),
    });
    lines.collect()
}
