//! Refresh tokens: a chain in which every link is derived from the one before.
//!
//! A session starts with 256 random bits. The successor of a token is an HMAC of it with a key that only the
//! server has. So a repeated refresh, after an answer was lost, can be answered with the same successor though
//! only its hash is stored; and a token can be told to be an *older* link, and not a made-up one, by following
//! the chain from it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use protocol::SessionId;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::secrets::Pepper;

/// Links that are followed to prove a token older: nine months of a device that refreshes every ten minutes.
const LONGEST_PROOF: u32 = 40_000;

/// The key that successors are derived with.
#[derive(Clone)]
pub(crate) struct RefreshKey(Hmac<Sha256>);

impl RefreshKey {
    pub(crate) fn new(pepper: &Pepper) -> Self {
        let derived = keyed(pepper.bytes()).chain_update(b"loquat refresh token").finalize();
        Self(keyed(&derived.into_bytes()))
    }

    fn successor(&self, session: &SessionId, secret: &[u8; 32]) -> [u8; 32] {
        let mac = self
            .0
            .clone()
            .chain_update(session.as_str())
            .chain_update([0])
            .chain_update(secret);
        mac.finalize().into_bytes().into()
    }
}

/// The newest link of a session's chain: its number and its hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RefreshState {
    pub(crate) generation: u32,
    pub(crate) hash: [u8; 32],
}

/// One link, as a device holds it.
pub(super) struct RefreshToken {
    session: SessionId,
    generation: u32,
    secret: [u8; 32],
}

/// What a token is, seen from the chain's end.
pub(super) enum Presented {
    /// The newest link.
    Newest,
    /// The last but one, and the newest one (given along) was not used yet: the answer was lost.
    RepeatedBeforeSuccessorWasUsed(RefreshToken),
    /// A link further back: somebody else holds a copy.
    Older,
    /// No link of this chain.
    Foreign,
}

impl RefreshToken {
    /// The first link of a new session.
    pub(super) fn first(session: SessionId, secret: [u8; 32]) -> Self {
        Self {
            session,
            generation: 0,
            secret,
        }
    }

    /// Reads a token; none if it cannot be one.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (session, rest) = text.split_once('.')?;
        let (generation, secret) = rest.split_once('.')?;
        Some(Self {
            session: SessionId::parse(session).ok()?,
            generation: generation.parse().ok()?,
            secret: URL_SAFE_NO_PAD.decode(secret).ok()?.try_into().ok()?,
        })
    }

    /// The token as it is sent. Its form is nobody's business but ours.
    pub(super) fn text(&self) -> String {
        format!(
            "{}.{}.{}",
            self.session,
            self.generation,
            URL_SAFE_NO_PAD.encode(self.secret)
        )
    }

    pub(super) fn session(&self) -> &SessionId {
        &self.session
    }

    /// What is stored of this link.
    pub(super) fn state(&self) -> RefreshState {
        RefreshState {
            generation: self.generation,
            hash: Sha256::digest(self.secret).into(),
        }
    }

    pub(super) fn successor(&self, key: &RefreshKey) -> Self {
        Self {
            session: self.session.clone(),
            generation: self.generation.saturating_add(1),
            secret: key.successor(&self.session, &self.secret),
        }
    }

    /// Finds out what this token is in the chain whose newest link is `newest`.
    pub(super) fn against(&self, newest: &RefreshState, key: &RefreshKey) -> Presented {
        let Some(behind) = newest
            .generation
            .checked_sub(self.generation)
            .filter(|links| *links <= LONGEST_PROOF)
        else {
            return Presented::Foreign;
        };
        let mut link = Self {
            session: self.session.clone(),
            generation: self.generation,
            secret: self.secret,
        };
        for _ in 0..behind {
            link = link.successor(key);
        }
        let belongs: bool = link.state().hash.ct_eq(&newest.hash).into();
        match behind {
            _ if !belongs => Presented::Foreign,
            0 => Presented::Newest,
            1 => Presented::RepeatedBeforeSuccessorWasUsed(link),
            _ => Presented::Older,
        }
    }
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).unwrap_or_else(|_| unreachable!("HMAC takes keys of every length"))
}
