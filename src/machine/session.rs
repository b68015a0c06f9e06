//! One reporter's visit, start page to start page: which page is next, what lies over it, and when all is wiped.
//!
//! Composed by `kiosk`. Filling the form is in `session_form`, keeping and the code in `session_saved`, coming back in
//! `session_return`. It promises nothing that is not durable and forgets everything when the person leaves.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::health::OutOfService;
use super::input::{Now, Press, StopChoice};
use super::kiosk::SiteRules;
use super::output::Output;
use super::session_return::Returning;
use super::session_saved::{Keys, Saved};
use super::session_ways::Ways;
use super::sync::LinkState;
use super::view::{Everyday, Overlay, Page, Tile, View};
use crate::form::{AnswerProblem, FormDefinition, FormEntry};
use crate::id::ReportUuid;
use crate::time::{ClockReading, Moment};

/// How long each wait of a session is, in milliseconds.
pub mod timing {
    /// Nobody has touched the screen: "Are you still there?"
    pub const IDLE_MS: u64 = 120_000;
    /// Nobody has answered that: wiped.
    pub const STILL_THERE_MS: u64 = 45_000;
    /// Hidden and nobody came back: wiped.
    pub const HIDDEN_MS: u64 = 120_000;
    /// How long the saved page waits for the acknowledgement before it says "held".
    pub const ACKNOWLEDGEMENT_MS: u64 = 10_000;
    /// The code closes behind "Show my code".
    pub const CODE_SHOWN_MS: u64 = 60_000;
    /// The saved page is wiped.
    pub const SAVED_MS: u64 = 300_000;
    /// The longest that a code that opens nothing holds up the next one.
    pub const WRONG_CODE_MOST_MS: u64 = 30_000;
}

/// What a session needs to know of the kiosk around it.
pub(super) struct Surroundings<'a> {
    pub(super) now: Now,
    pub(super) random: [u8; 32],
    pub(super) form: &'a Arc<FormDefinition>,
    pub(super) link: LinkState,
    pub(super) out_of_service: Option<OutOfService>,
    pub(super) presses: u64,
    pub(super) rules: SiteRules,
    pub(super) outputs: &'a mut Vec<Output>,
}

/// Where the person is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Start,
    Everyday(Everyday),
    LinkSilent,
    Question(usize),
    Check,
    Saving,
    NotSaved,
    Saved,
    EnterCode,
    Reading,
    Return,
}

/// What covers it, and until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cover {
    Hidden(Moment),
    StillThere(Moment),
    Stop,
}

/// One visit.
#[derive(Debug)]
pub(super) struct Session {
    /// Grows with every visit.
    pub(super) number: u32,
    pub(super) place: Place,
    pub(super) cover: Option<Cover>,
    pub(super) language: String,
    /// Somebody chose it: it goes with them, even if they never leave the start page.
    pub(super) language_chosen: bool,
    /// The form being filled; none before "Tell us something" and after filing.
    pub(super) entry: Option<FormEntry>,
    /// Whether the link was silent when this person began.
    pub(super) link_was_silent: bool,
    /// Answers dropped by the last press.
    pub(super) dropped: Vec<usize>,
    /// Why the last press did not do what was wanted.
    pub(super) problem: Option<AnswerProblem>,
    pub(super) needs_answer: bool,
    /// Send was pressed and something required is still asked.
    pub(super) sending: bool,
    /// "Change" was pressed on the check page: the core walk as it was then.
    pub(super) changing: Option<Vec<usize>>,
    /// The row of the check page that is open.
    pub(super) check_shown: Option<usize>,
    pub(super) ways: Ways,
    pub(super) keys: Keys,
    /// Of this session's report, once it was to be kept.
    pub(super) uuid: Option<ReportUuid>,
    /// The clocks when Send was pressed.
    pub(super) sent_at: Option<ClockReading>,
    pub(super) saved: Option<Saved>,
    pub(super) returning: Returning,
    /// Codes in a row that opened nothing; outlives visits.
    pub(super) empty_codes: u32,
    /// When the screen was last touched.
    pub(super) touched: Moment,
}

impl Session {
    pub(super) fn new(language: &str) -> Self {
        Self {
            number: 1,
            place: Place::Start,
            cover: None,
            language: language.into(),
            language_chosen: false,
            entry: None,
            link_was_silent: false,
            dropped: Vec::new(),
            problem: None,
            needs_answer: false,
            sending: false,
            changing: None,
            check_shown: None,
            ways: Ways::new(),
            keys: Keys::None,
            uuid: None,
            sent_at: None,
            saved: None,
            returning: Returning::default(),
            empty_codes: 0,
            touched: Moment::default(),
        }
    }

