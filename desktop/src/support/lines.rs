//! The log as it may leave this computer: of each line only what cannot be about a person.
//!
//! Kept are the time, the level, the part of the program, its own sentence, numbers and switches, and codes from lists of
//! ours. Everything else is left out, because it may quote a server, a path, a name or a text.

use serde_json::Value;

/// The most lines that are handed on, the newest.
const MOST_LINES: usize = 2000;
/// Parts of the program whose sentences are written by us, without anything put into them.
const OURS: [&str; 5] = ["client", "door", "loquat_desktop", "loquat_window", "policy"];
/// Fields that hold a word from a list of ours.
const WORDS: [&str; 3] = ["code", "key", "level"];
/// The longest such word.
const LONGEST_WORD: usize = 40;
/// The longest sentence of ours.
const LONGEST_SENTENCE: usize = 120;

/// The newest lines of a log, without what may be about a person.
pub(super) fn plain(log: &str) -> String {
    let lines: Vec<String> = log.lines().rev().take(MOST_LINES).filter_map(line).collect();
    let mut text = String::new();
    for line in lines.iter().rev() {
        text.push_str(line);
        text.push('\n');
    }
    text
}

fn line(line: &str) -> Option<String> {
    let json: Value = serde_json::from_str(line).ok()?;
    let target = json["target"].as_str()?;
    let part = target.split("::").next()?;
    let is_path = target
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b':');
    if !OURS.contains(&part) || !is_path {
        return None;
    }
    let time = json["timestamp"].as_str().filter(|time| is_time(time))?;
    let level = json["level"]
        .as_str()
        .filter(|level| ["ERROR", "WARN", "INFO", "DEBUG", "TRACE"].contains(level))?;
    let mut said = format!("{time} {level} {target}");
    let fields = json["fields"].as_object()?;
    if let Some(sentence) = fields
        .get("message")
        .and_then(Value::as_str)
        .filter(|text| is_ours(text))
    {
        said.push_str(": ");
        said.push_str(sentence);
    }
    for (name, value) in fields.iter().filter(|(name, _)| *name != "message") {
        said.extend([" ", name, "=", &shown(name, value)]);
    }
    Some(said)
}

fn shown(name: &str, value: &Value) -> String {
    match value {
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::String(word) if WORDS.contains(&name) && is_word(word) => word.clone(),
        _ => "(left out)".to_owned(),
    }
}

/// Whether it can be a sentence of the program: no address, no path, no quotation.
fn is_ours(text: &str) -> bool {
    let is_plain = |character: char| character.is_ascii_alphabetic() || " ,;:.'()-".contains(character);
    text.len() <= LONGEST_SENTENCE && text.chars().all(is_plain)
}

fn is_word(text: &str) -> bool {
    text.len() <= LONGEST_WORD && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

fn is_time(text: &str) -> bool {
    text.len() <= LONGEST_WORD
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || b"-:.TZ+".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = r#"{"timestamp":"2026-10-14T09:41:00.1Z","level":"INFO","target":"client::link","fields":
        {"message":"the connection is lost","reason":"ada@example.org at /home/ada","code":"session_ended","tries":3}}"#;

    #[test]
    fn a_line_keeps_our_sentence_numbers_and_codes_and_nothing_else() {
        let line = LINE.replace('\n', "");
        assert_eq!(
            plain(&line),
            "2026-10-14T09:41:00.1Z INFO client::link: the connection is lost code=session_ended \
             reason=(left out) tries=3\n"
        );
    }

    #[test]
    fn lines_of_others_and_sentences_with_something_in_them_are_left_out() {
        let others = LINE.replace('\n', "").replace("client::link", "hyper::client");
        assert_eq!(plain(&others), "");
        let quoting = LINE
            .replace('\n', "")
            .replace("the connection is lost", "cannot open /home/ada");
        assert!(!plain(&quoting).contains("ada"), "{}", plain(&quoting));
        assert_eq!(plain("not json\n"), "");
    }

    /// What makes [`is_ours`] enough: nothing is put into the sentences of the log.
    #[test]
    fn no_sentence_of_the_log_is_made_of_values() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        for folder in [
            "desktop/src",
            "crates/client/src",
            "crates/policy/src",
            "crates/door/src",
        ] {
            for file in sources(&root.join(folder)) {
                let text = std::fs::read_to_string(&file).unwrap();
                for call in text.split("tracing::").skip(1) {
                    let name = call.split('!').next().unwrap_or_default();
                    let is_event = ["error", "warn", "info", "debug", "trace"].contains(&name);
                    let said = if is_event { in_parentheses(call) } else { "" };
                    assert!(!said.contains('{'), "{}: {said}", file.display());
                }
            }
        }
    }

    /// What a call has between its parentheses.
    fn in_parentheses(call: &str) -> &str {
        let mut depth = 0;
        for (at, character) in call.char_indices() {
            match character {
                '(' => depth += 1,
                ')' if depth == 1 => return &call[..at],
                ')' => depth -= 1,
                _ => {}
            }
        }
        call
    }

    fn sources(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
        let mut files = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                files.extend(sources(&path));
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
        files
    }
}
