//! The intake's answer to a delivery: 16,384 bytes that say "committed", and the news since the kiosk last asked.
//!
//! ```text
//! 0      4   magic "HRDA"
//! 4      1   version 1
//! 5      1   verdict: 0 acknowledged, 1 refused
//! 6      2   refusal code, big-endian; zero when acknowledged
//! 8      32  envelope id
//! 40     8   when the intake first had it, Unix seconds, big-endian
//! 48     64  signature: "heard ack v1", id, time · or "heard refusal v1", code, id, time
//! 112    8   the intake's clock now
//! 120    8   cursor after these notes
//! 128    1   1 when there is more news
//! 129    1   number of status notes
//! 130    4   sequence of the bundle that the piece belongs to; 0 without a piece
//! 134    4   where the piece starts
//! 138    4   bytes of the whole bundle
//! 142    2   bytes of the piece
//! 144    …   notes (sequence 8, then 2,048 bytes each), then the piece, then zeros
//! 16320  64  signature over "heard page v1" and bytes 0…16319
//! ```
//! The first signature is the same for a repeat; the second makes the news as good from a stick as from the network.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

use super::VERSION;
use crate::id::EnvelopeId;
use crate::limits::{BUNDLE_BYTES_MOST, ENVELOPE_BYTES, NOTES_PER_ANSWER_MOST, SIGNED_BYTES, STATUS_NOTE_BYTES};
use crate::time::Timestamp;

const MAGIC: &[u8; 4] = b"HRDA";
const ACK_DOMAIN: &[u8] = b"heard ack v1";
const REFUSAL_DOMAIN: &[u8] = b"heard refusal v1";
const PAGE_DOMAIN: &[u8] = b"heard page v1";
/// Bytes that prove one acknowledgement without its news; kept as the tombstone.
pub const PROOF_BYTES: usize = 112;
const NEWS_START: usize = 144;

/// A sealed status note as it travels.
pub type StatusNoteBytes = Box<[u8; STATUS_NOTE_BYTES]>;

/// What the intake decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Committed there; the kiosk may forget.
    Acknowledged,
    /// Will never be accepted; the kiosk keeps it and shows a fault code.
    Refused(RefusalCode),
}

/// Why an envelope will never be accepted. Numbers are frozen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalCode {
    /// 1: a version or suite that this intake does not know.
    Version,
    /// 2: a shape that cannot be an envelope although its signature is right.
    Shape,
    /// Any other number, from a newer intake.
    Other(u16),
}

impl RefusalCode {
    /// The number on the wire.
    pub const fn number(self) -> u16 {
        match self {
            Self::Version => 1,
            Self::Shape => 2,
            Self::Other(number) => number,
        }
    }

    const fn from_number(number: u16) -> Self {
        match number {
            1 => Self::Version,
            2 => Self::Shape,
            other => Self::Other(other),
        }
    }
}

/// What an answer carries besides the verdict.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct News {
    /// The intake's clock when it answered.
    pub now: Timestamp,
    /// Status notes with their sequences, ascending; at most 7.
    pub notes: Vec<(u64, StatusNoteBytes)>,
    /// The cursor to send next time.
    pub cursor: u64,
    /// Whether a further heartbeat should follow at once.
    pub more: bool,
    /// Sequence of the bundle that `piece` belongs to; 0 without a piece.
    pub bundle_sequence: u32,
    /// Where the piece starts in the bundle.
    pub piece_offset: u32,
    /// Bytes of the whole bundle.
    pub bundle_bytes: u32,
    /// The piece.
    pub piece: Vec<u8>,
}

impl News {
    /// Bytes that a piece may take beside so many notes.
    pub const fn piece_room_bytes(notes: usize) -> usize {
        SIGNED_BYTES - NEWS_START - notes * (8 + STATUS_NOTE_BYTES)
    }

    /// Whether the piece lies inside a bundle of possible size; true without a piece.
    fn piece_holds(&self) -> bool {
        let offset = usize::try_from(self.piece_offset).ok();
        let whole = usize::try_from(self.bundle_bytes).unwrap_or(usize::MAX);
        let end = offset.and_then(|offset| offset.checked_add(self.piece.len()));
        self.piece.is_empty() || (whole <= BUNDLE_BYTES_MOST && end.is_some_and(|end| end <= whole))
    }
}

/// A verified answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerPage {
    /// The envelope it answers.
    pub id: EnvelopeId,
    /// The decision.
    pub verdict: Verdict,
    /// When the intake first had the envelope.
    pub first_received: Timestamp,
    /// The news.
    pub news: News,
    /// The bytes that prove the verdict by themselves.
    pub proof: [u8; PROOF_BYTES],
}

/// Why bytes are not an answer to be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageError {
    /// Not an answer of version 1, or lengths that cannot be.
    Malformed,
    /// Not signed by this deployment's intake.
    Signature,
}

impl fmt::Display for PageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "not an acknowledgement",
            Self::Signature => "the acknowledgement is not signed by this deployment's intake",
        })
    }
}

impl core::error::Error for PageError {}

