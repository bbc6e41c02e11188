//! Who is calling: access tokens, checked without asking anybody.
//!
//! A token is a JWT signed with Ed25519 (RFC 7519, RFC 8037). Only that one algorithm is accepted,
//! whatever the token's header claims, and only with keys this process was given.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use axum::extract::{FromRef, FromRequestParts};
use http::header::AUTHORIZATION;
use http::request::Parts;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use protocol::{ErrorCode, SessionId, UnixMs, UserId};
use serde::{Deserialize, Serialize};
use tokio::sync::{Notify, watch};

use crate::{ApiError, SharedClock};

/// Who access tokens are for.
pub const AUDIENCE: &str = "loquat";

/// A token from a server whose clock is ahead by more than this is refused.
const CLOCK_SKEW_S: i64 = 60;

/// What an access token says; times in seconds since 1970 (RFC 7519 §4.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    pub sub: UserId,
    pub sid: SessionId,
    pub iss: String,
    pub aud: String,
    pub iat: i64,
    pub exp: i64,
    pub jti: String,
}

/// A key that signs access tokens, as everyone may know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    pub kid: String,
    pub ed25519: [u8; 32],
}

/// The keys a process trusts. Cheap to clone; a replacement is seen by every clone.
#[derive(Clone, Default)]
pub struct KeySet {
    keys: Arc<RwLock<HashMap<String, (PublicKey, DecodingKey)>>>,
    wanted: Arc<Notify>,
}

/// One key of a JWKS document (RFC 8037 §2).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Jwk {
    kty: String,
    crv: String,
    kid: String,
    x: String,
    alg: String,
    #[serde(rename = "use")]
    usage: String,
}

/// `/.well-known/jwks.json` (RFC 7517 §5).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Jwks {
    pub keys: Vec<Jwk>,
}

impl KeySet {
    /// Trusts exactly these keys from now on.
    pub fn replace(&self, keys: Vec<PublicKey>) {
        let known = keys.into_iter().filter_map(|key| {
            let decoding = DecodingKey::from_ed_components(&base64url(&key.ed25519)).ok()?;
            Some((key.kid.clone(), (key, decoding)))
        });
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = known.collect();
    }

    /// The keys as they are published.
    pub fn jwks(&self) -> Jwks {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        let mut published: Vec<Jwk> = keys.values().map(|(key, _)| jwk(key)).collect();
        published.sort_by(|one, other| one.kid.cmp(&other.kid));
        Jwks { keys: published }
    }

    /// Trusts exactly the keys of a published document from now on. False, and nothing is changed, when it has none
    /// that can be used: that is a fault of whoever publishes it.
    pub fn adopt(&self, published: &Jwks) -> bool {
        let keys: Vec<PublicKey> = published.keys.iter().filter_map(public_key).collect();
        let is_usable = !keys.is_empty();
        if is_usable {
            self.replace(keys);
        }
        is_usable
    }

    /// Resolves when a token names a key that is not among these, and when there are none at all.
    pub async fn wanted(&self) {
        self.wanted.notified().await;
    }

    fn decoding(&self, kid: &str) -> Result<DecodingKey, TokenError> {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, key)) = keys.get(kid) {
            return Ok(key.clone());
        }
        self.wanted.notify_one();
        // Without any key nothing can be said of a token, least of all that it is not valid.
        Err(if keys.is_empty() {
            TokenError::Unknown
        } else {
            TokenError::Invalid
        })
    }
}

/// One published key, if it is of the kind that signs access tokens.
fn public_key(jwk: &Jwk) -> Option<PublicKey> {
    use base64::Engine as _;
    let is_ours = jwk.kty == "OKP" && jwk.crv == "Ed25519";
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(&jwk.x).ok()?;
    Some(PublicKey {
        kid: jwk.kid.clone(),
        ed25519: bytes.try_into().ok()?,
    })
    .filter(|_| is_ours)
}

fn jwk(key: &PublicKey) -> Jwk {
    Jwk {
        kty: "OKP".to_owned(),
        crv: "Ed25519".to_owned(),
        kid: key.kid.clone(),
        x: base64url(&key.ed25519),
        alg: "EdDSA".to_owned(),
        usage: "sig".to_owned(),
    }
}

