//! The signing key of a run, made by the generator and given to the server, so that it can mint tokens for people
//! who never asked for a code. The product has no other way in than this: whoever holds its key speaks for it.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::Context as _;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::EncodePrivateKey as _;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use protocol::{SessionId, UnixMs, UserId};
use serde::Deserialize;
use serde_json::json;
use test_kit::random::SeededRandom;

use crate::rest::Rest;

/// How long tokens of a run are good for: longer than any run.
const TOKEN_LIFETIME_S: i64 = 6 * 60 * 60;

/// A key in a file for `SIGNING_KEY_FILE`.
pub(crate) struct KeyFile {
    signer: EncodingKey,
}

/// The one who signs tokens that the running server takes.
pub(crate) struct Mint {
    signer: EncodingKey,
    header: Header,
    issuer: String,
    now_s: i64,
}

/// `/.well-known/jwks.json`, as far as it matters here.
#[derive(Deserialize)]
struct PublishedKeys {
    keys: Vec<PublishedKey>,
}

#[derive(Deserialize)]
struct PublishedKey {
    kid: String,
}

impl KeyFile {
    /// Makes a key and writes it where only its owner can read it.
    pub(crate) fn make(path: &Path, random: &SeededRandom) -> anyhow::Result<Self> {
        let mut seed = [0; 32];
        random.fill(&mut seed);
        let pem = SigningKey::from_bytes(&seed).to_pkcs8_pem(LineEnding::LF)?;
        let mut file = std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)
            .with_context(|| format!("cannot make {}", path.display()))?;
        file.write_all(pem.as_bytes())?;
        Ok(Self {
            signer: EncodingKey::from_ed_pem(pem.as_bytes())?,
        })
    }

    /// Asks the server what it calls this key.
    pub(crate) async fn mint(&self, rest: &Rest, issuer: &str, now: UnixMs) -> anyhow::Result<Mint> {
        let published: PublishedKeys = rest.get("/.well-known/jwks.json", None).await?.json()?;
        let [key] = <[PublishedKey; 1]>::try_from(published.keys)
            .ok()
            .context("the server publishes another number of keys than one")?;
        let header = Header {
            kid: Some(key.kid),
            ..Header::new(Algorithm::EdDSA)
        };
        Ok(Mint {
            signer: self.signer.clone(),
            header,
            issuer: issuer.to_owned(),
            now_s: now / 1000,
        })
    }
}

impl Mint {
    /// An access token as user-service would issue it.
    pub(crate) fn token(&self, user: &UserId, session: &SessionId) -> anyhow::Result<String> {
        let claims = json!({
            "sub": user,
            "sid": session,
            "iss": self.issuer,
            "aud": "loquat",
            "iat": self.now_s,
            "exp": self.now_s + TOKEN_LIFETIME_S,
            "jti": session,
        });
        Ok(jsonwebtoken::encode(&self.header, &claims, &self.signer)?)
    }
}
