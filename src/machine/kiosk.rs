//! The whole kiosk as one machine: session, outbox, sync and health under one contract.
//!
//! `handle` one Input, drain `poll_output`, wait until `deadline`. The run loop is its only caller.

use alloc::collections::VecDeque;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::event::Event;
use super::health::Faults;
use super::input::{Delivery, Input, LinkFault, Now};
use super::outbox::Outbox;
use super::output::Output;
use super::session::{Session, Surroundings, timing};
use super::session_saved::Reach;
use super::sync::{Errand, Sync};
use super::view::View;
use crate::form::FormDefinition;
use crate::id::EnvelopeId;
use crate::time::{Moment, Timestamp};
use crate::wire::{AnswerPage, Verdict};

/// After the store could not say or write down what is queued, it is asked again, in milliseconds.
const LOAD_AGAIN_MS: u64 = 60_000;

/// What the shell has found out before the machine starts.
#[derive(Debug)]
pub struct KioskFacts {
    /// The form behind "Tell us something".
    pub form: Arc<FormDefinition>,
    /// When the intake was last reached, from the store.
    pub last_contact: Option<Timestamp>,
    /// Faults seen so far.
    pub faults: Faults,
    /// What the landlord has signed for this site.
    pub rules: SiteRules,
}

/// What the signed bundle says about one site, as far as a session needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SiteRules {
    /// Sequence of the bundle that says so.
    pub bundle_sequence: u32,
    /// How long Hide holds before everything is wiped, in milliseconds: 1 to 5 minutes (SAFETY 2).
    pub hidden_ms: u64,
    /// Whether the 24 hours may be promised: the rota covers weekends and bank holidays (SAFETY 10).
    pub hours_promised: bool,
}

impl Default for SiteRules {
    fn default() -> Self {
        Self {
            bundle_sequence: 1,
            hidden_ms: timing::HIDDEN_MS,
            hours_promised: true,
        }
    }
}

/// The machine.
#[derive(Debug)]
pub struct Kiosk {
    form: Arc<FormDefinition>,
    rules: SiteRules,
    /// Of a newer bundle: used as soon as nobody is in the middle of something.
    newer: Option<(Arc<FormDefinition>, SiteRules)>,
    session: Session,
    outbox: Outbox,
    sync: Sync,
    faults: Faults,
    link_up: Option<bool>,
    loading: bool,
    /// The store is not asked what is queued before this.
    load_after: Moment,
    presses: u64,
    shown: Option<View>,
    outputs: VecDeque<Output>,
}

impl Kiosk {
    /// Starts: the first Outputs show the start page and ask for the outbox.
    pub fn new(facts: KioskFacts, now: Now) -> Self {
        let language = facts
            .form
            .languages
            .first()
            .cloned()
            .unwrap_or_else(|| String::from("en"));
        let mut kiosk = Self {
            session: Session::new(&language),
            form: facts.form,
            outbox: Outbox::default(),
            sync: Sync::new(now.moment, facts.last_contact),
            faults: facts.faults,
            rules: facts.rules,
            newer: None,
            link_up: None,
            loading: true,
            load_after: now.moment,
            presses: 0,
            shown: None,
            outputs: VecDeque::new(),
        };
        kiosk.outputs.push_back(Output::LoadOutbox);
        kiosk.finish(now, [0; 32]);
        kiosk
    }

    /// Heartbeats at least so often, in milliseconds, instead of every 15 minutes: for a demonstration, where somebody waits
    /// for the answer.
    pub fn beat_every(&mut self, milliseconds: u64) {
        self.sync.beat_every(milliseconds);
    }

    /// Takes one Input. `random` are 32 fresh random bytes.
    pub fn handle(&mut self, input: Input, now: Now, random: [u8; 32]) {
        match input {
            Input::Press(press) => {
                self.presses = self.presses.wrapping_add(1);
                self.with_session(now, random, |session, around| session.press(press, around));
            }
            Input::Tick => self.with_session(now, random, Session::tick),
            Input::Outbox { window, queued } => {
                self.loading = false;
                self.outbox.load(&window, queued);
                if self.outbox.wants_loading() {
                    self.load_later(now.moment);
                }
            }
            Input::Filed { envelope, .. } => {
                self.outbox.filed(envelope);
                self.sync.hurry(now.moment);
                self.with_session(now, random, |session, around| session.kept(input, around));
            }
            Input::Derived { .. } | Input::NotDerived { .. } | Input::NotFiled { .. } => {
                self.trouble_unless(!matches!(input, Input::NotFiled { .. }));
                self.with_session(now, random, |session, around| session.kept(input, around));
            }
            Input::Notes { .. } => self.session.notes(input, now.moment),
            Input::Delivered { envelope, delivery } => self.delivered(envelope, delivery, now, random),
            Input::Settled { durable, .. } => {
                if !durable {
                    self.outbox.unsettled();
                    self.load_later(now.moment);
                }
                self.trouble_unless(durable);
            }
            Input::NewsTaken { durable } => {
                self.sync.news_kept(durable);
                self.trouble_unless(durable);
            }
            Input::Health(facts) => self.change_faults(facts.faults),
            Input::NewBundle { form, rules } => {
                self.newer = Some((form, rules));
                self.outputs.push_back(Output::Log(Event::BundleComplete));
            }
        }
        self.finish(now, random);
    }

