//! Thousands of seeded random presses, ticks, store and link faults: the machine never panics, never spins, never has two
//! exchanges under way, never shows a page that leads nowhere, files exactly what was sent, and lets no message out that
//! was not asked for.
//!
//! `HEARD_SEEDS=n` raises the number of seeds; a failure names its seed.
#![allow(clippy::unwrap_used, reason = "a test that fails here should stop here")]

#[path = "support/closed_messages.rs"]
mod closed_messages;
#[path = "support/machine_bench.rs"]
#[allow(dead_code, reason = "each test takes what it needs")]
mod machine_bench;
#[path = "support/random_presses.rs"]
mod random_presses;

use std::sync::Arc;

use closed_messages::{ClosedMessages, some_notes};
use heard::form::FormDefinition;
use heard::id::EnvelopeId;
use heard::machine::{
    Copies, Delivery, Fault, Faults, HealthFacts, Input, Kiosk, KioskFacts, LinkFault, Now, Output, Page, Press,
    Subject, View,
};
use heard::time::{ClockReading, Confidence, Moment, Timestamp};
use machine_bench::{Does, answer, derived, report_form};
use random_presses::{Dice, forward, some_press};

const STEPS: usize = 1_500;

struct World {
    kiosk: Kiosk,
    form: Arc<FormDefinition>,
    dice: Dice,
    now: u64,
    view: Option<Box<View>>,
    work: Vec<Output>,
    /// What the store holds, and what it will hold again if it cannot erase.
    queue: Vec<EnvelopeId>,
    sends: usize,
    reports: usize,
    additions: usize,
    adds: usize,
    files_answered: usize,
    envelopes: u64,
    was_saving: bool,
    messages: ClosedMessages,
    faulty: bool,
}

impl World {
    fn new(seed: u64) -> Self {
        let form = report_form();
        let facts = KioskFacts {
            form: Arc::clone(&form),
            last_contact: None,
            faults: Faults::default(),
            rules: heard::machine::SiteRules::default(),
        };
        let mut world = Self {
            kiosk: Kiosk::new(facts, now(5)),
            form,
            dice: Dice::new(seed),
            now: 5,
            view: None,
            work: Vec::new(),
            queue: Vec::new(),
            sends: 0,
            reports: 0,
            additions: 0,
            adds: 0,
            files_answered: 0,
            envelopes: 0,
            was_saving: false,
            messages: ClosedMessages::default(),
            faulty: true,
        };
        world.drain();
        world
    }

    fn page(&self) -> &Page {
        &self.view.as_ref().unwrap().page
    }

    fn handle(&mut self, input: Input) {
        let mut random = [0; 32];
        for chunk in random.chunks_mut(8) {
            chunk.copy_from_slice(&self.dice.next().to_be_bytes());
        }
        self.kiosk.handle(input, now(self.now), random);
        self.drain();
        let at = self.kiosk.deadline();
        // Only time that has passed unseen may lie behind; it is seen with the next Tick.
        if at.is_some_and(|at| at.0 <= self.now) {
            self.kiosk.handle(Input::Tick, now(self.now), random);
            self.drain();
            let still = self.kiosk.deadline();
            assert!(
                still.is_none_or(|still| still.0 > self.now),
                "spins: {still:?} at {}",
                self.now
            );
        }
    }

    fn drain(&mut self) {
        while let Some(output) = self.kiosk.poll_output() {
            match output {
                Output::Show(view) => {
                    let is_saving = view.page == Page::Saving;
                    self.sends += usize::from(is_saving && !self.was_saving);
                    self.was_saving = is_saving;
                    self.messages.hold(&view);
                    self.view = Some(view);
                }
                Output::Log(_) => {}
                work => {
                    if let Output::File(request) = &work {
                        match request.subject {
                            Subject::Report(_) => self.reports += 1,
                            Subject::Addition(_) => self.additions += 1,
                        }
                    }
                    self.work.push(work);
                }
            }
        }
        let count = |is: fn(&Output) -> bool| self.work.iter().filter(|work| is(work)).count();
        assert!(count(|work| matches!(work, Output::Deliver(_) | Output::Heartbeat { .. })) <= 1);
        assert!(count(|work| matches!(work, Output::LoadOutbox)) <= 1);
        assert!(self.work.len() <= 64, "work is bounded: {}", self.work.len());
    }

