//! The life of the store: made once, opened at every start, opened again after every I/O error.
//!
//! Called by the store thread, by `enrol` and by the store commands. `outbox`, `notes` and `settings` hold what it does
//! while it lives. It refuses to run twice, and never makes a database where none can be expected.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};

use rusqlite::Connection;
use rustix::fs::{AtFlags, CWD, Timespec, Timestamps};

use super::ballast::{self, Ballast, DISK_FLOOR_BYTES};
use super::reconcile::{self, Index, StartReport};
use super::settings::Kept;
use super::{Damage, Places, Spool, StoreError, connection, migrate, places, rebuild, second};
use crate::id::EnvelopeId;
use crate::limits::{BALLAST_BYTES, OUTBOX_MOST};

/// How often the same thing is tried on a failing disk before the spool alone must do.
pub(super) const TRIES: usize = 3;

/// Changes after which the log is moved into the database even if nobody asked: about 1.3 MB of log, less than the disk
/// space that reports leave free.
const CHANGES_IN_LOG_MOST: usize = 32;

/// The kiosk's durable memory. One owner, one thread; every call blocks until the disk answered.
pub struct Store {
    pub(super) places: Places,
    /// `None` while the database cannot be used.
    pub(super) database: Option<Connection>,
    pub(super) spool: Spool,
    /// Whether the spool holds all that it should: no write into it has failed since it was last made whole.
    pub(super) spool_works: bool,
    /// Every envelope; what the two copies hold is read from the disk at start.
    pub(super) index: Index,
    pub(super) settings: BTreeMap<String, Kept>,
    /// Settings in memory that become durable with the next envelope.
    pub(super) unwritten: BTreeSet<&'static str>,
    pub(super) ballast: Ballast,
    /// Changes since the log was last moved into the database.
    changes_in_log: usize,
    /// Acknowledged while no tombstone could be written: not offered again until the next start.
    pub(super) acknowledged: BTreeSet<EnvelopeId>,
    /// Delivered envelopes whose file could not be removed yet.
    pub(super) unremoved: BTreeSet<EnvelopeId>,
    /// What the last opening told; an opening in the middle of a run has nobody else to tell.
    last_start: StartReport,
    /// Openings since the program started, the first included.
    starts: u32,
    /// Held until the store is dropped.
    _lock: File,
}

/// Whether another report can be taken, asked before somebody starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capacity {
    /// Both copies work and have room.
    pub room: bool,
    /// Envelopes that the outbox still takes.
    pub envelopes_left: usize,
    /// Free bytes on the fuller of the two partitions.
    pub free_bytes: u64,
    /// The database takes writes.
    pub database_works: bool,
    /// The spool takes writes.
    pub spool_works: bool,
}

impl Store {
    /// Makes an empty store and opens it: folders, their names, the database. Refuses where a store is.
    pub fn create(places: &Places) -> Result<Self, StoreError> {
        let said = |error| StoreError::io("making the store's folders", &error);
        for folder in [&places.data, &places.spool, &second::folder(&places.spool)] {
            places::make_folder(folder).map_err(said)?;
        }
        let lock = places.lock()?;
        if rebuild::guard(places)? != Some(Damage::Gone) || holds_something(places) {
            return Err(StoreError::Exists {
                path: places.database(),
            });
        }
        rebuild::run(places)?;
        let (store, _) = Self::start_locked(places, lock)?;
        Ok(store)
    }

    /// Opens the store, repairs what two copies can repair, and tells what was done.
    ///
    /// When only the database fails and the spool holds something, the store opens without a database: what was kept
    /// can still be sent, and [`Store::capacity`] says that nothing new may be started.
    pub fn open(places: &Places) -> Result<(Self, StartReport), StoreError> {
        let lock = places.lock()?;
        Self::start_locked(places, lock)
    }

    fn start_locked(places: &Places, lock: File) -> Result<(Self, StartReport), StoreError> {
        let mut store = Self {
            places: places.clone(),
            database: None,
            spool: Spool::at(&places.spool),
            spool_works: true,
            index: Index::new(),
            settings: BTreeMap::new(),
            unwritten: BTreeSet::new(),
            ballast: Ballast::at(places.ballast()),
            changes_in_log: 0,
            acknowledged: BTreeSet::new(),
            unremoved: BTreeSet::new(),
            last_start: StartReport::default(),
            starts: 0,
            _lock: lock,
        };
        let report = store.start()?;
        Ok((store, report))
    }