/// Builds and signs an answer. News that do not fit are the caller's bug and refused as malformed.
pub fn build_page(
    id: EnvelopeId,
    verdict: Verdict,
    first_received: Timestamp,
    news: &News,
    key: &SigningKey,
) -> Result<Box<[u8; ENVELOPE_BYTES]>, PageError> {
    let fits = news.notes.len() <= NOTES_PER_ANSWER_MOST
        && news.piece.len() <= News::piece_room_bytes(news.notes.len())
        && news.piece_holds();
    if !fits {
        return Err(PageError::Malformed);
    }
    let count = u8::try_from(news.notes.len()).map_err(|_| PageError::Malformed)?;
    let piece_bytes = u16::try_from(news.piece.len()).map_err(|_| PageError::Malformed)?;
    let (verdict_byte, code) = match verdict {
        Verdict::Acknowledged => (0, 0),
        Verdict::Refused(code) => (1, code.number()),
    };
    let mut page = Vec::with_capacity(ENVELOPE_BYTES);
    page.extend_from_slice(MAGIC);
    page.extend_from_slice(&[VERSION, verdict_byte]);
    page.extend_from_slice(&code.to_be_bytes());
    page.extend_from_slice(&id.0);
    page.extend_from_slice(&first_received.0.to_be_bytes());
    page.extend_from_slice(&key.sign(&verdict_to_sign(verdict, id, first_received)).to_bytes());
    page.extend_from_slice(&news.now.0.to_be_bytes());
    page.extend_from_slice(&news.cursor.to_be_bytes());
    page.extend_from_slice(&[u8::from(news.more), count]);
    page.extend_from_slice(&news.bundle_sequence.to_be_bytes());
    page.extend_from_slice(&news.piece_offset.to_be_bytes());
    page.extend_from_slice(&news.bundle_bytes.to_be_bytes());
    page.extend_from_slice(&piece_bytes.to_be_bytes());
    for (sequence, note) in &news.notes {
        page.extend_from_slice(&sequence.to_be_bytes());
        page.extend_from_slice(&note[..]);
    }
    page.extend_from_slice(&news.piece);
    page.resize(SIGNED_BYTES, 0);
    let signature = key.sign(&[PAGE_DOMAIN, &page].concat());
    page.extend_from_slice(&signature.to_bytes());
    page.into_boxed_slice().try_into().map_err(|_| PageError::Malformed)
}

/// Verifies both signatures and reads an answer.
pub fn read_page(bytes: &[u8], key: &VerifyingKey) -> Result<AnswerPage, PageError> {
    let bytes: &[u8; ENVELOPE_BYTES] = bytes.try_into().map_err(|_| PageError::Malformed)?;
    if &bytes[..4] != MAGIC || bytes[4] != VERSION {
        return Err(PageError::Malformed);
    }
    let signed = [PAGE_DOMAIN, &bytes[..SIGNED_BYTES]].concat();
    key.verify_strict(&signed, &signature_at(bytes, SIGNED_BYTES))
        .map_err(|_| PageError::Signature)?;
    let code = u16::from_be_bytes(array(bytes, 6));
    let verdict = match (bytes[5], code) {
        (0, 0) => Verdict::Acknowledged,
        (1, code) => Verdict::Refused(RefusalCode::from_number(code)),
        _ => return Err(PageError::Malformed),
    };
    let id = EnvelopeId(array(bytes, 8));
    let first_received = Timestamp(i64::from_be_bytes(array(bytes, 40)));
    key.verify_strict(&verdict_to_sign(verdict, id, first_received), &signature_at(bytes, 48))
        .map_err(|_| PageError::Signature)?;
    Ok(AnswerPage {
        id,
        verdict,
        first_received,
        news: read_news(bytes)?,
        proof: array(bytes, 0),
    })
}

fn read_news(bytes: &[u8; ENVELOPE_BYTES]) -> Result<News, PageError> {
    let count = usize::from(bytes[129]);
    let piece_bytes = usize::from(u16::from_be_bytes(array(bytes, 142)));
    if bytes[128] > 1 || count > NOTES_PER_ANSWER_MOST || piece_bytes > News::piece_room_bytes(count) {
        return Err(PageError::Malformed);
    }
    let mut at = NEWS_START;
    let mut notes = Vec::with_capacity(count);
    for _ in 0..count {
        let sequence = u64::from_be_bytes(array(bytes, at));
        notes.push((sequence, Box::new(array(bytes, at + 8))));
        at += 8 + STATUS_NOTE_BYTES;
    }
    let piece = bytes[at..at + piece_bytes].to_vec();
    if bytes[at + piece_bytes..SIGNED_BYTES].iter().any(|byte| *byte != 0) {
        return Err(PageError::Malformed);
    }
    let news = News {
        now: Timestamp(i64::from_be_bytes(array(bytes, 112))),
        notes,
        cursor: u64::from_be_bytes(array(bytes, 120)),
        more: bytes[128] == 1,
        bundle_sequence: u32::from_be_bytes(array(bytes, 130)),
        piece_offset: u32::from_be_bytes(array(bytes, 134)),
        bundle_bytes: u32::from_be_bytes(array(bytes, 138)),
        piece,
    };
    if news.piece_holds() {
        Ok(news)
    } else {
        Err(PageError::Malformed)
    }
}

fn verdict_to_sign(verdict: Verdict, id: EnvelopeId, first_received: Timestamp) -> Vec<u8> {
    let time = first_received.0.to_be_bytes();
    match verdict {
        Verdict::Acknowledged => [ACK_DOMAIN, &id.0[..], &time[..]].concat(),
        Verdict::Refused(code) => [REFUSAL_DOMAIN, &code.number().to_be_bytes()[..], &id.0[..], &time[..]].concat(),
    }
}

fn signature_at(bytes: &[u8; ENVELOPE_BYTES], at: usize) -> Signature {
    Signature::from_bytes(&array(bytes, at))
}

/// The `N` bytes at `at`; every caller names a place inside the page.
fn array<const N: usize>(bytes: &[u8; ENVELOPE_BYTES], at: usize) -> [u8; N] {
    let mut array = [0; N];
    array.copy_from_slice(&bytes[at..at + N]);
    array
}
