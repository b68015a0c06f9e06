//! Keeping, reading and forgetting envelopes.
//!
//! Called by the store thread for `Output::File`, by the courier for what to send, and by acknowledgements.
//!
//! Order. The spool file comes first: it is new, small, touches nothing that was kept before, and appears whole or not
//! at all; so when the database then needs its long way round (close, check, open, again) one copy is already durable.
//! A cut between the two leaves a file that the next start enters in the database. Forgetting goes the other way: one
//! transaction takes the row and leaves the tombstone, then the file goes; a cut between the two leaves a file whose
//! tombstone explains it. Nothing is forgotten without an acknowledgement that the caller has verified.

use std::io;

use super::ballast::{self, DISK_RESERVE_BYTES};
use super::reconcile::Entry;
use super::rows::{self, State};
use super::{Fillers, Store, StoreError, settings};
use crate::id::EnvelopeId;
use crate::limits::{ENVELOPE_BYTES, OUTBOX_MOST, OUTBOX_WINDOW};
use crate::time::Timestamp;

/// Bytes of the signed core of an acknowledgement, at most.
const ACKNOWLEDGEMENT_BYTES_MOST: usize = 256;

/// Envelopes beyond the outbox's bound that are still kept: entries that were begun before it was reached.
const GRACE: usize = OUTBOX_WINDOW;

/// Where an envelope is durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// In both copies: only now may a page say that it is safe.
    Both,
    /// In the database alone.
    DatabaseOnly,
    /// In the spool alone.
    SpoolOnly,
    /// The intake owns it already; nothing was kept.
    AlreadyDelivered,
}

/// Envelopes by what is to become of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// To be sent.
    pub queued: usize,
    /// Refused by the intake with its signature; kept for a person to look at.
    pub refused: usize,
    /// Damaged in both copies; kept for a person to look at.
    pub quarantined: usize,
}

impl Store {
    /// Makes an envelope durable in both copies; the same one again changes nothing.
    ///
    /// An error means that neither copy is durable. A caller that gets one copy must not say "safe".
    pub fn keep(&mut self, id: &EnvelopeId, bytes: &[u8; ENVELOPE_BYTES]) -> Result<Kept, StoreError> {
        if !rows::is_whole(id, bytes) {
            return Err(StoreError::Limit {
                what: "an envelope under another digest",
            });
        }
        if self.has_tombstone(id) {
            return Ok(Kept::AlreadyDelivered);
        }
        if !self.index.contains_key(id) && self.index.len() >= OUTBOX_MOST + GRACE {
            return Err(StoreError::Full);
        }
        self.make_room()?;
        let spooled = self.keep_in_spool(id, bytes);
        let settings = self.unwritten();
        let entered = self.with_database(|connection| {
            let said = |error| StoreError::sqlite("keeping an envelope", &error);
            let transaction = connection.transaction().map_err(said)?;
            rows::keep(&transaction, id, bytes)?;
            for (key, kept) in &settings {
                settings::write(&transaction, key, kept)?;
            }
            transaction.commit().map_err(said)
        });
        self.were_written(settings, entered.is_ok());
        let in_spool = spooled.is_ok();
        // One good file does not mend what failed before; `checkpoint` does.
        self.spool_works &= in_spool;
        let kept = match (in_spool, &entered) {
            (true, Ok(())) => Kept::Both,
            (true, Err(_)) => Kept::SpoolOnly,
            (false, Ok(())) => Kept::DatabaseOnly,
            (false, Err(error)) => return Err(error.clone()),
        };
        let state = match self.index.get(id) {
            Some(entry) if entry.state == State::Refused => State::Refused,
            _ => State::Queued,
        };
        self.index.insert(
            *id,
            Entry {
                state,
                in_database: entered.is_ok(),
                in_spool,
            },
        );
        Ok(kept)
    }

    fn keep_in_spool(&mut self, id: &EnvelopeId, bytes: &[u8; ENVELOPE_BYTES]) -> io::Result<()> {
        if matches!(self.spool.read(id), Ok(Some(_))) && self.index.get(id).is_some_and(|entry| entry.in_spool) {
            return Ok(());
        }
        self.spool.write(id, bytes)
    }

    /// Gives the ballast back when the disk is nearly full; refuses when even that is not enough.
    fn make_room(&mut self) -> Result<(), StoreError> {
        let places = &self.places;
        // A disk that cannot say how full it is will say so when written to.
        let is_full = || {
            let short = |folder| ballast::free_bytes(folder).is_ok_and(|free| free < DISK_RESERVE_BYTES);
            short(&places.data) || short(&places.spool)
        };
        if !is_full() || (self.ballast.release() && !is_full()) {
            return Ok(());
        }
        Err(StoreError::Full)
    }

    /// At most `most` queued envelopes, in the order of their digests, which says nothing of when they came.
    pub fn window(&self, most: usize) -> Vec<EnvelopeId> {
        self.queued().take(most).collect()
    }

