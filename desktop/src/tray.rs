//! The sign of the app that stays when its window is closed: unread numbers, the last conversations, the end.

mod shown;
#[cfg(target_os = "linux")]
mod status_notifier;

use crate::desk::Desk;

pub(crate) use shown::Shown;

/// Shows the tray and keeps it as it should be, until the app ends. Where the desktop has none, this waits for one.
#[cfg(target_os = "linux")]
pub(crate) async fn keep(desk: Desk, changes: client::Changes, client: client::Client) {
    status_notifier::keep(desk, changes, client).await;
}

/// The tray of this system is not known to this version.
#[cfg(not(target_os = "linux"))]
pub(crate) async fn keep(_desk: Desk, _changes: client::Changes, _client: client::Client) {}
