//! The kiosk's clocks: the only file of the kiosk that reads one.
//!
//! The wall clock is told with how far it can be believed; waits and ages use the monotonic clock.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::machine::Now;
use crate::pinned::RELEASED;
use crate::time::{ClockReading, Confidence, Moment, Timestamp};

/// How far the wall clock may be from the intake's and still be believed, in seconds.
const NEAR_SECONDS: u64 = 120;

/// The clocks of one run.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    started: Instant,
    boot: u32,
    /// When the intake was last heard before this run: it cannot be earlier now.
    floor: Option<Timestamp>,
    /// The intake's clock in its last answer of this run, and how long this run was then.
    heard: Option<(Timestamp, Duration)>,
}

impl Clock {
    /// Starts counting; `boot` is the store's count of starts, `last_heard` when it last heard of the intake.
    #[expect(clippy::disallowed_methods, reason = "this file owns the kiosk's clocks")]
    pub fn start(boot: u32, last_heard: Option<Timestamp>) -> Self {
        Self {
            started: Instant::now(),
            boot,
            floor: last_heard,
            heard: None,
        }
    }

    /// What the clocks say.
    #[expect(clippy::disallowed_methods, reason = "this file owns the kiosk's clocks")]
    pub fn now(&self) -> Now {
        let wall = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |wall| wall.as_secs());
        self.told(Timestamp(i64::try_from(wall).unwrap_or(0)), self.started.elapsed())
    }

    /// The intake has said, signed, that it is `at` now: from here on this decides whether the wall clock is believed.
    pub(super) fn heard(&mut self, at: Timestamp) {
        self.heard = Some((at, self.started.elapsed()));
    }

    fn told(&self, wall: Timestamp, since: Duration) -> Now {
        Now {
            moment: Moment(u64::try_from(since.as_millis()).unwrap_or(u64::MAX)),
            clock: ClockReading {
                wall,
                confidence: self.confidence(wall, since),
                boot: self.boot,
                since_boot_seconds: u32::try_from(since.as_secs()).unwrap_or(u32::MAX),
            },
        }
    }

    fn confidence(&self, wall: Timestamp, since: Duration) -> Confidence {
        // A clock that stands before this program was made was never set.
        if wall < RELEASED {
            return Confidence::Unknown;
        }
        if let Some((at, then)) = self.heard {
            // Carried on by the clock that never jumps: a wall clock that is set wrong later is noticed as well.
            let passed = i64::try_from(since.saturating_sub(then).as_secs()).unwrap_or(i64::MAX);
            return if wall.0.abs_diff(at.after_seconds(passed).0) <= NEAR_SECONDS {
                Confidence::Synced
            } else {
                Confidence::Unknown
            };
        }
        // One that fell behind what it was when the intake was heard went on from nowhere.
        let fell_behind = |floor: Timestamp| wall < floor && wall.0.abs_diff(floor.0) > NEAR_SECONDS;
        if self.floor.is_some_and(fell_behind) {
            Confidence::Unknown
        } else {
            Confidence::Kept
        }
    }
}

/// A moment after which something has taken too long.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deadline(Option<Instant>);

impl Deadline {
    /// So long from now; never, when that is beyond all time.
    #[expect(clippy::disallowed_methods, reason = "this file owns the kiosk's clocks")]
    pub(super) fn after(wait: Duration) -> Self {
        Self(Instant::now().checked_add(wait))
    }

    /// Whether it has come.
    #[expect(clippy::disallowed_methods, reason = "this file owns the kiosk's clocks")]
    pub(super) fn is_past(self) -> bool {
        self.0.is_some_and(|at| Instant::now() >= at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wall_clock_is_believed_as_far_as_the_intake_bears_it_out() {
        use Confidence::{Kept, Synced, Unknown};
        const T: i64 = RELEASED.0 + 1_000_000;
        let at = |seconds: i64| Timestamp(T + seconds);
        let hour = Duration::from_secs(3_600);
        // Last heard before this run · said in this run at one hour · wall clock at two hours · believed how far.
        let rows = [
            (None, None, Timestamp(RELEASED.0 - 1), Unknown),
            (None, None, at(0), Kept),
            (Some(at(0)), None, at(1), Kept),
            (Some(at(0)), None, at(-120), Kept),
            (Some(at(0)), None, at(-121), Unknown),
            (Some(at(0)), None, RELEASED, Unknown),
            (Some(at(0)), Some(at(0)), at(3_600), Synced),
            (None, Some(at(0)), at(3_600 + 120), Synced),
            (None, Some(at(0)), at(3_600 - 120), Synced),
            (None, Some(at(0)), at(3_600 + 121), Unknown),
            (None, Some(at(0)), at(3_600 - 121), Unknown),
            (None, Some(at(0)), at(0), Unknown),
            (Some(at(9_000)), Some(at(0)), at(3_600), Synced),
            (None, Some(Timestamp(i64::MAX)), at(0), Unknown),
            (Some(Timestamp(i64::MIN)), Some(Timestamp(i64::MIN)), at(0), Unknown),
        ];
        for (row, (floor, said, wall, expected)) in rows.into_iter().enumerate() {
            let mut clock = Clock::start(1, floor);
            clock.heard = said.map(|said| (said, hour));
            assert_eq!(clock.told(wall, 2 * hour).clock.confidence, expected, "row {row}");
        }
    }
}
