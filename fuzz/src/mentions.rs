//! Whom a text mentions: read without a panic, bounded, and nobody who is not named outside of code.

use protocol::mentions::{MOST_PEOPLE, read};

/// Reads the input as a message body.
///
/// # Panics
///
/// When somebody is mentioned whom the text does not name, too many are, or anybody is inside a block of code.
pub fn mentions(input: &[u8]) {
    let body = String::from_utf8_lossy(input);
    let found = read(&body);
    assert!(found.people.len() <= MOST_PEOPLE);
    for person in &found.people {
        assert!(body.contains(&format!("<@{person}>")), "{person} is not named");
    }
    assert!(!found.channel || body.contains("<!channel>"));
    assert!(!found.here || body.contains("<!here>"));
    if found.is_empty() {
        return;
    }
    // A fence longer than every run of backticks in the text ends behind it.
    let longest = body.split(|sign| sign != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(3.max(longest + 1));
    let code = format!("{fence}\n{body}\n{fence}");
    assert!(read(&code).is_empty(), "code mentions somebody");
}
