//! How long to wait before the next try: full jitter, so that thousands of clients do not come back at once.

use std::time::Duration;

use crate::random::Random;

const FIRST_MS: u64 = 500;
const LONGEST_MS: u64 = 30_000;
/// No server may keep a client away for longer with one word.
const LONGEST_ASKED: Duration = Duration::from_hours(1);
/// A connection that lasted this long was a good one.
const GOOD: Duration = Duration::from_secs(5);

/// The tries since the last good connection.
#[derive(Debug, Default)]
pub(crate) struct Backoff {
    tries: u32,
    at_once: bool,
}

impl Backoff {
    /// Says how long the last connection lasted.
    pub(super) fn lasted(&mut self, time: Duration) {
        if time >= GOOD {
            *self = Self::default();
        }
    }

    /// A random wait below a bound that doubles from try to try. The tries never end: a person waits for their
    /// messages however long the server is away.
    pub(crate) fn next(&mut self, random: &dyn Random) -> Duration {
        let bound = FIRST_MS.saturating_mul(1 << self.tries.min(16)).min(LONGEST_MS);
        self.tries += 1;
        Duration::from_millis(random.up_to(bound))
    }

    /// The wait a server asked for. One that asks for none, again and again, is treated as one that breaks.
    pub(super) fn asked(&mut self, wait: Duration, random: &dyn Random) -> Duration {
        if wait.is_zero() {
            self.at_once(random)
        } else {
            wait.min(LONGEST_ASKED)
        }
    }

    /// No wait, except when the last try was made at once as well.
    pub(super) fn at_once(&mut self, random: &dyn Random) -> Duration {
        if std::mem::replace(&mut self.at_once, true) {
            self.next(random)
        } else {
            Duration::ZERO
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Always the longest wait.
    struct Most;

    impl Random for Most {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(0);
        }

        fn up_to(&self, most: u64) -> u64 {
            most
        }
    }

    #[test]
    fn the_bound_doubles_from_half_a_second_to_thirty() {
        let mut backoff = Backoff::default();
        let waits: Vec<u128> = (0..9).map(|_| backoff.next(&Most).as_millis()).collect();
        assert_eq!(waits, [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
    }

    #[test]
    fn a_good_connection_starts_over() {
        let mut backoff = Backoff::default();
        backoff.next(&Most);
        backoff.lasted(GOOD);
        assert_eq!(backoff.next(&Most).as_millis(), 500);
    }

    #[test]
    fn a_server_that_asks_for_no_wait_is_not_asked_in_a_circle() {
        let mut backoff = Backoff::default();
        assert_eq!(backoff.asked(Duration::ZERO, &Most), Duration::ZERO);
        assert_eq!(backoff.asked(Duration::ZERO, &Most).as_millis(), 500);
        assert_eq!(backoff.asked(Duration::MAX, &Most), LONGEST_ASKED);
    }

    #[test]
    fn at_once_happens_once_in_a_row() {
        let mut backoff = Backoff::default();
        assert_eq!(backoff.at_once(&Most), Duration::ZERO);
        backoff.lasted(Duration::from_secs(1));
        assert_eq!(backoff.at_once(&Most).as_millis(), 500);
        backoff.lasted(GOOD);
        assert_eq!(backoff.at_once(&Most), Duration::ZERO);
    }
}
