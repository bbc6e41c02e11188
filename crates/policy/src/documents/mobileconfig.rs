//! A configuration profile for macOS with an example of every setting, to be cut down to what is wanted.

use sha2::{Digest, Sha256};

use super::plist_xml::{Dictionary, array, value};
use crate::APP_ID;
use crate::schema;

pub(super) fn profile() -> String {
    let mut settings = Dictionary::new();
    for setting in schema::SETTINGS {
        settings = settings.with(setting.key, value(&setting.example()));
    }
    let payload = about(settings, APP_ID, &format!("{APP_ID}.policy"), "Loquat settings");
    let profile = Dictionary::new()
        .text(
            "PayloadDescription",
            "Settings of the Loquat desktop app. Take out what your organisation does not set.",
        )
        .text("PayloadScope", "System")
        .with("PayloadContent", array([payload.element()]));
    about(profile, "Configuration", &format!("{APP_ID}.profile"), "Loquat").file()
}

/// What every payload says about itself.
fn about(dictionary: Dictionary, kind: &str, identifier: &str, name: &str) -> Dictionary {
    dictionary
        .text("PayloadDisplayName", name)
        .text("PayloadIdentifier", identifier)
        .text("PayloadType", kind)
        .text("PayloadUUID", uuid(identifier))
        .number("PayloadVersion", 1)
}

/// The same id for the same name, so that an edited profile replaces the one before it.
fn uuid(name: &str) -> String {
    let mut bytes = Sha256::digest(name.as_bytes())[..16].to_vec();
    // Version 8 is for ids that are made in one's own way; the variant is that of RFC 9562.
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let digits = hex::encode_upper(bytes);
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|part| &digits[part]);
    parts.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_is_the_same_for_ever_and_another_for_each_name() {
        let id = uuid("org.loquat.desktop.policy");

        assert_eq!(id, uuid("org.loquat.desktop.policy"));
        assert_ne!(id, uuid("org.loquat.desktop.profile"));
        assert_eq!(id.len(), 36);
        assert_eq!(&id[14..15], "8");
        assert!("89AB".contains(&id[19..20]), "{id}");
    }
}
