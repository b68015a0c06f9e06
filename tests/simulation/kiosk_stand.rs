//! One kiosk: the real machine, a store with a durable part, a courier with one exchange at a time, and a person.
//!
//! A crash loses everything but the durable part: also the answers that were on their way to the machine.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use heard::form::FormDefinition;
use heard::id::{EnvelopeId, Tag};
use heard::machine::{
    Copies, Delivery, Faults, FileRequest, Input, Kiosk, KioskFacts, LinkFault, Now, Output, Page, Subject, View,
};
use heard::mailbox::ReferenceCode;
use heard::time::{ClockReading, Confidence, Moment, Timestamp};
use sha2::{Digest, Sha256};

use crate::intake_stand::Intake;
use crate::random_presses::{Dice, forward, some_press};

/// What is durable of one envelope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Entry {
    Queued(Option<Tag>),
    Refused(Option<Tag>),
    /// Erased after an acknowledgement; only the proof is left.
    Delivered(Option<Tag>),
}

pub(crate) struct Stand {
    number: u64,
    form: Arc<FormDefinition>,
    machine: Kiosk,
    view: Option<Box<View>>,
    /// Work for the store thread, in order.
    works: VecDeque<Output>,
    /// Answers on their way to the machine.
    answers: VecDeque<Input>,
    /// The exchange under way: when its answer comes.
    exchange: Option<(u64, Input)>,
    // Durable:
    pub(crate) store: BTreeMap<EnvelopeId, Entry>,
    last_heard: Option<Timestamp>,
    boots: u32,
    sealed: u64,
    // The world's:
    booted_at: u64,
    wall_offset: i64,
    confidence: Confidence,
    pub(crate) is_faulty: bool,
    pub(crate) codes: BTreeSet<[u8; 16]>,
    uuids: BTreeSet<[u8; 16]>,
}

fn tag_of(code: &ReferenceCode) -> Tag {
    let digest = Sha256::digest(code.ascii());
    Tag(digest[..16].try_into().unwrap())
}

impl Stand {
    pub(crate) fn new(number: u64, form: &Arc<FormDefinition>) -> Self {
        let mut stand = Self {
            number,
            form: Arc::clone(form),
            machine: machine(form, None, Moment(0)),
            view: None,
            works: VecDeque::new(),
            answers: VecDeque::new(),
            exchange: None,
            store: BTreeMap::new(),
            last_heard: None,
            boots: 1,
            sealed: 0,
            booted_at: 0,
            wall_offset: 0,
            confidence: Confidence::Synced,
            is_faulty: true,
            codes: BTreeSet::new(),
            uuids: BTreeSet::new(),
        };
        stand.drain();
        stand
    }

    fn now(&self, world: u64) -> Now {
        let since = world - self.booted_at;
        Now {
            moment: Moment(since),
            clock: ClockReading {
                wall: Timestamp(1_782_900_000 + (world / 1_000) as i64 + self.wall_offset),
                confidence: self.confidence,
                boot: self.boots,
                since_boot_seconds: (since / 1_000) as u32,
            },
        }
    }

    fn handle(&mut self, input: Input, world: u64, dice: &mut Dice) {
        let mut random = [0; 32];
        for chunk in random.chunks_mut(8) {
            chunk.copy_from_slice(&dice.next().to_be_bytes());
        }
        self.machine.handle(input, self.now(world), random);
        self.drain();
    }

    fn drain(&mut self) {
        while let Some(output) = self.machine.poll_output() {
            match output {
                Output::Show(view) => self.show(view),
                Output::Log(_) => {}
                work => self.works.push_back(work),
            }
        }
    }

    fn show(&mut self, view: Box<View>) {
        if let Page::Saved(saved) = &view.page {
            if let Some(code) = &saved.code {
                self.codes.insert(code.ascii());
            }
            assert!(
                self.store.contains_key(&saved.envelope),
                "shown as kept, and not in the store"
            );
        }
        self.view = Some(view);
    }

