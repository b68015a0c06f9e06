//! The kiosk thread and its neighbours: wait for an Input or the deadline, handle, drain, pass work on.
//!
//! The machine's only caller. The kiosk thread does no IO and never blocks on a neighbour: what the store thread cannot
//! take yet waits here. The store thread seals and stores; the courier thread has one exchange at a time. All channels are
//! bounded; a front that floods its channel gets a counted miss and nothing else stops.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::clock::Clock;
use super::courier::{Courier, Parcel};
use super::worker::Worker;
use crate::id::EnvelopeId;
use crate::limits::CHANNEL_MOST;
use crate::machine::{
    Delivery, Event, Fault, Faults, FileRequest, HealthFacts, Input, Kiosk, KioskFacts, LinkFault, Output, Press,
    SiteRules, View,
};
use crate::mailbox::ReferenceCode;
use crate::seal::random_array;
use crate::time::{ClockReading, Timestamp};
use crate::wire::{News, PROOF_BYTES, Verdict};

/// Without any deadline the loop still looks round this often.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// What reaches the kiosk thread.
#[derive(Debug)]
enum Message {
    Input(Box<Input>),
    Stop,
}

/// What the store thread is asked for.
#[derive(Debug)]
enum Work {
    LoadOutbox,
    Derive(u32, ReferenceCode),
    File(Box<FileRequest>),
    Deliver(EnvelopeId),
    Heartbeat(ClockReading, u32),
    /// When the intake said something, and whether it refused what it was sent.
    Heard(Timestamp, bool),
    Settle(EnvelopeId, Box<[u8; PROOF_BYTES]>),
    Refuse(EnvelopeId),
    TakeNews(Box<News>),
    ReadNotes(u32, ReferenceCode),
}

impl Work {
    /// Whether it begins something, so that it is left out once the kiosk stops. The rest is finished first: a report is
    /// kept, and what the intake owns is erased.
    const fn begins(&self) -> bool {
        !matches!(
            self,
            Self::File(_) | Self::Heard(..) | Self::Settle(..) | Self::Refuse(_) | Self::TakeNews(_)
        )
    }
}

/// A running kiosk without its front.
#[derive(Debug)]
pub struct Running {
    inputs: SyncSender<Message>,
    kiosk: JoinHandle<()>,
    store: JoinHandle<Worker>,
}

impl Running {
    /// Hands a press over. `false` when the channel was full: the press is lost and the person presses again.
    pub fn press(&self, press: Press) -> bool {
        self.inputs
            .try_send(Message::Input(Box::new(Input::Press(press))))
            .is_ok()
    }

    /// Stops in order: nothing new, then what is under way, then the store. Gives the worker back. An exchange with the
    /// intake is not waited for, it may take minutes: its envelope is still here and goes again.
    pub fn stop(self) -> Option<Worker> {
        let _ = self.inputs.send(Message::Stop);
        let _ = self.kiosk.join();
        self.store.join().ok()
    }
}

/// Starts the threads. `show` is called on the kiosk thread with every change of the screen and must not block.
pub fn start(
    worker: Worker,
    courier: Option<Courier>,
    clock: Clock,
    show: impl FnMut(Box<View>) + Send + 'static,
) -> Running {
    start_beating(worker, courier, clock, None, show)
}

/// The same with heartbeats at least every so many milliseconds; none: every 15 minutes.
pub fn start_beating(
    worker: Worker,
    courier: Option<Courier>,
    clock: Clock,
    heartbeat_ms: Option<u64>,
    show: impl FnMut(Box<View>) + Send + 'static,
) -> Running {
    let facts = KioskFacts {
        form: std::sync::Arc::clone(&worker.in_use().form),
        last_contact: worker.store().last_acknowledged(),
        faults: faults(&worker),
        rules: rules(&worker),
    };
    let told = facts.faults;
    let (inputs, received) = sync_channel(CHANNEL_MOST);
    let (work, works) = sync_channel(CHANNEL_MOST);
    let parcels = courier.map(|courier| {
        let (parcels, received) = sync_channel(1);
        let answers = inputs.clone();
        spawn("heard-courier", move || carry(&courier, &received, &answers));
        parcels
    });
    let answers = inputs.clone();
    let store = spawn("heard-store", move || {
        store_thread(worker, &works, parcels.as_ref(), &answers)
    });
    let kiosk = spawn("heard-kiosk", move || {
        let mut kiosk = Kiosk::new(facts, clock.now());
        if let Some(pace) = heartbeat_ms {
            kiosk.beat_every(pace);
        }
        kiosk_thread(kiosk, told, clock, &received, &work, show);
    });
    Running { inputs, kiosk, store }
}

