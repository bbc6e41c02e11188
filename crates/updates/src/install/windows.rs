//! Windows: the setup program of the new version, which waits for this one to end and starts the app again.

use std::path::Path;
use std::process::Command;

use super::{InstallFault, Installer, Next, Update, Way};
use crate::platform::Kind;

/// What NSIS leaves beside the program it installs.
const UNINSTALLER: &str = "uninstall.exe";

/// A setup program of one of both sorts.
pub struct Setup {
    kind: Kind,
}

impl Setup {
    /// The one that installed this program; none when it runs where it was built.
    pub fn that_installed(program: &Path) -> Option<Self> {
        let folder = program.parent()?;
        let is_below = |name: &str| {
            folder
                .components()
                .any(|part| part.as_os_str().eq_ignore_ascii_case(name))
        };
        if folder.join(UNINSTALLER).is_file() {
            return Some(Self { kind: Kind::Nsis });
        }
        (is_below("Program Files") || is_below("Program Files (x86)")).then_some(Self { kind: Kind::Msi })
    }
}

impl Installer for Setup {
    fn kind(&self) -> Kind {
        self.kind
    }

    /// Windows asks by itself where it has to.
    fn way(&self) -> Way {
        Way::Alone
    }

    fn install(&self, update: &Update<'_>) -> Result<Next, InstallFault> {
        let file = std::fs::File::open(update.file).map_err(super::storage("cannot read", update.file))?;
        update.key.check(update.seal, &mut std::io::BufReader::new(file))?;
        // Passive: a bar of progress, no questions. `/R` and AUTOLAUNCHAPP start the app when all is in place.
        let started = match self.kind {
            Kind::Msi => Command::new("msiexec")
                .arg("/i")
                .arg(update.file)
                .args(["/passive", "/norestart", "AUTOLAUNCHAPP=True"])
                .spawn(),
            _ => Command::new(update.file).args(["/P", "/R", "/UPDATE"]).spawn(),
        };
        match started {
            Ok(_) => Ok(Next::End),
            Err(error) => Err(InstallFault::Program {
                program: update.file.display().to_string(),
                reason: error.to_string(),
            }),
        }
    }

    /// The setup program leaves nothing.
    fn tidy(&self) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_around_a_program_says_what_installed_it() {
        let folder = tempfile::tempdir().unwrap();
        let kind = |program: &Path| Setup::that_installed(program).map(|setup| setup.kind());
        assert_eq!(kind(&folder.path().join("loquat.exe")), None);
        std::fs::write(folder.path().join(UNINSTALLER), "").unwrap();
        assert_eq!(kind(&folder.path().join("loquat.exe")), Some(Kind::Nsis));
        assert_eq!(kind(Path::new("/c/Program Files/Loquat/loquat.exe")), Some(Kind::Msi));
    }
}
