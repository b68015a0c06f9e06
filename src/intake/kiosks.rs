//! What is known of one kiosk: its key, when it was last heard, and the clock readings that bound its next report's Send.

use ed25519_dalek::VerifyingKey;

use crate::case::ClockHistory;
use crate::time::Timestamp;
use crate::wire::v1::{Health, NewsCursor};

/// One enrolled kiosk.
pub(crate) struct Kiosk {
    pub(crate) key: VerifyingKey,
    pub(crate) enrolled: Timestamp,
    /// When something of it last arrived.
    pub(crate) last_contact: Option<Timestamp>,
    /// What it last said of itself.
    pub(crate) health: Health,
    /// Of the slip that said it: an older one, carried by hand, may come later.
    last_counter: u32,
    /// The furthest it ever had read the news.
    pub(crate) news: NewsCursor,
    /// What its clock readings say.
    pub(crate) clocks: ClockHistory,
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
            last_counter: 0,
            news: NewsCursor {
                notes: 0,
                bundle_sequence: 0,
                pending_sequence: 0,
                pending_bytes: 0,
            },
            clocks: ClockHistory::new(enrolled),
        }
    }

    /// Takes what a slip says of the kiosk, unless a newer slip was here before.
    pub(crate) fn feels(&mut self, health: Health, counter: u32) {
        if counter >= self.last_counter {
            self.health = health;
            self.last_counter = counter;
        }
    }

    /// Notes that something arrived, whether its slip opened or not.
    pub(crate) fn heard(&mut self, arrival: Timestamp) {
        self.last_contact = self.last_contact.max(Some(arrival));
    }
}
