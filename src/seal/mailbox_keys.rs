//! From a reference code to the keys of its mailbox.
//!
//! Argon2id over the 16 digits with the deployment's salt and cost (RFC 9106), then HKDF-SHA256 (RFC 5869) for the tag
//! and the identities. Derived when the promise page is accepted, off the critical path: about 0.12 s and 64 MiB.

use std::fmt;

use argon2::{Algorithm, Argon2, Block, Params, Version};
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

use super::x25519::{Identity, Recipient};
use crate::id::Tag;
use crate::mailbox::ReferenceCode;
use crate::wire::Cost;

/// Everything that a reference code opens.
#[derive(Debug, Clone)]
pub struct MailboxKeys {
    /// Where it leads at the intake.
    pub tag: Tag,
    /// The reporter reads status notes with it.
    pub inbox: Identity,
    /// The team reads additions with it; travels inside the report part.
    pub reply: Identity,
    /// Diary entries that are kept sealed until the reporter says so.
    pub kept: Identity,
}

impl MailboxKeys {
    /// Where status notes are sealed to.
    pub fn inbox_recipient(&self) -> Recipient {
        self.inbox.recipient()
    }

    /// Where additions are sealed to.
    pub fn reply_recipient(&self) -> Recipient {
        self.reply.recipient()
    }
}

/// The keys could not be derived: memory was short, or the cost is not possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeriveError;

impl fmt::Display for DeriveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("there is not enough memory to work with a reference code just now")
    }
}

impl std::error::Error for DeriveError {}

/// Derives the keys. Takes as long for a wrong code as for a right one.
pub fn derive(code: &ReferenceCode, salt: &[u8; 16], cost: Cost) -> Result<MailboxKeys, DeriveError> {
    let params = Params::new(cost.memory_kib, cost.passes, 1, Some(32)).map_err(|_| DeriveError)?;
    let mut blocks: Vec<Block> = Vec::new();
    blocks
        .try_reserve_exact(params.block_count())
        .map_err(|_| DeriveError)?;
    blocks.resize(params.block_count(), Block::default());
    let mut root = Zeroizing::new([0; 32]);
    let digits = Zeroizing::new(code.ascii());
    let stretched = Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password_into_with_memory(
        &digits[..],
        salt,
        &mut root[..],
        &mut blocks,
    );
    // The last blocks are enough to work the keys out again.
    blocks.iter_mut().for_each(Zeroize::zeroize);
    stretched.map_err(|_| DeriveError)?;
    let keys = Hkdf::<Sha256>::new(None, &root[..]);
    Ok(MailboxKeys {
        tag: Tag(*expand(&keys, "heard tag v1")?),
        inbox: Identity::from_bytes(*expand(&keys, "heard inbox v1")?),
        reply: Identity::from_bytes(*expand(&keys, "heard reply v1")?),
        kept: Identity::from_bytes(*expand(&keys, "heard kept v1")?),
    })
}

fn expand<const N: usize>(keys: &Hkdf<Sha256>, purpose: &str) -> Result<Zeroizing<[u8; N]>, DeriveError> {
    let mut bytes = Zeroizing::new([0; N]);
    keys.expand(purpose.as_bytes(), &mut bytes[..])
        .map_err(|_| DeriveError)?;
    Ok(bytes)
}
