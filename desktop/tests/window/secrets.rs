//! Looking for secrets where none may lie.

use std::path::{Path, PathBuf};

use serde_json::Value;

/// No shorter text in the kept session is a secret: ids are short, tokens are long.
const SHORTEST_TOKEN: usize = 40;

/// Fails when a token of the session that the keychain keeps lies in any file below `folder`.
pub(crate) fn are_in_no_file(kept: &str, folder: &Path) -> anyhow::Result<()> {
    let mut tokens = Vec::new();
    collect(&serde_json::from_str(kept)?, &mut tokens);
    anyhow::ensure!(
        tokens.len() >= 2,
        "an access token and a refresh token are kept, found {}",
        tokens.len()
    );
    for token in &tokens {
        let found = files_with(folder, token)?;
        anyhow::ensure!(found.is_empty(), "a token lies in {found:?}");
    }
    Ok(())
}

/// Fails when this text lies in any file below `folder`.
pub(crate) fn text_is_in_no_file(text: &str, folder: &Path) -> anyhow::Result<()> {
    let found = files_with(folder, text)?;
    anyhow::ensure!(found.is_empty(), "{text:?} lies in {found:?}");
    Ok(())
}

/// Fails when anything that looks like a signed token lies in a file below `folder`.
pub(crate) fn no_token_in(folder: &Path) -> anyhow::Result<()> {
    // Every JWT begins with this: `{"` in base64.
    let found = files_with(folder, "eyJ")?;
    anyhow::ensure!(found.is_empty(), "a token may lie in {found:?}");
    Ok(())
}

fn collect(value: &Value, tokens: &mut Vec<String>) {
    match value {
        Value::String(text) if text.len() >= SHORTEST_TOKEN => tokens.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|value| collect(value, tokens)),
        Value::Object(values) => values.values().for_each(|value| collect(value, tokens)),
        _ => {}
    }
}

fn files_with(folder: &Path, text: &str) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let entry = entry?;
            let kind = entry.file_type()?;
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() && contains(&std::fs::read(entry.path())?, text.as_bytes()) {
                found.push(entry.path());
            }
        }
    }
    Ok(found)
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
