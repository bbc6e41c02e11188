//! What a server offers: the static manifest of Tauri's updater, so that its tools and hosts can be used.

use std::collections::BTreeMap;

use semver::Version;
use serde::Deserialize;
use url::Url;

use crate::platform::Platform;

/// The longest notes that are kept, in bytes; the rest is left out.
const LONGEST_NOTES: usize = 16 * 1024;

/// One version of the app, with a file for each sort of installation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    pub version: Version,
    notes: String,
    date: Option<String>,
    files: BTreeMap<String, File>,
}

/// One version of the app as one file, for one sort of installation. Nothing of it is proved yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    pub version: Version,
    /// Markdown; empty when there are none.
    pub notes: String,
    /// When it was made, as the server writes it.
    pub date: Option<String>,
    pub url: Url,
    /// The text of the signature's file, in base64 or as it is.
    pub signature: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct File {
    url: Url,
    signature: String,
}

#[derive(Deserialize)]
struct Written {
    version: String,
    #[serde(default)]
    notes: Option<String>,
    #[serde(default)]
    pub_date: Option<String>,
    platforms: BTreeMap<String, File>,
}

/// Why a manifest says nothing.
#[derive(Debug, thiserror::Error)]
pub enum ManifestFault {
    #[error("it is not a manifest of versions: {0}")]
    NotAManifest(#[from] serde_json::Error),
    #[error("{text:?} is not a version: {source}")]
    Version { text: String, source: semver::Error },
}

impl Manifest {
    /// Reads what a server answered.
    pub fn read(bytes: &[u8]) -> Result<Self, ManifestFault> {
        let written: Written = serde_json::from_slice(bytes)?;
        let text = written.version;
        let version = text.trim().trim_start_matches('v');
        let version = Version::parse(version).map_err(|source| ManifestFault::Version { text, source })?;
        Ok(Self {
            version,
            notes: shortened(written.notes.unwrap_or_default()),
            date: written.pub_date.filter(|date| date.len() <= 64),
            files: written.platforms,
        })
    }

    /// The file for this installation, if there is one.
    pub fn release_for(&self, platform: Platform) -> Option<Release> {
        let file = platform.keys().iter().find_map(|key| self.files.get(key))?;
        Some(Release {
            version: self.version.clone(),
            notes: self.notes.clone(),
            date: self.date.clone(),
            url: file.url.clone(),
            signature: file.signature.clone(),
        })
    }
}

fn shortened(mut notes: String) -> String {
    let mut end = LONGEST_NOTES.min(notes.len());
    while !notes.is_char_boundary(end) {
        end -= 1;
    }
    notes.truncate(end);
    notes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::Kind;

    const HERE: Platform = Platform {
        kind: Kind::AppImage,
        arch: "x86_64",
    };

    fn manifest(platforms: &str) -> Manifest {
        let text = format!(r#"{{"version": "v0.2.0", "notes": "New.", "platforms": {platforms}, "more": 1}}"#);
        Manifest::read(text.as_bytes()).unwrap()
    }

    #[test]
    fn the_file_for_this_sort_of_installation_goes_before_one_for_the_system() {
        let both = manifest(
            r#"{"linux-x86_64": {"url": "https://a.example/wide", "signature": "w"},
                "linux-x86_64-appimage": {"url": "https://a.example/close", "signature": "c"}}"#,
        );
        assert_eq!(both.release_for(HERE).unwrap().signature, "c");
        let wide = manifest(r#"{"linux-x86_64": {"url": "https://a.example/wide", "signature": "w"}}"#);
        assert_eq!(wide.release_for(HERE).unwrap().signature, "w");
        let other = manifest(r#"{"windows-x86_64": {"url": "https://a.example/wide", "signature": "w"}}"#);
        assert_eq!(other.release_for(HERE), None);
    }

    #[test]
    fn what_is_no_manifest_is_refused() {
        for text in [
            "",
            "<html>",
            "[]",
            r#"{"version": "1.0.0"}"#,
            r#"{"version": "latest", "platforms": {}}"#,
            r#"{"version": "1.0.0", "platforms": {"linux-x86_64": {"url": "no address", "signature": ""}}}"#,
        ] {
            assert!(Manifest::read(text.as_bytes()).is_err(), "{text}");
        }
    }

    #[test]
    fn endless_notes_are_cut_between_characters() {
        let text = format!(
            r#"{{"version": "1.0.0", "notes": "a{}", "platforms": {{}}}}"#,
            "ü".repeat(20_000)
        );
        let manifest = Manifest::read(text.as_bytes()).unwrap();
        assert_eq!(manifest.notes.len(), LONGEST_NOTES - 1);
    }
}
