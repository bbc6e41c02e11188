//! One Redis, or a cluster of them, shared by everything in a process: commands, scripts, news between processes.
//!
//! Nothing here outlives a restart of Redis by promise: who keeps something in it must bear that it is gone.

mod connection;
mod subscription;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use redis::{ClientTlsConfig, ConnectionInfo, FromRedisValue, IntoConnectionInfo as _, TlsCertificates, cmd};
use tokio::sync::Mutex;

use crate::cache::CacheError;
use crate::health::Part;
use crate::lifecycle::Lifecycle;

use connection::{Connection, Route};
pub use redis::{Cmd, Script};
pub use subscription::{News, Subscription};

/// What one command may take, the way there included.
pub const DEADLINE: Duration = Duration::from_secs(2);
/// What connecting may take.
const CONNECT_DEADLINE: Duration = Duration::from_secs(1);
/// Between two looks whether it answers.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Connects when it is first needed, and again whenever the connection was lost. Cheap to clone.
#[derive(Clone)]
pub struct Redis {
    shared: Arc<Shared>,
    prefix: Arc<str>,
}

struct Shared {
    route: Route,
    connection: Mutex<Option<Connection>>,
}

/// What is handed to those who listen to a channel.
#[derive(Debug, Clone)]
pub struct Message {
    pub channel: String,
    pub payload: Vec<u8>,
}

impl Redis {
    /// Checks the address; connects later. The error is a sentence without the address's secrets.
    pub fn new(url: &str, ca_file: Option<&Path>) -> Result<Self, String> {
        let (info, is_cluster) = parse(url)?;
        let certificates = certificates(ca_file)?;
        let route = Route::new(info, certificates, is_cluster)
            .map_err(|fault| format!("CACHE_URL cannot be used: {}", fault.category()))?;
        Ok(Self {
            shared: Arc::new(Shared {
                route,
                connection: Mutex::default(),
            }),
            prefix: "loquat".into(),
        })
    }

    /// The same server; names begin with this.
    #[must_use]
    pub fn with_prefix(self, prefix: &str) -> Self {
        Self {
            prefix: prefix.into(),
            ..self
        }
    }

    /// A name of our own for a key or a channel, behind the prefix that tells installations apart.
    pub fn name(&self, rest: &str) -> String {
        format!("{}:{rest}", self.prefix)
    }

    /// Whether it is a cluster, of which a part may be away alone.
    pub fn is_cluster(&self) -> bool {
        self.shared.route.is_cluster()
    }

    /// Carries out one command.
    pub async fn query<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, CacheError> {
        self.within_deadline(async |mut connection| command.query_async(&mut connection).await)
            .await
    }

    /// Runs a script on keys that all have the same `{hash tag}`, as one step.
    pub async fn run_script<T: FromRedisValue>(
        &self,
        script: &Script,
        keys: &[&str],
        arguments: &[&[u8]],
    ) -> Result<T, CacheError> {
        let mut invocation = script.prepare_invoke();
        for key in keys {
            invocation.key(*key);
        }
        for argument in arguments {
            invocation.arg(*argument);
        }
        self.within_deadline(async |mut connection| invocation.invoke_async(&mut connection).await)
            .await
    }

    /// Hands messages to whoever listens to their channels just now, all in one go. On a cluster that is one go for each
    /// channel, because channels lie on several nodes; the messages of one channel stay in their order.
    pub async fn publish(&self, messages: &[Message]) -> Result<(), CacheError> {
        if !self.is_cluster() {
            return self.publish_together("PUBLISH", messages.iter().collect()).await;
        }
        let mut by_channel: BTreeMap<&str, Vec<&Message>> = BTreeMap::new();
        for message in messages {
            by_channel.entry(&message.channel).or_default().push(message);
        }
        let publishing = by_channel
            .into_values()
            .map(|messages| self.publish_together("SPUBLISH", messages));
        // All of them to their end: a node that is away keeps nothing from the others.
        let published = futures_util::future::join_all(publishing).await;
        published.into_iter().collect()
    }

    async fn publish_together(&self, verb: &str, messages: Vec<&Message>) -> Result<(), CacheError> {
        let mut pipeline = redis::pipe();
        for message in messages {
            pipeline
                .add_command(cmd(verb).arg(&message.channel).arg(&message.payload).to_owned())
                .ignore();
        }
        self.within_deadline(async |mut connection| pipeline.query_async(&mut connection).await)
            .await
    }

