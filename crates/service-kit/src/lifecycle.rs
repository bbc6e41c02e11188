//! Background tasks and the order of stopping.
//!
//! Every task of a process is spawned here under a name. A task that fails stops the process with a
//! failing code: a server that has lost its writer or its consumer must not pretend to work.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use tokio::sync::watch;
use tokio::task::{Id, JoinError, JoinSet};

/// The tasks of a process and its wish to stop. Cheap to clone.
#[derive(Clone)]
pub struct Lifecycle {
    tasks: Arc<Mutex<Tasks>>,
    stop: watch::Sender<bool>,
    drain: watch::Sender<bool>,
    added: watch::Sender<u64>,
}

/// What runs, and under which names.
#[derive(Default)]
struct Tasks {
    running: JoinSet<anyhow::Result<()>>,
    names: HashMap<Id, &'static str>,
}

/// Resolves once the wish is there.
async fn resolves(mut wish: watch::Receiver<bool>) {
    // The sender lives in every clone; if all are gone, nothing is left to wait for either.
    drop(wish.wait_for(|asked| *asked).await);
}

impl Default for Lifecycle {
    fn default() -> Self {
        Self::new()
    }
}

impl Lifecycle {
    /// A process with no task that does not want to stop.
    pub fn new() -> Self {
        Self {
            tasks: Arc::default(),
            stop: watch::Sender::new(false),
            drain: watch::Sender::new(false),
            added: watch::Sender::new(0),
        }
    }

    /// Runs `task` until it ends by itself; it should end soon after [`Self::stopping`].
    pub fn spawn(&self, name: &'static str, task: impl Future<Output = anyhow::Result<()>> + Send + 'static) {
        let mut tasks = self.tasks();
        let id = tasks.running.spawn(task).id();
        tasks.names.insert(id, name);
        self.added.send_modify(|count| *count += 1);
    }

    /// Asks everything to stop. Asking twice changes nothing.
    pub fn stop(&self) {
        self.drain();
        self.stop.send_replace(true);
    }

    /// Asks to take nobody in any more and to send away who is here, while everything goes on: another process takes
    /// over before this one is stopped.
    pub fn drain(&self) {
        self.drain.send_replace(true);
    }

    /// Whether draining or stopping was asked for.
    pub fn is_draining(&self) -> bool {
        *self.drain.borrow()
    }

