//! Moments (monotonic), timestamps (wall) and clock readings: arithmetic and words, never reading a clock.

use alloc::string::{String, ToString};
use core::fmt;

/// Milliseconds on a clock that never jumps; its zero means nothing outside one process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Moment(pub u64);

impl Moment {
    /// This moment and `milliseconds` later.
    pub const fn after_ms(self, milliseconds: u64) -> Self {
        Self(self.0.saturating_add(milliseconds))
    }

    /// Milliseconds from `earlier` until this moment; zero if it is not earlier.
    pub const fn since_ms(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// Seconds since 1970 in UTC.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// This time and `hours` later.
    pub const fn after_hours(self, hours: i64) -> Self {
        Self(self.0.saturating_add(hours.saturating_mul(3_600)))
    }

    /// This time and `seconds` later (or earlier, when negative).
    pub const fn after_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// RFC 3339 in UTC, for example `2026-11-22T14:10:00Z`.
    pub fn rfc3339(self) -> String {
        jiff::Timestamp::from_second(self.0).map_or_else(|_| "out of range".to_string(), |time| time.to_string())
    }

    /// Weekday and clock time where the kiosk stands, for example `Tuesday 14:10`.
    ///
    /// `zone` is an IANA name; an unknown one counts as UTC.
    pub fn weekday_and_time(self, zone: &str) -> String {
        self.formatted(zone, "%A %H:%M")
    }

    /// Clock time where the kiosk stands, for example `11:20`.
    pub fn clock_time(self, zone: &str) -> String {
        self.formatted(zone, "%H:%M")
    }

    /// The day where the kiosk stands, for example `22 November 2026`.
    pub fn day(self, zone: &str) -> String {
        self.formatted(zone, "%-d %B %Y")
    }

    fn formatted(self, zone: &str, format: &str) -> String {
        let zone = jiff::tz::db().get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
        jiff::Timestamp::from_second(self.0).map_or_else(
            |_| String::new(),
            |time| time.to_zoned(zone).strftime(format).to_string(),
        )
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.rfc3339())
    }
}

/// How far a wall clock can be believed. The order is wire order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub enum Confidence {
    /// Nobody has set it since the power came.
    Unknown,
    /// It was kept by a battery or restored from disk; it may be late, never early by much.
    Kept,
    /// It was set from a signed acknowledgement or a trusted time source in this boot.
    Synced,
}

/// What the kiosk's clocks said at one instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ClockReading {
    /// The wall clock.
    pub wall: Timestamp,
    /// How far to believe it.
    pub confidence: Confidence,
    /// How many times this kiosk had started, strictly growing.
    pub boot: u32,
    /// Seconds since that start.
    pub since_boot_seconds: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_as_the_place_tells_them() {
        let summer = Timestamp(1_782_911_400);
        assert_eq!(summer.rfc3339(), "2026-07-01T13:10:00Z");
        assert_eq!(summer.weekday_and_time("Europe/London"), "Wednesday 14:10");
        assert_eq!(summer.clock_time("nowhere"), "13:10");
        assert_eq!(summer.day("Europe/London"), "1 July 2026");
        assert_eq!(Timestamp(i64::MAX).rfc3339(), "out of range");
    }
}
