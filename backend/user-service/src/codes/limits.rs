//! How many codes may be asked for and tried from where.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use protocol::{Email, UnixMs};
use service_kit::rate::{Buckets, WaitMs};

use super::{CodeError, day, seconds_to_midnight};
use crate::client_network::ClientNetwork;
use crate::settings::Limits;
use crate::store::Day;

/// Keys counted per day before those that count least are forgotten.
const MOST_KEYS: usize = 200_000;

/// The limits, the same for every replica of the service that shares them.
#[async_trait]
pub(super) trait RequestLimits: Send + Sync {
    /// One more code is asked for from here, for whatever address.
    async fn take_by_ip(&self, from: ClientNetwork, now: UnixMs) -> Result<(), CodeError>;

    /// One more code is asked for, for this address from here. What is refused counts nowhere.
    async fn take_by_address(&self, email: &Email, from: ClientNetwork, now: UnixMs) -> Result<(), CodeError>;

    /// Refuses those who guessed wrong too often today.
    async fn check_wrong_by_ip(&self, from: ClientNetwork, now: UnixMs) -> Result<(), CodeError>;

    /// Somebody has guessed wrong.
    async fn count_wrong_by_ip(&self, from: ClientNetwork, now: UnixMs) -> Result<(), CodeError>;
}

/// How much is allowed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rates {
    pub(super) per_ip_and_s: f64,
    pub(super) burst_per_ip: f64,
    pub(super) per_address_and_s: f64,
    pub(super) burst_per_address: f64,
    pub(super) per_address_ip_and_day: u32,
    pub(super) wrong_per_ip_and_day: u32,
}

impl Rates {
    pub(super) fn of(limits: &Limits) -> Self {
        Self {
            per_ip_and_s: f64::from(limits.codes_per_ip_and_minute) / 60.0,
            burst_per_ip: f64::from(limits.code_burst_per_ip),
            per_address_and_s: 1.0 / f64::from(limits.code_resend_after_s),
            burst_per_address: f64::from(limits.code_burst_per_address),
            per_address_ip_and_day: limits.codes_per_address_ip_and_day,
            wrong_per_ip_and_day: limits.wrong_codes_per_ip_and_day,
        }
    }
}

/// Limits in memory of this process.
pub(super) struct MemoryLimits {
    by_ip: Buckets<ClientNetwork>,
    by_address: Buckets<String>,
    by_address_and_ip: DayCounts<(String, ClientNetwork)>,
    wrong_by_ip: DayCounts<ClientNetwork>,
}

impl MemoryLimits {
    pub(super) fn new(rates: &Rates) -> Self {
        Self {
            by_ip: Buckets::new(rates.per_ip_and_s, rates.burst_per_ip),
            by_address: Buckets::new(rates.per_address_and_s, rates.burst_per_address),
            by_address_and_ip: DayCounts::new(rates.per_address_ip_and_day),
            wrong_by_ip: DayCounts::new(rates.wrong_per_ip_and_day),
        }
    }
}

#[async_trait]
impl RequestLimits for MemoryLimits {
    async fn take_by_ip(&self, from: ClientNetwork, now: UnixMs) -> Result<(), CodeError> {
        self.by_ip.take(&from, now).map_err(|WaitMs(wait_ms)| limited(wait_ms))
    }

    async fn take_by_address(&self, email: &Email, from: ClientNetwork, now: UnixMs) -> Result<(), CodeError> {
        let both = (email.key(), from);
        // Looked at first and counted last, so that a refusal for another reason does not count.
        self.by_address_and_ip.check(&both, now)?;
        let taken = self.by_address.take(&email.key(), now);
        taken.map_err(|WaitMs(wait_ms)| limited(wait_ms))?;
        self.by_address_and_ip.count(&both, now);
        Ok(())
    }

    async fn check_wrong_by_ip(&self, from: ClientNetwork, now: UnixMs) -> Result<(), CodeError> {
        self.wrong_by_ip.check(&from, now)
    }

    async fn count_wrong_by_ip(&self, from: ClientNetwork, now: UnixMs) -> Result<(), CodeError> {
        self.wrong_by_ip.count(&from, now);
        Ok(())
    }
}

/// Too many; come back after so many milliseconds.
pub(super) fn limited(wait_ms: u64) -> CodeError {
    CodeError::Limited {
        retry_after_s: u32::try_from(wait_ms.div_ceil(1000)).unwrap_or(u32::MAX),
    }
}

/// Too many today (UTC).
pub(super) fn limited_today(now: UnixMs) -> CodeError {
    CodeError::Limited {
        retry_after_s: seconds_to_midnight(now),
    }
}

/// Counts per key and day of UTC.
struct DayCounts<K> {
    most: u32,
    counted: Mutex<(Day, HashMap<K, u32>)>,
}

impl<K: Eq + Hash + Clone> DayCounts<K> {
    fn new(most: u32) -> Self {
        Self {
            most,
            counted: Mutex::new((0, HashMap::new())),
        }
    }

    fn check(&self, key: &K, now: UnixMs) -> Result<(), CodeError> {
        let counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        let (counted_day, counts) = &*counted;
        let reached = *counted_day == day(now) && counts.get(key).is_some_and(|count| *count >= self.most);
        if reached { Err(limited_today(now)) } else { Ok(()) }
    }

    fn count(&self, key: &K, now: UnixMs) {
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        let (counted_day, counts) = &mut *counted;
        if *counted_day != day(now) {
            *counted_day = day(now);
            counts.clear();
        }
        if counts.len() >= MOST_KEYS {
            forget_least(counts);
        }
        *counts.entry(key.clone()).or_insert(0) += 1;
    }
}

/// Forgets at least half of the keys, those with the lowest counts, so that this is rare however many come: a flood
/// makes many keys that count little, and must not free those who have reached the limit.
fn forget_least<K>(counts: &mut HashMap<K, u32>) {
    let mut sorted: Vec<u32> = counts.values().copied().collect();
    let middle = sorted.len() / 2;
    let (_, median, _) = sorted.select_nth_unstable(middle);
    let limit = *median;
    counts.retain(|_, count| *count > limit);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_day_starts_at_nothing() {
        let counts = DayCounts::new(1);
        let (today, tomorrow) = (0, super::super::MS_PER_DAY);
        counts.count(&"ada", today);
        assert!(counts.check(&"ada", today).is_err());
        assert!(counts.check(&"ben", today).is_ok());
        assert!(counts.check(&"ada", tomorrow).is_ok());
    }

    #[test]
    fn a_flood_of_keys_is_bounded_and_frees_nobody_who_reached_the_limit() {
        let counts = DayCounts::new(3);
        for _ in 0..3 {
            counts.count(&usize::MAX, 0);
        }
        for key in 0..2 * MOST_KEYS {
            counts.count(&key, 0);
            counts.count(&key, 0);
        }
        assert!(counts.counted.lock().unwrap().1.len() <= MOST_KEYS);
        assert!(counts.check(&usize::MAX, 0).is_err());
    }
}
