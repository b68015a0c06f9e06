//! Bytes: what travels between kiosk, intake and desk, and how each piece is verified.
//!
//! Version 1 is frozen by goldens: a `v1` struct is never edited, a `v2` is added; enum order is wire order. Everything
//! here is pure: keys and randomness are arguments. It refuses to encrypt or decrypt (that is `seal`) and to do IO.

mod acknowledgement;
mod age_shape;
mod anchor;
pub mod api;
mod bundle;
mod coding;
mod envelope;
mod padded;
mod token;
pub mod v1;

pub use acknowledgement::{
    AnswerPage, News, PROOF_BYTES, PageError, RefusalCode, StatusNoteBytes, Verdict, build_page, read_page,
};
pub use age_shape::{AgeShapeError, check_age_shape};
pub use anchor::{Anchor, AnchorError, Cost};
pub use bundle::{Bundle, BundleError, BundleFile, LaneKeys};
pub use coding::{code_report, decode_report};
pub use envelope::{Envelope, EnvelopeHeader, Malformed, assemble, claimed_kiosk, envelope_id, is_signed};
pub use padded::{PaddingError, from_padded, to_padded};
pub use token::{Token, TokenError};

/// The only version of every format so far.
pub const VERSION: u8 = 1;
/// The only suite so far: age with X25519, ed25519, SHA-256.
pub const SUITE: u8 = 1;
