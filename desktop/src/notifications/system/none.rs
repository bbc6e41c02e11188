//! A system whose notifications this version does not know.

use async_trait::async_trait;
use tokio::sync::mpsc;

use crate::notifications::note::Note;
use crate::notifications::{NoteId, Notifier, NotifyProblem};

/// Shows nothing, and says so.
pub(super) struct None {
    /// Kept so that nobody takes the silence for the end of the app.
    _clicked: mpsc::Sender<NoteId>,
}

impl None {
    pub(super) fn new(clicked: mpsc::Sender<NoteId>) -> Self {
        Self { _clicked: clicked }
    }
}

#[async_trait]
impl Notifier for None {
    async fn show(&self, _note: &Note, _replaced: Option<NoteId>) -> Result<NoteId, NotifyProblem> {
        Err(NotifyProblem::NoService {
            detail: format!("Loquat cannot show notifications on {} yet", std::env::consts::OS),
        })
    }

    async fn withdraw(&self, _id: NoteId) {}

    async fn screen_is_locked(&self) -> bool {
        false
    }
}