fn base64url(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

/// Sessions that were ended while their access tokens still live. Cheap to clone.
#[derive(Clone)]
pub struct DeniedSessions {
    until: Arc<RwLock<HashMap<SessionId, UnixMs>>>,
    generation: watch::Sender<u64>,
}

impl Default for DeniedSessions {
    fn default() -> Self {
        Self::new()
    }
}

impl DeniedSessions {
    /// Nobody is denied.
    pub fn new() -> Self {
        Self {
            until: Arc::default(),
            generation: watch::Sender::new(0),
        }
    }

    /// Refuses every token of this session; `until` is when its last one ends by itself. Denying twice changes
    /// nothing and wakes nobody.
    pub fn deny(&self, session: SessionId, until: UnixMs) {
        let known = self
            .until
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(session, until);
        if known.is_none() {
            self.generation.send_modify(|generation| *generation += 1);
        }
    }

    /// Whether the session was ended.
    pub fn is_denied(&self, session: &SessionId) -> bool {
        self.until
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .contains_key(session)
    }

    /// Forgets sessions whose tokens have all ended.
    pub fn forget_before(&self, now: UnixMs) {
        self.until
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .retain(|_, until| *until > now);
    }

    /// Changes with every denial, so that open sockets are checked at once (P7).
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.generation.subscribe()
    }
}

/// Why a token does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    #[error("the token is not valid")]
    Invalid,
    #[error("the token has expired")]
    Expired,
    #[error("the session has ended")]
    Ended,
    #[error("the keys that tokens are signed with are not known yet")]
    Unknown,
}

impl From<TokenError> for ApiError {
    fn from(fault: TokenError) -> Self {
        match fault {
            TokenError::Invalid => Self::new(
                ErrorCode::Unauthenticated,
                "The access token is missing or not valid. Sign in.",
            ),
            TokenError::Expired => Self::new(ErrorCode::TokenExpired, "Refresh the access token and try again."),
            TokenError::Unknown => Self::new(ErrorCode::Unavailable, "Try again in a moment.").retry_after_s(1),
            TokenError::Ended => Self::new(ErrorCode::SessionEnded, "This device was signed out. Sign in again."),
        }
    }
}

/// Checks access tokens.
#[derive(Clone)]
pub struct Authority {
    keys: KeySet,
    denied: DeniedSessions,
    clock: SharedClock,
    issuer: Arc<str>,
}

impl Authority {
    /// Trusts `keys` for tokens of `issuer`, but for sessions that are `denied`.
    pub fn new(keys: KeySet, denied: DeniedSessions, clock: SharedClock, issuer: &str) -> Self {
        Self {
            keys,
            denied,
            clock,
            issuer: issuer.into(),
        }
    }

    /// Who the bearer of this token is.
    pub fn check(&self, token: &str) -> Result<Caller, TokenError> {
        let header = jsonwebtoken::decode_header(token).map_err(|_| TokenError::Invalid)?;
        let kid = header.kid.ok_or(TokenError::Invalid)?;
        let key = self.keys.decoding(&kid)?;
        let claims = jsonwebtoken::decode::<Claims>(token, &key, &self.validation())
            .map_err(|_| TokenError::Invalid)?
            .claims;

        let now_s = self.clock.now() / 1000;
        if claims.iat > now_s + CLOCK_SKEW_S {
            return Err(TokenError::Invalid);
        }
        if claims.exp <= now_s {
            return Err(TokenError::Expired);
        }
        if self.denied.is_denied(&claims.sid) {
            return Err(TokenError::Ended);
        }
        Ok(Caller {
            user: claims.sub,
            session: claims.sid,
            expires_at: claims.exp * 1000,
        })
    }

    /// Whether the session was ended since its token was checked.
    pub fn is_denied(&self, session: &SessionId) -> bool {
        self.denied.is_denied(session)
    }

    /// Changes whenever a session is ended.
    pub fn watch_denials(&self) -> watch::Receiver<u64> {
        self.denied.watch()
    }

    /// The expiry is left to us, because the library would ask the machine's clock instead of ours.
    fn validation(&self) -> Validation {
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_audience(&[AUDIENCE]);
        validation.set_issuer(&[&*self.issuer]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.validate_exp = false;
        validation
    }
}

/// The person and device behind a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    pub user: UserId,
    pub session: SessionId,
    /// When the token ends.
    pub expires_at: UnixMs,
}

impl<S> FromRequestParts<S> for Caller
where
    Authority: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let token = parts
            .headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split_once(' '))
            // The name of the scheme has no case (RFC 9110 §11.1).
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim())
            .ok_or(TokenError::Invalid)?;
        Ok(Authority::from_ref(state).check(token)?)
    }
}

#[cfg(test)]
mod tests;
