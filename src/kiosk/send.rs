//! One pass over the outbox without a screen: every queued envelope once, and a heartbeat for the news.
//!
//! `heard-kiosk send`, and the end of a demonstration. Stops at the first fault of the link: the others would meet it too.

use super::clock::Clock;
use super::courier::Courier;
use super::enrol::INTAKE;
use super::error::KioskError;
use super::worker::Worker;
use crate::id::EnvelopeId;
use crate::machine::{Delivery, Input, LinkFault};
use crate::pinned::{Patience, RELEASED};
use crate::wire::{AnswerPage, Verdict};

/// Heartbeats that one pass follows up news with, at most.
const NEWS_PAGES_MOST: usize = 512;

/// What a pass did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pass {
    /// Acknowledged and erased here.
    pub delivered: usize,
    /// Refused, signed: kept, and never sent again.
    pub refused: usize,
    /// Still queued.
    pub left: usize,
    /// Why the pass stopped early.
    pub fault: Option<LinkFault>,
}

/// The way to the intake that this kiosk was enrolled with, or the configured one.
pub(super) fn courier_of(worker: &Worker, configured: Option<&str>, patience: Patience) -> Result<Courier, KioskError> {
    let kept = worker
        .store()
        .setting(INTAKE)
        .and_then(|bytes| String::from_utf8(bytes).ok());
    let intake = configured.map(str::to_owned).or(kept);
    let intake = intake.ok_or_else(|| KioskError::Input("this kiosk knows no intake: enrol it first".into()))?;
    let not_before = worker.store().last_acknowledged().unwrap_or(RELEASED);
    Ok(Courier::new(
        &intake,
        &worker.in_use().anchor.authority,
        not_before,
        patience,
    )?)
}

/// Sends everything that is queued, once.
pub fn send_pass(worker: &mut Worker, courier: &Courier, mut clock: Clock) -> Result<Pass, KioskError> {
    let mut pass = Pass::default();
    for id in worker.queue() {
        let Some(parcel) = worker.parcel(id) else { continue };
        match courier.exchange(&parcel) {
            Delivery::Answer(page) => {
                clock.heard(page.news.now);
                take_answer(worker, id, &page, &mut pass);
            }
            Delivery::Fault(fault) => {
                pass.fault = Some(fault);
                break;
            }
        }
    }
    if pass.fault.is_none() {
        pass.fault = fetch_news(worker, courier, clock)?;
    }
    pass.left = worker.queue().len();
    worker.store_mut().checkpoint()?;
    Ok(pass)
}

fn take_answer(worker: &mut Worker, id: EnvelopeId, page: &AnswerPage, pass: &mut Pass) {
    worker.heard_from_intake(page.news.now);
    let (settled, count) = match page.verdict {
        Verdict::Acknowledged => (worker.settle(id, &page.proof), &mut pass.delivered),
        Verdict::Refused(_) => (worker.refuse(id), &mut pass.refused),
    };
    // What could not be written down happens again with the next pass.
    if matches!(settled, Input::Settled { durable: true, .. }) {
        *count += 1;
    }
    worker.take_news(&page.news);
}

/// Heartbeats until there is no more news. Gives the fault that ended it early.
fn fetch_news(worker: &mut Worker, courier: &Courier, mut clock: Clock) -> Result<Option<LinkFault>, KioskError> {
    for _ in 0..NEWS_PAGES_MOST {
        let heartbeat = worker.heartbeat(clock.now().clock, 0);
        let heartbeat =
            heartbeat.map_err(|_| KioskError::Later("a heartbeat could not be sealed: try again".into()))?;
        match courier.exchange(&worker.unqueued_parcel(&heartbeat)) {
            Delivery::Fault(fault) => return Ok(Some(fault)),
            Delivery::Answer(page) => {
                clock.heard(page.news.now);
                if matches!(page.verdict, Verdict::Refused(_)) {
                    worker.note_set_aside();
                }
                worker.heard_from_intake(page.news.now);
                let taken = worker.take_news(&page.news);
                // What could not be kept would only be sent again.
                if !page.news.more || !matches!(taken, Input::NewsTaken { durable: true }) {
                    return Ok(None);
                }
            }
        }
    }
    Ok(None)
}
