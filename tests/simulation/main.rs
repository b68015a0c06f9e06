//! A seeded world judges the whole way of a report: several kiosk machines with people who press, a store that forgets
//! what was not durable, a link that loses, delays and forges, an intake that commits and acknowledges with real pages.
//!
//! `HEARD_SEEDS=n` raises the number of seeds; a failure names its seed. After every step: each code ever shown belongs to
//! a report that is in an outbox or at the intake, nothing was erased before it was committed, nothing is there twice.
//! Once the faults stop, everything arrives and the world goes quiet.
#![allow(clippy::unwrap_used, reason = "a test that fails here should stop here")]

mod intake_stand;
mod kiosk_stand;
#[path = "../support/random_presses.rs"]
mod random_presses;
mod world;

use world::World;

const STEPS: usize = 1_200;
const HOUR_MS: u64 = 3_600_000;

struct Tally {
    delivered: usize,
    codes: usize,
    faults: usize,
}

fn run(seed: u64) -> Tally {
    let mut world = World::new(seed, 3);
    for _ in 0..STEPS {
        world.step();
        world.judge();
    }
    world.end_faults();
    world.advance(2 * HOUR_MS);
    world.judge();
    world.judge_delivered();
    let before = world.intake.exchanges;
    world.advance(2 * HOUR_MS);
    let beats = world.intake.exchanges - before;
    // Between 7.5 and 15 minutes lie between two heartbeats.
    assert!(
        (3 * 8..=3 * 17).contains(&beats),
        "not quiet: {beats} exchanges in two hours"
    );
    Tally {
        delivered: world.intake.committed.len(),
        codes: world.codes_shown(),
        faults: world.intake.faults,
    }
}

#[test]
fn whatever_fails_nothing_shown_as_kept_is_lost() {
    let seeds = std::env::var("HEARD_SEEDS").ok().and_then(|count| count.parse().ok());
    let seeds: u64 = seeds.unwrap_or(16);
    let mut all = Tally {
        delivered: 0,
        codes: 0,
        faults: 0,
    };
    for seed in 1..=seeds {
        let tally = std::panic::catch_unwind(|| run(seed)).unwrap_or_else(|_| panic!("seed {seed}"));
        all.delivered += tally.delivered;
        all.codes += tally.codes;
        all.faults += tally.faults;
    }
    // A world in which nothing happens proves nothing.
    let enough = |count: usize, each: u64| count as u64 >= each * seeds;
    assert!(
        enough(all.delivered, 10) && enough(all.codes, 5) && enough(all.faults, 10),
        "{} {} {}",
        all.delivered,
        all.codes,
        all.faults
    );
}
