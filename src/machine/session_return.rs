//! Coming back with a code: reading what was decided, and adding something.
//!
//! Right, wrong, unknown and expired codes look the same and take the same; after codes that opened nothing, the next
//! result waits longer, up to 30 s and no further (SAFETY 24). Adding always works. A message leaves here only while it is
//! shown, and none does once somebody else may have the code (SAFETY 20, 22).

use alloc::boxed::Box;
use alloc::vec::Vec;
use zeroize::Zeroize;

use super::input::{Copies, Input, Press};
use super::output::{AdditionRequest, FileRequest, Output, Subject};
use super::session::{Place, Session, Surroundings, timing};
use super::session_saved::Reach;
use super::view::{Added, Page, ReturnView};
use crate::id::EnvelopeId;
use crate::limits::{NOTES_SHOWN_MOST, TEXT_POOL_BYTES};
use crate::mailbox::{AdditionKind, ReferenceCode};
use crate::time::Moment;
use crate::wire::v1::StatusNote;

/// What a person who came back has in front of them.
#[derive(Debug, Default)]
pub(super) struct Returning {
    code: Option<ReferenceCode>,
    notes: Option<Vec<StatusNote>>,
    /// The result is not shown before this.
    not_before: Moment,
    shown: Option<usize>,
    /// Messages that were shown and left by a press of the reader's own.
    read: Vec<usize>,
    /// Somebody else may have the code: no message opens any more in this visit.
    frozen: bool,
    added: Option<Added>,
}

/// An addition that is not known to be kept. A store that said "not kept" may have kept it all the same: another try of the
/// same words is the same addition.
pub(super) struct Tried {
    uuid: [u8; 16],
    kind: AdditionKind,
    words: zeroize::Zeroizing<alloc::string::String>,
}

impl core::fmt::Debug for Tried {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Tried")
    }
}

impl Tried {
    fn is_same(&self, request: &AdditionRequest) -> bool {
        (self.kind, self.words.as_str()) == (request.kind, request.words.as_str())
    }
}

impl Returning {
    /// "Show it?" has to be asked for again.
    pub(super) const fn close_message(&mut self) {
        self.shown = None;
    }

    /// The reader has left it: the next one is offered.
    fn leave_message(&mut self) {
        if let Some(shown) = self.shown.take()
            && !self.read.contains(&shown)
        {
            self.read.push(shown);
        }
    }

    fn has_message(&self, at: usize) -> bool {
        let note = self.notes.as_ref().and_then(|notes| notes.get(at));
        !self.frozen && note.is_some_and(|note| !note.words.trim().is_empty())
    }

    fn offers(&self) -> Option<usize> {
        let count = self.notes.as_ref().map_or(0, Vec::len);
        let closed = |at: &usize| self.has_message(*at) && self.shown != Some(*at);
        let newest_first = || (0..count).rev().filter(closed);
        let unread = newest_first().find(|at| !self.read.contains(at));
        unread.or_else(|| newest_first().next())
    }

    /// All but the message that is shown stays here.
    fn told(&self) -> Vec<StatusNote> {
        let mut notes = self.notes.clone().unwrap_or_default();
        for (at, note) in notes.iter_mut().enumerate() {
            if self.shown != Some(at) {
                note.words.zeroize();
            }
        }
        notes
    }
}

impl Session {
    pub(super) fn press_return(&mut self, press: Press, around: &mut Surroundings<'_>) {
        match (self.place, press) {
            (Place::EnterCode, Press::Code(code)) => self.try_code(code, around),
            (Place::Return, Press::ShowNote(at)) => self.show_note(at),
            (Place::Return, Press::Add(kind, words)) => self.add(kind, words, around),
            (Place::Return, Press::Back) if self.returning.shown.is_some() => self.returning.leave_message(),
            (Place::Return, Press::Done | Press::Back) => self.wipe(around),
            _ => {}
        }
    }

    /// The page with the open row or message is left.
    pub(super) fn close_answers(&mut self) {
        self.returning.leave_message();
        self.close_rows();
    }

    fn show_note(&mut self, at: usize) {
        if self.returning.has_message(at) {
            self.returning.leave_message();
            self.returning.shown = Some(at);
        }
    }

    fn try_code(&mut self, code: ReferenceCode, around: &mut Surroundings<'_>) {
        let wait = 500_u64
            .saturating_mul(1 << self.empty_codes.min(10))
            .min(timing::WRONG_CODE_MOST_MS);
        let wait = if self.empty_codes == 0 { 0 } else { wait };
        self.returning = Returning {
            code: Some(code.clone()),
            not_before: around.now.moment.after_ms(wait),
            ..Returning::default()
        };
        around.outputs.push(Output::ReadNotes {
            session: self.number,
            code,
        });
        self.place = Place::Reading;
    }

