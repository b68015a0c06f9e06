//! What is known of one kiosk: its key, when it was last heard, and the clock readings that bound its next report's Send.

use std::collections::{BTreeMap, VecDeque};

use ed25519_dalek::VerifyingKey;

use crate::time::{ClockReading, Confidence, Timestamp};
use crate::wire::v1::{Health, NewsCursor};

/// Boots of which the tightest contact is remembered.
const BOOTS_MOST: usize = 64;
/// Latest contacts that are remembered.
const CONTACTS_MOST: usize = 128;

/// One enrolled kiosk.
pub(crate) struct Kiosk {
    pub(crate) key: VerifyingKey,
    pub(crate) enrolled: Timestamp,
    /// When something of it last arrived.
    pub(crate) last_contact: Option<Timestamp>,
    /// What it last said of itself.
    pub(crate) health: Health,
    /// The furthest it ever had read the news.
    pub(crate) news: NewsCursor,
    /// For each boot the contact that says most about when that boot was.
    tightest: BTreeMap<u32, (ClockReading, Timestamp)>,
    latest: VecDeque<(ClockReading, Timestamp)>,
}

impl Kiosk {
    pub(crate) const fn new(key: VerifyingKey, enrolled: Timestamp) -> Self {
        Self {
            key,
            enrolled,
            last_contact: None,
            health: Health {
                faults: 0,
                free_megabytes: 0,
                exports: 0,
                imports: 0,
            },
            news: NewsCursor {
                notes: 0,
                bundle_sequence: 0,
                pending_sequence: 0,
                pending_bytes: 0,
            },
            tightest: BTreeMap::new(),
            latest: VecDeque::new(),
        }
    }

    /// Notes that something arrived, whether its slip opened or not.
    pub(crate) fn heard(&mut self, arrival: Timestamp) {
        self.last_contact = self.last_contact.max(Some(arrival));
    }

    /// Notes a reading.
    pub(crate) fn contact(&mut self, reading: ClockReading, arrival: Timestamp) {
        let start = |(reading, arrival): (ClockReading, Timestamp)| {
            arrival.after_seconds(-i64::from(reading.since_boot_seconds))
        };
        let known = self.tightest.entry(reading.boot).or_insert((reading, arrival));
        if start((reading, arrival)) < start(*known) {
            *known = (reading, arrival);
        }
        if self.tightest.len() > BOOTS_MOST {
            self.tightest.pop_first();
        }
        if self.latest.len() == CONTACTS_MOST {
            self.latest.pop_front();
        }
        self.latest.push_back((reading, arrival));
    }

    /// Every remembered reading with its arrival; the enrolment counts as boot 0.
    pub(crate) fn contacts(&self) -> Vec<(ClockReading, Timestamp)> {
        let enrolment = ClockReading {
            wall: self.enrolled,
            confidence: Confidence::Unknown,
            boot: 0,
            since_boot_seconds: 0,
        };
        let known = self.tightest.values().chain(&self.latest).copied();
        std::iter::once((enrolment, self.enrolled)).chain(known).collect()
    }
}
