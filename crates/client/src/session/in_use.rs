//! Whether somebody waits for an answer of the server.

use tokio::sync::watch;

/// Counts the requests that are under way. Those in the background do not count.
#[derive(Debug)]
pub(crate) struct InUse(watch::Sender<usize>);

/// A request that is under way, until dropped.
pub(crate) struct Turn<'a>(&'a InUse);

impl Default for InUse {
    fn default() -> Self {
        Self(watch::Sender::new(0))
    }
}

impl InUse {
    pub(super) fn begin(&self) -> Turn<'_> {
        self.0.send_modify(|count| *count += 1);
        Turn(self)
    }

    pub(crate) fn is_any(&self) -> bool {
        *self.0.borrow() > 0
    }

    /// Waits until a request is under way.
    pub(crate) async fn begins(&self) {
        // The sender is this very value, so it cannot be gone.
        drop(self.0.subscribe().wait_for(|count| *count > 0).await);
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.0.send_modify(|count| *count -= 1);
    }
}
