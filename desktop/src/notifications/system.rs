//! How this system shows notes.

#[cfg(target_os = "linux")]
mod freedesktop;
#[cfg(not(target_os = "linux"))]
mod none;

use std::sync::Arc;

use tokio::sync::mpsc;

use super::{Clicks, Notifier};

/// Clicks that may wait: a person clicks one at a time.
const MOST_CLICKS: usize = 16;

/// What shows notes here, and the clicks on them. Nothing is asked of the system before the first note.
pub(crate) fn notifier() -> (Arc<dyn Notifier>, Clicks) {
    let (clicked, clicks) = mpsc::channel(MOST_CLICKS);
    #[cfg(target_os = "linux")]
    let notifier = freedesktop::Freedesktop::new(clicked);
    #[cfg(not(target_os = "linux"))]
    let notifier = none::None::new(clicked);
    (Arc::new(notifier), clicks)
}
