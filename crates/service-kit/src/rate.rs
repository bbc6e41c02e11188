//! Limits in process: token buckets.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

use protocol::UnixMs;

/// Keys that are held at most. Beyond, full buckets are dropped: they say the same as none. If there are too few,
/// the fuller half goes: a flood of new keys makes many buckets with little taken, and must not free who took all.
const MOST_KEYS: usize = 20_000;
/// How long to wait before the next try, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaitMs(pub u64);

/// One bucket per key: `burst` at once, refilled at `rate_per_s`.
pub struct Buckets<K> {
    rate_per_ms: f64,
    burst: f64,
    held: Mutex<HashMap<K, Bucket>>,
}

#[derive(Clone, Copy)]
struct Bucket {
    tokens: f64,
    at: UnixMs,
}

impl<K: Eq + Hash + Clone> Buckets<K> {
    /// Full buckets. Both numbers must be positive.
    pub fn new(rate_per_s: f64, burst: f64) -> Self {
        Self {
            rate_per_ms: rate_per_s / 1000.0,
            burst,
            held: Mutex::default(),
        }
    }

    /// Takes one token, or says how long until there is one.
    pub fn take(&self, key: &K, now: UnixMs) -> Result<(), WaitMs> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if held.len() >= MOST_KEYS && !held.contains_key(key) {
            self.make_room(&mut held, now);
        }
        let before = held.get(key).copied().unwrap_or(Bucket {
            tokens: self.burst,
            at: now,
        });
        let tokens = self.refilled(before, now);
        let taken = tokens >= 1.0;
        held.insert(
            key.clone(),
            Bucket {
                tokens: if taken { tokens - 1.0 } else { tokens },
                at: now,
            },
        );
        if taken { Ok(()) } else { Err(self.wait(tokens)) }
    }

    /// So many were taken elsewhere; a bucket that has fewer is empty.
    pub fn drain(&self, key: &K, count: u32, now: UnixMs) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if held.len() >= MOST_KEYS && !held.contains_key(key) {
            self.make_room(&mut held, now);
        }
        let before = held.get(key).copied().unwrap_or(Bucket {
            tokens: self.burst,
            at: now,
        });
        let tokens = (self.refilled(before, now) - f64::from(count)).max(0.0);
        held.insert(key.clone(), Bucket { tokens, at: now });
    }

    /// Drops at least half of the keys, so that this is rare however many come.
    fn make_room(&self, held: &mut HashMap<K, Bucket>, now: UnixMs) {
        let mut tokens: Vec<f64> = held.values().map(|bucket| self.refilled(*bucket, now)).collect();
        let middle = tokens.len() / 2;
        let (_, median, _) = tokens.select_nth_unstable_by(middle, f64::total_cmp);
        let limit = *median;
        held.retain(|_, bucket| self.refilled(*bucket, now) < limit);
    }

    /// A clock that was set back refills nothing.
    #[expect(
        clippy::cast_precision_loss,
        reason = "milliseconds since the last take are far below 2^52"
    )]
    fn refilled(&self, bucket: Bucket, now: UnixMs) -> f64 {
        let passed_ms = now.saturating_sub(bucket.at).max(0) as f64;
        passed_ms.mul_add(self.rate_per_ms, bucket.tokens).min(self.burst)
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a positive wait, rounded up, of at most some days"
    )]
    fn wait(&self, tokens: f64) -> WaitMs {
        WaitMs(((1.0 - tokens) / self.rate_per_ms).ceil().max(1.0) as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_the_burst_one_waits_for_the_refill() {
        let buckets = Buckets::new(20.0, 2.0);
        assert!(buckets.take(&"ada", 0).is_ok());
        assert!(buckets.take(&"ada", 0).is_ok());
        assert_eq!(buckets.take(&"ada", 0), Err(WaitMs(50)));
        assert!(buckets.take(&"ben", 0).is_ok(), "everyone has a bucket of their own");
        assert!(buckets.take(&"ada", 50).is_ok());
    }

    #[test]
    fn what_was_taken_elsewhere_is_missing_here() {
        let buckets = Buckets::new(1.0, 3.0);
        buckets.drain(&"ada", 2, 0);
        assert!(buckets.take(&"ada", 0).is_ok());
        assert_eq!(buckets.take(&"ada", 0), Err(WaitMs(1000)));
        buckets.drain(&"ada", 100, 0);
        assert!(buckets.take(&"ada", 1000).is_ok(), "no debt grows out of it");
    }

    #[test]
    fn a_clock_that_is_set_back_gives_nothing_and_breaks_nothing() {
        let buckets = Buckets::new(1.0, 1.0);
        assert!(buckets.take(&1, 10_000).is_ok());
        assert!(buckets.take(&1, 0).is_err());
        assert!(buckets.take(&1, 1_000).is_ok());
    }

    #[test]
    fn a_flood_of_keys_is_bounded_and_those_who_used_most_stay_limited() {
        let buckets = Buckets::new(0.001, 3.0);
        for _ in 0..3 {
            assert!(buckets.take(&u64::MAX, 0).is_ok());
        }
        let flood = 3 * MOST_KEYS as u64;
        let started = std::time::Instant::now();
        for key in 0..flood {
            assert!(buckets.take(&key, 0).is_ok(), "a stranger is not limited by others");
        }
        assert!(buckets.held.lock().unwrap().len() <= MOST_KEYS);
        assert!(buckets.take(&u64::MAX, 0).is_err(), "who used all stays limited");
        assert!(started.elapsed().as_secs() < 20, "took {:?}", started.elapsed());
    }
}
