//! The database: one table of envelopes, one of records, both sealed, and everything that they say held in memory.
//!
//! The server's writer thread has one store; each command has its own for as long as it runs. A transaction first takes
//! in what others wrote. Row counts and sizes say nothing of lanes, tags or people (DESIGN 5): every envelope makes one
//! row in each table, every record has the same size and a random id.

use std::collections::VecDeque;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, params};
use sha2::{Digest, Sha256};

use super::clock;
use super::desk_door::Nonces;
use super::error::IntakeError;
use super::folder::{self, DATABASE, Keys};
use super::ledger::Ledger;
use super::record::{Record, RecordId};
use crate::id::EnvelopeId;
use crate::seal::random_array;
use crate::time::Timestamp;

/// How long to wait for another process's transaction.
const BUSY_WAIT: Duration = Duration::from_secs(10);
const SCHEMA_VERSION: i64 = 2;
const SCHEMA: &str = "
    CREATE TABLE envelopes (id BLOB PRIMARY KEY, bytes BLOB NOT NULL) WITHOUT ROWID;
    CREATE TABLE records (id BLOB PRIMARY KEY, blob BLOB NOT NULL) WITHOUT ROWID;
    PRAGMA user_version = 2;";

/// A bundle in memory.
#[derive(Clone)]
pub(crate) struct BundleOnHand {
    pub(crate) sequence: u32,
    pub(crate) bytes: Arc<Vec<u8>>,
}

/// The database and what it says.
pub(crate) struct Store {
    folder: PathBuf,
    connection: Connection,
    keys: Keys,
    ledger: Ledger,
    bundle: Option<BundleOnHand>,
    nonces: Nonces,
    /// SQLite's sign of what other connections committed; none before the first reading.
    seen: Option<i64>,
}

/// What a transaction works with. Whatever fails in it makes all of it undone.
pub(crate) struct Work<'a> {
    pub(crate) now: Timestamp,
    pub(crate) ledger: &'a mut Ledger,
    pub(crate) keys: &'a Keys,
    pub(crate) bundle: Option<&'a BundleOnHand>,
    pub(crate) nonces: &'a mut Nonces,
    connection: &'a Connection,
    failed: Option<IntakeError>,
}

impl Store {
    /// Opens the folder that `init` made and reads everything.
    pub(crate) fn open(folder: &Path) -> Result<Self, IntakeError> {
        let keys = Keys::load(folder)?;
        let mut store = Self {
            folder: folder.to_path_buf(),
            connection: connect(folder, OpenFlags::SQLITE_OPEN_READ_WRITE)?,
            keys,
            ledger: Ledger::default(),
            bundle: None,
            nonces: Nonces::default(),
            seen: None,
        };
        // Reading everything can take a while; whoever writes does not wait for it.
        store.read(|_| ())?;
        Ok(store)
    }

