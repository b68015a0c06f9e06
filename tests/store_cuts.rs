//! The kiosk's store when it is cut off in the middle, killed, or out of disk space: what was called kept is there.
//!
//! Each moment is composed of real files or made by a real kill, then the store is opened through its public door. It
//! does not claim what only a disk that lies about syncing can show.
#![cfg(feature = "kiosk")]
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a test that fails here should stop here"
)]

#[path = "support/kiosk_disk.rs"]
mod kiosk_disk;

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use heard::kiosk::store::{Kept, Places, Store, StoreError};
use heard::time::Timestamp;
use kiosk_disk::{Disk, demand_kept, envelope, files};

const COUNT: u32 = 4;
const PAGE: usize = 4_096;

#[test]
fn a_cut_between_any_two_steps_leaves_one_report() {
    let (whole, store) = Disk::enrolled(COUNT);
    drop(store);

    let half = whole.cut();
    half.raw()
        .execute("DELETE FROM envelope WHERE id = ?1", [envelope(3).0.0])
        .unwrap();
    let report = half.demand_all(COUNT, "file written, row not yet");
    assert_eq!((report.copied_to_database, report.guard), (1, None));

    let part = whole.cut();
    fs::write(part.places().spool.join(format!("{}.part", envelope(9).0)), [1; 5_000]).unwrap();
    let report = part.demand_all(COUNT, "file half written");
    assert_eq!(report.parts_removed, 1);
    assert!(
        files(&part.places().spool)
            .iter()
            .all(|path| path.extension().is_none())
    );

    let (buried, mut store) = Disk::enrolled(COUNT + 1);
    let before = buried.cut();
    let last = envelope(COUNT).0;
    assert_eq!(store.delivered(&last, b"signed", Timestamp(1_790_000_000)), Ok(()));
    drop(store);
    before.demand_all(COUNT + 1, "acknowledged, nothing written yet");
    fs::copy(before.spooled(COUNT), buried.spooled(COUNT)).unwrap();
    let report = buried.demand_all(COUNT, "tombstone written, file still there");
    assert_eq!(report.delivered_removed, 1);
    assert!(!buried.spooled(COUNT).exists());
    assert!(buried.open().0.has_tombstone(&last));
}

#[test]
fn a_cut_between_file_and_row_gives_no_number_twice() {
    // 64 and 65: the second number raises the ceiling.
    for kept_before in [1, 63, 64, 65] {
        let (disk, mut store) = Disk::enrolled(0);
        for number in 0..kept_before {
            assert_eq!(store.take_counter(), Ok(number + 1));
            let (id, bytes) = envelope(number);
            assert_eq!(store.keep(&id, &bytes), Ok(Kept::Both));
        }
        let used = store.take_counter().unwrap();
        let (id, bytes) = envelope(kept_before);
        let before = disk.cut();
        assert_eq!(store.keep(&id, &bytes), Ok(Kept::Both));
        drop(store);
        fs::copy(disk.spooled(kept_before), before.spooled(kept_before)).unwrap();
        let (mut store, report) = before.open();
        assert_eq!(report.copied_to_database, 1);
        let next = store.take_counter().unwrap();
        assert!(next > used, "{next} after {used} that was in the spool alone");
        assert_eq!(disk.open().0.next_counter(), Ok(used + 1), "kept whole, so no gap");
    }
}

#[test]
fn a_cut_while_the_database_is_made_anew_is_gone_on_from() {
    let (live, store) = Disk::enrolled(COUNT);
    let cut = live.cut();
    drop(store);
    let at = |disk: &Disk, end: &str| disk.places().data.join(format!("outbox.db{end}"));

    let begun = cut.cut();
    fs::write(begun.database(), [0x5a; 2 * PAGE]).unwrap();
    fs::write(at(&begun, ".rebuilding"), [1; 9_000]).unwrap();
    fs::write(at(&begun, ".salvage"), [2; 9_000]).unwrap();
    begun.demand_all(COUNT, "cut while salvaging");

    let made = cut.cut();
    fs::copy(live.database(), at(&made, ".rebuilt")).unwrap();
    made.demand_all(COUNT, "cut before the old one was set aside");

    let aside = cut.cut();
    fs::copy(live.database(), at(&aside, ".rebuilt")).unwrap();
    fs::remove_file(aside.database()).unwrap();
    aside.demand_all(COUNT, "cut between the old main file and its log");

    for disk in [begun, made, aside] {
        let left: Vec<_> = files(&disk.places().data)
            .into_iter()
            .filter(|path| path.to_string_lossy().contains(".re"))
            .collect();
        assert!(left.is_empty(), "{left:?}");
    }
}

