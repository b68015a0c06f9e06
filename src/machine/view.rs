//! What is on the screen, as one value that is pushed whole at each change. A page draws it and decides nothing.
//!
//! Questions are named by index into the form definition, which the pages hold as well; words of the reporter are in
//! `Given` only, which wipes and hides them.

use alloc::string::String;
use alloc::vec::Vec;

use super::health::OutOfService;
use crate::form::{AnswerProblem, Flag, Given, Room, SectionState};
use crate::id::EnvelopeId;
use crate::mailbox::{AdditionKind, ReferenceCode};
use crate::time::Timestamp;
use crate::wire::v1::StatusNote;

/// The whole screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// Grows with every session; answers to an earlier one are stale.
    pub session: u32,
    /// The bundle that this is drawn with: its form numbers the questions, its words name them.
    pub bundle_sequence: u32,
    /// Presses handled so far: every press is followed by a view, so that a front knows when it was heard.
    pub presses: u64,
    /// Language tag.
    pub language: String,
    /// The page.
    pub page: Page,
    /// What lies over it and covers it.
    pub overlay: Option<Overlay>,
    /// Somebody is near: typed words show their end only, ticks hide their words, rows ask twice (SAFETY 5).
    pub near: bool,
    /// While "Are you still there?" is asked: seconds until everything is wiped.
    pub wipes_in: Option<u64>,
}

/// A tile of the start page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tile {
    /// Useful numbers.
    UsefulNumbers,
    /// Opening hours and notices.
    Notices,
    /// Tell us something.
    TellUs,
    /// Come back to something.
    ComeBack,
    /// Have your say.
    HaveYourSay,
    /// Get help.
    GetHelp,
}

/// An everyday page: real, and works without the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Everyday {
    /// Useful numbers; also what Hide shows.
    UsefulNumbers,
    /// Opening hours and notices.
    Notices,
    /// How to have your say: real dates and people, from the bundle.
    HaveYourSay,
    /// How to get help now.
    GetHelp,
}

/// One page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Page {
    /// Tiles.
    Start,
    /// An everyday page.
    Everyday(Everyday),
    /// The link has been silent: said before the first question, with other ways to tell (SAFETY 10).
    LinkSilent {
        /// When the intake was last reached.
        last_contact: Option<Timestamp>,
    },
    /// A question.
    Question(QuestionView),
    /// Between a question whose answer has a red flag and the next page: how to get help now (SAFETY 14, 15).
    HelpNow(HelpNowView),
    /// The check page.
    Check(HubView),
    /// Being sealed, written and sent.
    Saving,
    /// It could not be kept: the words are still here; try again, or ring.
    NotSaved,
    /// Kept.
    Saved(SavedView),
    /// "I cannot keep it": a way to be reached can be left instead.
    CannotKeep(CannotKeepView),
    /// Type the code.
    EnterCode,
    /// The code is being tried.
    Reading,
    /// What the code opens.
    Return(ReturnView),
    /// Nobody may start.
    OutOfService(OutOfService),
}

/// What covers the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overlay {
    /// Useful numbers, and a clock where Hide stood.
    Hidden,
    /// "Are you still there?"; answers covered.
    StillThere(Asked),
    /// Send what I have · Carry on · Throw it away.
    Stop {
        /// Whether the first is offered: from the story page on.
        can_send: bool,
        /// Something that is required is asked before it is sent.
        asks_first: bool,
    },
}

/// Why "Are you still there?" is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Nobody has touched the screen for a while: any touch is an answer.
    Idle,
    /// Somebody comes back from Hide: only the answer itself is one, because it may be somebody else.
    Back,
}

/// A question and what is known of its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuestionView {
    /// Its index.
    pub question: usize,
    /// The walk it is on: 0 is the core.
    pub section: usize,
    /// Its place on that walk, from 1.
    pub place: usize,
    /// Pages of that walk, as far as known now.
    pub places: usize,
    /// The answer so far.
    pub given: Option<Given>,
    /// "Rather not say" was pressed.
    pub declined: bool,
    /// Room for words.
    pub room: Room,
    /// Questions whose answers the last press dropped, because their branch closed.
    pub dropped: Vec<usize>,
    /// Why the last answer was not taken, or why Continue did not go on.
    pub problem: Option<AnswerProblem>,
    /// Continue was pressed and an answer is needed.
    pub needs_answer: bool,
    /// Send was pressed before, and Continue of this page is what sends it.
    pub sends: bool,
}

