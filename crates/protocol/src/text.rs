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

/// Reads a channel's name: the rules of [`name`], and every leading `#` is dropped.
pub fn channel_name(text: &str) -> Result<String, ErrorCode> {
    name(text.trim_start_matches(|c: char| c == '#' || c.is_whitespace()))
}

/// The longest topic of a channel, in characters.
pub const LONGEST_TOPIC: usize = 250;
/// The longest emoji, in bytes: a family of four with skin tones has 41.
const LONGEST_EMOJI: usize = 64;

/// Reads a channel's topic: one line that may be empty, of at most [`LONGEST_TOPIC`] characters.
pub fn topic(text: &str) -> Result<String, ErrorCode> {
    let text = text.trim();
    if text.chars().count() > LONGEST_TOPIC || text.chars().any(is_unfit_for_names) {
        return Err(ErrorCode::InvalidName);
    }
    Ok(text.to_owned())
}

/// Reads one emoji: what is drawn as one sign, of the characters that emoji are made of (UTS #51).
///
/// The list of emoji grows every year, so membership is not asked; letters, digits alone and white space are no emoji.
pub fn emoji(text: &str) -> Result<String, ErrorCode> {
    use unicode_segmentation::UnicodeSegmentation as _;
    let is_one_sign = text.len() <= LONGEST_EMOJI && text.graphemes(true).count() == 1;
    let is_keycap = text.ends_with('\u{20E3}');
    let is_part = |character: char| match character {
        '#' | '*' | '0'..='9' => is_keycap,
        '\u{2139}' | '\u{24C2}' => true,
        '\u{203C}'..='\u{3299}' => !character.is_alphanumeric() && !is_unfit_for_names(character),
        _ => matches!(
            character,
            '\u{A9}' | '\u{AE}' | '\u{200D}' | '\u{FE0F}' | '\u{1F000}'..='\u{1FAFF}' | '\u{E0020}'..='\u{E007F}'
        ),
    };
    let joins_only = |character: char| {
        matches!(
            character,
            '\u{200D}' | '\u{20E3}' | '\u{FE0F}' | '\u{E0020}'..='\u{E007F}'
        )
    };
    if is_one_sign && text.chars().all(is_part) && !text.chars().all(joins_only) {
        Ok(text.to_owned())
    } else {
        Err(ErrorCode::InvalidEmoji)
    }
}

/// Whether a character cannot stand in a one-line name: it controls, or turns the direction of the text around it.
pub fn is_unfit_for_names(character: char) -> bool {
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
        for typed in ["#general", " # #general", "##general", "#\t# general "] {
            assert_eq!(channel_name(typed), Ok("general".to_owned()), "{typed:?}");
        }
        assert_eq!(channel_name("# #"), Err(ErrorCode::InvalidName));
    }

    #[test]
    fn an_emoji_is_one_sign() {
        for sign in ["👍", "👍🏽", "❤️", "👩‍👩‍👧‍👦", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🇩🇪", "1️⃣", "©️", "☺", "㊗️", "ℹ️", "Ⓜ️"]
        {
            assert_eq!(emoji(sign), Ok(sign.to_owned()), "{sign:?}");
        }
        for text in [
            "", "a", "1", "👍👍", " 👍", "👍 ", "\u{200D}", "\u{FE0F}", "ab", "<b>", "\u{202E}", "日", "é",
        ] {
            assert_eq!(emoji(text), Err(ErrorCode::InvalidEmoji), "{text:?}");
        }
        assert!(emoji(&"👩\u{200D}".repeat(20)).is_err());
    }

    #[test]
    fn a_topic_is_one_line_and_may_be_empty() {
        assert_eq!(topic("  "), Ok(String::new()));
        assert_eq!(
            topic(" Lunch, and who brings it "),
            Ok("Lunch, and who brings it".to_owned())
        );
        assert_eq!(topic("a\nb"), Err(ErrorCode::InvalidName));
        assert_eq!(topic(&"x".repeat(251)), Err(ErrorCode::InvalidName));
    }
}
