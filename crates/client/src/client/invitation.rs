//! Coming in by an invitation.

use protocol::ErrorCode;
use protocol::rest::identity::TokenRequest;
use url::Url;

use super::Client;
use crate::address::Address;
use crate::rest::refused_here;
use crate::view::{Failure, InvitationLink, Session};

/// The longest code that is sent to a server.
const LONGEST_CODE: usize = 128;

impl Client {
    /// What an invitation's link says, without asking anybody.
    pub async fn read_invitation(&self, link: &str) -> Result<InvitationLink, Failure> {
        let link = read(link)?;
        self.admitted(&link.server)?;
        Ok(link)
    }

    /// Signs in by an invitation: no code is mailed.
    pub async fn accept_invitation(&self, link: &str) -> Result<Session, Failure> {
        let InvitationLink { server, code } = read(link)?;
        let rest = self.rest(self.admitted(&server)?);
        let grant = TokenRequest::Invitation {
            invitation: code,
            device: self.shared().settings.device.clone(),
        };
        self.sign_in_with(&rest, &grant, None).await
    }
}

/// Reads `loquat://join?server=…&code=…`.
///
/// The code is a secret: a link that cannot be read is not repeated in the failure.
fn read(link: &str) -> Result<InvitationLink, Failure> {
    let invalid = || refused_here(ErrorCode::InvitationInvalid);
    let url = Url::parse(link.trim()).map_err(|_| invalid())?;
    if url.scheme() != "loquat" || url.host_str() != Some("join") {
        return Err(invalid());
    }
    let value = |name: &str| {
        let mut pairs = url.query_pairs();
        pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    };
    let server = value("server").ok_or_else(invalid)?;
    let code = value("code").ok_or_else(invalid)?.trim().to_owned();
    let is_code = (1..=LONGEST_CODE).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_graphic());
    if !is_code {
        return Err(invalid());
    }
    Ok(InvitationLink {
        server: Address::parse(&server)?.text().to_owned(),
        code,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_says_server_and_code() {
        let link = read(" loquat://join?server=https%3A%2F%2Fchat.example.org%2F&code=mzxw6ytboi ").unwrap();
        assert_eq!(link.server, "https://chat.example.org");
        assert_eq!(link.code, "mzxw6ytboi");
    }

    #[test]
    fn what_is_no_invitation_is_refused_without_repeating_it() {
        for link in [
            "",
            "secret",
            "https://join?server=https://chat.example.org&code=secret",
            "loquat://open?server=https://chat.example.org&code=secret",
            "loquat://join?code=secret",
            "loquat://join?server=https://chat.example.org",
            "loquat://join?server=https://chat.example.org&code=",
            "loquat://join?server=https://chat.example.org&code=sec%0Aret",
        ] {
            let failure = read(link).unwrap_err();
            assert!(
                matches!(
                    failure,
                    Failure::Refused {
                        code: ErrorCode::InvitationInvalid,
                        ..
                    }
                ),
                "{link:?}: {failure:?}"
            );
            assert!(!failure.to_string().contains("secret"));
        }
        let no_server = read("loquat://join?server=ftp%3A%2F%2Fx&code=secret").unwrap_err();
        assert!(matches!(no_server, Failure::InvalidAddress { .. }), "{no_server:?}");
    }
}
