//! The kiosk's store on a disk that rots or is put back: nothing that was kept is lost.
//!
//! Each fault is made on real files, then the store is opened through its public door (a power cut in the middle
//! is in `store_cuts.rs`).
#![cfg(feature = "kiosk")]
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that fails here should stop here"
)]

#[path = "support/kiosk_disk.rs"]
mod kiosk_disk;

use std::fs;
use std::io::{Seek, SeekFrom, Write};

use heard::kiosk::store::{Damage, Kept};
use kiosk_disk::{Disk, demand_kept, envelope, files, flip, length};

const COUNT: u32 = 4;
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
    let pages = (0..size / PAGE).flat_map(|page| [3, 1_500, 4_090].map(|place| page * PAGE + place));
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
    for (told, from, harm, expected, aside) in [
        ("main gone, live log", &cut, gone, Some(Damage::LogAlone), 1),
        ("main empty, live log", &cut, empty, Some(Damage::LogAlone), 1),
        ("main short, live log", &cut, short, Some(Damage::LogAlone), 2),
        ("main rubbish, live log", &cut, rubbish, None, 2),
        ("main gone", &live, gone, Some(Damage::Gone), 0),
        ("main empty", &live, empty, Some(Damage::Gone), 0),
        ("main rubbish", &live, rubbish, None, 1),
        ("whole data partition gone", &live, all, Some(Damage::Gone), 0),
    ] {
        let disk = from.cut();
        harm(&disk);
        let report = disk.demand_all(COUNT, told);
        match expected {
            Some(_) => assert_eq!(report.guard, expected, "{told}"),
            None => assert!(matches!(report.guard, Some(Damage::Damaged { .. })), "{told}"),
        }
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
            [envelope(3).0.0],
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
                .execute("DELETE FROM envelope WHERE id = ?1", [envelope(3).0.0])
                .unwrap();
        }
        flip(&disk.spooled(3), 77, 1);
        if drop_file {
            fs::remove_file(disk.spooled(3)).unwrap();
        }
        for expected in [1, 0] {
            let (mut store, report) = disk.open();
            assert_eq!(report.quarantined, expected, "{told}: told once");
            assert_eq!((store.counts().queued, store.counts().quarantined), (3, 1), "{told}");
            assert!(store.read(&envelope(3).0).is_err(), "{told}: never given out");
            assert!(!store.window(64).contains(&envelope(3).0), "{told}: never sent");
        }
        let (mut store, _) = disk.open();
        let (id, bytes) = envelope(3);
        assert_eq!(store.keep(&id, &bytes), Ok(Kept::Both), "{told}: whole bytes heal it");
        demand_kept(&mut store, COUNT, told);
    }
}

#[test]
fn a_database_that_rots_under_the_running_kiosk_is_made_anew_and_says_so() {
    const MANY: u32 = 200;
    let (disk, mut store) = Disk::enrolled(MANY);
    store.checkpoint().unwrap();
    drop(store);
    let (mut store, report) = disk.open();
    assert!(!report.needs_attention());
    // More pages than SQLite remembers; everything behind the first is overwritten.
    let size = length(&disk.database());
    let mut file = fs::File::options().write(true).open(disk.database()).unwrap();
    file.seek(SeekFrom::Start(PAGE as u64)).unwrap();
    file.write_all(&vec![0xee; size - PAGE]).unwrap();
    demand_kept(&mut store, MANY, "rotten while running");
    let (id, bytes) = envelope(MANY);
    assert_eq!(store.keep(&id, &bytes), Ok(Kept::Both));
    assert!(
        disk.places().data.join("aside/0/outbox.db").exists(),
        "the rotten file is set aside"
    );
    let (openings, told) = store.openings();
    assert!(openings > 1 && told.guard.is_some(), "and not kept secret: {told:?}");
    drop(store);
    let report = disk.demand_all(MANY + 1, "opened again");
    assert_eq!(report.guard, None);
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
    assert_eq!((report.copied_to_database, report.settings_recovered), (2, 2));
    demand_kept(&mut store, COUNT, "older database");
    assert_eq!(store.next_boot(), Ok(3));
    assert!(
        store.next_counter().unwrap() > *used.last().unwrap(),
        "no counter twice"
    );
}
