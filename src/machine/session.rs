//! One reporter's visit, start page to start page: which page is next, what lies over it, and when all is wiped.
//!
//! Composed by `kiosk`. Filling the form is in `session_form`, keeping and the code in `session_saved`, coming back in
//! `session_return`, what time does in `session_touch`. It promises nothing that is not durable and forgets everything
//! when the person leaves.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::health::OutOfService;
use super::input::{Now, Press, StopChoice};
use super::kiosk::SiteRules;
use super::output::Output;
use super::session_draft::Drafts;
use super::session_help::AfterHelp;
use super::session_return::{Returning, Tried};
use super::session_saved::{Keys, Saved};
use super::session_ways::Ways;
use super::sync::LinkState;
use super::view::{Asked, Everyday, Overlay, Page, Tile, View};
use crate::form::{AnswerProblem, FormDefinition, FormEntry};
use crate::id::{EnvelopeId, ReportUuid};
use crate::time::{ClockReading, Moment};

/// How long each wait of a session is, in milliseconds.
pub mod timing {
    /// Nobody has touched the screen: "Are you still there?"
    pub const IDLE_MS: u64 = 120_000;
    /// Nobody has answered that: wiped.
    pub const STILL_THERE_MS: u64 = 45_000;
    /// Hidden and nobody came back: wiped.
    pub const HIDDEN_MS: u64 = 120_000;
    /// A second Hide that is quicker than this is not the way back: the clock stands where Hide stood, and a frightened hand
    /// taps twice.
    pub const HIDE_SETTLES_MS: u64 = 1_000;
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
    /// Between the question at the index and what comes after it.
    HelpNow(usize),
    Check,
    Saving,
    NotSaved,
    Saved,
    CannotKeep,
    EnterCode,
    Reading,
    Return,
}

/// What covers it, and until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cover {
    /// Then from when on Hide is the way back.
    Hidden(Moment, Moment),
    /// Asked because nobody touched the screen, or on the way back from Hide.
    StillThere(Moment, Asked),
    Stop,
}

/// An answer is being changed.
#[derive(Debug)]
pub(super) struct Changing {
    /// The question that "Change" opened.
    pub(super) opened: usize,
    /// The core walk as it was then.
    pub(super) known: Vec<usize>,
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
    /// Something was touched that the front may keep, such as the text size: forgotten as well.
    pub(super) touched_start: bool,
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
    /// "Change" was pressed on the check page.
    pub(super) changing: Option<Changing>,
    /// What is typed on a page and does not fit.
    pub(super) drafts: Drafts,
    /// The row of the check page that is open.
    pub(super) check_shown: Option<usize>,
    /// The row that is asked about before it opens.
    pub(super) check_asked: Option<usize>,
    /// Somebody is near: kept for this visit only.
    pub(super) near: bool,
    /// Questions whose help page was read and whose answers are still the same.
    pub(super) help_read: Vec<usize>,
    /// While the help page is shown: what goes on after it.
    pub(super) after_help: Option<AfterHelp>,
    /// The way to a person was asked for before the form was begun.
    pub(super) wants_a_person: bool,
    pub(super) ways: Ways,
    pub(super) keys: Keys,
    /// Of this session's report, once it was to be kept.
    pub(super) uuid: Option<ReportUuid>,
    /// The clocks when Send was pressed.
    pub(super) sent_at: Option<ClockReading>,
    pub(super) saved: Option<Saved>,
    /// The envelope of what was added last, once it is durable.
    pub(super) addition: Option<EnvelopeId>,
    /// What was added last, until it is known to be kept.
    pub(super) tried: Option<Tried>,
    pub(super) returning: Returning,
    /// Codes in a row that opened nothing; outlives visits.
    pub(super) empty_codes: u32,
    /// When the screen was last touched.
    pub(super) touched: Moment,
    /// When the session last knew the time: the countdown goes on from here.
    pub(super) seen: Moment,
}

