//! Who a desk request is from: a nonce that is good once, and a signature by one member of staff.
//!
//! Whatever is wrong, the answer is the same: not known here.

use std::collections::BTreeMap;

use ed25519_dalek::{Signature, VerifyingKey};

use super::record::StaffMember;
use super::store::Work;
use crate::time::Timestamp;

/// Seconds that a nonce is good for.
const NONCE_SECONDS: i64 = 60;
/// Nonces kept at a time; the oldest goes first.
const NONCES_MOST: usize = 4_096;

/// Nonces that were given out and not used.
#[derive(Default)]
pub(crate) struct Nonces {
    given: BTreeMap<[u8; 16], Timestamp>,
}

impl Nonces {
    fn give(&mut self, nonce: [u8; 16], now: Timestamp) {
        self.given.retain(|_, given| is_fresh(*given, now));
        if self.given.len() >= NONCES_MOST
            && let Some(oldest) = self
                .given
                .iter()
                .min_by_key(|(_, given)| **given)
                .map(|(nonce, _)| *nonce)
        {
            self.given.remove(&oldest);
        }
        self.given.insert(nonce, now);
    }

    fn take(&mut self, nonce: &[u8; 16], now: Timestamp) -> bool {
        self.given.remove(nonce).is_some_and(|given| is_fresh(given, now))
    }
}

/// A clock that was set back makes nonces of the future; they are not fresh either.
fn is_fresh(given: Timestamp, now: Timestamp) -> bool {
    (given..=given.after_seconds(NONCE_SECONDS)).contains(&now)
}

/// A desk request's proof, read from its headers.
pub(crate) struct Proof {
    pub(crate) key: [u8; 32],
    pub(crate) nonce: [u8; 16],
    pub(crate) signature: [u8; 64],
    /// What was signed.
    pub(crate) signed: Vec<u8>,
}

/// A nonce for one request, to whoever names a key of the staff list: nobody else can push theirs out.
pub(crate) fn nonce(work: &mut Work<'_>, key: &[u8; 32]) -> Option<[u8; 16]> {
    work.ledger.staff.iter().find(|person| person.key == *key)?;
    let nonce = work.random();
    work.nonces.give(nonce, work.now);
    Some(nonce)
}

/// The member of staff who signed; the nonce is used up either way.
pub(crate) fn who(work: &mut Work<'_>, proof: &Proof) -> Option<StaffMember> {
    let fresh = work.nonces.take(&proof.nonce, work.now);
    let person = work.ledger.staff.iter().find(|person| person.key == proof.key)?;
    let key = VerifyingKey::from_bytes(&person.key).ok()?;
    let signed = key
        .verify_strict(&proof.signed, &Signature::from_bytes(&proof.signature))
        .is_ok();
    (fresh && signed).then(|| person.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_is_good_once_for_a_minute_and_their_number_is_bounded() {
        let mut nonces = Nonces::default();
        let start = Timestamp(1_000);
        nonces.give([1; 16], start);
        assert!(nonces.take(&[1; 16], start.after_seconds(NONCE_SECONDS)));
        assert!(!nonces.take(&[1; 16], start));
        nonces.give([2; 16], start);
        assert!(!nonces.take(&[2; 16], start.after_seconds(NONCE_SECONDS + 1)));
        nonces.give([3; 16], start);
        assert!(!nonces.take(&[3; 16], start.after_seconds(-1)));
        for number in 0..NONCES_MOST + 10 {
            let mut nonce = [0; 16];
            nonce[..8].copy_from_slice(&u64::try_from(number).unwrap().to_be_bytes());
            nonces.give(nonce, start);
        }
        assert_eq!(nonces.given.len(), NONCES_MOST);
    }
}
