//! A mail as it travels: RFC 5322 with a text part and an HTML part.

use std::time::{Duration, UNIX_EPOCH};

use lettre::address::Envelope;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, Message};

use super::Mail;

/// Who mails come from.
#[derive(Debug, Clone)]
pub(crate) struct Sender(Mailbox);

/// A mail in the form that SMTP carries.
pub(super) struct Letter {
    pub(super) envelope: Envelope,
    pub(super) bytes: Vec<u8>,
}

/// A mail that cannot be written; which one cannot be known from its fields, so it is never tried again.
#[derive(Debug, thiserror::Error)]
#[error("the mail cannot be written: {0}")]
pub(super) struct UnwritableMail(String);

impl Sender {
    /// Reads `chat@example.org` or `Loquat <chat@example.org>`.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        text.parse()
            .map(Self)
            .map_err(|fault: lettre::address::AddressError| fault.to_string())
    }

    pub(super) fn address(&self) -> &Address {
        &self.0.email
    }
}

/// Writes the mail. The Message-ID follows from the mail's id, so that a mail that goes out twice can be told to be one.
pub(super) fn letter(mail: &Mail, sender: &Sender) -> Result<Letter, UnwritableMail> {
    let unwritable = |fault: &dyn std::fmt::Display| UnwritableMail(fault.to_string());
    let to: Address = mail
        .to
        .as_str()
        .parse()
        .map_err(|_| UnwritableMail("the address is not one".to_owned()))?;
    let sent_at = UNIX_EPOCH + Duration::from_millis(mail.sent_at.unsigned_abs());
    let mut message = Message::builder()
        .from(sender.0.clone())
        .to(Mailbox::new(None, to))
        .subject(mail.subject.clone())
        .date(sent_at)
        .message_id(Some(format!("<{}@{}>", mail.id, sender.address().domain())))
        .multipart(MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone()))
        .map_err(|fault| unwritable(&fault))?;
    // RFC 3834: nobody's holiday notice should answer this.
    let auto_submitted = HeaderName::new_from_ascii_str("Auto-Submitted");
    message
        .headers_mut()
        .insert_raw(HeaderValue::new(auto_submitted, "auto-generated".to_owned()));
    Ok(Letter {
        envelope: message.envelope().clone(),
        bytes: message.formatted(),
    })
}
