//! How the database is: as `/readyz` tells it, and whether its files still lie where they were opened.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::health::Part;

/// What is known about the database. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Condition {
    known: Arc<Mutex<Known>>,
}

#[derive(Default)]
struct Known {
    part: Option<Part>,
    /// Why the last write failed for all.
    fault: Option<String>,
    /// The files were moved or removed: what is read here, nobody finds after a restart.
    files_are_gone: bool,
}

impl Condition {
    /// Tells this part from now on.
    pub(super) fn report_to(&self, part: Part) {
        let mut known = self.known();
        match &known.fault {
            Some(fault) => part.failed(fault.clone()),
            None => part.ready(),
        }
        known.part = Some(part);
    }

    pub(super) fn works(&self) {
        let mut known = self.known();
        known.files_are_gone = false;
        if known.fault.take().is_some() {
            tracing::info!("the database takes writes again");
            known.part.iter().for_each(Part::ready);
        }
    }

    pub(super) fn fails(&self, fault: &dyn std::fmt::Display) {
        let (mut known, fault) = (self.known(), fault.to_string());
        if known.fault.as_ref() != Some(&fault) {
            tracing::error!(fault, "the database takes no writes");
            known.part.iter().for_each(|part| part.failed(fault.clone()));
            known.fault = Some(fault);
        }
    }

    pub(super) fn files_are_gone(&self) {
        self.known().files_are_gone = true;
        self.fails(&"the database files were moved or removed; put them back, or restart");
    }

    pub(super) fn is_failing(&self) -> bool {
        self.known().fault.is_some()
    }

    pub(super) fn is_gone(&self) -> bool {
        self.known().files_are_gone
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The database file and its write-ahead log, as they were when they were opened.
///
/// SQLite goes on with files that have lost their names, and everything it is told then is gone with the process.
pub(super) struct Files {
    paths: [PathBuf; 2],
    opened: [Option<FileId>; 2],
}

/// Device and number: what stays the same when a file is written, and differs when it is replaced.
type FileId = (u64, u64);

impl Files {
    /// To be called when both exist.
    pub(super) fn of(database: &Path) -> Self {
        let paths = [
            database.to_owned(),
            PathBuf::from(format!("{}-wal", database.display())),
        ];
        let opened = paths.each_ref().map(|path| file_id(path));
        Self { paths, opened }
    }

    pub(super) fn are_in_place(&self) -> bool {
        self.paths.each_ref().map(|path| file_id(path)) == self.opened
    }

    /// Bytes of the write-ahead log.
    pub(super) fn wal_bytes(&self) -> u64 {
        std::fs::metadata(&self.paths[1]).map_or(0, |wal| wal.len())
    }
}

fn file_id(path: &Path) -> Option<FileId> {
    let metadata = std::fs::metadata(path).ok()?;
    Some((metadata.dev(), metadata.ino()))
}
