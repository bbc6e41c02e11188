//! The session in a file, for devices of a test that are killed and opened again.
//!
//! The product never does this: there the session lies in the keychain and nowhere else.

use std::path::PathBuf;

use async_trait::async_trait;
use client::{SecretError, SecretStore};

/// One secret in one file, replaced as a whole.
pub(super) struct SecretFile {
    path: PathBuf,
}

impl SecretFile {
    pub(super) fn at(path: PathBuf) -> Self {
        Self { path }
    }
}

#[async_trait]
impl SecretStore for SecretFile {
    async fn load(&self) -> Result<Option<String>, SecretError> {
        match std::fs::read_to_string(&self.path) {
            Ok(secret) => Ok(Some(secret)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(SecretError::Other(error.to_string())),
        }
    }

    async fn save(&self, secret: &str) -> Result<(), SecretError> {
        // A kill in the middle leaves the old secret, as a keychain would.
        let fresh = self.path.with_extension("fresh");
        let written = std::fs::write(&fresh, secret).and_then(|()| std::fs::rename(&fresh, &self.path));
        written.map_err(|error| SecretError::Other(error.to_string()))
    }

    async fn clear(&self) -> Result<(), SecretError> {
        match std::fs::remove_file(&self.path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(SecretError::Other(error.to_string())),
            _ => Ok(()),
        }
    }
}
