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

/// Opens the window of a person with their own data and their own entry in the keychain.
///
/// Beside separate services people are others than beside the one server: `is_scaled_out` keeps them apart.
pub(super) fn open(checkout: &Checkout, profile: &Profile, server: &str, is_scaled_out: bool) -> anyhow::Result<Child> {
    let home = if is_scaled_out { "services/profiles" } else { "profiles" };
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
    checkout.root().join(home).hash(&mut hasher);
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

        assert!(keychain_name(&Checkout::find().unwrap(), "profiles", &profile).len() <= 32);
    }
}
