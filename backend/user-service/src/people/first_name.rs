//! The name a new person starts with, until they choose their own.

use protocol::{Email, text};

/// Makes `Ada Lovelace` of `ada.lovelace@…`; what stands behind a `+` is dropped.
pub(super) fn from_address(email: &Email) -> String {
    let local = email.local_part();
    let before_tag = local.split('+').next().filter(|part| !part.is_empty()).unwrap_or(local);
    let words: Vec<String> = before_tag
        .split(['.', '_', '-'])
        .filter(|word| !word.is_empty())
        .map(capitalized)
        .collect();
    // An address may consist of signs only; as it stands it is still a name.
    text::name(&words.join(" ")).unwrap_or_else(|_| local.to_owned())
}

fn capitalized(word: &str) -> String {
    let mut characters = word.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(address: &str) -> String {
        from_address(&Email::parse(address).unwrap())
    }

    #[test]
    fn the_name_follows_from_the_address() {
        assert_eq!(name("ada.lovelace@example.org"), "Ada Lovelace");
        assert_eq!(name("grace_hopper-navy+chat@example.org"), "Grace Hopper Navy");
        assert_eq!(name("ben@example.org"), "Ben");
        assert_eq!(name("-@example.org"), "-");
        assert_eq!(name("+@example.org"), "+");
    }
}
