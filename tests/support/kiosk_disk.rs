//! A kiosk's disk for tests of the store: real folders, made-up envelopes, and ways to copy and harm them.
//!
//! Used by the `store_*` tests. It refuses to look into the store except through its public door and its files.
#![allow(dead_code, unreachable_pub, reason = "each test file uses its own part of it")]

use std::fs;
use std::path::{Path, PathBuf};

use heard::id::EnvelopeId;
use heard::kiosk::store::{Kept, Places, StartReport, Store};
use heard::limits::ENVELOPE_BYTES;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

pub type Bytes = Box<[u8; ENVELOPE_BYTES]>;

/// Made-up sealed bytes, different for each number.
pub fn envelope(number: u32) -> (EnvelopeId, Bytes) {
    let mut bytes: Bytes = vec![0; ENVELOPE_BYTES].into_boxed_slice().try_into().unwrap();
    for (place, block) in bytes.chunks_mut(32).enumerate() {
        let seed = [number.to_le_bytes(), (place as u32).to_le_bytes()].concat();
        block.copy_from_slice(&Sha256::digest(seed));
    }
    (EnvelopeId(Sha256::digest(bytes.as_slice()).into()), bytes)
}

/// Two folders that stand for two partitions.
pub struct Disk {
    folder: TempDir,
}

impl Disk {
    pub fn empty() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub fn places(&self) -> Places {
        Places {
            data: self.folder.path().join("data/heard"),
            spool: self.folder.path().join("other/spool"),
        }
    }

    /// An enrolled kiosk with envelopes 0 up to `count` in both copies. The store is still open.
    pub fn enrolled(count: u32) -> (Self, Store) {
        let disk = Self::empty();
        let mut store = Store::create(&disk.places()).unwrap();
        store.set_device_seed(&[7; 32]).unwrap();
        store.set_anchor(b"anchor").unwrap();
        assert_eq!(store.next_boot(), Ok(1));
        for number in 0..count {
            let (id, bytes) = envelope(number);
            assert_eq!(store.keep(&id, &bytes), Ok(Kept::Both));
        }
        (disk, store)
    }

    /// The disk as a power cut at this moment would leave it, all writes so far having arrived.
    pub fn cut(&self) -> Self {
        let other = Self::empty();
        copy_folder(self.folder.path(), other.folder.path());
        other
    }

    pub fn database(&self) -> PathBuf {
        self.places().data.join("outbox.db")
    }

    pub fn wal(&self) -> PathBuf {
        self.places().data.join("outbox.db-wal")
    }

    pub fn spooled(&self, number: u32) -> PathBuf {
        self.places().spool.join(envelope(number).0.to_string())
    }

    pub fn open(&self) -> (Store, StartReport) {
        Store::open(&self.places()).unwrap()
    }

    /// The database by another door, while the store is closed.
    pub fn raw(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.database()).unwrap()
    }

    /// Opens, and demands that envelopes 0 up to `count` are each there once, byte for byte, and that a second start
    /// finds nothing left to repair. Answers what the first start told.
    pub fn demand_all(&self, count: u32, told: &str) -> StartReport {
        let (mut store, report) = Store::open(&self.places()).unwrap_or_else(|error| panic!("{told}: {error}"));
        demand_kept(&mut store, count, told);
        assert_eq!(store.device_seed(), Some([7; 32]), "{told}: the kiosk's key");
        assert_eq!(
            store.anchor().as_deref(),
            Some(b"anchor".as_slice()),
            "{told}: the anchor"
        );
        assert_eq!(store.next_boot(), Ok(2), "{told}: the number of starts");
        drop(store);
        let (mut store, again) = self.open();
        demand_kept(&mut store, count, told);
        assert!(!again.needs_attention(), "{told}: the second start found {again:?}");
        assert_eq!(
            (again.copied_to_database, again.copied_to_spool),
            (0, 0),
            "{told}: repaired once"
        );
        report
    }
}

pub fn demand_kept(store: &mut Store, count: u32, told: &str) {
    let mut expected: Vec<_> = (0..count).map(|number| envelope(number).0).collect();
    expected.sort();
    assert_eq!(store.window(10_000), expected, "{told}: each envelope once");
    for number in 0..count {
        let (id, bytes) = envelope(number);
        assert!(store.read(&id).unwrap() == Some(bytes), "{told}: bytes of {number}");
    }
    assert_eq!(store.counts().quarantined, 0, "{told}: nothing quarantined");
}

pub fn flip(path: &Path, place: usize, bit: u8) {
    let mut bytes = fs::read(path).unwrap();
    bytes[place] ^= 1 << bit;
    fs::write(path, bytes).unwrap();
}

pub fn length(path: &Path) -> usize {
    fs::metadata(path).map_or(0, |about| about.len() as usize)
}

/// Every file below a folder.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            all.push(path);
        }
    }
    all
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
