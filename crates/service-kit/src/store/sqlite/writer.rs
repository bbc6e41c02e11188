//! The one thread that writes: batches, commits, and a look at the database while nobody writes.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode};
use tokio::sync::oneshot;

use super::condition::{Condition, Files};
use crate::metrics::Pool;
use crate::store::StoreError;

/// Writes that share one commit; more would make the first ones wait for long.
const WRITES_PER_COMMIT: usize = 512;
/// How soon a database that failed is tried again, and one that nobody writes to is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Above this many bytes the write-ahead log is emptied while readers wait. SQLite empties it by itself only in a
/// moment without any reader, and a busy server has none.
const LARGE_WAL: u64 = if cfg!(test) { 4 } else { 64 } * 1024 * 1024;

/// A job for the writer: `run` works inside the transaction, `answer` tells the outcome after the commit.
pub(super) trait Write: Send {
    /// Its fault, if it has one; then nothing of it may stay.
    fn run(&mut self, connection: &Connection) -> Result<(), StoreError>;
    fn answer(self: Box<Self>, commit: Result<(), &StoreError>);
}

pub(super) struct PendingWrite<W, T> {
    work: Option<W>,
    outcome: Option<Result<T, StoreError>>,
    answer: oneshot::Sender<Result<T, StoreError>>,
}

impl<W, T> PendingWrite<W, T> {
    pub(super) fn new(work: W, answer: oneshot::Sender<Result<T, StoreError>>) -> Self {
        Self {
            work: Some(work),
            outcome: None,
            answer,
        }
    }
}

impl<W, T> Write for PendingWrite<W, T>
where
    W: FnOnce(&Connection) -> Result<T, StoreError> + Send,
    T: Send,
{
    fn run(&mut self, connection: &Connection) -> Result<(), StoreError> {
        let Some(work) = self.work.take() else { return Ok(()) };
        // What panics is undone like any write that fails; the thread goes on for everybody else.
        let outcome = catch_unwind(AssertUnwindSafe(|| work(connection)))
            .unwrap_or_else(|_panic| Err(StoreError::Broken("a write panicked".to_owned())));
        let fault = outcome.as_ref().err().map(same_fault);
        self.outcome = Some(outcome);
        fault.map_or(Ok(()), Err)
    }

    fn answer(self: Box<Self>, commit: Result<(), &StoreError>) {
        // When the commit failed, what a write saw in the transaction never was: not even a taken key.
        let outcome = match commit {
            Err(fault) => Err(same_fault(fault)),
            Ok(()) => self.outcome.unwrap_or(Err(StoreError::Unavailable)),
        };
        // Whoever asked may have gone away; the write stands all the same.
        drop(self.answer.send(outcome));
    }
}

fn same_fault(fault: &StoreError) -> StoreError {
    match fault {
        StoreError::Duplicate => StoreError::Duplicate,
        StoreError::Full => StoreError::Full,
        StoreError::Unknown => StoreError::Unknown,
        StoreError::Unavailable => StoreError::Unavailable,
        StoreError::Broken(text) => StoreError::Broken(text.clone()),
    }
}

pub(super) struct Writer {
    pub(super) connection: Connection,
    pub(super) pool: Pool,
    pub(super) files: Files,
    pub(super) condition: Condition,
    /// Held for reading by every read while it runs.
    pub(super) no_readers: Arc<RwLock<()>>,
}

impl Writer {
    /// Works until the last handle is gone.
    pub(super) fn run(self, waiting: &Receiver<Box<dyn Write>>) {
        let mut large_wal = LARGE_WAL;
        loop {
            match waiting.recv_timeout(LOOK_EVERY) {
                Ok(first) => self.write_batch(first, waiting),
                Err(RecvTimeoutError::Timeout) => self.look(),
                Err(RecvTimeoutError::Disconnected) => return,
            }
            if self.files.wal_bytes() > large_wal {
                self.empty_wal();
                // One that could not be emptied is tried again when it has doubled.
                large_wal = (2 * self.files.wal_bytes()).max(LARGE_WAL);
            }
        }
    }

    fn write_batch(&self, first: Box<dyn Write>, waiting: &Receiver<Box<dyn Write>>) {
        let _counted = self.pool.connection_in_use();
        let mut batch = vec![first];
        batch.extend(waiting.try_iter().take(WRITES_PER_COMMIT - 1));
        let committed = self.commit_in_place(|| commit_together(&self.connection, &mut batch));
        for write in batch {
            write.answer(committed.as_ref().copied());
        }
    }

