//! The only place where the intake reads clocks.

use std::time::SystemTime;

use crate::time::Timestamp;

/// Seconds since 1970; zero when the clock stands before that.
#[expect(clippy::disallowed_methods, reason = "this file owns the intake's wall clock")]
pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    Timestamp(since.map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(i64::MAX)))
}