    /// Forgets the person. The next one starts at the start page in the first language.
    pub(super) fn wipe(&mut self, around: &Surroundings<'_>) {
        let first = around.form.languages.first().map_or("en", String::as_str);
        let fresh = Self {
            number: self.number.wrapping_add(1),
            empty_codes: self.empty_codes,
            ..Self::new(first)
        };
        *self = fresh;
        self.touched = around.now.moment;
    }

    /// Gone from under a cover. Send was pressed before that: what waits for its keys is kept without a code.
    fn leave(&mut self, around: &mut Surroundings<'_>) {
        if self.place == Place::Saving && matches!(self.keys, Keys::Wanted(_)) {
            self.file(around);
        }
        self.wipe(around);
    }

    /// A press: covers first, then the page.
    ///
    /// What time alone does comes first: a press that was quicker than a late Tick must not open what is over.
    pub(super) fn press(&mut self, press: Press, around: &mut Surroundings<'_>) {
        self.tick(around);
        self.touched = around.now.moment;
        match (self.cover, press) {
            (Some(Cover::Hidden(_)), Press::Hide) => self.cover_still_there(around),
            (Some(Cover::Hidden(_)), _) => {}
            (Some(Cover::StillThere(_)), Press::StillHere) => self.cover = None,
            (Some(Cover::StillThere(_)), Press::Hide) => self.hide(around),
            (Some(Cover::StillThere(_)), Press::Stop) => self.leave(around),
            (Some(Cover::StillThere(_)), _) => {}
            (_, Press::Hide) if self.place != Place::Start => self.hide(around),
            (Some(Cover::Stop), Press::StopAnswer(choice)) => self.stop(choice, around),
            (Some(Cover::Stop), _) => {}
            (None, Press::Stop) => self.ask_stop(around),
            (None, Press::Language(tag)) => self.choose_language(&tag, around),
            (None, press) => self.press_page(press, around),
        }
    }

    fn press_page(&mut self, press: Press, around: &mut Surroundings<'_>) {
        match (self.place, press) {
            (Place::Start, Press::Tile(tile)) => self.open_tile(tile, around),
            (Place::Everyday(_), Press::Done | Press::Back) => self.wipe(around),
            (Place::LinkSilent, Press::Next) if around.out_of_service.is_some() => self.wipe(around),
            (Place::LinkSilent, Press::Next) => self.begin_questions(around),
            (Place::LinkSilent | Place::EnterCode, Press::Back | Press::Done) => self.wipe(around),
            (Place::Question(_) | Place::Check | Place::NotSaved, press) => self.press_form(press, around),
            (Place::Saved, press) => self.press_saved(press, around),
            (Place::EnterCode | Place::Return, press) => self.press_return(press, around),
            _ => {}
        }
    }

    fn open_tile(&mut self, tile: Tile, around: &mut Surroundings<'_>) {
        match tile {
            Tile::UsefulNumbers => self.place = Place::Everyday(Everyday::UsefulNumbers),
            Tile::Notices => self.place = Place::Everyday(Everyday::Notices),
            Tile::HaveYourSay => self.place = Place::Everyday(Everyday::HaveYourSay),
            Tile::GetHelp => self.place = Place::Everyday(Everyday::GetHelp),
            Tile::ComeBack => self.place = Place::EnterCode,
            Tile::TellUs if around.out_of_service.is_some() => {}
            Tile::TellUs => {
                self.link_was_silent = around.link.is_silent(around.now.moment);
                if self.link_was_silent {
                    self.place = Place::LinkSilent;
                } else {
                    self.begin_questions(around);
                }
            }
        }
    }

    fn choose_language(&mut self, tag: &str, around: &Surroundings<'_>) {
        if around.form.languages.iter().any(|known| known == tag) {
            self.language = tag.into();
            self.language_chosen = true;
            if let Some(entry) = &mut self.entry {
                entry.set_language(tag);
            }
        }
    }

    fn hide(&mut self, around: &Surroundings<'_>) {
        self.check_shown = None;
        self.cover = Some(Cover::Hidden(around.now.moment.after_ms(around.rules.hidden_ms)));
    }

    fn cover_still_there(&mut self, around: &Surroundings<'_>) {
        self.cover = Some(Cover::StillThere(around.now.moment.after_ms(timing::STILL_THERE_MS)));
    }