fn spawn<T: Send + 'static>(name: &str, run: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
    thread::Builder::new()
        .name(name.into())
        .spawn(run)
        .expect("a thread can be started when the kiosk starts")
}

fn kiosk_thread(
    mut kiosk: Kiosk,
    mut told: Faults,
    mut clock: Clock,
    received: &Receiver<Message>,
    work: &SyncSender<Work>,
    mut show: impl FnMut(Box<View>),
) {
    let mut is_random = true;
    let mut waiting = VecDeque::new();
    loop {
        while let Some(output) = kiosk.poll_output() {
            perform(output, &mut waiting, &mut show);
        }
        pass_on(&mut waiting, work);
        let now = clock.now().moment;
        let wait = kiosk
            .deadline()
            .map_or(LONGEST_WAIT, |at| Duration::from_millis(at.since_ms(now)));
        // Work that the store thread could not take is offered again soon.
        let wait = if waiting.is_empty() {
            wait
        } else {
            wait.min(Duration::from_millis(20))
        };
        let input = match received.recv_timeout(wait.min(LONGEST_WAIT)) {
            Ok(Message::Input(input)) => *input,
            Err(RecvTimeoutError::Timeout) => Input::Tick,
            Ok(Message::Stop) | Err(RecvTimeoutError::Disconnected) => return,
        };
        match &input {
            // The intake's clock, for every answer; before what the answer itself asks for.
            Input::Delivered {
                delivery: Delivery::Answer(page),
                ..
            } => {
                clock.heard(page.news.now);
                let is_refused = matches!(page.verdict, Verdict::Refused(_));
                waiting.push_back(Work::Heard(page.news.now, is_refused));
            }
            Input::Health(facts) => told = facts.faults,
            _ => {}
        }
        let drawn = random_array();
        if drawn.is_ok() != is_random {
            is_random = drawn.is_ok();
            let faults = told.set(Fault::Random, !is_random);
            kiosk.handle(Input::Health(HealthFacts { faults }), clock.now(), [0; 32]);
        }
        match (drawn, &input) {
            (Ok(random), _) => kiosk.handle(input, clock.now(), random),
            // Zeros would be a code that anybody can guess: without randomness nobody begins anything.
            (Err(_), Input::Press(_)) => {}
            // What answers an Output must be heard all the same; sealing draws its own randomness and refuses.
            (Err(_), _) => kiosk.handle(input, clock.now(), [0; 32]),
        }
    }
}

fn perform(output: Output, waiting: &mut VecDeque<Work>, show: &mut impl FnMut(Box<View>)) {
    let work = match output {
        Output::Show(view) => return show(view),
        Output::Log(event) => return log(event),
        Output::LoadOutbox => Work::LoadOutbox,
        Output::Derive { session, code } => Work::Derive(session, code),
        Output::File(request) => Work::File(request),
        Output::Deliver(id) => Work::Deliver(id),
        Output::Heartbeat { clock, faults } => Work::Heartbeat(clock, faults),
        Output::Settle { envelope, proof } => Work::Settle(envelope, proof),
        Output::Refuse(id) => Work::Refuse(id),
        Output::TakeNews(news) => Work::TakeNews(news),
        Output::ReadNotes { session, code } => Work::ReadNotes(session, code),
    };
    waiting.push_back(work);
}

fn pass_on(waiting: &mut VecDeque<Work>, work: &SyncSender<Work>) {
    while let Some(next) = waiting.pop_front() {
        match work.try_send(next) {
            Ok(()) => {}
            Err(TrySendError::Full(next)) => return waiting.push_front(next),
            Err(TrySendError::Disconnected(_)) => return,
        }
    }
}

fn store_thread(
    mut worker: Worker,
    works: &Receiver<Work>,
    parcels: Option<&SyncSender<Parcel>>,
    answers: &SyncSender<Message>,
) -> Worker {
    let tell = |input| answers.send(Message::Input(Box::new(input))).is_ok();
    let mut told = faults(&worker);
    let mut is_heard = true;
    let mut bundle = worker.in_use().bundle.sequence;
    let mut exports = worker.store().fillers().exports_beside();
    worker.look_after_store();
    while let Ok(work) = works.recv() {
        if !is_heard && work.begins() {
            continue;
        }
        let (filed, beat) = (matches!(work, Work::File(_)), matches!(work, Work::Heartbeat(..)));
        if let Some(input) = do_work(&mut worker, work, parcels) {
            is_heard &= tell(input);
        }
        // A kiosk that is closed files nothing: a heartbeat then looks whether the failed copy works again.
        let tidies = filed || (beat && faults(&worker).has(Fault::OneCopy));
        if tidies && worker.store_mut().checkpoint().is_err() {
            tracing::warn!("the store could not be tidied; it is tried again");
        }
        // An export beside us has left fillers, which go the way of the reports.
        if beat && worker.store().fillers().exports_beside() != exports {
            exports = worker.store().fillers().exports_beside();
            is_heard &= tell(worker.outbox());
        }
        if worker.in_use().bundle.sequence != bundle {
            bundle = worker.in_use().bundle.sequence;
            let form = std::sync::Arc::clone(&worker.in_use().form);
            is_heard &= tell(Input::NewBundle {
                form,
                rules: rules(&worker),
            });
        }
        let faults = faults(&worker);
        if faults != told {
            told = faults;
            is_heard &= tell(Input::Health(HealthFacts { faults }));
        }
    }
    worker
}

