//! Keeping: the code and its keys, Send, the wait for the acknowledgement, and the wordings of the saved page.
//!
//! "Safe" is said only after both copies are durable. Until then the words stay in memory, so that another try loses
//! nothing; afterwards they are wiped at once.

use alloc::boxed::Box;
use core::fmt;
use zeroize::Zeroizing;

use super::input::{Copies, Input, Now, Press};
use super::output::{FileRequest, Output, ReportRequest, Subject};
use super::session::{Cover, Place, Session, Surroundings, timing};
use super::session_last_four::check;
use super::view::{Added, CodeCheck, Page, SavedView, SavedWords};
use crate::id::{EnvelopeId, ReportUuid, Tag};
use crate::limits::PROMISE_HOURS;
use crate::mailbox::ReferenceCode;
use crate::report::{Report, route};
use crate::time::{ClockReading, Confidence, Moment, Timestamp};

/// The reference code of this session and what is known of its keys.
pub(super) enum Keys {
    /// Nobody has begun.
    None,
    /// Being derived.
    Wanted(ReferenceCode),
    /// Ready.
    Ready {
        code: ReferenceCode,
        tag: Tag,
        inbox: [u8; 32],
        reply_secret: Box<Zeroizing<[u8; 32]>>,
    },
    /// There was no memory for it. Tried again at Send; then the report goes without a code.
    Failed,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "None",
            Self::Wanted(_) => "Wanted",
            Self::Ready { .. } => "Ready",
            Self::Failed => "Failed",
        })
    }
}

/// What came of an exchange, for the person who waits for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// With the intake's word of when it first had the envelope.
    Acknowledged(Timestamp),
    Refused,
    Failed,
}

/// A kept report.
#[derive(Debug, Clone)]
pub(super) struct Saved {
    envelope: EnvelopeId,
    copies: Copies,
    /// A way to be reached without the code.
    pub(super) left: Option<Added>,
    /// What the clocks said when Send was pressed.
    sent: ClockReading,
    due: Option<Timestamp>,
    pub(super) code: Option<ReferenceCode>,
    code_closed: bool,
    check: Option<CodeCheck>,
    /// The person has said something about the code: finishing asks nothing more.
    code_settled: bool,
    /// When the page was opened.
    pub(super) since: Moment,
    /// When the code was last opened.
    code_since: Moment,
    reached: bool,
    refused: bool,
    link_failed: bool,
}

impl Session {
    /// Makes a code and asks for its keys, once a session.
    pub(super) fn want_keys(&mut self, around: &mut Surroundings<'_>) {
        if matches!(self.keys, Keys::None) {
            let mut random = [0; 16];
            random.copy_from_slice(&around.random[..16]);
            let code = ReferenceCode::from_random(random);
            around.outputs.push(Output::Derive {
                session: self.number,
                code: code.clone(),
            });
            self.keys = Keys::Wanted(code);
        }
    }

    /// Send: files at once, or as soon as the keys are there. Where there was no memory for keys, there may be now.
    pub(super) fn keep(&mut self, around: &mut Surroundings<'_>) {
        if matches!(self.keys, Keys::Failed) {
            self.keys = Keys::None;
        }
        self.want_keys(around);
        self.sending = false;
        self.sent_at = Some(around.now.clock);
        self.place = Place::Saving;
        if !matches!(self.keys, Keys::Wanted(_)) {
            self.file(around);
        }
    }

    pub(super) fn file(&mut self, around: &mut Surroundings<'_>) {
        let mut uuid = [0; 16];
        uuid.copy_from_slice(&around.random[16..]);
        // A store that said "not kept" may have kept it all the same: another try is the same report.
        let uuid = *self.uuid.get_or_insert(ReportUuid(uuid));
        let Some(entry) = &self.entry else { return };
        let (reply_secret, mailbox) = match &self.keys {
            Keys::Ready {
                tag,
                inbox,
                reply_secret,
                ..
            } => ((**reply_secret).clone(), Some((*tag, *inbox))),
            // Nobody will add anything without a code: a secret that nobody knows fills the place.
            _ => (Zeroizing::new(around.random), None),
        };
        let form = entry.form();
        let report = Report {
            uuid,
            form: form.id.clone(),
            form_version: form.version,
            form_digest: form.digest,
            clock: self.clock_at_send(around),
            reply_secret,
            filled: entry.filled().clone(),
        };
        let routing = route(form, &report.filled);
        let subject = Subject::Report(Box::new(ReportRequest {
            report,
            routing,
            mailbox,
        }));
        around.outputs.push(Output::File(Box::new(FileRequest {
            session: self.number,
            subject,
        })));
    }

