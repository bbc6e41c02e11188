//! The one secret of a profile, in the keychain of the operating system and nowhere else.
//!
//! Every call may wait for a person who is asked to unlock the keychain, so all of them run on threads that may
//! block, and each has a deadline.

mod system;
#[cfg(test)]
mod tests;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use client::{SecretError, SecretStore};
use keyring_core::{CredentialStore, Entry, Error};

/// The name all our entries share.
const SERVICE: &str = "loquat";

/// How long a person may take to unlock the keychain before the app goes on without it. Shorter than the client itself
/// waits: given up there, the prompt would not count as refused, and every token refresh would open another one.
const DEADLINE: Duration = Duration::from_secs(25);

/// How a connection to the keychain is made. It can be made again: a keychain may be started later.
type Connect = Box<dyn Fn() -> keyring_core::Result<Arc<CredentialStore>> + Send + Sync>;

/// The keychain entry of one profile.
#[derive(Clone)]
pub(crate) struct Keychain {
    vault: Arc<Vault>,
    deadline: Duration,
}

impl Keychain {
    /// The entry of this profile in the keychain of this system.
    pub(crate) fn of_profile(profile: &str) -> Self {
        Self::new(profile, Box::new(system::connect), DEADLINE)
    }

    fn new(profile: &str, connect: Connect, deadline: Duration) -> Self {
        let vault = Vault {
            connect,
            profile: profile.to_owned(),
            store: Mutex::default(),
            refused: AtomicBool::new(false),
        };
        Self {
            vault: Arc::new(vault),
            deadline,
        }
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Vault) -> Result<T, SecretError> + Send + 'static,
    ) -> Result<T, SecretError> {
        let vault = Arc::clone(&self.vault);
        let work = tokio::task::spawn_blocking(move || work(&vault));
        match tokio::time::timeout(self.deadline, work).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(fault)) => Err(SecretError::Other(fault.to_string())),
            Err(_) => {
                // Nobody answered the prompt. Ask no more in this run.
                self.vault.refused.store(true, Ordering::Relaxed);
                Err(SecretError::Locked)
            }
        }
    }
}

#[async_trait]
impl SecretStore for Keychain {
    async fn load(&self) -> Result<Option<String>, SecretError> {
        self.blocking(Vault::load).await
    }

    async fn save(&self, secret: &str) -> Result<(), SecretError> {
        let secret = secret.to_owned();
        self.blocking(move |vault| vault.save(&secret)).await
    }

    async fn clear(&self) -> Result<(), SecretError> {
        self.blocking(Vault::clear).await
    }
}

/// The same, for threads that may block.
struct Vault {
    connect: Connect,
    profile: String,
    store: Mutex<Option<Arc<CredentialStore>>>,
    /// Whether the keychain stayed locked when asked: a person who dismissed the prompt is not asked again at
    /// every token refresh.
    refused: AtomicBool,
}

impl Vault {
    fn load(&self) -> Result<Option<String>, SecretError> {
        match self.on_entry(&self.profile, Entry::get_password) {
            Ok(secret) => Ok(Some(secret)),
            // A keychain that was never unlocked says the same as an empty one; only writing tells them apart.
            Err(Error::NoEntry) => self.probe().map(|()| None),
            Err(error) => Err(self.judge(error)),
        }
    }

    fn save(&self, secret: &str) -> Result<(), SecretError> {
        if self.refused.load(Ordering::Relaxed) {
            return Err(SecretError::Locked);
        }
        let first = self.on_entry(&self.profile, |entry| entry.set_password(secret));
        let saved = match first {
            Err(Error::Ambiguous(entries)) => {
                delete_all(&entries).and_then(|()| self.on_entry(&self.profile, |entry| entry.set_password(secret)))
            }
            other => other,
        };
        saved.map_err(|error| self.judge_write(error))
    }

    fn clear(&self) -> Result<(), SecretError> {
        let cleared = match self.on_entry(&self.profile, Entry::delete_credential) {
            Err(Error::NoEntry) => Ok(()),
            Err(Error::Ambiguous(entries)) => delete_all(&entries),
            other => other,
        };
        cleared.map_err(|error| self.judge(error))
    }

    /// Writes, reads and deletes an entry of its own, to know whether the keychain can be used.
    fn probe(&self) -> Result<(), SecretError> {
        let name = format!("{}.probe", self.profile);
        let write = self.on_entry(&name, |entry| entry.set_password("probe"));
        write.map_err(|error| self.judge_write(error))?;
        let read = self
            .on_entry(&name, Entry::get_password)
            .map_err(|error| self.judge(error))?;
        self.on_entry(&name, Entry::delete_credential)
            .map_err(|error| self.judge(error))?;
        if read == "probe" {
            Ok(())
        } else {
            Err(SecretError::Other("the keychain changed what was stored".to_owned()))
        }
    }

    /// Works on an entry, once more on a fresh connection when the old one is broken.
    fn on_entry<T>(&self, name: &str, work: impl Fn(&Entry) -> keyring_core::Result<T>) -> keyring_core::Result<T> {
        let mut cached = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(store) = cached.as_ref() {
            match work(&store.build(SERVICE, name, None)?) {
                Err(Error::PlatformFailure(_)) => *cached = None,
                outcome => return outcome,
            }
        }
        let store = (self.connect)().map_err(|error| {
            tracing::debug!(%error, "no keychain");
            Error::NoDefaultStore
        })?;
        *cached = Some(Arc::clone(&store));
        work(&store.build(SERVICE, name, None)?)
    }

    fn judge(&self, error: Error) -> SecretError {
        match error {
            Error::NoDefaultStore => SecretError::Missing,
            Error::NoStorageAccess(_) => {
                self.refused.store(true, Ordering::Relaxed);
                SecretError::Locked
            }
            other => SecretError::Other(other.to_string()),
        }
    }

    /// A keychain that answers but takes nothing is locked: that is how a dismissed prompt looks.
    fn judge_write(&self, error: Error) -> SecretError {
        match error {
            Error::PlatformFailure(reason) => self.judge(Error::NoStorageAccess(reason)),
            other => self.judge(other),
        }
    }
}

impl Drop for Vault {
    /// The connection says good-bye with a call that blocks, which no thread of the runtime may do.
    fn drop(&mut self) {
        let store = self.store.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        if store.is_some() {
            std::thread::spawn(move || drop(store));
        }
    }
}

fn delete_all(entries: &[Entry]) -> keyring_core::Result<()> {
    entries.iter().try_for_each(Entry::delete_credential)
}
