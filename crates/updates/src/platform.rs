//! Which of a release's files is for this installation, by the names that releases use.

use semver::Version;

/// How the app was installed, which decides what a new version has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    AppImage,
    Deb,
    Rpm,
    Nsis,
    Msi,
    Dmg,
}

/// What this program runs on, and how it was installed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Platform {
    pub kind: Kind,
    /// As Rust names it: `x86_64`, `aarch64`.
    pub arch: &'static str,
}

impl Kind {
    /// The end of its files' names.
    pub fn ending(self) -> &'static str {
        match self {
            Self::AppImage => "AppImage",
            Self::Deb => "deb",
            Self::Rpm => "rpm",
            Self::Nsis => "exe",
            Self::Msi => "msi",
            Self::Dmg => "dmg",
        }
    }

    /// The system and the sort of file, as manifests of Tauri's updater name them.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::AppImage => ("linux", "appimage"),
            Self::Deb => ("linux", "deb"),
            Self::Rpm => ("linux", "rpm"),
            Self::Nsis => ("windows", "nsis"),
            Self::Msi => ("windows", "msi"),
            Self::Dmg => ("darwin", "app"),
        }
    }
}

impl Platform {
    /// An installation of this kind of the program that asks.
    pub fn here(kind: Kind) -> Self {
        Self {
            kind,
            arch: std::env::consts::ARCH,
        }
    }

    /// The keys of its file in a manifest, the closer one first.
    pub fn keys(self) -> [String; 2] {
        let (system, sort) = self.kind.words();
        let wide = format!("{system}-{}", self.arch);
        [format!("{wide}-{sort}"), wide]
    }

    /// Whether a file of this name is this version for this installation: `loquat_VERSION_ARCH.EXT`.
    pub fn has_file(self, name: &str, version: &Version) -> bool {
        let arch = name
            .strip_prefix(&format!("loquat_{version}_"))
            .and_then(|rest| rest.strip_suffix(self.kind.ending()))
            .and_then(|rest| rest.strip_suffix('.'));
        arch.is_some_and(|arch| self.is_called(arch))
    }

    /// Every system has its own words for the same processor.
    fn is_called(self, arch: &str) -> bool {
        match self.arch {
            "x86_64" => matches!(arch, "x86_64" | "amd64" | "x64") || self.is_universal(arch),
            "aarch64" => matches!(arch, "aarch64" | "arm64") || self.is_universal(arch),
            other => arch == other,
        }
    }

    fn is_universal(self, arch: &str) -> bool {
        self.kind == Kind::Dmg && arch == "universal"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEB: Platform = Platform {
        kind: Kind::Deb,
        arch: "x86_64",
    };

    #[test]
    fn only_the_named_version_for_this_installation_has_the_name() {
        let version = Version::new(0, 2, 0);
        assert!(DEB.has_file("loquat_0.2.0_amd64.deb", &version));
        for other in [
            "loquat_0.1.0_amd64.deb",
            "loquat_0.2.0_arm64.deb",
            "loquat_0.2.0_amd64.rpm",
            "loquat_0.2.0_amd64deb",
            "loquat_0.2.0-beta.1_amd64.deb",
            "../loquat_0.2.0_amd64.deb",
            "other_0.2.0_amd64.deb",
        ] {
            assert!(!DEB.has_file(other, &version), "{other}");
        }
    }

    #[test]
    fn a_mac_takes_a_file_for_both_processors() {
        let mac = |arch| Platform { kind: Kind::Dmg, arch };
        for arch in ["x86_64", "aarch64"] {
            assert!(mac(arch).has_file("loquat_1.0.0_universal.dmg", &Version::new(1, 0, 0)));
        }
        assert_eq!(mac("aarch64").keys(), ["darwin-aarch64-app", "darwin-aarch64"]);
    }
}