    /// Resolves once draining or stopping was asked for.
    pub fn draining(&self) -> impl Future<Output = ()> + Send + 'static {
        resolves(self.drain.subscribe())
    }

    /// Whether stopping was asked for.
    pub fn is_stopping(&self) -> bool {
        *self.stop.borrow()
    }

    /// Resolves once stopping was asked for.
    pub fn stopping(&self) -> impl Future<Output = ()> + Send + 'static {
        resolves(self.stop.subscribe())
    }

    /// Asks to stop at SIGTERM or Ctrl-C.
    pub fn stop_on_signals(&self) -> anyhow::Result<()> {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?;
        let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen for Ctrl-C")?;
        let lifecycle = self.clone();
        self.spawn("signals", async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
                () = lifecycle.stopping() => {}
            }
            lifecycle.stop();
            Ok(())
        });
        Ok(())
    }

    /// Waits until stopping is asked for or a task fails, then for the tasks to end, at most `grace`.
    ///
    /// Returns the first fault. Tasks that are still running after `grace` are named and dropped.
    pub async fn finished(&self, grace: Duration) -> anyhow::Result<()> {
        let fault = tokio::select! {
            () = self.stopping() => None,
            fault = self.first_fault() => Some(fault),
        };
        self.stop();
        let drained = tokio::time::timeout(grace, self.join()).await;
        match (fault, drained) {
            (Some(fault), _) => Err(fault),
            (None, Ok(outcome)) => outcome,
            (None, Err(_elapsed)) => {
                let (grace_s, tasks) = (grace.as_secs(), self.running().join(", "));
                tracing::warn!(grace_s, tasks, "some tasks did not end in time and are dropped");
                Ok(())
            }
        }
    }

    /// Resolves when a task fails; never while all is well.
    async fn first_fault(&self) -> anyhow::Error {
        loop {
            if let Err(fault) = self.next_outcome().await {
                return fault;
            }
        }
    }

    /// Waits for every task; one that fails does not keep the others from finishing their work.
    async fn join(&self) -> anyhow::Result<()> {
        let mut first = Ok(());
        while !self.tasks().running.is_empty() {
            let outcome = self.next_outcome().await;
            if first.is_ok() {
                first = outcome;
            }
        }
        first
    }

    /// The outcome of the next task that ends. The lock is never held while waiting.
    async fn next_outcome(&self) -> anyhow::Result<()> {
        let mut added = self.added.subscribe();
        let joined = std::future::poll_fn(|context| match self.tasks().running.poll_join_next_with_id(context) {
            Poll::Ready(None) => Poll::Pending,
            other => other,
        });
        tokio::select! {
            joined = joined => joined.map_or(Ok(()), |joined| self.outcome(joined)),
            // A task was added, perhaps to an empty set that will not wake anybody: look again.
            _ = added.changed() => Ok(()),
        }
    }

    fn outcome(&self, joined: Result<(Id, anyhow::Result<()>), JoinError>) -> anyhow::Result<()> {
        let id = joined.as_ref().map_or_else(JoinError::id, |(id, _)| *id);
        let name = self.tasks().names.remove(&id).unwrap_or("without a name");
        match joined {
            Ok((_, outcome)) => outcome.with_context(|| format!("the task {name} failed")),
            Err(fault) if fault.is_panic() => Err(anyhow!("the task {name} panicked")),
            Err(_cancelled) => Ok(()),
        }
    }

    fn running(&self) -> Vec<&'static str> {
        let mut names: Vec<&'static str> = self.tasks().names.values().copied().collect();
        names.sort_unstable();
        names
    }

    fn tasks(&self) -> MutexGuard<'_, Tasks> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_failing_task_stops_the_others_and_is_named() {
        let lifecycle = Lifecycle::new();
        let stopping = lifecycle.stopping();
        lifecycle.spawn("patient", async move {
            stopping.await;
            Ok(())
        });
        lifecycle.spawn("broken", async { Err(anyhow!("no more paper")) });

        let fault = lifecycle.finished(Duration::from_secs(5)).await.unwrap_err();

        assert_eq!(format!("{fault:#}"), "the task broken failed: no more paper");
    }

    #[tokio::test]
    async fn stopping_waits_for_the_tasks_to_finish_their_work() {
        let lifecycle = Lifecycle::new();
        let (done, finished) = tokio::sync::oneshot::channel();
        let stopping = lifecycle.stopping();
        lifecycle.spawn("careful", async move {
            stopping.await;
            tokio::task::yield_now().await;
            done.send(()).map_err(|()| anyhow!("nobody waits"))
        });
        lifecycle.stop();
        lifecycle.finished(Duration::from_secs(5)).await.unwrap();
        assert!(finished.await.is_ok());
    }

    #[tokio::test]
    async fn a_panic_in_a_task_is_a_fault() {
        let lifecycle = Lifecycle::new();
        lifecycle.spawn("careless", async { panic!("on purpose") });
        let fault = lifecycle.finished(Duration::from_secs(5)).await.unwrap_err();
        assert_eq!(fault.to_string(), "the task careless panicked");
    }

    #[tokio::test]
    async fn a_task_that_fails_while_stopping_does_not_cut_the_others_short() {
        let lifecycle = Lifecycle::new();
        let (first, second) = (lifecycle.stopping(), lifecycle.stopping());
        let (done, finished) = tokio::sync::oneshot::channel();
        lifecycle.spawn("clumsy", async move {
            first.await;
            Err(anyhow!("dropped it"))
        });
        lifecycle.spawn("careful", async move {
            second.await;
            for _ in 0..100 {
                tokio::task::yield_now().await;
            }
            done.send(()).map_err(|()| anyhow!("nobody waits"))
        });
        lifecycle.stop();
        assert!(lifecycle.finished(Duration::from_secs(5)).await.is_err());
        assert!(finished.await.is_ok());
    }

    #[tokio::test]
    async fn what_has_ended_leaves_nothing_behind() {
        let lifecycle = Lifecycle::new();
        for _ in 0..100 {
            lifecycle.spawn("short", async { Ok(()) });
        }
        lifecycle.stop();
        lifecycle.finished(Duration::from_secs(5)).await.unwrap();
        assert!(lifecycle.tasks().names.is_empty() && lifecycle.tasks().running.is_empty());
    }
}
