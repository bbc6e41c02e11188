//! Saving what entries fold into: at once when others wait for it, otherwise soon, and for nodes that died.

use std::time::Duration;

use tokio::time::Instant;

use super::super::unsaved::Urgency;
use super::Sequencer;
use crate::nodes::note::Note;
use crate::store::StoreError;

/// How long what became of messages may wait to be saved, so that many reactions share one writing.
const SAVE_WITHIN: Duration = Duration::from_millis(250);
/// The same for what another node has stored: it saves it, unless it dies.
const SAVE_FOR_OTHERS_AFTER: Duration = Duration::from_secs(10);
/// The same after the store has failed.
const SAVE_AGAIN_WITHIN: Duration = Duration::from_secs(2);

impl Sequencer {
    /// Saves what entries fold into when others wait for it, or sees to it that it is saved soon.
    pub(super) async fn plan_saving(&mut self) {
        match self.ledger.urgency() {
            Urgency::Now => self.save_now().await,
            Urgency::Elsewhere => self.save_at = self.save_at.or_else(|| Some(Instant::now() + SAVE_FOR_OTHERS_AFTER)),
            Urgency::Soon => self.save_at = self.save_at.or_else(|| Some(Instant::now() + SAVE_WITHIN)),
            Urgency::None => self.save_at = None,
        }
    }

    /// Saves what entries fold into; when that fails, sees to it that it is tried again.
    pub(super) async fn save_now(&mut self) {
        self.save_at = match self.save_fold().await {
            Ok(()) => None,
            Err(_logged) => Some(Instant::now() + SAVE_AGAIN_WITHIN),
        };
    }

    /// Writes what entries fold into, then tells those who joined.
    ///
    /// In this order, because a socket that opens in between reads its memberships from the documents: it finds the
    /// new one there, or it was registered early enough to be told. When the writing fails they are told all the
    /// same, and again later.
    pub(super) async fn save_fold(&mut self) -> Result<(), StoreError> {
        let saved = self.ledger.save(&*self.tools.store).await;
        for (person, seq) in &self.newly_joined {
            self.tools.sockets.added(person, self.id(), *seq);
        }
        match &saved {
            Ok(written) => {
                self.newly_joined.clear();
                if let Some(folded) = *written {
                    self.tools.sockets.neighbours.tell(|| Note::Saved {
                        conversation: self.id().clone(),
                        folded,
                    });
                }
            }
            Err(fault) => tracing::warn!(
                %fault,
                conversation = %self.id(),
                "cannot save what entries fold into; it is tried again"
            ),
        }
        saved.map(drop)
    }
}
