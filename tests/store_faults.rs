//! The kiosk's store on a disk that rots, is cut off, fills up or is put back: nothing that was kept is lost.
//!
//! Each fault is made on real files, then the store is opened through its public door (faults F1, F4–F6, F10, F14–F20,
//! F25, F26 of the fault list). It does not claim what only a disk that lies about syncing can show.
#![cfg(feature = "kiosk")]
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that fails here should stop here"
)]

#[path = "support/kiosk_disk.rs"]
mod kiosk_disk;

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use heard::kiosk::store::{Damage, Kept, Places, Store};
use heard::time::Timestamp;
use kiosk_disk::{Disk, demand_kept, envelope, files, flip, length};

const COUNT: u32 = 5;
const PAGE: usize = 4_096;
/// Bytes of a log's header, and of the header of each of its frames.
const WAL_HEADER: usize = 32;
const FRAME_HEADER: usize = 24;

#[test]
fn a_flipped_bit_anywhere_in_the_database_loses_nothing() {
    let (whole, store) = Disk::enrolled(COUNT);
    drop(store);
    let size = length(&whole.database());
    let header = (0..100).step_by(7).chain([16, 18, 19, 20, 24, 28, 44, 47, 60, 68, 96]);
    let pages = (0..size / PAGE).flat_map(|page| [0, 3, 8, 1_500, 4_090].map(|place| page * PAGE + place));
    for place in header.chain(pages) {
        let disk = whole.cut();
        flip(&disk.database(), place, (place % 8) as u8);
        disk.demand_all(COUNT, &format!("main file, byte {place} of {size}"));
    }
}

#[test]
fn a_flipped_bit_anywhere_in_the_log_loses_nothing() {
    let (live, _store) = Disk::enrolled(COUNT);
    let size = length(&live.wal());
    assert!(size > 5 * (PAGE + FRAME_HEADER), "the log is live: {size}");
    let header = [0, 5, 9, 17, 25];
    let frames = (WAL_HEADER..size).step_by(PAGE + FRAME_HEADER);
    let places = frames.flat_map(|frame| [frame + 1, frame + 9, frame + 17, frame + FRAME_HEADER + 700]);
    for place in header.into_iter().chain(places) {
        let disk = live.cut();
        flip(&disk.wal(), place, (place % 8) as u8);
        disk.demand_all(COUNT, &format!("log, byte {place} of {size}"));
    }
}

#[test]
fn a_torn_end_of_the_log_loses_nothing() {
    let (live, _store) = Disk::enrolled(COUNT);
    let size = length(&live.wal());
    for cut in [0, 1, 31, 32, 512, size / 2, size - PAGE, size - 512, size - 1] {
        let disk = live.cut();
        fs::File::options()
            .write(true)
            .open(disk.wal())
            .unwrap()
            .set_len(cut as u64)
            .unwrap();
        disk.demand_all(COUNT, &format!("log cut to {cut} of {size}"));
    }
}

#[test]
fn a_missing_or_empty_database_is_made_anew_from_the_spool() {
    type Harm = fn(&Disk);
    let gone: Harm = |disk| fs::remove_file(disk.database()).unwrap();
    let empty: Harm = |disk| fs::write(disk.database(), b"").unwrap();
    let short: Harm = |disk| fs::write(disk.database(), [0; 100]).unwrap();
    let rubbish: Harm = |disk| fs::write(disk.database(), [0xa5; 3 * PAGE]).unwrap();
    let all: Harm = |disk| {
        fs::remove_dir_all(disk.places().data)
            .and_then(|()| fs::create_dir(disk.places().data))
            .unwrap()
    };
    let (live, store) = Disk::enrolled(COUNT);
    let cut = live.cut();
    drop(store);
    let not_a_database = Some(Damage::Damaged {
        what: "opening the database",
    });
    for (told, from, harm, expected, aside) in [
        ("main gone, live log", &cut, gone, Some(Damage::LogAlone), 1),
        ("main empty, live log", &cut, empty, Some(Damage::LogAlone), 2),
        ("main short, live log", &cut, short, Some(Damage::LogAlone), 2),
        ("main rubbish, live log", &cut, rubbish, not_a_database, 2),
        ("main gone", &live, gone, Some(Damage::Gone), 0),
        ("main empty", &live, empty, Some(Damage::Gone), 1),
        ("main rubbish", &live, rubbish, not_a_database, 1),
        ("whole data partition gone", &live, all, Some(Damage::Gone), 0),
    ] {
        let disk = from.cut();
        harm(&disk);
        let report = disk.demand_all(COUNT, told);
        assert_eq!(report.guard, expected, "{told}");
        assert_eq!(report.copied_to_database, COUNT as usize, "{told}");
        let kept_aside = disk.places().data.join("aside").join("0");
        assert_eq!(
            if kept_aside.exists() {
                files(&kept_aside).len()
            } else {
                0
            },
            aside,
            "{told}: set aside, not deleted"
        );
    }
}