    /// Guard, open, check, reconcile; whatever was open before is closed. Tried three times, the second and third with
    /// what the one before taught: space given back, or the database made anew.
    pub(super) fn start(&mut self) -> Result<StartReport, StoreError> {
        let started = self.start_in_tries();
        self.starts = self.starts.saturating_add(1);
        if let Ok(report) = &started {
            self.last_start = report.clone();
        }
        started
    }

    fn start_in_tries(&mut self) -> Result<StartReport, StoreError> {
        let mut damage = None;
        let mut failed = StoreError::Corrupt { what: "the store" };
        for _ in 0..TRIES {
            // Closing writes nothing: whatever was durable is in the files.
            self.database = None;
            let mut report = StartReport::default();
            match self.start_once(&mut damage, &mut report) {
                Ok(()) => return Ok(report),
                Err(error @ (StoreError::Busy | StoreError::Missing { .. })) => return Err(error),
                Err(StoreError::Full) => {
                    self.ballast.release();
                    failed = StoreError::Full;
                }
                Err(error @ (StoreError::Corrupt { what } | StoreError::Unfit { what })) if damage.is_none() => {
                    failed = error;
                    match rebuild::run(&self.places) {
                        Ok(()) => damage = Some(Damage::Damaged { what }),
                        Err(StoreError::Full) => drop(self.ballast.release()),
                        Err(error) => failed = error,
                    }
                }
                Err(error) => failed = error,
            }
        }
        self.start_without_database(failed)
    }

    fn start_once(&mut self, damage: &mut Option<Damage>, report: &mut StartReport) -> Result<(), StoreError> {
        if let Some(found) = rebuild::guard(&self.places)? {
            if found == Damage::Gone && !holds_something(&self.places) {
                return Err(StoreError::Missing {
                    path: self.places.database(),
                });
            }
            rebuild::run(&self.places)?;
            damage.get_or_insert(found);
        }
        report.guard = *damage;
        let spool_made = places::make_folder(&self.places.spool);
        let thorough = rebuild::was_cut(&self.places);
        let mut connection = connection::open(&self.places.database(), false)?;
        migrate::run(&mut connection)?;
        connection::check(&connection, thorough)?;
        let index = reconcile::run(&connection, &self.spool, report)?;
        if let Err(error) = spool_made {
            report.spool_error = Some(StoreError::io("making the spool", &error));
        }
        self.spool_works = report.spool_error.is_none();
        self.index = index;
        self.database = Some(connection);
        self.load_settings(report)?;
        match self.checkpoint_only() {
            // The log keeps what it holds until there is room again.
            Err(StoreError::Full) => {}
            other => other?,
        }
        places::sync_folder(&self.places.data).map_err(|error| StoreError::io("syncing the data folder", &error))
    }

    fn start_without_database(&mut self, failed: StoreError) -> Result<StartReport, StoreError> {
        self.database = None;
        let mut report = StartReport::default();
        if matches!(failed, StoreError::Unfit { .. }) || !holds_something(&self.places) {
            return Err(failed);
        }
        let mut index = reconcile::spool_only(&self.spool, &mut report).map_err(|_| failed.clone())?;
        for (id, entry) in &mut index {
            // The spool does not know what was refused; this run may.
            entry.state = self.index.get(id).map_or(entry.state, |known| known.state);
        }
        self.index = index;
        self.load_settings(&mut report)?;
        report.database_error = Some(failed);
        Ok(report)
    }

    /// Moves the log into the database and cuts it to nothing; then what can wait: files of delivered envelopes that
    /// could not be removed, the ballast, times of change, and a spool that failed. Called after each report, once its page
    /// is up, after the start, and with every heartbeat while a copy does not work. An error leaves everything kept as it
    /// was.
    pub fn checkpoint(&mut self) -> Result<(), StoreError> {
        let checkpointed = match self.database {
            Some(_) => self.checkpoint_only(),
            None => self
                .start()
                .and_then(|report| report.database_error.map_or(Ok(()), Err)),
        };
        self.mend_spool();
        let spool = &self.spool;
        self.unremoved.retain(|id| spool.remove(id).is_err());
        self.hide_times();
        checkpointed?;
        self.ballast
            .tend(&self.places.data)
            .map_err(|error| StoreError::io("setting disk space aside", &error))
    }

