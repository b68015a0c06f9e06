//! The doctor holds the landlord's sentences against the signed bundle, and starting a kiosk looks after its store.
#![cfg(all(feature = "kiosk", feature = "intake", feature = "desk"))]
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "support/kiosk_world.rs"]
mod kiosk_world;

use std::path::Path;
use std::sync::mpsc::channel;

use heard::desk::builtin_files;
use heard::id::EnvelopeId;
use heard::kiosk::store::StartReport;
use heard::kiosk::{Command, Config, examine, run, start};
use heard::limits::{BALLAST_BYTES, TOMBSTONE_DAYS};
use heard::pinned::RELEASED;
use heard::time::Timestamp;
use heard::wire::{BundleFile, PROOF_BYTES};
use kiosk_world::World;

/// The built-in files with other words in the site's facts.
fn site(changes: &[(&str, &str)]) -> Vec<BundleFile> {
    let mut files = builtin_files();
    let site = files.iter_mut().find(|file| file.path == "site.toml").unwrap();
    let mut text = String::from_utf8(site.bytes.clone()).unwrap();
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    site.bytes = text.into_bytes();
    files
}

/// Lines that are not good, of a kiosk with these facts.
fn bad_lines(changes: &[(&str, &str)]) -> Vec<String> {
    let world = World::new(&[1]);
    world.enrol_with("kiosk", "https://localhost:1", 1, site(changes));
    let (mut worker, _) = world.open("kiosk");
    worker.store_mut().checkpoint().unwrap();
    let findings = examine(&worker, &StartReport::default());
    findings
        .into_iter()
        .filter(|finding| !finding.good)
        .map(|finding| finding.line)
        .collect()
}

/// The made-up landlord with the mark of a demonstration taken off.
const REAL: (&str, &str) = ("demonstration = true", "demonstration = false");

#[test]
fn a_promise_that_the_bundle_does_not_bear_out_is_refused() {
    assert_eq!(bad_lines(&[REAL]), [""; 0], "good facts, good findings");
    for (change, part) in [
        (
            ("rota-telephone = \"01632 960199\"", "rota-telephone = \"\""),
            "24 hours may NOT be promised",
        ),
        (
            ("rota-covers-weekends = true", "rota-covers-weekends = false"),
            "24 hours may NOT be promised",
        ),
        (
            ("rota-covers-bank-holidays = true", "rota-covers-bank-holidays = false"),
            "24 hours may NOT be promised",
        ),
        (
            ("nobody-here-reads = true", "nobody-here-reads = false"),
            "nobody in this office can read it",
        ),
        (
            ("only-team-opens = true", "only-team-opens = false"),
            "only the specialist team opens it",
        ),
        (("landlord = ", "landlord = "), ""),
    ] {
        let lines = bad_lines(&[REAL, change]);
        let expected = usize::from(!part.is_empty());
        assert_eq!(lines.len(), expected, "{change:?}: {lines:?}");
        assert!(lines.iter().all(|line| line.contains(part)), "{change:?}: {lines:?}");
    }
    let lines = bad_lines(&[]);
    assert!(lines.len() == 1 && lines[0].contains("made-up landlord"), "{lines:?}");
}

#[test]
fn the_doctor_exits_with_two_when_something_is_to_be_looked_at_and_tells_no_count() {
    let world = World::new(&[1]);
    world.enrol_with("kiosk", "https://localhost:1", 1, site(&[REAL]));
    let ask = || run(&Command::Doctor, &world.config("kiosk")).unwrap();
    let well = ask();
    assert_eq!(well.exit_code, 0, "{}", well.text);
    let (mut worker, clock) = world.open("kiosk");
    let envelope = worker.heartbeat(clock.now().clock, 0).unwrap();
    worker.store_mut().keep(&envelope.id(), envelope.bytes()).unwrap();
    drop(worker);
    assert_eq!(ask().text, well.text, "a report that waits changes no line (SAFETY 27)");
    let (mut worker, _) = world.open("kiosk");
    worker.refuse(envelope.id());
    drop(worker);
    let badly = ask();
    assert_eq!(badly.exit_code, 2);
    assert!(badly.text.contains("LOOK  something is set aside"), "{}", badly.text);
}

#[test]
fn starting_a_kiosk_forgets_old_tombstones_by_the_intakes_clock_and_sets_the_ballast_aside() {
    let world = World::new(&[1]);
    world.enrol("kiosk", "https://localhost:1", 1);
    let (mut worker, clock) = world.open("kiosk");
    let (old, young) = (EnvelopeId([1; 32]), EnvelopeId([2; 32]));
    let days = |days: i64| Timestamp(RELEASED.0 + days * 86_400);
    worker.heard_from_intake(days(1));
    worker.settle(old, &[0; PROOF_BYTES]);
    worker.heard_from_intake(days(50));
    worker.settle(young, &[0; PROOF_BYTES]);
    worker.heard_from_intake(days(TOMBSTONE_DAYS + 2));
    let (shown, views) = channel();
    let running = start(worker, None, clock, move |view| drop(shown.send(view)));
    views.recv().unwrap();
    let worker = running.stop().unwrap();
    assert!(!worker.store().has_tombstone(&old));
    assert!(worker.store().has_tombstone(&young));
    let ballast = world.places("kiosk").data.join("ballast");
    assert_eq!(std::fs::metadata(ballast).unwrap().len(), BALLAST_BYTES);
}

#[test]
fn the_doctor_says_whether_both_copies_can_be_lost_together() {
    use std::os::unix::fs::MetadataExt;

    let world = World::new(&[1]);
    world.enrol_with("kiosk", "https://localhost:1", 1, site(&[REAL]));
    let mut config = world.config("kiosk");
    let ask = |config: &Config| run(&Command::Doctor, config).unwrap();
    let one = ask(&config);
    assert!(
        one.exit_code == 0 && one.text.contains("good  both copies are on one partition"),
        "{}",
        one.text
    );
    let device = |path: &Path| std::fs::metadata(path).map(|about| about.dev()).unwrap();
    for (folder, line) in [
        ("/", "LOOK  the spool is configured apart"),
        ("/dev/shm", "good  each copy is on a partition"),
    ] {
        let Ok(apart) = tempfile::tempdir_in(if folder == "/" { "/var/tmp" } else { folder }) else {
            continue;
        };
        let is_root = device(apart.path()) == device(Path::new("/"));
        if is_root != (folder == "/") || (!is_root && device(apart.path()) == device(world.folder.path())) {
            continue;
        }
        config.places.spool = apart.path().join("spool");
        let told = ask(&config);
        assert!(told.text.contains(line), "{}", told.text);
    }
}
