//! Bodies of the REST interface, and the texts in them.

use protocol::rest::chat::{ConversationChange, Entries, MessageEdit, NewConversation, NewMessage, Pins, Versions};
use protocol::rest::identity::{
    AuditPage, CodeRequest, NewInvitation, People, PersonChange, ProfileChange, SettingsChange, TokenRequest,
};
use protocol::{Conversation, ConversationId, Email, Problem, text};

use crate::reads_as_written;

/// Reads the input as every body a service or a client reads, and as every kind of text.
///
/// # Panics
///
/// When a body that was read cannot be written and read again as the same, or checking a checked text changes it.
pub fn rest_bodies(input: &[u8]) {
    requests(input);
    answers(input);
    if let Ok(text) = std::str::from_utf8(input) {
        texts(text);
    }
}

fn requests(input: &[u8]) {
    reads_as_written::<CodeRequest>(input);
    reads_as_written::<TokenRequest>(input);
    reads_as_written::<ProfileChange>(input);
    reads_as_written::<PersonChange>(input);
    reads_as_written::<NewInvitation>(input);
    reads_as_written::<SettingsChange>(input);
    reads_as_written::<NewConversation>(input);
    reads_as_written::<ConversationChange>(input);
    reads_as_written::<NewMessage>(input);
    reads_as_written::<MessageEdit>(input);
}

fn answers(input: &[u8]) {
    reads_as_written::<Problem>(input);
    reads_as_written::<People>(input);
    reads_as_written::<AuditPage>(input);
    reads_as_written::<Conversation>(input);
    reads_as_written::<Entries>(input);
    reads_as_written::<Pins>(input);
    reads_as_written::<Versions>(input);
}

/// Checking is idempotent: what passed once passes again, as it is.
fn texts(input: &str) {
    if let Ok(email) = Email::parse(input) {
        assert_eq!(Email::parse(email.as_str()).as_ref(), Ok(&email));
        assert!(email.key().is_ascii() && !email.as_str().contains(char::is_whitespace));
    }
    if let Ok(id) = ConversationId::parse(input) {
        assert_eq!(id.as_str(), input);
    }
    for check in [
        text::name,
        text::optional_name,
        text::channel_name,
        text::topic,
        text::emoji,
    ] {
        if let Ok(checked) = check(input) {
            assert_eq!(check(&checked).as_ref(), Ok(&checked), "{checked:?}");
            assert!(!checked.contains(['\0', '\n', '\u{202E}']), "{checked:?}");
        }
    }
}
