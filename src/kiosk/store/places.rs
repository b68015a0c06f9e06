//! Where the store lives, and the durability of names: folders made, locked and synced.
//!
//! Called by `life`, `spool`, `second` and `rebuild`. It never removes a folder. SQLite ignores errors when it syncs a
//! directory, so every directory sync that a promise rests on is done here.

use std::ffi::OsString;
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::StoreError;

/// The two folders of the store. They may be on different partitions, and are better so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// Holds `outbox.db`, the lock, the ballast, and what was set aside.
    pub data: PathBuf,
    /// Holds one file for each envelope, named by its digest, and the second copy of the settings.
    pub spool: PathBuf,
}

impl Places {
    /// Both folders below one, for a demonstration or a kiosk with one partition.
    pub fn within(folder: &Path) -> Self {
        Self {
            data: folder.to_path_buf(),
            spool: folder.join("spool"),
        }
    }

    pub(super) fn database(&self) -> PathBuf {
        self.data.join("outbox.db")
    }

    pub(super) fn wal(&self) -> PathBuf {
        beside(&self.database(), "-wal")
    }

    pub(super) fn ballast(&self) -> PathBuf {
        self.data.join("ballast")
    }

    pub(super) fn aside(&self) -> PathBuf {
        self.data.join("aside")
    }

    /// Holds the store for one process until the file is dropped; the kernel lets go when the process dies.
    ///
    /// SQLite has its own lock, but the guard and the spool must be held before SQLite is asked.
    pub(super) fn lock(&self) -> Result<File, StoreError> {
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(self.data.join("lock"))
            .map_err(|error| match error.kind() {
                io::ErrorKind::NotFound => StoreError::Missing {
                    path: self.data.clone(),
                },
                _ => StoreError::io("taking the lock", &error),
            })?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(StoreError::Busy),
            Err(TryLockError::Error(error)) => Err(StoreError::io("taking the lock", &error)),
        }
    }
}

/// `path` with more letters at the end of its name.
pub(super) fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(end);
    PathBuf::from(name)
}

/// Makes a folder and every missing folder above it, readable by the owner alone, and syncs the name of each.
pub(super) fn make_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let above = match folder.parent() {
        Some(above) if !above.as_os_str().is_empty() => above,
        _ => Path::new("."),
    };
    make_folder(above)?;
    match DirBuilder::new().mode(0o700).create(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    sync_folder(above)
}

/// Makes the names in a folder durable.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Puts a whole file in place or leaves what was there: a part file, synced, renamed, the folder synced.
///
/// Its time of change is 1970, so that the folder does not tell when somebody stood at the screen.
pub(super) fn write_whole(folder: &Path, name: &str, pieces: &[&[u8]]) -> io::Result<()> {
    let part = folder.join(format!("{name}{PART}"));
    let written = write_part(&part, pieces).and_then(|()| fs::rename(&part, folder.join(name)));
    if let Err(error) = written {
        // What is left of it is removed at the next start if not now.
        let _ = fs::remove_file(&part);
        return Err(error);
    }
    let opened = File::open(folder)?;
    opened.set_modified(SystemTime::UNIX_EPOCH)?;
    opened.sync_all()
}

/// The end of the name of a file that is still being written.
pub(super) const PART: &str = ".part";

fn write_part(part: &Path, pieces: &[&[u8]]) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(part)?;
    pieces.iter().try_for_each(|piece| file.write_all(piece))?;
    file.set_modified(SystemTime::UNIX_EPOCH)?;
    file.sync_all()
}
