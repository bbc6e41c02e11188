//! The port for sessions that user-service has ended: every node reads them, whoever heard of them.

use async_trait::async_trait;
use protocol::{SessionId, UnixMs};

use super::StoreError;

/// Ended sessions, as long as their access tokens could still be shown.
#[async_trait]
pub trait EndedStore: Send + Sync {
    /// Keeps that a session has ended, noted at this time by this service's clock. The first time stays.
    async fn add_ended_session(&self, session: &SessionId, noted_at: UnixMs) -> Result<(), StoreError>;

    /// Sessions whose end was noted at this time or later, each with when, in no order.
    async fn sessions_ended_since(&self, since: UnixMs) -> Result<Vec<(SessionId, UnixMs)>, StoreError>;

    /// Forgets those that were noted before.
    async fn forget_sessions_ended_before(&self, before: UnixMs) -> Result<(), StoreError>;
}