    /// As [`Store::window`], from behind `after` and round again, so that nobody waits behind one that fails.
    pub fn window_after(&self, after: &EnvelopeId, most: usize) -> Vec<EnvelopeId> {
        let behind = self.queued().filter(|id| id > after);
        let before = self.queued().filter(|id| id <= after);
        behind.chain(before).take(most).collect()
    }

    fn queued(&self) -> impl Iterator<Item = EnvelopeId> {
        let queued = self
            .index
            .iter()
            .filter(|(id, entry)| entry.state == State::Queued && !self.acknowledged.contains(id));
        queued.map(|(id, _)| *id)
    }

    /// What exports filled up with and the intake does not own yet.
    pub fn fillers(&self) -> Fillers {
        Fillers::at(&self.places.spool)
    }

    /// How many envelopes there are.
    pub fn counts(&self) -> Counts {
        let count = |state| self.index.values().filter(|entry| entry.state == state).count();
        Counts {
            queued: self.queued().count(),
            refused: count(State::Refused),
            quarantined: count(State::Quarantined),
        }
    }

    /// The bytes of an envelope, proved by its digest; a damaged copy is repaired from the other.
    ///
    /// `None` when there is no such envelope, [`StoreError::Corrupt`] when neither copy is whole: it is then quarantined.
    pub fn read(&mut self, id: &EnvelopeId) -> Result<Option<Box<[u8; ENVELOPE_BYTES]>>, StoreError> {
        let Some(entry) = self.index.get(id).copied() else {
            return Ok(None);
        };
        if let Ok(Some(bytes)) = self.connection().and_then(|connection| rows::read(connection, id))
            && rows::is_whole(id, &bytes)
        {
            return Ok(boxed(bytes));
        }
        if let Ok(Some(bytes)) = self.spool.read(id) {
            // Sending does not wait for the repair; the next start tries again.
            let state = if entry.state == State::Refused {
                State::Refused
            } else {
                State::Queued
            };
            if self
                .with_database(|connection| rows::put(connection, id, state, &bytes))
                .is_ok()
            {
                self.index.insert(
                    *id,
                    Entry {
                        state,
                        in_database: true,
                        in_spool: true,
                    },
                );
            }
            return Ok(boxed(bytes));
        }
        if entry.state != State::Quarantined && self.database.is_some() {
            self.with_database(|connection| rows::set_state(connection, id, State::Quarantined))?;
        }
        self.index.insert(
            *id,
            Entry {
                state: State::Quarantined,
                ..entry
            },
        );
        Err(StoreError::Corrupt {
            what: "both copies of an envelope",
        })
    }

    /// Forgets an envelope that the intake owns, and keeps the signed core of its acknowledgement (at most 256 bytes).
    ///
    /// The caller has verified the signature and that it names this digest. Repeating it changes nothing. On an error
    /// the envelope stays kept; it is not offered again before the next start.
    pub fn delivered(&mut self, id: &EnvelopeId, acknowledgement: &[u8], now: Timestamp) -> Result<(), StoreError> {
        if acknowledgement.len() > ACKNOWLEDGEMENT_BYTES_MOST {
            return Err(StoreError::Limit {
                what: "length of an acknowledgement",
            });
        }
        if let Err(error) = self.with_database(|connection| rows::bury(connection, id, acknowledgement, now)) {
            self.acknowledged.insert(*id);
            return Err(error);
        }
        self.acknowledged.remove(id);
        self.index.remove(id);
        if self.spool.remove(id).is_err() {
            self.unremoved.insert(*id);
        }
        Ok(())
    }

    /// Marks an envelope that the intake refused with its signature: kept, and not sent again.
    pub fn refused(&mut self, id: &EnvelopeId) -> Result<(), StoreError> {
        let Some(entry) = self.index.get(id).copied().filter(|entry| entry.state == State::Queued) else {
            return Ok(());
        };
        self.with_database(|connection| rows::set_state(connection, id, State::Refused))?;
        self.index.insert(
            *id,
            Entry {
                state: State::Refused,
                ..entry
            },
        );
        Ok(())
    }

    /// Whether the intake is known to own an envelope; `false` also while the database cannot be asked.
    pub fn has_tombstone(&self, id: &EnvelopeId) -> bool {
        matches!(self.acknowledgement(id), Ok(Some(_)))
    }

    /// The signed core of the acknowledgement under which an envelope was forgotten.
    pub fn acknowledgement(&self, id: &EnvelopeId) -> Result<Option<Vec<u8>>, StoreError> {
        rows::acknowledgement(self.connection()?, id)
    }

    /// Removes tombstones of more than [`crate::limits::TOMBSTONE_DAYS`] days ago; answers how many. Called after the
    /// start with a time that can be believed: the last acknowledgement's, not the wall clock's.
    pub fn prune_tombstones(&mut self, now: Timestamp) -> Result<usize, StoreError> {
        self.with_database(|connection| rows::prune_tombstones(connection, now))
    }
}

fn boxed(bytes: Vec<u8>) -> Option<Box<[u8; ENVELOPE_BYTES]>> {
    // Whole bytes have exactly this length.
    bytes.into_boxed_slice().try_into().ok()
}
