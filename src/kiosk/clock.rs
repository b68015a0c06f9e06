//! The kiosk's clocks: the only file of the kiosk that reads one.
//!
//! The wall clock is told with how far it can be believed; waits and ages use the monotonic clock.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::machine::Now;
use crate::pinned::RELEASED;
use crate::time::{ClockReading, Confidence, Moment, Timestamp};

/// The clocks of one run.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    started: Instant,
    boot: u32,
}

impl Clock {
    /// Starts counting; `boot` is the store's count of starts.
    #[expect(clippy::disallowed_methods, reason = "this file owns the kiosk's clocks")]
    pub fn start(boot: u32) -> Self {
        Self {
            started: Instant::now(),
            boot,
        }
    }

    /// What the clocks say.
    #[expect(clippy::disallowed_methods, reason = "this file owns the kiosk's clocks")]
    pub fn now(&self) -> Now {
        let since = self.started.elapsed();
        let wall = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |wall| wall.as_secs());
        let wall = Timestamp(i64::try_from(wall).unwrap_or(0));
        // A clock that stands before this program was made was never set.
        let confidence = if wall < RELEASED {
            Confidence::Unknown
        } else {
            Confidence::Kept
        };
        Now {
            moment: Moment(u64::try_from(since.as_millis()).unwrap_or(u64::MAX)),
            clock: ClockReading {
                wall,
                confidence,
                boot: self.boot,
                since_boot_seconds: u32::try_from(since.as_secs()).unwrap_or(u32::MAX),
            },
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
