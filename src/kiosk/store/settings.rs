//! What the kiosk must know after a power cut besides its envelopes: who it is, how often it started, its bundle.
//!
//! Called by enrolment, the run loop and the courier. Every value is kept in the database and in a second copy; the
//! higher revision wins at start. Values are held in memory, so that a failing database takes neither key nor anchor
//! away. No value is ever printed.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use super::{StartReport, Store, StoreError, second};
use crate::limits::{ANCHOR_BYTES_MOST, BUNDLE_BYTES_MOST};
use crate::time::Timestamp;

const KEY_LETTERS_MOST: usize = 40;
const SEQUENCE_BYTES: usize = 4;
const VALUE_BYTES_MOST: usize = BUNDLE_BYTES_MOST + SEQUENCE_BYTES;

const BOOT: &str = "boot";
pub(super) const COUNTER: &str = "counter";
/// No counter above this has been given out; where to go on when the database forgot.
const COUNTER_CEILING: &str = "counter-ceiling";
/// Counters between two syncs of the ceiling.
const COUNTER_BLOCK: u32 = 64;
const BUNDLE: &str = "bundle";
const ANCHOR: &str = "anchor";
const DEVICE_SEED: &str = "device-seed";
const LAST_ACKNOWLEDGED: &str = "last-acknowledged";

/// A signed bundle as it was received.
#[derive(Clone, PartialEq, Eq)]
pub struct Bundle {
    /// Its number; only a higher one replaces it.
    pub sequence: u32,
    /// Its signed bytes.
    pub bytes: Vec<u8>,
}

/// A value with the count of its changes.
#[derive(Clone, Default)]
pub(super) struct Kept {
    pub(super) revision: u64,
    pub(super) value: Vec<u8>,
}

impl Store {
    /// The value of a key, from memory.
    pub fn setting(&self, key: &str) -> Option<Vec<u8>> {
        self.settings.get(key).map(|kept| kept.value.clone())
    }

    /// Keeps a value in both copies; an error only when neither is durable. Keys are at most 40 of `a-z`, `0-9`, `-`.
    pub fn set_setting(&mut self, key: &str, value: &[u8]) -> Result<(), StoreError> {
        let kept = self.next_revision(key, value)?;
        let database = self.with_database(|connection| write(connection, key, &kept));
        let copy = second::write(&self.places.spool, key, &kept);
        self.spool_works &= copy.is_ok();
        if copy.is_err() {
            database?;
        }
        self.settings.insert(key.to_string(), kept);
        Ok(())
    }

    /// Counts this start, durably; the first is 1.
    pub fn next_boot(&mut self) -> Result<u32, StoreError> {
        let next = self.number(BOOT).checked_add(1).ok_or(StoreError::Limit {
            what: "number of starts",
        })?;
        self.set_setting(BOOT, &next.to_le_bytes())?;
        Ok(next)
    }

    /// Counts an envelope, durably, before it is sealed; the first is 1. A number is never given out twice; after the
    /// database was lost some are left out, which the intake sees as a gap.
    pub fn next_counter(&mut self) -> Result<u32, StoreError> {
        let next = self.number(COUNTER).checked_add(1).ok_or(StoreError::Limit {
            what: "number of envelopes",
        })?;
        if next > self.number(COUNTER_CEILING) {
            self.set_setting(COUNTER_CEILING, &next.saturating_add(COUNTER_BLOCK - 1).to_le_bytes())?;
        }
        // The second copy would cost three more syncs for each report; its ceiling is enough.
        let kept = self.next_revision(COUNTER, &next.to_le_bytes())?;
        if self
            .with_database(|connection| write(connection, COUNTER, &kept))
            .is_err()
        {
            second::write(&self.places.spool, COUNTER, &kept)
                .map_err(|error| StoreError::io("counting an envelope", &error))?;
        }
        self.settings.insert(COUNTER.to_string(), kept);
        Ok(next)
    }

