//! The due time held against true histories: it is never counted from later than Send.

use alloc::vec::Vec;
use proptest::prelude::*;

use super::clock::{ClockHistory, Contact, EXCHANGE_SECONDS, due};
use crate::time::{ClockReading, Confidence, Timestamp};
use Confidence::{Kept, Synced, Unknown};
use Contact::{Live, Waited};

/// Sunday 2026-10-25 00:30 UTC: within the hour that British clocks show twice; in UTC nothing repeats.
const T: i64 = 1_792_888_200;
const DAY: i64 = 86_400;
/// Three minutes before a live contact.
const E: i64 = EXCHANGE_SECONDS;

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

/// Contacts are (boot, seconds since boot, arrival after `T`, how); the kiosk was enrolled at `T` - 1,000.
fn check(known: &[(u32, u32, i64, Contact)], rows: &[Row]) {
    let history = |order: &mut dyn Iterator<Item = &(u32, u32, i64, Contact)>| {
        let mut history = ClockHistory::new(Timestamp(T - 1_000));
        for (boot, since, arrived, contact) in order {
            history.note(reading(0, Unknown, *boot, *since), Timestamp(T + arrived), *contact);
        }
        history
    };
    let (forward, backward) = (history(&mut known.iter()), history(&mut known.iter().rev()));
    for (what, wall, confidence, (boot, since), arrival, send) in rows {
        let reading = reading(T + wall, *confidence, *boot, *since);
        let arrival = Timestamp(T + arrival);
        let found = forward.earliest_send(reading, arrival);
        assert_eq!(found.0 - T, *send, "{what}");
        assert!(found <= arrival, "{what}: after the arrival");
        assert_eq!(found, backward.earliest_send(reading, arrival), "{what}: order");
    }
}

#[test]
fn the_promise_is_counted_from_the_earliest_plausible_send() {
    let live = [(4, 100, 0, Live), (4, 1_000, 900, Live)];
    #[rustfmt::skip]
    check(&live, &[
        ("a set clock, on-line", 1_300, Synced, (4, 1_400), 1_301, 1_300),
        ("a set clock two seconds ahead", 1_303, Synced, (4, 1_400), 1_301, 1_300),
        ("a clock at 1970, same boot", -T, Unknown, (4, 1_400), 1_310, 1_300 - E),
        ("a clock at 1970 that says it was kept", -T, Kept, (4, 1_400), 9_000, 1_300 - E),
        ("ten years ahead, same boot", 3_650 * DAY, Synced, (4, 1_400), 1_310, 1_300 - E),
        ("ten years ahead, new boot", 3_650 * DAY, Synced, (5, 40), 3 * DAY, 900 - E),
        ("off-line for three days, same boot", -T, Unknown, (4, 5_000), 3 * DAY, 4_900 - E),
        ("off-line for three days, set clock", 4_900, Synced, (4, 5_000), 3 * DAY, 4_900),
        ("restarted off-line, set clock", 2 * DAY, Synced, (5, 60), 3 * DAY, 2 * DAY),
        ("restarted off-line, kept clock", DAY, Kept, (5, 60), 3 * DAY, DAY),
        ("restarted off-line, clock lost", -T, Unknown, (5, 60), 3 * DAY, 900 - E),
        ("a set clock below the floor", -9 * DAY, Synced, (5, 60), 3 * DAY, 900 - E),
        ("a reading without a boot", -T, Unknown, (0, 60), 3 * DAY, -1_000),
    ]);
    let lost = |at, arrival, send| [("a lost clock", -T, Unknown, at, arrival, send)];
    check(&[], &lost((1, 5), 0, -1_000));
    check(&[(5, 70, 2 * DAY, Waited)], &lost((5, 60), 3 * DAY, -1_000));
    check(&[(0, 9, 2 * DAY, Live)], &lost((5, 60), 3 * DAY, -1_000));
}

/// The link dies; the kiosk restarts with its clock lost; two reports wait from Monday to Wednesday.
#[test]
fn a_report_that_waited_moves_no_other_to_the_day_of_its_arrival() {
    let monday = [(4, 100, 0, Live)];
    check(&monday, &[("the first", -T, Unknown, (5, 60), 2 * DAY, -E)]);
    let first = [(4, 100, 0, Live), (5, 60, 2 * DAY, Waited)];
    check(&first, &[("the second", -T, Unknown, (5, 120), 2 * DAY + 5, -E)]);
}

/// The clock was kept; one report arrives, the link flaps, the other arrives an hour and a half later.
#[test]
fn a_kept_clock_is_not_moved_by_a_report_that_waited() {
    let first = [(4, 100, 0, Live), (4, 1_000, 2 * DAY, Waited)];
    let monday = [("the second", 960, Kept, (4, 1_060), 2 * DAY + 5_400, 960)];
    check(&first, &monday);
}

