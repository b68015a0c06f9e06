//! Randomness from the operating system, for keys, ids and padding.

use std::fmt;

/// The operating system gave no randomness: nothing may be sealed now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RandomUnavailable;

impl fmt::Display for RandomUnavailable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the operating system gives no randomness yet: try again in a minute")
    }
}

impl std::error::Error for RandomUnavailable {}

/// `N` random bytes.
#[expect(clippy::disallowed_methods, reason = "this file owns randomness")]
pub fn random_array<const N: usize>() -> Result<[u8; N], RandomUnavailable> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| RandomUnavailable)?;
    Ok(bytes)
}

/// `length` random bytes.
#[expect(clippy::disallowed_methods, reason = "this file owns randomness")]
pub fn random_bytes(length: usize) -> Result<Vec<u8>, RandomUnavailable> {
    let mut bytes = vec![0; length];
    getrandom::fill(&mut bytes).map_err(|_| RandomUnavailable)?;
    Ok(bytes)
}
