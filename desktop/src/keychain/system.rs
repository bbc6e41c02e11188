//! The keychain of this operating system.

use std::sync::Arc;

use keyring_core::CredentialStore;

/// Connects to the Secret Service of the person's session (GNOME Keyring, `KWallet`, `KeePassXC` …).
#[cfg(target_os = "linux")]
pub(super) fn connect() -> keyring_core::Result<Arc<CredentialStore>> {
    let store = zbus_secret_service_keyring_store::Store::new()?;
    Ok(store)
}

/// This system's keychain is not supported yet, which the window says at sign-in: the session lasts for this run.
#[cfg(not(target_os = "linux"))]
pub(super) fn connect() -> keyring_core::Result<Arc<CredentialStore>> {
    Err(keyring_core::Error::NotSupportedByStore(format!(
        "no keychain is supported on {}",
        std::env::consts::OS
    )))
}
