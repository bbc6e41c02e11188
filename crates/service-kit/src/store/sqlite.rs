//! The embedded database: one writer with group commit, and a few readers.
//!
//! All writes go through one thread. It takes everything that waits, runs each write in a savepoint of
//! its own inside one transaction, and commits once: many conversations share one fsync. A write is
//! answered only after that commit (P1). A commit that fails is answered with `Full` or `Unavailable`
//! when SQLite says that it rolled back. A failed fsync ends the process: after one, nobody knows what
//! the disk holds, and only opening the file again finds out.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};
use tokio::sync::oneshot;

use super::StoreError;

/// Writes that may wait for the writer; more are answered `Unavailable`, so that memory stays bounded.
const WAITING_WRITES: usize = 8 * 1024;
/// Writes that share one commit; more would make the first ones wait for long.
const WRITES_PER_COMMIT: usize = 512;
/// Readers: enough for two slow pages and a quick look at the same time.
const READERS: usize = 3;
/// Reads that may wait.
const WAITING_READS: usize = 8 * 1024;
/// How long SQLite waits for a lock that another process (a backup) holds.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// A job for the writer: `run` works inside the transaction, `answer` tells the outcome after the commit.
trait Write: Send {
    fn run(&mut self, connection: &Connection) -> bool;
    fn answer(self: Box<Self>, commit: Result<(), &StoreError>);
}

struct PendingWrite<W, T> {
    work: Option<W>,
    outcome: Option<Result<T, StoreError>>,
    answer: oneshot::Sender<Result<T, StoreError>>,
}

impl<W, T> Write for PendingWrite<W, T>
where
    W: FnOnce(&Connection) -> Result<T, StoreError> + Send,
    T: Send,
{
    fn run(&mut self, connection: &Connection) -> bool {
        self.outcome = self.work.take().map(|work| work(connection));
        matches!(self.outcome, Some(Ok(_)))
    }

    fn answer(self: Box<Self>, commit: Result<(), &StoreError>) {
        let outcome = match (self.outcome, commit) {
            (Some(Ok(_)) | None, Err(fault)) => Err(same_fault(fault)),
            (Some(outcome), _) => outcome,
            (None, Ok(())) => Err(StoreError::Unavailable),
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

type Read = Box<dyn FnOnce(&Connection) + Send>;

/// An open database file. Cheap to clone; the threads end when the last clone is dropped.
#[derive(Clone)]
pub struct Sqlite {
    writes: SyncSender<Box<dyn Write>>,
    reads: SyncSender<Read>,
}

impl Sqlite {
    /// Opens or makes the file and brings its schema up to date.
    ///
    /// `migrations` are run in order, each once; the file remembers how many it has seen.
    pub fn open(path: &Path, migrations: &'static [&'static str]) -> Result<Self, StoreError> {
        let writer = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
        migrate(&writer, migrations)?;
        let (writes, waiting_writes) = sync_channel(WAITING_WRITES);
        start_thread("sqlite-writer", move || write_until_closed(&writer, &waiting_writes))?;

        let (reads, waiting_reads) = sync_channel(WAITING_READS);
        let waiting_reads = Arc::new(std::sync::Mutex::new(waiting_reads));
        for _ in 0..READERS {
            let reader = connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
            let waiting = Arc::clone(&waiting_reads);
            start_thread("sqlite-reader", move || read_until_closed(&reader, &waiting))?;
        }
        Ok(Self { writes, reads })
    }

    /// Runs `work` and answers once it is on the disk. An error rolls back only this write.
    pub async fn write<T, W>(&self, work: W) -> Result<T, StoreError>
    where
        W: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
        T: Send + 'static,
    {
        let (answer, outcome) = oneshot::channel();
        let pending = PendingWrite {
            work: Some(work),
            outcome: None,
            answer,
        };
        self.writes.try_send(Box::new(pending)).map_err(|fault| match fault {
            TrySendError::Full(_) | TrySendError::Disconnected(_) => StoreError::Unavailable,
        })?;
        // The writer has the job: if it goes away now, the job may or may not have been committed.
        outcome.await.unwrap_or(Err(StoreError::Unknown))
    }

    /// Runs `work` on a snapshot that has everything whose write was answered before.
    pub async fn read<T, R>(&self, work: R) -> Result<T, StoreError>
    where
        R: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
        T: Send + 'static,
    {
        let (answer, outcome) = oneshot::channel();
        let job: Read = Box::new(move |connection| drop(answer.send(work(connection))));
        self.reads.try_send(job).map_err(|_| StoreError::Unavailable)?;
        outcome.await.unwrap_or(Err(StoreError::Unavailable))
    }
}

fn start_thread(name: &str, work: impl FnOnce() + Send + 'static) -> Result<(), StoreError> {
    let started = std::thread::Builder::new().name(name.to_owned()).spawn(work);
    started
        .map(drop)
        .map_err(|fault| StoreError::Broken(format!("cannot start the thread {name}: {fault}")))
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, StoreError> {
    let named = |fault: rusqlite::Error| StoreError::Broken(format!("cannot open {}: {fault}", path.display()));
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(named)?;
    connection.busy_timeout(BUSY_TIMEOUT).map_err(named)?;
    let pragmas = if flags.contains(OpenFlags::SQLITE_OPEN_READ_ONLY) {
        "PRAGMA query_only = ON; PRAGMA cache_size = -8192;"
    } else {
        keep_private(path);
        // FULL makes the WAL durable at every commit; with NORMAL the last commits die with the power.
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -16384;
         PRAGMA journal_size_limit = 67108864;"
    };
    connection.execute_batch(pragmas).map_err(named)?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(connection)
}

/// The file holds what people wrote: nobody but the server's own user reads it.
fn keep_private(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    if let Err(fault) = std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)) {
        tracing::warn!(%fault, path = %path.display(), "cannot make the database file private");
    }
}

fn migrate(connection: &Connection, migrations: &[&str]) -> Result<(), StoreError> {
    let seen: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let seen = seen as usize;
    if seen > migrations.len() {
        let newer = format!(
            "the database has schema {seen}, this program knows {}: use a newer version",
            migrations.len()
        );
        return Err(StoreError::Broken(newer));
    }
    for (number, migration) in migrations.iter().enumerate().skip(seen) {
        connection.execute_batch(&format!(
            "BEGIN; {migration}; PRAGMA user_version = {}; COMMIT;",
            number + 1
        ))?;
    }
    Ok(())
}

fn read_until_closed(connection: &Connection, waiting: &std::sync::Mutex<Receiver<Read>>) {
    loop {
        let next = waiting.lock().unwrap_or_else(std::sync::PoisonError::into_inner).recv();
        match next {
            Ok(read) => read(connection),
            Err(_closed) => return,
        }
    }
}

fn write_until_closed(connection: &Connection, waiting: &Receiver<Box<dyn Write>>) {
    while let Ok(first) = waiting.recv() {
        let mut batch = vec![first];
        while batch.len() < WRITES_PER_COMMIT {
            match waiting.try_recv() {
                Ok(write) => batch.push(write),
                Err(_nothing_waits) => break,
            }
        }
        let committed = commit_together(connection, &mut batch);
        for write in batch {
            write.answer(committed.as_ref().copied());
        }
    }
}

/// Runs the batch in one transaction. An error means that none of it was stored.
fn commit_together(connection: &Connection, batch: &mut [Box<dyn Write>]) -> Result<(), StoreError> {
    connection.execute_batch("BEGIN IMMEDIATE")?;
    let outcome = run_all(connection, batch).and_then(|()| commit(connection));
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
        let ran = run_in_savepoint(connection, write.as_mut());
        // A full disk or an I/O fault may have rolled the whole transaction back behind the savepoint.
        if connection.is_autocommit() {
            return Err(ran.err().unwrap_or(StoreError::Full));
        }
        ran?;
    }
    Ok(())
}

