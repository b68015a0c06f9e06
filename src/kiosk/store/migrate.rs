//! Brings the database to the newest shape, and recognises a damaged one.
//!
//! Called by `life` and `rebuild` on every opening. Migrations only add, so that the program in the other system slot
//! can open what this one wrote; a shape newer than this program is accepted as long as it holds every table of this
//! one. Migrations are plain SQL and know no type of this program.

use rusqlite::{Connection, TransactionBehavior};

use super::StoreError;

const MIGRATIONS: [&str; 1] = [include_str!("migrations/001_initial.sql")];

/// What `user_version` says when all of them have run.
const NEWEST: i64 = MIGRATIONS.len() as i64;

/// Marks the file as ours ("Hrd1").
const APPLICATION: i32 = 0x4872_6431;

/// Runs what is missing, in one transaction, then compares every table with what it should be.
pub(super) fn run(connection: &mut Connection) -> Result<(), StoreError> {
    let said = |error| StoreError::sqlite("bringing the database up to date", &error);
    let version = number(connection, "user_version")?;
    let done = usize::try_from(version).map_err(|_| StoreError::Corrupt {
        what: "version of the database",
    })?;
    if done > 0 && number(connection, "application_id")? != i64::from(APPLICATION) {
        return Err(StoreError::Corrupt {
            what: "mark of the database",
        });
    }
    if done < MIGRATIONS.len() {
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(said)?;
        for migration in &MIGRATIONS[done..] {
            transaction.execute_batch(migration).map_err(said)?;
        }
        transaction
            .pragma_update(None, "application_id", APPLICATION)
            .map_err(said)?;
        transaction.pragma_update(None, "user_version", NEWEST).map_err(said)?;
        transaction.commit().map_err(said)?;
    }
    let found = shape(connection)?;
    if expected_shape()?.iter().all(|table| found.contains(table)) {
        Ok(())
    } else {
        Err(StoreError::Corrupt {
            what: "tables of the database",
        })
    }
}

fn number(connection: &Connection, pragma: &str) -> Result<i64, StoreError> {
    connection
        .pragma_query_value(None, pragma, |row| row.get(0))
        .map_err(|error| StoreError::sqlite("reading the version of the database", &error))
}

fn expected_shape() -> Result<Vec<String>, StoreError> {
    let said = |error| StoreError::sqlite("preparing the tables", &error);
    let blank = Connection::open_in_memory().map_err(said)?;
    MIGRATIONS
        .iter()
        .try_for_each(|migration| blank.execute_batch(migration))
        .map_err(said)?;
    shape(&blank)
}

/// The text of every table: one flipped bit in it changes what a statement means.
fn shape(connection: &Connection) -> Result<Vec<String>, StoreError> {
    let said = |error| StoreError::sqlite("reading the tables of the database", &error);
    let mut statement = connection
        .prepare("SELECT type || ' ' || name || ' ' || tbl_name || ' ' || sql FROM sqlite_schema WHERE sql IS NOT NULL")
        .map_err(said)?;
    let texts = statement.query_map([], |row| row.get(0)).map_err(said)?;
    texts.collect::<Result<_, _>>().map_err(said)
}
