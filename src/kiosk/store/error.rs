//! Why the store could not do something, in causes that its caller can tell apart.
//!
//! Made by every file of the store. It refuses to carry SQL, bytes or anything else of an envelope: a variant names the
//! step or the limit, never the value.

use std::fmt;
use std::io;
use std::path::PathBuf;

use rusqlite::ErrorCode;
use rusqlite::ffi;

/// Why the store could not do something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreError {
    /// Another program holds the store.
    Busy,
    /// The disk or the outbox has no room left.
    Full,
    /// The operating system refused a step.
    Io {
        /// The step.
        doing: &'static str,
        /// What the operating system called it.
        kind: io::ErrorKind,
    },
    /// The database, or both copies of an envelope, hold something other than what was written.
    Corrupt {
        /// What was found damaged.
        what: &'static str,
    },
    /// There is no store here, and nothing to rebuild one from.
    Missing {
        /// The file or folder that was looked for.
        path: PathBuf,
    },
    /// A store is already here; making a new one would put it out of reach.
    Exists {
        /// The file that was found.
        path: PathBuf,
    },
    /// What was given is outside a bound or is not what it says it is.
    Limit {
        /// The bound.
        what: &'static str,
    },
    /// This SQLite or this file system does not keep the promises that the store is built on.
    Unfit {
        /// The promise.
        what: &'static str,
    },
}

impl StoreError {
    /// Whether the same call may succeed later without anybody changing what was given.
    pub const fn can_retry(&self) -> bool {
        matches!(self, Self::Busy | Self::Full | Self::Io { .. })
    }

    pub(super) fn io(doing: &'static str, error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            kind => Self::Io { doing, kind },
        }
    }

    /// Sorts what SQLite said. Bad sectors and a file that calls itself read-only count as damage: the folder was
    /// writable when the lock was taken, and a retry on the same file reads the same sectors.
    pub(super) fn sqlite(doing: &'static str, error: &rusqlite::Error) -> Self {
        let rusqlite::Error::SqliteFailure(failure, _) = error else {
            return Self::Corrupt { what: doing };
        };
        match (failure.code, failure.extended_code) {
            (ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked, _) => Self::Busy,
            (ErrorCode::DiskFull, _) => Self::Full,
            (_, ffi::SQLITE_IOERR_READ | ffi::SQLITE_IOERR_SHORT_READ | ffi::SQLITE_IOERR_CORRUPTFS) => {
                Self::Corrupt { what: doing }
            }
            (ErrorCode::SystemIoFailure | ErrorCode::CannotOpen, _) => Self::Io {
                doing,
                kind: io::ErrorKind::Other,
            },
            (ErrorCode::OutOfMemory, _) => Self::Io {
                doing,
                kind: io::ErrorKind::OutOfMemory,
            },
            _ => Self::Corrupt { what: doing },
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Busy => f.write_str("the kiosk is running; use its attendant page"),
            Self::Full => {
                f.write_str("no room left for reports; free disk space or restore the link so that they are sent")
            }
            Self::Io { doing, kind } => write!(
                f,
                "the disk refused while {doing} ({kind}); check the disk, then try again"
            ),
            Self::Corrupt { what } => {
                write!(
                    f,
                    "stored data is damaged ({what}); nothing was deleted, start the kiosk again to repair it"
                )
            }
            Self::Missing { path } => write!(f, "no store at {}; enrol this kiosk first", path.display()),
            Self::Exists { path } => write!(f, "a store is already at {}; it was left alone", path.display()),
            Self::Limit { what } => write!(f, "refused by the store: {what}"),
            Self::Unfit { what } => {
                write!(
                    f,
                    "reports cannot be kept safely here ({what}); use a local disk with an ordinary file system"
                )
            }
        }
    }
}

impl std::error::Error for StoreError {}