fn run_in_savepoint(connection: &Connection, write: &mut dyn Write) -> Result<(), StoreError> {
    connection.execute_batch("SAVEPOINT one_write")?;
    if write.run(connection) {
        connection.execute_batch("RELEASE one_write")?;
    } else if !connection.is_autocommit() {
        connection.execute_batch("ROLLBACK TO one_write; RELEASE one_write")?;
    }
    Ok(())
}

fn commit(connection: &Connection) -> Result<(), StoreError> {
    connection.execute_batch("COMMIT").map_err(|fault| {
        if is_failed_fsync(&fault) {
            tracing::error!(%fault, "the disk failed to keep a commit; opening the file again must find out what it holds");
            std::process::abort();
        }
        StoreError::from(fault)
    })
}

fn is_failed_fsync(fault: &rusqlite::Error) -> bool {
    let fsync_faults = [rusqlite::ffi::SQLITE_IOERR_FSYNC, rusqlite::ffi::SQLITE_IOERR_DIR_FSYNC];
    matches!(fault, rusqlite::Error::SqliteFailure(fault, _) if fsync_faults.contains(&fault.extended_code))
}

impl From<rusqlite::Error> for StoreError {
    fn from(fault: rusqlite::Error) -> Self {
        let extended = match &fault {
            rusqlite::Error::SqliteFailure(fault, _) => Some((fault.code, fault.extended_code)),
            _ => None,
        };
        match extended {
            Some((_, rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE | rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY)) => {
                Self::Duplicate
            }
            // A write that the disk has no room for is reported as a short write by some file systems.
            Some((ErrorCode::DiskFull, _) | (_, rusqlite::ffi::SQLITE_IOERR_WRITE)) => Self::Full,
            Some((ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked, _)) => Self::Unavailable,
            _ => Self::Broken(fault.to_string()),
        }
    }
}

/// The path of a database file inside a data folder.
pub fn file_in(data_dir: &Path, name: &str) -> PathBuf {
    data_dir.join(format!("{name}.sqlite"))
}

#[cfg(test)]
mod tests;
