//! Times, and how they are spread.

use std::time::Duration;

use super::record::Figures;

/// Times of one kind, in microseconds.
#[derive(Debug, Default)]
pub(super) struct Latencies(Vec<u32>);

impl Latencies {
    pub(super) fn note(&mut self, time: Duration) {
        self.0.push(u32::try_from(time.as_micros()).unwrap_or(u32::MAX));
    }

    /// Adds the spread to the figures: `NAME_p50_ms`, `NAME_p99_ms`, `NAME_p999_ms`, `NAME_max_ms`.
    pub(super) fn put_into(mut self, figures: &mut Figures, name: &str) {
        self.0.sort_unstable();
        for (label, per_mille) in [("p50", 500), ("p99", 990), ("p999", 999), ("max", 1000)] {
            if let Some(micros) = at(&self.0, per_mille) {
                figures.put(&format!("{name}_{label}_ms"), f64::from(micros) / 1000.0);
            }
        }
    }
}

/// The smallest of the sorted times that is not below this share of them.
fn at(sorted: &[u32], per_mille: usize) -> Option<u32> {
    let rank = (sorted.len() * per_mille).div_ceil(1000);
    sorted.get(rank.saturating_sub(1)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_is_not_below_its_time() {
        let times: Vec<u32> = (1..=1000).collect();
        assert_eq!(at(&times, 500), Some(500));
        assert_eq!(at(&times, 990), Some(990));
        assert_eq!(at(&times, 1000), Some(1000));
        assert_eq!(at(&[7], 500), Some(7));
        assert_eq!(at(&[], 500), None);
    }
}
