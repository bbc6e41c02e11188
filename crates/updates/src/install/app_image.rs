//! One file that holds the app, wherever somebody put it: replaced in one step, the old one kept until the new one runs.
//!
//! At its place there is always one whole version, the old or the new, whenever the power goes.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use super::{InstallFault, Installer, Next, Replaced, Successor, Update, Way, beside, forget, storage};
use crate::platform::Kind;

/// The file of an `AppImage`.
pub struct AppImage {
    file: PathBuf,
}

impl AppImage {
    /// The one at this place. A link to it stays a link.
    pub fn at(file: &Path) -> Self {
        Self {
            file: file.canonicalize().unwrap_or_else(|_| file.to_owned()),
        }
    }

    fn fresh(&self) -> PathBuf {
        beside(&self.file, "new")
    }

    fn before(&self) -> PathBuf {
        beside(&self.file, "old")
    }
}

impl Installer for AppImage {
    fn kind(&self) -> Kind {
        Kind::AppImage
    }

    fn way(&self) -> Way {
        Way::Alone
    }

    fn install(&self, update: &Update<'_>) -> Result<Next, InstallFault> {
        let (fresh, before) = (self.fresh(), self.before());
        let placed = place(update, (&self.file, &fresh, &before));
        if placed.is_err()
            && let Err(error) = forget(&fresh)
        {
            tracing::info!(%error, "a file that was not installed stays");
        }
        placed?;
        Ok(Next::Restart(Successor {
            program: self.file.clone(),
            replaced: Some(Replaced {
                place: self.file.clone(),
                before,
            }),
        }))
    }

    fn tidy(&self) {
        for left in [self.fresh(), self.before()] {
            if let Err(error) = forget(&left) {
                tracing::info!(%error, path = %left.display(), "what an update left stays");
            }
        }
    }
}

/// Everything is written, proved and on the disk before the one step that shows it.
fn place(update: &Update<'_>, (file, fresh, before): (&Path, &Path, &Path)) -> Result<(), InstallFault> {
    forget(fresh).map_err(storage("cannot clear", fresh))?;
    std::fs::copy(update.file, fresh).map_err(storage("cannot write", fresh))?;
    let copy = File::open(fresh).map_err(storage("cannot read", fresh))?;
    update.key.check(update.seal, &mut BufReader::new(&copy))?;
    let permissions = std::fs::metadata(file)
        .map_err(storage("cannot read", file))?
        .permissions();
    std::fs::set_permissions(fresh, permissions).map_err(storage("cannot make a program of", fresh))?;
    copy.sync_all().map_err(storage("cannot write", fresh))?;
    forget(before).map_err(storage("cannot clear", before))?;
    // Some file systems know no second name of a file.
    std::fs::hard_link(file, before)
        .or_else(|_| std::fs::copy(file, before).map(drop))
        .map_err(storage("cannot keep the old version as", before))?;
    std::fs::rename(fresh, file).map_err(storage("cannot replace", file))?;
    // The name is as durable as its folder, and not every system lets a folder be asked for that.
    if let Some(folder) = file.parent()
        && let Ok(folder) = File::open(folder)
        && let Err(error) = folder.sync_all()
    {
        tracing::info!(%error, "the folder of the app was not written at once");
    }
    Ok(())
}
