//! The codes that can still be used, in memory. A restart makes them void, which only costs a new mail.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use hmac::{Hmac, KeyInit as _, Mac as _};
use protocol::{Email, UnixMs};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

use super::CodeError;
use crate::secrets::Pepper;

/// Codes that may be open at once; far above what the limits per client let one machine reach.
const MOST_OPEN: usize = 100_000;
/// When somebody is told to come back while too many are open.
const RETRY_WHEN_FULL_S: u32 = 60;

type CodeHash = [u8; 32];

pub(super) struct OpenCodes {
    key: Hmac<Sha256>,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    by_request: HashMap<String, OpenCode>,
    /// The newest request of each address, under the address's key.
    newest: HashMap<String, String>,
}

/// A code that was mailed.
pub(super) struct OpenCode {
    email: Email,
    hash: CodeHash,
    tries_left: u32,
    expires_at: UnixMs,
}

/// One try, already taken off.
pub(super) struct Attempt {
    email: Email,
    hash: CodeHash,
    tries_left: u32,
}

impl OpenCode {
    pub(super) fn new(email: Email, tries: u32, expires_at: UnixMs) -> Self {
        Self {
            email,
            hash: CodeHash::default(),
            tries_left: tries,
            expires_at,
        }
    }
}

impl Attempt {
    pub(super) fn email(&self) -> &Email {
        &self.email
    }

    pub(super) fn into_email(self) -> Email {
        self.email
    }

    /// Tries that are left after this one.
    pub(super) fn tries_left(&self) -> u32 {
        self.tries_left
    }
}

impl OpenCodes {
    pub(super) fn new(pepper: &Pepper) -> Self {
        let key = keyed(pepper.bytes()).chain_update(b"loquat sign-in code");
        let key = keyed(&key.finalize().into_bytes());
        Self {
            key,
            held: Mutex::default(),
        }
    }

    /// Opens a code in place of the address's older one.
    pub(super) fn put(&self, request: &str, mut open: OpenCode, code: &str, now: UnixMs) -> Result<(), CodeError> {
        open.hash = self.hash(request, &open.email, code);
        let mut held = self.held();
        if held.by_request.len() >= MOST_OPEN {
            held.remove_expired(now);
        }
        if held.by_request.len() >= MOST_OPEN {
            return Err(CodeError::Limited {
                retry_after_s: RETRY_WHEN_FULL_S,
            });
        }
        if let Some(older) = held.newest.insert(open.email.key(), request.to_owned()) {
            held.by_request.remove(&older);
        }
        held.by_request.insert(request.to_owned(), open);
        Ok(())
    }

    /// Takes one try off an open code.
    pub(super) fn take_try(&self, request: &str, now: UnixMs) -> Result<Attempt, CodeError> {
        let mut held = self.held();
        let open = held
            .by_request
            .get_mut(request)
            .filter(|open| open.expires_at > now)
            .ok_or(CodeError::Expired)?;
        open.tries_left = open.tries_left.checked_sub(1).ok_or(CodeError::UsedUp)?;
        Ok(Attempt {
            email: open.email.clone(),
            hash: open.hash,
            tries_left: open.tries_left,
        })
    }

    /// Compares in a time that says nothing about how much of the code was right.
    pub(super) fn is_right(&self, attempt: &Attempt, request: &str, code: &str) -> bool {
        self.hash(request, &attempt.email, code).ct_eq(&attempt.hash).into()
    }

    pub(super) fn remove(&self, request: &str) {
        self.held().remove(request);
    }

    pub(super) fn remove_expired(&self, now: UnixMs) {
        self.held().remove_expired(now);
    }

    /// The hash is bound to the request and the address, so it fits nowhere else.
    fn hash(&self, request: &str, email: &Email, code: &str) -> CodeHash {
        let mut hash = self.key.clone();
        for part in [request, &email.key(), code.trim()] {
            hash.update(part.as_bytes());
            hash.update(&[0]);
        }
        hash.finalize().into_bytes().into()
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    fn remove(&mut self, request: &str) {
        let Some(open) = self.by_request.remove(request) else {
            return;
        };
        let key = open.email.key();
        if self.newest.get(&key).is_some_and(|newest| newest == request) {
            self.newest.remove(&key);
        }
    }

    fn remove_expired(&mut self, now: UnixMs) {
        self.by_request.retain(|_, open| open.expires_at > now);
        let Self { by_request, newest } = self;
        newest.retain(|_, request| by_request.contains_key(request));
    }
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).unwrap_or_else(|_| unreachable!("HMAC takes keys of every length"))
}
