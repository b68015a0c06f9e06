//! What to do when the database file is gone, empty or damaged: look before SQLite does, set aside, make anew.
//!
//! Called by `life` before every opening. SQLite deletes a live log that stands beside an empty main file, so the guard
//! runs first. Nothing is deleted: the old files are moved into `aside/`. The new database is made under another name
//! and takes the old one's place in one rename, so that a cut at any point leaves something to go on from.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use super::places::{self, Places, beside};
use super::rows;
use super::{StoreError, connection, migrate, notes, settings};

/// One page: a main file with less has never held anything.
const PAGE_BYTES: u64 = 4_096;

/// Why the database had to be made anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    /// The main file was missing or empty beside a live log.
    LogAlone,
    /// There was no database, only the spool.
    Gone,
    /// SQLite or the store's own checks did not believe it.
    Damaged {
        /// What was found.
        what: &'static str,
    },
}

/// Looks at the files before SQLite does. Finishes a rebuilding that was cut.
pub(super) fn guard(places: &Places) -> Result<Option<Damage>, StoreError> {
    let said = |error| StoreError::io("looking at the database", &error);
    if rebuilt(places).exists() {
        put_in_place(places).map_err(said)?;
    }
    if length(&places.database()).map_err(said)? >= PAGE_BYTES {
        return Ok(None);
    }
    let log = length(&places.wal()).map_err(said)?;
    Ok(Some(if log > 0 { Damage::LogAlone } else { Damage::Gone }))
}

/// Whether the log holds something: the last run did not end by closing.
pub(super) fn was_cut(places: &Places) -> bool {
    length(&places.wal()).unwrap_or(0) > 0
}

/// Makes a new database of what can be read of the old one, which is set aside. The spool is not looked at here:
/// `reconcile` fills the rows in afterwards.
pub(super) fn run(places: &Places) -> Result<(), StoreError> {
    let said = |error| StoreError::io("making the database anew", &error);
    let fresh = beside(&places.database(), ".rebuilding");
    let scratch = beside(&places.database(), ".salvage");
    remove_database(&fresh).map_err(said)?;
    remove_database(&scratch).map_err(said)?;
    let mut connection = connection::open(&fresh, true)?;
    migrate::run(&mut connection)?;
    if copy_database(&places.database(), &scratch).is_ok() {
        salvage(&scratch, &connection)?;
    }
    connection::checkpoint(&connection)?;
    connection
        .close()
        .map_err(|(_, error)| StoreError::sqlite("closing the new database", &error))?;
    remove_database(&scratch).map_err(said)?;
    // Empty since the checkpoint, and of the wrong name in a moment.
    fs::remove_file(beside(&fresh, "-wal")).map_err(said)?;
    fs::rename(&fresh, rebuilt(places)).map_err(said)?;
    places::sync_folder(&places.data).map_err(said)?;
    put_in_place(places).map_err(said)
}

fn rebuilt(places: &Places) -> PathBuf {
    beside(&places.database(), ".rebuilt")
}

/// What is empty is not worth setting aside. The old main file goes first: a log without it is what the guard recognises.
fn put_in_place(places: &Places) -> io::Result<()> {
    let old = [places.database(), places.wal(), beside(&places.database(), "-journal")];
    let mut folder = None;
    for path in old.iter().filter(|path| length(path).is_ok_and(|bytes| bytes > 0)) {
        let folder = match &folder {
            Some(folder) => folder,
            None => folder.insert(next_aside(&places.aside())?),
        };
        if let Some(name) = path.file_name() {
            fs::rename(path, folder.join(name))?;
        }
    }
    if let Some(folder) = folder {
        places::sync_folder(&folder)?;
        places::sync_folder(&places.data)?;
    }
    fs::rename(rebuilt(places), places.database())?;
    places::sync_folder(&places.data)
}

fn next_aside(aside: &Path) -> io::Result<PathBuf> {
    places::make_folder(aside)?;
    let taken = fs::read_dir(aside)?.count();
    let folder = (taken..)
        .map(|number| aside.join(number.to_string()))
        .find(|folder| !folder.exists());
    let folder = folder.ok_or(io::ErrorKind::AlreadyExists)?;
    places::make_folder(&folder)?;
    Ok(folder)
}

fn copy_database(from: &Path, to: &Path) -> io::Result<()> {
    fs::copy(from, to)?;
    match fs::copy(beside(from, "-wal"), beside(to, "-wal")) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn remove_database(path: &Path) -> io::Result<()> {
    for end in ["", "-wal", "-journal"] {
        match fs::remove_file(beside(path, end)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Carries over whatever can still be read. Damaged rows come along: a damaged envelope whose file is gone must still be
/// counted and looked at.
fn salvage(scratch: &Path, into: &Connection) -> Result<(), StoreError> {
    let Ok(old) = Connection::open_with_flags(scratch, OpenFlags::SQLITE_OPEN_READ_WRITE) else {
        return Ok(());
    };
    if old.pragma_update(None, "locking_mode", "EXCLUSIVE").is_err() {
        return Ok(());
    }
    let said = |error| StoreError::sqlite("carrying the old database over", &error);
    let transaction = into.unchecked_transaction().map_err(said)?;
    let mut first_error = None;
    rows::visit_readable(&old, |id, state, bytes| {
        // A row whose key rotted reads whole under no name; the other direction may already have brought a whole one.
        let known = rows::read(into, &id)
            .ok()
            .flatten()
            .is_some_and(|kept| rows::is_whole(&id, &kept));
        if !known && let Err(error) = rows::put(into, &id, state, bytes) {
            first_error.get_or_insert(error);
        }
    });
    if let Some(error) = first_error {
        return Err(error);
    }
    rows::carry_tombstones(&old, into)?;
    notes::carry(&old, into)?;
    settings::carry(&old, into)?;
    transaction.commit().map_err(said)
}

fn length(path: &Path) -> io::Result<u64> {
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
        other => other.map(|about| about.len()),
    }
}
