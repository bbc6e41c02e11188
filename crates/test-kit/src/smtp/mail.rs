//! A mail as it arrived.

use mail_parser::MessageParser;

use crate::console::six_digits;

/// One mail and what its sender said around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// The name in EHLO or HELO.
    pub greeted_as: String,
    /// Who logged in.
    pub user: Option<String>,
    /// Whether it came over TLS.
    pub encrypted: bool,
    /// The address in MAIL FROM.
    pub from: String,
    /// The addresses in RCPT TO.
    pub to: Vec<String>,
    /// Headers and body, dots unstuffed.
    pub raw: String,
}

impl Mail {
    /// Whether it went to this address.
    pub fn is_to(&self, address: &str) -> bool {
        self.to.iter().any(|recipient| recipient.eq_ignore_ascii_case(address))
    }

    /// A header, decoded.
    pub fn header(&self, name: &str) -> Option<String> {
        let parsed = MessageParser::default().parse(self.raw.as_bytes())?;
        parsed.header_raw(name).map(|value| value.trim().to_owned())
    }

    /// The part in plain text, decoded.
    pub fn text(&self) -> Option<String> {
        let parsed = MessageParser::default().parse(self.raw.as_bytes())?;
        parsed.body_text(0).map(std::borrow::Cow::into_owned)
    }

    /// The part in HTML, decoded.
    pub fn html(&self) -> Option<String> {
        let parsed = MessageParser::default().parse(self.raw.as_bytes())?;
        parsed.body_html(0).map(std::borrow::Cow::into_owned)
    }

    /// The sign-in code in its text.
    pub fn code(&self) -> Option<String> {
        six_digits(&self.text()?)
    }
}
