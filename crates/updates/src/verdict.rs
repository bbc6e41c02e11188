//! Whether what a server offers is wanted. No file, no clock, no network.

use semver::Version;
use serde::{Deserialize, Serialize};

use crate::manifest::{Manifest, Release};
use crate::platform::Platform;

/// Which versions somebody wants.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// Finished ones.
    #[default]
    Stable,
    /// Also those that are still being tried.
    Beta,
}

/// What is to be done with an offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It runs already.
    Same,
    /// It is older than what runs. A server never makes an app older: what was mended would be broken again.
    Older(Version),
    /// It is still being tried, and this channel is not.
    Unfinished(Version),
    /// There is no file of it for this installation.
    NotForThis(Version),
    /// It is to be fetched.
    Newer(Release),
}

impl Channel {
    /// The name of its manifest, without the ending.
    pub fn word(self) -> &'static str {
        match self {
            Self::Stable => "stable",
            Self::Beta => "beta",
        }
    }
}

/// Compares an offer with what runs.
pub fn judge(manifest: &Manifest, running: &Version, (channel, platform): (Channel, Platform)) -> Verdict {
    let offered = &manifest.version;
    // What stands behind a `+` makes no version newer.
    match offered.cmp_precedence(running) {
        std::cmp::Ordering::Equal => return Verdict::Same,
        std::cmp::Ordering::Less => return Verdict::Older(offered.clone()),
        std::cmp::Ordering::Greater => {}
    }
    if channel == Channel::Stable && !offered.pre.is_empty() {
        return Verdict::Unfinished(offered.clone());
    }
    match manifest.release_for(platform) {
        Some(release) => Verdict::Newer(release),
        None => Verdict::NotForThis(offered.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::Kind;

    const HERE: Platform = Platform {
        kind: Kind::Deb,
        arch: "x86_64",
    };

    fn judged(offered: &str, running: &str, channel: Channel) -> Verdict {
        let text = format!(
            r#"{{"version": "{offered}", "platforms": {{"linux-x86_64-deb": {{"url": "https://a.example/", "signature": ""}}}}}}"#
        );
        let manifest = Manifest::read(text.as_bytes()).unwrap();
        judge(&manifest, &Version::parse(running).unwrap(), (channel, HERE))
    }

    #[test]
    fn only_a_newer_version_is_wanted() {
        for newer in ["0.2.1", "0.3.0", "1.0.0", "0.10.0"] {
            let verdict = judged(newer, "0.2.0", Channel::Stable);
            assert!(matches!(verdict, Verdict::Newer(_)), "{newer}: {verdict:?}");
        }
        for same in ["0.2.0", "0.2.0+build.7"] {
            assert_eq!(judged(same, "0.2.0", Channel::Stable), Verdict::Same);
        }
        for older in ["0.1.9", "0.2.0-beta.1", "0.0.1"] {
            let verdict = judged(older, "0.2.0", Channel::Beta);
            assert!(matches!(verdict, Verdict::Older(_)), "{older}: {verdict:?}");
        }
    }

    #[test]
    fn an_unfinished_version_is_for_the_beta_channel_only() {
        assert!(matches!(
            judged("0.3.0-beta.2", "0.3.0-beta.1", Channel::Beta),
            Verdict::Newer(_)
        ));
        let unfinished = Version::parse("0.3.0-beta.2").unwrap();
        assert_eq!(
            judged("0.3.0-beta.2", "0.3.0-beta.1", Channel::Stable),
            Verdict::Unfinished(unfinished)
        );
        assert!(matches!(
            judged("0.3.0", "0.3.0-beta.2", Channel::Stable),
            Verdict::Newer(_)
        ));
    }

    #[test]
    fn a_version_without_a_file_for_this_installation_says_so() {
        let manifest = Manifest::read(br#"{"version": "2.0.0", "platforms": {}}"#).unwrap();
        let verdict = judge(&manifest, &Version::new(1, 0, 0), (Channel::Stable, HERE));
        assert_eq!(verdict, Verdict::NotForThis(Version::new(2, 0, 0)));
    }
}
