//! The database's side of an envelope: rows and tombstones, one statement or one transaction each.
//!
//! Called by `outbox`, `reconcile` and `rebuild`. It knows nothing of the spool, and trusts no bytes: whoever reads
//! compares the digest.

use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};

use super::StoreError;
use crate::id::EnvelopeId;
use crate::limits::{ENVELOPE_BYTES, TOMBSTONE_DAYS};
use crate::time::Timestamp;

const DAY_SECONDS: i64 = 86_400;

/// What is to become of an envelope. The numbers are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Queued = 0,
    Refused = 1,
    Quarantined = 2,
}

impl State {
    fn read(number: i64) -> Self {
        match number {
            0 => Self::Queued,
            1 => Self::Refused,
            // The table allows nothing else; a rotten number is looked at by a person.
            _ => Self::Quarantined,
        }
    }
}

/// The digest under which bytes are kept.
pub(super) fn digest(bytes: &[u8]) -> EnvelopeId {
    EnvelopeId(Sha256::digest(bytes).into())
}

/// Whether bytes are the whole envelope that `id` names.
pub(super) fn is_whole(id: &EnvelopeId, bytes: &[u8]) -> bool {
    bytes.len() == ENVELOPE_BYTES && digest(bytes) == *id
}

/// Keeps an envelope; the same one again changes nothing, except that it heals a quarantined row.
pub(super) fn keep(connection: &Connection, id: &EnvelopeId, bytes: &[u8]) -> Result<(), StoreError> {
    connection
        .execute(
            "INSERT INTO envelope (id, state, bytes) VALUES (?1, 0, ?2)
             ON CONFLICT (id) DO UPDATE SET state = 0, bytes = excluded.bytes WHERE state = 2",
            params![id.0, bytes],
        )
        .map(drop)
        .map_err(|error| StoreError::sqlite("keeping an envelope", &error))
}

/// Puts bytes and state in a row whatever it held.
pub(super) fn put(connection: &Connection, id: &EnvelopeId, state: State, bytes: &[u8]) -> Result<(), StoreError> {
    connection
        .execute(
            "INSERT OR REPLACE INTO envelope (id, state, bytes) VALUES (?1, ?2, ?3)",
            params![id.0, state as i64, bytes],
        )
        .map(drop)
        .map_err(|error| StoreError::sqlite("repairing an envelope", &error))
}

/// Changes the state of a row, if there is one.
pub(super) fn set_state(connection: &Connection, id: &EnvelopeId, state: State) -> Result<(), StoreError> {
    connection
        .execute(
            "UPDATE envelope SET state = ?2 WHERE id = ?1",
            params![id.0, state as i64],
        )
        .map(drop)
        .map_err(|error| StoreError::sqlite("marking an envelope", &error))
}

/// Removes a row whose bytes are known whole under their right digest.
pub(super) fn remove_misnamed(connection: &Connection, id: &EnvelopeId) -> Result<(), StoreError> {
    connection
        .execute("DELETE FROM envelope WHERE id = ?1", params![id.0])
        .map(drop)
        .map_err(|error| StoreError::sqlite("removing a misnamed row", &error))
}

/// The bytes of a row, unchecked.
pub(super) fn read(connection: &Connection, id: &EnvelopeId) -> Result<Option<Vec<u8>>, StoreError> {
    connection
        .query_row("SELECT bytes FROM envelope WHERE id = ?1", params![id.0], |row| {
            row.get(0)
        })
        .optional()
        .map_err(|error| StoreError::sqlite("reading an envelope", &error))
}

/// Shows every row, one in memory at a time.
pub(super) fn visit(connection: &Connection, mut show: impl FnMut(EnvelopeId, State, &[u8])) -> Result<(), StoreError> {
    visit_in(
        connection,
        "SELECT id, state, bytes FROM envelope ORDER BY id",
        &mut show,
    )
}

