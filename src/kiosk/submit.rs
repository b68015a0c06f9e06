//! A report without a screen: a second front that sends the same presses as the pages.
//!
//! Success only when both copies are durable; the code is printed then and never before. It does not wait for the link:
//! `send` or the running kiosk delivers.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;

use zeroize::Zeroizing;

use super::clock::Clock;
use super::error::KioskError;
use super::run_loop;
use super::scripted;
use super::worker::Worker;
use crate::form::{AnswersFile, FormDefinition, fill};
use crate::id::EnvelopeId;
use crate::limits::{ANSWERS_FILE_BYTES_MOST, CHANNEL_MOST};
use crate::machine::SavedWords;
use crate::time::Timestamp;

/// What `submit` prints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submitted {
    /// The envelope's digest.
    pub envelope: EnvelopeId,
    /// The code, in groups of four; none when there was no memory for its keys.
    pub reference_code: Option<String>,
    /// Open by then; none without a clock.
    pub due: Option<Timestamp>,
}

/// Reads an answers file, or standard input for `-`, and no more of it than allowed.
pub fn read_answers(path: &Path) -> Result<Zeroizing<Vec<u8>>, KioskError> {
    let unreadable = |_| KioskError::Input("the answers file cannot be read: check its name".into());
    let limit = u64::try_from(ANSWERS_FILE_BYTES_MOST)
        .unwrap_or(u64::MAX)
        .saturating_add(1);
    let mut bytes = Zeroizing::new(Vec::with_capacity(65_536));
    if path == Path::new("-") {
        std::io::stdin()
            .lock()
            .take(limit)
            .read_to_end(&mut bytes)
            .map_err(unreadable)?;
    } else {
        fs::File::open(path)
            .map_err(unreadable)?
            .take(limit)
            .read_to_end(&mut bytes)
            .map_err(unreadable)?;
    }
    Ok(bytes)
}

/// Checks an answers file against a form, down to what is still missing.
pub fn check_answers(bytes: &[u8], form: &Arc<FormDefinition>) -> Result<AnswersFile, KioskError> {
    let file = AnswersFile::read(bytes, form)?;
    fill(Arc::clone(form), &file)?;
    Ok(file)
}

/// Files a report through the same machine as the pages.
pub fn submit(worker: Worker, clock: Clock, file: &AnswersFile) -> Result<Submitted, KioskError> {
    let form = Arc::clone(&worker.in_use().form);
    let (show, views) = sync_channel(CHANNEL_MOST);
    // A view nobody takes is a counted miss; the front takes each before it presses again.
    let running = run_loop::start(worker, None, clock, move |view| drop(show.try_send(view)));
    let told = scripted::tell(&running, &views, &form, file);
    running.stop();
    let saved = told?.saved;
    if saved.words == SavedWords::Refused {
        return Err(KioskError::Later(
            "the intake has refused the report: it is kept here and not sent again by itself, see `heard-kiosk doctor`"
                .into(),
        ));
    }
    if saved.words == SavedWords::KeptOnce {
        return Err(KioskError::Later(
            "the report was kept in one copy only: see `heard-kiosk doctor`; it will be sent all the same".into(),
        ));
    }
    Ok(Submitted {
        envelope: saved.envelope,
        reference_code: saved.code.as_ref().map(crate::mailbox::ReferenceCode::grouped),
        due: saved.due,
    })
}
