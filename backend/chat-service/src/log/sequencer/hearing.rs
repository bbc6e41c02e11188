//! Taking in what other nodes have stored, and reading from the log what they did not tell.

use std::collections::VecDeque;
use std::time::Duration;

use protocol::Entry;
use tokio::time::Instant;

use super::super::heard::Heard;
use super::Sequencer;

/// How long an entry waits for those before it, which may be on their way from another node.
const HOLE_WAIT: Duration = Duration::from_millis(10);
/// The same after the store has failed.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

impl Sequencer {
    /// Takes into account what another node says.
    pub(super) async fn hear(&mut self, heard: Heard) {
        match heard {
            Heard::Entries(entries) => {
                let run = self.ahead.put(self.head(), entries);
                self.take_in_heard(&run);
                self.plan_looking();
            }
            Heard::Saved(folded) => {
                self.ledger.saved_elsewhere(folded);
                self.newly_joined.retain(|(_, seq)| *seq > folded);
            }
            Heard::Behind => {
                self.look_behind().await;
                return;
            }
            Heard::Awaited(told) => {
                let is_read = self.look_behind().await;
                let _asker_is_gone = told.send(is_read);
                return;
            }
        }
        self.plan_saving().await;
    }

    /// Reads everything behind the head from the log. False when that cannot be done now; it is tried again.
    pub(super) async fn look_behind(&mut self) -> bool {
        let before = self.head();
        let caught_up = self.catch_up(&mut VecDeque::new()).await;
        let is_read = caught_up.is_ok();
        match caught_up {
            Ok(()) => {
                let run = self.ahead.take_behind(self.head());
                self.take_in_heard(&run);
                // The log has been read to its end: what does not follow it now is no entry of this log.
                self.ahead.clear();
                self.look_at = None;
                if self.head() > before {
                    self.tools.measures.hole_repairs.inc();
                }
            }
            Err(fault) => {
                tracing::debug!(%fault, conversation = %self.id(), "cannot look for missed entries");
                self.look_at = Some(Instant::now() + LOOK_AGAIN);
            }
        }
        self.plan_saving().await;
        is_read
    }

    fn take_in_heard(&mut self, entries: &[Entry]) {
        if entries.is_empty() {
            return;
        }
        self.remember(entries);
        self.ledger.apply_heard(entries);
        self.show(entries);
        // Told by the node that saves them, or by this one if that dies before.
        self.note_joined(entries);
        self.ring();
    }

    fn plan_looking(&mut self) {
        self.look_at = match (self.ahead.is_waiting(), self.look_at) {
            (false, _) => None,
            (true, _) if self.ahead.is_full() => Some(Instant::now()),
            (true, None) => Some(Instant::now() + HOLE_WAIT),
            (true, planned) => planned,
        };
    }

    /// The newest seq that is taken in.
    pub(super) fn head(&self) -> u64 {
        self.ledger.look(|record| record.tail.seq)
    }
}
