//! Status notes: 2,048 bytes that only the holder of a reference code can read, and that carry no tag.
//!
//! Two bytes of length, an age file for the inbox identity, random fill. A kiosk tries the identity on every note it
//! holds, so right, wrong, unknown and expired codes take the same time.

use std::fmt;

use zeroize::Zeroizing;

use super::age_file::{decrypt, encrypt};
use super::random::random_bytes;
use super::x25519::{Identity, Recipient};
use crate::limits::{STATUS_NOTE_BYTES, STATUS_NOTE_PLAIN_BYTES};
use crate::wire::v1::StatusNote;
use crate::wire::{StatusNoteBytes, from_padded, to_padded};

/// Why a note was not sealed or not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoteError {
    /// The words do not fit: 1,200 bytes at most.
    TooLong,
    /// It could not be sealed.
    Seal,
    /// Not for this code.
    NotForUs,
    /// For this code, and damaged or from a newer desk.
    Broken,
}

impl fmt::Display for NoteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLong => "the message is too long: use at most 1,200 bytes",
            Self::Seal => "the message could not be sealed",
            Self::NotForUs => "the message is not for this code",
            Self::Broken => "the message cannot be read by this program",
        })
    }
}

impl std::error::Error for NoteError {}

/// Seals a note to an inbox.
pub fn seal_note(note: &StatusNote, inbox: Recipient) -> Result<StatusNoteBytes, NoteError> {
    let plain = Zeroizing::new(to_padded(note, STATUS_NOTE_PLAIN_BYTES).map_err(|_| NoteError::TooLong)?);
    let sealed = encrypt(&plain, &[inbox]).map_err(|_| NoteError::Seal)?;
    let length = u16::try_from(sealed.len()).map_err(|_| NoteError::Seal)?;
    let mut bytes = [&length.to_be_bytes()[..], &sealed].concat();
    let free = STATUS_NOTE_BYTES.checked_sub(bytes.len()).ok_or(NoteError::Seal)?;
    bytes.extend_from_slice(&random_bytes(free).map_err(|_| NoteError::Seal)?);
    bytes.into_boxed_slice().try_into().map_err(|_| NoteError::Seal)
}

/// Tries an inbox identity on a note.
pub fn open_note(bytes: &[u8; STATUS_NOTE_BYTES], inbox: &Identity) -> Result<StatusNote, NoteError> {
    let length = usize::from(u16::from_be_bytes([bytes[0], bytes[1]]));
    let sealed = bytes.get(2..2 + length).ok_or(NoteError::NotForUs)?;
    let plain = decrypt(sealed, inbox, STATUS_NOTE_PLAIN_BYTES).map_err(|_| NoteError::NotForUs)?;
    from_padded(&plain).map_err(|_| NoteError::Broken)
}
