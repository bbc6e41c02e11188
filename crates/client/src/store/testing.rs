//! A store in a folder of its own, for tests of the rules.

use protocol::{ConversationId, Entry, UserId};
use rusqlite::Connection;
use tempfile::TempDir;

use super::account::{self, Account};
use super::disk::Disk;
use super::{StoreError, Writing, entries};
use crate::change::Change;

/// An open file, without the thread.
pub(crate) struct OpenFile {
    folder: TempDir,
    disk: Option<Disk>,
}

impl OpenFile {
    /// The store of the person with the first id.
    pub(crate) fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let disk = Disk::open(folder.path()).unwrap();
        let account = Account {
            server: "https://chat.example.org".to_owned(),
            user: UserId::from_random(1),
            email: "ada@example.org".to_owned(),
            workspace: "Example".to_owned(),
        };
        account::put(&disk.connection, &account).unwrap();
        let disk = Some(disk);
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

/// Every entry of a conversation that is held.
pub(crate) fn every_entry(disk: &Connection, conversation: &ConversationId) -> Vec<Entry> {
    let mut select = disk
        .prepare_cached("SELECT seq FROM entry WHERE conversation = ?1 ORDER BY seq")
        .unwrap();
    let seqs = select
        .query_map([conversation.as_str()], |row| row.get::<_, i64>(0))
        .unwrap();
    let seqs: Vec<u64> = seqs.map(|seq| seq.unwrap().unsigned_abs()).collect();
    seqs.into_iter()
        .map(|seq| entries::at(disk, conversation, seq).unwrap().unwrap())
        .collect()
}
