//! A kiosk without its shell: the machine and the front in memory, with a clock that moves when told.
//!
//! Used by `shot` and by tests. It answers what the machine asks as a healthy store and a working or silent link would,
//! at once, and keeps what was filed; it seals, stores and sends nothing.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use super::front::{Front, Looks, Place};
use super::platform::MemoryWindow;
use super::semantics::Element;
use crate::form::{FormDefinition, Problem};
use crate::id::{EnvelopeId, Tag};
use crate::machine::{
    Copies, Delivery, FileRequest, Input, Kiosk, KioskFacts, LinkFault, Now, Output, Page, Press, SiteRules, View,
};
use crate::machine::{Faults, HealthFacts};
use crate::site::{EverydayPage, SiteFacts};
use crate::time::{ClockReading, Confidence, Moment, Timestamp};
use crate::wire::v1::StatusNote;
use crate::wire::{AnswerPage, News, PROOF_BYTES, RefusalCode, Verdict};

/// Monday 23 November 2026, 14:08 in London: when every rehearsal begins.
pub(super) const BEGINS: Timestamp = Timestamp(1_795_442_880);

/// The form that comes with Heard.
///
/// # Errors
/// It has problems.
pub fn sample_form() -> Result<FormDefinition, Vec<Problem>> {
    FormDefinition::parse("report.toml", include_bytes!("../../../assets/forms/report.toml"))
}

/// The made-up site that comes with Heard.
pub fn sample_site() -> Option<SiteFacts> {
    SiteFacts::parse("site.toml", include_bytes!("../../../assets/site/site.toml")).ok()
}

/// The everyday pages of that site.
pub fn sample_pages() -> Vec<(String, EverydayPage)> {
    let files: [(&str, &[u8]); 3] = [
        (
            "have-your-say",
            include_bytes!("../../../assets/site/pages/have-your-say.toml"),
        ),
        ("repairs", include_bytes!("../../../assets/site/pages/repairs.toml")),
        (
            "about-this-screen",
            include_bytes!("../../../assets/site/pages/about-this-screen.toml"),
        ),
    ];
    let read = |(name, bytes): (&str, &[u8])| Some((name.to_owned(), EverydayPage::parse(name, bytes).ok()?));
    files.into_iter().filter_map(read).collect()
}

/// How the world around the kiosk is.
#[derive(Debug, Clone, Default)]
pub struct World {
    /// Nothing answers.
    pub silent: bool,
    /// The intake refuses every envelope, signed.
    pub refuses: bool,
    /// The store takes its time: nothing is filed until told.
    pub slow_store: bool,
    /// Nobody has set the clock since the power came.
    pub no_clock: bool,
    /// Only one copy becomes durable.
    pub one_copy: bool,
    /// Notes that any code opens.
    pub notes: Vec<StatusNote>,
}

/// The machine and the front, in memory.
pub struct Rehearsal {
    kiosk: RefCell<Kiosk>,
    front: Rc<Front>,
    window: MemoryWindow,
    presses: Rc<RefCell<VecDeque<Press>>>,
    clock: Rc<Cell<u64>>,
    view: RefCell<Option<Box<View>>>,
    filed: RefCell<Vec<Rc<FileRequest>>>,
    /// How the world around the kiosk is.
    pub world: Rc<RefCell<World>>,
}

impl fmt::Debug for Rehearsal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Rehearsal")
    }
}

impl Rehearsal {
    /// Starts at the start page.
    ///
    /// # Errors
    /// There is no platform to draw on.
    pub fn start(place: Place, looks: Looks) -> Result<Self, slint::PlatformError> {
        let window = MemoryWindow::open(looks.panel)?;
        let presses: Rc<RefCell<VecDeque<Press>>> = Rc::default();
        let clock = Rc::new(Cell::new(1_000_u64));
        let queue = Rc::clone(&presses);
        let telling = Rc::clone(&clock);
        let world: Rc<RefCell<World>> = Rc::default();
        let around = Rc::clone(&world);
        let form = Arc::clone(&place.form);
        let front = Front::new(
            place,
            looks,
            Box::new(move |press| {
                queue.borrow_mut().push_back(press);
                true
            }),
            Box::new(move || (!around.borrow().no_clock).then(|| wall(telling.get()))),
        )?;
        let facts = KioskFacts {
            form,
            last_contact: Some(BEGINS.after_seconds(-600)),
            faults: Faults::default(),
            rules: SiteRules::default(),
        };
        let rehearsal = Self {
            kiosk: RefCell::new(Kiosk::new(facts, now(clock.get()))),
            front,
            window,
            presses,
            clock,
            view: RefCell::default(),
            filed: RefCell::default(),
            world,
        };
        rehearsal.settle();
        rehearsal.front.bring_pages(sample_pages());
        Ok(rehearsal)
    }

    /// The front.
    pub fn front(&self) -> &Front {
        &self.front
    }

    /// The window in memory.
    pub fn window(&self) -> &MemoryWindow {
        &self.window
    }

    /// The newest page of the machine.
    ///
    /// # Panics
    /// Never: the machine shows a page before anything else.
    pub fn page(&self) -> Page {
        self.view
            .borrow()
            .as_ref()
            .map_or(Page::Start, |view| view.page.clone())
    }

    /// The newest view of the machine; none before the first.
    pub fn view(&self) -> Option<Box<View>> {
        self.view.borrow().clone()
    }

    /// What was filed so far.
    pub fn filed(&self) -> Vec<Rc<FileRequest>> {
        self.filed.borrow().clone()
    }

