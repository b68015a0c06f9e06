//! Disk space set aside, given back when a report would otherwise find the disk full.
//!
//! Called by `life` and `outbox`. It writes zeros rather than leaving a hole: a hole reserves nothing.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::places::{self, PART, beside};
use crate::limits::BALLAST_BYTES;

/// Free bytes that each folder must keep for the reports that are being filled in now.
pub(super) const DISK_FLOOR_BYTES: u64 = 4_194_304;

/// Free bytes that no new report may use: forgetting a delivered envelope and moving the log need room too, or a full
/// disk could never become emptier.
pub(super) const DISK_RESERVE_BYTES: u64 = 2_097_152;

const _: () = assert!(DISK_RESERVE_BYTES < DISK_FLOOR_BYTES);

pub(super) struct Ballast {
    path: PathBuf,
    held: bool,
}

impl Ballast {
    /// Looks whether there is one.
    pub(super) fn at(path: PathBuf) -> Self {
        let held = fs::metadata(&path).is_ok_and(|about| about.len() == BALLAST_BYTES);
        Self { path, held }
    }

    pub(super) const fn is_held(&self) -> bool {
        self.held
    }

    /// Gives the space back; whether there was any to give.
    pub(super) fn release(&mut self) -> bool {
        // A part file of an interrupted writing takes room too.
        let part = fs::remove_file(beside(&self.path, PART)).is_ok();
        let whole = fs::remove_file(&self.path).is_ok();
        self.held = false;
        part || whole
    }

    /// Sets the space aside if there is none, and room for it and for reports beside it.
    pub(super) fn tend(&mut self, folder: &Path) -> io::Result<()> {
        if self.held || free_bytes(folder)? < BALLAST_BYTES + 2 * DISK_FLOOR_BYTES {
            return Ok(());
        }
        let part = beside(&self.path, PART);
        let written = fill(&part).and_then(|()| fs::rename(&part, &self.path));
        if let Err(error) = written {
            let _ = fs::remove_file(&part);
            return Err(error);
        }
        self.held = true;
        places::sync_folder(folder)
    }
}

fn fill(path: &Path) -> io::Result<()> {
    let zeros = [0; 65_536];
    let mut file = File::create(path)?;
    let mut left = BALLAST_BYTES;
    while left > 0 {
        let piece = zeros.len().min(usize::try_from(left).unwrap_or(zeros.len()));
        file.write_all(&zeros[..piece])?;
        left -= piece as u64;
    }
    file.sync_all()
}

/// What an ordinary program may still write on the partition of `folder`.
pub(super) fn free_bytes(folder: &Path) -> io::Result<u64> {
    let about = rustix::fs::statvfs(folder)?;
    Ok(about.f_bavail.saturating_mul(about.f_frsize))
}
