//! Short-lived state, in process or in Redis: what may be lost, and costs a new try when it is.

use std::path::PathBuf;

use protocol::ErrorCode;

use crate::ApiError;
use crate::health::Health;
use crate::lifecycle::Lifecycle;
use crate::redis::{Message, Redis};

/// Where codes, limits, presence and news between nodes are kept.
#[derive(Clone)]
pub enum Cache {
    /// In this process: for one process that holds all services.
    Memory,
    Redis(Redis),
}

/// Which one it is.
#[derive(Clone, clap::Args)]
#[group(skip)]
pub struct CacheSettings {
    /// Short-lived state: `redis://host:6379` or, with TLS, `rediss://host:6379`; with `?cluster=true` for a Redis
    /// cluster. `memory:` keeps it in this process, which only a single process of a developer may.
    #[arg(long, env = "CACHE_URL", hide_env_values = true)]
    pub cache_url: Option<String>,

    /// File of certificates (PEM) that a `rediss:` server is trusted by, beside those of the system.
    #[arg(long, env = "CACHE_CA_FILE")]
    pub cache_ca_file: Option<PathBuf>,

    /// What the names of keys and channels begin with, so that several installations can share a server.
    #[arg(long, env = "CACHE_PREFIX", default_value = "loquat")]
    pub cache_prefix: String,
}

/// Why short-lived state could not be read or changed.
#[derive(Debug, thiserror::Error)]
pub enum CacheError {
    /// No answer in time; whether anything was changed is not known.
    #[error("the cache is away: {0}")]
    Away(String),
    /// It answered with an error that trying again does not mend.
    #[error("the cache failed: {0}")]
    Broken(String),
}

const MEMORY: &str = "memory:";

impl CacheSettings {
    /// What is wrong with the setting. Several processes cannot share what is kept in one of them.
    pub fn faults(&self, is_development: bool) -> Vec<String> {
        match self.open() {
            Ok(Cache::Memory) if !is_development => {
                vec![
                    "CACHE_URL is missing: separate services share it, name a server such as redis://host:6379"
                        .to_owned(),
                ]
            }
            Ok(_) => Vec::new(),
            Err(fault) => vec![fault],
        }
    }

    /// The cache, not connected yet. The error is a sentence that names the setting and none of its secrets.
    pub fn open(&self) -> Result<Cache, String> {
        match self.cache_url.as_deref() {
            None | Some("" | MEMORY) => Ok(Cache::Memory),
            Some(url) => {
                let redis = Redis::new(url, self.cache_ca_file.as_deref())?;
                Ok(Cache::Redis(redis.with_prefix(&self.cache_prefix)))
            }
        }
    }
}

impl Cache {
    /// Tells those who listen to a channel just now, if other processes can.
    pub async fn publish(&self, channel: &str, payload: Vec<u8>) -> Result<(), CacheError> {
        let Self::Redis(redis) = self else { return Ok(()) };
        let channel = redis.name(channel);
        redis.publish(&[Message { channel, payload }]).await
    }

    /// Looks from now on whether it answers, and says so.
    pub fn watch(&self, health: &Health, lifecycle: &Lifecycle) {
        if let Self::Redis(redis) = self {
            redis.watch(health.part("cache"), lifecycle);
        }
    }
}

impl From<CacheError> for ApiError {
    fn from(fault: CacheError) -> Self {
        match fault {
            CacheError::Away(_) => Self::new(ErrorCode::Unavailable, "Try again in a moment.")
                .retry_after_s(1)
                .because(fault),
            CacheError::Broken(_) => Self::internal(fault),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(url: &str) -> CacheSettings {
        CacheSettings {
            cache_url: Some(url.to_owned()),
            cache_ca_file: None,
            cache_prefix: "loquat".to_owned(),
        }
    }

    #[test]
    fn a_url_chooses_the_engine() {
        assert!(matches!(settings("memory:").open(), Ok(Cache::Memory)));
        assert!(matches!(
            settings("redis://:secret@localhost:6379/1").open(),
            Ok(Cache::Redis(_))
        ));
        assert!(matches!(
            settings("rediss://localhost?cluster=true").open(),
            Ok(Cache::Redis(_))
        ));
    }

    #[test]
    fn faults_name_the_setting_and_never_the_password() {
        for url in ["http://:secret@localhost", "redis://:secret@local host", "secret"] {
            let faults = settings(url).faults(false).join(" ");
            assert!(faults.contains("CACHE_URL") && !faults.contains("secret"), "{faults}");
        }
        assert!(settings("memory:").faults(false)[0].contains("CACHE_URL"));
        assert!(settings("memory:").faults(true).is_empty());
    }

    #[test]
    fn a_ca_file_that_cannot_be_read_is_named() {
        let faulty = CacheSettings {
            cache_ca_file: Some("/nowhere/ca.pem".into()),
            ..settings("rediss://localhost")
        };
        assert!(faulty.faults(false)[0].contains("/nowhere/ca.pem"));
    }
}
