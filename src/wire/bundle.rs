//! The bundle: everything a landlord can change on a kiosk, numbered strictly upward and signed by the offline root.
//!
//! `"HRDB"`, version 1, postcard of [`Bundle`], then an ed25519 signature over `"heard bundle v1"` and all before it.
//! Keys have fields of their own; everything else is a named file (forms, site facts, pages), so that a new kind of
//! content needs no new version.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};

use super::VERSION;
use crate::form::Lane;
use crate::limits::{BUNDLE_BYTES_MOST, SIGNATURE_BYTES};
use crate::time::Timestamp;

const MAGIC: &[u8; 4] = b"HRDB";
const DOMAIN: &[u8] = b"heard bundle v1";

/// Keys, forms and facts. Field order is wire order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bundle {
    /// Strictly growing.
    pub sequence: u32,
    /// When it was signed.
    pub issued: Timestamp,
    /// Public key with which the intake signs acknowledgements and news.
    pub acknowledgement_key: [u8; 32],
    /// X25519 recipient of routing parts.
    pub router: [u8; 32],
    /// The router's offline escrow.
    pub router_escrow: [u8; 32],
    /// One entry for each lane.
    pub lanes: Vec<LaneKeys>,
    /// Forms (`forms/report.toml`), site facts (`site.toml`), everyday pages and whatever comes later.
    pub files: Vec<BundleFile>,
}

/// Who opens the reports of one lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaneKeys {
    /// The lane.
    pub lane: Lane,
    /// X25519 recipient of the team.
    pub team: [u8; 32],
    /// The team's offline escrow.
    pub escrow: [u8; 32],
}

/// A named file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleFile {
    /// For example `forms/report.toml`.
    pub path: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Why bytes are not a bundle to be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BundleError {
    /// Not a bundle of version 1, or too large, or cut.
    Malformed,
    /// Not signed by the root of this deployment.
    Signature,
    /// A lane has no keys, or has them twice.
    Lanes,
    /// The independent team shares a key with the lanes that it is independent of (SAFETY 26).
    NotIndependent,
}

impl fmt::Display for BundleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "not a whole bundle: sign it again with `heard-desk bundle sign`",
            Self::Signature => "the bundle is not signed by this deployment's root key",
            Self::Lanes => "the bundle must name a team and an escrow once for each lane",
            Self::NotIndependent => {
                "the independent team and its escrow must have keys of their own: make them with `heard-desk keygen`"
            }
        })
    }
}

impl core::error::Error for BundleError {}

impl Bundle {
    /// Encodes and signs.
    pub fn sign(&self, root: &SigningKey) -> Result<Vec<u8>, BundleError> {
        self.check_lanes()?;
        let body = postcard::to_allocvec(self).map_err(|_| BundleError::Malformed)?;
        let mut bytes = [&MAGIC[..], &[VERSION], &body].concat();
        let signature = root.sign(&[DOMAIN, &bytes].concat());
        bytes.extend_from_slice(&signature.to_bytes());
        if bytes.len() > BUNDLE_BYTES_MOST {
            Err(BundleError::Malformed)
        } else {
            Ok(bytes)
        }
    }

    /// Verifies and reads. Nothing of an unverified bundle is looked at.
    pub fn open(bytes: &[u8], root: &VerifyingKey) -> Result<Self, BundleError> {
        if bytes.len() > BUNDLE_BYTES_MOST {
            return Err(BundleError::Malformed);
        }
        let at = bytes.len().checked_sub(SIGNATURE_BYTES).ok_or(BundleError::Malformed)?;
        let (signed, tail) = bytes.split_at(at);
        let body = signed
            .strip_prefix(MAGIC)
            .and_then(|rest| rest.strip_prefix(&[VERSION]));
        let body = body.ok_or(BundleError::Malformed)?;
        let mut signature = [0; SIGNATURE_BYTES];
        signature.copy_from_slice(tail);
        root.verify_strict(&[DOMAIN, signed].concat(), &Signature::from_bytes(&signature))
            .map_err(|_| BundleError::Signature)?;
        let (bundle, rest): (Self, _) = postcard::take_from_bytes(body).map_err(|_| BundleError::Malformed)?;
        if !rest.is_empty() {
            return Err(BundleError::Malformed);
        }
        bundle.check_lanes()?;
        Ok(bundle)
    }

    /// The keys of a lane. `open` and `sign` have made sure that there are some.
    pub fn lane(&self, lane: Lane) -> Option<&LaneKeys> {
        self.lanes.iter().find(|keys| keys.lane == lane)
    }

    /// A file by its path.
    pub fn file(&self, path: &str) -> Option<&[u8]> {
        self.files
            .iter()
            .find(|file| file.path == path)
            .map(|file| &file.bytes[..])
    }

    fn check_lanes(&self) -> Result<(), BundleError> {
        let once = |lane| self.lanes.iter().filter(|keys| keys.lane == lane).count() == 1;
        if !Lane::ALL.into_iter().all(once) {
            return Err(BundleError::Lanes);
        }
        let keys_of = |lane| self.lane(lane).map_or([[0; 32]; 2], |keys| [keys.team, keys.escrow]);
        let [team, escrow] = keys_of(Lane::Conduct);
        let others = [
            keys_of(Lane::Hate),
            keys_of(Lane::AntiSocialBehaviour),
            [self.router, self.router_escrow],
        ];
        // A key in two places would let a person whom a report names open it, and nobody would notice.
        if others.as_flattened().iter().any(|key| *key == team || *key == escrow) {
            Err(BundleError::NotIndependent)
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_independent_team_shares_no_key_with_those_it_may_have_to_look_into() {
        let root = SigningKey::from_bytes(&[7; 32]);
        let bundle = |change: &dyn Fn(&mut Bundle)| {
            let lanes = Lane::ALL.into_iter().zip((2..).step_by(2));
            let mut bundle = Bundle {
                sequence: 1,
                issued: Timestamp(0),
                acknowledgement_key: [0; 32],
                router: [100; 32],
                router_escrow: [101; 32],
                lanes: lanes
                    .map(|(lane, at)| LaneKeys {
                        lane,
                        team: [at; 32],
                        escrow: [at + 1; 32],
                    })
                    .collect(),
                files: Vec::new(),
            };
            change(&mut bundle);
            bundle.sign(&root).map(|_| ())
        };
        // Lanes stand in wire order: anti-social behaviour, hate, complaint, conduct.
        assert_eq!(bundle(&|_| {}), Ok(()));
        assert_eq!(bundle(&|bundle| bundle.lanes[0].team = bundle.lanes[1].team), Ok(()));
        assert_eq!(bundle(&|bundle| bundle.lanes[2].team = bundle.lanes[3].team), Ok(()));
        let shared: [&dyn Fn(&mut Bundle); 5] = [
            &|bundle| bundle.lanes[3].team = bundle.lanes[1].team,
            &|bundle| bundle.lanes[3].team = bundle.lanes[0].escrow,
            &|bundle| bundle.lanes[3].escrow = bundle.lanes[1].escrow,
            &|bundle| bundle.lanes[3].escrow = bundle.router_escrow,
            &|bundle| bundle.lanes[1].team = bundle.lanes[3].escrow,
        ];
        for change in shared {
            assert_eq!(bundle(change), Err(BundleError::NotIndependent));
        }
        assert_eq!(bundle(&|bundle| bundle.lanes.truncate(3)), Err(BundleError::Lanes));
        assert_eq!(
            bundle(&|bundle| bundle.lanes[2].lane = Lane::Hate),
            Err(BundleError::Lanes)
        );
    }
}