    /// Answers one piece of work, in any order but for the store, which is one thread.
    fn answer_one(&mut self) {
        if self.work.is_empty() {
            return;
        }
        let is_link = |work: &Output| matches!(work, Output::Deliver(_) | Output::Heartbeat { .. });
        let link = self.work.iter().position(is_link);
        let store = self.work.iter().position(|work| !is_link(work));
        let first = if self.dice.one_in(2) {
            link.or(store)
        } else {
            store.or(link)
        };
        let work = self.work.remove(first.unwrap());
        let input = self.outcome(work);
        self.handle(input);
    }

    fn outcome(&mut self, work: Output) -> Input {
        let fails = self.faulty && self.dice.one_in(4);
        let does = if fails { Does::Fails } else { Does::Works };
        match work {
            Output::Show(_) | Output::Log(_) => unreachable!(),
            Output::LoadOutbox => Input::Outbox {
                window: if fails {
                    Vec::new()
                } else {
                    self.queue.iter().copied().take(64).collect()
                },
                queued: self.queue.len(),
            },
            Output::Derive { session, .. } => derived(session, does),
            Output::File(request) => {
                self.files_answered += 1;
                let session = request.session;
                if fails {
                    return Input::NotFiled { session };
                }
                self.envelopes += 1;
                let mut id = [0; 32];
                id[..8].copy_from_slice(&self.envelopes.to_be_bytes());
                self.queue.push(EnvelopeId(id));
                let copies = if self.faulty && self.dice.one_in(4) {
                    Copies::One
                } else {
                    Copies::Both
                };
                Input::Filed {
                    session,
                    envelope: EnvelopeId(id),
                    copies,
                }
            }
            Output::Deliver(id) if !self.queue.contains(&id) => Input::Delivered {
                envelope: Some(id),
                delivery: Delivery::Fault(LinkFault::StoreUnreadable),
            },
            Output::Deliver(id) => self.delivered(Some(id), fails),
            Output::Heartbeat { .. } => self.delivered(None, fails),
            Output::Settle { envelope, .. } | Output::Refuse(envelope) => {
                if !fails {
                    self.queue.retain(|id| *id != envelope);
                }
                Input::Settled {
                    envelope,
                    durable: !fails,
                }
            }
            Output::TakeNews(_) => Input::NewsTaken { durable: !fails },
            Output::ReadNotes { session, .. } => Input::Notes {
                session,
                notes: some_notes(&mut self.dice),
            },
        }
    }

    fn delivered(&mut self, envelope: Option<EnvelopeId>, fails: bool) -> Input {
        if !fails {
            let mut input = answer(
                envelope,
                if self.faulty && self.dice.one_in(9) {
                    Does::Half
                } else {
                    Does::Works
                },
            );
            if let Input::Delivered {
                delivery: Delivery::Answer(page),
                ..
            } = &mut input
            {
                // More news, that the store may be unable to keep.
                page.news.more = self.faulty && self.dice.one_in(2);
                page.news.piece = vec![1];
            }
            return input;
        }
        let faults = [
            LinkFault::NoCourier,
            LinkFault::NoNetwork,
            LinkFault::TimedOut,
            LinkFault::PortalPage,
            LinkFault::Busy {
                retry_after_seconds: u32::MAX,
            },
            LinkFault::NotKnown,
            LinkFault::AnswerNotBelieved,
            LinkFault::StoreUnreadable,
        ];
        let fault = faults[self.dice.below(faults.len())];
        let delivery = Delivery::Fault(fault);
        Input::Delivered { envelope, delivery }
    }

    fn press(&mut self, press: Press) {
        if let (Press::Add(kind, _), None) = (&press, self.view.as_ref().unwrap().overlay) {
            let with_the_report = kind.is_left_with_the_report();
            let (before, takes) = match self.page() {
                Page::Return(page) => (page.added, !with_the_report),
                Page::CannotKeep(page) => (page.left, with_the_report),
                _ => (None, false),
            };
            let is_saving = matches!(before, Some(heard::machine::Added::Saving(_)));
            self.adds += usize::from(takes && !is_saving);
        }
        self.messages.press(&press, self.view.as_ref().unwrap());
        // Nothing but what says so sends.
        let sends = matches!(
            press,
            Press::Next | Press::Send | Press::StopAnswer(heard::machine::StopChoice::SendWhatIHave)
        );
        let before = self.page().clone();
        self.handle(Input::Press(press));
        let is_sent = !matches!(before, Page::Saving) && matches!(self.page(), Page::Saving);
        assert!(sends || !is_sent, "sent from {before:?}");
    }

