//! Waiting for a time that may not be set.

use tokio::time::Instant;

/// Waits until then; for ever when there is no such time.
pub(crate) async fn at(time: Option<Instant>) {
    match time {
        Some(time) => tokio::time::sleep_until(time).await,
        None => std::future::pending().await,
    }
}
