//! The one place that starts background work.

use std::future::Future;

use tokio::task::JoinHandle;

/// Work in the background that ends, at its next wait, when this is dropped.
///
/// That is safe at any point: whatever must be whole is one transaction on the store's thread, and a
/// refresh that is cut off is repeated with the same token.
pub(crate) struct Task(JoinHandle<()>);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Starts work that lives as long as the returned value.
#[expect(
    clippy::disallowed_methods,
    reason = "a client has no Lifecycle of a service; its tasks end with their owner"
)]
pub(crate) fn spawn(work: impl Future<Output = ()> + Send + 'static) -> Task {
    Task(tokio::spawn(work))
}

/// Starts short work that must finish although whoever started it is about to end.
#[expect(
    clippy::disallowed_methods,
    reason = "ending a session stops the task that noticed it"
)]
pub(crate) fn finish_alone(work: impl Future<Output = ()> + Send + 'static) {
    tokio::spawn(work);
}
