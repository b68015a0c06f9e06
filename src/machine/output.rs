//! Everything that the machine asks of its shell, and which Input answers it.
//!
//! | Output | answered by |
//! |---|---|
//! | `Show`, `Log` | nothing |
//! | `LoadOutbox` | `Outbox` |
//! | `Derive` | `Derived` or `NotDerived` |
//! | `File` | `Filed` or `NotFiled` |
//! | `Deliver`, `Heartbeat` | `Delivered` |
//! | `Settle`, `Refuse` | `Settled` |
//! | `TakeNews` | `NewsTaken` |
//! | `ReadNotes` | `Notes` |

use alloc::boxed::Box;
use alloc::string::String;
use core::fmt;
use zeroize::Zeroizing;

use super::event::Event;
use super::view::View;
use crate::id::{EnvelopeId, Tag};
use crate::mailbox::{AdditionKind, ReferenceCode};
use crate::report::{Report, Routing};
use crate::time::ClockReading;
use crate::wire::{News, PROOF_BYTES};

/// One thing to do.
#[derive(Debug)]
pub enum Output {
    /// Draw this.
    Show(Box<View>),
    /// Write this down; nothing of it is a person's.
    Log(Event),
    /// Look which envelopes are queued.
    LoadOutbox,
    /// Derive the keys of a reference code; off the critical path.
    Derive {
        /// The session that asks.
        session: u32,
        /// The code.
        code: ReferenceCode,
    },
    /// Seal and make durable.
    File(Box<FileRequest>),
    /// Send a queued envelope.
    Deliver(EnvelopeId),
    /// Seal a heartbeat and send it.
    Heartbeat {
        /// The kiosk's clocks.
        clock: ClockReading,
        /// Bits of the faults that it should tell.
        faults: u32,
    },
    /// Erase both copies and keep the proof as a tombstone.
    Settle {
        /// The envelope.
        envelope: EnvelopeId,
        /// The verified acknowledgement.
        proof: Box<[u8; PROOF_BYTES]>,
    },
    /// Keep it for ever, do not send it again: the intake has refused it, signed.
    Refuse(EnvelopeId),
    /// Keep status notes and a piece of a newer bundle.
    TakeNews(Box<News>),
    /// Try the code's inbox identity on every note.
    ReadNotes {
        /// The session that asks.
        session: u32,
        /// The code.
        code: ReferenceCode,
    },
}

/// What is to be sealed, and for whom.
#[derive(Debug)]
pub struct FileRequest {
    /// The session that asks.
    pub session: u32,
    /// A report or an addition.
    pub subject: Subject,
}

/// What is sealed.
#[derive(Debug)]
pub enum Subject {
    /// A finished report.
    Report(Box<ReportRequest>),
    /// Something added with a code.
    Addition(Box<AdditionRequest>),
}

/// A report with everything that its slip needs.
#[derive(Debug, Clone)]
pub struct ReportRequest {
    /// The report.
    pub report: Report,
    /// What its answers set in motion.
    pub routing: Routing,
    /// Where its code leads; none when the keys could not be derived.
    pub mailbox: Option<(Tag, [u8; 32])>,
}

/// An addition. The store thread derives the code's keys itself: the reporter is not waiting for them elsewhere.
#[derive(Clone)]
pub struct AdditionRequest {
    /// Random.
    pub uuid: [u8; 16],
    /// The code that was typed.
    pub code: ReferenceCode,
    /// Language tag.
    pub language: String,
    /// The kiosk's clocks at Send.
    pub clock: ClockReading,
    /// What is asked.
    pub kind: AdditionKind,
    /// In the reporter's words.
    pub words: Zeroizing<String>,
}

impl fmt::Debug for AdditionRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AdditionRequest({:?}, {} bytes)", self.kind, self.words.len())
    }
}