    /// The store has tried the code on every note.
    pub(super) fn notes(&mut self, input: Input, now: Moment) {
        let Input::Notes { session, mut notes } = input else {
            return;
        };
        if session != self.number || self.place != Place::Reading {
            return;
        }
        self.empty_codes = if notes.is_empty() {
            self.empty_codes.saturating_add(1)
        } else {
            0
        };
        let too_many = notes.len().saturating_sub(NOTES_SHOWN_MOST);
        notes.drain(..too_many);
        self.returning.notes = Some(notes);
        self.tick_reading(now);
    }

    pub(super) fn tick_reading(&mut self, now: Moment) {
        if self.returning.notes.is_some() && now >= self.returning.not_before {
            self.touched = now;
            self.place = Place::Return;
        }
    }

    pub(super) fn reading_deadline(&self) -> Option<Moment> {
        self.returning.notes.as_ref().map(|_| self.returning.not_before)
    }

    fn add(
        &mut self,
        kind: AdditionKind,
        words: zeroize::Zeroizing<alloc::string::String>,
        around: &mut Surroundings<'_>,
    ) {
        let Some(code) = self.returning.code.clone() else {
            return;
        };
        if kind == AdditionKind::CodeMayBeKnown {
            // At once, and whatever becomes of the filing.
            self.returning.close_message();
            self.returning.frozen = true;
        }
        let says_nothing = kind == AdditionKind::Words && words.trim().is_empty();
        let busy = matches!(self.returning.added, Some(Added::Saving(_)));
        if busy || says_nothing || kind.is_left_with_the_report() {
            return;
        }
        if words.len() > TEXT_POOL_BYTES {
            // It would fit no envelope; the page bounds it earlier and shows it.
            self.addition = None;
            self.returning.added = Some(Added::Trouble(kind));
            return;
        }
        self.returning.added = Some(Added::Saving(kind));
        let request = addition(code, &self.language, kind, words, around);
        self.file_addition(request, around);
    }

    pub(super) fn file_addition(&mut self, mut request: AdditionRequest, around: &mut Surroundings<'_>) {
        self.addition = None;
        let tried = self.tried.take().filter(|tried| tried.is_same(&request));
        request.uuid = tried.map_or(request.uuid, |tried| tried.uuid);
        self.tried = Some(Tried {
            uuid: request.uuid,
            kind: request.kind,
            words: request.words.clone(),
        });
        let subject = Subject::Addition(Box::new(request));
        around.outputs.push(Output::File(Box::new(FileRequest {
            session: self.number,
            subject,
        })));
    }

    /// The addition is durable in so many copies, or not at all.
    pub(super) fn added(&mut self, filed: Option<(EnvelopeId, Copies)>) {
        let copies = self.addition_filed(filed);
        self.returning.added = self.returning.added.map(|added| added.settled(copies));
    }

    /// Which envelope the addition is in, and in how many copies.
    pub(super) fn addition_filed(&mut self, filed: Option<(EnvelopeId, Copies)>) -> Option<Copies> {
        self.addition = filed.map(|(envelope, _)| envelope);
        let copies = filed.map(|(_, copies)| copies);
        if copies == Some(Copies::Both) {
            self.tried = None;
        }
        copies
    }

    /// The intake has answered for an envelope: perhaps for what was added last, with a code or on the saved page.
    pub(super) fn addition_reached(&mut self, envelope: Option<EnvelopeId>, reach: Reach) {
        if envelope.is_none() || envelope != self.addition {
            return;
        }
        if matches!(reach, Reach::Acknowledged(_)) {
            self.tried = None;
        }
        self.returning.added = self.returning.added.map(|added| added.reached(reach));
        if let Some(saved) = &mut self.saved {
            saved.left = saved.left.map(|left| left.reached(reach));
        }
    }

    pub(super) fn return_page(&self) -> Page {
        Page::Return(ReturnView {
            notes: self.returning.told(),
            shown: self.returning.shown,
            offers: self.returning.offers(),
            added: self.returning.added,
        })
    }
}

impl Added {
    /// What became of it: durable in so many copies, or not at all. What was settled before stays as it is.
    pub(super) fn settled(self, copies: Option<Copies>) -> Self {
        match (self, copies) {
            (Self::Saving(kind), Some(Copies::Both)) => Self::Kept(kind),
            (Self::Saving(kind), _) => Self::Trouble(kind),
            (settled, _) => settled,
        }
    }

    /// What the intake has said of its envelope. What is being kept is another one.
    const fn reached(self, reach: Reach) -> Self {
        match (self, reach) {
            (Self::Kept(kind) | Self::Trouble(kind), Reach::Acknowledged(_)) => Self::Sent(kind),
            (Self::Kept(kind), Reach::Refused) => Self::Trouble(kind),
            (settled, _) => settled,
        }
    }
}

/// Something that goes to the mailbox of the code.
pub(super) fn addition(
    code: ReferenceCode,
    language: &str,
    kind: AdditionKind,
    words: zeroize::Zeroizing<alloc::string::String>,
    around: &Surroundings<'_>,
) -> AdditionRequest {
    let mut uuid = [0; 16];
    uuid.copy_from_slice(&around.random[..16]);
    AdditionRequest {
        uuid,
        code,
        language: language.into(),
        clock: around.now.clock,
        kind,
        words,
    }
}
