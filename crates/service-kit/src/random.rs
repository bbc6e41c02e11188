//! Chance as a parameter, so that tests can repeat it.

use std::sync::Arc;

/// Gives random bytes.
pub trait Random: Send + Sync {
    /// Fills `bytes` with random ones.
    fn fill(&self, bytes: &mut [u8]);

    /// 128 random bits, enough for an id that nobody guesses.
    fn bits(&self) -> u128 {
        let mut bytes = [0; 16];
        self.fill(&mut bytes);
        u128::from_be_bytes(bytes)
    }

    /// A number from 0 up to, not including, `limit`, each equally likely. `limit` 0 counts as 1.
    fn below(&self, limit: u32) -> u32 {
        let limit = limit.max(1);
        // Numbers past the last whole multiple would make the small ones likelier (modulo bias).
        let whole = u32::MAX - u32::MAX % limit;
        loop {
            let mut bytes = [0; 4];
            self.fill(&mut bytes);
            let number = u32::from_be_bytes(bytes);
            if number < whole {
                return number % limit;
            }
        }
    }
}

/// A source of chance handed to whoever needs it.
pub type SharedRandom = Arc<dyn Random>;

/// The random source of the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) {
        // Without randomness nothing here is safe: no code, no token, no id. Stopping is the only right answer.
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    }
}
