//! The queue as the machine sees it: at most 64 ids at a time; the store is the truth.
//!
//! Order-free: ids are digests and say nothing about time. An envelope that failed goes to the end, so that one that
//! never gets through cannot hold up the others. Only a verified acknowledgement takes one out.

use heapless::Deque;

use crate::id::EnvelopeId;
use crate::limits::OUTBOX_WINDOW;

/// A window on the queue.
#[derive(Debug, Default)]
pub struct Outbox {
    window: Deque<EnvelopeId, OUTBOX_WINDOW>,
    /// All queued envelopes, as the store said last, less those settled since.
    queued: usize,
}

impl Outbox {
    /// Takes over what the store says is queued.
    pub fn load(&mut self, ids: &[EnvelopeId], queued: usize) {
        self.window.clear();
        for id in ids.iter().take(OUTBOX_WINDOW) {
            let _ = self.window.push_back(*id);
        }
        self.queued = queued;
    }

    /// An envelope was filed just now: it goes first, somebody is waiting for it.
    pub fn filed(&mut self, id: EnvelopeId) {
        if self.window.iter().any(|known| *known == id) {
            return;
        }
        if self.window.is_full() {
            self.window.pop_back();
        }
        let _ = self.window.push_front(id);
        self.queued = self.queued.saturating_add(1);
    }

    /// The next one to send.
    pub fn next(&self) -> Option<EnvelopeId> {
        self.window.front().copied()
    }

    /// The delivery failed: others first.
    pub fn postpone(&mut self, id: EnvelopeId) {
        if self.take_out(id) {
            let _ = self.window.push_back(id);
        }
    }

    /// Acknowledged or refused: nothing more to send.
    pub fn settled(&mut self, id: EnvelopeId) {
        if self.take_out(id) {
            self.queued = self.queued.saturating_sub(1);
        }
    }

    /// It could not be read from the store: out of the way until the store says again what is queued.
    pub fn set_aside(&mut self, id: EnvelopeId) {
        self.take_out(id);
    }

    /// The store could not write down that one is settled: it is still queued there.
    pub fn unsettled(&mut self) {
        self.queued = self.queued.saturating_add(1);
    }

    /// Whether the store holds queued envelopes that the window does not.
    pub fn wants_loading(&self) -> bool {
        self.window.is_empty() && self.queued > 0
    }

    /// All queued envelopes, as far as known.
    pub const fn queued(&self) -> usize {
        self.queued
    }

    fn take_out(&mut self, id: EnvelopeId) -> bool {
        let before = self.window.len();
        for _ in 0..before {
            if let Some(known) = self.window.pop_front()
                && known != id
            {
                let _ = self.window.push_back(known);
            }
        }
        self.window.len() < before
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stuck_envelope_does_not_hold_up_the_others() {
        let ids: alloc::vec::Vec<EnvelopeId> = (0..100).map(|n| EnvelopeId([n; 32])).collect();
        let mut outbox = Outbox::default();
        outbox.load(&ids[..70], 70);
        assert_eq!(outbox.next(), Some(ids[0]));
        outbox.postpone(ids[0]);
        assert_eq!(outbox.next(), Some(ids[1]));
        outbox.filed(ids[90]);
        assert_eq!((outbox.next(), outbox.queued()), (Some(ids[90]), 71));
        outbox.filed(ids[90]);
        assert_eq!(outbox.queued(), 71, "filing twice is one");
        while let Some(id) = outbox.next() {
            outbox.settled(id);
        }
        assert!(outbox.wants_loading());
        assert_eq!(outbox.queued(), 7, "the store still has what the window could not hold");
    }
}
