//! What other nodes have stored, on its way into a sequencer.

use std::collections::BTreeMap;

use protocol::Entry;
use tokio::sync::oneshot;

/// Entries that may wait for those before them; with more, the log is read at once.
const MOST_AHEAD: usize = 1024;

/// What another node says about a conversation.
#[derive(Debug)]
pub(super) enum Heard {
    Entries(Vec<Entry>),
    /// It has saved what entries up to here fold into.
    Saved(u64),
    /// There may be entries that nobody has told of.
    Behind,
    /// The same, and somebody waits until they are taken in; false when the log cannot be read.
    Awaited(oneshot::Sender<bool>),
}

/// Entries that came before those they follow.
#[derive(Debug, Default)]
pub(super) struct Ahead {
    entries: BTreeMap<u64, Entry>,
}

impl Ahead {
    /// Adds entries for which there is room, and gives those that follow `head` without a hole. The rest is in the log.
    pub(super) fn put(&mut self, head: u64, entries: Vec<Entry>) -> Vec<Entry> {
        for entry in entries.into_iter().filter(|entry| entry.seq > head) {
            if self.is_full() {
                break;
            }
            self.entries.insert(entry.seq, entry);
        }
        self.take_behind(head)
    }

    /// Gives those that follow `head` without a hole, and forgets the ones before.
    pub(super) fn take_behind(&mut self, head: u64) -> Vec<Entry> {
        self.entries = self.entries.split_off(&(head + 1));
        let mut run = Vec::new();
        while let Some(entry) = self.entries.remove(&(head + 1 + run.len() as u64)) {
            run.push(entry);
        }
        run
    }

    /// Whether there is a hole.
    pub(super) fn is_waiting(&self) -> bool {
        !self.entries.is_empty()
    }

    /// Whether no more should wait.
    pub(super) fn is_full(&self) -> bool {
        self.entries.len() >= MOST_AHEAD
    }

    pub(super) fn clear(&mut self) {
        self.entries.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{conversation, message, user};

    fn entries(seqs: &[u64]) -> Vec<Entry> {
        seqs.iter()
            .map(|seq| message(&conversation(1), *seq, &user(1)))
            .collect()
    }

    fn seqs(entries: &[Entry]) -> Vec<u64> {
        entries.iter().map(|entry| entry.seq).collect()
    }

    #[test]
    fn what_comes_out_of_turn_waits_for_what_is_missing() {
        let mut ahead = Ahead::default();
        assert!(ahead.put(4, entries(&[7, 8])).is_empty());
        assert!(ahead.is_waiting());
        assert_eq!(seqs(&ahead.put(4, entries(&[5]))), [5]);
        assert_eq!(seqs(&ahead.put(5, entries(&[6, 3]))), [6, 7, 8]);
        assert!(!ahead.is_waiting());
        assert!(ahead.put(8, entries(&[2, 8])).is_empty(), "what is known is no news");
        assert!(!ahead.is_waiting());
    }

    #[test]
    fn what_waits_is_bounded() {
        let mut ahead = Ahead::default();
        let seqs: Vec<u64> = (2..2 * MOST_AHEAD as u64).collect();
        assert!(ahead.put(0, entries(&seqs)).is_empty());
        assert!(ahead.is_full());
        assert_eq!(ahead.entries.len(), MOST_AHEAD);
    }
}
