//! The desk's wall clock. The only file of the desk that reads one.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::time::Timestamp;

/// The time on this computer.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place where the desk reads the wall clock"
)]
pub fn now() -> Timestamp {
    let seconds = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    Timestamp(i64::try_from(seconds).unwrap_or(i64::MAX))
}
