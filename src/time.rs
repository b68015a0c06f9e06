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

/// How far away a time is for somebody who reads it: which of its parts it takes to be told from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Distance {
    /// The clock time is enough.
    Today,
    /// At most 6 days away: the weekday is enough, where it is known whether it is over.
    Week,
    /// Day and month as well.
    Far,
    /// Another year.
    OtherYear,
}

/// A day, in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CivilDay {
    /// 0 is Monday.
    pub weekday: usize,
    /// Of the month, from 1.
    pub day: usize,
    /// Of the year, from 1.
    pub month: usize,
    /// Of our time.
    pub year: usize,
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

    /// Weekday, day and clock time where the kiosk stands, for example `Tuesday 24 November 2026 at 14:10`.
    pub fn day_and_time(self, zone: &str) -> String {
        self.formatted(zone, "%A %-d %B %Y at %H:%M")
    }

    /// Clock time where the kiosk stands, for example `11:20`.
    pub fn clock_time(self, zone: &str) -> String {
        self.formatted(zone, "%H:%M")
    }

    /// The day where the kiosk stands, for example `22 November 2026`.
    pub fn day(self, zone: &str) -> String {
        self.formatted(zone, "%-d %B %Y")
    }

    /// How far away it is, by days where the kiosk stands, for somebody who reads it at `now`.
    pub fn distance(self, now: Self, zone: &str) -> Distance {
        let (Some(this), Some(today)) = (self.date(zone), now.date(zone)) else {
            return Distance::OtherYear;
        };
        let days = this.since(today).map_or(i32::MAX, |span| span.get_days());
        match days.unsigned_abs() {
            0 => Distance::Today,
            1..=6 => Distance::Week,
            _ if this.year() == today.year() => Distance::Far,
            _ => Distance::OtherYear,
        }
    }

    /// Its day where the kiosk stands; 1 January 1970 when it is out of range.
    pub fn civil_day(self, zone: &str) -> CivilDay {
        let date = self.date(zone).unwrap_or(jiff::civil::date(1970, 1, 1));
        CivilDay {
            weekday: usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(0),
            day: usize::try_from(date.day()).unwrap_or(1),
            month: usize::try_from(date.month()).unwrap_or(1),
            year: usize::try_from(date.year()).unwrap_or(1970),
        }
    }

    fn date(self, zone: &str) -> Option<jiff::civil::Date> {
        let zone = jiff::tz::db().get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
        let time = jiff::Timestamp::from_second(self.0).ok()?;
        Some(time.to_zoned(zone).date())
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

    #[test]
    fn a_weekday_is_enough_for_six_days_and_a_month_for_a_year() {
        // Monday 23 November 2026, 23:30 in London.
        let now = Timestamp(1_795_476_600);
        for (hours, distance) in [
            (0, Distance::Today),
            (-23, Distance::Today),
            (1, Distance::Week),
            (-24, Distance::Week),
            (6 * 24, Distance::Week),
            (6 * 24 + 1, Distance::Far),
            (-6 * 24, Distance::Week),
            (-7 * 24, Distance::Far),
            (38 * 24, Distance::Far),
            (39 * 24, Distance::OtherYear),
            (-365 * 24, Distance::OtherYear),
        ] {
            assert_eq!(
                now.after_hours(hours).distance(now, "Europe/London"),
                distance,
                "{hours}"
            );
        }
        assert_eq!(Timestamp(i64::MAX).distance(now, "nowhere"), Distance::OtherYear);
        let day = now.civil_day("Europe/London");
        assert_eq!((day.weekday, day.day, day.month, day.year), (0, 23, 11, 2026));
    }
}
