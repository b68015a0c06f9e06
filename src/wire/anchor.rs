//! The anchor: what never changes in a deployment, and what an enrolment token pins.
//!
//! `"HRDR"`, version 1, then postcard of root key, private CA, salt and cost. Made once by `heard-intake init`.

use alloc::vec::Vec;
use core::fmt;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::VERSION;
use crate::limits::ANCHOR_BYTES_MOST;

const MAGIC: &[u8; 4] = b"HRDR";

/// What a kiosk trusts for ever. Field order is wire order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anchor {
    /// Public key of the offline root that signs bundles.
    pub root: [u8; 32],
    /// The private certificate authority of the intake's TLS, DER.
    pub authority: Vec<u8>,
    /// Salt of every reference code of this deployment.
    pub salt: [u8; 16],
    /// Cost of deriving keys from a reference code.
    pub cost: Cost,
}

/// Argon2id cost. A value, so that tests can use a small one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
}

impl Cost {
    /// 64 MiB, three passes.
    pub const STANDARD: Self = Self {
        memory_kib: 65_536,
        passes: 3,
    };
    /// The least that a deployment may use; for demonstrations and tests.
    pub const LEAST: Self = Self {
        memory_kib: 64,
        passes: 1,
    };
    /// The most that a kiosk will spend (DESIGN 5: peak memory of that second at most 128 MB).
    pub const MOST: Self = Self {
        memory_kib: 114_688,
        passes: 16,
    };
}

/// Bytes that are not an anchor of version 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnchorError;

impl fmt::Display for AnchorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an anchor: fetch it again from the intake named when it was set up")
    }
}

impl core::error::Error for AnchorError {}

impl Anchor {
    /// The bytes that are stored, sent and digested.
    pub fn to_bytes(&self) -> Result<Vec<u8>, AnchorError> {
        let body = postcard::to_allocvec(self).map_err(|_| AnchorError)?;
        Ok([&MAGIC[..], &[VERSION], &body].concat())
    }

    /// Reads them back; nothing may follow.
    pub fn parse(bytes: &[u8]) -> Result<Self, AnchorError> {
        if bytes.len() > ANCHOR_BYTES_MOST {
            return Err(AnchorError);
        }
        let body = bytes
            .strip_prefix(MAGIC)
            .and_then(|rest| rest.strip_prefix(&[VERSION]))
            .ok_or(AnchorError)?;
        let (anchor, rest): (Self, _) = postcard::take_from_bytes(body).map_err(|_| AnchorError)?;
        let within = |value: u32, least: u32, most: u32| (least..=most).contains(&value);
        let sane = within(anchor.cost.memory_kib, Cost::LEAST.memory_kib, Cost::MOST.memory_kib)
            && within(anchor.cost.passes, Cost::LEAST.passes, Cost::MOST.passes);
        if rest.is_empty() && sane {
            Ok(anchor)
        } else {
            Err(AnchorError)
        }
    }

    /// The first 16 bytes of SHA-256 of the bytes: what a token carries.
    pub fn short_digest(bytes: &[u8]) -> [u8; 16] {
        let digest = Sha256::digest(bytes);
        let mut short = [0; 16];
        short.copy_from_slice(&digest[..16]);
        short
    }
}
