//! Frames of the socket, as either side reads them from the other.

use protocol::frame::{ClientFrame, ServerFrame};
use protocol::{Entry, text};

use crate::reads_as_written;

/// Longest body that the rules of a text are tried with; servers have their own limit.
const LONGEST_BODY: usize = 16 * 1024;

/// Reads the input as a frame of a client and of a server.
///
/// # Panics
///
/// When a frame that was read cannot be written and read again as the same, or a checked text is not fit after all.
pub fn frames(input: &[u8]) {
    if let Some(frame) = reads_as_written::<ClientFrame>(input) {
        check_client_frame(&frame);
    }
    if let Some(ServerFrame::Entry { entry, .. }) = reads_as_written::<ServerFrame>(input) {
        check_entry(&entry);
    }
    if let Some(entry) = reads_as_written::<Entry>(input) {
        check_entry(&entry);
    }
}

fn check_client_frame(frame: &ClientFrame) {
    let json = serde_json::to_value(frame).expect("a frame can be written");
    assert_eq!(json["id"].as_u64(), Some(frame.id()), "a frame's id is its request's");
    let kind = json["type"].as_str().expect("a frame has a type");
    assert!(ClientFrame::TYPES.contains(&kind), "{kind} is not in the list of types");
    match frame {
        ClientFrame::Send { body, .. } | ClientFrame::Edit { body, .. }
            if text::message_body(body, LONGEST_BODY).is_ok() =>
        {
            assert!(!body.trim().is_empty() && body.len() <= LONGEST_BODY && !body.contains('\0'));
        }
        ClientFrame::React { emoji, .. } => {
            if let Ok(checked) = text::emoji(emoji) {
                assert_eq!(&checked, emoji, "an emoji is kept as it came");
                assert!(checked.len() <= 64 && !checked.chars().any(char::is_control));
            }
        }
        _ => {}
    }
}

/// A deletion blanks an entry without making another one of it.
fn check_entry(entry: &Entry) {
    let blanked = Entry {
        kind: entry.kind.blanked(),
        ..entry.clone()
    };
    assert!(entry.is_same(&blanked) && blanked.is_same(entry));
    assert_eq!(entry.kind.is_message(), blanked.kind.is_message());
    assert_eq!(entry.kind.target(), blanked.kind.target());
}
