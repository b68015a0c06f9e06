//! Version 1 of what is sealed: the routing slip, the report part and the status note. FROZEN: never edit, add a `v2`.
//!
//! Encoded with postcard: field order and enum order are wire order. `golden` tests pin the bytes. Everything a
//! reporter typed sits in `words`; types that hold words print lengths only and are wiped when dropped.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

use crate::form::{Approximate, Band, DateValue, Flag, Lane, TimeValue, YesNo};
use crate::mailbox::{AdditionKind, Stage};
use crate::time::{ClockReading, Timestamp};

/// What an envelope is. The order is wire order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// A report.
    Report,
    /// An addition under a reference code.
    Reply,
    /// A diary entry.
    Diary,
    /// A request to keep camera film.
    Hold,
    /// An answer to a survey.
    Survey,
    /// Nothing but a sign of life.
    Heartbeat,
    /// A made-up report that proves that the desk can open.
    Canary,
    /// The independent team lets a cleared specialist in.
    Release,
}

/// How far a kiosk has read the news.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct NewsCursor {
    /// Sequence of the last status note it has.
    pub notes: u64,
    /// Sequence of the bundle it uses.
    pub bundle_sequence: u32,
    /// Sequence of the newer bundle of which it has the first `pending_bytes`; 0 without one.
    pub pending_sequence: u32,
    /// Bytes of that bundle that it has.
    pub pending_bytes: u32,
}

/// How the kiosk is, in facts that say nothing about any report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Health {
    /// Bits of `machine::health` faults.
    pub faults: u32,
    /// Free megabytes on the data partition.
    pub free_megabytes: u32,
    /// Exports that an attendant made since enrolment.
    pub exports: u32,
    /// Imports that an attendant made since enrolment.
    pub imports: u32,
}

/// The routing slip: plaintext of the routing part. No story, and no name but those the reporter excludes.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoutingSlip {
    /// What the envelope is.
    pub kind: Kind,
    /// Who looks into it; none for anything but a report.
    pub lane: Option<Lane>,
    /// How soon to look first.
    pub band: Band,
    /// What must be acted on before anybody has read it.
    pub flags: Vec<Flag>,
    /// The kiosk's clocks at Send.
    pub clock: ClockReading,
    /// Where the reference code leads; none for heartbeats and canaries.
    pub tag: Option<[u8; 16]>,
    /// X25519 recipient of status notes for the reporter.
    pub inbox: Option<[u8; 32]>,
    /// People who must not see the report, at most 3 of at most 160 bytes.
    pub exclusions: Vec<String>,
    /// Counts this kiosk's envelopes, so that a missing one shows.
    pub counter: u32,
    /// How far the kiosk has read the news.
    pub news: NewsCursor,
    /// How the kiosk is.
    pub health: Health,
}

impl fmt::Debug for RoutingSlip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RoutingSlip({:?}, counter {})", self.kind, self.counter)
    }
}

impl Drop for RoutingSlip {
    fn drop(&mut self) {
        self.exclusions.iter_mut().for_each(Zeroize::zeroize);
    }
}

/// Plaintext of the report part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportPart {
    /// SHA-256 of the routing part's plaintext: the two belong together.
    pub routing_digest: [u8; 32],
    /// What it says.
    pub content: Content,
}

/// What a report part says. The order is wire order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Content {
    /// A whole report.
    Report(SealedReport),
    /// Something added under a reference code.
    Addition(SealedAddition),
    /// Nothing: a heartbeat.
    Nothing,
    /// A canary and its random mark.
    Canary([u8; 16]),
}

/// A report as it is sealed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedReport {
    /// Random; the same report twice is one report.
    pub uuid: [u8; 16],
    /// Id of the form.
    pub form: String,
    /// Version of the form.
    pub form_version: u16,
    /// SHA-256 of the form definition file.
    pub form_digest: [u8; 32],
    /// Language tag.
    pub language: String,
    /// The kiosk's clocks at Send.
    pub clock: ClockReading,
    /// X25519 secret that opens what the reporter adds later.
    pub reply_secret: [u8; 32],
    /// Answers by code, in form order; unanswered questions are left out.
    pub answers: Vec<CodedAnswer>,
    /// The text pool that ranges point into.
    pub words: String,
}

impl Drop for SealedReport {
    fn drop(&mut self) {
        self.words.zeroize();
        self.reply_secret.zeroize();
    }
}

impl fmt::Debug for SealedReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "SealedReport({} answers, {} bytes of words)",
            self.answers.len(),
            self.words.len()
        )
    }
}

/// One answer by its numeric code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodedAnswer {
    /// Code of the question.
    pub question: u16,
    /// Its value.
    pub value: CodedValue,
}

/// A value on the wire. The order is wire order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum CodedValue {
    /// "Rather not say".
    Declined,
    /// Code of the one choice.
    Choice(u16),
    /// Codes of the choices, order kept.
    Choices(Vec<u16>),
    /// Yes, no or not sure.
    YesNo(YesNo),
    /// Start and length in the words, in bytes.
    Text(u16, u16),
    /// A whole number.
    Number(i32),
    /// A date; see [`DateValue`] and [`Approximate`].
    Date(DateValue),
    /// A time of day.
    Time(TimeValue),
    /// Code of a place.
    Place(u16),
    /// Code of a place, start and length of the spot.
    PlaceAndSpot(u16, u16, u16),
}

/// Something that a reporter adds with their code, sealed to the reply recipient.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedAddition {
    /// Random; the same addition twice is one.
    pub uuid: [u8; 16],
    /// Language tag.
    pub language: String,
    /// The kiosk's clocks at Send.
    pub clock: ClockReading,
    /// What is asked.
    pub kind: AdditionKind,
    /// In the reporter's words; may be empty.
    pub words: String,
}

impl Drop for SealedAddition {
    fn drop(&mut self) {
        self.words.zeroize();
    }
}

impl fmt::Debug for SealedAddition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "SealedAddition({:?}, {} bytes of words)",
            self.kind,
            self.words.len()
        )
    }
}

/// Plaintext of a status note: what a reporter reads with their code.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusNote {
    /// Random.
    pub id: [u8; 16],
    /// How far the case is.
    pub stage: Stage,
    /// When the desk wrote it.
    pub written: Timestamp,
    /// When the next thing is promised.
    pub promised: Option<Timestamp>,
    /// What is promised by then; at most 200 bytes.
    pub promise: String,
    /// First name of the caseworker; at most 60 bytes.
    pub caseworker: String,
    /// A missed promise comes first, with an apology (SAFETY 13).
    pub apology: bool,
    /// The message; shown only after "Show it?"; at most 1,200 bytes.
    pub words: String,
}

impl Drop for StatusNote {
    fn drop(&mut self) {
        self.promise.zeroize();
        self.caseworker.zeroize();
        self.words.zeroize();
    }
}

impl fmt::Debug for StatusNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StatusNote({:?}, {} bytes of words)", self.stage, self.words.len())
    }
}

// The enums that a value is made of belong to `form`; naming them here keeps a rename from going unnoticed.
const _: fn(Approximate, YesNo) = |_, _| ();
