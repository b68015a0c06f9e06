//! When to speak with the intake, what an answer means, and how long the link has been silent.
//!
//! One exchange at a time. A filed report goes at once; otherwise a heartbeat at least every 15 minutes, so that silence
//! means a broken link and never "nobody reported". A kiosk makes no other request.

use super::backoff::Backoff;
use super::input::{LinkFault, Now};
use super::outbox::Outbox;
use crate::id::EnvelopeId;
use crate::time::{Moment, Timestamp};

/// Milliseconds between heartbeats while the link is good.
const HEARTBEAT_MS: u64 = 900_000;
/// After this long without an answer the link counts as silent, in milliseconds: 2 hours (SAFETY 10).
const SILENT_MS: u64 = 7_200_000;

/// What is known of the link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LinkState {
    /// When the last verified answer came, on the intake's clock.
    pub last_contact: Option<Timestamp>,
    /// The same on the monotonic clock; none before the first answer of this run.
    pub last_contact_moment: Option<Moment>,
    /// When this run began.
    pub started: Moment,
}

impl LinkState {
    /// Whether the link has been silent for two hours, or since this run began and nothing was ever heard.
    pub fn is_silent(&self, now: Moment) -> bool {
        match self.last_contact_moment {
            Some(heard) => now.since_ms(heard) >= SILENT_MS,
            None => true,
        }
    }
}

/// What to do now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Errand {
    Deliver(EnvelopeId),
    Heartbeat,
}

/// The rhythm of speaking.
#[derive(Debug, Default)]
pub struct Sync {
    /// The exchange that is under way.
    in_flight: Option<Errand>,
    /// A report was filed since that one began: its failure is not held against the report.
    hurried: bool,
    /// The store could not keep the last news: asking for more at once would bring the same.
    news_lost: bool,
    /// Not before this.
    next: Moment,
    /// A heartbeat is due at this moment even if nothing is queued.
    heartbeat: Moment,
    backoff: Backoff,
    link: LinkState,
    /// Milliseconds between heartbeats, at most.
    pace_ms: u64,
}

impl Sync {
    /// Begins; what was known of the link before a restart comes along as a wall time only.
    pub fn new(started: Moment, last_contact: Option<Timestamp>) -> Self {
        let link = LinkState {
            last_contact,
            last_contact_moment: None,
            started,
        };
        Self {
            next: started,
            heartbeat: started,
            link,
            pace_ms: HEARTBEAT_MS,
            ..Self::default()
        }
    }

    /// Heartbeats at least so often; the first after the next answer.
    pub(super) fn beat_every(&mut self, milliseconds: u64) {
        self.pace_ms = milliseconds.max(2);
    }

    /// What is known of the link.
    pub const fn link(&self) -> LinkState {
        self.link
    }

    /// A report was filed: somebody is waiting for the acknowledgement.
    pub(super) fn hurry(&mut self, now: Moment) {
        self.next = self.next.min(now);
        self.hurried = self.in_flight.is_some();
    }

    /// The next exchange, if one is due; it counts as under way from here on.
    pub(super) fn errand(&mut self, outbox: &Outbox, now: Moment) -> Option<Errand> {
        if self.in_flight.is_some() || now < self.next {
            return None;
        }
        let errand = match outbox.next() {
            Some(id) => Errand::Deliver(id),
            None if now >= self.heartbeat => Errand::Heartbeat,
            None => return None,
        };
        self.in_flight = Some(errand);
        self.hurried = false;
        Some(errand)
    }

    /// Ends the exchange that carried `envelope` (none: a heartbeat). Returns whether it was the one under way; the answer
    /// to any other is stale.
    pub(super) fn ends(&mut self, envelope: Option<EnvelopeId>) -> bool {
        let carried = self.in_flight.map(|errand| match errand {
            Errand::Deliver(id) => Some(id),
            Errand::Heartbeat => None,
        });
        let was_it = carried == Some(envelope);
        if was_it {
            self.in_flight = None;
        }
        was_it
    }

    /// Whether the store could keep the news.
    pub(super) const fn news_kept(&mut self, durable: bool) {
        self.news_lost = !durable;
    }

