//! What can go wrong at the desk, as one line that says what to do, with the exit code of DESIGN 2.
//!
//! The lines are written by the desk: none quotes an answer, a message or a key.

use std::fmt;

/// Why a command did not do its work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeskError {
    /// The caller's input: a wrong option, file, key or case. Exit code 2.
    Input(String),
    /// A link, a lock or space: worth another try. Exit code 75.
    Later(String),
    /// Our fault. Exit code 1.
    Fault(String),
}

impl DeskError {
    /// The caller's input is not right.
    pub(super) fn input(line: impl Into<String>) -> Self {
        Self::Input(line.into())
    }

    /// Another try may help.
    pub(super) fn later(line: impl Into<String>) -> Self {
        Self::Later(line.into())
    }

    /// Our fault.
    pub(super) fn fault(line: impl Into<String>) -> Self {
        Self::Fault(line.into())
    }

    /// What the program exits with.
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Input(_) => 2,
            Self::Later(_) => 75,
            Self::Fault(_) => 1,
        }
    }
}

impl fmt::Display for DeskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input(line) | Self::Later(line) | Self::Fault(line) => f.write_str(line),
        }
    }
}

impl std::error::Error for DeskError {}

impl From<crate::seal::RandomUnavailable> for DeskError {
    fn from(why: crate::seal::RandomUnavailable) -> Self {
        Self::later(why.to_string())
    }
}