    /// While nobody writes, nobody else would find out that the database fails, or that it is back.
    fn look(&self) {
        if self.condition.is_failing() {
            // Its fault is in the condition.
            drop(self.commit_in_place(|| touch(&self.connection)));
        } else if !self.files.are_in_place() {
            self.condition.files_are_gone();
        }
    }

    /// Commits only into files that a restart will find, and says how the database is.
    fn commit_in_place(&self, commit: impl FnOnce() -> Result<(), StoreError>) -> Result<(), StoreError> {
        if !self.files.are_in_place() {
            self.condition.files_are_gone();
            return Err(StoreError::Unavailable);
        }
        let committed = commit();
        if !self.files.are_in_place() {
            // They went away around the commit; whether it is in them when they come back, nobody knows.
            self.condition.files_are_gone();
            return Err(StoreError::Unknown);
        }
        match &committed {
            Ok(()) => self.condition.works(),
            Err(fault) => self.condition.fails(fault),
        }
        committed
    }

    fn empty_wal(&self) {
        let _alone = self.no_readers.write().unwrap_or_else(PoisonError::into_inner);
        let emptied = self
            .connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, bool>(0));
        match emptied {
            Ok(false) => {}
            Ok(true) => tracing::warn!("the write-ahead log cannot be emptied while another process reads it"),
            Err(fault) => tracing::warn!(%fault, "the write-ahead log cannot be emptied"),
        }
    }
}

/// Runs the batch in one transaction. An error means that none of it was stored.
fn commit_together(connection: &Connection, batch: &mut [Box<dyn Write>]) -> Result<(), StoreError> {
    transaction(connection, || run_all(connection, batch))
}

/// A real write that changes nothing: the schema's number again.
fn touch(connection: &Connection) -> Result<(), StoreError> {
    transaction(connection, || {
        let number: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        Ok(connection.execute_batch(&format!("PRAGMA user_version = {number}"))?)
    })
}

fn transaction(connection: &Connection, work: impl FnOnce() -> Result<(), StoreError>) -> Result<(), StoreError> {
    connection.execute_batch("BEGIN IMMEDIATE")?;
    let outcome = work().and_then(|()| commit(connection));
    // Whatever went wrong, the next batch must not find this transaction open.
    if !connection.is_autocommit()
        && let Err(fault) = connection.execute_batch("ROLLBACK")
    {
        tracing::error!(%fault, "cannot roll back");
    }
    outcome
}

fn run_all(connection: &Connection, batch: &mut [Box<dyn Write>]) -> Result<(), StoreError> {
    for write in batch.iter_mut() {
        connection.execute_batch("SAVEPOINT one_write")?;
        let ran = write.run(connection);
        match ran {
            // The transaction is gone, rolled back behind the savepoint, or nothing in it could be stored anyway.
            Err(fault @ (StoreError::Full | StoreError::Unavailable)) => return Err(fault),
            ran if connection.is_autocommit() => return Err(ran.err().unwrap_or(StoreError::Unavailable)),
            Ok(()) => connection.execute_batch("RELEASE one_write")?,
            Err(_) => connection.execute_batch("ROLLBACK TO one_write; RELEASE one_write")?,
        }
    }
    Ok(())
}

fn commit(connection: &Connection) -> Result<(), StoreError> {
    connection.execute_batch("COMMIT").map_err(|fault| {
        if is_failed_fsync(&fault) {
            tracing::error!(%fault, "the disk failed to keep a commit; opening the file again must find out what it holds");
            std::process::abort();
        }
        if is_half_done(&fault) {
            tracing::error!(%fault, "a commit failed on its way; only the database knows whether it stands");
            return StoreError::Unknown;
        }
        StoreError::from(fault)
    })
}

/// The disk failed while committing, perhaps after the commit's mark was written. A short write is none of these: it
/// is the mark that is missing.
fn is_half_done(fault: &rusqlite::Error) -> bool {
    matches!(fault, rusqlite::Error::SqliteFailure(fault, _)
        if fault.code == ErrorCode::SystemIoFailure && fault.extended_code != rusqlite::ffi::SQLITE_IOERR_WRITE)
}

fn is_failed_fsync(fault: &rusqlite::Error) -> bool {
    let fsync_faults = [rusqlite::ffi::SQLITE_IOERR_FSYNC, rusqlite::ffi::SQLITE_IOERR_DIR_FSYNC];
    matches!(fault, rusqlite::Error::SqliteFailure(fault, _) if fsync_faults.contains(&fault.extended_code))
}