    fn checkpoint_only(&mut self) -> Result<(), StoreError> {
        let result = connection::checkpoint(self.connection()?);
        self.changes_in_log = 0;
        match result {
            // Nothing was moved and nothing lost; room is made, and the next time tries again.
            Err(StoreError::Full) => drop(self.ballast.release()),
            Err(_) => self.database = None,
            Ok(()) => {}
        }
        result
    }

    /// A file changed at 14:10 says that somebody stood here at 14:10. By path: opening the database's file beside
    /// SQLite and closing it again would drop SQLite's locks.
    fn hide_times(&self) {
        let zero = Timespec { tv_sec: 0, tv_nsec: 0 };
        let times = Timestamps {
            last_access: zero,
            last_modification: zero,
        };
        for path in [
            &self.places.database(),
            &self.places.wal(),
            &self.places.data,
            &self.places.spool,
        ] {
            // Best effort: a disk that refuses this will refuse something that matters.
            let _ = rustix::fs::utimensat(CWD, path, &times, AtFlags::empty());
        }
    }

    /// Whether another report can be taken.
    pub fn capacity(&self) -> Capacity {
        let free = |folder| ballast::free_bytes(folder).unwrap_or(0);
        let data = free(&self.places.data);
        let free_bytes = data.min(free(&self.places.spool));
        let envelopes_left = OUTBOX_MOST.saturating_sub(self.index.len());
        let database_works = self.database.is_some();
        // Ballast that was given back was given to the last report, not to the next.
        let needed = if self.ballast.is_held() {
            DISK_FLOOR_BYTES
        } else {
            BALLAST_BYTES + DISK_FLOOR_BYTES
        };
        let room = envelopes_left > 0
            && database_works
            && self.spool_works
            && data >= needed
            && free_bytes >= DISK_FLOOR_BYTES;
        Capacity {
            room,
            envelopes_left,
            free_bytes,
            database_works,
            spool_works: self.spool_works,
        }
    }

    /// How often the database was opened since the program started, and what the last opening told. More than one means
    /// that it failed under the running kiosk: something for the health page.
    pub const fn openings(&self) -> (u32, &StartReport) {
        (self.starts, &self.last_start)
    }

    /// Where the two copies are.
    pub const fn places(&self) -> &Places {
        &self.places
    }

    /// Every pragma that durability rests on, as the open connection tells it.
    pub fn pragmas(&self) -> Result<Vec<(&'static str, String)>, StoreError> {
        connection::pragmas(self.connection()?)
    }

    pub(super) fn connection(&self) -> Result<&Connection, StoreError> {
        let unusable = StoreError::Io {
            doing: "using the database",
            kind: std::io::ErrorKind::Other,
        };
        self.database.as_ref().ok_or(unusable)
    }

    /// Does one thing in the database. On an error the connection is not trusted again: it is closed, everything is
    /// checked, and the same thing is tried with the same bytes; a failed sync may have stored them or not.
    pub(super) fn with_database<T>(
        &mut self,
        mut act: impl FnMut(&mut Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        // A database that was already given up gets one chance, so that nobody waits for three.
        let tries = if self.database.is_some() { TRIES } else { 1 };
        let mut failed = StoreError::Full;
        for _ in 0..tries {
            if self.database.is_none()
                && let Some(error) = self.start().map_or_else(Some, |report| report.database_error)
            {
                failed = error;
                continue;
            }
            let Some(connection) = &mut self.database else { continue };
            match act(connection) {
                Ok(done) => {
                    self.changes_in_log += 1;
                    if self.changes_in_log >= CHANGES_IN_LOG_MOST {
                        // What was done is durable in the log; a failure here is met by the next change.
                        let _ = self.checkpoint_only();
                    }
                    return Ok(done);
                }
                Err(error @ StoreError::Limit { .. }) => return Err(error),
                Err(error) => {
                    if error == StoreError::Full {
                        self.ballast.release();
                    }
                    failed = error;
                    self.database = None;
                }
            }
        }
        Err(failed)
    }
}

impl Drop for Store {
    /// A quiet end: the next start finds an empty log. What this cannot do, the next start does.
    fn drop(&mut self) {
        if let Some(connection) = &self.database {
            let _ = connection::checkpoint(connection);
        }
    }
}

/// Whether the spool's partition proves that a store was here.
fn holds_something(places: &Places) -> bool {
    let spool = Spool::at(&places.spool);
    let settings = fs::read_dir(second::folder(&places.spool)).is_ok_and(|mut entries| entries.next().is_some());
    settings || spool.ids().is_ok_and(|ids| !ids.is_empty())
}