    /// A verified answer came.
    pub(super) fn answered(&mut self, more: bool, intake_clock: Timestamp, now: Moment, random: u64) {
        self.backoff.reset();
        self.next = now;
        self.link.last_contact = Some(intake_clock);
        self.link.last_contact_moment = Some(now);
        let half = self.pace_ms / 2;
        let rest = half + random % half;
        self.heartbeat = if more && !self.news_lost {
            now
        } else {
            now.after_ms(rest)
        };
    }

    /// No verified answer came.
    pub(super) fn failed(&mut self, fault: LinkFault, now: Now, random: u64) {
        if self.hurried {
            self.backoff.reset();
        }
        let wait = match fault {
            LinkFault::Busy { retry_after_seconds } => self.backoff.after_fault_ms(random, retry_after_seconds),
            LinkFault::NotKnown | LinkFault::PortalPage | LinkFault::AnswerNotBelieved | LinkFault::NoCourier
                if !self.hurried =>
            {
                Backoff::after_stranger_ms(random)
            }
            _ => self.backoff.after_fault_ms(random, 0),
        };
        self.hurried = false;
        self.next = now.moment.after_ms(wait);
        self.heartbeat = self.heartbeat.max(self.next);
    }

    /// When an exchange may be due next.
    pub(super) fn deadline(&self, outbox: &Outbox) -> Option<Moment> {
        if self.in_flight.is_some() {
            return None;
        }
        Some(if outbox.next().is_some() {
            self.next
        } else {
            self.next.max(self.heartbeat)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{ClockReading, Confidence};

    fn now(at: u64) -> Now {
        Now {
            moment: Moment(at),
            clock: ClockReading {
                wall: Timestamp(0),
                confidence: Confidence::Unknown,
                boot: 1,
                since_boot_seconds: 0,
            },
        }
    }

    #[test]
    fn a_report_does_not_pay_for_an_exchange_that_began_before_it() {
        for is_filed in [false, true] {
            let mut sync = Sync::new(Moment(0), None);
            let mut outbox = Outbox::default();
            let mut at = 0;
            for _ in 0..20 {
                assert!(sync.errand(&outbox, Moment(at)).is_some());
                assert!(sync.ends(None) && !sync.ends(None), "one answer each");
                sync.failed(LinkFault::PortalPage, now(at), u64::MAX);
                at = sync.deadline(&outbox).unwrap().0;
            }
            assert_eq!(sync.errand(&outbox, Moment(at)), Some(Errand::Heartbeat));
            if is_filed {
                outbox.filed(EnvelopeId([1; 32]));
                sync.hurry(Moment(at));
            }
            assert!(!sync.ends(Some(EnvelopeId([1; 32]))), "that one is not under way");
            assert!(sync.ends(None));
            sync.failed(LinkFault::PortalPage, now(at), u64::MAX);
            let wait = sync.deadline(&outbox).unwrap().since_ms(Moment(at));
            assert_eq!(wait <= 5_000, is_filed, "{wait}");
        }
    }

    #[test]
    fn heartbeats_keep_the_pace() {
        for (pace, most) in [(None, HEARTBEAT_MS), (Some(4_000), 4_000), (Some(0), 2)] {
            for random in [0, 1_999, u64::MAX] {
                let mut sync = Sync::new(Moment(0), None);
                if let Some(pace) = pace {
                    sync.beat_every(pace);
                }
                sync.answered(false, Timestamp(0), Moment(10), random);
                let rest = sync.deadline(&Outbox::default()).unwrap().since_ms(Moment(10));
                assert!((most / 2..=most).contains(&rest), "{pace:?} {rest}");
            }
        }
    }

    #[test]
    fn news_that_cannot_be_kept_is_not_asked_for_at_once_again() {
        let mut sync = Sync::new(Moment(0), None);
        let outbox = Outbox::default();
        for (kept, at_once) in [(true, true), (false, false), (true, true)] {
            sync.news_kept(kept);
            sync.answered(true, Timestamp(0), Moment(10), 0);
            assert_eq!(sync.deadline(&outbox) == Some(Moment(10)), at_once);
        }
    }
}
