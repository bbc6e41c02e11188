//! Refresh tokens: a chain in which every link is derived from the one before.
//!
//! A session starts with 256 random bits. The successor of a token is an HMAC of it with a key that only the
//! server has. So a repeated refresh, after an answer was lost, can be answered with the same successor though
//! only its hash is stored. Every token also carries a seal that only the server can make for this session and
//! place in the chain: so one that was replaced long ago can be told from a made-up one at once, however long the
//! chain has become.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use protocol::SessionId;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::secrets::Pepper;

/// Bytes of a link's secret, and of the seal behind it.
const SECRET: usize = 32;
const SEAL: usize = 16;

/// The keys that successors are derived with and that tokens are sealed with.
#[derive(Clone)]
pub(crate) struct RefreshKey {
    successors: Hmac<Sha256>,
    seals: Hmac<Sha256>,
}

impl RefreshKey {
    pub(crate) fn new(pepper: &Pepper) -> Self {
        let derived = |purpose: &[u8]| keyed(&keyed(pepper.bytes()).chain_update(purpose).finalize().into_bytes());
        Self {
            successors: derived(b"loquat refresh token"),
            seals: derived(b"loquat refresh seal"),
        }
    }

    fn successor(&self, session: &SessionId, secret: &[u8; SECRET]) -> [u8; SECRET] {
        let mac = self
            .successors
            .clone()
            .chain_update(session.as_str())
            .chain_update([0])
            .chain_update(secret);
        mac.finalize().into_bytes().into()
    }

    fn seal(&self, session: &SessionId, generation: u32, secret: &[u8; SECRET]) -> [u8; SEAL] {
        let mac = self
            .seals
            .clone()
            .chain_update(session.as_str())
            .chain_update([0])
            .chain_update(generation.to_be_bytes())
            .chain_update(secret);
        let whole: [u8; 32] = mac.finalize().into_bytes().into();
        let mut seal = [0; SEAL];
        seal.copy_from_slice(&whole[..SEAL]);
        seal
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
    secret: [u8; SECRET],
    seal: [u8; SEAL],
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
    pub(super) fn first(session: SessionId, secret: [u8; SECRET], key: &RefreshKey) -> Self {
        Self::sealed(session, 0, secret, key)
    }

    fn sealed(session: SessionId, generation: u32, secret: [u8; SECRET], key: &RefreshKey) -> Self {
        let seal = key.seal(&session, generation, &secret);
        Self {
            session,
            generation,
            secret,
            seal,
        }
    }

    /// Reads a token; none if it cannot be one.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (session, rest) = text.split_once('.')?;
        let (generation, sealed) = rest.split_once('.')?;
        let sealed: [u8; SECRET + SEAL] = URL_SAFE_NO_PAD.decode(sealed).ok()?.try_into().ok()?;
        let (secret, seal) = sealed.split_at(SECRET);
        Some(Self {
            session: SessionId::parse(session).ok()?,
            generation: generation.parse().ok()?,
            secret: secret.try_into().ok()?,
            seal: seal.try_into().ok()?,
        })
    }

    /// The token as it is sent. Its form is nobody's business but ours.
    pub(super) fn text(&self) -> String {
        let sealed = [self.secret.as_slice(), self.seal.as_slice()].concat();
        format!(
            "{}.{}.{}",
            self.session,
            self.generation,
            URL_SAFE_NO_PAD.encode(sealed)
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
        let secret = key.successor(&self.session, &self.secret);
        Self::sealed(self.session.clone(), self.generation.saturating_add(1), secret, key)
    }

    /// Finds out what this token is in the chain whose newest link is `newest`.
    pub(super) fn against(&self, newest: &RefreshState, key: &RefreshKey) -> Presented {
        match newest.generation.checked_sub(self.generation) {
            // The newest one counts by its hash alone, so that it outlives a change of the server's key.
            Some(0) if self.is_link(newest) => Presented::Newest,
            Some(1) => {
                let successor = self.successor(key);
                if successor.is_link(newest) {
                    Presented::RepeatedBeforeSuccessorWasUsed(successor)
                } else {
                    Presented::Foreign
                }
            }
            Some(2..) if self.is_ours(key) => Presented::Older,
            _ => Presented::Foreign,
        }
    }

    fn is_link(&self, stored: &RefreshState) -> bool {
        self.state().hash.ct_eq(&stored.hash).into()
    }

    fn is_ours(&self, key: &RefreshKey) -> bool {
        key.seal(&self.session, self.generation, &self.secret)
            .ct_eq(&self.seal)
            .into()
    }
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).unwrap_or_else(|_| unreachable!("HMAC takes keys of every length"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> RefreshKey {
        RefreshKey::new(&Pepper::from_setting(&"p".repeat(32)).unwrap())
    }

    fn first(session: u128) -> RefreshToken {
        RefreshToken::first(SessionId::from_random(session), [7; SECRET], &key())
    }

    /// As it comes back from a device.
    fn sent(token: &RefreshToken) -> RefreshToken {
        RefreshToken::parse(&token.text()).unwrap()
    }

    #[test]
    fn an_old_link_is_told_at_once_however_old_it_is() {
        let far = RefreshState {
            generation: u32::MAX,
            hash: [3; 32],
        };
        let started = std::time::Instant::now();
        for _ in 0..1_000 {
            assert!(matches!(sent(&first(1)).against(&far, &key()), Presented::Older));
        }
        assert!(started.elapsed().as_secs() < 5, "took {:?}", started.elapsed());
    }

    #[test]
    fn a_seal_is_good_for_its_session_place_and_secret_only() {
        let far = RefreshState {
            generation: 9,
            hash: [3; 32],
        };
        let foreign = |token: &RefreshToken| matches!(sent(token).against(&far, &key()), Presented::Foreign);
        let (mut other_session, mut other_place, mut other_secret) = (first(1), first(1), first(1));
        other_session.session = SessionId::from_random(2);
        other_place.generation = 1;
        other_secret.secret = [8; SECRET];
        assert!(foreign(&other_session) && foreign(&other_place) && foreign(&other_secret));
        let other_key = RefreshKey::new(&Pepper::from_setting(&"q".repeat(32)).unwrap());
        assert!(matches!(first(1).against(&far, &other_key), Presented::Foreign));
    }

    #[test]
    fn the_newest_link_counts_even_when_the_key_has_changed() {
        let other_key = RefreshKey::new(&Pepper::from_setting(&"q".repeat(32)).unwrap());
        assert!(matches!(
            first(1).against(&first(1).state(), &other_key),
            Presented::Newest
        ));
    }
}
