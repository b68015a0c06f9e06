//! A kiosk introduces itself: a token's secret is spent once, in the same transaction that makes the kiosk known.

use std::sync::Arc;

use ed25519_dalek::VerifyingKey;
use sha2::{Digest, Sha256};

use super::ledger::kiosk_id;
use super::record::Record;
use super::store::Work;
use crate::id::KioskId;
use crate::time::Timestamp;

const DOMAIN: &[u8] = b"heard token v1";

/// A kiosk is known from now on.
pub(crate) struct Enrolled {
    pub(crate) kiosk: KioskId,
    pub(crate) bundle: Arc<Vec<u8>>,
    pub(crate) now: Timestamp,
}

/// Why it is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotEnrolled {
    /// The token is unknown or was spent by another kiosk.
    Token,
    /// Not a usable public key.
    Key,
    /// There is no bundle to give.
    NoBundle,
}

/// What is kept of a token's secret.
pub(crate) fn token_digest(secret: &[u8; 16]) -> [u8; 32] {
    Sha256::digest([DOMAIN, secret].concat()).into()
}

/// Spends a token. The same kiosk may ask again with the same token: its first answer may have been lost.
pub(crate) fn enrol(work: &mut Work<'_>, secret: &[u8; 16], public_key: [u8; 32]) -> Result<Enrolled, NotEnrolled> {
    let token = token_digest(secret);
    let kiosk = kiosk_id(&public_key);
    let again = work.ledger.spent.get(&token) == Some(&kiosk);
    if !again && !work.ledger.tokens.contains(&token) {
        return Err(NotEnrolled::Token);
    }
    let usable = VerifyingKey::from_bytes(&public_key).is_ok_and(|key| !key.is_weak());
    if !usable {
        return Err(NotEnrolled::Key);
    }
    let bundle = work.bundle.ok_or(NotEnrolled::NoBundle)?.bytes.clone();
    if !again {
        work.record(Record::Kiosk {
            public_key,
            token,
            enrolled: work.now,
        });
        tracing::info!(%kiosk, "enrolled");
    }
    Ok(Enrolled {
        kiosk,
        bundle,
        now: work.now,
    })
}
