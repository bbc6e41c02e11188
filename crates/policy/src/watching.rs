//! A policy that is kept fresh while the app runs.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::spawn_blocking;
use tokio::time::{MissedTickBehavior, interval};

use crate::reading::Reading;
use crate::source::Source;

/// How often a policy is read again: an administrator who tries a setting waits seconds for it, and reading a few small
/// files or a registry key this often costs nothing one could measure.
pub const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Reads a policy now, and again and again in the returned work, which ends when nobody listens any more.
///
/// The receiver is told of a change, never of a reading that is the same. What is wrong in a policy goes to the log
/// once for each change.
pub fn watch(
    source: Arc<dyn Source>,
    every: Duration,
) -> (watch::Receiver<Reading>, impl Future<Output = ()> + Send + 'static) {
    let first = source.read();
    tell(&first);
    let (sender, receiver) = watch::channel(first);
    (receiver, keep_fresh(source, every, sender))
}

async fn keep_fresh(source: Arc<dyn Source>, every: Duration, sender: watch::Sender<Reading>) {
    let mut times = interval(every);
    // A laptop that slept reads once when it wakes, not once for every time it missed.
    times.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = sender.closed() => return,
            _ = times.tick() => {}
        }
        let source = Arc::clone(&source);
        // The files may lie on a disk that has to wake up first.
        let Ok(fresh) = spawn_blocking(move || source.read()).await else {
            tracing::error!("reading the policy failed; it stays as it was");
            continue;
        };
        sender.send_if_modified(|known| {
            if *known == fresh {
                return false;
            }
            tell(&fresh);
            *known = fresh;
            true
        });
    }
}

/// Writes down what the organisation set and what is wrong with it. Values of settings are no secrets.
fn tell(reading: &Reading) {
    for (key, set) in &reading.set {
        tracing::info!(key, value = set.value, place = set.place, "set by the organisation");
    }
    for fault in &reading.faults {
        tracing::warn!(%fault, "a part of the policy is ignored");
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::fs;
    use std::os::unix::fs::MetadataExt;
    use std::sync::Mutex;

    use tempfile::TempDir;
    use tokio::time::timeout;

    use super::*;
    use crate::policy::Policy;
    use crate::source::{Administrator, PolicyFiles};

    const DEADLINE: Duration = Duration::from_secs(30);
    const OFTEN: Duration = Duration::from_millis(5);

    fn folder() -> (TempDir, Arc<dyn Source>) {
        let folder = TempDir::new().unwrap();
        let owner = Administrator::user(folder.path().metadata().unwrap().uid());
        let files = PolicyFiles::in_folder(folder.path(), owner);
        (folder, Arc::new(files))
    }

    /// Puts a new file in the place of the old one, as administrators' tools do.
    fn write(folder: &TempDir, text: &str) {
        let fresh = folder.path().join("policy.new");
        fs::write(&fresh, text).unwrap();
        fs::rename(fresh, folder.path().join("policy.json")).unwrap();
    }

    /// Runs the work beside what a test asks, until the test is done.
    async fn beside<T>(work: impl Future<Output = ()>, asked: impl Future<Output = T>) -> T {
        tokio::select! {
            biased;
            answer = asked => answer,
            () = work => panic!("nobody watches any more"),
        }
    }

    #[tokio::test]
    async fn what_is_there_at_the_start_is_known_at_once() {
        let (folder, source) = folder();
        write(&folder, r#"{"auto_start": true}"#);

        let (receiver, _work) = watch(source, OFTEN);

        assert_eq!(receiver.borrow().policy.auto_start, Some(true));
    }

    #[tokio::test]
    async fn a_change_is_told_and_so_is_its_end() {
        let (folder, source) = folder();
        let (mut receiver, work) = watch(source, OFTEN);

        beside(work, async {
            write(&folder, r#"{"auto_start": true}"#);
            timeout(DEADLINE, receiver.changed()).await.unwrap().unwrap();
            assert_eq!(receiver.borrow_and_update().policy.auto_start, Some(true));

            fs::remove_file(folder.path().join("policy.json")).unwrap();
            timeout(DEADLINE, receiver.changed()).await.unwrap().unwrap();
            assert_eq!(*receiver.borrow_and_update(), Reading::default());
        })
        .await;
    }

    /// Says one reading after the other, and the last one for ever.
    struct Script(Mutex<Vec<Reading>>);

    impl Source for Script {
        fn read(&self) -> Reading {
            let mut readings = self.0.lock().unwrap();
            if readings.len() > 1 {
                readings.remove(0)
            } else {
                readings[0].clone()
            }
        }
    }

    #[tokio::test]
    async fn a_reading_that_is_the_same_is_no_change() {
        let reading = |auto_start| Reading {
            policy: Policy {
                auto_start,
                ..Policy::default()
            },
            ..Reading::default()
        };
        let script = [None, None, None, Some(true)].map(reading).to_vec();
        let (mut receiver, work) = watch(Arc::new(Script(Mutex::new(script))), OFTEN);

        beside(work, async {
            timeout(DEADLINE, receiver.changed()).await.unwrap().unwrap();
            assert_eq!(receiver.borrow_and_update().policy.auto_start, Some(true));
        })
        .await;
    }

    #[tokio::test]
    async fn the_work_ends_when_nobody_listens() {
        let (_folder, source) = folder();
        let (receiver, work) = watch(source, OFTEN);

        drop(receiver);

        timeout(DEADLINE, work).await.unwrap();
    }
}