    /// The next thing to do; `None` when all is drained.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When `Input::Tick` must come at the latest.
    pub fn deadline(&self) -> Option<Moment> {
        // While the store is asked what is queued, its answer comes next and no time.
        let speaking = if self.loading {
            None
        } else {
            self.sync.deadline(&self.outbox)
        };
        let load = (!self.loading && self.outbox.wants_loading()).then_some(self.load_after);
        [self.session.deadline(), speaking, load].into_iter().flatten().min()
    }

    const fn load_later(&mut self, now: Moment) {
        self.load_after = now.after_ms(LOAD_AGAIN_MS);
    }

    fn with_session(&mut self, now: Now, random: [u8; 32], act: impl FnOnce(&mut Session, &mut Surroundings<'_>)) {
        let mut outputs = Vec::new();
        let mut around = Surroundings {
            now,
            random,
            form: &self.form,
            link: self.sync.link(),
            rules: self.rules,
            out_of_service: self.faults.out_of_service(),
            presses: self.presses,
            outputs: &mut outputs,
        };
        act(&mut self.session, &mut around);
        self.outputs.extend(outputs);
    }

    fn delivered(&mut self, envelope: Option<EnvelopeId>, delivery: Delivery, now: Now, random: [u8; 32]) {
        let dice = u64::from_be_bytes([
            random[24], random[25], random[26], random[27], random[28], random[29], random[30], random[31],
        ]);
        if !self.sync.ends(envelope) {
            return;
        }
        match delivery {
            Delivery::Fault(fault) => self.delivery_failed(envelope, fault, now, dice),
            Delivery::Answer(page) if envelope.is_some_and(|id| id != page.id) => {
                self.delivery_failed(envelope, LinkFault::AnswerNotBelieved, now, dice);
            }
            Delivery::Answer(page) => {
                self.sync.answered(page.news.more, page.news.now, now.moment, dice);
                if self.link_up != Some(true) {
                    self.outputs.push_back(Output::Log(Event::LinkUp));
                }
                self.link_up = Some(true);
                self.settle(envelope, *page, now);
            }
        }
    }

    fn delivery_failed(&mut self, envelope: Option<EnvelopeId>, fault: LinkFault, now: Now, dice: u64) {
        self.session.delivery(envelope, Reach::Failed, now);
        match (envelope, fault) {
            (Some(id), LinkFault::StoreUnreadable) => {
                // The link is not to blame, and the others need not wait.
                self.outbox.set_aside(id);
                self.load_later(now.moment);
                self.outputs.push_back(Output::Log(Event::StoreTrouble));
                return;
            }
            (Some(id), _) => self.outbox.postpone(id),
            (None, _) => {}
        }
        self.sync.failed(fault, now, dice);
        if self.link_up != Some(false) {
            self.outputs.push_back(Output::Log(Event::LinkDown(fault)));
        }
        self.link_up = Some(false);
    }

    fn settle(&mut self, envelope: Option<EnvelopeId>, page: AnswerPage, now: Now) {
        if let Some(id) = envelope {
            self.outbox.settled(id);
            match page.verdict {
                Verdict::Acknowledged => {
                    let proof = alloc::boxed::Box::new(page.proof);
                    self.outputs.push_back(Output::Settle { envelope: id, proof });
                }
                Verdict::Refused(_) => self.outputs.push_back(Output::Refuse(id)),
            }
        }
        let reach = match page.verdict {
            Verdict::Acknowledged => Reach::Acknowledged(page.first_received),
            Verdict::Refused(_) => {
                self.outputs.push_back(Output::Log(Event::Refused));
                Reach::Refused
            }
        };
        self.session.delivery(envelope, reach, now);
        self.session.addition_reached(envelope, reach);
        if !page.news.notes.is_empty() || !page.news.piece.is_empty() {
            self.outputs
                .push_back(Output::TakeNews(alloc::boxed::Box::new(page.news)));
        }
    }

    fn trouble_unless(&mut self, durable: bool) {
        if !durable {
            self.outputs.push_back(Output::Log(Event::StoreTrouble));
        }
    }

    fn change_faults(&mut self, faults: Faults) {
        let before = self.faults.out_of_service();
        self.faults = faults;
        let after = faults.out_of_service();
        if before != after {
            let event = after.map_or(Event::InService, |closed| Event::OutOfService(closed.code));
            self.outputs.push_back(Output::Log(event));
        }
    }

    /// After every Input: sends what is due, loads what is missing, shows what has changed.
    fn finish(&mut self, now: Now, random: [u8; 32]) {
        if self.session.is_at_start()
            && let Some((form, rules)) = self.newer.take()
        {
            self.form = form;
            self.rules = rules;
        }
        if self.outbox.wants_loading() && !self.loading && now.moment >= self.load_after {
            self.loading = true;
            self.outputs.push_back(Output::LoadOutbox);
        }
        if !self.loading {
            match self.sync.errand(&self.outbox, now.moment) {
                Some(Errand::Deliver(id)) => self.outputs.push_back(Output::Deliver(id)),
                Some(Errand::Heartbeat) => {
                    self.outputs.push_back(Output::Heartbeat {
                        clock: now.clock,
                        faults: self.faults.0,
                    });
                }
                None => {}
            }
        }
        let mut view = None;
        self.with_session(now, random, |session, around| view = Some(session.view(around)));
        if let Some(view) = view
            && self.shown.as_ref() != Some(&*view)
        {
            self.shown = Some((*view).clone());
            self.outputs.push_back(Output::Show(view));
        }
    }
}
