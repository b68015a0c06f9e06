//! The whole kiosk as one machine: session, outbox, sync and health under one contract.
//!
//! `handle` one Input, drain `poll_output`, wait until `deadline`. The run loop is its only caller.

use alloc::collections::VecDeque;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::event::Event;
use super::health::Faults;
use super::input::{Delivery, Input, Now};
use super::outbox::Outbox;
use super::output::Output;
use super::session::{Session, Surroundings};
use super::sync::{Errand, Sync};
use super::view::View;
use crate::form::FormDefinition;
use crate::id::EnvelopeId;
use crate::time::{Moment, Timestamp};
use crate::wire::{AnswerPage, Verdict};

/// What the shell has found out before the machine starts.
#[derive(Debug)]
pub struct KioskFacts {
    /// The form behind "Tell us something".
    pub form: Arc<FormDefinition>,
    /// When the intake was last reached, from the store.
    pub last_contact: Option<Timestamp>,
    /// Faults seen so far.
    pub faults: Faults,
}

/// The machine.
#[derive(Debug)]
pub struct Kiosk {
    form: Arc<FormDefinition>,
    session: Session,
    outbox: Outbox,
    sync: Sync,
    faults: Faults,
    link_up: Option<bool>,
    loading: bool,
    /// The last news could not be kept: more of it would only come again and again.
    news_trouble: bool,
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
            link_up: None,
            loading: true,
            news_trouble: false,
            presses: 0,
            shown: None,
            outputs: VecDeque::new(),
        };
        kiosk.outputs.push_back(Output::LoadOutbox);
        kiosk.finish(now, [0; 32]);
        kiosk
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
            }
            Input::Filed { envelope, .. } => {
                self.outbox.filed(envelope);
                self.sync.hurry(now.moment);
                self.with_session(now, random, |session, around| session.kept(input, around));
            }
            Input::Derived { .. } | Input::NotDerived { .. } | Input::NotFiled { .. } => {
                self.with_session(now, random, |session, around| session.kept(input, around));
            }
            Input::Notes { .. } => self.session.notes(input, now.moment),
            Input::Delivered { envelope, delivery } => self.delivered(envelope, delivery, now, random),
            Input::Settled { durable, .. } => self.trouble_unless(durable),
            Input::NewsTaken { durable } => {
                self.news_trouble = !durable;
                self.trouble_unless(durable);
            }
            Input::Health(facts) => self.change_faults(facts.faults),
        }
        self.finish(now, random);
    }

    /// The next thing to do; `None` when all is drained.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When `Input::Tick` must come at the latest.
    pub fn deadline(&self) -> Option<Moment> {
        match (self.session.deadline(), self.sync.deadline(&self.outbox)) {
            (Some(session), Some(sync)) => Some(session.min(sync)),
            (session, sync) => session.or(sync),
        }
    }

    fn with_session(&mut self, now: Now, random: [u8; 32], act: impl FnOnce(&mut Session, &mut Surroundings<'_>)) {
        let mut outputs = Vec::new();
        let mut around = Surroundings {
            now,
            random,
            form: &self.form,
            link: self.sync.link(),
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
        match delivery {
            Delivery::Fault(fault) => {
                if let Some(id) = envelope {
                    self.outbox.postpone(id);
                }
                self.sync.failed(fault, now, dice);
                self.session.delivery(envelope, false, now.moment);
                if self.link_up != Some(false) {
                    self.outputs.push_back(Output::Log(Event::LinkDown(fault)));
                }
                self.link_up = Some(false);
            }
            Delivery::Answer(page) => {
                let more = page.news.more && !self.news_trouble;
                self.sync.answered(more, page.news.now, now.moment, dice);
                if self.link_up != Some(true) {
                    self.outputs.push_back(Output::Log(Event::LinkUp));
                }
                self.link_up = Some(true);
                self.settle(envelope, *page, now);
            }
        }
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
        if matches!(page.verdict, Verdict::Refused(_)) {
            self.outputs.push_back(Output::Log(Event::Refused));
        }
        self.session
            .delivery(envelope, page.verdict == Verdict::Acknowledged, now.moment);
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
        if self.outbox.wants_loading() && !self.loading {
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
