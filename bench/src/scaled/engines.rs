//! The servers that the services stand on, to be killed, paused and brought back.
//!
//! Only those that `cargo xtask services up` started can be harmed: it notes the process group of each in its folder.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use test_kit::wait::{self, PATIENCE};
use tokio::process::Command;

/// A server that the services stand on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Engine {
    Redis,
    RabbitMq,
    Database,
}

/// Where they are.
pub(super) struct Engines {
    folder: PathBuf,
    toolbox: Option<PathBuf>,
}

impl Engine {
    /// The name of its folder, and of the file in it that notes its process.
    fn name(self) -> &'static str {
        match self {
            Self::Redis => "redis",
            Self::RabbitMq => "rabbitmq",
            Self::Database => "mongodb",
        }
    }
}

impl Engines {
    pub(super) fn at(folder: &Path, toolbox: Option<PathBuf>) -> anyhow::Result<Self> {
        let folder = folder
            .canonicalize()
            .with_context(|| format!("{} is missing", folder.display()))?;
        Ok(Self { folder, toolbox })
    }

    /// `kill -9` of all its processes, and waits until they are gone.
    pub(super) async fn kill(&self, engine: Engine) -> anyhow::Result<()> {
        let leader = self.leader(engine)?;
        signal(&format!("-{leader}"), "KILL").await?;
        let look = || std::future::ready((!lives(leader)).then_some(()));
        Ok(wait::until("a killed server to be gone", PATIENCE, look).await?)
    }

    /// Starts what was killed, and waits until it answers.
    pub(super) async fn bring_back(&self) -> anyhow::Result<()> {
        let toolbox = self
            .toolbox
            .as_ref()
            .context("--engines-up names no program that starts servers")?;
        let output = Command::new(toolbox)
            .args(["services", "up"])
            // With these it would take the servers for somebody else's, and leave them as they are.
            .env_remove("TEST_MONGODB_URL")
            .env_remove("TEST_REDIS_URL")
            .env_remove("TEST_REDIS_CLUSTER_URL")
            .env_remove("TEST_AMQP_URL")
            .output()
            .await?;
        if !output.status.success() {
            bail!(
                "{} services up ended with {}:\n{}{}",
                toolbox.display(),
                output.status,
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr)
            );
        }
        Ok(())
    }

    /// Sends a signal to all its processes.
    pub(super) async fn signal(&self, engine: Engine, name: &str) -> anyhow::Result<()> {
        signal(&format!("-{}", self.leader(engine)?), name).await
    }

    /// The number of its process group.
    fn leader(&self, engine: Engine) -> anyhow::Result<u32> {
        let file = self.folder.join(engine.name()).join(format!("{}.pid", engine.name()));
        let noted = fs::read_to_string(&file).with_context(|| {
            format!(
                "{} is missing: only servers that `cargo xtask services up` started can be harmed",
                file.display()
            )
        })?;
        let leader = noted.split_whitespace().next().and_then(|word| word.parse().ok());
        leader.with_context(|| format!("{} names no process", file.display()))
    }
}

impl Drop for Engines {
    /// Whatever happened: none is left standing still.
    fn drop(&mut self) {
        for engine in [Engine::Redis, Engine::RabbitMq, Engine::Database] {
            if let Ok(leader) = self.leader(engine) {
                let group = format!("-{leader}");
                drop(
                    std::process::Command::new("kill")
                        .args(["-CONT", "--", &group])
                        .output(),
                );
            }
        }
    }
}

/// Whether a process group has members that have not ended. One that has may wait for long until its parent looks.
fn lives(group: u32) -> bool {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let mut stats = entries.filter_map(|entry| fs::read_to_string(entry.path().join("stat")).ok());
    stats.any(|stat| {
        // The name may hold anything; behind it come state, parent and group.
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let is_member = fields.get(2).and_then(|field| field.parse().ok()) == Some(group);
        is_member && !matches!(fields.first(), Some(&("Z" | "X")))
    })
}

/// Sends a signal to a process, or to a group if its number stands behind a minus.
pub(super) async fn signal(target: &str, name: &str) -> anyhow::Result<()> {
    let status = Command::new("kill")
        .args([&format!("-{name}"), "--", target])
        .status()
        .await?;
    anyhow::ensure!(status.success(), "the signal {name} did not reach {target}: {status}");
    Ok(())
}
