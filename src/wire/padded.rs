//! postcard in a fixed number of bytes: the value first, zeros to the end, and nothing but zeros accepted there.

use alloc::vec::Vec;
use core::fmt;
use serde::{Serialize, de::DeserializeOwned};

/// Why padded bytes are not a value, or a value does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaddingError {
    /// The value needs more than the fixed size.
    TooLarge,
    /// The bytes are not the value's encoding.
    Undecodable,
    /// Something other than zeros follows the value.
    NotPadding,
}

impl fmt::Display for PaddingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLarge => "the content is larger than its fixed size",
            Self::Undecodable => "the content cannot be read",
            Self::NotPadding => "the content is followed by something that is not padding",
        })
    }
}

impl core::error::Error for PaddingError {}

/// Encodes `value` and fills up to exactly `bytes` with zeros.
pub fn to_padded<T: Serialize>(value: &T, bytes: usize) -> Result<Vec<u8>, PaddingError> {
    // Straight into the fixed size: a growing vector would leave copies of the words behind.
    let mut padded = alloc::vec![0; bytes];
    if postcard::to_slice(value, &mut padded).is_err() {
        zeroize::Zeroize::zeroize(&mut padded);
        return Err(PaddingError::TooLarge);
    }
    Ok(padded)
}

/// Decodes a value and requires zeros after it.
pub fn from_padded<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, PaddingError> {
    let (value, rest) = postcard::take_from_bytes(bytes).map_err(|_| PaddingError::Undecodable)?;
    if rest.iter().any(|byte| *byte != 0) {
        return Err(PaddingError::NotPadding);
    }
    Ok(value)
}
