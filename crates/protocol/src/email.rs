//! An e-mail address that can be mailed to.

use serde::{Deserialize, Serialize};

/// A checked address. The domain is lower case; the local part is kept as typed, because only its
/// server knows whether case, dots or plus signs matter there.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

/// RFC 5321 §4.5.3.1: the longest address that fits into a path.
pub const LONGEST_EMAIL: usize = 254;
const LONGEST_LOCAL_PART: usize = 64;

/// A text that is not an address Loquat mails to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an e-mail address")]
pub struct InvalidEmail;

impl Email {
    /// Reads an address: surrounding white space is dropped, the domain is lower-cased.
    ///
    /// Accepts the dot-atom form of RFC 5322 with an ASCII domain of at least two labels; quoted local
    /// parts, address literals and control characters are refused.
    pub fn parse(text: &str) -> Result<Self, InvalidEmail> {
        let text = text.trim();
        let (local, domain) = text.rsplit_once('@').ok_or(InvalidEmail)?;
        if text.len() > LONGEST_EMAIL || !is_local_part(local) || !is_domain(domain) {
            return Err(InvalidEmail);
        }
        Ok(Self(format!("{local}@{}", domain.to_ascii_lowercase())))
    }

    /// The whole address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands behind the `@`, in lower case.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// What stands before the `@`, as typed.
    pub fn local_part(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(local, _)| local)
    }

    /// The key under which a person is found: wholly lower case, so that `Ada@` and `ada@` are one person.
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

fn is_local_part(local: &str) -> bool {
    let plain = |character: char| character.is_ascii_alphanumeric() || "!#$%&'*+/=?^_`{|}~-.".contains(character);
    (1..=LONGEST_LOCAL_PART).contains(&local.len())
        && local.chars().all(plain)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
}

fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    domain.contains('.') && domain.split('.').all(is_label)
}

impl TryFrom<String> for Email {
    type Error = InvalidEmail;

    fn try_from(text: String) -> Result<Self, InvalidEmail> {
        Self::parse(&text)
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_domain_is_lower_cased_and_the_local_part_kept() {
        let email = Email::parse(" Ada.L+x@Example.ORG ").unwrap();
        assert_eq!(email.as_str(), "Ada.L+x@example.org");
        assert_eq!(email.domain(), "example.org");
        assert_eq!(email.key(), "ada.l+x@example.org");
    }

    #[test]
    fn what_is_not_an_address_is_refused() {
        for text in [
            "",
            "ada",
            "@x.org",
            "ada@",
            "ada@localhost",
            "a b@x.org",
            "a@x..org",
            "a\r\nb@x.org",
            ".a@x.org",
            "a@-x.org",
        ] {
            assert_eq!(Email::parse(text), Err(InvalidEmail), "{text:?}");
        }
        assert!(Email::parse(&format!("{}@x.org", "a".repeat(65))).is_err());
    }
}