    /// The power goes and comes back.
    pub(crate) fn crash(&mut self, world: u64) {
        self.works.clear();
        self.answers.clear();
        self.exchange = None;
        self.booted_at = world;
        self.boots += 1;
        self.machine = machine(&self.form, self.last_heard, Moment(0));
        self.drain();
    }

    pub(crate) fn jump_clock(&mut self, dice: &mut Dice) {
        self.wall_offset = dice.below(40_000_000) as i64 - 20_000_000;
        self.confidence = [Confidence::Unknown, Confidence::Kept, Confidence::Synced][dice.below(3)];
    }

    pub(crate) fn press(&mut self, world: u64, dice: &mut Dice) {
        let view = self.view.as_ref().unwrap();
        let press = if dice.one_in(12) {
            some_press(dice, &self.form, view)
        } else {
            forward(&self.form, view)
        };
        self.handle(Input::Press(press), world, dice);
    }

    /// One piece of the store's work, or one answer that reaches the machine. Returns whether there was any.
    pub(crate) fn work(&mut self, world: u64, dice: &mut Dice, intake: &mut Intake) -> bool {
        if self.answers.is_empty() || (!self.works.is_empty() && dice.one_in(2)) {
            let Some(work) = self.works.pop_front() else {
                return false;
            };
            self.do_work(work, world, dice, intake);
        } else if let Some(input) = self.answers.pop_front() {
            self.handle(input, world, dice);
        }
        true
    }

    fn do_work(&mut self, work: Output, world: u64, dice: &mut Dice, intake: &mut Intake) {
        let fails = self.is_faulty && dice.one_in(10);
        let answer = match work {
            Output::Show(_) | Output::Log(_) => unreachable!(),
            Output::LoadOutbox => self.load(),
            Output::Derive { session, .. } if fails => Input::NotDerived { session },
            Output::Derive { session, code } => Input::Derived {
                session,
                tag: tag_of(&code),
                inbox: [1; 32],
                reply_secret: Box::new(zeroize::Zeroizing::new([2; 32])),
            },
            Output::File(request) => self.file(*request, fails, dice),
            Output::Deliver(id) => {
                if !matches!(self.store.get(&id), Some(Entry::Queued(_))) || fails {
                    self.undelivered(Some(id))
                } else {
                    return self.send(Some(id), world, dice, intake);
                }
            }
            Output::Heartbeat { .. } if fails => self.undelivered(None),
            Output::Heartbeat { .. } => return self.send(None, world, dice, intake),
            Output::Settle { envelope, .. } => {
                assert!(
                    intake.committed.contains_key(&envelope),
                    "erased before it was committed"
                );
                self.settle(envelope, fails, Entry::Delivered)
            }
            Output::Refuse(envelope) => self.settle(envelope, fails, Entry::Refused),
            Output::TakeNews(news) => {
                self.last_heard = Some(news.now);
                Input::NewsTaken { durable: !fails }
            }
            Output::ReadNotes { session, .. } => Input::Notes {
                session,
                notes: Vec::new(),
            },
        };
        self.answers.push_back(answer);
    }

    fn load(&self) -> Input {
        let queued = self.store.iter().filter(|(_, entry)| matches!(entry, Entry::Queued(_)));
        let ids: Vec<EnvelopeId> = queued.map(|(id, _)| *id).collect();
        let queued = ids.len();
        let window = ids.into_iter().take(64).collect();
        Input::Outbox { window, queued }
    }

    fn file(&mut self, request: FileRequest, fails: bool, dice: &mut Dice) -> Input {
        let session = request.session;
        if fails {
            return Input::NotFiled { session };
        }
        let (uuid, tag) = match &request.subject {
            Subject::Report(report) => (report.report.uuid.0, report.mailbox.map(|(tag, _)| tag)),
            Subject::Addition(addition) => (addition.uuid, None),
        };
        assert!(self.uuids.insert(uuid), "kept twice");
        self.sealed += 1;
        let name = [self.number.to_be_bytes(), self.sealed.to_be_bytes()].concat();
        let envelope = EnvelopeId(Sha256::digest(name).into());
        self.store.insert(envelope, Entry::Queued(tag));
        let copies = if self.is_faulty && dice.one_in(8) {
            Copies::One
        } else {
            Copies::Both
        };
        Input::Filed {
            session,
            envelope,
            copies,
        }
    }

