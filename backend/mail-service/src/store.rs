//! Which mails went out: the memory that keeps one event from being mailed twice.

mod sqlite;

use async_trait::async_trait;
use protocol::UnixMs;
use service_kit::store::StoreError;

pub(crate) use sqlite::SqliteLedger;

/// What the ledger said when a mail was about to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Marked {
    /// It is the first try.
    Sending,
    /// An earlier try failed, or died without saying how it ended.
    SendingAgain,
    /// A mail server has taken it. It must not go out again.
    AlreadySent,
}

/// Remembers mails by event id.
#[async_trait]
pub(crate) trait Ledger: Send + Sync {
    /// Notes that the mail is about to be sent, unless it was sent.
    async fn mark_sending(&self, event_id: &str, now: UnixMs) -> Result<Marked, StoreError>;

    /// Notes that a mail server has taken the mail.
    async fn mark_sent(&self, event_id: &str, now: UnixMs) -> Result<(), StoreError>;
}