    /// Makes an empty database; part of `init`.
    pub(crate) fn create(folder: &Path) -> Result<(), IntakeError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        let connection = connect(folder, flags)?;
        connection.execute_batch(&format!("BEGIN; {SCHEMA} COMMIT;"))?;
        connection.close().map_err(|(_, why)| IntakeError::from(why))
    }

    /// Runs `work` in one transaction and commits, synced. What `work` gives back is true only when this succeeds.
    pub(crate) fn transact<T>(&mut self, work: impl FnOnce(&mut Work<'_>) -> T) -> Result<T, IntakeError> {
        self.run("BEGIN IMMEDIATE", work)
    }

    /// As [`Store::transact`], for what writes nothing: it sees one state and keeps nobody from writing.
    pub(crate) fn read<T>(&mut self, work: impl FnOnce(&mut Work<'_>) -> T) -> Result<T, IntakeError> {
        self.run("BEGIN", work)
    }

    fn run<T>(&mut self, begin: &str, work: impl FnOnce(&mut Work<'_>) -> T) -> Result<T, IntakeError> {
        self.connection.execute_batch(begin)?;
        let done = self.work(work).and_then(|value| {
            self.connection.execute_batch("COMMIT")?;
            Ok(value)
        });
        if done.is_err() {
            // What was applied may not have been committed: read everything again before the next answer. A failed
            // COMMIT may have rolled back by itself, then there is nothing left to roll back.
            let _ = self.connection.execute_batch("ROLLBACK");
            self.ledger = Ledger::default();
            self.seen = None;
        }
        done
    }

    pub(crate) const fn keys(&self) -> &Keys {
        &self.keys
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Moves the log into the database and closes it.
    pub(crate) fn close(self) {
        if let Err((_, why)) = self.connection.close() {
            tracing::warn!(%why, "the database did not close cleanly");
        }
    }

    fn work<T>(&mut self, work: impl FnOnce(&mut Work<'_>) -> T) -> Result<T, IntakeError> {
        self.take_in_others()?;
        let mut tools = Work {
            now: clock::now(),
            ledger: &mut self.ledger,
            keys: &self.keys,
            bundle: self.bundle.as_ref(),
            nonces: &mut self.nonces,
            connection: &self.connection,
            failed: None,
        };
        let value = work(&mut tools);
        match tools.failed {
            None => Ok(value),
            Some(why) => Err(why),
        }
    }

    /// Reads records that this store has not applied yet.
    fn take_in_others(&mut self) -> Result<(), IntakeError> {
        let version = self.connection.query_row("PRAGMA data_version", [], |row| row.get(0))?;
        if self.seen == Some(version) {
            return Ok(());
        }
        let (fresh, damaged) = self.fresh_records()?;
        if damaged > 0 && fresh.is_empty() && self.ledger.applied.is_empty() {
            return Err(IntakeError::WrongStoreKey);
        }
        if damaged > 0 {
            tracing::error!(damaged, "records do not open: run `heard-intake verify`");
        }
        self.ledger.apply_all(fresh);
        self.load_bundle();
        self.seen = Some(version);
        Ok(())
    }

    fn fresh_records(&self) -> Result<(Vec<(RecordId, Record)>, usize), IntakeError> {
        let mut unknown: VecDeque<RecordId> = VecDeque::new();
        let mut ids = self.connection.prepare_cached("SELECT id FROM records")?;
        let mut rows = ids.query([])?;
        while let Some(row) = rows.next()? {
            let id: RecordId = row.get(0)?;
            if !self.ledger.applied.contains(&id) {
                unknown.push_back(id);
            }
        }
        let mut fresh = Vec::with_capacity(unknown.len());
        let mut damaged = 0;
        let mut one = self
            .connection
            .prepare_cached("SELECT blob FROM records WHERE id = ?1")?;
        for id in unknown {
            let blob: Vec<u8> = one.query_row([id], |row| row.get(0))?;
            match self.keys.store.open(id, &blob) {
                Ok(record) => fresh.push((id, record)),
                Err(_) => damaged += 1,
            }
        }
        Ok((fresh, damaged))
    }

    fn load_bundle(&mut self) {
        let Some(pointer) = self.ledger.bundle else {
            return;
        };
        let on_hand = self.bundle.as_ref().map(|bundle| bundle.sequence);
        if on_hand == Some(pointer.sequence) {
            return;
        }
        let path = folder::bundles(&self.folder).join(folder::bundle_name(pointer.sequence));
        let bytes = fs::read(path).unwrap_or_default();
        if Sha256::digest(&bytes)[..] == pointer.digest {
            self.bundle = Some(BundleOnHand {
                sequence: pointer.sequence,
                bytes: Arc::new(bytes),
            });
        } else {
            tracing::error!(
                sequence = pointer.sequence,
                "the bundle is missing or damaged: publish it again, higher"
            );
        }
    }
}

impl Work<'_> {
    /// Adds a record and applies it.
    pub(crate) fn record(&mut self, record: Record) {
        let added = self.try_record(&record);
        match added {
            Ok(id) => self.ledger.apply(id, record),
            Err(why) => self.fail(why),
        }
    }

    /// Adds an envelope; its facts are a record of their own.
    pub(crate) fn envelope(&mut self, id: EnvelopeId, bytes: &[u8]) {
        let insert = "INSERT INTO envelopes (id, bytes) VALUES (?1, ?2)";
        let sealed = self.keys.store.seal_envelope(id, bytes);
        let sealed = sealed.map_err(|_| IntakeError::Database);
        if let Err(why) = sealed.and_then(|sealed| self.run(insert, &id.0, &sealed)) {
            self.fail(why);
        }
    }

    /// The bytes of an envelope; none when they are gone or damaged although they were acknowledged.
    pub(crate) fn envelope_bytes(&mut self, id: EnvelopeId) -> Option<Vec<u8>> {
        let read = self
            .connection
            .prepare_cached("SELECT bytes FROM envelopes WHERE id = ?1")
            .and_then(|mut one| one.query_row([id.0], |row| row.get(0)));
        match read.map(|sealed: Vec<u8>| self.keys.store.open_envelope(id, &sealed)) {
            Ok(Ok(bytes)) => Some(bytes),
            Ok(Err(_)) | Err(rusqlite::Error::QueryReturnedNoRows) => {
                tracing::error!("an envelope is missing or damaged: run `heard-intake verify`");
                None
            }
            Err(why) => {
                self.fail(why.into());
                None
            }
        }
    }

    /// Ids of every envelope that is stored.
    pub(crate) fn envelope_ids(&mut self) -> Vec<EnvelopeId> {
        let ids = self.connection.prepare("SELECT id FROM envelopes").and_then(|mut all| {
            all.query_map([], |row| row.get(0).map(EnvelopeId))?
                .collect::<Result<Vec<_>, _>>()
        });
        ids.unwrap_or_else(|why| {
            self.fail(why.into());
            Vec::new()
        })
    }

    pub(crate) fn record_count(&mut self) -> usize {
        let counted = self
            .connection
            .query_row("SELECT count(*) FROM records", [], |row| row.get::<_, i64>(0));
        match counted {
            Ok(count) => usize::try_from(count).unwrap_or(0),
            Err(why) => {
                self.fail(why.into());
                0
            }
        }
    }

    /// Random bytes; without any the whole transaction is undone.
    pub(crate) fn random<const N: usize>(&mut self) -> [u8; N] {
        random_array().unwrap_or_else(|why| {
            self.fail(why.into());
            [0; N]
        })
    }

    /// Undoes the whole transaction at its end.
    pub(crate) fn fail(&mut self, why: IntakeError) {
        self.failed.get_or_insert(why);
    }

    fn try_record(&self, record: &Record) -> Result<RecordId, IntakeError> {
        let id: RecordId = random_array()?;
        let blob = self.keys.store.seal(id, record).map_err(|_| IntakeError::Database)?;
        self.run("INSERT INTO records (id, blob) VALUES (?1, ?2)", &id, &blob)?;
        Ok(id)
    }

    /// After an error nothing more is written: SQLite may have undone the transaction by itself (a full disk does that),
    /// and what came after would be committed alone.
    fn run(&self, insert: &str, id: &[u8], bytes: &[u8]) -> Result<(), IntakeError> {
        if let Some(why) = self.failed {
            return Err(why);
        }
        if self.connection.is_autocommit() {
            return Err(IntakeError::Database);
        }
        self.connection.prepare_cached(insert)?.execute(params![id, bytes])?;
        Ok(())
    }
}

fn connect(folder: &Path, flags: OpenFlags) -> Result<Connection, IntakeError> {
    let connection = Connection::open_with_flags(folder.join(DATABASE), flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)
        .map_err(|_| IntakeError::Damaged(DATABASE))?;
    connection.busy_timeout(BUSY_WAIT)?;
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    connection.execute_batch("PRAGMA synchronous = EXTRA; PRAGMA mmap_size = 0; PRAGMA trusted_schema = OFF;")?;
    let synchronous: i64 = connection.query_row("PRAGMA synchronous", [], |row| row.get(0))?;
    let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let fresh = flags.contains(OpenFlags::SQLITE_OPEN_CREATE);
    if mode != "wal" || synchronous != 3 || (!fresh && version == 0) {
        return Err(IntakeError::Damaged(DATABASE));
    }
    if !fresh && version != SCHEMA_VERSION {
        return Err(IntakeError::OtherVersion);
    }
    Ok(connection)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::setup::{InitOptions, init};
    use crate::intake::writer::{Ending, Unavailable, Writer};
    use crate::seal::Identity;
    use crate::wire::Cost;

    const FULL: &str = "PRAGMA max_page_count = 8";
    const ROOMY: &str = "PRAGMA max_page_count = 4000";

    fn store_in(folder: &Path) -> Store {
        let root = ed25519_dalek::SigningKey::from_bytes(&[3; 32]);
        let options = InitOptions {
            root: root.verifying_key().to_bytes(),
            names: vec!["localhost".into()],
            router_escrow: Identity::generate().unwrap().recipient(),
            cost: Cost::LEAST,
        };
        init(folder, options).unwrap();
        Store::open(folder).unwrap()
    }

    /// Adds twenty records; gives how many there are.
    fn add(work: &mut Work<'_>) -> usize {
        for number in 0..20 {
            let made = work.now;
            work.record(Record::Token {
                digest: [number; 32],
                made,
            });
        }
        work.ledger.tokens.len()
    }

    #[test]
    fn what_does_not_fit_on_the_disk_is_undone_and_fits_later() {
        let temporary = tempfile::tempdir().unwrap();
        let mut store = store_in(temporary.path());
        store.connection.execute_batch(FULL).unwrap();
        assert_eq!(store.transact(add), Err(IntakeError::Full));
        assert_eq!(store.transact(|work| work.ledger.tokens.len()), Ok(0));
        store.connection.execute_batch(ROOMY).unwrap();
        assert_eq!(store.transact(add), Ok(20));
        drop(store);
        let mut again = Store::open(temporary.path()).unwrap();
        assert_eq!(
            again.transact(|work| (work.ledger.tokens.len(), work.record_count())),
            Ok((20, 20))
        );
    }

    #[test]
    fn nobody_is_answered_when_nothing_was_committed() {
        let temporary = tempfile::tempdir().unwrap();
        let store = store_in(temporary.path());
        store.connection.execute_batch(FULL).unwrap();
        let (sender, mut ended) = tokio::sync::mpsc::channel(1);
        let (writer, thread) = Writer::start(store, Ending(sender)).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        assert_eq!(runtime.block_on(writer.ask(add)), Err(Unavailable));
        assert_eq!(runtime.block_on(writer.ask(|work| work.ledger.tokens.len())), Ok(0));
        let stopped = runtime.block_on(writer.ask(|_| -> usize { std::panic::resume_unwind(Box::new(())) }));
        assert_eq!(stopped, Err(Unavailable));
        assert!(thread.join().is_err());
        assert_eq!(ended.try_recv(), Ok(()), "whoever serves is told");
    }
}
