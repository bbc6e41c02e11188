//! The code of an invitation: 128 random bits, in a link or typed.

use protocol::ids::base32;
use sha2::{Digest as _, Sha256};
use url::Url;

/// Characters of a code: 128 bits at five bits each.
const LENGTH: usize = 26;

/// What is stored of a code. The code is too long to be guessed, so its hash needs no key.
pub(crate) type CodeHash = [u8; 32];

/// Possession of it proves the address it was mailed to.
pub(crate) struct InvitationCode(String);

impl InvitationCode {
    pub(crate) fn from_random(bits: u128) -> Self {
        Self(base32(&bits.to_be_bytes()))
    }

    /// Reads a code as people pass it on: in any case, with spaces or hyphens. None if it cannot be one.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let is_left_out = |letter: char| letter.is_whitespace() || letter == '-';
        // Twice the length is more than anybody groups it into.
        let kept: String = text
            .chars()
            .take(2 * LENGTH)
            .filter(|letter| !is_left_out(*letter))
            .collect();
        let kept = kept.to_ascii_lowercase();
        let is_base32 = kept.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'2'..=b'7'));
        (kept.len() == LENGTH && is_base32).then_some(Self(kept))
    }

    pub(crate) fn hash(&self) -> CodeHash {
        Sha256::digest(&self.0).into()
    }

    /// The code as the mail shows it.
    pub(crate) fn text(&self) -> String {
        self.0.clone()
    }

    /// The link that opens the app with this code at this server.
    pub(crate) fn link(&self, server: &Url) -> String {
        let server = server.as_str().trim_end_matches('/');
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("server", server)
            .append_pair("code", &self.0)
            .finish();
        format!("loquat://join?{query}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_passed_on() {
        let code = InvitationCode::from_random(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef);
        let text = code.text();
        assert_eq!(text.len(), LENGTH);
        let grouped = format!(" {}-{} {} ", &text[..6], &text[6..12], text[12..].to_uppercase());
        assert_eq!(InvitationCode::parse(&grouped).unwrap().hash(), code.hash());
    }

    #[test]
    fn what_cannot_be_a_code_is_none() {
        let text = InvitationCode::from_random(7).text();
        for wrong in [
            "",
            &text[1..],
            &format!("{text}a"),
            &text.replace('a', "1"),
            &"a".repeat(100_000),
        ] {
            assert!(InvitationCode::parse(wrong).is_none(), "{wrong:.40}");
        }
    }

    #[test]
    fn the_link_names_server_and_code() {
        let code = InvitationCode::from_random(7);
        let link = code.link(&Url::parse("https://chat.example.org:8443/").unwrap());
        let expected = format!(
            "loquat://join?server=https%3A%2F%2Fchat.example.org%3A8443&code={}",
            code.text()
        );
        assert_eq!(link, expected);
    }
}
