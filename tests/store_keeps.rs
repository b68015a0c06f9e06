//! What the kiosk's store does on a good disk: keep, read, forget, remember, and refuse.
//!
//! Through the public door and the files it leaves. Damage is in `store_faults.rs`.
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
use std::ops::ControlFlow;
use std::time::{Instant, UNIX_EPOCH};

use heard::id::EnvelopeId;
use heard::kiosk::store::{Counts, Kept, Places, Spool, Store, StoreError};
use heard::limits::{BUNDLE_BYTES_MOST, NOTES_KEPT_MOST, STATUS_NOTE_BYTES, TOMBSTONE_DAYS};
use heard::time::Timestamp;
use kiosk_disk::{Disk, demand_kept, envelope, files};

#[test]
fn keeping_twice_is_keeping_once() {
    let (disk, mut store) = Disk::enrolled(3);
    for number in [0, 1, 1, 2] {
        let (id, bytes) = envelope(number);
        assert_eq!(store.keep(&id, &bytes), Ok(Kept::Both));
    }
    demand_kept(&mut store, 3, "kept twice");
    drop(store);
    let report = disk.demand_all(3, "kept twice, opened again");
    assert_eq!((report.rows, report.spool_files), (3, 3));
}

#[test]
fn bytes_under_another_digest_are_refused() {
    let (_disk, mut store) = Disk::enrolled(0);
    let refused = store.keep(&envelope(1).0, &envelope(2).1);
    assert!(matches!(refused, Err(StoreError::Limit { .. })), "{refused:?}");
    assert_eq!(store.counts(), Counts::default());
}

#[test]
fn every_promise_of_the_connection_reads_back_and_the_files_tell_nothing() {
    let (disk, mut store) = Disk::enrolled(3);
    let expected = [
        ("page_size", "4096"),
        ("locking_mode", "exclusive"),
        ("mmap_size", "0"),
        ("journal_mode", "wal"),
        ("synchronous", "3"),
        ("cell_size_check", "1"),
        ("trusted_schema", "0"),
        ("secure_delete", "1"),
        ("foreign_keys", "1"),
        ("temp_store", "2"),
        ("wal_autocheckpoint", "0"),
    ];
    let found = store.pragmas().unwrap();
    assert_eq!(
        found
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect::<Vec<_>>(),
        expected
    );

    store.checkpoint().unwrap();
    assert_eq!(fs::metadata(disk.wal()).unwrap().len(), 0, "the log is cut");
    assert!(!disk.places().data.join("outbox.db-shm").exists(), "no shared memory");
    let ids = Spool::at(&disk.places().spool).ids().unwrap();
    assert_eq!(ids.len(), 3);
    for entry in fs::read_dir(&disk.places().spool).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        assert!(name == "settings" || EnvelopeId::parse(&name).is_ok(), "{name}");
    }
    for path in files(&disk.places().spool)
        .iter()
        .chain([&disk.database(), &disk.wal()])
    {
        assert_eq!(
            fs::metadata(path).unwrap().modified().unwrap(),
            UNIX_EPOCH,
            "{}",
            path.display()
        );
    }
}

#[test]
fn one_program_at_a_time_and_only_where_a_store_is() {
    let (disk, mut store) = Disk::enrolled(2);
    let busy = Store::open(&disk.places()).err().unwrap();
    assert_eq!(busy, StoreError::Busy);
    assert!(busy.can_retry());
    assert_eq!(busy.to_string(), "the kiosk is running; use its attendant page");
    demand_kept(&mut store, 2, "after somebody else tried");
    drop(store);
    assert!(matches!(
        Store::create(&disk.places()).err(),
        Some(StoreError::Exists { .. })
    ));
    disk.demand_all(2, "after creating was refused");

    let nowhere = Disk::empty();
    assert!(matches!(
        Store::open(&nowhere.places()).err(),
        Some(StoreError::Missing { .. })
    ));
    assert!(!nowhere.places().data.exists(), "opening makes nothing");
    fs::create_dir_all(nowhere.places().data).unwrap();
    assert!(matches!(
        Store::open(&nowhere.places()).err(),
        Some(StoreError::Missing { .. })
    ));
    assert!(!nowhere.database().exists(), "opening makes nothing");
    drop(Store::create(&nowhere.places()).unwrap());
    assert_eq!(nowhere.open().1.rows, 0);
}

