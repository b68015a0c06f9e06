//! Why the intake could not do what it was told, in causes that a caller can tell apart.
//!
//! Each text is one line that says what to do. None quotes what a resident or a caseworker wrote.

use std::fmt;
use std::io;

use rusqlite::ErrorCode;

use crate::seal::RandomUnavailable;
use crate::wire::BundleError;

/// What went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IntakeError {
    /// `init` where an intake already is.
    AlreadySetUp,
    /// The folder holds no intake.
    NotSetUp,
    /// A key file or the anchor is not what `init` wrote; its name.
    Damaged(&'static str),
    /// No record opens with this store key.
    WrongStoreKey,
    /// The database was made by another version of the program.
    OtherVersion,
    /// A name for the certificate is neither a DNS name nor an address.
    Name,
    /// No name for the certificate was given.
    NoNames,
    /// A public key is not one.
    Key,
    /// Text where `age1…` belongs.
    Recipient,
    /// Argon2 cost outside the bounds.
    Cost,
    /// The configuration file cannot be read or has an unknown key.
    Config,
    /// Neither `--data` nor a configuration file names the folder.
    NoFolder,
    /// Certificates could not be made or used.
    Certificates,
    /// The bundle is not to be used.
    Bundle(BundleError),
    /// The bundle's sequence is not above this one.
    BundleOld(u32),
    /// The bundle names the keys of another intake.
    BundleForeign,
    /// A name has no letter or digit, or is too long.
    StaffName,
    /// The name or the key belongs to somebody already.
    StaffTaken,
    /// Nobody has this name.
    StaffUnknown,
    /// A team other than hate or conduct.
    Team,
    /// No case has this id.
    CaseUnknown,
    /// The address cannot be listened on.
    Listen,
    /// Without TLS on an address that others reach.
    InTheClear,
    /// A file or folder that the caller named cannot be read.
    Unreadable,
    /// The stick that envelopes came on cannot be written.
    Stick,
    /// A folder holds more envelopes than one import takes.
    TooMany,
    /// A thread of the running intake ended.
    Ended,
    /// A file or folder could not be read or written.
    Disk(io::ErrorKind),
    /// The disk is full.
    Full,
    /// Another process holds the database.
    Busy,
    /// The database failed.
    Database,
    /// No randomness.
    Random,
    /// A thread or the runtime could not start, or ended early.
    Thread,
}

impl IntakeError {
    /// The exit code of DESIGN 2: 2 for the caller's input, 75 when trying again can help, 1 for our fault.
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Full | Self::Busy | Self::Listen | Self::Random | Self::Stick => 75,
            Self::Disk(_) | Self::Database | Self::Thread | Self::Ended | Self::Certificates | Self::Damaged(_) => 1,
            _ => 2,
        }
    }
}

impl fmt::Display for IntakeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AlreadySetUp => "an intake is already set up there: choose an empty folder",
            Self::NotSetUp => "no intake is set up there: run `heard-intake init` first, or check --data",
            Self::Damaged(file) => return write!(f, "{file} is missing or damaged: put it back from the backup"),
            Self::WrongStoreKey => "store.key does not open this database: put back the key that belongs to it",
            Self::OtherVersion => {
                "the database was made by another version of heard-intake: open it with that one, or set up a new intake"
            }
            Self::Name => "a name for the certificate must be a DNS name or an IP address",
            Self::NoNames => "name the intake at least once, as kiosks will reach it: --name intake.example",
            Self::Key => "not a public key: give the 64 hexadecimal digits that `heard-desk keygen` printed",
            Self::Recipient => "not an age recipient: give the text that starts with age1",
            Self::Cost => "the cost of reference codes is outside its bounds: leave it out for the standard cost",
            Self::Config => "the configuration file cannot be read: check its name and its keys against the manual",
            Self::NoFolder => "say where the intake keeps its data: --data DIR, or `data` in the --config file",
            Self::Certificates => "the certificates cannot be used: put server.crt and server.key back from the backup",
            Self::Bundle(why) => return write!(f, "{why}"),
            Self::BundleOld(newest) => {
                return write!(
                    f,
                    "bundle {newest} is already published: give the new one a higher sequence"
                );
            }
            Self::BundleForeign => "the bundle names another intake's keys: make it with this intake's public.toml",
            Self::StaffName => "a name must have a letter or digit and at most 120 bytes",
            Self::StaffTaken => "somebody has that name or that key already: see `heard-intake staff list`",
            Self::StaffUnknown => "nobody has exactly that name: see `heard-intake staff list`",
            Self::Team => "the team must be hate or conduct",
            Self::CaseUnknown => "no case has that id: see `heard-intake cases`",
            Self::Listen => "that address cannot be listened on: is another intake running?",
            Self::InTheClear => "without TLS the intake listens on loopback only: use 127.0.0.1, or turn tls on",
            Self::Unreadable => "the file or folder you named cannot be read: check its name and who may read it",
            Self::Stick => {
                "the answers cannot be written there: check that the stick is in and has room, then import again"
            }
            Self::TooMany => "the folder holds more than 100,000 envelopes: import them in parts",
            Self::Ended => {
                "a part of the intake stopped by itself: look at the lines before this one, then start it again"
            }
            Self::Disk(kind) => return write!(f, "the data folder cannot be used: {kind}"),
            Self::Full => "the disk is full: free some space and try again",
            Self::Busy => "another process holds the database: try again",
            Self::Database => "the database failed: look at the disk, then try again",
            Self::Random => "the operating system gives no randomness yet: try again in a minute",
            Self::Thread => "the intake could not start its threads: look at the system's limits",
        })
    }
}

impl std::error::Error for IntakeError {}

impl From<rusqlite::Error> for IntakeError {
    fn from(why: rusqlite::Error) -> Self {
        match why.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::DiskFull) => Self::Full,
            _ => Self::Database,
        }
    }
}

impl From<io::Error> for IntakeError {
    fn from(why: io::Error) -> Self {
        match why.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            kind => Self::Disk(kind),
        }
    }
}

impl From<RandomUnavailable> for IntakeError {
    fn from(_: RandomUnavailable) -> Self {
        Self::Random
    }
}

impl From<BundleError> for IntakeError {
    fn from(why: BundleError) -> Self {
        Self::Bundle(why)
    }
}