/// What was said that must not wait for anybody to read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HelpNowView {
    /// The question whose answer says so.
    pub question: usize,
    /// Red flags only, ascending, at least one.
    pub flags: Vec<Flag>,
    /// The link was silent: nobody may count on being read soon.
    pub link_silent: bool,
}

/// The check page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HubView {
    /// The questions of the core walk, each closed until "Show" (SAFETY 5).
    pub answers: Vec<AnswerRow>,
    /// The one row that is open, and what was answered there.
    pub shown: Option<(usize, Given)>,
    /// The row that is asked about before it opens, because somebody is near.
    pub asks: Option<usize>,
    /// All sections but the core.
    pub sections: Vec<SectionView>,
    /// This question must be answered before anything can be sent; Send leads to it.
    pub missing: Option<usize>,
    /// Questions whose answers the last press dropped.
    pub dropped: Vec<usize>,
}

/// A question of the core on the check page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnswerRow {
    /// Its index.
    pub question: usize,
    /// What may be seen of its answer while the row is closed.
    pub closed: ClosedAnswer,
}

/// An answer as a closed row tells it: nothing that anybody beside the screen could read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClosedAnswer {
    /// Nothing yet.
    Open,
    /// "Rather not say".
    Declined,
    /// Answered.
    Answered,
    /// "You wrote 84 words."
    Words(usize),
}

/// A row of the check page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SectionView {
    /// Index of the section.
    pub section: usize,
    /// How far it is.
    pub state: SectionState,
}

/// Which of the wordings holds (SAFETY 9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SavedWords {
    /// "It has reached our team. A specialist will open it by …"
    Sent,
    /// "It is safe on this screen. It has not been sent yet. …"
    Held,
    /// Only one copy: "We have kept it once. Please also ring …" Never "safe".
    KeptOnce,
    /// The intake has refused it, signed, and it is never sent again by itself: "We have kept it once", and no answer is
    /// promised.
    Refused,
}

/// The saved page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedView {
    /// The envelope.
    pub envelope: EnvelopeId,
    /// Which wording.
    pub words: SavedWords,
    /// Open by then; none without a clock: "within 24 hours from now".
    pub due: Option<Timestamp>,
    /// Whether the 24 hours may be promised: when it was reached, or when it is held, both copies are durable and the link
    /// was not silent, neither before the first question nor at Send.
    pub promised: bool,
    /// When the intake was last reached.
    pub last_contact: Option<Timestamp>,
    /// The code, while it is shown.
    pub code: Option<ReferenceCode>,
    /// The code is closed behind "Show my code".
    pub code_closed: bool,
    /// "Check my last four" was pressed; the code is closed meanwhile.
    pub check: Option<CodeCheck>,
    /// A way to be reached without the code, left here.
    pub left: Option<Added>,
}

/// "I cannot keep it": what can be left in place of the code (SAFETY 23).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CannotKeepView {
    /// Which wording the saved page has.
    pub words: SavedWords,
    /// What was left before.
    pub left: Option<Added>,
}

/// Whether the last four digits that were typed are those of the code. Any number of tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeCheck {
    /// Nothing typed yet.
    Asked,
    /// They are not.
    Wrong,
    /// They are.
    Right,
}

/// What a code opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnView {
    /// Newest last; each without its message, but for the one that is shown.
    pub notes: Vec<StatusNote>,
    /// The note whose message is shown.
    pub shown: Option<usize>,
    /// The note whose message is offered behind "Show it?": the newest unread one; when all were read, the newest. None once
    /// somebody else may have the code (SAFETY 22).
    pub offers: Option<usize>,
    /// What has just been added.
    pub added: Option<Added>,
}

/// What became of an addition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    /// Being kept.
    Saving(AdditionKind),
    /// Kept in both copies; nobody has it yet.
    Kept(AdditionKind),
    /// The intake has it.
    Sent(AdditionKind),
    /// Kept once, or not at all, or refused: please also ring.
    Trouble(AdditionKind),
}
