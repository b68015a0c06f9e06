//! Everything that can happen to a kiosk.
//!
//! Presses come from the pages or from the scripted front; the rest answers an Output. Words in here are wiped by the
//! types that hold them; Debug prints none.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::view::Tile;
use crate::form::Given;
use crate::id::{EnvelopeId, Tag};
use crate::mailbox::AdditionKind;
use crate::time::{ClockReading, Moment};
use crate::wire::AnswerPage;
use crate::wire::v1::StatusNote;

/// What the clocks say when an Input arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// Monotonic.
    pub moment: Moment,
    /// For slips and promises.
    pub clock: ClockReading,
}

/// One thing that happened. Debug prints no secret.
pub enum Input {
    /// Somebody pressed something.
    Press(Press),
    /// Nothing but the deadline came.
    Tick,
    /// Answers `Output::LoadOutbox`: queued envelopes, at most 64, and how many there are in all.
    Outbox {
        /// Some of the queued ids.
        window: Vec<EnvelopeId>,
        /// All queued.
        queued: usize,
    },
    /// Answers `Output::Derive`.
    Derived {
        /// The session that asked.
        session: u32,
        /// Where the code leads.
        tag: Tag,
        /// X25519 recipient of status notes.
        inbox: [u8; 32],
        /// X25519 secret that opens additions.
        reply_secret: Box<zeroize::Zeroizing<[u8; 32]>>,
    },
    /// Answers `Output::Derive`: there was not enough memory.
    NotDerived {
        /// The session that asked.
        session: u32,
    },
    /// Answers `Output::File`: durable.
    Filed {
        /// The session that asked.
        session: u32,
        /// The envelope.
        envelope: EnvelopeId,
        /// How many copies are durable.
        copies: Copies,
    },
    /// Answers `Output::File`: nothing is durable; the words are still in memory.
    NotFiled {
        /// The session that asked.
        session: u32,
    },
    /// Answers `Output::Deliver` and `Output::Heartbeat`.
    Delivered {
        /// What was sent; none for a heartbeat.
        envelope: Option<EnvelopeId>,
        /// What came of it.
        delivery: Delivery,
    },
    /// Answers `Output::Settle` and `Output::Refuse`: the store has written it down, or could not.
    Settled {
        /// The envelope.
        envelope: EnvelopeId,
        /// Whether it is written down.
        durable: bool,
    },
    /// Answers `Output::TakeNews`.
    NewsTaken {
        /// Whether it was kept; if not, the cursor has not moved and it comes again.
        durable: bool,
    },
    /// Answers `Output::ReadNotes`: the notes that the code opens, oldest first.
    Notes {
        /// The session that asked.
        session: u32,
        /// What was found.
        notes: Vec<StatusNote>,
    },
    /// Facts of the machine have changed: disk, clock, printer, bundle.
    Health(super::health::HealthFacts),
    /// A newer bundle is in use: from the next session on its form is asked and its rules hold.
    NewBundle {
        /// The form behind "Tell us something".
        form: alloc::sync::Arc<crate::form::FormDefinition>,
        /// What the landlord has signed for this site.
        rules: super::kiosk::SiteRules,
    },
}

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Press(press) => write!(f, "Press({press:?})"),
            Self::Tick => f.write_str("Tick"),
            Self::Outbox { window, queued } => write!(f, "Outbox({} of {queued})", window.len()),
            Self::Derived { session, .. } => write!(f, "Derived({session})"),
            Self::NotDerived { session } => write!(f, "NotDerived({session})"),
            Self::Filed {
                session,
                envelope,
                copies,
            } => write!(f, "Filed({session}, {envelope:?}, {copies:?})"),
            Self::NotFiled { session } => write!(f, "NotFiled({session})"),
            Self::Delivered { envelope, delivery } => write!(f, "Delivered({envelope:?}, {delivery:?})"),
            Self::Settled { envelope, durable } => write!(f, "Settled({envelope:?}, {durable})"),
            Self::NewsTaken { durable } => write!(f, "NewsTaken({durable})"),
            Self::Notes { session, notes } => write!(f, "Notes({session}, {})", notes.len()),
            Self::Health(facts) => write!(f, "Health({facts:?})"),
            Self::NewBundle { form, .. } => write!(f, "NewBundle({} {})", form.id, form.version),
        }
    }
}

/// How many copies of an envelope are durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Copies {
    /// Database and spool: "safe" may be said.
    Both,
    /// Only one of them: "We have kept it once. Please also ring …".
    One,
}

/// What came of one exchange with the intake.
#[derive(Debug, Clone)]
pub enum Delivery {
    /// A verified answer.
    Answer(Box<AnswerPage>),
    /// None.
    Fault(LinkFault),
}

/// Why there was no verified answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkFault {
    /// This kiosk has no courier: it is not enrolled, or runs by itself.
    NoCourier,
    /// No route, no cable, no signal.
    NoNetwork,
    /// The name is not known to the resolver.
    NameUnknown,
    /// The address answers that nobody listens.
    ConnectionRefused,
    /// The connection took too long or broke off.
    TimedOut,
    /// Somebody else's certificate: a portal, a proxy, an impostor.
    StrangersCertificate,
    /// A page that is not the intake's: a portal or a proxy.
    PortalPage,
    /// The intake asks to come later.
    Busy {
        /// Seconds that it asked for; 0 without.
        retry_after_seconds: u32,
    },
    /// The intake says that it does not know this kiosk.
    NotKnown,
    /// Right address, wrong bytes: the answer is not signed by the intake, or is for another envelope.
    AnswerNotBelieved,
    /// The bytes could not be read from the store.
    StoreUnreadable,
}

