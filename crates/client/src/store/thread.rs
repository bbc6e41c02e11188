//! The thread that owns the file, and how the rest of the crate asks it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use protocol::UserId;
use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot, watch};

use super::account::{self, Account};
use super::disk::Disk;
use super::{StoreError, Writing};
use crate::changes::Feed;

/// Jobs that may wait for the thread; whoever brings another one waits with it.
const MOST_WAITING: usize = 256;

type Job = Box<dyn FnOnce(&mut Owner) + Send>;

/// A handle of the store. The thread ends when the last handle is gone.
#[derive(Clone)]
pub(crate) struct Store {
    jobs: mpsc::Sender<Job>,
    made_anew: Arc<watch::Sender<u64>>,
    /// Grows with every erasing.
    erased: Arc<AtomicU64>,
    claim: Option<Claim>,
}

/// Whose handle it is: it reads and writes only while the store is theirs, and nothing was erased since. So what was
/// under way at the end of a session brings nothing back that was erased.
#[derive(Clone)]
struct Claim {
    server: String,
    user: UserId,
    erased: u64,
}

/// What the thread owns.
struct Owner {
    disk: Disk,
    account: Option<Account>,
    feed: Feed,
    made_anew: Arc<watch::Sender<u64>>,
    erased: Arc<AtomicU64>,
}

impl Store {
    /// Opens the store in this folder. Every committed write tells its changes to `feed`, in the order of commits.
    pub(crate) async fn open(folder: PathBuf, feed: Feed) -> Result<Self, StoreError> {
        let (jobs, mut waiting) = mpsc::channel::<Job>(MOST_WAITING);
        let (opened, open) = oneshot::channel();
        let made_anew = Arc::new(watch::Sender::new(0));
        let erased = Arc::new(AtomicU64::new(0));
        let store = Self {
            jobs,
            made_anew: Arc::clone(&made_anew),
            erased: Arc::clone(&erased),
            claim: None,
        };
        let work = move || {
            let mut owner = match Owner::open(&folder, feed, made_anew, erased) {
                Ok(owner) => owner,
                Err(error) => {
                    // Nobody waits any more when the caller gave up, which is no reason to fail.
                    drop(opened.send(Err(error)));
                    return;
                }
            };
            if opened.send(Ok(())).is_err() {
                return;
            }
            while let Some(job) = waiting.blocking_recv() {
                job(&mut owner);
            }
        };
        std::thread::Builder::new()
            .name("client-store".to_owned())
            .spawn(work)?;
        open.await.map_err(|_| StoreError::Closed)??;
        Ok(store)
    }

    /// Reads in one consistent state.
    pub(crate) async fn read<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        self.ask(move |owner| {
            let transaction = owner.disk.connection.transaction()?;
            work(&transaction)
        })
        .await
    }

    /// Writes what the server can give again: all of it, or nothing when an error is returned.
    pub(crate) async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Writing<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        self.ask(move |owner| owner.write(work)).await
    }

    /// Writes what exists only here: when this returns, it survives a power cut.
    pub(crate) async fn write_through<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Writing<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        self.ask(move |owner| {
            owner.disk.connection.pragma_update(None, "synchronous", "FULL")?;
            let written = owner.write(work);
            owner.disk.connection.pragma_update(None, "synchronous", "NORMAL")?;
            written
        })
        .await
    }

    /// Whose store it is; none for a fresh one.
    pub(crate) async fn account(&self) -> Result<Option<Account>, StoreError> {
        self.ask(|owner| Ok(owner.account.clone())).await
    }

    /// Makes the store this person's. What lies in it stays when it was theirs already, and is erased when it was
    /// another's, unsent messages included.
    pub(crate) async fn adopt(&self, account: Account) -> Result<(), StoreError> {
        self.ask(move |owner| owner.adopt(account)).await
    }

    /// A handle that reads and writes only while the store is this person's: work that outlives a sign-out fails.
    pub(crate) fn of(&self, server: &str, user: &UserId) -> Self {
        Self {
            claim: Some(Claim {
                server: server.to_owned(),
                user: user.clone(),
                erased: self.erased.load(Ordering::Acquire),
            }),
            ..self.clone()
        }
    }

    /// Deletes everything, from the disk as well.
    pub(crate) async fn erase(&self) -> Result<(), StoreError> {
        self.ask(Owner::erase).await
    }

    /// Deletes what the server can give again.
    pub(crate) async fn erase_copies(&self) -> Result<(), StoreError> {
        self.ask(Owner::erase_copies).await
    }

    /// Finishes everything before this and writes it into the file itself.
    pub(crate) async fn settle(&self) -> Result<(), StoreError> {
        self.ask(|owner| owner.disk.checkpoint()).await
    }

    /// Grows each time a damaged file was replaced by a fresh one: what was known of the server is gone.
    pub(crate) fn made_anew(&self) -> watch::Receiver<u64> {
        self.made_anew.subscribe()
    }

    async fn ask<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Owner) -> Result<T, StoreError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let claim = self.claim.clone();
        let job: Job = Box::new(move |owner| {
            let result = match claim {
                Some(claim) if !owner.admits(&claim) => Err(StoreError::NotTheirs),
                _ => work(owner),
            };
            if matches!(result, Err(StoreError::Broken)) {
                owner.make_anew();
            }
            // The caller may have been cancelled; what was written stays written.
            drop(answer.send(result));
        });
        self.jobs.send(job).await.map_err(|_| StoreError::Closed)?;
        answered.await.map_err(|_| StoreError::Closed)?
    }
}

impl Owner {
    fn open(
        folder: &Path,
        feed: Feed,
        made_anew: Arc<watch::Sender<u64>>,
        erased: Arc<AtomicU64>,
    ) -> Result<Self, StoreError> {
        let disk = Disk::open(folder)?;
        let account = account::read(&disk.connection)?;
        Ok(Self {
            disk,
            account,
            feed,
            made_anew,
            erased,
        })
    }

    fn admits(&self, claim: &Claim) -> bool {
        self.is_of(&claim.server, &claim.user) && claim.erased == self.erased.load(Ordering::Acquire)
    }

    fn is_of(&self, server: &str, user: &UserId) -> bool {
        self.account.as_ref().is_some_and(|account| account.is_of(server, user))
    }

    fn adopt(&mut self, account: Account) -> Result<(), StoreError> {
        if !self.is_of(&account.server, &account.user) {
            self.erase()?;
        }
        account::put(&self.disk.connection, &account)?;
        self.account = Some(account);
        Ok(())
    }

    fn erase_copies(&mut self) -> Result<(), StoreError> {
        self.erased.fetch_add(1, Ordering::AcqRel);
        self.disk.erase_copies()
    }

    fn erase(&mut self) -> Result<(), StoreError> {
        self.erased.fetch_add(1, Ordering::AcqRel);
        self.account = None;
        self.disk.erase()
    }

    fn write<T>(&mut self, work: impl FnOnce(&mut Writing<'_>) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let transaction = self.disk.connection.transaction()?;
        let mut writing = Writing::new(&transaction);
        let value = work(&mut writing)?;
        let changes = writing.changes()?;
        transaction.commit()?;
        self.feed.tell(changes);
        Ok(value)
    }

    fn make_anew(&mut self) {
        let made = self.disk.make_anew().and_then(|()| match &self.account {
            Some(account) => account::put(&self.disk.connection, account),
            None => Ok(()),
        });
        match made {
            Ok(()) => self.made_anew.send_modify(|times| *times += 1),
            Err(error) => tracing::error!(%error, "the damaged store could not be replaced"),
        }
    }
}
