//! Why a rule said no: a closed code for the program, a sentence for the person.

use protocol::ErrorCode;
use protocol::frame::ServerFrame;

use crate::store::StoreError;

/// A request that was not carried out.
#[derive(Debug, thiserror::Error)]
#[error("{code}: {detail}")]
pub struct Refusal {
    pub code: ErrorCode,
    pub detail: String,
    /// When it makes sense to try again.
    pub retry_after_ms: Option<u64>,
    /// What went wrong inside, for the log; never sent.
    #[source]
    pub cause: Option<StoreError>,
}

impl Refusal {
    /// A refusal; `detail` says what happened and what to do.
    pub fn new(code: ErrorCode, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
            retry_after_ms: None,
            cause: None,
        }
    }

    /// The same answer for what is missing and for what belongs to others.
    pub fn not_found() -> Self {
        Self::new(
            ErrorCode::NotFound,
            "There is no such conversation, or you are not in it.",
        )
    }

    /// What was named is no message of the conversation.
    pub fn no_such_message() -> Self {
        Self::new(ErrorCode::NotFound, "There is no such message in this conversation.")
    }

    /// The server cannot do it just now.
    pub fn unavailable() -> Self {
        Self::new(ErrorCode::Unavailable, "Try again in a moment.").retry_after_ms(1000)
    }

    /// Adds when to try again.
    #[must_use]
    pub fn retry_after_ms(mut self, milliseconds: u64) -> Self {
        self.retry_after_ms = Some(milliseconds);
        self
    }

    /// The same refusal for another request that shared its fate.
    #[must_use]
    pub fn repeated(&self) -> Self {
        Self {
            code: self.code,
            detail: self.detail.clone(),
            retry_after_ms: self.retry_after_ms,
            cause: None,
        }
    }

    /// The answer on a socket to the request `id`.
    pub fn into_frame(self, id: u64) -> ServerFrame {
        ServerFrame::Refused {
            id,
            code: self.code,
            detail: self.detail,
            retry_after_ms: self.retry_after_ms,
        }
    }
}

impl From<StoreError> for Refusal {
    fn from(fault: StoreError) -> Self {
        let mut refusal = match fault {
            StoreError::Full => Self::new(
                ErrorCode::StorageFull,
                "Nothing was stored. An administrator must free some space.",
            )
            .retry_after_ms(5000),
            StoreError::Unavailable | StoreError::Unknown => Self::unavailable(),
            StoreError::Duplicate | StoreError::Broken(_) => Self::new(
                ErrorCode::Internal,
                "This is not your fault. Try again; if it stays, tell an administrator.",
            ),
        };
        refusal.cause = Some(fault);
        refusal
    }
}
