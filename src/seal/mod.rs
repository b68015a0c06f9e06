//! Sealing and opening: age files, keys derived from a reference code, envelopes, status notes.
//!
//! The only module that draws randomness for cryptography and the only one that uses age. Nothing here does IO: bytes in,
//! bytes out. It refuses to keep keys (callers do) and to know where an envelope goes next.

mod age_file;
mod envelope;
mod mailbox_keys;
mod note;
mod opening;
mod random;
mod x25519;

pub use age_file::{AgeError, decrypt, encrypt};
pub use envelope::{Destination, SealError, SealingKeys, seal};
pub use mailbox_keys::{DeriveError, MailboxKeys, derive};
pub use note::{NoteError, open_note, seal_note};
pub use opening::{OpenError, OpenedPart, OpenedSlip, open_report_part, open_routing_part};
pub use random::{RandomUnavailable, random_array, random_bytes};
pub use x25519::{Identity, KeyTextError, Recipient};