    fn ask_stop(&mut self, around: &Surroundings<'_>) {
        match self.place {
            // On the saved page as well: one slip of the finger must not lose the code.
            Place::Question(_) | Place::Check | Place::NotSaved | Place::Saved => self.cover = Some(Cover::Stop),
            Place::Start | Place::Saving => {}
            _ => self.wipe(around),
        }
    }

    fn stop(&mut self, choice: StopChoice, around: &mut Surroundings<'_>) {
        self.cover = None;
        match choice {
            StopChoice::CarryOn => {}
            StopChoice::ThrowAway => self.wipe(around),
            StopChoice::SendWhatIHave => self.send_what_i_have(around),
        }
    }

    /// Nobody is in the middle of anything.
    pub(super) fn is_at_start(&self) -> bool {
        self.place == Place::Start
    }

    /// What time alone does.
    pub(super) fn tick(&mut self, around: &mut Surroundings<'_>) {
        let now = around.now.moment;
        match self.cover {
            Some(Cover::Hidden(until) | Cover::StillThere(until)) if now >= until => return self.leave(around),
            _ => {}
        }
        if self.place == Place::Start {
            self.tick_start(around);
        } else if self.place == Place::Saved {
            self.tick_saved(around);
        } else if self.place == Place::Saving {
            self.tick_saving(now);
        } else if self.place == Place::Reading {
            self.tick_reading(now);
        } else if self.is_idle(now) {
            self.ask_still_there(around);
        }
    }

    fn is_idle(&self, now: Moment) -> bool {
        let asks = !matches!(self.cover, Some(Cover::Hidden(_) | Cover::StillThere(_)));
        asks && now >= self.touched.after_ms(timing::IDLE_MS)
    }

    /// Counted from the last touch, so that a kiosk that slept does not ask a stranger.
    fn ask_still_there(&mut self, around: &Surroundings<'_>) {
        let until = self.touched.after_ms(timing::IDLE_MS + timing::STILL_THERE_MS);
        if around.now.moment >= until {
            self.wipe(around);
        } else {
            self.check_shown = None;
            self.cover = Some(Cover::StillThere(until));
        }
    }

    /// Nothing is lost on the start page, so nobody is asked.
    fn tick_start(&mut self, around: &Surroundings<'_>) {
        if self.language_chosen && self.is_idle(around.now.moment) {
            self.wipe(around);
        }
    }

    /// When time alone will do something next.
    pub(super) fn deadline(&self) -> Option<Moment> {
        let cover = match self.cover {
            Some(Cover::Hidden(until) | Cover::StillThere(until)) => Some(until),
            _ => None,
        };
        let page = match self.place {
            Place::Start => self.language_chosen.then(|| self.touched.after_ms(timing::IDLE_MS)),
            Place::Saved => self.saved_deadline(),
            Place::Saving => self.saving_deadline(),
            Place::Reading => self.reading_deadline(),
            _ if cover.is_some() => None,
            _ => Some(self.touched.after_ms(timing::IDLE_MS)),
        };
        match (cover, page) {
            (Some(cover), Some(page)) => Some(cover.min(page)),
            (cover, page) => cover.or(page),
        }
    }

    /// The whole screen.
    pub(super) fn view(&self, around: &Surroundings<'_>) -> Box<View> {
        let page = match self.place {
            Place::Start => around.out_of_service.map_or(Page::Start, Page::OutOfService),
            Place::Everyday(which) => Page::Everyday(which),
            Place::LinkSilent => Page::LinkSilent {
                last_contact: around.link.last_contact,
            },
            Place::Question(question) => self.question_page(question),
            Place::Check => self.hub_page(),
            Place::Saving => Page::Saving,
            Place::NotSaved => Page::NotSaved,
            Place::Saved => self.saved_page(around),
            Place::EnterCode => Page::EnterCode,
            Place::Reading => Page::Reading,
            Place::Return => self.return_page(),
        };
        let overlay = self.cover.map(|cover| match cover {
            Cover::Hidden(_) => Overlay::Hidden,
            Cover::StillThere(_) => Overlay::StillThere,
            Cover::Stop => Overlay::Stop {
                can_send: self.can_send_what_i_have(),
            },
        });
        Box::new(View {
            session: self.number,
            bundle_sequence: around.rules.bundle_sequence,
            presses: around.presses,
            language: self.language.clone(),
            page,
            overlay,
        })
    }
}
