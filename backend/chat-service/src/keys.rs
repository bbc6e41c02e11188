//! The keys that access tokens are checked with, as user-service publishes them.

use std::time::Duration;

use service_kit::Lifecycle;
use service_kit::auth::{Jwks, KeySet};
use service_kit::health::Part;
use tokio::time::Instant;
use url::Url;

/// How often they are read while all is well: a new key is published long before it signs.
const READ_EVERY: Duration = Duration::from_mins(1);
/// The same while there are none.
const READ_AGAIN: Duration = Duration::from_secs(1);
/// Tokens with keys that nobody knows make this service ask, but not more often than so.
const ASKED_AT_MOST_EVERY: Duration = Duration::from_secs(5);
/// What an answer may take.
const DEADLINE: Duration = Duration::from_secs(5);

/// Where the keys come from, and who gets them.
pub struct PublishedKeys {
    pub url: Url,
    pub keys: KeySet,
    pub health: Part,
    pub lifecycle: Lifecycle,
}

impl PublishedKeys {
    /// Reads the keys again and again, until the process stops. Known keys stay while user-service is away.
    pub async fn follow(self) -> anyhow::Result<()> {
        let http = reqwest::Client::builder().timeout(DEADLINE).no_proxy().build()?;
        let mut stopping = std::pin::pin!(self.lifecycle.stopping());
        let (mut known, mut is_told) = (false, false);
        loop {
            let asked_at = Instant::now();
            match self.read(&http).await {
                Ok(()) => {
                    known = true;
                    self.health.ready();
                }
                Err(fault) if known => tracing::debug!(fault = format!("{fault:#}"), "cannot read the keys of tokens"),
                Err(fault) => {
                    let fault = format!("{fault:#}");
                    if !std::mem::replace(&mut is_told, true) {
                        tracing::warn!(
                            fault,
                            "cannot read the keys of tokens; trying again until they are there"
                        );
                    }
                    self.health.failed(format!("user-service publishes no keys: {fault}"));
                }
            }
            let wanted = async {
                tokio::time::sleep_until(asked_at + ASKED_AT_MOST_EVERY).await;
                self.keys.wanted().await;
            };
            tokio::select! {
                () = &mut stopping => return Ok(()),
                () = tokio::time::sleep(if known { READ_EVERY } else { READ_AGAIN }) => {}
                () = wanted => {}
            }
        }
    }

    async fn read(&self, http: &reqwest::Client) -> anyhow::Result<()> {
        let answer = http
            .get(self.url.clone())
            .send()
            .await
            .map_err(reqwest::Error::without_url)?;
        let published: Jwks = answer
            .error_for_status()
            .map_err(reqwest::Error::without_url)?
            .json()
            .await?;
        anyhow::ensure!(self.keys.adopt(&published), "the document has no key that can be used");
        Ok(())
    }
}
