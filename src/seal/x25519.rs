//! X25519 recipients and identities as 32 bytes, with age's own text forms (`age1…`, `AGE-SECRET-KEY-1…`).
//!
//! Keys travel as bytes in bundles and slips and as text in files that the standard `age` tool reads as well.

use std::fmt;
use std::str::FromStr;

use bech32::{Bech32, Hrp};
use zeroize::Zeroizing;

use super::random::{RandomUnavailable, random_array};

const RECIPIENT_PREFIX: &str = "age";
const IDENTITY_PREFIX: &str = "age-secret-key-";
/// The points of small order on Curve25519 and its twist, with their encodings at and above the prime.
const WEAK: [[u8; 32]; 7] = [
    [
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    ],
    [
        0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    ],
    [
        0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda, 0x09,
        0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00,
    ],
    [
        0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1, 0x55, 0x9c, 0x83, 0xef, 0x5b, 0x04, 0x44,
        0x5c, 0xc4, 0x58, 0x1c, 0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57,
    ],
    [
        0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f,
    ],
    [
        0xed, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f,
    ],
    [
        0xee, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f,
    ],
];

/// Text that is not an age key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyTextError;

impl fmt::Display for KeyTextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an age key: a recipient starts with age1, an identity with AGE-SECRET-KEY-1")
    }
}

impl std::error::Error for KeyTextError {}

/// Whom something is sealed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Recipient(pub [u8; 32]);

impl Recipient {
    /// Reads `age1…`.
    pub fn parse(text: &str) -> Result<Self, KeyTextError> {
        // age itself decides what is a recipient; bech32 only gives the bytes.
        age::x25519::Recipient::from_str(text.trim()).map_err(|_| KeyTextError)?;
        let (_, bytes) = bech32::decode(text.trim()).map_err(|_| KeyTextError)?;
        bytes.try_into().map(Self).map_err(|_| KeyTextError)
    }

    /// `age1…`
    pub fn text(&self) -> String {
        let prefix = Hrp::parse(RECIPIENT_PREFIX).expect("a fixed, valid prefix");
        bech32::encode::<Bech32>(prefix, &self.0).expect("32 bytes are within bech32's length")
    }

    /// Whether it is one of the points of small order: every exchange with them gives zero, so that no secret is shared.
    pub fn is_weak(self) -> bool {
        let mut point = self.0;
        // X25519 passes over the highest bit (RFC 7748, section 5).
        point[31] &= 0x7f;
        WEAK.contains(&point)
    }

    pub(super) fn to_age(self) -> age::x25519::Recipient {
        age::x25519::Recipient::from_str(&self.text()).expect("any 32 bytes are an X25519 recipient")
    }
}

/// Who opens it. Debug hides it; the memory is wiped.
#[derive(Clone)]
pub struct Identity(Zeroizing<[u8; 32]>);

impl Identity {
    /// A new random identity.
    pub fn generate() -> Result<Self, RandomUnavailable> {
        Ok(Self(Zeroizing::new(random_array()?)))
    }

    /// Takes 32 secret bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The 32 secret bytes.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Reads `AGE-SECRET-KEY-1…`.
    pub fn parse(text: &str) -> Result<Self, KeyTextError> {
        age::x25519::Identity::from_str(text.trim()).map_err(|_| KeyTextError)?;
        let (_, bytes) = bech32::decode(text.trim()).map_err(|_| KeyTextError)?;
        let bytes = Zeroizing::new(bytes);
        let bytes: [u8; 32] = bytes.as_slice().try_into().map_err(|_| KeyTextError)?;
        Ok(Self::from_bytes(bytes))
    }

    /// `AGE-SECRET-KEY-1…`
    pub fn text(&self) -> Zeroizing<String> {
        let prefix = Hrp::parse(IDENTITY_PREFIX).expect("a fixed, valid prefix");
        let text = bech32::encode_upper::<Bech32>(prefix, &self.0[..]).expect("32 bytes are within bech32's length");
        Zeroizing::new(text)
    }

    /// Its public half.
    pub fn recipient(&self) -> Recipient {
        let text = self.to_age().to_public().to_string();
        Recipient::parse(&text).expect("age prints what it parses")
    }

    pub(super) fn to_age(&self) -> age::x25519::Identity {
        age::x25519::Identity::from_str(&self.text()).expect("any 32 bytes are an X25519 identity")
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity")
    }
}
