//! Makes the two copies one again: every whole envelope ends in both, every damaged copy is set aside, none is deleted.
//!
//! Called by `life` at every start and after every I/O error. Running it twice, or being cut in the middle, changes
//! nothing: each step looks at what is there, and a damaged copy is repaired only from bytes that match the digest.
//! It does not decide whether the database itself can be believed; `connection::check` and `rebuild` do.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::connection;
use super::rows::{self, State};
use super::{Damage, Spool, StoreError};
use crate::id::EnvelopeId;
use crate::limits::ENVELOPE_BYTES;

/// Repairs in one transaction, so that a rebuilt database never needs a log of its own size again.
const BATCH: usize = 128;

/// What was found and done when the store was opened. Holds counts, never contents.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StartReport {
    /// Envelopes in the database, repairs included.
    pub rows: usize,
    /// Whole envelopes in the spool, repairs included.
    pub spool_files: usize,
    /// Files written again from the database.
    pub copied_to_spool: usize,
    /// Rows written again from the spool.
    pub copied_to_database: usize,
    /// Damaged copies moved out of the way because the other copy was whole.
    pub set_aside: usize,
    /// Envelopes found damaged in both copies, this time.
    pub quarantined: usize,
    /// Files of interrupted writing that were removed.
    pub parts_removed: usize,
    /// Files of envelopes that the intake owns that were removed.
    pub delivered_removed: usize,
    /// Settings taken from their second copy.
    pub settings_recovered: usize,
    /// The database had to be made anew, and why.
    pub guard: Option<Damage>,
    /// The database cannot be used: only the spool is left, and no report may be taken.
    pub database_error: Option<StoreError>,
    /// The spool cannot be used: only the database is left.
    pub spool_error: Option<StoreError>,
}

impl StartReport {
    /// Whether a person should look at this disk.
    pub const fn needs_attention(&self) -> bool {
        self.guard.is_some()
            || self.set_aside > 0
            || self.quarantined > 0
            || self.database_error.is_some()
            || self.spool_error.is_some()
    }

    /// Whether the database has been behind what the store once said it kept.
    pub(super) const fn was_behind(&self) -> bool {
        self.guard.is_some() || self.copied_to_database > 0 || self.settings_recovered > 0
    }
}

/// What the store knows of one envelope without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) state: State,
    pub(super) in_database: bool,
    pub(super) in_spool: bool,
}

pub(super) type Index = BTreeMap<EnvelopeId, Entry>;

/// One copy as it was found.
#[derive(Clone, Copy)]
enum Copied {
    Whole,
    /// Holds other bytes, of this digest.
    Damaged(EnvelopeId),
}

#[derive(Default)]
struct Found {
    row: Option<(State, Option<EnvelopeId>)>,
    file: Option<Copied>,
}

/// Makes both copies one and answers what there is.
pub(super) fn run(connection: &Connection, spool: &Spool, report: &mut StartReport) -> Result<Index, StoreError> {
    let mut found: BTreeMap<EnvelopeId, Found> = BTreeMap::new();
    rows::visit(connection, |id, state, bytes| {
        let damaged = (!rows::is_whole(&id, bytes)).then(|| rows::digest(bytes));
        found.entry(id).or_default().row = Some((state, damaged));
    })?;
    if let Err(error) = read_spool(Some(connection), spool, &mut found, report) {
        report.spool_error = Some(error);
    }
    let ids: Vec<EnvelopeId> = found.keys().copied().collect();
    let mut index = Index::new();
    for batch in ids.chunks(BATCH) {
        let said = |error| StoreError::sqlite("repairing the database", &error);
        let transaction = connection.unchecked_transaction().map_err(said)?;
        let before = report.copied_to_database;
        for id in batch {
            if let Some(entry) = settle(&transaction, spool, id, &found, report)? {
                index.insert(*id, entry);
            }
        }
        transaction.commit().map_err(said)?;
        if report.copied_to_database > before {
            connection::checkpoint(connection)?;
        }
    }
    count(&index, report);
    Ok(index)
}

/// What the spool alone holds, for a start without a database. Repairs nothing.
pub(super) fn spool_only(spool: &Spool, report: &mut StartReport) -> Result<Index, StoreError> {
    let mut found = BTreeMap::new();
    read_spool(None, spool, &mut found, report)?;
    let whole = found
        .iter()
        .filter(|(_, found)| matches!(found.file, Some(Copied::Whole)));
    let entry = Entry {
        state: State::Queued,
        in_database: false,
        in_spool: true,
    };
    let index = whole.map(|(id, _)| (*id, entry)).collect();
    count(&index, report);
    Ok(index)
}

fn count(index: &Index, report: &mut StartReport) {
    report.rows = index.values().filter(|entry| entry.in_database).count();
    report.spool_files = index.values().filter(|entry| entry.in_spool).count();
}

fn read_spool(
    connection: Option<&Connection>,
    spool: &Spool,
    found: &mut BTreeMap<EnvelopeId, Found>,
    report: &mut StartReport,
) -> Result<(), StoreError> {
    let said = |error| StoreError::io("reading the spool", &error);
    report.parts_removed += spool.remove_parts().map_err(said)?;
    for id in spool.ids().map_err(said)? {
        if let Some(connection) = connection
            && rows::acknowledgement(connection, &id).is_ok_and(|tombstone| tombstone.is_some())
        {
            spool.remove(&id).map_err(said)?;
            report.delivered_removed += 1;
            continue;
        }
        // A file on bad sectors is damaged, not a reason to stop: the row may be whole.
        let bytes = spool.read_unchecked(&id).ok().flatten().unwrap_or_default();
        let file = if rows::is_whole(&id, &bytes) {
            Copied::Whole
        } else {
            Copied::Damaged(rows::digest(&bytes))
        };
        found.entry(id).or_default().file = Some(file);
    }
    Ok(())
}

