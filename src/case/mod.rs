//! Cases: what a caseworker follows, and the clocks that its promise is counted from.
//!
//! Pure. Used by the intake (when a case is due) and the desk. Nothing here stores, opens or shows a report.

mod clock;
#[cfg(test)]
mod clock_tests;

pub use clock::{ClockHistory, Contact, due};
