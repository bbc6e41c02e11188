//! Randomness that comes again: the same seed gives the same run.

use std::sync::{Mutex, PoisonError};

use rand::rngs::StdRng;
use rand::{Rng, RngExt, SeedableRng};

/// A source of random values made from one seed, which a random test prints.
#[derive(Debug)]
pub struct SeededRandom {
    seed: u64,
    source: Mutex<StdRng>,
}

impl SeededRandom {
    /// The source of this seed.
    pub fn from_seed(seed: u64) -> Self {
        Self {
            seed,
            source: Mutex::new(StdRng::seed_from_u64(seed)),
        }
    }

    /// A source of its own for one part of a run, so that parts running side by side stay repeatable.
    #[must_use]
    pub fn part(&self, number: u64) -> Self {
        Self::from_seed(self.seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(number))
    }

    /// The seed, for the failure message.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Fills the buffer with random bytes.
    pub fn fill(&self, bytes: &mut [u8]) {
        self.with(|source| source.fill_bytes(bytes));
    }

    /// 128 random bits, as ids are made of.
    pub fn bits(&self) -> u128 {
        self.with(RngExt::random)
    }

    /// A number from 0 to `end`, without `end`; 0 when `end` is 0.
    pub fn below(&self, end: u64) -> u64 {
        if end == 0 {
            0
        } else {
            self.with(|source| source.random_range(0..end))
        }
    }

    /// True once in `times` on average.
    pub fn once_in(&self, times: u64) -> bool {
        self.below(times) == 0
    }

    fn with<T>(&self, draw: impl FnOnce(&mut StdRng) -> T) -> T {
        draw(&mut self.source.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_values_and_another_seed_others() {
        let draw = |seed| {
            let random = SeededRandom::from_seed(seed);
            (random.bits(), random.below(1_000_000), random.part(3).bits())
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
    }

    #[test]
    fn a_number_stays_below_its_end() {
        let random = SeededRandom::from_seed(1);
        assert!((0..1_000).all(|_| random.below(3) < 3));
        assert_eq!(random.below(0), 0);
    }
}