/// Settles one envelope; nothing is answered when its bytes turned out to be another, whole one under a wrong name.
fn settle(
    connection: &Connection,
    spool: &Spool,
    id: &EnvelopeId,
    all: &BTreeMap<EnvelopeId, Found>,
    report: &mut StartReport,
) -> Result<Option<Entry>, StoreError> {
    let Some(found) = all.get(id) else { return Ok(None) };
    match (found.row, found.file) {
        (Some((state, None)), file) => {
            let state = if state == State::Quarantined {
                State::Queued
            } else {
                state
            };
            if found.row.is_some_and(|(before, _)| before != state) {
                rows::set_state(connection, id, state)?;
            }
            let in_spool = matches!(file, Some(Copied::Whole)) || copy_to_spool(connection, spool, id, file, report)?;
            Ok(Some(Entry {
                state,
                in_database: true,
                in_spool,
            }))
        }
        (row, Some(Copied::Whole)) => {
            let state = match row {
                Some((State::Refused, _)) => State::Refused,
                _ => State::Queued,
            };
            let in_database = copy_to_database(connection, spool, id, state, row.and_then(|(_, held)| held), report)?;
            Ok(Some(Entry {
                state,
                in_database,
                in_spool: true,
            }))
        }
        (row, file) => {
            let held = match (row, file) {
                (Some((_, Some(held))), _) | (None, Some(Copied::Damaged(held))) => held,
                _ => return Ok(None),
            };
            if is_whole_elsewhere(&held, all) {
                misnamed(connection, spool, id, row.is_some(), file, report)?;
                return Ok(None);
            }
            quarantine(connection, spool, id, row.map(|(state, _)| state), file, report)?;
            Ok(Some(Entry {
                state: State::Quarantined,
                in_database: true,
                in_spool: false,
            }))
        }
    }
}

fn is_whole_elsewhere(held: &EnvelopeId, all: &BTreeMap<EnvelopeId, Found>) -> bool {
    all.get(held)
        .is_some_and(|other| matches!(other.row, Some((_, None))) || matches!(other.file, Some(Copied::Whole)))
}

fn copy_to_spool(
    connection: &Connection,
    spool: &Spool,
    id: &EnvelopeId,
    file: Option<Copied>,
    report: &mut StartReport,
) -> Result<bool, StoreError> {
    let Some(bytes) = rows::read(connection, id)? else {
        return Ok(false);
    };
    let aside = match file {
        Some(Copied::Damaged(held)) => spool.set_aside(id, &held).map(|()| report.set_aside += 1),
        _ => Ok(()),
    };
    match aside.and_then(|()| spool.write(id, &bytes)) {
        Ok(()) => {
            report.copied_to_spool += 1;
            Ok(true)
        }
        Err(error) => {
            report.spool_error = Some(StoreError::io("writing the spool", &error));
            Ok(false)
        }
    }
}

fn copy_to_database(
    connection: &Connection,
    spool: &Spool,
    id: &EnvelopeId,
    state: State,
    damaged: Option<EnvelopeId>,
    report: &mut StartReport,
) -> Result<bool, StoreError> {
    let Ok(Some(bytes)) = spool.read(id) else {
        return Ok(false);
    };
    if let Some(held) = damaged {
        let rotten = rows::read(connection, id)?.unwrap_or_default();
        // Evidence of a failing disk, no more: the whole bytes are at hand.
        if spool.set_bytes_aside(id, &held, &rotten).is_ok() {
            report.set_aside += 1;
        }
    }
    rows::put(connection, id, state, &bytes)?;
    report.copied_to_database += 1;
    Ok(true)
}

/// The name rotted, not the bytes: they are whole under their right digest, so the wrong name goes.
fn misnamed(
    connection: &Connection,
    spool: &Spool,
    id: &EnvelopeId,
    row: bool,
    file: Option<Copied>,
    report: &mut StartReport,
) -> Result<(), StoreError> {
    if row {
        rows::remove_misnamed(connection, id)?;
        report.set_aside += 1;
    }
    set_file_aside(spool, id, file, report);
    Ok(())
}

fn quarantine(
    connection: &Connection,
    spool: &Spool,
    id: &EnvelopeId,
    row: Option<State>,
    file: Option<Copied>,
    report: &mut StartReport,
) -> Result<(), StoreError> {
    if row.is_some() {
        rows::set_state(connection, id, State::Quarantined)?;
    } else {
        // The row makes the loss countable at every later start; the file itself is set aside below.
        let mut bytes = spool.read_unchecked(id).ok().flatten().unwrap_or_default();
        bytes.truncate(ENVELOPE_BYTES);
        rows::put(connection, id, State::Quarantined, &bytes)?;
    }
    set_file_aside(spool, id, file, report);
    report.quarantined += usize::from(row != Some(State::Quarantined));
    Ok(())
}

fn set_file_aside(spool: &Spool, id: &EnvelopeId, file: Option<Copied>, report: &mut StartReport) {
    if let Some(Copied::Damaged(held)) = file {
        match spool.set_aside(id, &held) {
            Ok(()) => report.set_aside += 1,
            Err(error) => report.spool_error = Some(StoreError::io("setting a damaged file aside", &error)),
        }
    }
}