/// Shows the rows of a damaged database that can still be read, from both ends towards the damage.
pub(super) fn visit_readable(connection: &Connection, mut show: impl FnMut(EnvelopeId, State, &[u8])) {
    for order in ["ASC", "DESC"] {
        // The error is the damage itself; what lies behind it comes from the other end or from the spool.
        let sql = format!("SELECT id, state, bytes FROM envelope ORDER BY id {order}");
        if visit_in(connection, &sql, &mut show).is_ok() {
            return;
        }
    }
}

fn visit_in(
    connection: &Connection,
    sql: &str,
    show: &mut impl FnMut(EnvelopeId, State, &[u8]),
) -> Result<(), StoreError> {
    let said = |error| StoreError::sqlite("reading the envelopes", &error);
    let mut statement = connection.prepare(sql).map_err(said)?;
    let mut rows = statement.query([]).map_err(said)?;
    while let Some(row) = rows.next().map_err(said)? {
        let id = row
            .get_ref(0)
            .map_err(said)?
            .as_bytes()
            .ok()
            .and_then(|bytes| EnvelopeId::from_slice(bytes).ok());
        let state = State::read(row.get(1).unwrap_or(-1));
        let bytes = row.get_ref(2).map_err(said)?;
        if let (Some(id), Ok(bytes)) = (id, bytes.as_bytes()) {
            show(id, state, bytes);
        }
    }
    Ok(())
}

/// In one transaction: the row goes, the tombstone comes. A tombstone already there keeps its first acknowledgement.
pub(super) fn bury(
    connection: &mut Connection,
    id: &EnvelopeId,
    acknowledgement: &[u8],
    now: Timestamp,
) -> Result<(), StoreError> {
    let said = |error| StoreError::sqlite("forgetting a delivered envelope", &error);
    let transaction = connection.transaction().map_err(said)?;
    transaction
        .execute(
            "INSERT OR IGNORE INTO tombstone (id, day, acknowledgement) VALUES (?1, ?2, ?3)",
            params![id.0, now.0.div_euclid(DAY_SECONDS), acknowledgement],
        )
        .map_err(said)?;
    transaction
        .execute("DELETE FROM envelope WHERE id = ?1", params![id.0])
        .map_err(said)?;
    transaction.commit().map_err(said)
}

/// The acknowledgement under which an envelope was forgotten.
pub(super) fn acknowledgement(connection: &Connection, id: &EnvelopeId) -> Result<Option<Vec<u8>>, StoreError> {
    connection
        .query_row(
            "SELECT acknowledgement FROM tombstone WHERE id = ?1",
            params![id.0],
            |row| row.get(0),
        )
        .optional()
        .map_err(|error| StoreError::sqlite("reading a tombstone", &error))
}

/// Removes tombstones of more than `TOMBSTONE_DAYS` ago; answers how many.
pub(super) fn prune_tombstones(connection: &Connection, now: Timestamp) -> Result<usize, StoreError> {
    connection
        .execute(
            "DELETE FROM tombstone WHERE day < ?1",
            params![now.0.div_euclid(DAY_SECONDS) - TOMBSTONE_DAYS],
        )
        .map_err(|error| StoreError::sqlite("removing old tombstones", &error))
}

/// Carries the readable tombstones of a damaged database over into a new one.
pub(super) fn carry_tombstones(from: &Connection, to: &Connection) -> Result<(), StoreError> {
    for order in ["ASC", "DESC"] {
        let Ok(mut statement) = from.prepare(&format!(
            "SELECT id, day, acknowledgement FROM tombstone ORDER BY id {order}"
        )) else {
            return Ok(());
        };
        let Ok(mut rows) = statement.query([]) else {
            return Ok(());
        };
        while let Ok(Some(row)) = rows.next() {
            let (Ok(id), Ok(day), Ok(core)) = (
                row.get::<_, [u8; 32]>(0),
                row.get::<_, i64>(1),
                row.get::<_, Vec<u8>>(2),
            ) else {
                continue;
            };
            to.execute(
                "INSERT OR IGNORE INTO tombstone (id, day, acknowledgement) VALUES (?1, ?2, ?3)",
                params![id, day, core],
            )
            .map_err(|error| StoreError::sqlite("carrying tombstones over", &error))?;
        }
    }
    Ok(())
}