    /// Answers to Derive and File that belong to this session. Stale ones are passed over.
    pub(super) fn kept(&mut self, input: Input, around: &mut Surroundings<'_>) {
        match input {
            Input::Derived {
                session,
                tag,
                inbox,
                reply_secret,
            } if session == self.number => {
                if let Keys::Wanted(code) = &self.keys {
                    self.keys = Keys::Ready {
                        code: code.clone(),
                        tag,
                        inbox,
                        reply_secret,
                    };
                    self.file_if_waiting(around);
                }
            }
            Input::NotDerived { session } if session == self.number && matches!(self.keys, Keys::Wanted(_)) => {
                self.keys = Keys::Failed;
                self.file_if_waiting(around);
            }
            Input::Filed {
                session,
                envelope,
                copies,
            } if session == self.number => match self.place {
                Place::Saving => self.filed(envelope, copies, around),
                Place::Return => self.added(Some((envelope, copies))),
                Place::Saved | Place::CannotKeep => self.contact_left(Some((envelope, copies))),
                _ => {}
            },
            Input::NotFiled { session } if session == self.number => match self.place {
                Place::Saving => self.place = Place::NotSaved,
                Place::Return => self.added(None),
                Place::Saved | Place::CannotKeep => self.contact_left(None),
                _ => {}
            },
            _ => {}
        }
    }

    fn file_if_waiting(&mut self, around: &mut Surroundings<'_>) {
        if self.place == Place::Saving && self.saved.is_none() {
            self.file(around);
        }
    }

    fn filed(&mut self, envelope: EnvelopeId, copies: Copies, around: &Surroundings<'_>) {
        // Dropped where they are: taken out, words and secrets would stay behind in the place that they left.
        self.entry = None;
        self.drafts.clear();
        self.ways.clear();
        let code = match &self.keys {
            Keys::Ready { code, .. } => Some(code.clone()),
            _ => None,
        };
        self.keys = Keys::None;
        let clock = self.clock_at_send(around);
        self.link_was_silent |= around.link.is_silent(around.now.moment);
        let due = (clock.confidence != Confidence::Unknown).then(|| clock.wall.after_hours(PROMISE_HOURS));
        let now = around.now.moment;
        self.saved = Some(Saved {
            envelope,
            copies,
            left: None,
            sent: clock,
            due,
            code,
            code_closed: false,
            check: None,
            code_settled: false,
            since: now,
            code_since: now,
            reached: false,
            refused: false,
            link_failed: false,
        });
        self.touched = now;
    }

    /// The promise counts from Send, not from when a slow disk was done.
    fn clock_at_send(&self, around: &Surroundings<'_>) -> ClockReading {
        self.sent_at.unwrap_or(around.now.clock)
    }

    /// The intake has answered for an envelope, or an exchange failed.
    pub(super) fn delivery(&mut self, envelope: Option<EnvelopeId>, reach: Reach, now: Now) {
        let Some(saved) = &mut self.saved else { return };
        let is_mine = envelope == Some(saved.envelope);
        match reach {
            Reach::Acknowledged(received) if is_mine => {
                saved.reached = true;
                // The intake's signed time is worth more than a screen's clock, which may never have been set.
                let waited = now
                    .clock
                    .since_boot_seconds
                    .saturating_sub(saved.sent.since_boot_seconds);
                let sent = received.after_seconds(-i64::from(waited));
                saved.due = Some(sent.after_hours(PROMISE_HOURS));
            }
            Reach::Refused => saved.refused |= is_mine,
            Reach::Failed => saved.link_failed = true,
            Reach::Acknowledged(_) => {}
        }
        if self.place == Place::Saving {
            self.tick_saving(now.moment);
        }
    }