    fn wait(&mut self) {
        // Keys are derived in seconds: nobody is wiped while Send waits for them.
        while self
            .work
            .iter()
            .any(|work| matches!(work, Output::Derive { .. } | Output::ReadNotes { .. }))
        {
            self.answer_one();
        }
        let end = self.now + self.dice.next() % [500, 20_000, 200_000, 2_000_000][self.dice.below(4)];
        while let Some(next) = self.kiosk.deadline().filter(|next| next.0 <= end) {
            assert!(next.0 > self.now, "spins at {}", self.now);
            self.now = next.0;
            self.handle(Input::Tick);
        }
        self.now = end;
    }

    fn step(&mut self) {
        match self.dice.below(20) {
            0..=14 => {
                let view = self.view.as_ref().unwrap();
                let press = if self.dice.one_in(2) {
                    forward(&self.form, view)
                } else {
                    some_press(&mut self.dice, &self.form, view)
                };
                self.press(press);
            }
            15..=17 => self.answer_one(),
            18 => self.wait(),
            _ => {
                let facts = HealthFacts {
                    faults: Faults::default().set(Fault::OutboxFull, self.dice.one_in(3)),
                };
                self.handle(Input::Health(facts));
            }
        }
    }

    /// From wherever it is, forward: everybody who goes on comes to the start page again, and what they send is kept.
    fn walk_out(&mut self) {
        for _ in 0..300 {
            let view = self.view.as_ref().unwrap();
            match (view.overlay, &view.page) {
                (None, Page::Start | Page::OutOfService(_)) => return,
                (None, Page::Saving | Page::Reading) => {
                    assert!(
                        !self.work.is_empty() || self.kiosk.deadline().is_some(),
                        "nothing will come"
                    );
                    self.answer_one();
                    self.wait();
                    continue;
                }
                _ => {}
            }
            let press = forward(&self.form, view);
            if matches!(press, Press::Hide) {
                // The way back from Hide is not open at once.
                self.now += heard::machine::timing::HIDE_SETTLES_MS;
            }
            self.press(press);
        }
        panic!("no way on from {:?}", self.view);
    }

    /// The faults stop: what is queued goes out and the machine comes to rest.
    fn calm_down(&mut self) {
        self.faulty = false;
        for _ in 0..2_000 {
            self.answer_one();
            self.wait();
            if self.queue.is_empty() && self.work.is_empty() {
                return;
            }
        }
        panic!("{} are still queued", self.queue.len());
    }
}

fn now(at: u64) -> Now {
    Now {
        moment: Moment(at),
        clock: ClockReading {
            wall: Timestamp(1_782_900_000),
            confidence: Confidence::Unknown,
            boot: 1,
            since_boot_seconds: 1,
        },
    }
}

/// Returns how many reports and additions were filed, and how often a message was open.
fn run(seed: u64) -> (usize, usize, usize) {
    let mut world = World::new(seed);
    for step in 0..STEPS {
        world.step();
        if step % 150 == 149 {
            world.walk_out();
        }
    }
    world.walk_out();
    world.calm_down();
    assert_eq!(world.reports, world.sends, "every Send that led to Saving is one File");
    assert_eq!(world.additions, world.adds, "every addition is one File");
    assert_eq!(world.files_answered, world.reports + world.additions);
    assert!(!format!("{:?}", world.kiosk).contains("SECRET"));
    (world.reports, world.additions, world.messages.opened)
}

#[test]
fn random_presses_and_faults_break_nothing() {
    let seeds = std::env::var("HEARD_SEEDS").ok().and_then(|count| count.parse().ok());
    let mut done = (0, 0, 0);
    for seed in 1..=seeds.unwrap_or(40) {
        let of_seed = std::panic::catch_unwind(|| run(seed));
        let (reports, additions, messages) = of_seed.unwrap_or_else(|_| panic!("seed {seed}"));
        done = (done.0 + reports, done.1 + additions, done.2 + messages);
    }
    assert!(
        done.0 > 400 && done.1 > 100 && done.2 > 400,
        "the presses reach little: {done:?}"
    );
}
