//! Where the session is kept between runs: one secret text, in the keychain of the operating system.

use std::sync::Mutex;

use async_trait::async_trait;

/// A place for one secret. The desktop brings the keychain; [`MemorySecrets`] is for bots, tests and load.
#[async_trait]
pub trait SecretStore: Send + Sync {
    /// The secret, or none when there never was one.
    async fn load(&self) -> Result<Option<String>, SecretError>;
    /// Replaces the secret. When this returns it must survive a crash: the tokens in it are used next.
    async fn save(&self, secret: &str) -> Result<(), SecretError>;
    /// Forgets the secret.
    async fn clear(&self) -> Result<(), SecretError>;
}

/// Why a secret could not be read or kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    #[error("the keychain is locked")]
    Locked,
    #[error("there is no keychain")]
    Missing,
    #[error("the keychain failed: {0}")]
    Other(String),
}

/// Keeps the secret in memory: it ends with the process.
#[derive(Default)]
pub struct MemorySecrets {
    secret: Mutex<Option<String>>,
}

#[async_trait]
impl SecretStore for MemorySecrets {
    async fn load(&self) -> Result<Option<String>, SecretError> {
        Ok(crate::lock(&self.secret).clone())
    }

    async fn save(&self, secret: &str) -> Result<(), SecretError> {
        *crate::lock(&self.secret) = Some(secret.to_owned());
        Ok(())
    }

    async fn clear(&self) -> Result<(), SecretError> {
        *crate::lock(&self.secret) = None;
        Ok(())
    }
}