#[test]
fn what_was_delivered_is_gone_from_both_copies_and_remembered_for_a_while() {
    let (disk, mut store) = Disk::enrolled(3);
    let (id, bytes) = envelope(1);
    let day = 86_400;
    let now = Timestamp(1_790_000_000);
    assert!(matches!(
        store.delivered(&id, &[1; 257], now),
        Err(StoreError::Limit { .. })
    ));
    assert_eq!(store.delivered(&id, b"first", now), Ok(()));
    assert_eq!(store.delivered(&id, b"again", now), Ok(()));
    assert!(!disk.spooled(1).exists());
    assert_eq!(store.read(&id), Ok(None));
    assert_eq!(store.keep(&id, &bytes), Ok(Kept::AlreadyDelivered));
    drop(store);

    let (mut store, _) = disk.open();
    assert_eq!(store.counts().queued, 2);
    assert_eq!(store.acknowledgement(&id), Ok(Some(b"first".to_vec())));
    assert_eq!(store.prune_tombstones(now.after_seconds(TOMBSTONE_DAYS * day)), Ok(0));
    assert!(store.has_tombstone(&id));
    assert_eq!(
        store.prune_tombstones(now.after_seconds((TOMBSTONE_DAYS + 1) * day)),
        Ok(1)
    );
    assert!(!store.has_tombstone(&id));
    store.checkpoint().unwrap();
    drop(store);
    let main = fs::read(disk.database()).unwrap();
    assert!(
        !main.windows(64).any(|window| window == &bytes[4_096..4_160]),
        "overwritten, not only unlinked"
    );
}

#[test]
fn what_was_refused_is_kept_and_not_sent_again() {
    let (disk, mut store) = Disk::enrolled(4);
    let id = envelope(2).0;
    assert_eq!(store.refused(&id), Ok(()));
    assert_eq!(store.refused(&envelope(77).0), Ok(()));
    assert_eq!(store.keep(&id, &envelope(2).1), Ok(Kept::Both));
    drop(store);
    let (mut store, _) = disk.open();
    assert_eq!(
        store.counts(),
        Counts {
            queued: 3,
            refused: 1,
            quarantined: 0
        }
    );
    assert!(!store.window(64).contains(&id));
    assert_eq!(store.read(&id), Ok(Some(envelope(2).1)));
}

#[test]
fn the_window_goes_round_so_that_nobody_waits_behind_a_failing_one() {
    let (_disk, store) = Disk::enrolled(7);
    let all = store.window(64);
    assert_eq!(store.window(3), all[..3]);
    assert_eq!(store.window_after(&all[4], 4), [all[5], all[6], all[0], all[1]]);
    assert_eq!(store.window_after(&all[6], 99).len(), 7);
}

#[test]
fn settings_outlive_the_process_and_numbers_only_grow() {
    let (disk, mut store) = Disk::enrolled(0);
    assert_eq!((store.next_boot(), store.next_boot()), (Ok(2), Ok(3)));
    assert_eq!((store.next_counter(), store.next_counter()), (Ok(1), Ok(2)));
    assert_eq!(store.set_bundle(4, &[9; 5_000]), Ok(()));
    for (sequence, length) in [(4, 1), (3, 1), (5, BUNDLE_BYTES_MOST + 1)] {
        assert!(matches!(
            store.set_bundle(sequence, &vec![1; length]),
            Err(StoreError::Limit { .. })
        ));
    }
    assert_eq!(store.set_bundle(5, &vec![1; BUNDLE_BYTES_MOST]), Ok(()));
    assert_eq!(store.set_anchor(b"anchor"), Ok(()), "the same again");
    assert!(matches!(store.set_anchor(b"other"), Err(StoreError::Limit { .. })));
    assert!(matches!(store.set_device_seed(&[8; 32]), Err(StoreError::Limit { .. })));
    for key in ["", "Upper", "../up", "with space", &"a".repeat(41)] {
        assert!(
            matches!(store.set_setting(key, b""), Err(StoreError::Limit { .. })),
            "{key}"
        );
    }
    assert_eq!(store.set_last_acknowledged(Timestamp(50)), Ok(()));
    assert_eq!(store.set_last_acknowledged(Timestamp(40)), Ok(()));
    drop(store);

    let (mut store, report) = disk.open();
    assert_eq!(report.settings_recovered, 0);
    assert_eq!((store.next_boot(), store.next_counter()), (Ok(4), Ok(3)));
    let bundle = store.bundle().unwrap();
    assert!(bundle.sequence == 5 && bundle.bytes == vec![1; BUNDLE_BYTES_MOST]);
    assert_eq!(store.last_acknowledged(), Some(Timestamp(50)));
    assert_eq!(store.setting("nothing"), None);
}

