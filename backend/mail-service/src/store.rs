//! Which mails went out: the memory that keeps one event from being mailed twice.

#[cfg(test)]
mod contract;
pub mod migration;
mod mongo;
mod sqlite;

use async_trait::async_trait;
use protocol::UnixMs;
use service_kit::store::StoreError;

pub(crate) use mongo::{INDEXES, MongoLedger};
pub(crate) use sqlite::SqliteLedger;

/// One try to send one mail.
#[derive(Debug, Clone)]
pub(crate) struct Claim {
    pub(crate) event_id: String,
    /// Names the try; no two have the same.
    pub(crate) by: String,
    pub(crate) now: UnixMs,
    /// When whoever tries is no longer trying, whatever became of him.
    pub(crate) until: UnixMs,
}

/// What the ledger said when a mail was about to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Marked {
    /// It is the first try.
    Sending,
    /// An earlier try failed.
    SendingAgain,
    /// An earlier try never said how it ended. The mail may have gone out: the only double there can be.
    SendingAfterCrash,
    /// A mail server has taken it. It must not go out again.
    AlreadySent,
    /// Another try is at it, and can take until then.
    Busy { until: UnixMs },
}

/// Remembers mails by event id.
#[async_trait]
pub(crate) trait Ledger: Send + Sync {
    /// Notes that the mail is about to be sent, unless it was sent or is being sent. Of several at once one is told to
    /// send. Asking again for the same try, after an outcome that is not known, changes nothing.
    async fn mark_sending(&self, claim: &Claim) -> Result<Marked, StoreError>;

    /// Notes that a mail server has taken the mail.
    async fn mark_sent(&self, event_id: &str, now: UnixMs) -> Result<(), StoreError>;

    /// Notes that this try has failed: the next may begin at once.
    async fn mark_failed(&self, claim: &Claim) -> Result<(), StoreError>;

    /// Forgets mails that nothing has happened to since then.
    async fn forget_before(&self, at: UnixMs) -> Result<(), StoreError>;
}
