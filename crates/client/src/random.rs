//! Chance as a parameter, so that tests can repeat it.

/// Gives random bytes.
pub trait Random: Send + Sync {
    /// Fills `bytes` with random ones.
    fn fill(&self, bytes: &mut [u8]);

    /// 128 random bits, enough for an id that nobody else makes.
    fn bits(&self) -> u128 {
        let mut bytes = [0; 16];
        self.fill(&mut bytes);
        u128::from_be_bytes(bytes)
    }

    /// A number from 0 to `most`. The modulo bias of 64 bits over small ranges is far below what jitter needs.
    fn up_to(&self, most: u64) -> u64 {
        let mut bytes = [0; 8];
        self.fill(&mut bytes);
        let number = u64::from_be_bytes(bytes);
        most.checked_add(1).map_or(number, |count| number % count)
    }
}

/// The random source of the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) {
        // Client ids must never meet another device's (P3); without randomness there is nothing right to do.
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    }
}