#[test]
fn a_day_is_24_elapsed_hours_whatever_wall_clocks_do() {
    assert_eq!(due(Timestamp(T)).0 - T, DAY);
    assert_eq!(due(Timestamp(i64::MAX)), Timestamp(i64::MAX));
}

/// One stretch of a kiosk's life: how long, restarted first, with a link, and how far its clock is off.
#[derive(Debug, Clone)]
struct Stretch {
    seconds: u32,
    restarts: bool,
    link: bool,
    wall_off: i64,
    confidence: Confidence,
    /// Reports at these shares of the stretch.
    reports: Vec<u8>,
    /// Seconds that each exchange takes.
    exchange: u8,
}

fn stretches() -> impl Strategy<Value = Vec<Stretch>> {
    let off = prop_oneof![Just(0_i64), -400 * DAY..=120_i64, -10..=120_i64];
    let stretch = (
        60_u32..200_000,
        any::<bool>(),
        any::<bool>(),
        off,
        prop_oneof![Just(Kept), Just(Synced), Just(Unknown)],
        proptest::collection::vec(any::<u8>(), 0..4),
        0_u8..=180,
    )
        .prop_map(
            |(seconds, restarts, link, wall_off, confidence, reports, exchange)| Stretch {
                seconds,
                restarts,
                link,
                wall_off,
                confidence,
                reports,
                exchange,
            },
        );
    proptest::collection::vec(stretch, 1..8)
}

/// Something sealed at a true time.
struct Made {
    at: i64,
    reading: ClockReading,
    ahead: i64,
    live: bool,
    arrives: i64,
}

/// Heartbeats every quarter of an hour with a link; reports at once with a link, else in a burst when it is back.
fn lived(stretches: &[Stretch]) -> Vec<Made> {
    let (mut at, mut boot, mut booted) = (T, 1, T);
    let mut made: Vec<Made> = Vec::new();
    for stretch in stretches {
        if stretch.restarts {
            (boot, booted) = (boot + 1, at);
        }
        let exchange = i64::from(stretch.exchange);
        let sealed = |when: i64, live: bool| {
            // Whoever does not know the time may say anything.
            let off = if stretch.confidence == Unknown {
                9 * DAY
            } else {
                stretch.wall_off
            };
            Made {
                at: when,
                reading: reading(
                    when + off,
                    stretch.confidence,
                    boot,
                    u32::try_from(when - booted).unwrap(),
                ),
                ahead: if stretch.confidence == Unknown { 0 } else { off.max(0) },
                live,
                arrives: if stretch.link { when + exchange } else { i64::MAX },
            }
        };
        if stretch.link {
            for waiting in made.iter_mut().filter(|made| made.arrives == i64::MAX) {
                waiting.arrives = at + exchange;
            }
            made.extend(
                (0..i64::from(stretch.seconds))
                    .step_by(900)
                    .map(|after| sealed(at + after, true)),
            );
        }
        let reports = stretch
            .reports
            .iter()
            .map(|share| i64::from(stretch.seconds) * i64::from(*share) / 256);
        made.extend(reports.map(|after| sealed(at + after, false)));
        at += i64::from(stretch.seconds);
    }
    for waiting in made.iter_mut().filter(|made| made.arrives == i64::MAX) {
        waiting.arrives = at + 5;
    }
    made.sort_by_key(|made| made.arrives);
    made
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn send_is_never_later_than_it_was(stretches in stretches()) {
        let mut history = ClockHistory::new(Timestamp(T - 60));
        for made in lived(&stretches) {
            let found = history.earliest_send(made.reading, Timestamp(made.arrives)).0;
            prop_assert!(found <= made.at + made.ahead, "{} s late", found - made.at);
            prop_assert!(found <= made.arrives && found >= T - 60);
            history.note(made.reading, Timestamp(made.arrives), if made.live { Live } else { Waited });
            if made.live {
                // From now on this boot is known to within an exchange, whatever its wall clock says.
                let again = history.earliest_send(made.reading, Timestamp(made.arrives)).0;
                prop_assert!(made.at - again <= E, "{} s early", made.at - again);
            }
        }
    }

    #[test]
    fn with_a_live_link_and_a_right_clock_send_is_what_it_was(since in 0_u32..90_000, exchange in 0_i64..=5, off in -3_i64..=3) {
        let mut history = ClockHistory::new(Timestamp(T - 60));
        history.note(reading(T, Kept, 3, 10), Timestamp(T + 10 + exchange), Live);
        let sent = T + i64::from(since);
        let found = history.earliest_send(reading(sent + off, Kept, 3, since), Timestamp(sent + exchange)).0;
        prop_assert!((found - sent).abs() <= 5, "{} s", found - sent);
    }
}
