//! The second copy of the settings: one file for each key, in `settings/` of the spool's partition.
//!
//! Called by `settings`. Without it a lost database would take the kiosk's key and anchor along, and a full spool could
//! be carried away by hand only. A file that does not prove itself counts as absent.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::places;
use super::settings::{Kept, is_key};

/// Bytes before the value: proof and revision.
const FRONT_BYTES: usize = 40;

/// The folder of the second copy.
pub(super) fn folder(spool: &Path) -> PathBuf {
    spool.join("settings")
}

/// What a kept setting is proved by, here and in the database.
pub(super) fn proof(key: &str, kept: &Kept) -> [u8; 32] {
    Sha256::new()
        .chain_update([u8::try_from(key.len()).unwrap_or(u8::MAX)])
        .chain_update(key)
        .chain_update(kept.revision.to_le_bytes())
        .chain_update(&kept.value)
        .finalize()
        .into()
}

/// Makes the copy durable.
pub(super) fn write(spool: &Path, key: &str, kept: &Kept) -> io::Result<()> {
    let folder = folder(spool);
    places::make_folder(&folder)?;
    places::write_whole(
        &folder,
        key,
        &[&proof(key, kept), &kept.revision.to_le_bytes(), &kept.value],
    )
}

/// Every copy that proves itself.
pub(super) fn read_all(spool: &Path) -> BTreeMap<String, Kept> {
    let Ok(entries) = fs::read_dir(folder(spool)) else {
        return BTreeMap::new();
    };
    entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|key| is_key(key))
        .filter_map(|key| {
            let bytes = fs::read(folder(spool).join(&key)).ok()?;
            let (front, value) = bytes.split_at_checked(FRONT_BYTES)?;
            let (written, revision) = front.split_at_checked(32)?;
            let kept = Kept {
                revision: u64::from_le_bytes(revision.try_into().ok()?),
                value: value.to_vec(),
            };
            (proof(&key, &kept) == *written).then_some((key, kept))
        })
        .collect()
}
