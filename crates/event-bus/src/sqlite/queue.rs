//! What the consumers of one queue share in memory: which events are in flight, and a bell.
//!
//! "In flight" is deliberately not on the disk: a process that dies forgets it, and so its events are
//! delivered again when it comes back.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use tokio::sync::Notify;
use tokio::sync::futures::Notified;

pub(super) struct Queue {
    pub(super) name: &'static str,
    in_flight: Mutex<HashSet<i64>>,
    bell: Notify,
}

impl Queue {
    pub(super) fn new(name: &'static str) -> Self {
        Self {
            name,
            in_flight: Mutex::default(),
            bell: Notify::new(),
        }
    }

    /// Takes the first of these events that nobody else has.
    pub(super) fn take_first(&self, positions: &[i64]) -> Option<usize> {
        let mut in_flight = self.in_flight.lock().unwrap_or_else(PoisonError::into_inner);
        let free = positions.iter().position(|position| !in_flight.contains(position))?;
        in_flight.insert(positions[free]);
        Some(free)
    }

    /// Gives an event back, whatever became of it.
    pub(super) fn release(&self, position: i64) {
        self.in_flight
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&position);
        self.wake();
    }

    /// How many events are handed out and not settled.
    pub(super) fn in_flight(&self) -> u32 {
        let in_flight = self.in_flight.lock().unwrap_or_else(PoisonError::into_inner);
        u32::try_from(in_flight.len()).unwrap_or(u32::MAX)
    }

    /// Wakes every consumer that waits; those that are about to wait see it too.
    pub(super) fn wake(&self) {
        self.bell.notify_waiters();
    }

    /// Made before looking at the table, so that a bell that rings while looking is not missed.
    pub(super) fn next_bell(&self) -> Notified<'_> {
        self.bell.notified()
    }
}
