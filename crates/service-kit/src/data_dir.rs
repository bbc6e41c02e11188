//! One process per data folder.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

/// A data folder held by this process until the value is dropped or the process dies, however it dies.
#[derive(Debug)]
pub struct DataDir {
    path: PathBuf,
    /// The operating system's lock on this file is the truth; the number in it is only for people.
    _lock: File,
}

/// Why a data folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DataDirError {
    #[error("{path} is in use by another Loquat server (process {pid}). Stop it first, or choose another folder")]
    InUse { path: PathBuf, pid: String },
    #[error("cannot use the data folder {path}: {source}")]
    Unusable { path: PathBuf, source: std::io::Error },
}

impl DataDir {
    /// Makes the folder if needed (readable by its owner only) and takes it.
    pub fn open(path: &Path) -> Result<Self, DataDirError> {
        let unusable = |source| DataDirError::Unusable {
            path: path.to_owned(),
            source,
        };
        make_private_folder(path).map_err(unusable)?;
        let mut lock = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path.join("server.lock"))
            .map_err(unusable)?;

        match lock.try_lock() {
            Ok(()) => {}
            Err(std::fs::TryLockError::WouldBlock) => {
                let mut pid = String::new();
                lock.read_to_string(&mut pid).map_err(unusable)?;
                return Err(DataDirError::InUse {
                    path: path.to_owned(),
                    pid: pid.trim().to_owned(),
                });
            }
            Err(std::fs::TryLockError::Error(source)) => return Err(unusable(source)),
        }
        // A disk that is full must not keep the server from starting: the number is a courtesy.
        let noted = lock
            .set_len(0)
            .and_then(|()| lock.rewind())
            .and_then(|()| writeln!(lock, "{}", std::process::id()));
        if let Err(fault) = noted {
            tracing::warn!(%fault, "cannot note the process number in the lock file");
        }
        Ok(Self {
            path: path.to_owned(),
            _lock: lock,
        })
    }

    /// Takes every folder that a process writes to, each once, however often and in whatever words it is named.
    pub fn open_all<'a>(folders: impl IntoIterator<Item = &'a Path>) -> Result<Vec<Self>, DataDirError> {
        let mut held: Vec<(PathBuf, Self)> = Vec::new();
        for path in folders {
            let unusable = |source| DataDirError::Unusable {
                path: path.to_owned(),
                source,
            };
            make_private_folder(path).map_err(unusable)?;
            let place = path.canonicalize().map_err(unusable)?;
            if !held.iter().any(|(known, _)| *known == place) {
                held.push((place, Self::open(path)?));
            }
        }
        Ok(held.into_iter().map(|(_, folder)| folder).collect())
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

fn make_private_folder(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_holder_is_refused_and_told_who_holds_it() {
        let folder = tempfile::tempdir().unwrap();
        let first = DataDir::open(folder.path()).unwrap();

        let second = DataDir::open(folder.path()).unwrap_err();

        assert!(second.to_string().contains(&std::process::id().to_string()), "{second}");
        drop(first);
        assert!(DataDir::open(folder.path()).is_ok());
    }

    #[test]
    fn a_folder_that_is_named_twice_is_taken_once() {
        let folder = tempfile::tempdir().unwrap();
        let (data, other) = (folder.path().join("data"), folder.path().join("other"));
        let by_another_name = other.join("..").join("data");

        let held = DataDir::open_all([&*data, &*other, &*by_another_name]).unwrap();

        assert_eq!(held.len(), 2);
        for path in [&data, &other] {
            let refused = DataDir::open(path);
            assert!(matches!(refused, Err(DataDirError::InUse { .. })), "got {refused:?}");
        }
    }
}