    /// As [`Store::next_counter`], for an envelope that is kept next: the number becomes durable in the transaction that
    /// keeps it, which spares two syncs while somebody waits. After a cut before that transaction the envelope is either
    /// nowhere, or in the spool alone; then the next start goes on above the ceiling.
    pub fn take_counter(&mut self) -> Result<u32, StoreError> {
        let next = self.number(COUNTER).checked_add(1).ok_or(StoreError::Limit {
            what: "number of envelopes",
        })?;
        if next > self.number(COUNTER_CEILING) {
            let ceiling = next.saturating_add(COUNTER_BLOCK - 1).to_le_bytes();
            let kept = self.next_revision(COUNTER_CEILING, &ceiling)?;
            if second::write(&self.places.spool, COUNTER_CEILING, &kept).is_ok() {
                self.settings.insert(COUNTER_CEILING.to_string(), kept);
                self.unwritten.insert(COUNTER_CEILING);
            } else {
                self.set_setting(COUNTER_CEILING, &ceiling)?;
            }
        }
        let kept = self.next_revision(COUNTER, &next.to_le_bytes())?;
        self.settings.insert(COUNTER.to_string(), kept);
        self.unwritten.insert(COUNTER);
        Ok(next)
    }

    /// Settings that wait for the next envelope's transaction.
    pub(super) fn unwritten(&self) -> Vec<(&'static str, Kept)> {
        let value = |key: &&'static str| Some((*key, self.settings.get(*key)?.clone()));
        self.unwritten.iter().filter_map(value).collect()
    }

