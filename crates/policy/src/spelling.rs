//! Which setting a misspelled key was meant to be.

use crate::schema;

/// The setting whose key is spelled most like this, when it is spelled nearly so.
pub(crate) fn nearest(key: &str) -> Option<String> {
    /// More than this is another word, not a slip.
    const MOST_SLIPS: usize = 3;
    /// Nobody means a setting with this; the comparison takes the product of both lengths.
    const LONGEST: usize = 64;
    if key.len() > LONGEST {
        return None;
    }
    let plain = |key: &str| key.to_lowercase().replace(['_', '-', ' ', '.'], "");
    let candidates = schema::SETTINGS.iter().map(|setting| setting.key);
    let by_slips = candidates.map(|candidate| (slips(&plain(key), &plain(candidate)), candidate));
    let (count, candidate) = by_slips.min()?;
    (count <= MOST_SLIPS).then(|| candidate.to_owned())
}

/// How many letters have to be changed, added or taken away to make one word of the other.
fn slips(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (done, letter) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = done + 1;
        for (index, other) in to.iter().enumerate() {
            let changed = diagonal + usize::from(letter != *other);
            diagonal = row[index + 1];
            row[index + 1] = changed.min(diagonal + 1).min(row[index] + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_understood_and_another_word_is_not() {
        assert_eq!(nearest("UpdateChannel").as_deref(), Some("update_channel"));
        assert_eq!(nearest("server_adresses").as_deref(), Some("server_addresses"));
        assert_eq!(nearest("cache-limit-day").as_deref(), Some("cache_limit_days"));
        assert_eq!(nearest("colour"), None);
        assert_eq!(nearest(&"x".repeat(100_000)), None);
    }
}
