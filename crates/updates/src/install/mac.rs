//! macOS: the bundle in the disk image takes the place of the one that runs, which is kept until the new one does.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{InstallFault, Installer, Next, Replaced, Successor, Update, Way, beside, forget, storage};
use crate::platform::Kind;

/// A bundle such as `/Applications/Loquat.app`.
pub struct Bundle {
    place: PathBuf,
    /// The program, seen from the bundle.
    program: PathBuf,
}

impl Bundle {
    /// The bundle that holds this program.
    pub fn around(program: &Path) -> Option<Self> {
        let place = program.ancestors().nth(3)?;
        let is_bundle = place.extension().is_some_and(|extension| extension == "app");
        is_bundle.then(|| Self {
            place: place.to_owned(),
            program: program.strip_prefix(place).unwrap_or(program).to_owned(),
        })
    }

    /// Copies the bundle of the image beside the one that runs.
    fn unpack(&self, image: &Path, fresh: &Path) -> Result<(), InstallFault> {
        let volume = beside(&self.place, "volume");
        run(Command::new("/usr/bin/hdiutil")
            .args(["attach", "-nobrowse", "-readonly", "-quiet", "-mountpoint"])
            .args([&volume, image]))?;
        let name = self.place.file_name().unwrap_or_default();
        let copied = run(Command::new("/usr/bin/ditto").args([volume.join(name), fresh.to_owned()]));
        if let Err(error) = run(Command::new("/usr/bin/hdiutil")
            .args(["detach", "-force", "-quiet"])
            .arg(&volume))
        {
            tracing::info!(%error, "the image of the new version stays open");
        }
        copied
    }
}

impl Installer for Bundle {
    fn kind(&self) -> Kind {
        Kind::Dmg
    }

    fn way(&self) -> Way {
        Way::Alone
    }

    fn install(&self, update: &Update<'_>) -> Result<Next, InstallFault> {
        let (fresh, before) = (beside(&self.place, "new"), beside(&self.place, "old"));
        let file = std::fs::File::open(update.file).map_err(storage("cannot read", update.file))?;
        update.key.check(update.seal, &mut std::io::BufReader::new(file))?;
        forget(&fresh).map_err(storage("cannot clear", &fresh))?;
        forget(&before).map_err(storage("cannot clear", &before))?;
        self.unpack(update.file, &fresh)?;
        std::fs::rename(&self.place, &before).map_err(storage("cannot move", &self.place))?;
        if let Err(source) = std::fs::rename(&fresh, &self.place) {
            std::fs::rename(&before, &self.place).map_err(storage("cannot bring back", &before))?;
            return Err(storage("cannot replace", &self.place)(source));
        }
        Ok(Next::Restart(Successor {
            program: self.place.join(&self.program),
            replaced: Some(Replaced {
                place: self.place.clone(),
                before,
            }),
        }))
    }

    fn tidy(&self) {
        for ending in ["new", "old"] {
            let left = beside(&self.place, ending);
            if let Err(error) = forget(&left) {
                tracing::info!(%error, path = %left.display(), "what an update left stays");
            }
        }
    }
}

fn run(command: &mut Command) -> Result<(), InstallFault> {
    let failed = |program: &Command, reason: String| InstallFault::Program {
        program: program.get_program().to_string_lossy().into_owned(),
        reason,
    };
    match command.stdin(Stdio::null()).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(failed(command, status.to_string())),
        Err(error) => Err(failed(command, error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_in_a_bundle_is_installed_and_one_elsewhere_is_not() {
        let bundle = Bundle::around(Path::new("/Applications/Loquat.app/Contents/MacOS/loquat")).unwrap();
        assert_eq!(bundle.place, Path::new("/Applications/Loquat.app"));
        assert_eq!(bundle.program, Path::new("Contents/MacOS/loquat"));
        assert!(Bundle::around(Path::new("/Users/ada/loquat/target/debug/loquat")).is_none());
        assert!(Bundle::around(Path::new("/loquat")).is_none());
    }
}
