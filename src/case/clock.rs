//! When Send was pressed, at the earliest that the clocks allow: the 24 hours are counted from there.
//!
//! Used by the intake, once for each report. A kiosk's wall clock may stand at 1970 or run years ahead, and a report may
//! wait for days before it arrives; the promise must not grow by that. It refuses to give a time after the arrival.

use crate::limits::PROMISE_HOURS;
use crate::time::{ClockReading, Confidence, Timestamp};

/// A wall clock this much ahead of what is possible is still believed to the second that is possible.
const SKEW_SECONDS: i64 = 120;
/// Contacts that arrive this close before a report may have waited together with it, so they bound nothing from below.
const BURST_SECONDS: i64 = 3_600;

/// Until when a specialist must have opened a report that was sent at `send`.
pub const fn due(send: Timestamp) -> Timestamp {
    send.after_hours(PROMISE_HOURS)
}

/// The earliest plausible time of a reading in an envelope that arrived at `arrival`.
///
/// `contacts` are readings of the same kiosk with the arrival of the envelopes that carried them, in any order; each of
/// them may have waited as well, so an arrival is only ever an upper bound of its own reading. The enrolment may be
/// passed as a reading of boot 0.
///
/// - The ceiling: the arrival, and within one boot every contact's arrival moved by the seconds between the readings.
/// - The floor: the latest arrival of a contact with an earlier reading that did not come in the same burst.
/// - A wall clock that was kept or set counts unless it is above the ceiling: a set one only above the floor, a kept
///   one (it may be late) at least as the floor.
/// - Without a usable wall clock, a contact in the same boot fixes the ceiling; otherwise the floor stands.
pub fn earliest_send(reading: ClockReading, arrival: Timestamp, contacts: &[(ClockReading, Timestamp)]) -> Timestamp {
    let same_boot = contacts
        .iter()
        .filter(|(contact, _)| contact.boot == reading.boot)
        .map(|(contact, arrived)| arrived.after_seconds(seconds(reading) - seconds(*contact)))
        .min();
    let ceiling = same_boot.map_or(arrival, |bound| bound.min(arrival));
    let floor = floor(reading, arrival, contacts).map(|floor| floor.min(ceiling));
    let wall = reading.wall;
    let possible = wall <= ceiling.after_seconds(SKEW_SECONDS);
    let above_floor = floor.is_none_or(|floor| wall >= floor);
    match reading.confidence {
        Confidence::Synced if possible && above_floor => wall.min(ceiling),
        Confidence::Kept if possible => floor.map_or(wall, |floor| wall.max(floor)).min(ceiling),
        _ if same_boot.is_some() => ceiling,
        _ => floor.unwrap_or(ceiling),
    }
}

fn floor(reading: ClockReading, arrival: Timestamp, contacts: &[(ClockReading, Timestamp)]) -> Option<Timestamp> {
    let earlier = || {
        contacts
            .iter()
            .filter(|(contact, _)| order(*contact) < order(reading))
            .map(|(_, arrived)| *arrived)
    };
    let before_burst = arrival.after_seconds(-BURST_SECONDS);
    earlier()
        .filter(|arrived| *arrived <= before_burst)
        .max()
        .or_else(|| earlier().min())
}

const fn order(reading: ClockReading) -> (u32, u32) {
    (reading.boot, reading.since_boot_seconds)
}

fn seconds(reading: ClockReading) -> i64 {
    i64::from(reading.since_boot_seconds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Confidence::{Kept, Synced, Unknown};
    use alloc::vec::Vec;

    /// Sunday 2026-10-25 00:30 UTC: within the hour that British clocks show twice; in UTC nothing repeats.
    const T: i64 = 1_792_888_200;
    const DAY: i64 = 86_400;

    fn reading(wall: i64, confidence: Confidence, boot: u32, since: u32) -> ClockReading {
        ClockReading {
            wall: Timestamp(wall),
            confidence,
            boot,
            since_boot_seconds: since,
        }
    }

    /// What happened · wall clock after `T` and its confidence · boot and seconds since · arrival after `T` · Send after `T`.
    type Row = (&'static str, i64, Confidence, (u32, u32), i64, i64);

    /// Contacts are (boot, seconds since boot, arrival after `T`).
    fn check(known: &[(u32, u32, i64)], rows: &[Row]) {
        let known: Vec<_> = known
            .iter()
            .map(|(boot, since, arrived)| (reading(0, Unknown, *boot, *since), Timestamp(T + arrived)))
            .collect();
        let reversed: Vec<_> = known.iter().rev().copied().collect();
        for (what, wall, confidence, (boot, since), arrival, send) in rows {
            let reading = reading(T + wall, *confidence, *boot, *since);
            let arrival = Timestamp(T + arrival);
            let found = earliest_send(reading, arrival, &known);
            assert_eq!(found.0 - T, *send, "{what}");
            assert!(found <= arrival, "{what}: after the arrival");
            assert_eq!(found, earliest_send(reading, arrival, &reversed), "{what}: order");
        }
    }

    #[test]
    fn the_promise_is_counted_from_the_earliest_plausible_send() {
        let live = [(4, 100, 0), (4, 1_000, 900)];
        #[rustfmt::skip]
        check(&live, &[
            ("a set clock, on-line", 1_300, Synced, (4, 1_400), 1_301, 1_300),
            ("a set clock two seconds ahead", 1_303, Synced, (4, 1_400), 1_301, 1_300),
            ("a clock at 1970, same boot", -T, Unknown, (4, 1_400), 1_310, 1_300),
            ("a clock at 1970 that says it was kept", -T, Kept, (4, 1_400), 9_000, 900),
            ("ten years ahead, same boot", 3_650 * DAY, Synced, (4, 1_400), 1_310, 1_300),
            ("ten years ahead, new boot", 3_650 * DAY, Synced, (5, 40), 3 * DAY, 900),
            ("off-line for three days, same boot", -T, Unknown, (4, 5_000), 3 * DAY, 4_900),
            ("off-line for three days, set clock", 5_000, Synced, (4, 5_000), 3 * DAY, 4_900),
            ("restarted off-line, set clock", 2 * DAY, Synced, (5, 60), 3 * DAY, 2 * DAY),
            ("restarted off-line, kept clock", DAY, Kept, (5, 60), 3 * DAY, DAY),
            ("restarted off-line, clock lost", -T, Unknown, (5, 60), 3 * DAY, 900),
            ("a set clock below the floor", -9 * DAY, Synced, (5, 60), 3 * DAY, 900),
        ]);
    }

    #[test]
    fn contacts_that_waited_as_well_bound_nothing_from_below() {
        let lost = |what, at, arrival, send| [(what, -T, Unknown, at, arrival, send)];
        check(&[], &lost("nothing known", (1, 5), 0, 0));
        let burst = [(4, 100, 0), (5, 10, 3 * DAY - 5)];
        check(&burst, &lost("a burst", (6, 9), 3 * DAY, 0));
        let later = [(4, 100, 0), (5, 70, 2 * DAY)];
        check(
            &later,
            &lost("a later contact that overtook it", (5, 60), 3 * DAY, 2 * DAY - 10),
        );
        check(&[(0, 0, 5)], &lost("just enrolled", (1, 30), 40, 5));
    }

    #[test]
    fn a_day_is_24_elapsed_hours_whatever_wall_clocks_do() {
        assert_eq!(due(Timestamp(T)).0 - T, DAY);
        assert_eq!(due(Timestamp(i64::MAX)), Timestamp(i64::MAX));
    }
}