    /// From "saving" to the saved page: acknowledged, or the link has failed, or 10 s are over.
    pub(super) fn tick_saving(&mut self, now: Moment) {
        let Some(saved) = &mut self.saved else { return };
        let is_answered = saved.reached || saved.refused || saved.link_failed;
        if is_answered || now >= saved.since.after_ms(timing::ACKNOWLEDGEMENT_MS) {
            saved.since = now;
            saved.code_since = now;
            self.place = Place::Saved;
        }
    }

    pub(super) fn saving_deadline(&self) -> Option<Moment> {
        self.saved
            .as_ref()
            .map(|saved| saved.since.after_ms(timing::ACKNOWLEDGEMENT_MS))
    }

    pub(super) fn press_saved(&mut self, press: Press, around: &Surroundings<'_>) {
        let Some(saved) = &mut self.saved else {
            return self.wipe(around);
        };
        match press {
            Press::ShowCode => {
                saved.check = None;
                saved.code_closed = false;
                saved.code_since = around.now.moment;
            }
            Press::CodeKept => {
                saved.check = None;
                saved.code_settled = true;
                self.close_code();
            }
            Press::CannotKeep => {
                saved.code_settled = true;
                self.open_cannot_keep();
            }
            Press::CheckCode if saved.code.is_some() => {
                saved.check = Some(CodeCheck::Asked);
                saved.code_closed = true;
            }
            Press::LastFour(typed) if saved.check.is_some() => {
                saved.check = saved.code.as_ref().map(|code| check(code, &typed));
                saved.code_settled |= saved.check == Some(CodeCheck::Right);
            }
            Press::Back => saved.check = None,
            // The second tap of a hand that taps twice on Send must not lose the code (SAFETY 23).
            Press::Done if saved.code.is_some() && !saved.code_settled => self.cover = Some(Cover::Stop),
            Press::Done => self.wipe(around),
            _ => {}
        }
    }

    /// Behind "Show my code", where there is one.
    pub(super) fn close_code(&mut self) {
        if let Some(saved) = &mut self.saved {
            saved.code_closed = saved.code.is_some();
        }
    }

    /// Which of the wordings holds.
    pub(super) const fn saved_words(saved: &Saved) -> SavedWords {
        match saved.copies {
            _ if saved.reached => SavedWords::Sent,
            // A refused envelope is never sent again: "it keeps trying" would not be so.
            _ if saved.refused => SavedWords::Refused,
            Copies::Both => SavedWords::Held,
            Copies::One => SavedWords::KeptOnce,
        }
    }

    pub(super) fn tick_saved(&mut self, around: &Surroundings<'_>) {
        let now = around.now.moment;
        let Some(saved) = &mut self.saved else { return };
        if now >= saved.since.after_ms(timing::SAVED_MS) {
            self.wipe(around);
        } else if now >= saved.code_since.after_ms(timing::CODE_SHOWN_MS) {
            saved.code_closed = saved.code.is_some();
        }
    }

    pub(super) fn saved_deadline(&self) -> Option<Moment> {
        let saved = self.saved.as_ref()?;
        let end = saved.since.after_ms(timing::SAVED_MS);
        let close = saved.code_since.after_ms(timing::CODE_SHOWN_MS);
        let closes = saved.code.is_some() && !saved.code_closed;
        Some(if closes { end.min(close) } else { end })
    }

    pub(super) fn saved_page(&self, around: &Surroundings<'_>) -> Page {
        let Some(saved) = &self.saved else { return Page::Start };
        let words = Self::saved_words(saved);
        let code = if saved.code_closed { None } else { saved.code.clone() };
        Page::Saved(SavedView {
            envelope: saved.envelope,
            words,
            due: saved.due,
            promised: around.rules.hours_promised
                && (words == SavedWords::Sent || (words == SavedWords::Held && !self.link_was_silent)),
            last_contact: around.link.last_contact,
            code,
            code_closed: saved.code_closed,
            check: saved.check,
            left: saved.left,
        })
    }
}
