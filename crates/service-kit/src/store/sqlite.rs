//! The embedded database: one writer with group commit, and a few readers.
//!
//! All writes go through one thread. It takes everything that waits, runs each write in a savepoint of
//! its own inside one transaction, and commits once: many conversations share one fsync. A write is
//! answered only after that commit (P1). A commit that fails is answered with `Full` or `Unavailable`
//! when SQLite says that it rolled back. A failed fsync ends the process: after one, nobody knows what
//! the disk holds, and only opening the file again finds out. Files that were moved or removed take no
//! more writes: SQLite would go on in them, and all of it would be gone with the process.

mod condition;
mod writer;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};
use tokio::sync::oneshot;

use self::condition::{Condition, Files};
use self::writer::{PendingWrite, Write, Writer};
use super::StoreError;
use crate::health::Part;
use crate::metrics::Pool;

/// Writes that may wait for the writer; more are answered `Unavailable`, so that memory stays bounded.
const WAITING_WRITES: usize = 8 * 1024;
/// Readers: enough for two slow pages and a quick look at the same time.
const READERS: usize = 3;
/// Reads that may wait.
const WAITING_READS: usize = 8 * 1024;
/// How long SQLite waits for a lock that another process (a backup) holds.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

type Read = Box<dyn FnOnce(&Connection) + Send>;

/// An open database file. Cheap to clone; the threads end when the last clone is dropped.
#[derive(Clone)]
pub struct Sqlite {
    writes: SyncSender<Box<dyn Write>>,
    reads: SyncSender<Read>,
    condition: Condition,
    pool: Pool,
}

impl Sqlite {
    /// Opens or makes the file and brings its schema up to date.
    ///
    /// `migrations` are run in order, each once; the file remembers how many it has seen.
    pub fn open(path: &Path, migrations: &'static [&'static str]) -> Result<Self, StoreError> {
        let writer = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
        migrate(&writer, migrations)?;
        let (condition, no_readers) = (Condition::default(), Arc::<RwLock<()>>::default());
        let pool = Pool::default();
        let writer = Writer {
            connection: writer,
            pool: pool.clone(),
            files: Files::of(path),
            condition: condition.clone(),
            no_readers: Arc::clone(&no_readers),
        };
        let (writes, waiting_writes) = sync_channel(WAITING_WRITES);
        let open = pool.connection();
        start_thread("sqlite-writer", move || {
            let _open = open;
            writer.run(&waiting_writes);
        })?;

        let (reads, waiting_reads) = sync_channel(WAITING_READS);
        let waiting_reads = Arc::new(Mutex::new(waiting_reads));
        for _ in 0..READERS {
            let reader = connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
            let (waiting, no_readers) = (Arc::clone(&waiting_reads), Arc::clone(&no_readers));
            let (pool, open) = (pool.clone(), pool.connection());
            start_thread("sqlite-reader", move || {
                let _open = open;
                read_until_closed(&reader, &waiting, &no_readers, &pool);
            })?;
        }
        Ok(Self {
            writes,
            reads,
            condition,
            pool,
        })
    }

    /// What it is busy with: the writer and the readers are its connections.
    pub fn pool(&self) -> &Pool {
        &self.pool
    }

    /// Tells from now on how the database is: ready, or why it takes no writes. One that failed is tried again
    /// every second.
    pub fn report_to(&self, part: Part) {
        self.condition.report_to(part);
    }

    /// Runs `work` and answers once it is on the disk. An error rolls back only this write.
    pub async fn write<T, W>(&self, work: W) -> Result<T, StoreError>
    where
        W: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
        T: Send + 'static,
    {
        let _counted = self.pool.operation();
        let (answer, outcome) = oneshot::channel();
        let pending = PendingWrite::new(work, answer);
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
        if self.condition.is_gone() {
            return Err(StoreError::Unavailable);
        }
        let _counted = self.pool.operation();
        let (answer, outcome) = oneshot::channel();
        let condition = self.condition.clone();
        let job: Read = Box::new(move |connection| {
            // Whoever asked may have gone away while the read waited.
            if answer.is_closed() {
                return;
            }
            let outcome = work(connection);
            if let Err(fault @ StoreError::Unavailable) = &outcome {
                condition.fails(fault);
            }
            drop(answer.send(outcome));
        });
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

/// Two processes may open one file at once, so the number is read where the other cannot change it.
fn migrate(connection: &Connection, migrations: &[&str]) -> Result<(), StoreError> {
    connection.execute_batch("BEGIN IMMEDIATE")?;
    let seen: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let seen = seen as usize;
    if seen > migrations.len() {
        let newer = format!(
            "the database has schema {seen}, this program knows {}: use a newer version",
            migrations.len()
        );
        return Err(StoreError::Broken(newer));
    }
    for migration in migrations.iter().skip(seen) {
        connection.execute_batch(migration)?;
    }
    if seen < migrations.len() {
        // Only then: a server whose schema is up to date must start with a full disk, too.
        connection.execute_batch(&format!("PRAGMA user_version = {}", migrations.len()))?;
    }
    Ok(connection.execute_batch("COMMIT")?)
}

fn read_until_closed(connection: &Connection, waiting: &Mutex<Receiver<Read>>, no_readers: &RwLock<()>, pool: &Pool) {
    loop {
        let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(read) = next else { return };
        let _counted = pool.connection_in_use();
        let _reading = no_readers.read().unwrap_or_else(PoisonError::into_inner);
        // Who asked for a read that panics gets no answer and so an error; the thread goes on for everybody else.
        if catch_unwind(AssertUnwindSafe(|| read(connection))).is_err() {
            tracing::error!("a read panicked");
        }
    }
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
            // The shared index of the WAL grows with it, and says so in its own way.
            Some(
                (ErrorCode::DiskFull, _) | (_, rusqlite::ffi::SQLITE_IOERR_WRITE | rusqlite::ffi::SQLITE_IOERR_SHMSIZE),
            ) => Self::Full,
            Some((ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked, _)) => Self::Unavailable,
            Some((ErrorCode::SystemIoFailure | ErrorCode::CannotOpen | ErrorCode::ReadOnly, _)) => {
                // The variant says what callers can do about it, so the reason is told here.
                tracing::error!(%fault, "the database files cannot be used");
                Self::Unavailable
            }
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
