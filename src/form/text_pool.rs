//! One pool for all the words of an entry: an answer holds a range of it, and wiping it is one call.
//!
//! The pool is the running budget of a report: when it is full, the report is full.

use core::fmt;
use zeroize::Zeroize;

use super::answer::TextRange;
use crate::limits::TEXT_POOL_BYTES;

/// The words of one entry, back to back. Wiped when dropped; Debug prints its length only.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct TextPool(heapless::String<TEXT_POOL_BYTES>);

/// The pool has no room for the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolFull;

impl TextPool {
    /// Takes words that were packed before, for example from an opened report.
    pub fn from_packed(words: &str) -> Result<Self, PoolFull> {
        heapless::String::try_from(words).map(Self).map_err(|_| PoolFull)
    }

    /// Adds words at the end and says where they are.
    pub fn push(&mut self, words: &str) -> Result<TextRange, PoolFull> {
        let start = u16::try_from(self.0.len()).map_err(|_| PoolFull)?;
        let length = u16::try_from(words.len()).map_err(|_| PoolFull)?;
        self.0.push_str(words).map_err(|_| PoolFull)?;
        Ok(TextRange { start, length })
    }

    /// The words at `range`; `None` when the range is not inside the pool or cuts a letter.
    pub fn get(&self, range: TextRange) -> Option<&str> {
        let start = usize::from(range.start);
        self.0.get(start..start + usize::from(range.length))
    }

    /// Everything, back to back.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Bytes still free.
    pub fn room_bytes(&self) -> usize {
        TEXT_POOL_BYTES - self.0.len()
    }

    /// Forgets everything and overwrites the memory.
    pub fn wipe(&mut self) {
        self.0.zeroize();
    }
}

impl Drop for TextPool {
    fn drop(&mut self) {
        self.wipe();
    }
}

impl fmt::Debug for TextPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TextPool({} bytes)", self.0.len())
    }
}
