//! Sealed heartbeats that earlier exports filled up with: they come again on every stick until the intake owns them.
//!
//! Without them two sticks held side by side would show the reports, which are what both have in common. They share the
//! fate of the reports: exported together, sent together when the link is back, gone with their acknowledgement.
//! Written by `export`, also beside a running kiosk, and removed by the worker. Nothing rests on one: what cannot be kept
//! is only exported, and a damaged one is removed.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::ballast::{self, DISK_FLOOR_BYTES};
use super::{Spool, StoreError, places};
use crate::id::EnvelopeId;
use crate::limits::ENVELOPE_BYTES;

/// Fillers that are kept; a new one then takes the place of another. More than a month of exports without an answer.
const FILLERS_MOST: usize = 2_048;
/// Free bytes below which none is kept: the room is for reports.
const FREE_BYTES_LEAST: u64 = 4 * DISK_FLOOR_BYTES;
/// File that counts the exports made beside a running kiosk. No envelope has such a name.
const EXPORTS: &str = "exports";

/// The folder of fillers, in the spool.
#[derive(Debug, Clone)]
pub struct Fillers {
    folder: PathBuf,
    files: Spool,
}

impl Fillers {
    /// Those of a spool; touches nothing.
    pub fn at(spool: &Path) -> Self {
        let folder = spool.join("fillers");
        Self {
            files: Spool::at(&folder),
            folder,
        }
    }

    /// Their digests in order; none when there are none or they cannot be listed.
    pub fn ids(&self) -> Vec<EnvelopeId> {
        self.files.ids().unwrap_or_default()
    }

    /// Whether there is a file of this name.
    pub fn has(&self, id: &EnvelopeId) -> bool {
        self.folder.join(id.to_string()).is_file()
    }

    /// The bytes, if they are there and whole.
    pub fn read(&self, id: &EnvelopeId) -> Option<Box<[u8; ENVELOPE_BYTES]>> {
        let bytes = self.files.read(id).ok()??;
        bytes.into_boxed_slice().try_into().ok()
    }

    /// Keeps one. Beyond the bound another one goes: `drawn`, a random number, says which.
    pub fn keep(&self, id: &EnvelopeId, bytes: &[u8; ENVELOPE_BYTES], drawn: usize) -> Result<(), StoreError> {
        let said = |error| StoreError::io("keeping a filler", &error);
        places::make_folder(&self.folder).map_err(said)?;
        if ballast::free_bytes(&self.folder).map_err(said)? < FREE_BYTES_LEAST {
            return Err(StoreError::Full);
        }
        let known = self.files.ids().map_err(said)?;
        if known.len() >= FILLERS_MOST
            && let Some(other) = known.get(drawn % known.len())
        {
            self.files.remove(other).map_err(said)?;
        }
        self.files.write(id, bytes).map_err(said)
    }

    /// Removes one that the intake owns, or that nobody can use; whether it was one.
    pub fn remove(&self, id: &EnvelopeId) -> Result<bool, StoreError> {
        if !self.has(id) {
            return Ok(false);
        }
        let removed = self.files.remove(id);
        removed
            .map(|()| true)
            .map_err(|error| StoreError::io("removing a filler", &error))
    }

    /// Removes what interrupted exports left. One that is under way then exports a filler that is not kept.
    pub fn tidy(&self) {
        let _ = self.files.remove_parts();
    }

    /// Exports that were made beside a running kiosk, all in all.
    pub fn exports_beside(&self) -> u32 {
        let bytes = fs::read(self.folder.join(EXPORTS)).ok();
        let bytes = bytes.and_then(|bytes| bytes.try_into().ok());
        bytes.map_or(0, u32::from_le_bytes)
    }

    /// Counts one more, for the next heartbeat to tell.
    pub fn count_export_beside(&self) -> io::Result<()> {
        places::make_folder(&self.folder)?;
        let next = self.exports_beside().saturating_add(1);
        places::write_whole(&self.folder, EXPORTS, &[&next.to_le_bytes()])
    }
}
