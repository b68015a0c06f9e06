//! Sealed status notes, as the intake numbered them.
//!
//! Called by the courier's news and by a reporter's coming back. Which note is whose is not known here: whoever holds a
//! reference code tries every one.

use std::ops::ControlFlow;

use rusqlite::{Connection, params};

use super::{Store, StoreError};
use crate::limits::{NOTES_KEPT_MOST, STATUS_NOTE_BYTES};

impl Store {
    /// Keeps one status note; see [`Store::add_notes`].
    pub fn add_note(&mut self, sequence: u64, bytes: &[u8]) -> Result<(), StoreError> {
        self.add_notes(&[(sequence, bytes)])
    }

    /// Keeps status notes in one transaction. A sequence that is known is left as it is; the oldest of more than
    /// [`NOTES_KEPT_MOST`] are dropped. Each must have exactly [`STATUS_NOTE_BYTES`].
    pub fn add_notes(&mut self, notes: &[(u64, &[u8])]) -> Result<(), StoreError> {
        for (sequence, bytes) in notes {
            if i64::try_from(*sequence).is_err() {
                return Err(StoreError::Limit {
                    what: "number of a status note",
                });
            }
            if bytes.len() != STATUS_NOTE_BYTES {
                return Err(StoreError::Limit {
                    what: "length of a status note",
                });
            }
        }
        self.with_database(|connection| {
            let said = |error| StoreError::sqlite("keeping status notes", &error);
            let transaction = connection.transaction().map_err(said)?;
            for (sequence, bytes) in notes {
                insert(&transaction, i64::try_from(*sequence).unwrap_or(i64::MAX), bytes)?;
            }
            transaction
                .execute(
                    "DELETE FROM note WHERE sequence <= (SELECT sequence FROM note ORDER BY sequence DESC LIMIT 1 OFFSET ?1)",
                    params![i64::try_from(NOTES_KEPT_MOST).unwrap_or(i64::MAX)],
                )
                .map_err(said)?;
            transaction.commit().map_err(said)
        })
    }

    /// Shows the kept notes, newest first, one in memory at a time, until told to stop.
    pub fn visit_notes(
        &self,
        mut show: impl FnMut(u64, &[u8; STATUS_NOTE_BYTES]) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        let said = |error| StoreError::sqlite("reading status notes", &error);
        let connection = self.connection()?;
        let mut statement = connection
            .prepare_cached("SELECT sequence, bytes FROM note ORDER BY sequence DESC")
            .map_err(said)?;
        let mut rows = statement.query([]).map_err(said)?;
        while let Some(row) = rows.next().map_err(said)? {
            let sequence: i64 = row.get(0).map_err(said)?;
            let bytes = row
                .get_ref(1)
                .map_err(said)?
                .as_bytes()
                .ok()
                .and_then(|bytes| bytes.try_into().ok());
            if let (Ok(sequence), Some(bytes)) = (u64::try_from(sequence), bytes)
                && show(sequence, bytes).is_break()
            {
                break;
            }
        }
        Ok(())
    }

    /// The newest sequence that is kept: where the intake's news goes on. Zero when there is none.
    pub fn cursor(&self) -> Result<u64, StoreError> {
        let newest: i64 = self
            .connection()?
            .query_row("SELECT coalesce(max(sequence), 0) FROM note", [], |row| row.get(0))
            .map_err(|error| StoreError::sqlite("reading the news cursor", &error))?;
        Ok(u64::try_from(newest).unwrap_or(0))
    }
}

fn insert(connection: &Connection, sequence: i64, bytes: &[u8]) -> Result<(), StoreError> {
    connection
        .prepare_cached("INSERT OR IGNORE INTO note (sequence, bytes) VALUES (?1, ?2)")
        .and_then(|mut statement| statement.execute(params![sequence, bytes]))
        .map(drop)
        .map_err(|error| StoreError::sqlite("keeping a status note", &error))
}

/// Carries the newest readable notes of a damaged database over. Older than the first gap are left: with the cursor
/// behind them the intake sends them again only if the cursor is; so the notes carried are those from the oldest on.
pub(super) fn carry(from: &Connection, to: &Connection) -> Result<(), StoreError> {
    let Ok(mut statement) = from.prepare("SELECT sequence, bytes FROM note ORDER BY sequence ASC") else {
        return Ok(());
    };
    let Ok(mut rows) = statement.query([]) else {
        return Ok(());
    };
    while let Ok(Some(row)) = rows.next() {
        match (row.get(0), row.get::<_, Vec<u8>>(1)) {
            (Ok(sequence), Ok(bytes)) if bytes.len() == STATUS_NOTE_BYTES => insert(to, sequence, &bytes)?,
            _ => break,
        }
    }
    Ok(())
}
