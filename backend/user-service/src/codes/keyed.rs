//! Keyed hashes: what is kept of a code, and by what an address or a client is found without being named.

use std::net::IpAddr;

use hmac::{Hmac, KeyInit as _, Mac as _};
use protocol::Email;
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

use crate::client_network::ClientNetwork;
use crate::secrets::Pepper;

/// What is kept of a code.
pub(super) type CodeHash = [u8; 32];

/// Hexadecimal digits of the random part of a handle, and of the tag behind it.
const PART: usize = 32;

/// The keys. They follow from the pepper, so they are the same on every node.
#[derive(Clone)]
pub(super) struct Keyed {
    codes: Hmac<Sha256>,
    tags: Hmac<Sha256>,
}

/// Stands for an address or a client where neither may be read.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Tag(String);

impl Keyed {
    pub(super) fn new(pepper: &Pepper) -> Self {
        let key = |label: &[u8]| {
            let key = keyed(pepper.bytes()).chain_update(label);
            keyed(&key.finalize().into_bytes())
        };
        Self {
            codes: key(b"loquat sign-in code"),
            tags: key(b"loquat sign-in address"),
        }
    }

    /// The hash is bound to the request and the address, so it fits nowhere else.
    pub(super) fn code(&self, request: &str, email: &Email, code: &str) -> CodeHash {
        let mut hash = self.codes.clone();
        for part in [request, &email.key(), code.trim()] {
            hash.update(part.as_bytes());
            hash.update(&[0]);
        }
        hash.finalize().into_bytes().into()
    }

    /// The same for an address however it is typed.
    pub(super) fn address(&self, email: &Email) -> Tag {
        self.tag(b"address", email.key().as_bytes())
    }

    pub(super) fn client(&self, from: ClientNetwork) -> Tag {
        match from.address() {
            IpAddr::V4(address) => self.tag(b"client", &address.octets()),
            IpAddr::V6(address) => self.tag(b"client", &address.octets()),
        }
    }

    /// The handle of a request: a part that nobody guesses, and where it is kept.
    pub(super) fn handle(&self, email: &Email, random: u128) -> String {
        format!("r_{random:032x}{}", self.address(email).0)
    }

    fn tag(&self, kind: &[u8], bytes: &[u8]) -> Tag {
        let hash = self
            .tags
            .clone()
            .chain_update(kind)
            .chain_update([0])
            .chain_update(bytes);
        let mut tag = hex::encode(hash.finalize().into_bytes());
        tag.truncate(PART);
        Tag(tag)
    }
}

impl Tag {
    /// The address's tag in a handle; none if it is no handle.
    pub(super) fn in_handle(handle: &str) -> Option<Self> {
        let parts = handle.strip_prefix("r_")?;
        let is_whole = parts.len() == 2 * PART && parts.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        is_whole.then(|| Self(parts[PART..].to_owned()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Compares in a time that says nothing about how much of the code was right.
pub(super) fn are_equal(one: &CodeHash, other: &CodeHash) -> bool {
    one.ct_eq(other).into()
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).unwrap_or_else(|_| unreachable!("HMAC takes keys of every length"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keyed() -> Keyed {
        Keyed::new(&Pepper::from_setting(&"p".repeat(32)).unwrap())
    }

    fn email(text: &str) -> Email {
        Email::parse(text).unwrap()
    }

    #[test]
    fn a_handle_leads_to_its_address_and_names_it_not() {
        let (keyed, ada) = (keyed(), email("Ada@example.org"));
        let handle = keyed.handle(&ada, 7);
        assert_eq!(Tag::in_handle(&handle), Some(keyed.address(&email("ada@example.org"))));
        assert_ne!(Tag::in_handle(&handle), Some(keyed.address(&email("ben@example.org"))));
        assert!(!handle.contains("ada"));
    }

    #[test]
    fn what_is_no_handle_leads_nowhere() {
        let whole = keyed().handle(&email("ada@example.org"), 7);
        for handle in [
            "",
            "r_",
            &whole[1..],
            &whole[..40],
            &format!("{whole}0"),
            &whole.replace('0', "}"),
        ] {
            assert_eq!(Tag::in_handle(handle), None, "{handle}");
        }
    }

    #[test]
    fn clients_are_told_apart_from_addresses() {
        let client = |text: &str| keyed().client(ClientNetwork::of(text.parse().unwrap()));
        assert_ne!(client("192.0.2.1"), client("192.0.2.2"));
        assert_eq!(client("2001:db8::1"), client("2001:db8::2"));
    }
}
