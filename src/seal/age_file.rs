//! Binary age files for X25519 recipients.
//!
//! Recipients are shuffled, so that the place of a stanza says nothing about whom it is for.

use std::fmt;
use std::io::{Read, Write};

use zeroize::Zeroizing;

use super::random::{RandomUnavailable, random_array};
use super::x25519::{Identity, Recipient};

/// Why something could not be sealed or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgeError {
    /// age refused to seal.
    Seal,
    /// Not for this identity.
    NotForUs,
    /// Not a whole age file.
    Broken,
    /// No randomness.
    Random,
}

impl fmt::Display for AgeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Seal => "the content could not be sealed",
            Self::NotForUs => "it is not sealed to this key",
            Self::Broken => "the sealed bytes are damaged",
            Self::Random => "the operating system gives no randomness yet",
        })
    }
}

impl std::error::Error for AgeError {}

impl From<RandomUnavailable> for AgeError {
    fn from(_: RandomUnavailable) -> Self {
        Self::Random
    }
}

/// Seals `plain` to every recipient. A recipient that anybody could open for is refused.
pub fn encrypt(plain: &[u8], recipients: &[Recipient]) -> Result<Vec<u8>, AgeError> {
    // age panics on these, and a slip from the network chooses its inbox recipient.
    if recipients.iter().any(|recipient| recipient.is_weak()) {
        return Err(AgeError::Seal);
    }
    let mut order: Vec<Recipient> = recipients.to_vec();
    shuffle(&mut order)?;
    let keys: Vec<age::x25519::Recipient> = order.into_iter().map(Recipient::to_age).collect();
    let recipients = keys.iter().map(|key| key as &dyn age::Recipient);
    let encryptor = age::Encryptor::with_recipients(recipients).map_err(|_| AgeError::Seal)?;
    let mut sealed = Vec::new();
    let mut writer = encryptor.wrap_output(&mut sealed).map_err(|_| AgeError::Seal)?;
    writer.write_all(plain).map_err(|_| AgeError::Seal)?;
    writer.finish().map_err(|_| AgeError::Seal)?;
    Ok(sealed)
}

/// Opens an age file of at most `most` bytes of plaintext.
pub fn decrypt(sealed: &[u8], identity: &Identity, most: usize) -> Result<Zeroizing<Vec<u8>>, AgeError> {
    let decryptor = age::Decryptor::new(sealed).map_err(|_| AgeError::Broken)?;
    let identity = identity.to_age();
    let reader = decryptor
        .decrypt(std::iter::once(&identity as &dyn age::Identity))
        .map_err(|why| match why {
            age::DecryptError::NoMatchingKeys => AgeError::NotForUs,
            _ => AgeError::Broken,
        })?;
    // Room for everything from the start: a growing vector would leave copies of the words behind.
    let mut plain = Zeroizing::new(Vec::with_capacity(most + 1));
    let limit = u64::try_from(most).map_or(u64::MAX, |most| most + 1);
    reader
        .take(limit)
        .read_to_end(&mut plain)
        .map_err(|_| AgeError::Broken)?;
    if plain.len() > most {
        Err(AgeError::Broken)
    } else {
        Ok(plain)
    }
}

/// Fisher–Yates with a random 64-bit draw each: at four recipients the bias is below 2⁻⁶⁰.
fn shuffle(recipients: &mut [Recipient]) -> Result<(), RandomUnavailable> {
    for last in (1..recipients.len()).rev() {
        let draw = u64::from_be_bytes(random_array()?);
        let bound = u64::try_from(last + 1).unwrap_or(1);
        let at = usize::try_from(draw % bound).unwrap_or(0);
        recipients.swap(last, at);
    }
    Ok(())
}