#[test]
fn killed_at_any_moment_nothing_that_was_called_kept_is_lost() {
    let mut shown = 0;
    for round in 0..6 {
        let (disk, store) = Disk::enrolled(0);
        drop(store);
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "keeps_until_killed", "--ignored", "--nocapture"])
            .env("STORE_FAULTS_DATA", disk.places().data)
            .env("STORE_FAULTS_SPOOL", disk.places().spool)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut kept = lines
            .map_while(Result::ok)
            .filter_map(|line| line.strip_prefix("kept ")?.parse::<u32>().ok());
        let last = kept.by_ref().take(3 + round).last().unwrap();
        // Somewhere inside the next keep.
        let until = Instant::now() + Duration::from_micros(u64::from(round as u32) * 700);
        while Instant::now() < until {}
        child.kill().unwrap();
        let last = kept.last().unwrap_or(last);
        child.wait().unwrap();
        let (mut store, report) = disk.open();
        assert_eq!(
            (report.guard, report.quarantined, report.set_aside),
            (None, 0, 0),
            "{report:?}"
        );
        let there = store.counts().queued as u32;
        assert!(there == last + 1 || there == last + 2, "{last} shown, {there} there");
        demand_kept(&mut store, there, "after the kill");
        shown += last;
    }
    assert!(shown > 10);
}

#[test]
#[ignore = "runs as the victim of the test above"]
fn keeps_until_killed() {
    let (Some(data), Some(spool)) = (
        std::env::var_os("STORE_FAULTS_DATA"),
        std::env::var_os("STORE_FAULTS_SPOOL"),
    ) else {
        return;
    };
    let (mut store, _) = Store::open(&Places {
        data: data.into(),
        spool: spool.into(),
    })
    .unwrap();
    for number in 0..10_000 {
        let (id, bytes) = envelope(number);
        assert_eq!(store.keep(&id, &bytes), Ok(Kept::Both));
        println!("\nkept {number}");
        if number % 3 == 2 {
            store.checkpoint().unwrap();
        }
    }
}

#[test]
fn a_full_disk_refuses_what_is_new_and_keeps_what_is_old() {
    let folder = tempfile::tempdir().unwrap();
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=44m", "heard"])
        .arg(folder.path())
        .output();
    if !mounted.is_ok_and(|output| output.status.success()) {
        println!("skipped: this account may not mount a small disk");
        return;
    }
    let told = std::panic::catch_unwind(|| fill_the_disk(&Places::within(&folder.path().join("heard"))));
    let unmounted = Command::new("umount").arg(folder.path()).status();
    told.unwrap();
    assert!(unmounted.unwrap().success());
}

fn fill_the_disk(places: &Places) {
    let mut store = Store::create(places).unwrap();
    store.checkpoint().unwrap();
    assert!(store.capacity().room, "{:?}", store.capacity());
    let ballast = places.data.join("ballast");
    assert!(ballast.exists());
    let (mut kept, mut closed_at) = (0, None);
    let refused = loop {
        let (id, bytes) = envelope(kept);
        match store.keep(&id, &bytes) {
            Ok(copies) => assert_eq!(copies, Kept::Both),
            Err(error) => break error,
        }
        kept += 1;
        if closed_at.is_none() && !store.capacity().room {
            closed_at = Some(kept);
        }
        assert!(kept < 3_000, "the disk never filled up");
    };
    assert_eq!(refused, StoreError::Full);
    assert!(!ballast.exists(), "given back first");
    assert!(
        closed_at.unwrap() + 50 < kept,
        "out of service long before: {closed_at:?} of {kept}"
    );

    // Somebody else takes the very last byte.
    let log = places.data.join("somebody-elses.log");
    let taken = std::io::copy(&mut std::io::repeat(1), &mut fs::File::create(&log).unwrap());
    assert!(taken.is_err(), "not full");
    let note = [3; 2_048];
    let notes: Vec<_> = (1..=64).map(|sequence| (sequence, note.as_slice())).collect();
    assert_eq!(store.add_notes(&notes), Err(StoreError::Full));
    drop(store);
    let (mut store, report) = Store::open(places).unwrap();
    assert_eq!(
        (report.guard, report.database_error),
        (None, None),
        "full is not damaged"
    );
    demand_kept(&mut store, kept, "full disk");

    fs::remove_file(&log).unwrap();
    assert_eq!(store.add_notes(&notes), Ok(()));
    for number in 0..kept {
        store.delivered(&envelope(number).0, b"signed", Timestamp(0)).unwrap();
    }
    assert_eq!(store.counts().queued, 0);
    let (id, bytes) = envelope(kept);
    assert_eq!(store.keep(&id, &bytes), Ok(Kept::Both), "room again");
}
