//! Checks from outside that bytes are one whole binary age file with exactly so many X25519 recipients.
//!
//! Follows the age v1 file format (C2SP age specification): a version line, stanzas, a MAC line, a 16-byte nonce and
//! one STREAM chunk. It opens nothing and cannot tell who the recipients are. One further stanza is allowed: the
//! random grease that the age crate adds.

use core::fmt;

const VERSION_LINE: &[u8] = b"age-encryption.org/v1";
const X25519_WORD: &[u8] = b"X25519";
/// 32 bytes in unpadded base64.
const KEY_LETTERS: usize = 43;
/// A full line of a stanza body.
const BODY_LINE_LETTERS: usize = 64;
/// Payload nonce and the tag of the only chunk.
const PAYLOAD_FIXED_BYTES: usize = 16 + 16;

/// What is wrong with the shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgeShapeError {
    /// Not an age file of version 1.
    NotAge,
    /// The header breaks off or a line is not as the format says.
    BrokenHeader,
    /// The number of X25519 recipients is not the expected one.
    Recipients,
    /// More than one other stanza.
    StrangeStanzas,
    /// The payload is not of the expected size.
    PayloadSize,
}

impl fmt::Display for AgeShapeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAge => "not an age file",
            Self::BrokenHeader => "the age header is broken",
            Self::Recipients => "the age file has the wrong number of recipients",
            Self::StrangeStanzas => "the age file has recipients of an unknown type",
            Self::PayloadSize => "the age file holds the wrong number of bytes",
        })
    }
}

impl core::error::Error for AgeShapeError {}

/// Accepts `bytes` when they are an age file with `stanzas` X25519 recipients and `plain_bytes` of plaintext.
pub fn check_age_shape(bytes: &[u8], stanzas: usize, plain_bytes: usize) -> Result<(), AgeShapeError> {
    let mut lines = Lines(bytes);
    if lines.next() != Some(VERSION_LINE) {
        return Err(AgeShapeError::NotAge);
    }
    let mut known = 0;
    let mut strange = 0;
    let mut line = lines.next().ok_or(AgeShapeError::BrokenHeader)?;
    loop {
        if let Some(mac) = line.strip_prefix(b"--- ") {
            if !is_base64(mac, KEY_LETTERS) {
                return Err(AgeShapeError::BrokenHeader);
            }
            break;
        }
        let arguments = line.strip_prefix(b"-> ").ok_or(AgeShapeError::BrokenHeader)?;
        if is_x25519(arguments) {
            known += 1;
        } else {
            strange += 1;
        }
        line = skip_body(&mut lines)?;
    }
    if known != stanzas {
        return Err(AgeShapeError::Recipients);
    }
    if strange > 1 {
        return Err(AgeShapeError::StrangeStanzas);
    }
    if lines.0.len() == PAYLOAD_FIXED_BYTES + plain_bytes {
        Ok(())
    } else {
        Err(AgeShapeError::PayloadSize)
    }
}

/// Skips the body of a stanza and gives the line after it. A body ends with the first line that is not full.
fn skip_body<'a>(lines: &mut Lines<'a>) -> Result<&'a [u8], AgeShapeError> {
    loop {
        let line = lines.next().ok_or(AgeShapeError::BrokenHeader)?;
        if line.len() > BODY_LINE_LETTERS || !is_base64(line, line.len()) {
            return Err(AgeShapeError::BrokenHeader);
        }
        if line.len() < BODY_LINE_LETTERS {
            return lines.next().ok_or(AgeShapeError::BrokenHeader);
        }
    }
}

fn is_x25519(arguments: &[u8]) -> bool {
    let mut words = arguments.split(|byte| *byte == b' ');
    words.next() == Some(X25519_WORD)
        && words.next().is_some_and(|share| is_base64(share, KEY_LETTERS))
        && words.next().is_none()
}

fn is_base64(text: &[u8], letters: usize) -> bool {
    text.len() == letters
        && text
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
}

/// The rest of the bytes, taken line by line.
struct Lines<'a>(&'a [u8]);

impl<'a> Lines<'a> {
    fn next(&mut self) -> Option<&'a [u8]> {
        let end = self.0.iter().position(|byte| *byte == b'\n')?;
        let (line, rest) = self.0.split_at(end);
        self.0 = &rest[1..];
        Some(line)
    }
}
