//! Names of people, sessions, conversations and sends, as opaque text.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use ts_rs::TS;
use utoipa::ToSchema;

/// The longest id that is accepted, in bytes.
pub const LONGEST_ID: usize = 64;

/// A text that is not an id: empty, too long, or with a character outside `A–Z a–z 0–9 _ -`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an id is 1 to {LONGEST_ID} characters of A-Z, a-z, 0-9, _ and -, got {0:?}")]
pub struct InvalidId(pub String);

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS, ToSchema)]
        #[serde(try_from = "String", into = "String")]
        #[ts(type = "string")]
        #[schema(value_type = String, max_length = 64, pattern = "^[A-Za-z0-9_-]+$")]
        pub struct $name(String);

        impl $name {
            /// Reads an id from outside, refusing what is not one.
            pub fn parse(text: &str) -> Result<Self, InvalidId> {
                let fits = (1..=LONGEST_ID).contains(&text.len());
                let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
                if fits && plain {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(InvalidId(text.chars().take(LONGEST_ID).collect()))
                }
            }

            /// Makes an id from 128 random bits; the caller brings the randomness.
            pub fn from_random(bits: u128) -> Self {
                Self(format!("{}{}", $prefix, base32(&bits.to_be_bytes())))
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;

            fn try_from(text: String) -> Result<Self, InvalidId> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(&self.0)
            }
        }
    };
}

id!(
    /// A person, for ever: it survives a change of name and of address.
    UserId,
    "u_"
);
id!(
    /// One signed-in device of a person.
    SessionId,
    "s_"
);
id!(
    /// A direct or group conversation or a channel.
    ConversationId,
    "c_"
);
id!(
    /// The name a client gives one send, kept through every repeat (P3). Unique per author.
    ClientId,
    "m_"
);

impl ConversationId {
    /// The id of the direct or group conversation of exactly these people.
    ///
    /// It is a hash of the sorted members, so two people who start it at once start the same one.
    pub fn of_members(members: &[UserId]) -> Self {
        let mut sorted: Vec<&UserId> = members.iter().collect();
        sorted.sort();
        sorted.dedup();
        Self(format!("d_{}", digest(sorted.iter().map(|member| member.as_str()))))
    }

    /// The id of a channel that `creator` makes under an idempotency key: a repeat makes the same channel.
    pub fn of_channel(creator: &UserId, key: &str) -> Self {
        Self(format!("c_{}", digest([creator.as_str(), key])))
    }
}

impl ClientId {
    /// The client id of an entry the server makes, derived from the operation so that a repeat is the same entry.
    pub fn of_operation<'a>(parts: impl IntoIterator<Item = &'a str>) -> Self {
        Self(format!("o_{}", digest(parts)))
    }
}

/// 160 bits of SHA-256 over the parts, each ended by a zero byte, as base32.
fn digest<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    base32(&hash.finalize()[..20])
}

/// Lower-case base32 (RFC 4648 alphabet, no padding): safe in URLs, file names and spoken aloud.
pub fn base32(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let mut text = String::with_capacity(bytes.len() * 8 / 5 + 1);
    let (mut buffer, mut held) = (0_u32, 0_u32);
    for byte in bytes {
        buffer = (buffer << 8) | u32::from(*byte);
        held += 8;
        while held >= 5 {
            held -= 5;
            text.push(char::from(ALPHABET[(buffer >> held) as usize & 31]));
        }
    }
    if held > 0 {
        text.push(char::from(ALPHABET[(buffer << (5 - held)) as usize & 31]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_with_a_slash_is_refused() {
        assert!(UserId::parse("u_/../x").is_err());
    }

    #[test]
    fn an_id_of_65_characters_is_refused() {
        assert!(ClientId::parse(&"x".repeat(65)).is_err());
        assert!(ClientId::parse(&"x".repeat(64)).is_ok());
    }

    #[test]
    fn a_direct_conversation_has_one_id_whoever_starts_it() {
        let (ada, ben) = (UserId::from_random(1), UserId::from_random(2));
        assert_eq!(
            ConversationId::of_members(&[ada.clone(), ben.clone()]),
            ConversationId::of_members(&[ben, ada.clone(), ada])
        );
    }

    #[test]
    fn base32_follows_rfc_4648() {
        assert_eq!(base32(b"foobar"), "mzxw6ytboi");
        assert_eq!(base32(b"f"), "my");
    }
}