    fn settle(&mut self, envelope: EnvelopeId, fails: bool, becomes: fn(Option<Tag>) -> Entry) -> Input {
        if !fails {
            match self.store.get_mut(&envelope) {
                Some(entry @ Entry::Queued(_)) => {
                    let Entry::Queued(tag) = *entry else { unreachable!() };
                    *entry = becomes(tag);
                }
                other => panic!("settled again: {other:?}"),
            }
        }
        Input::Settled {
            envelope,
            durable: !fails,
        }
    }

    fn undelivered(&self, envelope: Option<EnvelopeId>) -> Input {
        let delivery = Delivery::Fault(LinkFault::StoreUnreadable);
        Input::Delivered { envelope, delivery }
    }

    fn send(&mut self, envelope: Option<EnvelopeId>, world: u64, dice: &mut Dice, intake: &mut Intake) {
        assert!(self.exchange.is_none(), "two exchanges at a time");
        let wall = Timestamp(1_782_900_000 + (world / 1_000) as i64);
        let id = envelope.unwrap_or(EnvelopeId([0; 32]));
        let (delivery, after) = intake.exchange(id, envelope.is_some(), wall, dice, self.is_faulty);
        self.exchange = Some((world + after, Input::Delivered { envelope, delivery }));
    }

    /// When something is due by time alone.
    pub(crate) fn due(&self) -> Option<u64> {
        let machine = self.machine.deadline().map(|at| at.0 + self.booted_at);
        let exchange = self.exchange.as_ref().map(|(at, _)| *at);
        machine.into_iter().chain(exchange).min()
    }

    /// What time alone does at `world`.
    pub(crate) fn tick(&mut self, world: u64, dice: &mut Dice) {
        if let Some((_, input)) = self.exchange.take_if(|(at, _)| *at <= world) {
            self.answers.push_back(input);
        }
        self.handle(Input::Tick, world, dice);
        let next = self.machine.deadline().map(|at| at.0 + self.booted_at);
        assert!(next.is_none_or(|next| next > world), "spins at {world}");
    }

    pub(crate) fn has_work(&self) -> bool {
        !self.works.is_empty() || !self.answers.is_empty()
    }

    /// Whether a report that this code opens is in the outbox, or was delivered to the intake.
    pub(crate) fn judge(&self, intake: &Intake) {
        let mut there = BTreeSet::new();
        for (id, entry) in &self.store {
            let (Entry::Queued(tag) | Entry::Refused(tag) | Entry::Delivered(tag)) = *entry;
            let is_delivered = matches!(entry, Entry::Delivered(_));
            assert!(!is_delivered || intake.committed.contains_key(id), "erased and nowhere");
            there.extend(tag.map(|tag| tag.0));
        }
        for code in &self.codes {
            let text = std::str::from_utf8(code).unwrap();
            let tag = tag_of(&ReferenceCode::parse(text).unwrap());
            assert!(there.contains(&tag.0), "a code was shown for a report that is nowhere");
        }
    }

    pub(crate) fn queued(&self) -> usize {
        self.store
            .values()
            .filter(|entry| matches!(entry, Entry::Queued(_)))
            .count()
    }
}

fn machine(form: &Arc<FormDefinition>, last_contact: Option<Timestamp>, moment: Moment) -> Kiosk {
    let facts = KioskFacts {
        form: Arc::clone(form),
        last_contact,
        faults: Faults::default(),
        rules: heard::machine::SiteRules::default(),
    };
    let clock = ClockReading {
        wall: Timestamp(1_782_900_000),
        confidence: Confidence::Unknown,
        boot: 1,
        since_boot_seconds: 0,
    };
    Kiosk::new(facts, Now { moment, clock })
}