    /// Listens to channels on a connection of its own. Answers once every one of them is confirmed.
    pub async fn listen(&self, channels: &[String]) -> Result<Subscription, CacheError> {
        let listening = Subscription::open(&self.shared.route, channels);
        match tokio::time::timeout(DEADLINE, listening).await {
            Ok(result) => result.map_err(|fault| told(&fault)),
            Err(_elapsed) => Err(no_answer()),
        }
    }

    /// Looks from now on whether it answers, and says so.
    pub fn watch(&self, part: Part, lifecycle: &Lifecycle) {
        let (redis, stopping) = (self.clone(), lifecycle.clone());
        lifecycle.spawn("cache", async move {
            let mut was_ready = true;
            loop {
                let look = redis.query::<String>(&cmd("PING")).await;
                tell(&part, &look, was_ready);
                was_ready = look.is_ok();
                tokio::select! {
                    () = tokio::time::sleep(LOOK_EVERY) => {}
                    () = stopping.stopping() => return Ok(()),
                }
            }
        });
    }

    async fn within_deadline<T>(
        &self,
        act: impl AsyncFnOnce(Connection) -> redis::RedisResult<T>,
    ) -> Result<T, CacheError> {
        let acting = async {
            let connection = self.connection().await?;
            act(connection).await
        };
        match tokio::time::timeout(DEADLINE, acting).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(fault)) => Err(told(&fault)),
            Err(_elapsed) => Err(no_answer()),
        }
    }

    async fn connection(&self) -> redis::RedisResult<Connection> {
        let mut held = self.shared.connection.lock().await;
        if let Some(connection) = &*held {
            return Ok(connection.clone());
        }
        let connection = self.shared.route.connect().await?;
        Ok(held.insert(connection).clone())
    }
}

impl std::fmt::Debug for Redis {
    /// Leaves out the address: it may carry a password.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Redis").finish_non_exhaustive()
    }
}

/// Says how it is to whoever asks, and to the log only when that has changed.
fn tell(part: &Part, look: &Result<String, CacheError>, was_ready: bool) {
    match look {
        Ok(_pong) => {
            part.ready();
            if !was_ready {
                tracing::info!("the cache answers");
            }
        }
        Err(fault) => {
            part.failed(fault.to_string());
            if was_ready {
                tracing::warn!(%fault, "the cache cannot be used");
            }
        }
    }
}

/// The address, and whether it is a cluster's.
fn parse(url: &str) -> Result<(ConnectionInfo, bool), String> {
    let unknown = || "CACHE_URL: only redis://HOST:PORT, rediss://HOST:PORT and memory: are known".to_owned();
    let mut url = url::Url::parse(url).map_err(|_| unknown())?;
    if !matches!(url.scheme(), "redis" | "rediss") {
        return Err(unknown());
    }
    let is_cluster = url
        .query_pairs()
        .any(|(name, value)| name == "cluster" && value == "true");
    url.set_query(None);
    let info = url.as_str().into_connection_info().map_err(|_| unknown())?;
    Ok((info, is_cluster))
}

fn certificates(ca_file: Option<&Path>) -> Result<TlsCertificates, String> {
    let read = |path: &Path| {
        std::fs::read(path).map_err(|fault| format!("CACHE_CA_FILE {} cannot be read: {fault}", path.display()))
    };
    Ok(TlsCertificates {
        client_tls: None::<ClientTlsConfig>,
        root_cert: ca_file.map(read).transpose()?,
    })
}

fn told(fault: &redis::RedisError) -> CacheError {
    let passes = fault.is_io_error()
        || fault.is_timeout()
        || fault.is_connection_dropped()
        || fault.is_cluster_error()
        || !matches!(fault.retry_method(), redis::RetryMethod::NoRetry);
    // The category alone: the text of an error may repeat what was sent.
    let what = fault.code().map_or_else(|| fault.category().to_owned(), str::to_owned);
    if passes {
        CacheError::Away(what)
    } else {
        CacheError::Broken(what)
    }
}

fn no_answer() -> CacheError {
    CacheError::Away(format!("no answer within {} s", DEADLINE.as_secs()))
}

#[cfg(test)]
mod tests;
