//! How a secret is sealed while it lies outside this process: XChaCha20-Poly1305 under a key that follows from the
//! pepper, bound to the id of what it belongs to.

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac as _};
use serde::Serialize;
use serde::de::DeserializeOwned;
use service_kit::Random;
use service_kit::store::StoreError;
use sha2::Sha256;

use crate::secrets::Pepper;

/// Bytes of the random number in front of what is sealed: so many that two are never the same.
const NONCE: usize = 24;

/// Seals events, and other secrets of one use, and opens them again.
#[derive(Clone)]
pub(crate) struct Seal {
    cipher: XChaCha20Poly1305,
}

impl Seal {
    /// The seal of what waits to be published.
    pub(crate) fn new(pepper: &Pepper) -> Self {
        Self::for_use(pepper, b"loquat outbox")
    }

    /// A seal for another use: it opens nothing of the others.
    pub(crate) fn for_use(pepper: &Pepper, label: &[u8]) -> Self {
        let key = keyed(pepper.bytes()).chain_update(label).finalize();
        let key: [u8; 32] = key.into_bytes().into();
        Self {
            cipher: XChaCha20Poly1305::new(&key.into()),
        }
    }

    pub(crate) fn close<T: Serialize>(&self, id: &str, value: &T, random: &dyn Random) -> Result<Vec<u8>, StoreError> {
        let broken = |what: &str| StoreError::Broken(format!("a secret cannot be {what}"));
        let text = serde_json::to_vec(value).map_err(|_| broken("encoded"))?;
        let mut nonce = [0; NONCE];
        random.fill(&mut nonce);
        let payload = Payload {
            msg: &text,
            aad: id.as_bytes(),
        };
        let sealed = self.cipher.encrypt(&XNonce::from(nonce), payload);
        Ok([nonce.as_slice(), &sealed.map_err(|_| broken("sealed"))?].concat())
    }

    /// What was sealed under this id; none if it was sealed with another key, or changed since.
    pub(crate) fn open<T: DeserializeOwned>(&self, id: &str, sealed: &[u8]) -> Option<T> {
        let (nonce, rest) = sealed.split_first_chunk::<NONCE>()?;
        let payload = Payload {
            msg: rest,
            aad: id.as_bytes(),
        };
        let text = self.cipher.decrypt(&XNonce::from(*nonce), payload).ok()?;
        serde_json::from_slice(&text).ok()
    }
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key)
        .unwrap_or_else(|_| unreachable!("HMAC takes keys of every length"))
}

#[cfg(test)]
mod tests {
    use protocol::Email;
    use protocol::event::SendOtp;
    use service_kit::SystemRandom;

    use super::*;
    use crate::outbox::Order;

    fn seal(pepper: &str) -> Seal {
        Seal::new(&Pepper::from_setting(&pepper.repeat(32)).unwrap())
    }

    fn order() -> Order {
        Order::Code(SendOtp {
            id: "otp_1".to_owned(),
            email: Email::parse("ada@example.org").unwrap(),
            code: "271828".to_owned(),
            workspace: "Engines".to_owned(),
            expires_at: 9,
        })
    }

    #[test]
    fn a_sealed_event_opens_with_its_key_and_id_only_and_shows_nothing() {
        let sealed = seal("p").close("otp_1", &order(), &SystemRandom).unwrap();
        assert_eq!(seal("p").open("otp_1", &sealed), Some(order()));
        assert_eq!(seal("q").open::<Order>("otp_1", &sealed), None);
        assert_eq!(seal("p").open::<Order>("otp_2", &sealed), None);
        for secret in ["271828", "example.org"] {
            assert!(!sealed.windows(secret.len()).any(|bytes| bytes == secret.as_bytes()));
        }
        let mut changed = sealed.clone();
        *changed.last_mut().unwrap() ^= 1;
        assert_eq!(seal("p").open::<Order>("otp_1", &changed), None);
        assert_eq!(seal("p").open::<Order>("otp_1", &sealed[..10]), None);
    }

    #[test]
    fn one_event_is_never_sealed_the_same_twice() {
        let sealed = || seal("p").close("otp_1", &order(), &SystemRandom).unwrap();
        assert_ne!(sealed(), sealed());
    }
}