#[test]
fn a_damaged_spool_is_repaired_from_the_database() {
    type Harm = fn(&Disk);
    let harms: [(&str, Harm, usize, usize); 8] = [
        ("bit flipped", |disk| flip(&disk.spooled(2), 9_000, 3), 1, 1),
        (
            "file cut",
            |disk| fs::write(disk.spooled(2), &fs::read(disk.spooled(2)).unwrap()[..700]).unwrap(),
            1,
            1,
        ),
        ("file empty", |disk| fs::write(disk.spooled(2), b"").unwrap(), 1, 1),
        (
            "file longer",
            |disk| fs::write(disk.spooled(2), [1; 40_000]).unwrap(),
            1,
            1,
        ),
        ("file gone", |disk| fs::remove_file(disk.spooled(2)).unwrap(), 0, 1),
        (
            "file under another name",
            |disk| fs::rename(disk.spooled(2), disk.spooled(99)).unwrap(),
            1,
            1,
        ),
        (
            "spool gone",
            |disk| fs::remove_dir_all(disk.places().spool).unwrap(),
            0,
            COUNT as usize,
        ),
        (
            "a stranger's file",
            |disk| fs::write(disk.places().spool.join("README"), b"hello").unwrap(),
            0,
            0,
        ),
    ];
    let (whole, store) = Disk::enrolled(COUNT);
    drop(store);
    for (told, harm, aside, copied) in harms {
        let disk = whole.cut();
        harm(&disk);
        let report = disk.demand_all(COUNT, told);
        assert_eq!((report.set_aside, report.copied_to_spool), (aside, copied), "{told}");
        let quarantine = disk.places().spool.join("quarantine");
        assert_eq!(
            if quarantine.exists() {
                files(&quarantine).len()
            } else {
                0
            },
            aside,
            "{told}: not deleted"
        );
    }
}

#[test]
fn an_envelope_damaged_in_both_copies_is_quarantined_and_the_others_are_not() {
    let (whole, store) = Disk::enrolled(COUNT);
    drop(store);
    let harm_row = |disk: &Disk| {
        let changed = disk.raw().execute(
            "UPDATE envelope SET bytes = zeroblob(16384) WHERE id = ?1",
            [envelope(4).0.0],
        );
        assert_eq!(changed, Ok(1));
    };
    for (told, drop_row, drop_file) in [
        ("both damaged", false, false),
        ("damaged row, no file", false, true),
        ("no row, damaged file", true, false),
    ] {
        let disk = whole.cut();
        harm_row(&disk);
        if drop_row {
            disk.raw()
                .execute("DELETE FROM envelope WHERE id = ?1", [envelope(4).0.0])
                .unwrap();
        }
        flip(&disk.spooled(4), 77, 1);
        if drop_file {
            fs::remove_file(disk.spooled(4)).unwrap();
        }
        for expected in [1, 0] {
            let (mut store, report) = disk.open();
            assert_eq!(report.quarantined, expected, "{told}: told once");
            assert_eq!((store.counts().queued, store.counts().quarantined), (4, 1), "{told}");
            assert!(store.read(&envelope(4).0).is_err(), "{told}: never given out");
            assert!(!store.window(64).contains(&envelope(4).0), "{told}: never sent");
        }
        let (mut store, _) = disk.open();
        let (id, bytes) = envelope(4);
        assert_eq!(store.keep(&id, &bytes), Ok(Kept::Both), "{told}: whole bytes heal it");
        demand_kept(&mut store, COUNT, told);
    }
}

#[test]
fn rot_that_comes_while_the_kiosk_runs_is_repaired_on_reading() {
    let (disk, store) = Disk::enrolled(COUNT);
    drop(store);
    let (mut store, _) = disk.open();
    store.checkpoint().unwrap();
    let (id, bytes) = envelope(1);
    let main = fs::read(disk.database()).unwrap();
    let place = main
        .windows(32)
        .position(|window| window == &bytes[12_000..12_032])
        .unwrap();
    drop(store);
    flip(&disk.database(), place, 0);
    let (mut store, report) = disk.open();
    assert_eq!(report.copied_to_database, 1, "found at start");
    fs::remove_file(disk.spooled(1)).unwrap();
    assert!(store.read(&id).unwrap() == Some(bytes), "and whole since");
}

#[test]
fn an_older_database_put_back_forgets_neither_envelopes_nor_numbers() {
    let (disk, mut store) = Disk::enrolled(2);
    store.checkpoint().unwrap();
    assert_eq!(store.next_counter(), Ok(1));
    let older = disk.cut();
    for number in 2..COUNT {
        let (id, bytes) = envelope(number);
        store.keep(&id, &bytes).unwrap();
    }
    let used: Vec<_> = (0..70).map(|_| store.next_counter().unwrap()).collect();
    assert_eq!(store.next_boot(), Ok(2));
    drop(store);
    fs::remove_file(disk.wal()).ok();
    fs::copy(older.database(), disk.database()).unwrap();
    let (mut store, report) = disk.open();
    assert_eq!((report.copied_to_database, report.settings_recovered), (3, 2));
    demand_kept(&mut store, COUNT, "older database");
    assert_eq!(store.next_boot(), Ok(3));
    assert!(
        store.next_counter().unwrap() > *used.last().unwrap(),
        "no counter twice"
    );
}

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