    /// They are written; or, without a database, in the second copy as far as that goes.
    pub(super) fn were_written(&mut self, settings: Vec<(&'static str, Kept)>, in_database: bool) {
        for (key, kept) in settings {
            if in_database {
                self.unwritten.remove(key);
            } else {
                // The envelope is in the spool alone: the next start with a database goes on above the ceiling.
                let _ = second::write(&self.places.spool, key, &kept);
            }
            // The store may have been opened again meanwhile.
            self.settings.insert(key.to_string(), kept);
        }
    }

    /// The bundle that is in force.
    pub fn bundle(&self) -> Option<Bundle> {
        let kept = self.settings.get(BUNDLE)?;
        let (sequence, bytes) = kept.value.split_at_checked(SEQUENCE_BYTES)?;
        Some(Bundle {
            sequence: u32::from_le_bytes(sequence.try_into().ok()?),
            bytes: bytes.to_vec(),
        })
    }

    /// Puts a bundle, already verified, in force. One that is not newer is refused.
    pub fn set_bundle(&mut self, sequence: u32, bytes: &[u8]) -> Result<(), StoreError> {
        if bytes.len() > BUNDLE_BYTES_MOST {
            return Err(StoreError::Limit {
                what: "length of a bundle",
            });
        }
        if self.bundle().is_some_and(|kept| sequence <= kept.sequence) {
            return Err(StoreError::Limit {
                what: "a bundle no newer than the one in force",
            });
        }
        self.set_setting(BUNDLE, &[&sequence.to_le_bytes(), bytes].concat())
    }

    /// The deployment's anchor, as enrolment checked it.
    pub fn anchor(&self) -> Option<Vec<u8>> {
        self.setting(ANCHOR)
    }

    /// Keeps the anchor. It never changes: another one is refused.
    pub fn set_anchor(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        if bytes.len() > ANCHOR_BYTES_MOST {
            return Err(StoreError::Limit {
                what: "length of an anchor",
            });
        }
        self.set_once(ANCHOR, bytes, "another anchor than the one of this kiosk")
    }

    /// The seed of this kiosk's signing key.
    pub fn device_seed(&self) -> Option<[u8; 32]> {
        self.settings.get(DEVICE_SEED)?.value.as_slice().try_into().ok()
    }

    /// Keeps the seed of this kiosk's signing key. It never changes: another one is refused.
    pub fn set_device_seed(&mut self, seed: &[u8; 32]) -> Result<(), StoreError> {
        self.set_once(DEVICE_SEED, seed, "another key than the one of this kiosk")
    }

    /// When the intake last said something signed.
    pub fn last_acknowledged(&self) -> Option<Timestamp> {
        let bytes = self.settings.get(LAST_ACKNOWLEDGED)?.value.as_slice().try_into().ok()?;
        Some(Timestamp(i64::from_le_bytes(bytes)))
    }

    /// Remembers when the intake said something signed; an earlier time than the kept one changes nothing.
    pub fn set_last_acknowledged(&mut self, time: Timestamp) -> Result<(), StoreError> {
        if self.last_acknowledged().is_some_and(|kept| time <= kept) {
            return Ok(());
        }
        self.set_setting(LAST_ACKNOWLEDGED, &time.0.to_le_bytes())
    }

    fn set_once(&mut self, key: &str, value: &[u8], what: &'static str) -> Result<(), StoreError> {
        match self.settings.get(key) {
            Some(kept) if kept.value == value => Ok(()),
            Some(_) => Err(StoreError::Limit { what }),
            None => self.set_setting(key, value),
        }
    }

    fn number(&self, key: &str) -> u32 {
        let bytes = self
            .settings
            .get(key)
            .and_then(|kept| kept.value.as_slice().try_into().ok());
        bytes.map_or(0, u32::from_le_bytes)
    }

    fn next_revision(&self, key: &str, value: &[u8]) -> Result<Kept, StoreError> {
        if !is_key(key) {
            return Err(StoreError::Limit {
                what: "name of a setting",
            });
        }
        if value.len() > VALUE_BYTES_MOST {
            return Err(StoreError::Limit {
                what: "length of a setting",
            });
        }
        let revision = self.settings.get(key).map_or(0, |kept| kept.revision);
        Ok(Kept {
            revision: revision.saturating_add(1),
            value: value.to_vec(),
        })
    }

    /// Reads both copies and makes them one. Called at start, after the envelopes were reconciled.
    pub(super) fn load_settings(&mut self, report: &mut StartReport) -> Result<(), StoreError> {
        let mut rows = match &self.database {
            Some(connection) => read_all(connection)?,
            None => BTreeMap::new(),
        };
        let copies = second::read_all(&self.places.spool);
        for (key, copy) in &copies {
            if rows.get(key).is_none_or(|row| row.revision < copy.revision) {
                if let Some(connection) = &self.database {
                    write(connection, key, copy)?;
                    report.settings_recovered += 1;
                }
                rows.insert(key.clone(), copy.clone());
            }
        }
        for (key, row) in rows.iter().filter(|(key, _)| *key != COUNTER) {
            if copies.get(key).is_none_or(|copy| copy.revision < row.revision) {
                let copied = second::write(&self.places.spool, key, row);
                self.spool_works &= copied.is_ok();
            }
        }
        self.settings = rows;
        if report.was_behind() && self.number(COUNTER) < self.number(COUNTER_CEILING) {
            let ceiling = self.number(COUNTER_CEILING);
            let kept = self.next_revision(COUNTER, &ceiling.to_le_bytes())?;
            if let Some(connection) = &self.database {
                write(connection, COUNTER, &kept)?;
            }
            self.settings.insert(COUNTER.to_string(), kept);
        }
        Ok(())
    }
}

/// Whether a key may name a setting, and so a file.
pub(super) fn is_key(key: &str) -> bool {
    let letter = |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
    (1..=KEY_LETTERS_MOST).contains(&key.len()) && key.bytes().all(letter)
}

pub(super) fn write(connection: &Connection, key: &str, kept: &Kept) -> Result<(), StoreError> {
    let revision = i64::try_from(kept.revision).map_err(|_| StoreError::Limit {
        what: "changes of a setting",
    })?;
    connection
        .execute(
            "INSERT OR REPLACE INTO setting (key, revision, value, proof) VALUES (?1, ?2, ?3, ?4)",
            params![key, revision, kept.value, second::proof(key, kept)],
        )
        .map(drop)
        .map_err(|error| StoreError::sqlite("keeping a setting", &error))
}

/// Every row that proves itself; the others are left to the second copy.
fn read_all(connection: &Connection) -> Result<BTreeMap<String, Kept>, StoreError> {
    let mut settings = BTreeMap::new();
    let said = |error| StoreError::sqlite("reading the settings", &error);
    let mut statement = connection
        .prepare("SELECT key, revision, value, proof FROM setting")
        .map_err(said)?;
    let mut rows = statement.query([]).map_err(said)?;
    while let Some(row) = rows.next().map_err(said)? {
        let (Ok(key), Ok(revision), Ok(value), Ok(proof)) = (
            row.get::<_, String>(0),
            row.get::<_, i64>(1),
            row.get(2),
            row.get::<_, [u8; 32]>(3),
        ) else {
            continue;
        };
        let Ok(revision) = u64::try_from(revision) else {
            continue;
        };
        let kept = Kept { revision, value };
        if second::proof(&key, &kept) == proof {
            settings.insert(key, kept);
        }
    }
    Ok(settings)
}

/// Carries the readable settings of a damaged database over.
pub(super) fn carry(from: &Connection, to: &Connection) -> Result<(), StoreError> {
    // What cannot be read is in the second copy.
    let readable = read_all(from).unwrap_or_default();
    readable.iter().try_for_each(|(key, kept)| write(to, key, kept))
}
