//! The app of one person, opened on the server of this checkout.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::process::{Child, Command};
use std::str::FromStr;

use anyhow::{Context, bail};

use crate::builds;
use crate::checkout::Checkout;
use crate::processes;

/// Longest name; the app allows 32 bytes for what [`keychain_name`] makes of it.
const LONGEST: usize = 18;

/// The name of a person beside others on the same machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Profile(String);

impl FromStr for Profile {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_plain = text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
        if !is_plain || !(1..=LONGEST).contains(&text.len()) {
            bail!("a profile has 1 to {LONGEST} characters of a-z, A-Z, 0-9, _ and -");
        }
        Ok(Self(text.to_owned()))
    }
}

/// The folder of the people at the one server.
pub(super) const AT_ONE_SERVER: &str = "profiles";

/// The folder of the people at separate services, who are others.
pub(super) const AT_SERVICES: &str = "services/profiles";

/// Opens the window of a person with their own data, which lies in `home`, and their own entry in the keychain.
pub(super) fn open(checkout: &Checkout, home: &str, profile: &Profile, server: &str) -> anyhow::Result<Child> {
    let mut app = Command::new(builds::program(checkout, builds::APP)?);
    app.current_dir(checkout.root())
        .env("LOQUAT_SERVER", server)
        .env("LOQUAT_PROFILE", keychain_name(checkout, home, profile))
        .env("LOQUAT_DATA_DIR", checkout.kept(&format!("{home}/{}", profile.0))?);
    processes::start(app).context("opening the app")
}

/// The keychain belongs to the person, not to the checkout: the same profile of two checkouts, with two servers,
/// has two entries, and neither is that of an installed app.
fn keychain_name(checkout: &Checkout, home: &str, profile: &Profile) -> String {
    let mut hasher = DefaultHasher::new();
    checkout.root().hash(&mut hasher);
    // The one server came first; its people keep the names they have.
    if home != AT_ONE_SERVER {
        home.hash(&mut hasher);
    }
    format!("dev-{:08x}-{}", hasher.finish() & 0xffff_ffff, profile.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_is_a_plain_short_name() {
        assert_eq!("ben".parse::<Profile>().unwrap(), Profile("ben".to_owned()));
    }

    #[test]
    fn a_profile_cannot_lead_out_of_its_folder() {
        assert!("../ben".parse::<Profile>().is_err());
        assert!("".parse::<Profile>().is_err());
    }

    #[test]
    fn the_longest_profile_fits_into_what_the_app_allows() {
        let profile = Profile("x".repeat(LONGEST));

        assert!(keychain_name(&Checkout::find().unwrap(), AT_SERVICES, &profile).len() <= 32);
    }

    #[test]
    fn a_person_has_an_entry_for_each_form_of_the_server() {
        let checkout = Checkout::find().unwrap();
        let name = |home| keychain_name(&checkout, home, &Profile("ben".to_owned()));

        assert_ne!(name(AT_ONE_SERVER), name(AT_SERVICES));
    }
}
