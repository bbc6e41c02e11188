//! A store in a folder of its own, for tests of the rules.

use rusqlite::Connection;
use tempfile::TempDir;

use super::disk::Disk;
use super::{StoreError, Writing};
use crate::change::Change;

/// An open file, without the thread.
pub(crate) struct OpenFile {
    folder: TempDir,
    disk: Option<Disk>,
}

impl OpenFile {
    pub(crate) fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let disk = Some(Disk::open(folder.path()).unwrap());
        Self { folder, disk }
    }

    pub(crate) fn connection(&mut self) -> &mut Connection {
        &mut self.disk.as_mut().unwrap().connection
    }

    /// Closes the file and opens it again.
    pub(crate) fn reopen(&mut self) {
        self.disk = None;
        self.disk = Some(Disk::open(self.folder.path()).unwrap());
    }

    /// One committed transaction; what it came to and what it told.
    pub(crate) fn write<T>(
        &mut self,
        work: impl FnOnce(&mut Writing<'_>) -> Result<T, StoreError>,
    ) -> Result<(T, Vec<Change>), StoreError> {
        let transaction = self.connection().transaction()?;
        let mut writing = Writing::new(&transaction);
        let value = work(&mut writing)?;
        let changes = writing.changes()?;
        transaction.commit()?;
        Ok((value, changes))
    }

    /// A transaction that a crash undoes just before it is committed.
    pub(crate) fn write_and_crash<T>(&mut self, work: impl FnOnce(&mut Writing<'_>) -> Result<T, StoreError>) {
        let transaction = self.connection().transaction().unwrap();
        work(&mut Writing::new(&transaction)).unwrap();
        drop(transaction);
        self.reopen();
    }
}
