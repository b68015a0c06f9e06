//! How long to wait after a fault: growing, bounded, with full jitter from given random bytes.
//!
//! The wait is uniform between 1 s and the smaller of 15 min and 5 s doubled for each fault in a row ("full jitter",
//! AWS Architecture Blog, "Exponential Backoff And Jitter", 2015), and never shorter than the intake asked for.

/// First ceiling, in milliseconds.
const FIRST_MS: u64 = 5_000;
/// Last ceiling, in milliseconds: 15 minutes.
pub const LONGEST_MS: u64 = 900_000;
/// Never sooner than this, in milliseconds.
const SHORTEST_MS: u64 = 1_000;

/// Counts faults in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Backoff {
    faults: u32,
}

impl Backoff {
    /// The exchange went well: the next fault starts from the beginning.
    pub const fn reset(&mut self) {
        self.faults = 0;
    }

    /// Milliseconds to wait after one more fault.
    pub fn after_fault_ms(&mut self, random: u64, asked_seconds: u32) -> u64 {
        let ceiling = FIRST_MS.saturating_mul(1 << self.faults.min(16)).min(LONGEST_MS);
        self.faults = self.faults.saturating_add(1);
        let asked = (u64::from(asked_seconds) * 1_000).min(LONGEST_MS);
        (SHORTEST_MS + random % (ceiling - SHORTEST_MS)).max(asked)
    }

    /// Milliseconds to wait after an answer that a repeat will hardly change: between half the longest wait and all of it.
    pub const fn after_stranger_ms(random: u64) -> u64 {
        LONGEST_MS / 2 + random % (LONGEST_MS / 2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_stay_bounded_and_use_the_whole_range() {
        let mut backoff = Backoff::default();
        let mut ceiling = FIRST_MS;
        for _ in 0..40 {
            let mut same = backoff;
            assert!(same.after_fault_ms(0, 0) >= 1_000);
            let wait = backoff.after_fault_ms(u64::MAX - 7, 0);
            assert!((1_000..=ceiling).contains(&wait), "{wait} {ceiling}");
            ceiling = (ceiling * 2).min(LONGEST_MS);
        }
        assert!(backoff.after_fault_ms(5, 600) >= 600_000);
        assert!(
            backoff.after_fault_ms(5, u32::MAX) <= LONGEST_MS,
            "an intake cannot put us to sleep for ever"
        );
        backoff.reset();
        assert!(backoff.after_fault_ms(u64::MAX, 0) <= FIRST_MS);
    }
}
