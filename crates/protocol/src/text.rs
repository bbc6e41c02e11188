//! Rules for texts people type: messages, names, titles.

use crate::ErrorCode;

/// The longest name of a channel or a person, in characters.
pub const LONGEST_NAME: usize = 80;

/// Reads a message body: not blank, at most `longest` bytes, no NUL. Kept exactly as typed.
pub fn message_body(body: &str, longest: usize) -> Result<(), ErrorCode> {
    if body.trim().is_empty() {
        return Err(ErrorCode::BodyEmpty);
    }
    if body.len() > longest {
        return Err(ErrorCode::BodyTooLong);
    }
    if body.contains('\0') {
        return Err(ErrorCode::Malformed);
    }
    Ok(())
}

/// Reads a one-line name: trimmed, 1 to [`LONGEST_NAME`] characters, without control characters and
/// without the marks that turn the direction of the text around it (they could make one name look like another).
pub fn name(text: &str) -> Result<String, ErrorCode> {
    let text = text.trim();
    let length = text.chars().count();
    if length == 0 || length > LONGEST_NAME || text.chars().any(is_unfit_for_names) {
        return Err(ErrorCode::InvalidName);
    }
    Ok(text.to_owned())
}

/// Reads a one-line text that may be empty, with the other rules of [`name`].
pub fn optional_name(text: &str) -> Result<String, ErrorCode> {
    if text.trim().is_empty() {
        Ok(String::new())
    } else {
        name(text)
    }
}

/// Reads a channel's name: the rules of [`name`], and a leading `#` is dropped.
pub fn channel_name(text: &str) -> Result<String, ErrorCode> {
    name(text.trim().trim_start_matches('#'))
}

fn is_unfit_for_names(character: char) -> bool {
    let turns_direction =
        matches!(character, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}');
    character.is_control() || turns_direction || matches!(character, '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blank_body_is_empty_and_a_long_one_too_long() {
        assert_eq!(message_body(" \n\t", 10), Err(ErrorCode::BodyEmpty));
        assert_eq!(message_body("12345678901", 10), Err(ErrorCode::BodyTooLong));
        assert_eq!(message_body("a\0b", 10), Err(ErrorCode::Malformed));
        assert_eq!(message_body(" as typed ", 10), Ok(()));
    }

    #[test]
    fn a_name_cannot_turn_the_text_around_it() {
        assert_eq!(name("abc\u{202E}def"), Err(ErrorCode::InvalidName));
        assert_eq!(name("  Ada Lovelace "), Ok("Ada Lovelace".to_owned()));
        assert_eq!(name(&"x".repeat(81)), Err(ErrorCode::InvalidName));
        assert_eq!(channel_name("#general"), Ok("general".to_owned()));
    }
}
