//! A clock that stands still until the test moves it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use protocol::UnixMs;

/// A clock in the hand of the test. Its copies are one clock.
#[derive(Debug, Clone)]
pub struct SettableClock(Arc<AtomicI64>);

impl SettableClock {
    /// A clock that shows `now`.
    pub fn at(now: UnixMs) -> Self {
        Self(Arc::new(AtomicI64::new(now)))
    }

    /// What the clock shows.
    pub fn now(&self) -> UnixMs {
        self.0.load(Ordering::SeqCst)
    }

    /// Sets the clock, forward or back.
    pub fn set(&self, now: UnixMs) {
        self.0.store(now, Ordering::SeqCst);
    }

    /// Moves the clock by this many milliseconds; negative moves it back.
    pub fn advance_ms(&self, by: i64) {
        self.0.fetch_add(by, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_are_one_clock_that_goes_both_ways() {
        let clock = SettableClock::at(1_000);
        let copy = clock.clone();
        clock.advance_ms(500);
        assert_eq!(copy.now(), 1_500);
        copy.set(7);
        clock.advance_ms(-2);
        assert_eq!(copy.now(), 5);
    }
}
