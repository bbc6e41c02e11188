//! A package of the system: its own tools install it, and somebody who may change the system agrees.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{InstallFault, Installer, Next, Successor, Update, Way};
use crate::platform::Kind;

/// What asks somebody who may, and then runs as the administrator.
const ASK: &str = "/usr/bin/pkexec";

/// Answers of `pkexec`: the question was closed, and the person may not.
const CLOSED: i32 = 126;
const REFUSED: i32 = 127;

/// A package that lies in the system.
pub struct Package {
    kind: Kind,
    /// What asks; not every system has it.
    ask: Option<PathBuf>,
    /// What people start.
    program: PathBuf,
}

impl Package {
    /// The package that this program came with.
    pub fn that_installed(program: &Path) -> Option<Self> {
        Self::of_system(program, Path::new("/"))
    }

    fn of_system(program: &Path, root: &Path) -> Option<Self> {
        if !program.starts_with("/usr") || program.starts_with("/usr/local") {
            return None;
        }
        let there = |path: &str| root.join(path).exists();
        let kind = if there("var/lib/dpkg/info/loquat.list") {
            Kind::Deb
        } else if there("usr/lib/sysimage/rpm") || there("var/lib/rpm") {
            Kind::Rpm
        } else {
            return None;
        };
        let ask = there(ASK.trim_start_matches('/')).then(|| PathBuf::from(ASK));
        let program = program.to_owned();
        Some(Self { kind, ask, program })
    }

    /// The tool of the system, and how it is told to install a file. What a version newly needs comes with it.
    fn tool(&self) -> (&'static str, &'static [&'static str]) {
        match self.kind {
            Kind::Rpm => ("/usr/bin/rpm", &["--upgrade"]),
            _ => ("/usr/bin/apt-get", &["install", "--yes"]),
        }
    }
}

impl Installer for Package {
    fn kind(&self) -> Kind {
        self.kind
    }

    fn way(&self) -> Way {
        match (&self.ask, self.kind) {
            (Some(_), _) => Way::Asks,
            (None, Kind::Rpm) => Way::ByHand("sudo rpm --upgrade"),
            (None, _) => Way::ByHand("sudo apt-get install"),
        }
    }

    fn install(&self, update: &Update<'_>) -> Result<Next, InstallFault> {
        let ask = self.ask.as_ref().ok_or(InstallFault::NotAllowed)?;
        let file = std::fs::File::open(update.file).map_err(super::storage("cannot read", update.file))?;
        update.key.check(update.seal, &mut std::io::BufReader::new(file))?;
        let (tool, options) = self.tool();
        let failed = |reason: String| InstallFault::Program {
            program: tool.to_owned(),
            reason,
        };
        let ended = Command::new(ask)
            .arg(tool)
            .args(options)
            .arg(update.file)
            .stdin(Stdio::null())
            .output()
            .map_err(|error| failed(error.to_string()))?;
        match ended.status.code() {
            Some(0) => Ok(Next::Restart(Successor {
                program: self.program.clone(),
                replaced: None,
            })),
            Some(CLOSED | REFUSED) => Err(InstallFault::NotAllowed),
            _ => Err(failed(last_line(&ended.stderr))),
        }
    }

    /// The tools of the system leave nothing.
    fn tidy(&self) {}
}

/// Where such tools say what went wrong.
fn last_line(said: &[u8]) -> String {
    let said = String::from_utf8_lossy(said);
    let line = said.lines().rfind(|line| !line.trim().is_empty());
    line.unwrap_or("it did not say why").chars().take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn system(files: &[&str]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for file in files {
            let path = root.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        root
    }

    #[test]
    fn the_tools_of_the_system_say_what_it_was_installed_by() {
        let found = |files: &[&str], program: &str| {
            let root = system(files);
            Package::of_system(Path::new(program), root.path()).map(|package| (package.kind(), package.way()))
        };
        let deb = "var/lib/dpkg/info/loquat.list";
        let asks = "usr/bin/pkexec";
        assert_eq!(found(&[deb, asks], "/usr/bin/loquat"), Some((Kind::Deb, Way::Asks)));
        assert_eq!(
            found(&[deb], "/usr/bin/loquat"),
            Some((Kind::Deb, Way::ByHand("sudo apt-get install")))
        );
        assert_eq!(
            found(&["var/lib/rpm/x", asks], "/usr/bin/loquat"),
            Some((Kind::Rpm, Way::Asks))
        );
        assert_eq!(found(&[asks], "/usr/bin/loquat"), None);
        assert_eq!(found(&[deb, asks], "/home/ada/loquat/target/debug/loquat"), None);
        assert_eq!(found(&[deb, asks], "/usr/local/bin/loquat"), None);
    }

    #[test]
    fn the_last_words_of_a_tool_are_what_went_wrong() {
        assert_eq!(
            last_line(b"Reading...\ndpkg: error: no room\n\n"),
            "dpkg: error: no room"
        );
        assert_eq!(last_line(b""), "it did not say why");
    }
}