impl Session {
    pub(super) fn new(language: &str) -> Self {
        Self {
            number: 1,
            place: Place::Start,
            cover: None,
            language: language.into(),
            language_chosen: false,
            touched_start: false,
            entry: None,
            link_was_silent: false,
            dropped: Vec::new(),
            problem: None,
            needs_answer: false,
            sending: false,
            changing: None,
            drafts: Drafts::new(),
            check_shown: None,
            check_asked: None,
            near: false,
            help_read: Vec::new(),
            after_help: None,
            wants_a_person: false,
            ways: Ways::new(),
            keys: Keys::None,
            uuid: None,
            sent_at: None,
            saved: None,
            addition: None,
            tried: None,
            returning: Returning::default(),
            empty_codes: 0,
            touched: Moment::default(),
            seen: Moment::default(),
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
        self.seen = around.now.moment;
    }

    /// Gone from under a cover. Send was pressed before that: what waits for its keys is kept without a code.
    pub(super) fn leave(&mut self, around: &mut Surroundings<'_>) {
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
            (Some(Cover::Hidden(_, back)), Press::Hide) if around.now.moment >= back => self.cover_still_there(around),
            // The everyday page can be read in another language: nobody sees that it covers another.
            (Some(Cover::Hidden(..)), Press::Language(tag)) => self.choose_language(&tag, around),
            (Some(Cover::Hidden(..)), _) => {}
            (Some(Cover::StillThere(..)), Press::StillHere) => self.cover = None,
            (Some(Cover::StillThere(_, Asked::Idle)), Press::Touched) => self.cover = None,
            (Some(Cover::StillThere(_, Asked::Idle)), Press::KeyUsed) => {
                let until = self.touched.after_ms(timing::STILL_THERE_MS);
                self.cover = Some(Cover::StillThere(until, Asked::Idle));
            }
            (Some(Cover::StillThere(..)), Press::Hide) => self.hide(around),
            (Some(Cover::StillThere(..)), Press::Stop) => self.leave(around),
            (Some(Cover::StillThere(..)), _) => {}
            (_, Press::Hide) if self.place != Place::Start => self.hide(around),
            (Some(Cover::Stop), Press::StopAnswer(choice)) => self.stop(choice, around),
            (Some(Cover::Stop), _) => {}
            (None, Press::Stop) => self.ask_stop(around),
            (None, Press::Language(tag)) => self.choose_language(&tag, around),
            (None, Press::Touched | Press::KeyUsed) => self.touched_start |= self.place == Place::Start,
            (None, Press::CloseAnswers) => self.close_answers(),
            (None, Press::SomeoneNear(near)) => self.someone_near(near),
            (None, Press::TellAPerson) => self.tell_a_person(around),
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
            (Place::HelpNow(question), press) => self.press_help(question, &press, around),
            (Place::Question(_) | Place::Check | Place::NotSaved, press) => self.press_form(press, around),
            (Place::Saved, press) => self.press_saved(press, around),
            (Place::CannotKeep, press) => self.press_cannot_keep(press, around),
            (Place::EnterCode | Place::Return, press) => self.press_return(press, around),
            _ => {}
        }
    }

    pub(super) fn open_tile(&mut self, tile: Tile, around: &mut Surroundings<'_>) {
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
            self.close_rows();
            if let Some(entry) = &mut self.entry {
                entry.set_language(tag);
            }
        }
    }

    fn ask_stop(&mut self, around: &Surroundings<'_>) {
        // Whoever carries on asks again to see what was open (SAFETY 5).
        self.close_rows();
        match self.place {
            // On the saved page as well: one slip of the finger must not lose the code.
            Place::Question(_) | Place::HelpNow(_) | Place::Check | Place::NotSaved => self.cover = Some(Cover::Stop),
            Place::Saved | Place::CannotKeep => self.cover = Some(Cover::Stop),
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

    /// The whole screen.
    pub(super) fn view(&self, around: &Surroundings<'_>) -> Box<View> {
        let page = match self.place {
            Place::Start => around.out_of_service.map_or(Page::Start, Page::OutOfService),
            Place::Everyday(which) => Page::Everyday(which),
            Place::LinkSilent => Page::LinkSilent {
                last_contact: around.link.last_contact,
            },
            Place::Question(question) => self.question_page(question),
            Place::HelpNow(question) => self.help_page(question),
            Place::Check => self.hub_page(),
            Place::Saving => Page::Saving,
            Place::NotSaved => Page::NotSaved,
            Place::Saved => self.saved_page(around),
            Place::CannotKeep => self.cannot_keep_page(),
            Place::EnterCode => Page::EnterCode,
            Place::Reading => Page::Reading,
            Place::Return => self.return_page(),
        };
        let overlay = self.cover.map(|cover| match cover {
            Cover::Hidden(..) => Overlay::Hidden,
            Cover::StillThere(_, asked) => Overlay::StillThere(asked),
            Cover::Stop => Overlay::Stop {
                can_send: self.can_send_what_i_have(),
                asks_first: self.asks_before_sending(),
            },
        });
        Box::new(View {
            session: self.number,
            bundle_sequence: around.rules.bundle_sequence,
            presses: around.presses,
            language: self.language.clone(),
            page,
            overlay,
            near: self.near,
            wipes_in: self.wipes_in(around.now.moment),
        })
    }
}
