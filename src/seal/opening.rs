//! Opening the two parts: the slip at the intake, the report part at the desk.

use std::fmt;

use sha2::{Digest, Sha256};

use super::age_file::{AgeError, decrypt};
use super::x25519::Identity;
use crate::limits::{REPORT_PLAIN_BYTES, ROUTING_PLAIN_BYTES};
use crate::wire::from_padded;
use crate::wire::v1::{Content, ReportPart, RoutingSlip};

/// Why a part did not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenError {
    /// Not sealed to this key.
    NotForUs,
    /// Damaged, or not what this version writes.
    Broken,
    /// The report part does not belong to the slip that came with it.
    Mismatch,
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotForUs => "it is not sealed to this key: ask the team whose case it is",
            Self::Broken => "the sealed bytes are damaged, or a newer program wrote them",
            Self::Mismatch => {
                "the report does not belong to the slip that it came with: tell the person who runs the intake"
            }
        })
    }
}

impl std::error::Error for OpenError {}

impl From<AgeError> for OpenError {
    fn from(why: AgeError) -> Self {
        match why {
            AgeError::NotForUs => Self::NotForUs,
            _ => Self::Broken,
        }
    }
}

/// A routing slip and the digest that binds it to its report part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedSlip {
    /// The slip.
    pub slip: RoutingSlip,
    /// SHA-256 of its padded plaintext.
    pub digest: [u8; 32],
}

/// What a report part says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedPart {
    /// SHA-256 of the slip that it was sealed with.
    pub routing_digest: [u8; 32],
    /// What it says.
    pub content: Content,
}

/// Opens a routing part with the router's identity.
pub fn open_routing_part(sealed: &[u8], identity: &Identity) -> Result<OpenedSlip, OpenError> {
    let plain = decrypt(sealed, identity, ROUTING_PLAIN_BYTES)?;
    let slip = from_padded(&plain).map_err(|_| OpenError::Broken)?;
    Ok(OpenedSlip {
        slip,
        digest: Sha256::digest(&plain[..]).into(),
    })
}

/// Opens a report part with a team's, an escrow's or a reply identity. `routing_digest` is what the intake says of the
/// slip that came with it; `None` when the slip did not open there.
pub fn open_report_part(
    sealed: &[u8],
    identity: &Identity,
    routing_digest: Option<[u8; 32]>,
) -> Result<OpenedPart, OpenError> {
    let plain = decrypt(sealed, identity, REPORT_PLAIN_BYTES)?;
    let part: ReportPart = from_padded(&plain).map_err(|_| OpenError::Broken)?;
    if routing_digest.is_some_and(|digest| digest != part.routing_digest) {
        return Err(OpenError::Mismatch);
    }
    Ok(OpenedPart {
        routing_digest: part.routing_digest,
        content: part.content,
    })
}