#[test]
fn notes_are_kept_once_newest_first_and_within_their_bound() {
    let (disk, mut store) = Disk::enrolled(0);
    assert_eq!(store.cursor(), Ok(0));
    let note = |fill: u8| [fill; STATUS_NOTE_BYTES];
    assert!(matches!(store.add_note(1, &[0; 12]), Err(StoreError::Limit { .. })));
    assert!(matches!(
        store.add_note(u64::MAX, &note(1)),
        Err(StoreError::Limit { .. })
    ));
    store.add_notes(&[(5, &note(5)), (6, &note(6))]).unwrap();
    store.add_note(5, &note(99)).unwrap();
    drop(store);

    let (mut store, _) = disk.open();
    assert_eq!(store.cursor(), Ok(6));
    let mut seen = Vec::new();
    let look = |sequence, bytes: &[u8; STATUS_NOTE_BYTES]| {
        seen.push((sequence, bytes[0]));
        ControlFlow::Continue(())
    };
    store.visit_notes(look).unwrap();
    assert_eq!(seen, [(6, 6), (5, 5)]);

    let same = note(7);
    let flood: Vec<_> = (7..NOTES_KEPT_MOST as u64 + 7)
        .map(|sequence| (sequence, same.as_slice()))
        .collect();
    store.add_notes(&flood).unwrap();
    let (mut count, mut oldest) = (0, 0);
    store
        .visit_notes(|sequence, _| {
            (count, oldest) = (count + 1, sequence);
            ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!((count, oldest), (NOTES_KEPT_MOST, 7), "the oldest went");
}

#[test]
fn a_lost_database_folder_opens_for_sending_only_when_it_cannot_be_made_anew() {
    let (disk, mut store) = Disk::enrolled(2);
    drop(store);
    // A folder where the database should be: it can neither be opened nor replaced by a file.
    fs::remove_file(disk.database()).unwrap();
    fs::create_dir(disk.database()).unwrap();
    fs::create_dir(disk.places().data.join("outbox.db.rebuilding")).unwrap();
    let report;
    (store, report) = disk.open();
    assert!(report.database_error.is_some(), "{report:?}");
    assert!(!store.capacity().room && !store.capacity().database_works);
    demand_kept(&mut store, 2, "spool only");
    assert_eq!(store.device_seed(), Some([7; 32]), "what sending needs");
    let (id, bytes) = envelope(2);
    assert_eq!(store.keep(&id, &bytes), Ok(Kept::SpoolOnly));
    assert!(store.delivered(&id, b"signed", Timestamp(0)).is_err());
    assert!(!store.window(64).contains(&id), "not sent over and over");
    let counter = store.next_counter().unwrap();
    drop(store);

    fs::remove_dir(disk.database()).unwrap();
    fs::remove_dir(disk.places().data.join("outbox.db.rebuilding")).unwrap();
    let (mut store, _) = disk.open();
    demand_kept(&mut store, 3, "repaired by hand");
    assert!(store.next_counter().unwrap() > counter);
    assert_eq!(store.keep(&envelope(3).0, &envelope(3).1), Ok(Kept::Both));
}

#[test]
fn a_spool_that_refuses_leaves_one_copy_and_closes_the_kiosk() {
    let (disk, mut store) = Disk::enrolled(1);
    store.checkpoint().unwrap();
    assert!(store.capacity().room);
    fs::rename(&disk.places().spool, disk.places().spool.with_extension("away")).unwrap();
    let (id, bytes) = envelope(1);
    assert_eq!(store.keep(&id, &bytes), Ok(Kept::DatabaseOnly));
    assert!(!store.capacity().room && !store.capacity().spool_works);
    fs::rename(disk.places().spool.with_extension("away"), &disk.places().spool).unwrap();
    drop(store);
    let report = disk.demand_all(2, "spool back again");
    assert_eq!(report.copied_to_spool, 1);
}

#[test]
fn hundreds_open_quickly() {
    let (disk, store) = Disk::enrolled(300);
    drop(store);
    fs::remove_file(disk.database()).unwrap();
    for told in ["made anew", "whole"] {
        let begun = Instant::now();
        let (store, report) = disk.open();
        println!("300 envelopes, {told}: {:?}", begun.elapsed());
        assert_eq!(
            (store.counts().queued, report.rows, report.spool_files),
            (300, 300, 300)
        );
        // 10,000 in 5 s is 150 ms; this build is slower and shares its machine.
        assert!(begun.elapsed().as_secs() < 5, "{:?}", begun.elapsed());
    }
}

#[test]
fn folders_may_be_one() {
    let folder = tempfile::tempdir().unwrap();
    let places = Places::within(&folder.path().join("a/b"));
    let mut store = Store::create(&places).unwrap();
    let (id, bytes) = envelope(0);
    assert_eq!(store.keep(&id, &bytes), Ok(Kept::Both));
}

#[test]
fn a_second_copy_that_failed_for_a_while_is_made_whole_and_trusted_again() {
    let (disk, mut store) = Disk::enrolled(2);
    let settings = disk.places().spool.join("settings");
    // Root may write anywhere; a file where a folder should be stops even root.
    fs::remove_dir_all(&settings).unwrap();
    fs::write(&settings, b"").unwrap();
    assert_eq!(store.next_boot(), Ok(2), "the database has it");
    assert!(!store.capacity().spool_works);
    store.checkpoint().unwrap();
    assert!(!store.capacity().spool_works, "nothing was mended");
    // A report that got both its copies does not mend the settings' copy.
    let (id, bytes) = envelope(2);
    store.keep(&id, &bytes).unwrap();
    assert!(!store.capacity().spool_works);
    fs::remove_file(&settings).unwrap();
    store.checkpoint().unwrap();
    assert!(store.capacity().spool_works && store.capacity().room);
    drop(store);
    // All of it is there: the database can go.
    fs::remove_dir_all(disk.places().data)
        .and_then(|()| fs::create_dir(disk.places().data))
        .unwrap();
    let (mut store, _) = disk.open();
    assert_eq!((store.device_seed(), store.next_boot()), (Some([7; 32]), Ok(3)));
    demand_kept(&mut store, 3, "from the spool alone");
}

#[test]
fn reports_that_only_the_database_had_come_to_the_spool_when_it_is_back() {
    let (disk, mut store) = Disk::enrolled(1);
    let (spool, away) = (disk.places().spool, disk.places().data.join("away"));
    fs::rename(&spool, &away).unwrap();
    fs::write(&spool, b"").unwrap();
    let (id, bytes) = envelope(1);
    assert_eq!(store.keep(&id, &bytes), Ok(Kept::DatabaseOnly));
    store.checkpoint().unwrap();
    assert!(!store.capacity().spool_works);
    fs::remove_file(&spool)
        .and_then(|()| fs::rename(&away, &spool))
        .unwrap();
    store.checkpoint().unwrap();
    assert!(store.capacity().spool_works);
    assert!(
        Spool::at(&spool).read(&id).unwrap().is_some(),
        "both copies, without a restart"
    );
}
