//! Why a command of the kiosk did not do what was asked: one clear line and an exit code.
//!
//! Never quotes an answer, a code or a path that a person chose for a report.

use std::fmt;

use super::settings_in_use::NotUsable;
use super::store::StoreError;
use crate::form::AnswersFileError;
use crate::pinned::PinnedError;

/// Exit code: what was given cannot be used.
pub(super) const BAD_INPUT: u8 = 2;
/// Exit code: a lock, the link or space; try again.
pub(super) const TRY_AGAIN: u8 = 75;
/// Exit code: our fault.
pub(super) const OUR_FAULT: u8 = 1;

/// A command's failure.
#[derive(Debug)]
pub enum KioskError {
    /// What was given cannot be used; the line says what to do.
    Input(String),
    /// The answers file cannot be used.
    Answers(AnswersFileError),
    /// The store could not do something.
    Store(StoreError),
    /// Another program holds the store.
    Running,
    /// Not enrolled, or what enrolment gave cannot be used.
    NotUsable(NotUsable),
    /// No secure way to the intake.
    Pinned(PinnedError),
    /// Something is missing that may come: the link, room, memory.
    Later(String),
    /// Our fault.
    Fault(String),
}

impl KioskError {
    /// The exit code.
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Input(_) | Self::Answers(_) | Self::NotUsable(_) => BAD_INPUT,
            Self::Running | Self::Later(_) => TRY_AGAIN,
            Self::Store(why) if why.can_retry() => TRY_AGAIN,
            Self::Store(StoreError::Missing { .. } | StoreError::Exists { .. }) => BAD_INPUT,
            Self::Pinned(PinnedError::Address) => BAD_INPUT,
            Self::Store(_) | Self::Pinned(_) | Self::Fault(_) => OUR_FAULT,
        }
    }
}

impl fmt::Display for KioskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input(line) | Self::Later(line) | Self::Fault(line) => f.write_str(line),
            Self::Answers(why) => write!(f, "{why}"),
            Self::Store(why) => write!(f, "{why}"),
            Self::Running => f.write_str("the kiosk is running; use its attendant page"),
            Self::NotUsable(why) => write!(f, "{why}"),
            Self::Pinned(why) => write!(f, "{why}"),
        }
    }
}

impl std::error::Error for KioskError {}

impl From<StoreError> for KioskError {
    fn from(why: StoreError) -> Self {
        if why == StoreError::Busy {
            Self::Running
        } else {
            Self::Store(why)
        }
    }
}

impl From<AnswersFileError> for KioskError {
    fn from(why: AnswersFileError) -> Self {
        Self::Answers(why)
    }
}

impl From<NotUsable> for KioskError {
    fn from(why: NotUsable) -> Self {
        Self::NotUsable(why)
    }
}

impl From<PinnedError> for KioskError {
    fn from(why: PinnedError) -> Self {
        Self::Pinned(why)
    }
}
