//! Access tokens: short-lived JWTs that every service can check by itself.

mod signing;

use protocol::{SessionId, UnixMs, UserId};
use service_kit::auth::{AUDIENCE, Claims};

pub(crate) use signing::{SigningKeys, TokenFault};

/// Issues access tokens.
pub(crate) struct AccessTokens {
    keys: SigningKeys,
    issuer: String,
    lifetime_s: u32,
}

impl AccessTokens {
    pub(crate) fn new(keys: SigningKeys, issuer: String, lifetime_s: u32) -> Self {
        Self {
            keys,
            issuer,
            lifetime_s,
        }
    }

    /// Seconds a token is good for.
    pub(crate) fn lifetime_s(&self) -> u32 {
        self.lifetime_s
    }

    /// A token for this session; `token_bits` make its `jti` unique.
    pub(crate) fn issue(
        &self,
        user: &UserId,
        session: &SessionId,
        now: UnixMs,
        token_bits: u128,
    ) -> Result<String, TokenFault> {
        let now_s = now / 1000;
        self.keys.sign(&Claims {
            sub: user.clone(),
            sid: session.clone(),
            iss: self.issuer.clone(),
            aud: AUDIENCE.to_owned(),
            iat: now_s,
            exp: now_s + i64::from(self.lifetime_s),
            jti: format!("{token_bits:032x}"),
        })
    }
}

#[cfg(test)]
mod tests;
