//! The kiosk's store on a disk that fills up: what is new is refused, what is old is kept, and the ballast goes first.
//!
//! Needs an account that may mount a small disk; says so and passes where it may not.
#![cfg(feature = "kiosk")]
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that fails here should stop here"
)]

#[path = "support/kiosk_disk.rs"]
mod kiosk_disk;

use std::process::Command;

use heard::kiosk::store::{Kept, Places, Store, StoreError};
use heard::time::Timestamp;
use kiosk_disk::envelope;

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
            Ok(Kept::Both) => kept += 1,
            Ok(once) => assert_eq!(once, Kept::SpoolOnly, "a disk may fill up between the two copies"),
            Err(error) => break error,
        }
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
    let queued: Vec<_> = store.window(10_000);
    for number in 0..kept {
        let (id, bytes) = envelope(number);
        assert!(
            queued.contains(&id) && store.read(&id).unwrap() == Some(bytes),
            "{number} of {kept}"
        );
    }
    for number in 0..kept {
        store.delivered(&envelope(number).0, b"signed", Timestamp(0)).unwrap();
    }
    assert!(store.counts().queued <= 1);
}
