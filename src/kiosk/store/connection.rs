//! The only SQLite connection on the kiosk: its pragmas, applied and read back, and its checks.
//!
//! Called by `life` and `rebuild`. It opens without CREATE unless told, takes no reports itself, and refuses a
//! connection on which any pragma reads back differently: asking for WAL inside a transaction, or on a file system
//! without it, fails silently.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};

use super::StoreError;

/// SQLite before this loses data when a WAL is reset (fixed in 3.51.3).
const SQLITE_LEAST: i32 = 3_051_003;

/// Name, value to set, value to read back, in the order they must be set: the page size before the first page, exclusive
/// locking before WAL (so that no shared-memory file is made), the rest after.
const PRAGMAS: [(&str, &str, &str); 11] = [
    ("page_size", "4096", "4096"),
    ("locking_mode", "EXCLUSIVE", "exclusive"),
    ("mmap_size", "0", "0"),
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "EXTRA", "3"),
    ("cell_size_check", "ON", "1"),
    ("trusted_schema", "OFF", "0"),
    ("secure_delete", "ON", "1"),
    ("foreign_keys", "ON", "1"),
    ("temp_store", "MEMORY", "2"),
    ("wal_autocheckpoint", "0", "0"),
];

/// Opens the database and holds it exclusively, every pragma as it must be.
pub(super) fn open(path: &Path, create: bool) -> Result<Connection, StoreError> {
    if rusqlite::version_number() < SQLITE_LEAST {
        return Err(StoreError::Unfit {
            what: "SQLite is older than 3.51.3",
        });
    }
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if create {
        flags |= OpenFlags::SQLITE_OPEN_CREATE;
    }
    let said = |error| StoreError::sqlite("opening the database", &error);
    let connection = Connection::open_with_flags(path, flags).map_err(said)?;
    // Nobody else is expected; whoever is there will not be gone in a moment.
    connection.busy_timeout(Duration::ZERO).map_err(said)?;
    // Closing must not write: a connection is closed because it failed, and the log is then the evidence.
    connection
        .set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)
        .map_err(said)?;
    for (name, value, _) in PRAGMAS {
        connection.pragma_update(None, name, value).map_err(said)?;
    }
    // A flipped bit in the header can make SQLite refuse every write; better found now than under a report.
    if connection.is_readonly(rusqlite::MAIN_DB).map_err(said)? {
        return Err(StoreError::Corrupt {
            what: "header of the database",
        });
    }
    // The first transaction takes the lock that exclusive mode then keeps.
    connection.execute_batch("BEGIN IMMEDIATE; COMMIT").map_err(said)?;
    for ((name, _, expected), (_, found)) in PRAGMAS.iter().zip(pragmas(&connection)?) {
        if found != *expected {
            return Err(StoreError::Unfit { what: name });
        }
    }
    Ok(connection)
}

/// Every pragma that the store rests on, as the connection tells it now.
pub(super) fn pragmas(connection: &Connection) -> Result<Vec<(&'static str, String)>, StoreError> {
    let read = |name| {
        connection
            .query_row(&format!("PRAGMA {name}"), [], |row| {
                Ok(match row.get_ref(0)? {
                    ValueRef::Integer(number) => number.to_string(),
                    ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
                    _ => String::new(),
                })
            })
            .map_err(|error| StoreError::sqlite("reading a pragma back", &error))
    };
    PRAGMAS.iter().map(|(name, _, _)| Ok((*name, read(name)?))).collect()
}

/// SQLite's own check of its structure; it knows nothing of bytes that rotted inside an envelope.
pub(super) fn check(connection: &Connection, thorough: bool) -> Result<(), StoreError> {
    let pragma = if thorough {
        "PRAGMA integrity_check(1)"
    } else {
        "PRAGMA quick_check(1)"
    };
    let answer: String = connection
        .query_row(pragma, [], |row| row.get(0))
        .map_err(|error| StoreError::sqlite("checking the database", &error))?;
    if answer == "ok" {
        Ok(())
    } else {
        Err(StoreError::Corrupt {
            what: "structure of the database",
        })
    }
}

/// Moves everything from the WAL into the main file and cuts the WAL to nothing.
///
/// One flipped bit in an old WAL frame silently drops every later commit; so the WAL is kept short.
pub(super) fn checkpoint(connection: &Connection) -> Result<(), StoreError> {
    let busy: i64 = connection
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
        .map_err(|error| StoreError::sqlite("moving the log into the database", &error))?;
    if busy == 0 { Ok(()) } else { Err(StoreError::Busy) }
}