    /// Presses without a finger.
    pub fn press(&self, press: Press) {
        // The front counts what it sends; a press past it would be taken for an answer to Hide.
        self.presses.borrow_mut().push_back(press);
        self.settle();
    }

    /// Everything that can be read or pressed.
    pub fn elements(&self) -> Vec<Element> {
        self.window.elements()
    }

    /// A finger on the middle of the thing with this label. `false` when there is none.
    pub fn touch(&self, label: &str) -> bool {
        let elements = self.elements();
        let found = elements
            .iter()
            .find(|element| element.can_be_pressed && element.label == label);
        let Some(found) = found else { return false };
        let middle = found.rectangle.middle();
        self.window.touch(middle, middle, 90);
        self.settle();
        true
    }

    /// A key of a keyboard.
    pub fn key(&self, key: impl Into<slint::SharedString>) {
        self.window.key(key);
        self.settle();
    }

    /// Lets time pass.
    pub fn wait(&self, milliseconds: u64) {
        self.clock.set(self.clock.get().saturating_add(milliseconds));
        self.window.wait(milliseconds);
        self.handle(Input::Tick);
        self.settle();
    }

    /// Health of the machine changes.
    pub fn health(&self, faults: Faults) {
        self.handle(Input::Health(HealthFacts { faults }));
        self.settle();
    }

    /// The store catches up.
    pub fn file_now(&self) {
        self.world.borrow_mut().slow_store = false;
        let last = self.filed.borrow().last().cloned();
        if let Some(request) = last {
            self.answer_filing(&request);
        }
        self.settle();
    }

    fn handle(&self, input: Input) {
        let at = self.clock.get();
        let mut random = [0x5A_u8; 32];
        random[..8].copy_from_slice(&at.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes());
        let mut now = now(at);
        if self.world.borrow().no_clock {
            now.clock.confidence = Confidence::Unknown;
        }
        self.kiosk.borrow_mut().handle(input, now, random);
    }

    /// Presses, outputs and views, until nothing is left to do.
    pub fn settle(&self) {
        loop {
            let output = self.kiosk.borrow_mut().poll_output();
            if let Some(output) = output {
                self.perform(output);
                continue;
            }
            let press = self.presses.borrow_mut().pop_front();
            match press {
                Some(press) => self.handle(Input::Press(press)),
                None => return,
            }
        }
    }

    fn perform(&self, output: Output) {
        match output {
            Output::Show(view) => {
                *self.view.borrow_mut() = Some(view.clone());
                self.front.show(view);
            }
            Output::Log(_) => {}
            Output::LoadOutbox => self.handle(Input::Outbox {
                window: Vec::new(),
                queued: 0,
            }),
            Output::Derive { session, .. } => self.handle(Input::Derived {
                session,
                tag: Tag([1; 16]),
                inbox: [2; 32],
                reply_secret: Box::new(zeroize::Zeroizing::new([3; 32])),
            }),
            Output::File(request) => {
                let request: Rc<FileRequest> = Rc::from(request);
                self.filed.borrow_mut().push(Rc::clone(&request));
                if !self.world.borrow().slow_store {
                    self.answer_filing(&request);
                }
            }
            Output::Deliver(id) => self.deliver(Some(id)),
            Output::Heartbeat { .. } => self.deliver(None),
            Output::Settle { envelope, .. } => self.handle(Input::Settled {
                envelope,
                durable: true,
            }),
            Output::Refuse(envelope) => self.handle(Input::Settled {
                envelope,
                durable: true,
            }),
            Output::TakeNews(_) => self.handle(Input::NewsTaken { durable: true }),
            Output::ReadNotes { session, .. } => {
                let notes = self.world.borrow().notes.clone();
                self.handle(Input::Notes { session, notes });
            }
        }
    }

    fn answer_filing(&self, request: &FileRequest) {
        let copies = if self.world.borrow().one_copy {
            Copies::One
        } else {
            Copies::Both
        };
        let number = u8::try_from(self.filed.borrow().len()).unwrap_or(u8::MAX);
        self.handle(Input::Filed {
            session: request.session,
            envelope: EnvelopeId([number; 32]),
            copies,
        });
    }

    fn deliver(&self, envelope: Option<EnvelopeId>) {
        let delivery = if self.world.borrow().silent {
            Delivery::Fault(LinkFault::TimedOut)
        } else {
            let at = wall(self.clock.get());
            Delivery::Answer(Box::new(AnswerPage {
                id: envelope.unwrap_or(EnvelopeId([0; 32])),
                verdict: if self.world.borrow().refuses && envelope.is_some() {
                    Verdict::Refused(RefusalCode::Shape)
                } else {
                    Verdict::Acknowledged
                },
                first_received: at,
                news: News {
                    now: at,
                    notes: Vec::new(),
                    cursor: 0,
                    more: false,
                    bundle_sequence: 0,
                    piece_offset: 0,
                    bundle_bytes: 0,
                    piece: Vec::new(),
                },
                proof: [0; PROOF_BYTES],
            }))
        };
        self.handle(Input::Delivered { envelope, delivery });
    }
}

fn wall(at: u64) -> Timestamp {
    BEGINS.after_seconds(i64::try_from(at / 1000).unwrap_or(0))
}

fn now(at: u64) -> Now {
    Now {
        moment: Moment(at),
        clock: ClockReading {
            wall: wall(at),
            confidence: Confidence::Synced,
            boot: 1,
            since_boot_seconds: u32::try_from(at / 1000).unwrap_or(u32::MAX),
        },
    }
}
