//! Ed25519 keys: the first signs, all are published.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use service_kit::auth::{Claims, PublicKey};
use sha2::{Digest as _, Sha256};

const END_OF_KEY: &str = "-----END PRIVATE KEY-----";

/// A token could not be signed.
#[derive(Debug, thiserror::Error)]
#[error("an access token could not be signed: {0}")]
pub(crate) struct TokenFault(#[from] jsonwebtoken::errors::Error);

/// The keys of access tokens. To rotate: append the new key, wait a token's lifetime, move it to the front,
/// wait again, remove the old one; each step is a restart.
pub(crate) struct SigningKeys {
    signer: EncodingKey,
    signer_kid: String,
    public: Vec<PublicKey>,
}

impl SigningKeys {
    /// Reads one or more PKCS#8 private keys from PEM text; the first one signs.
    pub(crate) fn from_pem(pem: &str) -> anyhow::Result<Self> {
        let mut keys = Vec::new();
        for block in pem
            .split_inclusive(END_OF_KEY)
            .filter(|block| block.contains(END_OF_KEY))
        {
            let key = SigningKey::from_pkcs8_pem(block.trim()).map_err(|fault| {
                anyhow::anyhow!("key {} is not an Ed25519 key in PKCS#8 PEM: {fault}", keys.len() + 1)
            })?;
            keys.push(key);
        }
        let first = keys
            .first()
            .ok_or_else(|| anyhow::anyhow!("there is no private key in this file"))?;
        let der = first
            .to_pkcs8_der()
            .map_err(|fault| anyhow::anyhow!("the first key cannot be used: {fault}"))?;
        let public: Vec<PublicKey> = keys.iter().map(public_key).collect();
        Ok(Self {
            signer: EncodingKey::from_ed_der(der.as_bytes()),
            signer_kid: public[0].kid.clone(),
            public,
        })
    }

    /// The PEM text of a new key made from 32 random bytes.
    pub(crate) fn new_pem(seed: &[u8; 32]) -> anyhow::Result<String> {
        let pem = SigningKey::from_bytes(seed).to_pkcs8_pem(LineEnding::LF);
        Ok(pem
            .map_err(|fault| anyhow::anyhow!("a key could not be written as PEM: {fault}"))?
            .to_string())
    }

    /// Every key as others may know it, the signing one first.
    pub(crate) fn public_keys(&self) -> &[PublicKey] {
        &self.public
    }

    pub(super) fn sign(&self, claims: &Claims) -> Result<String, TokenFault> {
        let header = Header {
            kid: Some(self.signer_kid.clone()),
            ..Header::new(Algorithm::EdDSA)
        };
        Ok(jsonwebtoken::encode(&header, claims, &self.signer)?)
    }
}

impl std::fmt::Debug for SigningKeys {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("SigningKeys")
            .field("signer", &self.signer_kid)
            .finish_non_exhaustive()
    }
}

/// The key under the name that follows from it (RFC 7638 with RFC 8037 §A.3), so that no two nodes can differ.
fn public_key(key: &SigningKey) -> PublicKey {
    let ed25519 = key.verifying_key().to_bytes();
    let members = format!(
        r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#,
        URL_SAFE_NO_PAD.encode(ed25519)
    );
    PublicKey {
        kid: URL_SAFE_NO_PAD.encode(Sha256::digest(members)),
        ed25519,
    }
}
