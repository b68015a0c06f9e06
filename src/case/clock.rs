//! When Send was pressed, at the earliest that the clocks allow: the 24 hours are counted from there.
//!
//! Used by the intake, once for each report. A kiosk's wall clock may stand at 1970 or run years ahead, and a report may
//! wait for days before it arrives; the promise must not grow by that. It refuses to give a time after the arrival, and
//! to take the arrival of anything that may have waited for the time at which it was made.

use alloc::collections::BTreeMap;

use crate::limits::PROMISE_HOURS;
use crate::time::{ClockReading, Confidence, Timestamp};

/// A wall clock this much ahead of what is possible is still believed to the second that is possible.
const SKEW_SECONDS: i64 = 120;
/// A kiosk gives an exchange up after this, so a live contact was made at most this long before it arrived.
pub(super) const EXCHANGE_SECONDS: i64 = 180;
/// Boots of one kiosk that are remembered; the oldest go first.
const BOOTS_MOST: usize = 256;

/// Until when a specialist must have opened a report that was sent at `send`.
pub const fn due(send: Timestamp) -> Timestamp {
    send.after_hours(PROMISE_HOURS)
}

/// Whether an envelope may have lain anywhere between being made and arriving.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contact {
    /// It is never queued and came over the link: it was made when it arrived, but for the exchange itself.
    Live,
    /// It may have waited in an outbox or on a stick: its arrival says only that it was not made later.
    Waited,
}

/// What the readings of one kiosk say of its boots. Readings may be noted in any order; boot 0 says nothing.
#[derive(Debug, Clone)]
pub struct ClockHistory {
    enrolled: Timestamp,
    boots: BTreeMap<u32, Boot>,
}

#[derive(Debug, Clone, Copy)]
struct Boot {
    /// The boot did not begin after this.
    begun_by: Timestamp,
    live: Option<Live>,
}

#[derive(Debug, Clone, Copy)]
struct Live {
    /// As `begun_by`, by live contacts alone: nor did it begin more than an exchange before this.
    begun_by: Timestamp,
    /// The boot still ran this late, but for an exchange.
    last_arrival: Timestamp,
}

impl ClockHistory {
    /// Nothing is known but that the kiosk made no report before `enrolled`.
    pub const fn new(enrolled: Timestamp) -> Self {
        Self {
            enrolled,
            boots: BTreeMap::new(),
        }
    }

    /// Notes a reading in an envelope that arrived at `arrival`.
    pub fn note(&mut self, reading: ClockReading, arrival: Timestamp, contact: Contact) {
        if reading.boot == 0 {
            return;
        }
        let begun_by = arrival.after_seconds(-seconds(reading));
        let boot = self.boots.entry(reading.boot).or_insert(Boot { begun_by, live: None });
        boot.begun_by = boot.begun_by.min(begun_by);
        if contact == Contact::Live {
            let live = boot.live.get_or_insert(Live {
                begun_by,
                last_arrival: arrival,
            });
            live.begun_by = live.begun_by.min(begun_by);
            live.last_arrival = live.last_arrival.max(arrival);
        }
        if self.boots.len() > BOOTS_MOST {
            self.boots.pop_first();
        }
    }

    /// The earliest plausible time of a reading in an envelope that arrived at `arrival`.
    ///
    /// A wall clock that was kept or set counts when it lies between what was possible at the earliest and at the latest.
    /// Otherwise it is the earliest: by the live contacts of the same boot, else the last live one of an earlier boot,
    /// else the enrolment. Never later than the report was made, as long as a wall clock that says it was kept or set
    /// does not run ahead.
    pub fn earliest_send(&self, reading: ClockReading, arrival: Timestamp) -> Timestamp {
        let latest = self.latest(reading).map_or(arrival, |latest| latest.min(arrival));
        let earliest = self.earliest(reading).min(latest);
        let believed = match reading.confidence {
            Confidence::Synced | Confidence::Kept => Some(reading.wall),
            Confidence::Unknown => None,
        };
        believed
            .filter(|wall| (earliest..=latest.after_seconds(SKEW_SECONDS)).contains(wall))
            .map_or(earliest, |wall| wall.min(latest))
    }

    /// By its own boot, and because every later boot began after it.
    fn latest(&self, reading: ClockReading) -> Option<Timestamp> {
        if reading.boot == 0 {
            return None;
        }
        let own = self.boots.get(&reading.boot);
        let own = own.map(|boot| boot.begun_by.after_seconds(seconds(reading)));
        let after = reading.boot.saturating_add(1)..;
        let later = self.boots.range(after).map(|(_, boot)| boot.begun_by);
        own.into_iter().chain(later).min()
    }

    fn earliest(&self, reading: ClockReading) -> Timestamp {
        let own = self.boots.get(&reading.boot).and_then(|boot| boot.live);
        let own = own.map(|live| live.begun_by.after_seconds(seconds(reading)));
        let earlier = self.boots.range(..reading.boot).filter_map(|(_, boot)| boot.live);
        let live = own.into_iter().chain(earlier.map(|live| live.last_arrival)).max();
        live.map_or(self.enrolled, |live| {
            live.after_seconds(-EXCHANGE_SECONDS).max(self.enrolled)
        })
    }
}

fn seconds(reading: ClockReading) -> i64 {
    i64::from(reading.since_boot_seconds)
}
