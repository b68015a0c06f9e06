//! The way back of a second copy that failed: everything it lacks is written again before it counts as working.
//!
//! Called by `checkpoint`, so after each report, and with every heartbeat while a copy does not work. It never makes
//! anything worse: what it cannot write stays in the database, and the kiosk stays closed.

use std::fs;
use std::io;

use super::rows::{self, State};
use super::settings::COUNTER;
use super::{Store, places, second};
use crate::id::EnvelopeId;

/// Written and removed to see whether the folder takes files. No envelope has such a name.
const PROBE: &str = "probe";

impl Store {
    /// Tries, when the spool does not work, to make it whole; only then may it be trusted again.
    pub(super) fn mend_spool(&mut self) {
        if !self.spool_works {
            self.spool_works = self.write_what_the_spool_lacks().is_ok();
        }
    }

    fn write_what_the_spool_lacks(&mut self) -> io::Result<()> {
        let spool = &self.places.spool;
        places::make_folder(spool)?;
        places::write_whole(spool, PROBE, &[])?;
        fs::remove_file(spool.join(PROBE))?;
        // Which of them the copy has in an older state is not known: all of them again. The ceiling stands for the counter.
        for (key, kept) in self.settings.iter().filter(|(key, _)| *key != COUNTER) {
            second::write(spool, key, kept)?;
        }
        let lacks = |(id, entry): (&EnvelopeId, &super::reconcile::Entry)| {
            (!entry.in_spool && entry.state != State::Quarantined).then_some(*id)
        };
        let lacking: Vec<EnvelopeId> = self.index.iter().filter_map(lacks).collect();
        for id in lacking {
            let connection = self.connection().map_err(io::Error::other)?;
            let bytes = rows::read(connection, &id).map_err(io::Error::other)?;
            // One that is not whole is met when it is read; the spool is not to blame.
            let Some(bytes) = bytes.filter(|bytes| rows::is_whole(&id, bytes)) else {
                continue;
            };
            self.spool.write(&id, &bytes)?;
            if let Some(entry) = self.index.get_mut(&id) {
                entry.in_spool = true;
            }
        }
        Ok(())
    }
}
