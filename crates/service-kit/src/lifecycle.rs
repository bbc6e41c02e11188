//! Background tasks and the order of stopping.
//!
//! Every task of a process is spawned here under a name. A task that fails stops the process with a
//! failing code: a server that has lost its writer or its consumer must not pretend to work.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use tokio::sync::watch;
use tokio::task::JoinSet;

type Finished = (&'static str, anyhow::Result<()>);

/// The tasks of a process and its wish to stop. Cheap to clone.
#[derive(Clone)]
pub struct Lifecycle {
    tasks: Arc<Mutex<JoinSet<Finished>>>,
    stop: watch::Sender<bool>,
    added: watch::Sender<u64>,
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
            added: watch::Sender::new(0),
        }
    }

    /// Runs `task` until it ends by itself; it should end soon after [`Self::stopping`].
    pub fn spawn(&self, name: &'static str, task: impl Future<Output = anyhow::Result<()>> + Send + 'static) {
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        tasks.spawn(async move { (name, task.await) });
        self.added.send_modify(|count| *count += 1);
    }

    /// Asks everything to stop. Asking twice changes nothing.
    pub fn stop(&self) {
        self.stop.send_replace(true);
    }

    /// Whether stopping was asked for.
    pub fn is_stopping(&self) -> bool {
        *self.stop.borrow()
    }

    /// Resolves once stopping was asked for.
    pub fn stopping(&self) -> impl Future<Output = ()> + Send + 'static {
        let mut wish = self.stop.subscribe();
        async move {
            // The sender lives in every clone; if all are gone, nothing is left to wait for either.
            drop(wish.wait_for(|stop| *stop).await);
        }
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
        let drained = tokio::time::timeout(grace, self.drain()).await;
        match (fault, drained) {
            (Some(fault), _) => Err(fault),
            (None, Ok(outcome)) => outcome,
            (None, Err(_elapsed)) => {
                tracing::warn!(
                    grace_s = grace.as_secs(),
                    "some tasks did not end in time and are dropped"
                );
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

    async fn drain(&self) -> anyhow::Result<()> {
        while !self.tasks.lock().unwrap_or_else(PoisonError::into_inner).is_empty() {
            self.next_outcome().await?;
        }
        Ok(())
    }

    /// The outcome of the next task that ends. The lock is never held while waiting.
    async fn next_outcome(&self) -> anyhow::Result<()> {
        let mut added = self.added.subscribe();
        let joined = std::future::poll_fn(|context| {
            let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
            match tasks.poll_join_next(context) {
                std::task::Poll::Ready(None) => std::task::Poll::Pending,
                other => other,
            }
        });
        tokio::select! {
            joined = joined => match joined {
                Some(Ok((name, outcome))) => outcome.with_context(|| format!("the task {name} failed")),
                Some(Err(fault)) if fault.is_panic() => Err(anyhow!("a task panicked: {fault}")),
                Some(Err(_)) | None => Ok(()),
            },
            // A task was added, perhaps to an empty set that will not wake anybody: look again.
            _ = added.changed() => Ok(()),
        }
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
        assert!(lifecycle.finished(Duration::from_secs(5)).await.is_err());
    }
}
