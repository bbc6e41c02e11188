//! Forwards what the client says is different now to the window.

use client::Changes;
use client::change::Change;
use tauri::{AppHandle, Emitter, Runtime};

/// The event every window listens to.
const CHANGE: &str = "change";

/// Forwards until the client is shut down. The order is the client's order.
pub(crate) async fn forward<R: Runtime>(app: AppHandle<R>, mut changes: Changes) {
    while let Some(change) = changes.next().await {
        emit(&app, &change);
    }
}

/// A window that is gone hears nothing; it asks for everything when it comes back.
fn emit<R: Runtime>(app: &AppHandle<R>, change: &Change) {
    if let Err(error) = app.emit(CHANGE, change) {
        tracing::warn!(%error, "a change did not reach the window");
    }
}
