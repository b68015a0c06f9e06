//! A message to a reporter: checked, then sealed to the inbox of their code, so that nobody on the way can read it.
//!
//! It promises nothing without a time, says "opened" of nothing that nobody opened, and keeps no copy of the words.

use zeroize::Zeroizing;

use super::error::DeskError;
use super::print_out::ZONE;
use crate::limits::{NOTE_NAME_BYTES, NOTE_PROMISE_BYTES, NOTE_WORDS_BYTES};
use crate::mailbox::Stage;
use crate::seal::{Recipient, random_array, seal_note};
use crate::time::Timestamp;
use crate::wire::StatusNoteBytes;
use crate::wire::api::HandedOver;
use crate::wire::v1::StatusNote;

/// What a caseworker says. Holds words: no Debug.
#[derive(Clone)]
pub struct Saying {
    /// How far the case is.
    pub stage: Stage,
    /// What is promised, and by when.
    pub promise: Option<(String, Timestamp)>,
    /// A promise was missed: the apology is shown first (SAFETY 13).
    pub apology: bool,
    /// First name of the caseworker; may be empty.
    pub name: String,
    /// The message.
    pub words: Zeroizing<String>,
}

impl Saying {
    /// Whether it is true of the case that was handed over: from Opened on a reporter reads that a specialist has it.
    ///
    /// # Errors
    /// Such a stage of a case that nobody has opened.
    pub fn check_opened(&self, handed: &HandedOver) -> Result<(), DeskError> {
        match self.stage {
            Stage::Received | Stage::Assigned => Ok(()),
            _ if handed.first_opened_at.is_some() => Ok(()),
            _ => Err(DeskError::input(
                "nobody has opened this case yet, so its reporter cannot be told this stage: open the case first",
            )),
        }
    }

    /// Whether it can be said at all, before anybody is asked for an inbox.
    ///
    /// # Errors
    /// Words that are empty, too long or hold control characters, a promise for a time that is over.
    pub fn check(&self, now: Timestamp) -> Result<(), DeskError> {
        bounded("the message (--words)", &self.words, NOTE_WORDS_BYTES, true)?;
        bounded("the name (--name)", &self.name, NOTE_NAME_BYTES, false)?;
        if self.words.trim().is_empty() {
            return Err(DeskError::input("the message is empty: write it with --words"));
        }
        let Some((promise, by)) = &self.promise else {
            return Ok(());
        };
        bounded("the promise (--promise)", promise, NOTE_PROMISE_BYTES, false)?;
        if promise.trim().is_empty() {
            return Err(DeskError::input(
                "the promise is empty: say with --promise what happens by then",
            ));
        }
        if *by <= now {
            return Err(DeskError::input(
                "the promise is for a time that is over: give a later one with --by",
            ));
        }
        Ok(())
    }
}

/// Checks what is said and seals it to the inbox of a case.
///
/// # Errors
/// No inbox, or what [`Saying::check`] refuses.
pub fn seal_words(saying: &Saying, inbox: Option<Recipient>, now: Timestamp) -> Result<StatusNoteBytes, DeskError> {
    saying.check(now)?;
    let inbox = inbox.ok_or_else(|| {
        DeskError::input("this reporter has no code, so no message can reach them: use a way that they allowed")
    })?;
    let (promise, promised) = match &saying.promise {
        Some((promise, by)) => (promise.as_str(), Some(*by)),
        None => ("", None),
    };
    let note = StatusNote {
        id: random_array()?,
        stage: saying.stage,
        written: now,
        promised,
        promise: promise.to_owned(),
        caseworker: saying.name.clone(),
        apology: saying.apology,
        words: saying.words.to_string(),
    };
    seal_note(&note, inbox).map_err(|why| DeskError::fault(why.to_string()))
}

/// Reads a time: `2026-11-24 14:10` where the desk is, or RFC 3339.
///
/// # Errors
/// Anything else, or a clock time that does not exist on that day.
pub fn parse_time(text: &str) -> Result<Timestamp, DeskError> {
    let wrong = || DeskError::input("--by needs a time like \"2026-11-24 14:10\"");
    if let Ok(time) = text.trim().parse::<jiff::Timestamp>() {
        return Ok(Timestamp(time.as_second()));
    }
    let civil = jiff::civil::DateTime::strptime("%Y-%m-%d %H:%M", text.trim()).map_err(|_| wrong())?;
    let zone = jiff::tz::db().get(ZONE).map_err(|_| wrong())?;
    let time = zone.to_ambiguous_timestamp(civil).compatible().map_err(|_| wrong())?;
    Ok(Timestamp(time.as_second()))
}

fn bounded(what: &str, text: &str, most: usize, lines: bool) -> Result<(), DeskError> {
    if text.len() > most {
        return Err(DeskError::input(format!(
            "{what} has {} bytes and may have {most}: shorten it by {}",
            text.len(),
            text.len() - most
        )));
    }
    if text
        .chars()
        .any(|letter| letter.is_control() && !(lines && letter == '\n'))
    {
        return Err(DeskError::input(format!(
            "{what} holds a tab or another control character: write it with plain letters"
        )));
    }
    Ok(())
}
