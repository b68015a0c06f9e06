//! The intake and the link to it: commits before it acknowledges, says the same for a repeat, and signs with a real key.
//! The link loses, delays, breaks and forges what the intake says; the courier's reading of a page is real as well.

use std::collections::BTreeMap;

use ed25519_dalek::SigningKey;
use heard::id::EnvelopeId;
use heard::limits::ENVELOPE_BYTES;
use heard::machine::{Delivery, LinkFault};
use heard::time::Timestamp;
use heard::wire::{News, RefusalCode, Verdict, build_page, read_page};

use crate::random_presses::Dice;

pub(crate) struct Intake {
    key: SigningKey,
    stranger: SigningKey,
    /// When it first had each envelope.
    pub(crate) committed: BTreeMap<EnvelopeId, Timestamp>,
    refused: Vec<EnvelopeId>,
    pub(crate) exchanges: usize,
    pub(crate) faults: usize,
}

impl Intake {
    pub(crate) fn new() -> Self {
        Self {
            key: SigningKey::from_bytes(&[1; 32]),
            stranger: SigningKey::from_bytes(&[2; 32]),
            committed: BTreeMap::new(),
            refused: Vec::new(),
            exchanges: 0,
            faults: 0,
        }
    }

    /// One exchange; what comes of it and after how many milliseconds. A heartbeat is not committed.
    pub(crate) fn exchange(
        &mut self,
        id: EnvelopeId,
        is_report: bool,
        now: Timestamp,
        dice: &mut Dice,
        is_faulty: bool,
    ) -> (Delivery, u64) {
        self.exchanges += 1;
        let fate = if is_faulty { dice.below(16) } else { usize::MAX };
        self.faults += usize::from(fate < 10);
        let fault = |fault| Delivery::Fault(fault);
        match fate {
            0 => (fault(LinkFault::NoNetwork), 0),
            1 => (fault(LinkFault::TimedOut), 30_000),
            2 => (fault(LinkFault::PortalPage), 100),
            3 => {
                let retry_after_seconds = [0, 30, u32::MAX][dice.below(3)];
                (fault(LinkFault::Busy { retry_after_seconds }), 100)
            }
            // Committed, and the answer is lost.
            4 => {
                self.page(id, is_report, now, dice);
                (fault(LinkFault::TimedOut), 30_000)
            }
            // Broken on the way.
            5 => {
                let mut page = self.page(id, is_report, now, dice);
                page[dice.below(ENVELOPE_BYTES)] ^= 1 << dice.below(8);
                (self.read(&page[..]), 100)
            }
            // Somebody who says that he is the intake, and commits nothing.
            6 => {
                let forged = build_page(id, Verdict::Acknowledged, now, &News::default(), &self.stranger);
                (self.read(&forged.unwrap()[..]), 100)
            }
            // A true page, for another envelope.
            7 => {
                let other = EnvelopeId([77; 32]);
                let page = build_page(other, Verdict::Acknowledged, now, &News::default(), &self.key);
                (self.read(&page.unwrap()[..]), 100)
            }
            8 if is_report && !self.committed.contains_key(&id) => {
                self.refused.push(id);
                let page = self.page(id, is_report, now, dice);
                (self.read(&page[..]), 100)
            }
            // Late.
            9 => {
                let page = self.page(id, is_report, now, dice);
                (self.read(&page[..]), 5_000 + dice.next() % 40_000)
            }
            _ => {
                let page = self.page(id, is_report, now, dice);
                (self.read(&page[..]), 100)
            }
        }
    }

    /// Commits, then signs; the same for a repeat, refusals as well.
    fn page(&mut self, id: EnvelopeId, is_report: bool, now: Timestamp, dice: &mut Dice) -> Box<[u8; ENVELOPE_BYTES]> {
        if self.refused.contains(&id) {
            let verdict = Verdict::Refused(RefusalCode::Shape);
            return build_page(id, verdict, now, &News::default(), &self.key).unwrap();
        }
        let first = if is_report {
            *self.committed.entry(id).or_insert(now)
        } else {
            now
        };
        let news = News {
            now,
            bundle_sequence: 1,
            bundle_bytes: 64,
            piece: vec![1; dice.below(2) * 64],
            ..News::default()
        };
        build_page(id, Verdict::Acknowledged, first, &news, &self.key).unwrap()
    }

    fn read(&self, page: &[u8]) -> Delivery {
        match read_page(page, &self.key.verifying_key()) {
            Ok(page) => Delivery::Answer(Box::new(page)),
            Err(_) => Delivery::Fault(LinkFault::AnswerNotBelieved),
        }
    }
}
