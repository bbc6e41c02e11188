//! The file itself: opening, upgrading, and making it anew when it is damaged.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::schema::{COPIES, ONLY_HERE, STEPS};
use super::{StoreError, Writing, account, entries, index};

/// The program that had the file before, or a backup tool, may hold it for this long.
const BUSY_WAIT: Duration = Duration::from_secs(5);
/// Statements kept ready: as many as this crate has, with room.
const STATEMENTS: usize = 128;
const FILE: &str = "store.sqlite";
/// What a damaged file is called once it was moved aside.
const DAMAGED: [&str; 3] = [".damaged", ".damaged-wal", ".damaged-shm"];

/// An open store file.
pub(super) struct Disk {
    path: PathBuf,
    pub(super) connection: Connection,
}

impl Disk {
    /// Opens the store in this folder; a damaged one is moved aside first.
    pub(super) fn open(folder: &Path) -> Result<Self, StoreError> {
        std::fs::create_dir_all(folder)?;
        keep_private(folder)?;
        let path = folder.join(FILE);
        match connect(&path) {
            Ok(connection) => Ok(Self { path, connection }),
            Err(StoreError::Broken) => {
                let connection = make_anew(&path)?;
                Ok(Self { path, connection })
            }
            Err(error) => Err(error),
        }
    }

    /// Moves the damaged file aside and starts a fresh one with what can still be read of [`ONLY_HERE`].
    pub(super) fn make_anew(&mut self) -> Result<(), StoreError> {
        self.let_go()?;
        self.connection = make_anew(&self.path)?;
        Ok(())
    }

    /// Deletes everything, waiting messages included, from the disk as well.
    pub(super) fn erase(&mut self) -> Result<(), StoreError> {
        self.let_go()?;
        self.remove(&["", "-wal", "-shm", "-journal"])?;
        self.remove(&DAMAGED)?;
        self.connection = connect(&self.path)?;
        Ok(())
    }

    /// Deletes what the server can give again; what exists only here stays for the same person's next sign-in.
    pub(super) fn erase_copies(&mut self) -> Result<(), StoreError> {
        let transaction = self.connection.transaction()?;
        for table in COPIES {
            transaction.execute(&format!("DELETE FROM {table}"), ())?;
        }
        index::empty(&transaction)?;
        transaction.commit()?;
        // What could be rescued of a damaged file has been; the rest are copies.
        self.remove(&DAMAGED)?;
        // Deleted rows would otherwise stay readable in free pages and in the log.
        self.connection
            .execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)")?;
        Ok(())
    }

    /// Writes everything into the file itself: what closes now opens at once.
    pub(super) fn checkpoint(&self) -> Result<(), StoreError> {
        Ok(self.connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")?)
    }

    fn remove(&self, suffixes: &[&str]) -> Result<(), StoreError> {
        for suffix in suffixes {
            match std::fs::remove_file(with_suffix(&self.path, suffix)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
                _ => {}
            }
        }
        Ok(())
    }

    fn let_go(&mut self) -> Result<(), StoreError> {
        let open = std::mem::replace(&mut self.connection, Connection::open_in_memory()?);
        if let Err((_, error)) = open.close() {
            tracing::warn!(%error, "the store could not be closed cleanly");
        }
        Ok(())
    }
}

fn connect(path: &Path) -> Result<Connection, StoreError> {
    let mut connection = Connection::open(path)?;
    connection.busy_timeout(BUSY_WAIT)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // Two programs that both sent from one outbox and moved one cursor would undo each other's work.
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    // What was deleted is overwritten, and nothing is sorted or copied in a file elsewhere on the machine.
    connection.pragma_update(None, "secure_delete", "ON")?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    upgrade(&mut connection)?;
    // A damaged page of the small tables shows here, before anything is drawn from them.
    account::read(&connection)?;
    for table in ONLY_HERE.iter().chain(&["conversation"]) {
        connection
            .prepare(&format!("SELECT * FROM {table}"))?
            .query(())?
            .next()?;
    }
    Ok(connection)
}

fn upgrade(connection: &mut Connection) -> Result<(), StoreError> {
    let version: u32 = connection.query_row("PRAGMA user_version", (), |row| row.get(0))?;
    for (step, statements) in (1_u32..).zip(STEPS).skip(version as usize) {
        let transaction = connection.transaction()?;
        transaction.execute_batch(statements)?;
        if version > 0 && step as usize == STEPS.len() {
            // Kinds of entries that were unknown so far may be known now.
            entries::fold_again(&mut Writing::new(&transaction))?;
        }
        transaction.pragma_update(None, "user_version", step)?;
        transaction.commit()?;
    }
    Ok(())
}

fn make_anew(path: &Path) -> Result<Connection, StoreError> {
    tracing::error!("the store is damaged: moving it aside and starting a fresh one");
    for suffix in ["", "-wal", "-shm"] {
        let aside = with_suffix(path, &format!(".damaged{suffix}"));
        match std::fs::rename(with_suffix(path, suffix), aside) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    let fresh = connect(path)?;
    match salvage(&with_suffix(path, ".damaged"), &fresh) {
        Ok(rows) => tracing::info!(rows, "rescued drafts and waiting messages"),
        Err(error) => tracing::error!(%error, "nothing could be rescued from the damaged store"),
    }
    Ok(fresh)
}

/// Copies the rows of [`ONLY_HERE`] that can still be read; returns how many.
fn salvage(damaged: &Path, fresh: &Connection) -> Result<usize, StoreError> {
    let damaged = Connection::open_with_flags(damaged, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let mut rescued = 0;
    for table in ONLY_HERE {
        match salvage_table(&damaged, fresh, table) {
            Ok(rows) => rescued += rows,
            Err(error) => tracing::error!(table, %error, "a damaged table could not be rescued"),
        }
    }
    Ok(rescued)
}

fn salvage_table(damaged: &Connection, fresh: &Connection, table: &str) -> Result<usize, StoreError> {
    let mut select = damaged.prepare(&format!("SELECT * FROM {table}"))?;
    let columns = select.column_names().collect::<Vec<_>>().join(", ");
    let places = vec!["?"; select.column_count()].join(", ");
    let count = select.column_count();
    let mut insert = fresh.prepare(&format!("INSERT OR IGNORE INTO {table} ({columns}) VALUES ({places})"))?;
    let mut rows = select.query(())?;
    let mut rescued = 0;
    // The first row that cannot be read ends the table: SQLite cannot step past it.
    while let Ok(Some(row)) = rows.next() {
        let values = (0..count)
            .map(|index| row.get::<_, rusqlite::types::Value>(index))
            .collect::<Result<Vec<_>, _>>();
        if let Ok(values) = values {
            rescued += insert.execute(rusqlite::params_from_iter(values))?;
        }
    }
    Ok(rescued)
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Messages lie in this folder: nobody else on the machine may look into it.
#[cfg(unix)]
fn keep_private(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))
}

/// Elsewhere the folder inherits the rights of the person's profile.
#[cfg(not(unix))]
fn keep_private(_folder: &Path) -> std::io::Result<()> {
    Ok(())
}