/// What a person pressed. The pages and the scripted front send the same ones.
#[derive(Clone)]
pub enum Press {
    /// A tile of the start page.
    Tile(Tile),
    /// An answer to a question of the form, by its index.
    Answer(usize, Given),
    /// "Rather not say".
    Decline(usize),
    /// Ticks or words taken back.
    Clear(usize),
    /// A button of the question's page that answers another question.
    Way(usize, usize),
    /// Continue.
    Next,
    /// Back.
    Back,
    /// A row of the check page.
    Section(usize),
    /// "Show" on a row of the check page: the answer to the question at the index; again closes it. With somebody near it
    /// has to be pressed twice.
    Show(usize),
    /// The page with the open answer or message is left: what is open closes, and it has to be asked for again. Opens
    /// nothing and goes nowhere.
    CloseAnswers,
    /// "Change" on a row of the check page.
    Change(usize),
    /// Send now.
    Send,
    /// Stop.
    Stop,
    /// One of Stop's three answers.
    StopAnswer(StopChoice),
    /// Hide, and, once that has stood for a moment, the way back.
    Hide,
    /// "I am still here", said where it is asked.
    StillHere,
    /// The screen was touched where the machine has nothing to do: nobody is asked whether they are still there, and
    /// whoever was asked has answered. On the start page it is a sign of somebody who may leave something behind: after the
    /// wait of an idle screen a new session begins.
    Touched,
    /// A key was used where the machine has nothing to do: as `Touched`, but whoever was asked has not answered yet, because
    /// keys lead to the answers; the countdown begins again.
    KeyUsed,
    /// "Someone is near me": words and ticks are covered from now on, or no longer (SAFETY 5).
    SomeoneNear(bool),
    /// "I would rather tell a person", from a page that has no such button of its own.
    TellAPerson,
    /// "Show my code".
    ShowCode,
    /// The code is kept.
    CodeKept,
    /// "Check my last four": closes the code and asks for its last digits.
    CheckCode,
    /// The last four digits, typed.
    LastFour(zeroize::Zeroizing<String>),
    /// "I cannot keep it": closes the code; a way to be reached can be left instead.
    CannotKeep,
    /// Leave the saved page or any everyday page.
    Done,
    /// Another language.
    Language(String),
    /// A reference code, typed.
    Code(crate::mailbox::ReferenceCode),
    /// "Show it?": the message of the note at the index.
    ShowNote(usize),
    /// Something to add, with the code that was typed; or a way to be reached, with the code that cannot be kept.
    Add(AdditionKind, zeroize::Zeroizing<String>),
}

impl fmt::Debug for Press {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tile(tile) => write!(f, "Tile({tile:?})"),
            Self::Answer(question, given) => write!(f, "Answer({question}, {given:?})"),
            Self::Decline(question) => write!(f, "Decline({question})"),
            Self::Clear(question) => write!(f, "Clear({question})"),
            Self::Way(question, way) => write!(f, "Way({question}, {way})"),
            Self::Show(question) => write!(f, "Show({question})"),
            Self::Change(question) => write!(f, "Change({question})"),
            Self::Section(section) => write!(f, "Section({section})"),
            Self::StopAnswer(choice) => write!(f, "StopAnswer({choice:?})"),
            Self::Add(kind, words) => write!(f, "Add({kind:?}, {} bytes)", words.len()),
            Self::Language(_) => f.write_str("Language"),
            Self::Code(_) => f.write_str("Code"),
            Self::ShowNote(_) => f.write_str("ShowNote"),
            Self::CloseAnswers => f.write_str("CloseAnswers"),
            Self::Next => f.write_str("Next"),
            Self::Back => f.write_str("Back"),
            Self::Send => f.write_str("Send"),
            Self::Stop => f.write_str("Stop"),
            Self::Hide => f.write_str("Hide"),
            Self::StillHere => f.write_str("StillHere"),
            Self::Touched => f.write_str("Touched"),
            Self::KeyUsed => f.write_str("KeyUsed"),
            Self::SomeoneNear(near) => write!(f, "SomeoneNear({near})"),
            Self::TellAPerson => f.write_str("TellAPerson"),
            Self::ShowCode => f.write_str("ShowCode"),
            Self::CodeKept => f.write_str("CodeKept"),
            Self::CheckCode => f.write_str("CheckCode"),
            Self::CannotKeep => f.write_str("CannotKeep"),
            Self::LastFour(_) => f.write_str("LastFour"),
            Self::Done => f.write_str("Done"),
        }
    }
}

/// What Stop offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopChoice {
    /// Only how to reach them is still asked.
    SendWhatIHave,
    /// Back to where they were.
    CarryOn,
    /// Everything is wiped.
    ThrowAway,
}