fn do_work(worker: &mut Worker, work: Work, parcels: Option<&SyncSender<Parcel>>) -> Option<Input> {
    let failed = |envelope, fault| {
        Some(Input::Delivered {
            envelope,
            delivery: Delivery::Fault(fault),
        })
    };
    match work {
        Work::LoadOutbox => Some(worker.outbox()),
        Work::Derive(session, code) => Some(worker.derive(session, &code)),
        Work::File(request) => Some(worker.file(&request)),
        Work::Deliver(id) => match (parcels, worker.parcel(id)) {
            (None, _) => failed(Some(id), LinkFault::NoCourier),
            (_, None) => failed(Some(id), LinkFault::StoreUnreadable),
            (Some(parcels), Some(parcel)) => hand_over(parcels, parcel),
        },
        Work::Heartbeat(clock, faults) => {
            let Some(parcels) = parcels else {
                return failed(None, LinkFault::NoCourier);
            };
            match worker.heartbeat(clock, faults) {
                Ok(envelope) => hand_over(parcels, worker.unqueued_parcel(&envelope)),
                Err(_) => failed(None, LinkFault::StoreUnreadable),
            }
        }
        Work::Heard(at, is_refused) => {
            worker.heard_from_intake(at);
            if is_refused {
                worker.note_set_aside();
            }
            None
        }
        Work::Settle(id, proof) => Some(worker.settle(id, &proof)),
        Work::Refuse(id) => Some(worker.refuse(id)),
        Work::TakeNews(news) => Some(worker.take_news(&news)),
        Work::ReadNotes(session, code) => Some(worker.read_notes(session, &code)),
    }
}

fn hand_over(parcels: &SyncSender<Parcel>, parcel: Parcel) -> Option<Input> {
    let queued = parcel.queued;
    // One exchange at a time: the machine asks for the next only after this one was answered.
    let refused = parcels.send(parcel).is_err();
    refused.then_some(Input::Delivered {
        envelope: queued,
        delivery: Delivery::Fault(LinkFault::NoCourier),
    })
}

fn carry(courier: &Courier, parcels: &Receiver<Parcel>, answers: &SyncSender<Message>) {
    while let Ok(parcel) = parcels.recv() {
        let delivery = courier.exchange(&parcel);
        let input = Input::Delivered {
            envelope: parcel.queued,
            delivery,
        };
        if answers.send(Message::Input(Box::new(input))).is_err() {
            return;
        }
    }
}

/// What the bundle in use says about this site.
fn rules(worker: &Worker) -> SiteRules {
    let site = &worker.in_use().site;
    SiteRules {
        bundle_sequence: worker.in_use().bundle.sequence,
        hidden_ms: u64::from(site.hide_minutes) * 60_000,
        hours_promised: site.promise.hours_may_be_promised(),
    }
}

/// What is wrong with this kiosk, as far as the store knows.
fn faults(worker: &Worker) -> Faults {
    let capacity = worker.store().capacity();
    Faults::default()
        .set(Fault::OutboxFull, capacity.envelopes_left == 0)
        .set(Fault::OneCopy, !capacity.database_works || !capacity.spool_works)
        .set(Fault::Disk, !capacity.room && capacity.envelopes_left > 0)
        .set(Fault::SetAside, worker.is_something_set_aside())
}

fn log(event: Event) {
    match event {
        Event::LinkUp => tracing::info!("the intake answers"),
        // A command that works without a courier has no link to miss.
        Event::LinkDown(LinkFault::NoCourier) => {}
        Event::LinkDown(fault) => tracing::warn!(?fault, "the intake does not answer"),
        Event::InService => tracing::info!("in service"),
        Event::OutOfService(code) => tracing::warn!(code, "out of service"),
        Event::BundleComplete => tracing::info!("a newer bundle is complete"),
        Event::StoreTrouble => tracing::warn!("the store could not write something down"),
        Event::Refused => tracing::warn!("the intake refused an envelope"),
    }
}
