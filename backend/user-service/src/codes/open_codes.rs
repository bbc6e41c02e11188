//! The codes that can still be used. A memory that is lost makes them void, which only costs a new mail.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use protocol::{Email, UnixMs};

use super::CodeError;
use super::keyed::{CodeHash, Tag};

/// Codes that may be open at once in memory; far above what the limits per client let one machine reach.
const MOST_OPEN: usize = 100_000;
/// When somebody is told to come back while too many are open.
const RETRY_WHEN_FULL_S: u32 = 60;

/// A code that was mailed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OpenCode {
    pub(super) request: String,
    pub(super) email: Email,
    pub(super) hash: CodeHash,
    pub(super) tries_left: u32,
    pub(super) expires_at: UnixMs,
}

/// One try, already taken off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attempt {
    pub(super) email: Email,
    pub(super) hash: CodeHash,
    /// Tries that are left after this one.
    pub(super) tries_left: u32,
}

/// Keeps at most one open code for each address.
#[async_trait]
pub(super) trait OpenCodes: Send + Sync {
    /// Opens a code in place of the address's older one.
    async fn put(&self, open: OpenCode, now: UnixMs) -> Result<(), CodeError>;

    /// Takes one try off an open code: of tries at once no more than there are get one.
    async fn take_try(&self, request: &str, now: UnixMs) -> Result<Attempt, CodeError>;

    /// The code of this request works no more; a newer one of its address does.
    async fn remove(&self, request: &str) -> Result<(), CodeError>;

    /// Forgets what time has made worthless, where that does not happen by itself.
    fn remove_expired(&self, now: UnixMs);
}

/// Open codes in memory of this process.
#[derive(Default)]
pub(super) struct MemoryCodes {
    by_address: Mutex<HashMap<Tag, OpenCode>>,
}

impl MemoryCodes {
    fn held(&self) -> MutexGuard<'_, HashMap<Tag, OpenCode>> {
        self.by_address.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl OpenCodes for MemoryCodes {
    async fn put(&self, open: OpenCode, now: UnixMs) -> Result<(), CodeError> {
        let tag = Tag::in_handle(&open.request).ok_or(CodeError::Expired)?;
        let mut held = self.held();
        if held.len() >= MOST_OPEN {
            held.retain(|_, open| open.expires_at > now);
        }
        if held.len() >= MOST_OPEN && !held.contains_key(&tag) {
            return Err(CodeError::Limited {
                retry_after_s: RETRY_WHEN_FULL_S,
            });
        }
        held.insert(tag, open);
        Ok(())
    }

    async fn take_try(&self, request: &str, now: UnixMs) -> Result<Attempt, CodeError> {
        let tag = Tag::in_handle(request).ok_or(CodeError::Expired)?;
        let mut held = self.held();
        let open = held
            .get_mut(&tag)
            .filter(|open| open.request == request && open.expires_at > now)
            .ok_or(CodeError::Expired)?;
        open.tries_left = open.tries_left.checked_sub(1).ok_or(CodeError::UsedUp)?;
        Ok(Attempt {
            email: open.email.clone(),
            hash: open.hash,
            tries_left: open.tries_left,
        })
    }

    async fn remove(&self, request: &str) -> Result<(), CodeError> {
        if let Some(tag) = Tag::in_handle(request) {
            let mut held = self.held();
            if held.get(&tag).is_some_and(|open| open.request == request) {
                held.remove(&tag);
            }
        }
        Ok(())
    }

    fn remove_expired(&self, now: UnixMs) {
        self.held().retain(|_, open| open.expires_at > now);
    }
}
